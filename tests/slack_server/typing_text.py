"""What a person types, as Slack stores it."""

from __future__ import annotations

import re
from html import unescape

from .records import Json
from .world import World

_KEPT = re.compile(r"<[@#!][^<>\s]+(?:\|[^<>]*)?>")
_NAMED = re.compile(r"(?<![\w@])([@#])([\w-]+)")
_URL = re.compile(r"https?://[^\s<>]+")


def typed(world: World, text: str) -> str:
    """mrkdwn of a typed text: `@name` and `#name` become mentions, addresses become links.

    Mentions that are already in Slack's form stay; every other `&`, `<` and `>` is escaped.
    """
    text = re.sub("[\ue000\ue001]", "", text)
    kept: list[str] = []

    def keep(shown: str) -> str:
        kept.append(shown)
        return f"\ue000{len(kept) - 1}\ue001"

    def named(match: re.Match[str]) -> str:
        sign, name = match[1], match[2]
        if sign == "@" and name in ("here", "channel", "everyone"):
            return keep(f"<!{name}>")
        if sign == "@":
            user = next((user for user in world.users.values() if user.name == name), None)
            return keep(f"<@{user.id}>") if user else match[0]
        channel = next((c for c in world.channels.values() if c.name == name), None)
        return keep(f"<#{channel.id}|{name}>") if channel else match[0]

    text = _KEPT.sub(lambda match: keep(match[0]), text)
    text = _URL.sub(lambda match: keep(f"<{match[0].replace('&', '&amp;')}>"), text)
    text = _NAMED.sub(named, text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub("\ue000([0-9]+)\ue001", lambda match: kept[int(match[1])], text)


def rich_blocks(text: str) -> list[Json]:
    """The `rich_text` block that comes with a person's message, from its mrkdwn.

    >>> rich_blocks("<@U1> a &lt; b")[0]["elements"][0]["elements"]
    [{'type': 'user', 'user_id': 'U1'}, {'type': 'text', 'text': ' a < b'}]
    """
    elements: list[Json] = []
    position = 0
    for match in re.finditer(r"<([^<>]+)>", text):
        if match.start() > position:
            elements.append({"type": "text", "text": unescape(text[position : match.start()])})
        elements.append(rich_element(match[1]))
        position = match.end()
    if position < len(text):
        elements.append({"type": "text", "text": unescape(text[position:])})
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": "typed", "elements": [section]}]


def rich_element(token: str) -> Json:
    """What stands between `<` and `>`, as an element of a `rich_text_section`."""
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    link = {"type": "link", "url": unescape(target)}
    return {**link, "text": unescape(label)} if label else link
