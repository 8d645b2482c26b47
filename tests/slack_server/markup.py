"""Reads mrkdwn, Markdown and blocks as Slack does: what is shown, linked and mentioned."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

Names = Callable[[str, str], str]
"""`names(kind, id)`: how a reader sees a mention, for instance `@anna` for (`user`, `U0000001`)."""

_TOKEN = re.compile(
    r"<(?P<sign>[@#!])(?P<target>[^<>|\s]+)(?:\|(?P<shown>[^<>]*))?>"
    r"|<(?P<url>(?:https?|mailto|tel|slack):[^<>|\s]+)(?:\|(?P<label>[^<>]*))?>"
)
_BARE_URL = re.compile(r"https?://[^\s<>|\"'`\ue000\ue001]+")
_PLACEHOLDER = re.compile("\ue000([0-9]+)\ue001")
_PRIVATE = re.compile("[\ue000\ue001]")
_CODE = re.compile(r"```(?:\n)?(.*?)```|`([^`\n]+)`", re.DOTALL)
_STYLED = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^*_~\n]+?|[^\n]+?)(?<=\S)\1(?![\w])")
_BROADCASTS = ("here", "channel", "everyone")


def plain_names(kind: str, target: str) -> str:
    """Mentions by their identifiers, for a reader with no directory at hand."""
    return ("#" if kind == "channel_link" else "@") + target


@dataclass(slots=True)
class Reading:
    """What Slack makes of a content.

    `lines` are what a reader sees, markup gone; `mentions` are (kind, target) in order; `links`
    are (label, url) in order, bare addresses with themselves as label; `buttons` are the texts of
    everything that can be pressed or chosen.
    """

    names: Names = plain_names
    lines: list[str] = field(default_factory=list)
    mentions: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Append shown text, one entry of `lines` for each line of it."""
        self.lines.extend(text.split("\n"))

    def token(self, match: re.Match[str]) -> str:
        """Record one `<…>` and return what a reader sees in its place."""
        if match["url"]:
            url = unescape(match["url"])
            label = unescape(match["label"] or "") or url
            self.links.append((label, url))
            return label
        sign, target = match["sign"], match["target"]
        if sign == "@":
            return self.mention("user", target)
        if sign == "#":
            return self.mention("channel_link", target)
        if target in _BROADCASTS:
            return self.mention(target, target)
        if target.startswith("subteam^"):
            return self.mention("usergroup", target.removeprefix("subteam^"))
        return unescape(match["shown"] or match[0])

    def mention(self, kind: str, target: str) -> str:
        self.mentions.append((kind, target))
        return f"@{kind}" if kind in _BROADCASTS else self.names(kind, target)

    def mrkdwn(self, text: str) -> str:
        """Shown form of mrkdwn.

        >>> reading = Reading()
        >>> reading.mrkdwn("*See* <https://example.org/a|the page>, <!here> &amp; `a*b*`")
        'See the page, @here & a*b*'
        >>> reading.links, reading.mentions
        ([('the page', 'https://example.org/a')], [('here', 'here')])
        """
        text = _PRIVATE.sub("", text)
        kept: list[str] = []

        def keep(shown: str) -> str:
            kept.append(shown)
            return f"\ue000{len(kept) - 1}\ue001"

        def code(match: re.Match[str]) -> str:
            inner = match[1] if match[1] is not None else match[2]
            return keep(unescape(_TOKEN.sub(self.token, inner)))

        text = _CODE.sub(code, text)
        text = _TOKEN.sub(lambda match: keep(self.token(match)), text)
        text = _BARE_URL.sub(lambda match: keep(self.bare(unescape(match[0]))), text)
        for _ in range(3):
            text = _STYLED.sub(r"\2", text)
        return _restore(unescape(text), kept)

    def bare(self, url: str) -> str:
        """An address with no markup: Slack links it, without the punctuation after it."""
        trimmed = url.rstrip(".,;:!?)*_~")
        self.links.append((trimmed, trimmed))
        return url

    def markdown(self, text: str) -> str:
        """Shown form of Markdown, in which Slack reads its own `<…>` too.

        >>> reading = Reading()
        >>> reading.markdown("**Yes**, see [here](https://example.org) <@U1> &lt;!here&gt;")
        'Yes, see here @U1 <!here>'
        >>> reading.links, reading.mentions
        ([('here', 'https://example.org')], [('user', 'U1')])
        """
        from .markdown import shown_markdown

        text = _PRIVATE.sub("", text)
        kept: list[str] = []

        def keep(match: re.Match[str]) -> str:
            kept.append(self.token(match))
            return f"\ue000{len(kept) - 1}\ue001"

        return _restore(shown_markdown(self, _TOKEN.sub(keep, text)), kept)

    def text_object(self, value: dict[str, Any]) -> str:
        shown = str(value.get("text", ""))
        return self.mrkdwn(shown) if value.get("type") == "mrkdwn" else shown


def _restore(text: str, kept: list[str]) -> str:
    """Put back what was set aside; it may hold what was set aside before it."""
    while _PLACEHOLDER.search(text):
        text = _PLACEHOLDER.sub(lambda match: kept[int(match[1])], text)
    return text
