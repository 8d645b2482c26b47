"""Finds what a person presses in blocks, and fills in what a modal asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import CannotError
from .records import Json

Given = Mapping[str | tuple[str, str], Any]
_MANY = ("checkboxes", "multi_static_select")
_ONE = ("static_select", "radio_buttons", "overflow")


@dataclass(frozen=True, slots=True)
class Place:
    """An element and the block that it stands in."""

    block: Json
    block_id: str
    element: Json


def elements_of(blocks: list[Json]) -> Iterator[Place]:
    """Every element of the blocks; a block without an id is named by its position."""
    for index, block in enumerate(blocks):
        block_id = str(block.get("block_id") or f"block{index}")
        found = [*(block.get("elements") or []), *(block.get("actions") or [])]
        found += [block[key] for key in ("accessory", "element") if block.get(key)]
        for element in found:
            if isinstance(element, dict):
                yield Place(block, block_id, element)
        yield from elements_of(block.get("child_blocks") or [])


def find_element(blocks: list[Json], action_id: str, value: str | None) -> tuple[Place, Json]:
    """The element to press and the action that Slack would report.

    `value` chooses among elements of the same id and among a select's options; a visible label
    does as well. Raises `CannotError` where there is nothing such to press.
    """
    for place in elements_of(blocks):
        if place.element.get("action_id") == action_id:
            action = action_of(place, value)
            if action is not None:
                return place, action
    raise CannotError(f"nothing to press: {action_id} {value or ''}".rstrip())


def action_of(place: Place, value: str | None) -> Json | None:
    """The entry of `actions`, or None where the element has no such value."""
    element, kind = place.element, place.element["type"]
    action: Json = {
        "type": kind,
        "action_id": element.get("action_id"),
        "block_id": place.block_id,
    }
    if kind in (*_ONE, *_MANY):
        option = next((o for o in element["options"] if matches(o, value)), None)
        if option is None:
            return None
        return {**action, **selected(kind, [option])}
    if kind == "feedback_buttons":
        buttons = (element["positive_button"], element["negative_button"])
        pressed = next((button for button in buttons if matches(button, value)), None)
        if pressed is None:
            return None
        return {**action, "value": pressed["value"], "text": pressed["text"]}
    if value is not None and not matches(element, value):
        return None
    return {**action, "value": element.get("value"), "text": element.get("text")}


def matches(thing: Json, value: str | None) -> bool:
    """Whether the value, or the label that a person sees, is this one's."""
    return value is not None and value in (
        thing.get("value"),
        (thing.get("text") or {}).get("text"),
    )


def selected(kind: str, options: list[Json]) -> Json:
    if kind in _MANY:
        return {"selected_options": options}
    return {"selected_option": options[0] if options else None}


def fill(blocks: list[Json], given: Given) -> Json:
    """The `state.values` of a modal filled in by a person.

    Keys of `given` are action ids, or (block id, action id). Raises `CannotError` for a field that
    is not there, a value that cannot be chosen, and a required field left empty.
    """
    values: dict[str, Json] = {}
    unused = set(given)
    for place in elements_of(blocks):
        action_id = place.element.get("action_id")
        if action_id is None or place.element["type"] in ("button", "overflow", "icon_button"):
            continue
        key = next((k for k in (action_id, (place.block_id, action_id)) if k in given), None)
        unused.discard(key)
        state = state_of(place, given[key] if key is not None else None)
        if place.block["type"] == "input" and not place.block.get("optional") and not filled(state):
            raise CannotError(f"{action_id} must be filled in")
        values.setdefault(place.block_id, {})[action_id] = state
    if unused:
        raise CannotError(f"there is no field {sorted(map(str, unused))}")
    return values


def state_of(place: Place, given: Any) -> Json:
    element, kind = place.element, place.element["type"]
    if kind in (*_ONE, *_MANY):
        initial = element.get("initial_options") or element.get("initial_option") or []
        chosen = initial if isinstance(initial, list) else [initial]
        if given is not None:
            wanted = given if isinstance(given, list) else [given]
            chosen = [choose(element, str(value)) for value in wanted]
        return {"type": kind, **selected(kind, chosen)}
    text = given if given is not None else element.get("initial_value")
    longest = element.get("max_length")
    if longest is not None and text is not None and len(text) > longest:
        raise CannotError(f"{element.get('action_id')} takes at most {longest} characters")
    return {"type": kind, "value": text}


def choose(element: Json, value: str) -> Json:
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    for option in options:
        if matches(option, value):
            return dict(option)
    raise CannotError(f"{element.get('action_id')} has no option {value!r}")


def filled(state: Json) -> bool:
    return bool(state.get("value") or state.get("selected_option") or state.get("selected_options"))
