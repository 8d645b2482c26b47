"""Checks of the interactive elements and the objects that they are made of."""

from __future__ import annotations

from typing import Any, Final

from . import limits
from .report import Check, Report

Value = dict[str, Any]


def check_confirm(report: Report, value: Value, key: str, at: str) -> None:
    """The confirmation dialog under `value[key]`, when there."""
    dialog = value.get(key)
    if dialog is None:
        return
    where = f"{at}/{key}"
    if not isinstance(dialog, dict):
        report.add(where, "must provide an object")
        return
    report.keys(dialog, where, ("title", "text", "confirm", "deny"), ("style",))
    report.plain(dialog, "title", where, limits.CONFIRM_TITLE)
    report.text(dialog, "text", where, limits.CONFIRM_TEXT)
    report.plain(dialog, "confirm", where, limits.CONFIRM_BUTTON)
    report.plain(dialog, "deny", where, limits.CONFIRM_BUTTON)


def check_option(report: Report, option: Value, at: str, kinds: tuple[str, ...], url: bool) -> None:
    report.keys(option, at, ("text", "value"), ("description", "url") if url else ("description",))
    report.text(option, "text", at, limits.OPTION_TEXT, kinds)
    report.string(option, "value", at, limits.OPTION_VALUE)
    report.text(option, "description", at, limits.OPTION_DESCRIPTION, kinds)
    if url:
        report.url(option, "url", at)


def check_options(
    report: Report,
    value: Value,
    at: str,
    most: int,
    kinds: tuple[str, ...] = ("plain_text",),
    url: bool = False,
) -> list[Value]:
    """Checks `options`, and that no two share a value; returns them."""
    found: list[Value] = []
    for where, option in report.objects(value, "options", at, most):
        check_option(report, option, where, kinds, url)
        found.append(option)
    values = [option.get("value") for option in found]
    if len(set(map(str, values))) < len(values):
        report.add(f"{at}/options", "option values must be unique")
    return found


def check_initial(report: Report, value: Value, at: str, key: str, options: list[Value]) -> None:
    chosen = value.get(key)
    wanted = chosen if isinstance(chosen, list) else [chosen] if chosen is not None else []
    for option in wanted:
        if option not in options:
            report.add(f"{at}/{key}", "must match one of the options exactly")


def button(report: Report, value: Value, at: str) -> None:
    report.keys(
        value,
        at,
        ("text",),
        ("action_id", "url", "value", "style", "confirm", "accessibility_label", "agent_prompt"),
    )
    report.plain(value, "text", at, limits.BUTTON_TEXT)
    report.string(value, "value", at, limits.BUTTON_VALUE, shortest=0)
    report.string(value, "accessibility_label", at, limits.ACCESSIBILITY_LABEL)
    report.url(value, "url", at)
    report.choice(value, "style", at, ("primary", "danger"))
    check_confirm(report, value, "confirm", at)


def feedback_buttons(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, ("positive_button", "negative_button"), ("action_id",))
    for key in ("positive_button", "negative_button"):
        inner, where = value.get(key), f"{at}/{key}"
        if isinstance(inner, dict):
            report.keys(inner, where, ("text", "value"), ("accessibility_label",))
            report.plain(inner, "text", where, limits.BUTTON_TEXT)
            report.string(inner, "value", where, limits.BUTTON_VALUE)
            report.string(inner, "accessibility_label", where, limits.ACCESSIBILITY_LABEL)
        elif inner is not None:
            report.add(where, "must provide an object")


def icon_button(report: Report, value: Value, at: str) -> None:
    report.keys(
        value,
        at,
        ("icon", "text"),
        ("action_id", "accessibility_label", "value", "visible_to_user_ids", "confirm"),
    )
    report.choice(value, "icon", at, ("trash",))
    report.plain(value, "text", at, limits.BUTTON_TEXT)
    report.string(value, "value", at, limits.BUTTON_VALUE, shortest=0)
    report.string(value, "accessibility_label", at, limits.ACCESSIBILITY_LABEL)
    for _ in report.items(value, "visible_to_user_ids", at, limits.ICON_BUTTON_USERS):
        pass
    check_confirm(report, value, "confirm", at)


def overflow(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, ("options",), ("action_id", "confirm"))
    check_options(report, value, at, limits.OVERFLOW_OPTIONS, url=True)
    check_confirm(report, value, "confirm", at)


def choices(report: Report, value: Value, at: str) -> None:
    """Checkboxes and radio buttons."""
    initial = "initial_options" if value["type"] == "checkboxes" else "initial_option"
    report.keys(value, at, ("options",), ("action_id", initial, "confirm", "focus_on_load"))
    kinds = ("plain_text", "mrkdwn")
    options = check_options(report, value, at, limits.CHOICE_OPTIONS, kinds)
    check_initial(report, value, at, initial, options)
    check_confirm(report, value, "confirm", at)


def static_select(report: Report, value: Value, at: str) -> None:
    many = value["type"].startswith("multi_")
    initial = "initial_options" if many else "initial_option"
    extra = ("max_selected_items",) if many else ()
    optional = ("action_id", "options", "option_groups", initial, "confirm", "focus_on_load")
    report.keys(value, at, (), (*optional, "placeholder", *extra))
    report.plain(value, "placeholder", at, limits.PLACEHOLDER)
    if (value.get("options") is None) == (value.get("option_groups") is None):
        report.add(at, "must define either `options` or `option_groups`")
    options = check_options(report, value, at, limits.SELECT_OPTIONS)
    for where, group in report.objects(value, "option_groups", at, limits.SELECT_OPTIONS):
        report.keys(group, where, ("label", "options"), ())
        report.plain(group, "label", where, limits.OPTION_TEXT)
        options += check_options(report, group, where, limits.SELECT_OPTIONS)
    check_initial(report, value, at, initial, options)
    check_confirm(report, value, "confirm", at)


def picker(report: Report, value: Value, at: str) -> None:
    """Selects and pickers whose choices Slack itself offers: their lengths are all there is."""
    report.plain(value, "placeholder", at, limits.PLACEHOLDER)
    check_confirm(report, value, "confirm", at)


def text_input(report: Report, value: Value, at: str) -> None:
    optional = ["action_id", "initial_value", "placeholder", "focus_on_load"]
    optional.append("dispatch_action_config")
    if value["type"] == "plain_text_input":
        optional += ["multiline", "min_length", "max_length"]
    if value["type"] == "number_input":
        optional += ["min_value", "max_value", "is_decimal_allowed"]
    report.keys(value, at, (), optional)
    report.plain(value, "placeholder", at, limits.PLACEHOLDER)
    report.string(value, "initial_value", at, limits.PLAIN_TEXT_INPUT, shortest=0)
    report.number(value, "min_length", at, 0, limits.PLAIN_TEXT_INPUT)
    report.number(value, "max_length", at, 1, limits.PLAIN_TEXT_INPUT)
    report.flag(value, "multiline", at)


def image(report: Report, value: Value, at: str) -> None:
    report.keys(value, at, ("alt_text",), ("image_url", "slack_file"))
    if (value.get("image_url") is None) == (value.get("slack_file") is None):
        report.add(at, "must define either `image_url` or `slack_file`")
    report.url(value, "image_url", at, web_only=True)
    report.string(value, "alt_text", at, limits.ALT_TEXT)


PICKERS: Final = (
    "users_select",
    "conversations_select",
    "channels_select",
    "external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
    "multi_external_select",
    "datepicker",
    "timepicker",
    "datetimepicker",
)
TEXT_INPUTS: Final = (
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
)
CHECKS: Final[dict[str, Check]] = {
    "button": button,
    "feedback_buttons": feedback_buttons,
    "icon_button": icon_button,
    "overflow": overflow,
    "checkboxes": choices,
    "radio_buttons": choices,
    "static_select": static_select,
    "multi_static_select": static_select,
    "image": image,
    **dict.fromkeys(PICKERS, picker),
    **dict.fromkeys(TEXT_INPUTS, text_input),
}
IN_ACTIONS: Final = (
    "button",
    "overflow",
    "checkboxes",
    "radio_buttons",
    "static_select",
    "multi_static_select",
    "rich_text_input",
    *PICKERS,
)
IN_SECTION: Final = (*IN_ACTIONS, "image")
IN_INPUT: Final = (
    *TEXT_INPUTS,
    *(kind for kind in IN_ACTIONS if kind not in ("button", "overflow")),
)
IN_CONTEXT_ACTIONS: Final = ("feedback_buttons", "icon_button")


def check_element(report: Report, value: object, at: str, allowed: tuple[str, ...]) -> None:
    """An element of one of the allowed types, its `action_id` included."""
    report.typed(value, at, CHECKS, allowed)
    if isinstance(value, dict):
        report.string(value, "action_id", at, limits.IDENTIFIER)
