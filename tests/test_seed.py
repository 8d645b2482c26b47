"""The first article: five questions with the sentence that answers each."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import pytest

from tests.commandline import run, walk
from tests.conftest import shared_data

pytestmark = pytest.mark.shared_data

_folders: list[tempfile.TemporaryDirectory[str]] = []


@functools.cache
def index(seed: Path) -> Path:
    _folders.append(tempfile.TemporaryDirectory(prefix="footnote-seed-"))
    data = Path(_folders[-1].name) / "data"
    assert run("rebuild", seed, "--data", data, embedder="local").code == 0
    return data


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            "Who confirmed the deaths of those on board?",
            "Dmitri S. Peskov has confirmed that those",
        ),
        (
            "Where was the helicopter flying to and from?",
            "returning to the Khmeimim Air Base after",
        ),
        (
            "Who claimed responsibility for shooting down the helicopter?",
            "No rebel groups in Syria have come forward to claim responsibility",
        ),
        # The article says it twice; this sentence is the plainer one, the other, which
        # speaks of "a Syrian group", shares no word with the question.
        ("What do the militants want?", "how many prisoners they want to be released"),
        (
            "What do the militants want in exchange for the bodies?",
            "ready to exchange the five Russian bodies in return",
        ),
        ("What is the pilot's name?", "names of the victims have not yet been revealed"),
    ],
)
def test_the_sentence_that_says_it_is_the_answer_or_comes_nearest(
    question: str, sentence: str
) -> None:
    data = index(shared_data("seed"))
    found = run("ask", question, "--data", data, "--json", embedder="local").object
    quoted = [str(each["exact"]) for each in walk(found) if "exact" in each]
    assert any(sentence in quote for quote in quoted), quoted


def test_a_name_that_was_not_revealed_is_not_made_up() -> None:
    data = index(shared_data("seed"))
    asked = "What is the pilot's name?"
    found = run("ask", asked, "--data", data, "--json", embedder="local").object
    quoted = [str(each["exact"]) for each in walk(found) if "exact" in each]
    if found["status"] == "answered":
        assert all("have not yet been revealed" in quote for quote in quoted)
    else:
        assert "have not yet been revealed" in quoted[0]
