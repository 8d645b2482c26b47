"""The errors of the bot: each says whether to try again and what a reader may be told."""

from __future__ import annotations


class BotFault(Exception):  # noqa: N818 - a fault, in the words of the design
    """Root of every error the bot raises on purpose.

    ``str(error)`` is for the operator, ``remedy`` says what to do;
    ``user_message`` is safe to show to whoever asked. ``retryable`` says
    whether the same question may succeed a little later.
    """

    retryable = False

    def __init__(self, message: str, *, remedy: str = "", user_message: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy
        self.user_message = user_message or "Something went wrong while answering."


class BrokenCitation(BotFault):
    """A citation's quote is not what stands at its span: nothing may be answered with it."""


class BadSetting(BotFault):
    """A setting has a value that cannot be used, or a key is unknown."""


class BadInput(BotFault):
    """A file given on the command line does not have the form it should have.

    ``origin`` names the file and, with ``line`` (from 1), the place in it.
    """

    def __init__(
        self, origin: str, reason: str, *, line: int | None = None, remedy: str = ""
    ) -> None:
        self.origin = origin
        self.line = line
        where = origin if line is None else f"{origin}, line {line}"
        super().__init__(f"{where}: {reason}", remedy=remedy)
