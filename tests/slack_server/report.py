"""Problems found in a payload, worded and located as Slack's `response_metadata.messages`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from . import limits

Check = Callable[["Report", dict[str, Any], str], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule and the JSON pointer of the value that breaks it.

    >>> str(Problem("/blocks/0/text/text", "must be less than 3001 characters"))
    '[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'
    """

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


@dataclass(slots=True)
class Report:
    """Collects problems, and knows the few rules that every kind of object shares."""

    surface: str
    problems: list[Problem] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)

    def add(self, pointer: str, message: str) -> None:
        self.problems.append(Problem(pointer, message))

    def keys(
        self, value: dict[str, Any], at: str, required: Collection[str], optional: Collection[str]
    ) -> None:
        """Every required key is there and no key is unknown: Slack refuses both."""
        for key in required:
            if key not in value or value[key] is None:
                self.add(at, f"missing required field: {key}")
        for key in value:
            if key != "type" and key not in required and key not in optional:
                self.add(at, f"invalid additional property: {key}")

    def string(
        self, value: dict[str, Any], key: str, at: str, longest: int, shortest: int = 1
    ) -> None:
        """`value[key]`, when there, is a string of `shortest` to `longest` characters."""
        if value.get(key) is None:
            return
        text, where = value[key], f"{at}/{key}"
        if not isinstance(text, str):
            self.add(where, "must provide a string")
        elif len(text) > longest:
            self.add(where, f"must be less than {longest + 1} characters")
        elif len(text) < shortest:
            self.add(where, f"must be more than {shortest - 1} characters")

    def text(
        self,
        value: dict[str, Any],
        key: str,
        at: str,
        longest: int = limits.TEXT,
        kinds: tuple[str, ...] = ("plain_text", "mrkdwn"),
    ) -> None:
        """`value[key]`, when there, is a text object of one of the kinds."""
        if value.get(key) is not None:
            self.text_object(value[key], f"{at}/{key}", longest, kinds)

    def text_object(
        self,
        value: object,
        at: str,
        longest: int = limits.TEXT,
        kinds: tuple[str, ...] = ("plain_text", "mrkdwn"),
    ) -> None:
        if not isinstance(value, dict):
            self.add(at, "must provide an object")
            return
        kind = value.get("type")
        if kind not in kinds:
            self.add(f"{at}/type", f"must be one of: {', '.join(kinds)}")
        allowed = ("emoji",) if kind == "plain_text" else ("verbatim",)
        self.keys(value, at, ("text",), allowed)
        self.string(value, "text", at, longest)

    def plain(self, value: dict[str, Any], key: str, at: str, longest: int) -> None:
        self.text(value, key, at, longest, ("plain_text",))

    def items(
        self, value: dict[str, Any], key: str, at: str, most: int, least: int = 1
    ) -> Iterator[tuple[str, Any]]:
        """The entries of the array `value[key]` with their pointers, after counting them."""
        if value.get(key) is None:
            return
        found, where = value[key], f"{at}/{key}"
        if not isinstance(found, list):
            self.add(where, "must provide an array")
            return
        if len(found) > most:
            self.add(where, f"no more than {most} items allowed")
        if len(found) < least:
            self.add(where, f"no less than {least} items allowed")
        for index, item in enumerate(found):
            yield f"{where}/{index}", item

    def objects(
        self, value: dict[str, Any], key: str, at: str, most: int, least: int = 1
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        for where, item in self.items(value, key, at, most, least):
            if isinstance(item, dict):
                yield where, item
            else:
                self.add(where, "must provide an object")

    def typed(
        self, value: object, at: str, kinds: dict[str, Check], allowed: Collection[str]
    ) -> None:
        """An object whose `type` chooses its check; other types are refused."""
        if not isinstance(value, dict):
            self.add(at, "must provide an object")
            return
        kind = value.get("type")
        if kind is None:
            self.add(at, "missing required field: type")
        elif not isinstance(kind, str) or kind not in kinds or kind not in allowed:
            self.add(f"{at}/type", f"unsupported type: {kind}")
        else:
            kinds[kind](self, value, at)

    def url(self, value: dict[str, Any], key: str, at: str, web_only: bool = False) -> None:
        self.string(value, key, at, limits.URL)
        link = value.get(key)
        if isinstance(link, str) and link and not valid_url(link, web_only):
            self.add(f"{at}/{key}", "must be a valid URL")

    def flag(self, value: dict[str, Any], key: str, at: str) -> None:
        if value.get(key) is not None and not isinstance(value[key], bool):
            self.add(f"{at}/{key}", "must provide a boolean")

    def number(self, value: dict[str, Any], key: str, at: str, least: int, most: int) -> None:
        found = value.get(key)
        if found is None:
            return
        if isinstance(found, bool) or not isinstance(found, int):
            self.add(f"{at}/{key}", "must provide an integer")
        elif not least <= found <= most:
            self.add(f"{at}/{key}", f"must be between {least} and {most}")

    def choice(self, value: dict[str, Any], key: str, at: str, allowed: tuple[str, ...]) -> None:
        if value.get(key) is not None and value[key] not in allowed:
            self.add(f"{at}/{key}", f"must be one of: {', '.join(allowed)}")


def valid_url(link: str, web_only: bool = False) -> bool:
    """Whether Slack takes the link: an absolute address with no blanks.

    >>> valid_url("https://example.org/a?b#:~:text=c"), valid_url("example.org")
    (True, False)
    >>> valid_url("javascript:alert(1)"), valid_url("https://example.org/a b")
    (False, False)
    """
    if any(character.isspace() or ord(character) < 32 for character in link):
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.hostname)
    return (
        not web_only
        and parts.scheme in ("mailto", "slack", "tel")
        and bool(parts.path or parts.netloc)
    )
