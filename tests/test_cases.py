"""Evaluation cases: what is read, and what is refused with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cases import Case, load_dataset
from bot.errors import BadInput
from tests.commandline import EXAMPLES, run

GOOD = {
    "id": "c1",
    "question": "Who?",
    "answerable": True,
    "answers": ["Ann"],
    "evidence": [{"article_id": "a", "start": 0, "end": 3}],
    "need": "all",
    "type": "who",
}


def folder(tmp_path: Path, *lines: object, articles: bool = True) -> Path:
    written = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    (tmp_path / "cases.jsonl").write_bytes(b"\n".join(written))
    if articles:
        (tmp_path / "articles.jsonl").write_text('{"id": "a", "text": "Ann came."}\n')
    return tmp_path


def test_cases_are_read_in_order_from_a_folder_or_its_file(tmp_path: Path) -> None:
    path = folder(tmp_path, GOOD, b"", {**GOOD, "id": "c2", "need": "any", "type": None})
    found = load_dataset(path)
    assert [case.id for case in found.cases] == ["c1", "c2"]
    assert found.articles == path / "articles.jsonl"
    assert load_dataset(path / "cases.jsonl") == found
    assert found.cases[0].evidence[0].end == 3
    assert found.cases[0].need == "all"


def test_a_case_without_type_is_grouped_by_whether_it_can_be_answered() -> None:
    case = Case.model_validate({**GOOD, "type": None})
    assert case.group == "answerable"
    assert case.model_copy(update={"answerable": False}).group == "not answerable"
    assert Case.model_validate(GOOD).group == "who"


def without(key: str) -> dict[str, object]:
    return {name: value for name, value in GOOD.items() if name != key}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"no json", "not JSON"),
        (b"\xff\xfe\xfd", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": %s}' % (b"9" * 10_000), "not JSON"),
        (b"[]", "the line: "),
        (b"null", "the line: "),
        (without("id"), "id: field required"),
        (without("question"), "question: field required"),
        (without("answerable"), "answerable: field required"),
        ({**GOOD, "question": ""}, "the question: is empty"),
        ({**GOOD, "question": " \u200b"}, "the question: is empty"),
        ({**GOOD, "question": "x" * 4_001}, "the question: has 4,001 characters"),
        ({**GOOD, "question": 7}, "question: "),
        ({**GOOD, "need": "some"}, "need: "),
        ({**GOOD, "evidence": []}, "an answerable case without evidence"),
        ({**GOOD, "evidence": [{"start": 0, "end": 1}]}, "evidence.0.article_id: field required"),
        ({**GOOD, "evidence": [{**GOOD["evidence"][0], "start": -1}]}, "evidence.0.start: "),  # type: ignore[index]
        ({**GOOD, "evidence": [{**GOOD["evidence"][0], "start": 3}]}, "must end after its start"),  # type: ignore[index]
    ],
)
def test_the_first_broken_line_is_named(tmp_path: Path, line: object, reason: str) -> None:
    path = folder(tmp_path, GOOD, b"", line, GOOD)
    with pytest.raises(BadInput) as caught:
        load_dataset(path)
    assert str(caught.value).startswith(f"{path / 'cases.jsonl'}, line 3: ")
    assert reason in str(caught.value)
    ran = run("eval", path)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert "cases.jsonl, line 3: " in ran.err


def test_a_missing_file_and_an_empty_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"cases\.jsonl: no such file") as caught:
        load_dataset(tmp_path)
    assert caught.value.remedy == "An evaluation folder holds both."
    with pytest.raises(BadInput, match=r"articles\.jsonl: no such file"):
        load_dataset(folder(tmp_path, GOOD, articles=False))
    with pytest.raises(BadInput, match=r"cases\.jsonl: holds no case"):
        load_dataset(folder(tmp_path, b"", b"  "))


def test_the_cases_of_the_examples_are_read() -> None:
    found = load_dataset(EXAMPLES / "eval").cases
    assert len(found) == 40
    assert sum(not case.answerable for case in found) == 12
