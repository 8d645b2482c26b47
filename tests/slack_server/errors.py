"""What goes wrong: for the app over HTTP, and for the person whom a test plays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .report import Problem


class SlackError(Exception):
    """An answer with `ok: false`: Slack's error code and what Slack says besides."""

    def __init__(
        self,
        code: str,
        problems: Sequence[Problem] = (),
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.problems = tuple(problems)
        self.status = status
        self.headers = headers or {}
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The JSON that Slack answers."""
        found: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.problems:
            found["errors"] = [str(problem).removeprefix("[ERROR] ") for problem in self.problems]
            found["response_metadata"] = {"messages": [str(problem) for problem in self.problems]}
        return found


class CannotError(AssertionError):
    """A person cannot do that in Slack: the channel, button or field is not there for them."""
