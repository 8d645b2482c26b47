"""The validator accepts each limit and refuses one more, and says where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.slack_server import blocks_size, limits, validate_blocks, validate_view
from tests.slack_server.block_reading import read_blocks

Json = dict[str, Any]


def plain(length: int, kind: str = "plain_text") -> Json:
    return {"type": kind, "text": "x" * length}


def section(**extra: Any) -> Json:
    return {"type": "section", "text": plain(3, "mrkdwn"), **extra}


def button(**extra: Any) -> Json:
    return {"type": "button", "text": plain(3), "action_id": "press", **extra}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def options(count: int, **extra: Any) -> list[Json]:
    return [{"text": plain(3), "value": f"v{index}", **extra} for index in range(count)]


def select(**extra: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": options(1), **extra}


def feedback(text: int = 3, value: int = 3) -> Json:
    one = {"text": plain(text), "value": "x" * value}
    buttons = {"positive_button": one, "negative_button": one}
    return {"type": "feedback_buttons", "action_id": "rate", **buttons}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def listing(indent: int) -> Json:
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}
    return {"type": "rich_text_list", "style": "bullet", "indent": indent, "elements": [item]}


def table(rows: int, columns: int) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * columns] * rows}


def modal(**extra: Any) -> Json:
    return {"type": "modal", "title": plain(3), "blocks": [section()], **extra}


def asking(element: Json, **extra: Any) -> Json:
    return {"type": "input", "label": plain(3), "element": element, **extra}


def image(url: int, alt: int) -> Json:
    address = "https://e.org/".ljust(url, "x")
    return {"type": "image", "image_url": address, "alt_text": "x" * alt}


MESSAGE_LIMITS: list[tuple[str, int, Callable[[int], list[Json]], str]] = [
    ("blocks of a message", 50, lambda n: [section()] * n, "/blocks"),
    ("section text", 3000, lambda n: [section(text=plain(n))], "/blocks/0/text/text"),
    ("section fields", 10, lambda n: [section(fields=[plain(1)] * n)], "/blocks/0/fields"),
    ("section field", 2000, lambda n: [section(fields=[plain(n)])], "/blocks/0/fields/0/text"),
    ("header", 150, lambda n: [{"type": "header", "text": plain(n)}], "/blocks/0/text/text"),
    (
        "context elements",
        10,
        lambda n: [{"type": "context", "elements": [plain(1, "mrkdwn")] * n}],
        "/blocks/0/elements",
    ),
    (
        "actions elements",
        25,
        lambda n: [actions(*(button(action_id=f"a{i}") for i in range(n)))],
        "/blocks/0/elements",
    ),
    (
        "context_actions elements",
        5,
        lambda n: [
            {
                "type": "context_actions",
                "elements": [{**feedback(), "action_id": f"a{i}"} for i in range(n)],
            }
        ],
        "/blocks/0/elements",
    ),
    (
        "button text",
        75,
        lambda n: [actions(button(text=plain(n)))],
        "/blocks/0/elements/0/text/text",
    ),
    (
        "button value",
        2000,
        lambda n: [actions(button(value="x" * n))],
        "/blocks/0/elements/0/value",
    ),
    (
        "action id",
        255,
        lambda n: [actions(button(action_id="x" * n))],
        "/blocks/0/elements/0/action_id",
    ),
    ("block id", 255, lambda n: [section(block_id="x" * n)], "/blocks/0/block_id"),
    (
        "button address",
        3000,
        lambda n: [actions(button(url="https://e.org/".ljust(n, "x")))],
        "/blocks/0/elements/0/url",
    ),
    (
        "feedback label",
        75,
        lambda n: [{"type": "context_actions", "elements": [feedback(text=n)]}],
        "/blocks/0/elements/0/positive_button/text/text",
    ),
    (
        "feedback value",
        2000,
        lambda n: [{"type": "context_actions", "elements": [feedback(value=n)]}],
        "/blocks/0/elements/0/positive_button/value",
    ),
    (
        "select options",
        100,
        lambda n: [actions(select(options=options(n)))],
        "/blocks/0/elements/0/options",
    ),
    (
        "option text",
        75,
        lambda n: [actions(select(options=options(1, text=plain(n))))],
        "/blocks/0/elements/0/options/0/text/text",
    ),
    (
        "option value",
        150,
        lambda n: [actions(select(options=options(1, value="x" * n)))],
        "/blocks/0/elements/0/options/0/value",
    ),
    (
        "placeholder",
        150,
        lambda n: [actions(select(placeholder=plain(n)))],
        "/blocks/0/elements/0/placeholder/text",
    ),
    (
        "overflow options",
        5,
        lambda n: [actions({"type": "overflow", "action_id": "o", "options": options(n)})],
        "/blocks/0/elements/0/options",
    ),
    (
        "radio buttons",
        10,
        lambda n: [actions({"type": "radio_buttons", "action_id": "o", "options": options(n)})],
        "/blocks/0/elements/0/options",
    ),
    ("markdown block", 12000, lambda n: [{"type": "markdown", "text": "x" * n}], "/blocks/0/text"),
    (
        "markdown of a message",
        12000,
        lambda n: [
            {"type": "markdown", "text": "x" * 6000},
            {"type": "markdown", "text": "x" * (n - 6000)},
        ],
        "/blocks",
    ),
    ("table rows", 100, lambda n: [table(n, 1)], "/blocks/0/rows"),
    ("table columns", 20, lambda n: [table(1, n)], "/blocks/0/rows/0"),
    ("tables of a message", 1, lambda n: [table(1, 1)] * n, "/blocks"),
    ("image address", 3000, lambda n: [image(n, 3)], "/blocks/0/image_url"),
    ("alt text", 2000, lambda n: [image(20, n)], "/blocks/0/alt_text"),
    ("list indent", 8, lambda n: [rich(listing(n))], "/blocks/0/elements/0/indent"),
    ("card title", 150, lambda n: [{"type": "card", "title": plain(n)}], "/blocks/0/title/text"),
    ("card body", 200, lambda n: [{"type": "card", "body": plain(n)}], "/blocks/0/body/text"),
    (
        "plan tasks",
        50,
        lambda n: [{"type": "plan", "title": "p", "tasks": [{"task_id": "1", "title": "t"}] * n}],
        "/blocks/0/tasks",
    ),
    (
        "confirm title",
        100,
        lambda n: [
            actions(
                button(
                    confirm={
                        "title": plain(n),
                        "text": plain(3),
                        "confirm": plain(3),
                        "deny": plain(3),
                    }
                )
            )
        ],
        "/blocks/0/elements/0/confirm/title/text",
    ),
]
VIEW_LIMITS: list[tuple[str, int, Callable[[int], Json], str]] = [
    ("title", 24, lambda n: modal(title=plain(n)), "/view/title/text"),
    ("submit", 24, lambda n: modal(submit=plain(n)), "/view/submit/text"),
    ("close", 24, lambda n: modal(close=plain(n)), "/view/close/text"),
    ("blocks", 100, lambda n: modal(blocks=[section()] * n), "/view/blocks"),
    ("home blocks", 100, lambda n: {"type": "home", "blocks": [section()] * n}, "/view/blocks"),
    ("private metadata", 3000, lambda n: modal(private_metadata="x" * n), "/view/private_metadata"),
    ("callback id", 255, lambda n: modal(callback_id="x" * n), "/view/callback_id"),
    (
        "input label",
        2000,
        lambda n: modal(
            submit=plain(3),
            blocks=[asking({"type": "plain_text_input", "action_id": "a"}, label=plain(n))],
        ),
        "/view/blocks/0/label/text",
    ),
]


@pytest.mark.parametrize(
    ("most", "build", "pointer"),
    [row[1:] for row in MESSAGE_LIMITS],
    ids=[row[0] for row in MESSAGE_LIMITS],
)
def test_a_message_may_reach_each_limit_and_not_pass_it(
    most: int, build: Callable[[int], list[Json]], pointer: str
) -> None:
    assert validate_blocks(build(most)) == []
    found = [problem.pointer for problem in validate_blocks(build(most + 1))]
    assert pointer in found


@pytest.mark.parametrize(
    ("most", "build", "pointer"),
    [row[1:] for row in VIEW_LIMITS],
    ids=[row[0] for row in VIEW_LIMITS],
)
def test_a_view_may_reach_each_limit_and_not_pass_it(
    most: int, build: Callable[[int], Json], pointer: str
) -> None:
    assert validate_view(build(most)) == []
    assert [problem.pointer for problem in validate_view(build(most + 1))] == [pointer]


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ("not a list", "must provide an array [json-pointer:/blocks]"),
        (["text"], "must provide an object [json-pointer:/blocks/0]"),
        ([{}], "missing required field: type [json-pointer:/blocks/0]"),
        ([{"type": "marquee"}], "unsupported type: marquee [json-pointer:/blocks/0/type]"),
        ([{"type": ["a"]}], "unsupported type: ['a'] [json-pointer:/blocks/0/type]"),
        (
            [{"type": "alert", "text": plain(3)}],
            "unsupported type: alert [json-pointer:/blocks/0/type]",
        ),
        ([{"type": "section"}], "must define either `text` or `fields` [json-pointer:/blocks/0]"),
        ([section(text="bare")], "must provide an object [json-pointer:/blocks/0/text]"),
        (
            [section(text=plain(0))],
            "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
        ),
        ([section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
        (
            [{"type": "header", "text": plain(3, "mrkdwn")}],
            "must be one of: plain_text [json-pointer:/blocks/0/text/type]",
        ),
        (
            [actions(button(), button())],
            "`action_id` press already exists [json-pointer:/blocks/0/elements/1/action_id]",
        ),
        (
            [section(block_id="a"), section(block_id="a")],
            "`block_id` a already exists [json-pointer:/blocks/1/block_id]",
        ),
        (
            [actions(button(url="javascript:alert(1)"))],
            "must be a valid URL [json-pointer:/blocks/0/elements/0/url]",
        ),
        (
            [actions(select(initial_option={"text": plain(3), "value": "other"}))],
            "must match one of the options exactly [json-pointer:/blocks/0/elements/0/initial_option]",
        ),
        (
            [{"type": "context_actions", "elements": [button()]}],
            "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            [
                rich(
                    {
                        "type": "rich_text_preformatted",
                        "elements": [{"type": "user", "user_id": "U1"}],
                    }
                )
            ],
            "unsupported type: user [json-pointer:/blocks/0/elements/0/elements/0/type]",
        ),
        (
            [actions()],
            "no less than 1 items allowed [json-pointer:/blocks/0/elements]",
        ),
    ],
)
def test_bad_blocks_are_refused_in_slacks_words(blocks: Any, expected: str) -> None:
    assert f"[ERROR] {expected}" in [str(problem) for problem in validate_blocks(blocks)]


@pytest.mark.parametrize("kind", ["context_actions", "markdown", "table"])
def test_blocks_of_messages_are_refused_in_modals(kind: str) -> None:
    assert any(
        problem.message == f"unsupported type: {kind}"
        for problem in validate_blocks([{"type": kind}], surface="modal")
    )


def test_a_modal_that_asks_for_input_needs_a_submit_button() -> None:
    view = modal(blocks=[asking({"type": "plain_text_input", "action_id": "a"})])
    assert [problem.message for problem in validate_view(view)] == [
        "missing required field: submit"
    ]


def test_home_has_no_title() -> None:
    view = {"type": "home", "title": plain(3), "blocks": [section()]}
    assert [problem.message for problem in validate_view(view)] == [
        "invalid additional property: title"
    ]


def everything() -> list[Json]:
    """One message with every kind of block, all valid."""
    inline = [
        {"type": "text", "text": "q", "style": {"bold": True}},
        {"type": "user", "user_id": "U1"},
        {"type": "broadcast", "range": "here"},
        {"type": "emoji", "name": "eyes"},
        {"type": "link", "url": "https://e.org", "text": "a"},
        {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "1970"},
    ]
    task = {"task_id": "1", "title": "t", "sources": [{"url": "https://e.org", "text": "a"}]}
    icon = {"type": "icon_button", "icon": "trash", "text": plain(3), "action_id": "x"}
    return [
        {"type": "markdown", "text": "**Yes**"},
        rich(
            {"type": "rich_text_quote", "elements": inline},
            listing(0),
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}]},
        ),
        {"type": "context", "elements": [plain(3, "mrkdwn"), image(20, 3)]},
        {"type": "divider"},
        actions(
            button(),
            {"type": "overflow", "action_id": "more", "options": options(2)},
            {"type": "datepicker", "action_id": "when"},
        ),
        {"type": "context_actions", "elements": [feedback(), icon]},
        table(2, 2),
        {"type": "task_card", **task, "status": "complete", "details": rich(listing(0))},
        {"type": "plan", "title": "p", "tasks": [task]},
        {"type": "card", "title": plain(3), "actions": [button()]},
        {"type": "carousel", "elements": [{"type": "card", "body": plain(3)}]},
        {"type": "container", "title": plain(3), "child_blocks": [section()]},
        section(fields=[plain(3)], accessory=select(placeholder=plain(3))),
        {"type": "header", "text": plain(3)},
        image(30, 4),
    ]


def test_a_message_with_everything_is_accepted() -> None:
    assert validate_blocks(everything()) == []


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inside:
        yield (*path, key)
        if isinstance(item, dict | list):
            yield from places(item, (*path, key))


MISSING = "missing"


@pytest.mark.parametrize(
    "junk", [MISSING, None, True, 0, 7, "", "x", [], {}, [[]], [{}], ["a"], [1], plain(1)], ids=repr
)
def test_what_the_validator_accepts_a_reader_can_be_shown(junk: Any) -> None:
    for path in places(everything()):
        blocks = everything()
        target: Any = blocks
        for key in path[:-1]:
            target = target[key]
        if junk is MISSING:
            del target[path[-1]]
        else:
            target[path[-1]] = junk
        if validate_blocks(blocks) == []:
            read_blocks(blocks)


KEYS = [
    "type",
    "text",
    "elements",
    "accessory",
    "options",
    "option_groups",
    "initial_option",
    "initial_options",
    "rows",
    "fields",
    "title",
    "tasks",
    "sources",
    "child_blocks",
    "style",
    "confirm",
    "positive_button",
    "visible_to_user_ids",
    "label",
    "element",
    "block_id",
    "action_id",
    "url",
    "image_url",
    "alt_text",
    "value",
    "label",
    "min_length",
    "border",
]
TYPES = [
    "section",
    "actions",
    "context",
    "context_actions",
    "rich_text",
    "rich_text_list",
    "rich_text_section",
    "rich_text_preformatted",
    "table",
    "card",
    "carousel",
    "container",
    "plan",
    "task_card",
    "input",
    "image",
    "header",
    "markdown",
    "button",
    "feedback_buttons",
    "icon_button",
    "static_select",
    "multi_static_select",
    "checkboxes",
    "radio_buttons",
    "overflow",
    "plain_text_input",
    "plain_text",
    "mrkdwn",
    "text",
    "link",
    "raw_text",
    "modal",
]
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(TYPES)
PAYLOADS = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
        | st.builds(
            lambda kind, rest: {**rest, "type": kind},
            st.sampled_from(TYPES),
            st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
        )
    ),
    max_leaves=25,
)


@given(st.lists(PAYLOADS, max_size=3))
def test_no_payload_makes_the_validator_fail(blocks: list[Any]) -> None:
    for surface in ("message", "modal", "home"):
        validate_blocks(blocks, surface=surface)
    validate_view({"type": "modal", "title": blocks, "blocks": blocks})


def test_size_counts_the_containers_and_not_the_bytes() -> None:
    assert blocks_size([{"type": "markdown", "text": "é🙂"}]) == 31 + 2
    assert limits.BLOCKS_JSON == 13_200
