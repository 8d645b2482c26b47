"""Reads blocks: each as the lines, links, mentions and buttons that a person meets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .markup import Names, Reading, plain_names

Value = dict[str, Any]


def read_blocks(blocks: list[Value], names: Names = plain_names) -> Reading:
    """Everything in valid blocks, in order.

    >>> read_blocks([{"type": "header", "text": {"type": "plain_text", "text": "Sources"}}]).lines
    ['Sources']
    """
    reading = Reading(names)
    for block in blocks:
        READERS.get(str(block.get("type")), _nothing)(reading, block)
    return reading


def read_mrkdwn(text: str, names: Names = plain_names) -> Reading:
    reading = Reading(names)
    reading.add(reading.mrkdwn(text))
    return reading


def read_markdown(text: str, names: Names = plain_names) -> Reading:
    reading = Reading(names)
    reading.add(reading.markdown(text))
    return reading


def _nothing(reading: Reading, block: Value) -> None:
    """A type that the validator would have refused."""


def _text(reading: Reading, block: Value) -> None:
    """Section, header and alert: the text, then the fields, then what can be pressed."""
    if isinstance(block.get("text"), dict):
        reading.add(reading.text_object(block["text"]))
    for item in block.get("fields") or []:
        reading.add(reading.text_object(item))
    if isinstance(block.get("accessory"), dict):
        _element_line(reading, [block["accessory"]])


def _context(reading: Reading, block: Value) -> None:
    shown = []
    for item in block["elements"]:
        if item["type"] == "image":
            reading.links.append((item.get("alt_text", ""), item.get("image_url", "")))
            shown.append(item.get("alt_text", ""))
        else:
            shown.append(reading.text_object(item))
    reading.add("  ".join(shown))


def _divider(reading: Reading, block: Value) -> None:
    reading.add("———")


def _actions(reading: Reading, block: Value) -> None:
    _element_line(reading, block["elements"])


def _element_line(reading: Reading, elements: list[Value]) -> None:
    labels = [label for element in elements for label in _labels(reading, element)]
    reading.buttons.extend(labels)
    if labels:
        reading.add(" ".join(f"[{label}]" for label in labels))


def _labels(reading: Reading, element: Value) -> Iterator[str]:
    """The words on everything that an element offers."""
    kind = element["type"]
    if kind == "image":
        reading.links.append((element.get("alt_text", ""), element.get("image_url", "")))
        yield element.get("alt_text", "")
    elif kind == "feedback_buttons":
        yield element["positive_button"]["text"]["text"]
        yield element["negative_button"]["text"]["text"]
    elif "options" in element:
        for option in element["options"]:
            yield reading.text_object(option["text"])
    elif "text" in element:
        label = element["text"]["text"]
        if element.get("url"):
            reading.links.append((label, element["url"]))
        yield label
    else:
        yield str((element.get("placeholder") or {}).get("text", kind))


def _image(reading: Reading, block: Value) -> None:
    reading.links.append((block.get("alt_text", ""), block.get("image_url", "")))
    reading.add((block.get("title") or {}).get("text") or block.get("alt_text", ""))


def _markdown(reading: Reading, block: Value) -> None:
    reading.add(reading.markdown(block["text"]))


def _input(reading: Reading, block: Value) -> None:
    reading.add(reading.text_object(block["label"]))
    _element_line(reading, [block["element"]])
    if block.get("hint"):
        reading.add(reading.text_object(block["hint"]))


def _table(reading: Reading, block: Value) -> None:
    for row in block["rows"]:
        cells = []
        for cell in row:
            if cell.get("type") == "rich_text":
                cells.append(" ".join(_rich_lines(reading, cell)))
            else:
                cells.append(str(cell.get("text", cell.get("value", ""))))
        reading.add(" | ".join(cells))


def _rich_text(reading: Reading, block: Value) -> None:
    for line in _rich_lines(reading, block):
        reading.add(line)


def _rich_lines(reading: Reading, block: Value) -> Iterator[str]:
    for part in block["elements"]:
        kind = part["type"]
        if kind == "rich_text_list":
            indent = "  " * (part.get("indent") or 0)
            for index, item in enumerate(part["elements"], 1 + (part.get("offset") or 0)):
                mark = "• " if part["style"] == "bullet" else f"{index}. "
                yield f"{indent}{mark}{_inline(reading, item['elements'])}"
        elif kind == "rich_text_quote":
            for line in _inline(reading, part["elements"]).split("\n"):
                yield f"> {line}"
        else:
            yield _inline(reading, part["elements"]).rstrip("\n")


def _inline(reading: Reading, elements: list[Value]) -> str:
    return "".join(_inline_element(reading, element) for element in elements)


def _inline_element(reading: Reading, element: Value) -> str:
    kind = element["type"]
    if kind == "link":
        label = element.get("text") or element["url"]
        reading.links.append((label, element["url"]))
        return str(label)
    if kind == "user":
        return reading.mention("user", element["user_id"])
    if kind == "usergroup":
        return reading.mention("usergroup", element["usergroup_id"])
    if kind == "channel":
        return reading.mention("channel_link", element["channel_id"])
    if kind == "broadcast":
        return reading.mention(element["range"], element["range"])
    if kind == "emoji":
        return f":{element['name']}:"
    return str(element.get("text") or element.get("fallback") or element.get("value") or "")


def _card(reading: Reading, block: Value) -> None:
    for key in ("title", "subtitle", "body", "subtext"):
        if isinstance(block.get(key), dict):
            reading.add(reading.text_object(block[key]))
    _element_line(reading, block.get("actions") or [])


def _carousel(reading: Reading, block: Value) -> None:
    for item in block["elements"]:
        _card(reading, item)


def _container(reading: Reading, block: Value) -> None:
    for key in ("title", "subtitle"):
        if isinstance(block.get(key), dict):
            reading.add(reading.text_object(block[key]))
    for child in block["child_blocks"]:
        READERS.get(str(child.get("type")), _nothing)(reading, child)


def _task(reading: Reading, block: Value) -> None:
    reading.add(str(block["title"]))
    for key in ("details", "output"):
        if isinstance(block.get(key), dict):
            _rich_text(reading, block[key])
    for source in block.get("sources") or []:
        reading.links.append((source.get("text", ""), source["url"]))
        reading.add(source.get("text", source["url"]))


def _plan(reading: Reading, block: Value) -> None:
    reading.add(str(block["title"]))
    for task in block.get("tasks") or []:
        _task(reading, task)


READERS: dict[str, Callable[[Reading, Value], None]] = {
    "actions": _actions,
    "alert": _text,
    "card": _card,
    "carousel": _carousel,
    "container": _container,
    "context": _context,
    "context_actions": _actions,
    "divider": _divider,
    "header": _text,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "plan": _plan,
    "rich_text": _rich_text,
    "section": _text,
    "table": _table,
    "task_card": _task,
}
