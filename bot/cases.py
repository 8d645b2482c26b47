"""Evaluation cases: questions with the sentences that answer them, or with none.

``cases.jsonl`` holds ``{id, question, answerable, answers, evidence, need}``
and optionally ``type``; ``evidence`` is a list of ``{article_id, start, end}``,
half-open code points of the article's text, inside the sentence that answers.
``need`` says whether any or all of it must be cited.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.ask import clean_question
from bot.errors import BadInput


class Span(BaseModel):
    """Where an answer stands: ``article.text[start:end]``."""

    model_config = ConfigDict(frozen=True)

    article_id: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if self.start >= self.end:
            raise ValueError("a span must end after its start")
        return self


class Case(BaseModel):
    """One question with what a right answer cites."""

    model_config = ConfigDict(frozen=True)

    id: str
    question: Annotated[str, AfterValidator(clean_question)]
    answerable: bool
    answers: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()
    need: Literal["any", "all"] = "any"
    type: str | None = None

    @property
    def group(self) -> str:
        """Return the type, or what stands in for it where none is given."""
        return self.type or ("answerable" if self.answerable else "not answerable")


@dataclass(frozen=True, slots=True)
class Dataset:
    """A folder of cases: where its articles are, and the cases in their order."""

    articles: Path
    cases: tuple[Case, ...]


def load_dataset(path: Path) -> Dataset:
    """Return the dataset of a folder, or of the folder that a cases file lies in.

    Raises `BadInput` with file and line for the first thing that is wrong.
    """
    folder, cases = (path, path / "cases.jsonl") if path.is_dir() else (path.parent, path)
    articles = folder / "articles.jsonl"
    for needed in (cases, articles):
        if not needed.is_file():
            raise BadInput(str(needed), "no such file", remedy="An evaluation folder holds both.")
    found = tuple(
        _case(cases, number, line)
        for number, line in enumerate(cases.read_bytes().splitlines(), start=1)
        if line.strip()
    )
    if not found:
        raise BadInput(str(cases), "holds no case")
    return Dataset(articles, found)


def _case(path: Path, number: int, line: bytes) -> Case:
    try:
        case = Case.model_validate(json.loads(line))
    except BadInput as error:
        raise BadInput(str(path), str(error), line=number) from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the line"
        raise BadInput(str(path), f"{place}: {first['msg'].lower()}", line=number) from error
    except (ValueError, RecursionError) as error:
        raise BadInput(str(path), "not JSON", line=number) from error
    if case.answerable and not case.evidence:
        raise BadInput(str(path), "an answerable case without evidence", line=number)
    return case
