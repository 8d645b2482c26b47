"""What Slack would say about a message's blocks or about a view, before it is sent.

The three functions return problems; an empty list means that Slack would take the payload.
They need nothing of the server and serve property tests of code that builds blocks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from . import limits
from .blocks import check_block
from .report import Problem, Report

__all__ = ["Problem", "blocks_size", "validate_blocks", "validate_view"]


def validate_blocks(
    blocks: object,
    surface: str = "message",
    at: str = "/blocks",
    most: int | None = None,
) -> list[Problem]:
    """Problems of a list of blocks on a surface: `message`, `modal` or `home`.

    The total size of a message is a separate matter, because Slack answers
    `msg_blocks_too_long` to it and `invalid_blocks` to these: see `blocks_size`.

    >>> validate_blocks([{"type": "divider"}])
    []
    >>> [str(problem) for problem in validate_blocks([{"type": "marquee"}])]
    ['[ERROR] unsupported type: marquee [json-pointer:/blocks/0/type]']
    """
    report = Report(surface)
    _check_blocks(report, blocks, at, most)
    return report.problems


def _check_blocks(report: Report, blocks: object, at: str, most: int | None) -> None:
    if not isinstance(blocks, list):
        report.add(at, "must provide an array")
        return
    default = limits.MESSAGE_BLOCKS if report.surface == "message" else limits.VIEW_BLOCKS
    longest = default if most is None else most
    if len(blocks) > longest:
        report.add(at, f"no more than {longest} items allowed")
    for index, block in enumerate(blocks):
        check_block(report, block, f"{at}/{index}")
    if report.surface == "message":
        _check_totals(report, blocks, at)


def _check_totals(report: Report, blocks: list[Any], at: str) -> None:
    """Limits that count over the whole message."""
    flat = list(_flatten(blocks))
    texts = [block.get("text") for block in flat if block.get("type") == "markdown"]
    total = sum(len(text) for text in texts if isinstance(text, str))
    if total > limits.MARKDOWN_TOTAL and len(texts) > 1:
        report.add(at, f"markdown text must be less than {limits.MARKDOWN_TOTAL + 1} characters")
    if sum(block.get("type") == "table" for block in flat) > limits.TABLES_PER_MESSAGE:
        report.add(at, "only one table allowed")


def _flatten(blocks: list[Any]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        if isinstance(block, dict):
            yield block
            children = block.get("child_blocks")
            if isinstance(children, list):
                yield from _flatten(children)


def blocks_size(blocks: object) -> int:
    """The characters that count towards `limits.BLOCKS_JSON`: the compact JSON of the blocks.

    >>> blocks_size([{"type": "divider"}])
    20
    """
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def validate_view(view: object, at: str = "/view") -> list[Problem]:
    """Problems of a modal or a Home tab; its size in bytes is `view_too_large`, not one of these.

    >>> validate_view({"type": "home", "blocks": [{"type": "divider"}]})
    []
    """
    if not isinstance(view, dict):
        return [Problem(at, "must provide an object")]
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [Problem(f"{at}/type", f"unsupported type: {kind}")]
    report = Report(kind)
    titles = ("title",) if kind == "modal" else ()
    shared = ("private_metadata", "callback_id", "external_id")
    modal_only = ("submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")
    optional = (*shared, *modal_only) if kind == "modal" else shared
    report.keys(view, at, (*titles, "blocks"), optional)
    report.plain(view, "title", at, limits.VIEW_TITLE)
    report.plain(view, "submit", at, limits.VIEW_BUTTON)
    report.plain(view, "close", at, limits.VIEW_BUTTON)
    report.string(view, "private_metadata", at, limits.PRIVATE_METADATA, shortest=0)
    report.string(view, "callback_id", at, limits.IDENTIFIER, shortest=0)
    report.string(view, "external_id", at, limits.IDENTIFIER, shortest=0)
    if "blocks" in view:
        _check_blocks(report, view["blocks"], f"{at}/blocks", None)
        _check_submit(report, view, at)
    return report.problems


def _check_submit(report: Report, view: dict[str, Any], at: str) -> None:
    """A modal that asks for input needs a button that sends it."""
    found = view["blocks"] if isinstance(view["blocks"], list) else []
    asks = any(isinstance(block, dict) and block.get("type") == "input" for block in found)
    if asks and view["type"] == "modal" and view.get("submit") is None:
        report.add(at, "missing required field: submit")
