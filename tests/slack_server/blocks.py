"""Checks of the Block Kit blocks, and where each may stand."""

from __future__ import annotations

from typing import Any, Final

from . import elements, limits
from .report import Check, Report
from .rich_text import rich_text

Value = dict[str, Any]


def section(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, (), ("text", "fields", "accessory", "block_id", "expand"))
    if value.get("text") is None and value.get("fields") is None:
        report.add(at, "must define either `text` or `fields`")
    report.text(value, "text", at, limits.SECTION_TEXT)
    for where, item in report.items(value, "fields", at, limits.SECTION_FIELDS):
        report.text_object(item, where, limits.SECTION_FIELD)
    if value.get("accessory") is not None:
        elements.check_element(report, value["accessory"], f"{at}/accessory", elements.IN_SECTION)


def header(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, ("text",), ("block_id", "level"))
    report.plain(value, "text", at, limits.HEADER_TEXT)


def context(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, ("elements",), ("block_id",))
    for where, item in report.objects(value, "elements", at, limits.CONTEXT_ELEMENTS):
        if item.get("type") == "image":
            elements.image(report, item, where)
        else:
            report.text_object(item, where, limits.TEXT)


def divider(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, (), ("block_id",))


def actions(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, ("elements",), ("block_id",))
    row(report, value, at, limits.ACTIONS_ELEMENTS, elements.IN_ACTIONS)


def context_actions(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, ("elements",), ("block_id",))
    row(report, value, at, limits.CONTEXT_ACTIONS_ELEMENTS, elements.IN_CONTEXT_ACTIONS)


def row(report: Report, value: Value, at: str, most: int, allowed: tuple[str, ...]) -> None:
    """Elements side by side: their action ids differ within the block."""
    seen: set[str] = set()
    for where, item in report.items(value, "elements", at, most):
        elements.check_element(report, item, where, allowed)
        action_id = item.get("action_id") if isinstance(item, dict) else None
        if isinstance(action_id, str):
            if action_id in seen:
                report.add(f"{where}/action_id", f"`action_id` {action_id} already exists")
            seen.add(action_id)


def image(report: Report, value: Value, at: str) -> None:
    inner = {key: item for key, item in value.items() if key not in ("title", "block_id")}
    elements.image(report, inner, at)
    report.plain(value, "title", at, limits.IMAGE_TITLE)


def markdown(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, ("text",), ("block_id",))
    report.string(value, "text", at, limits.MARKDOWN_TOTAL)


def input_block(report: Report, value: Value, at: str) -> None:
    report.keys(
        value, at, ("label", "element"), ("block_id", "hint", "optional", "dispatch_action")
    )
    report.plain(value, "label", at, limits.INPUT_LABEL)
    report.plain(value, "hint", at, limits.INPUT_HINT)
    report.flag(value, "optional", at)
    if value.get("element") is not None:
        elements.check_element(report, value["element"], f"{at}/element", elements.IN_INPUT)


def table(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, ("rows",), ("block_id", "column_settings"))
    for where, cells in report.items(value, "rows", at, limits.TABLE_ROWS):
        if not isinstance(cells, list):
            report.add(where, "must provide an array")
            continue
        if len(cells) > limits.TABLE_COLUMNS:
            report.add(where, f"no more than {limits.TABLE_COLUMNS} items allowed")
        for index, cell in enumerate(cells):
            table_cell(report, cell, f"{where}/{index}")
    for _ in report.items(value, "column_settings", at, limits.TABLE_COLUMNS, least=0):
        pass


def table_cell(report: Report, cell: object, at: str) -> None:
    if not isinstance(cell, dict):
        report.add(at, "must provide an object")
    elif cell.get("type") == "raw_text":
        report.keys(cell, at, ("text",), ())
        report.string(cell, "text", at, limits.TEXT, shortest=0)
    elif cell.get("type") == "rich_text":
        rich_text(report, cell, at)
    elif cell.get("type") != "raw_number":
        report.add(f"{at}/type", f"unsupported type: {cell.get('type')}")


def card(report: Report, value: Value, at: str) -> None:
    shown = ("hero_image", "title", "actions", "body")
    report.keys(value, at, (), (*shown, "icon", "subtitle", "subtext", "block_id"))
    if all(value.get(key) is None for key in shown):
        report.add(at, "must define one of hero_image, title, actions or body")
    report.text(value, "title", at, limits.CARD_TITLE)
    report.text(value, "subtitle", at, limits.CARD_TITLE)
    report.text(value, "body", at, limits.CARD_BODY)
    report.text(value, "subtext", at, limits.CARD_BODY)
    for where, item in report.items(value, "actions", at, limits.CARD_ACTIONS):
        elements.check_element(report, item, where, ("button",))


def carousel(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, ("elements",), ("block_id",))
    for where, item in report.items(value, "elements", at, limits.CAROUSEL_CARDS):
        report.typed(item, where, {"card": card}, ("card",))


def container(report: Report, value: Value, at: str) -> None:
    flags = ("is_collapsible", "default_collapsed", "has_header_divider")
    optional = ("title", "rich_text_title", "subtitle", "width", "icon", "block_id", *flags)
    report.keys(value, at, ("child_blocks",), optional)
    if value.get("title") is None and value.get("rich_text_title") is None:
        report.add(at, "must define either `title` or `rich_text_title`")
    report.plain(value, "title", at, limits.CONTAINER_TITLE)
    report.text(value, "subtitle", at, limits.CONTAINER_TITLE)
    report.choice(value, "width", at, ("narrow", "standard", "wide", "full"))
    for where, child in report.items(value, "child_blocks", at, limits.CONTAINER_BLOCKS):
        check_block(report, child, where)


def task_card(report: Report, value: Value, at: str) -> None:
    optional = ("details", "output", "sources", "status", "block_id")
    report.keys(value, at, ("task_id", "title"), optional)
    report.choice(value, "status", at, ("pending", "in_progress", "complete", "error"))
    report.string(value, "title", at, limits.TEXT)
    for key in ("details", "output"):
        if value.get(key) is not None:
            report.typed(value[key], f"{at}/{key}", {"rich_text": rich_text}, ("rich_text",))
    for where, source in report.objects(value, "sources", at, limits.SELECT_OPTIONS, least=0):
        report.keys(source, where, ("url", "text"), ())
        report.url(source, "url", where)
        report.string(source, "text", where, limits.TEXT)


def plan(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, ("title",), ("tasks", "block_id"))
    report.string(value, "title", at, limits.TEXT)
    for where, task in report.objects(value, "tasks", at, limits.PLAN_TASKS):
        task_card(report, task, where)


def alert(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, ("text",), ("level", "block_id"))
    report.text(value, "text", at, limits.ALERT_TEXT)
    report.choice(value, "level", at, ("default", "info", "warning", "error", "success"))


CHECKS: Final[dict[str, Check]] = {
    "actions": actions,
    "alert": alert,
    "card": card,
    "carousel": carousel,
    "container": container,
    "context": context,
    "context_actions": context_actions,
    "divider": divider,
    "header": header,
    "image": image,
    "input": input_block,
    "markdown": markdown,
    "plan": plan,
    "rich_text": rich_text,
    "section": section,
    "table": table,
    "task_card": task_card,
}
EVERYWHERE: Final = frozenset(
    {"actions", "card", "context", "divider", "header", "image", "input", "rich_text", "section"}
)
SURFACES: Final = {
    "message": EVERYWHERE
    | {"carousel", "container", "context_actions", "markdown", "plan", "table", "task_card"},
    "modal": EVERYWHERE | {"alert"},
    "home": EVERYWHERE | {"carousel", "container", "table"},
}


def check_block(report: Report, value: object, at: str) -> None:
    """One block, allowed on the report's surface, with a block id not yet taken."""
    report.typed(value, at, CHECKS, SURFACES[report.surface])
    if not isinstance(value, dict):
        return
    report.string(value, "block_id", at, limits.IDENTIFIER)
    block_id = value.get("block_id")
    if isinstance(block_id, str):
        if block_id in report.block_ids:
            report.add(f"{at}/block_id", f"`block_id` {block_id} already exists")
        report.block_ids.add(block_id)
