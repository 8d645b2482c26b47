"""What a check found wrong with a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "number",
    "date",
    "name",
    "quotation",
    "negation",
    "modality",
    "attribution",
    "opposite",
    "roles",
    "binding",
    "support",
    "length",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing of a claim that the cited sentences do not carry.

    ``grave`` says that the claim as a whole would mislead; without it, part of
    the claim goes beyond the sentences. ``text`` is the place in the claim, in
    one spelling of quotes and accents; ``reason`` is a sentence for the reviewer
    and for the model that gets to try again.
    """

    kind: Kind
    text: str
    reason: str
    grave: bool = True
