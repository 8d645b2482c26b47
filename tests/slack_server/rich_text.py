"""Checks of the `rich_text` block: sections, lists, quotes and preformatted text."""

from __future__ import annotations

from typing import Any, Final

from . import limits
from .report import Check, Report

Value = dict[str, Any]
STYLES: Final = (
    "bold",
    "italic",
    "strike",
    "code",
    "underline",
    "highlight",
    "client_highlight",
    "unlink",
)
# Required and optional keys of each inline element.
INLINE: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "text": (("text",), ("style",)),
    "link": (("url",), ("text", "unsafe", "style")),
    "user": (("user_id",), ("style",)),
    "usergroup": (("usergroup_id",), ("style",)),
    "channel": (("channel_id",), ("style",)),
    "broadcast": (("range",), ("style",)),
    "emoji": (("name",), ("unicode", "skin_tone", "style")),
    "date": (("timestamp", "format"), ("url", "fallback", "style")),
    "color": (("value",), ("style",)),
}


def inline(report: Report, value: Value, at: str) -> None:
    kind = value["type"]
    required, optional = INLINE[kind]
    report.keys(value, at, required, optional)
    for key in required:
        if key != "timestamp":
            report.string(value, key, at, limits.BLOCKS_JSON)
    if kind == "link":
        report.url(value, "url", at)
        report.string(value, "text", at, limits.BLOCKS_JSON)
    if kind == "broadcast":
        report.choice(value, "range", at, ("here", "channel", "everyone"))
    style = value.get("style")
    if style is not None and not isinstance(style, dict):
        report.add(f"{at}/style", "must provide an object")
    elif style is not None:
        report.keys(style, f"{at}/style", (), STYLES)


INLINE_CHECKS: Final[dict[str, Check]] = dict.fromkeys(INLINE, inline)


def flow(report: Report, value: Value, at: str) -> None:
    """A section, a quote or preformatted text: a run of inline elements."""
    optional = () if value["type"] == "rich_text_section" else ("border",)
    if value["type"] == "rich_text_preformatted":
        optional = (*optional, "language")
    report.keys(value, at, ("elements",), optional)
    report.number(value, "border", at, 0, 1)
    allowed = ("text", "link") if value["type"] == "rich_text_preformatted" else tuple(INLINE)
    for where, item in report.items(value, "elements", at, limits.BLOCKS_JSON, least=0):
        report.typed(item, where, INLINE_CHECKS, allowed)


def listing(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, ("style", "elements"), ("indent", "offset", "border"))
    report.choice(value, "style", at, ("bullet", "ordered"))
    report.number(value, "indent", at, 0, limits.LIST_INDENT)
    report.number(value, "offset", at, 0, limits.BLOCKS_JSON)
    report.number(value, "border", at, 0, 1)
    for where, item in report.items(value, "elements", at, limits.BLOCKS_JSON):
        report.typed(item, where, {"rich_text_section": flow}, ("rich_text_section",))


CHECKS: Final[dict[str, Check]] = {
    "rich_text_section": flow,
    "rich_text_quote": flow,
    "rich_text_preformatted": flow,
    "rich_text_list": listing,
}


def rich_text(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, ("elements",), ("block_id",))
    for where, item in report.items(value, "elements", at, limits.BLOCKS_JSON):
        report.typed(item, where, CHECKS, tuple(CHECKS))
