"""The BM25 index: what is found, how it is filtered and scored, and what survives accidents."""

from __future__ import annotations

import ast
import math
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.lexical_quality import quality, read
from index.errors import DamagedGeneration, DiskFull, IndexFault, WriterBusy
from index.lexical import LexicalDoc, LexicalIndex, Scope, question_terms, terms
from index.lexical.damage import engine_errors

ROOT = Path(__file__).resolve().parent.parent
TEXTS = (
    "The helicopter was flying from Aleppo to Latakia when it was shot down.",
    "Lt. Gen. Sergei F. Rudskoi confirmed that five people had died.",
    "No group has claimed responsibility for the attack, Putin’s spokesman said.",
    "Erdoğan visited Straße 12 in Zürich; the U.S. sent $3.5 million and 1,500 tents.",
    "東京都の知事は月曜日に辞任した。",
    "The helicopters of the coast guard flew home.",
)


def docs_of(texts: tuple[str, ...] | list[str], header: str = "") -> list[LexicalDoc]:
    return [LexicalDoc(row, text, header) for row, text in enumerate(texts)]


def filled(folder: Path, texts: tuple[str, ...] | list[str] = TEXTS) -> LexicalIndex:
    index = LexicalIndex.create(folder)
    index.add_passages(docs_of(texts))
    index.add_sentences(docs_of(texts))
    index.commit()
    return index


def rows(found: list[tuple[int, float]]) -> list[int]:
    return [row for row, _ in found]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return filled(tmp_path_factory.mktemp("generation") / "lexical")


# What the words of a text become.


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Erdoğan", "erdogan"),
        ("Erdog\u0306an", "ERDOĞAN"),
        ("İstanbul", "istanbul"),
        ("Straße", "strasse"),
        ("Łódź", "Lodz"),
        ("ΟΔΟΣ", "οδος"),
        ("Putin's", "Putin"),
        ("Putin’s", "Putin"),
        ("U.S.", "US"),
        ("U.S.-backed", "US backed"),
        ("a.m.", "AM"),
        ("1,500", "1500"),
        ("12,345,678", "12345678"),
        ("$3.5", "3.5"),
        ("cease-fire", "cease fire"),
        ("co\u00adoperate", "cooperate"),
        ("confirmed", "confirms"),
        ("ﬁre", "fire"),
    ],
)
def test_two_spellings_of_one_word_become_the_same_terms(one: str, other: str) -> None:
    assert terms(one) == terms(other) != []


def test_a_decimal_number_stays_whole_and_a_date_with_dots_gives_its_year() -> None:
    assert terms("3.5") == ["3.5"]
    assert "2026" in terms("5.3.2026")


def test_scripts_without_spaces_become_overlapping_pairs() -> None:
    assert terms("東京都") == ["東京", "京都"]
    assert terms("都") == ["都"]


def test_function_words_leave_a_question_only_while_another_word_remains() -> None:
    assert question_terms("What is the name of the pilot?") == ["name", "pilot"]
    assert question_terms("to be or not to be") == ["not"]
    assert question_terms("What was that?") == ["what", "was", "that"]
    assert "who" in question_terms("What did the WHO say?")


def test_a_word_asked_twice_counts_once(index: LexicalIndex) -> None:
    assert index.passages("helicopter helicopters", 3) == index.passages("helicopter", 3)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_terms_of_a_header_and_a_text_are_the_terms_of_each(header: str, text: str) -> None:
    assert terms(f"{header}\n{text}") == terms(header) + terms(text)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_a_text_is_found_by_each_of_its_terms_and_by_no_other(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    made = LexicalIndex.create(tmp_path_factory.mktemp("property"))
    made.add_sentences(docs_of(texts))
    made.commit()
    for term in {term for text in texts for term in terms(text)}:
        holders = [row for row, text in enumerate(texts) if term in terms(text)]
        assert made.doc_freq(term) == len(holders)
    for text in texts:
        wanted = set(question_terms(text))
        expected = {row for row, other in enumerate(texts) if wanted & set(terms(other))}
        assert set(rows(made.sentences(text, len(texts)))) == expected
    made.close()


# Questions are words, never syntax.

HOSTILE = (
    '"helicopter',
    "helicopter AND NOT",
    "text:helicopter",
    "ordinal:[0 TO *] helicopter",
    "helicopter* OR (",
    "NEAR(helicopter, 5",
    "+helicopter -helicopter",
    "helicopter^100 ~2 \\",
    "helicopter\x00",
    "\ud800 helicopter",
    "IN [helicopter]",
    "*:helicopter",
)


@pytest.mark.parametrize("question", HOSTILE)
def test_a_question_full_of_syntax_is_a_question_of_its_words(
    index: LexicalIndex, question: str
) -> None:
    assert set(rows(index.passages(question, 10))) >= {0, 5}
    assert index.score_passages(question, [0])[0] > 0


@pytest.mark.parametrize("question", ["", "   ", "?!", "\x00", "\ud800", "zyzzyva", "-" * 50_000])
def test_a_question_without_a_known_word_finds_nothing(index: LexicalIndex, question: str) -> None:
    assert index.passages(question, 10) == []
    assert index.sentences(question, 10, Scope(0, 1, "x")) == []
    assert index.score_passages(question, [0, 1]).tolist() == [0.0, 0.0]


def test_a_question_of_ten_thousand_words_is_answered_by_its_rarest_words(tmp_path: Path) -> None:
    many = [f"common{n % 100} filler" for n in range(300)] + ["the pilot of the helicopter"]
    made = filled(tmp_path / "i", many)
    question = " ".join(f"common{n % 100}" for n in range(9_999)) + " pilot"
    found = made.passages("pilot " + question, 1_000)
    assert 300 in rows(found)
    assert len(found) == 1 + 63 * 3  # 64 words are searched: the rarest, and 63 held by three each


@settings(max_examples=100, deadline=None)
@given(question=st.text(max_size=200), k=st.integers(-1, 8), outlet=st.none() | st.text())
def test_any_question_at_all_is_answered_without_a_fault(
    index: LexicalIndex, question: str, k: int, outlet: str | None
) -> None:
    found = index.sentences(question, k, Scope(outlet=outlet))
    assert len(found) <= max(k, 0)
    assert index.score_sentences(question, range(6)).shape == (6,)


# Scores and their order.


def test_scores_are_okapi_bm25(tmp_path: Path) -> None:
    texts = ["flood river", "flood bridge", "storm night"]  # equal lengths: no length effect
    made = filled(tmp_path / "i", texts)
    idf = math.log1p((3 - 2 + 0.5) / (2 + 0.5))
    assert made.idf("flood") == pytest.approx(idf)
    found = made.sentences("flood", 3)
    assert rows(found) == [0, 1]
    assert found[0][1] == pytest.approx(idf * (1.2 + 1) / (1 + 1.2), rel=1e-5)


def test_length_weighs_as_in_bm25_with_a_softened_b(tmp_path: Path) -> None:
    texts = [" ".join(["flood", *(["other"] * (n - 1))]) for n in (4, 16, 28)]  # mean 16
    made = filled(tmp_path / "i", texts)
    b = 0.75 * 16 / (16 + 24)
    idf = made.idf("flood")
    for row, length in enumerate((4, 16, 28)):
        expected = idf * 2.2 / (1 + 1.2 * (1 - b + b * length / 16))
        score = made.score_sentences("flood", [row])[0]
        assert score == pytest.approx(expected, rel=0.02)  # a length is rounded to a byte


def test_the_mute_terms_cannot_be_asked_for(tmp_path: Path) -> None:
    made = filled(tmp_path / "i", ["a flood\0\0", "a storm"])
    assert terms("a\0b\0") == ["a", "b"]
    assert made.sentences("\0", 5) == []
    assert made.doc_freq("\0") == 2


def test_given_rows_get_the_score_a_search_gives_them(tmp_path: Path) -> None:
    texts = [f"{TEXTS[n % 6]} {TEXTS[n % 4]} number {n % 11} and {n % 7}" for n in range(500)]
    made = filled(tmp_path / "i", texts)
    for question in ("helicopter 3 shot", "who confirmed 5 died", "the spokesman of the U.S."):
        searched = dict(made.passages(question, 500))
        asked = [*reversed(range(500)), 7, 10_000]
        scores = made.score_passages(question, asked)
        assert scores.dtype == np.float64
        expected = [searched.get(row, 0.0) for row in asked]
        np.testing.assert_allclose(scores, expected, rtol=1e-5)


def test_equal_scores_come_by_ordinal_even_where_the_cut_falls_among_them(tmp_path: Path) -> None:
    made = LexicalIndex.create(tmp_path / "i")
    made.add_passages(LexicalDoc(row, "same words here") for row in reversed(range(300)))
    made.commit()
    assert rows(made.passages("words", 20)) == list(range(20))


def test_the_ranking_does_not_depend_on_the_number_of_commits(tmp_path: Path) -> None:
    texts = [f"{TEXTS[n % 6]} {TEXTS[n % 5]} {n % 13}" for n in range(60)]
    once = filled(tmp_path / "once", texts)
    often = LexicalIndex.create(tmp_path / "often")
    for at in range(0, 60, 15):
        often.add_passages(docs_of(texts)[at : at + 15])
        often.commit()
    for question in ("helicopter Aleppo 3", "claimed responsibility", "people died 12"):
        one, other = once.passages(question, 60), often.passages(question, 60)
        assert rows(one) == rows(other)
        np.testing.assert_allclose([s for _, s in one], [s for _, s in other], rtol=1e-5)


def test_a_header_is_searched_with_the_text(tmp_path: Path) -> None:
    made = LexicalIndex.create(tmp_path / "i")
    made.add_sentences(
        [LexicalDoc(0, "It burned.", "Mill fire\nHill Gazette"), LexicalDoc(1, "Ice.")]
    )
    made.commit()
    assert rows(made.sentences("mill", 5)) == [0]
    assert made.doc_freq("gazett") == 1


# Filters, removal.


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    made = LexicalIndex.create(tmp_path_factory.mktemp("dated") / "lexical")
    outlets = (("The Post",), ("Hill  GAZETTE", "The Post"), (), ("Straße",))
    docs = [
        LexicalDoc(row, "flood", day=None if row == 7 else row - 2, outlets=outlets[row % 4])
        for row in range(8)
    ]
    made.add_passages(docs)
    made.add_sentences(docs)
    made.commit()
    return made


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (None, {0, 1, 2, 3, 4, 5, 6, 7}),
        (Scope(), {0, 1, 2, 3, 4, 5, 6, 7}),
        (Scope(since_day=2), {4, 5, 6}),
        (Scope(until_day=-1), {0, 1}),
        (Scope(since_day=0, until_day=0), {2}),
        (Scope(since_day=3, until_day=2), set()),
        (Scope(outlet="the post"), {0, 1, 4, 5}),
        (Scope(outlet=" hill gazette "), {1, 5}),
        (Scope(outlet="STRASSE"), {3, 7}),
        (Scope(outlet="post"), set()),
        (Scope(outlet=""), set()),
        (Scope(since_day=1, outlet="The Post"), {4, 5}),
    ],
)
def test_a_scope_lets_through_its_days_and_its_outlet(
    dated: LexicalIndex, scope: Scope | None, expected: set[int]
) -> None:
    assert set(rows(dated.passages("flood", 50, scope))) == expected
    assert set(rows(dated.sentences("floods", 50, scope))) == expected


def test_a_filter_does_not_change_scores(dated: LexicalIndex) -> None:
    everything = dict(dated.passages("flood", 50))
    for row, score in dated.passages("flood", 50, Scope(since_day=0, outlet="the post")):
        assert score == pytest.approx(everything[row], rel=1e-6)


def test_removed_rows_are_found_no_more_and_their_ordinal_can_be_used_again(tmp_path: Path) -> None:
    made = filled(tmp_path / "i")
    made.remove([0, 12345], [5])
    made.add_passages([LexicalDoc(0, "a pilot was rescued")])
    made.commit()
    assert rows(made.passages("helicopter", 10)) == [5]
    assert rows(made.sentences("helicopter", 10)) == [0]
    assert rows(made.passages("pilot", 10)) == [0]
    assert made.score_passages("helicopter", [0]).tolist() == [0.0]
    assert 0 < made.removed_share() < 0.5


# Durability.


def test_nothing_is_seen_before_the_commit_and_close_drops_it(tmp_path: Path) -> None:
    made = filled(tmp_path / "i")
    made.add_passages([LexicalDoc(90, "uncommitted words")])
    made.close()
    assert LexicalIndex.open(tmp_path / "i").passages("uncommitted", 5) == []


def test_a_copy_is_updated_while_readers_of_the_original_keep_what_they_opened(
    tmp_path: Path,
) -> None:
    filled(tmp_path / "old").close()
    reader = LexicalIndex.open(tmp_path / "old")
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    copy = LexicalIndex.open(tmp_path / "new")
    copy.remove([0], [0])
    copy.add_passages([LexicalDoc(50, "a helicopter landed")])
    copy.commit()
    copy.close()
    assert set(rows(reader.passages("helicopter", 9))) == {0, 5}
    assert set(rows(LexicalIndex.open(tmp_path / "old").passages("helicopter", 9))) == {0, 5}
    assert set(rows(LexicalIndex.open(tmp_path / "new").passages("helicopter", 9))) == {5, 50}
    LexicalIndex.verify(tmp_path / "new")


def test_a_reader_in_another_process_can_open_what_was_committed(tmp_path: Path) -> None:
    writer = filled(tmp_path / "i")
    writer.add_passages([LexicalDoc(99, "in progress")])
    code = (
        "import sys; from pathlib import Path; from index.lexical import LexicalIndex;"
        "print(sorted(LexicalIndex.open(Path(sys.argv[1])).passages('helicopter progress', 9)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "i")], cwd=ROOT, capture_output=True, check=True
    )
    found = ast.literal_eval(ran.stdout.decode())
    assert rows(found) == [0, 5]


def test_kill_9_before_the_commit_leaves_the_last_commit_readable_and_writable(
    tmp_path: Path,
) -> None:
    filled(tmp_path / "i").close()
    code = """
        import sys, time
        from pathlib import Path
        from index.lexical import LexicalDoc, LexicalIndex
        index = LexicalIndex.open(Path(sys.argv[1]), heap_bytes=15_000_000)
        index.remove([0, 5], [0, 5])
        for row in range(100, 30_000):  # more than the heap holds, so that segments are flushed
            words = " ".join(f"w{(row * 31 + n) % 99_991}" for n in range(20))
            index.add_passages([LexicalDoc(row, words)])
            if row == 12_000:
                print("writing", flush=True)
        time.sleep(60)
    """
    killed = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "i")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert killed.stdout is not None
    assert killed.stdout.readline() == b"writing\n"
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    survivor = LexicalIndex.open(tmp_path / "i")
    assert set(rows(survivor.passages("helicopter", 9))) == {0, 5}
    survivor.add_passages([LexicalDoc(7, "a new helicopter")])
    survivor.commit()
    survivor.close()
    assert set(rows(LexicalIndex.open(tmp_path / "i").passages("helicopter", 9))) == {0, 5, 7}


def test_an_index_is_not_made_over_another(tmp_path: Path) -> None:
    filled(tmp_path / "i").close()
    with pytest.raises(IndexFault, match="holds a lexical index already"):
        LexicalIndex.create(tmp_path / "i")


def test_a_second_writer_is_told_that_another_one_is_at_work(tmp_path: Path) -> None:
    first = filled(tmp_path / "i")
    first.add_passages([LexicalDoc(20, "one")])
    second = LexicalIndex.open(tmp_path / "i")
    with pytest.raises(WriterBusy):
        second.add_passages([LexicalDoc(21, "two")])
    first.close()
    second.add_passages([LexicalDoc(21, "two")])
    second.commit()
    assert rows(second.passages("two one", 5)) == [21]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("An IO error occurred: No space left on device (os error 28)", DiskFull),
        ("Failed to acquire Lockfile: IoError(PermissionDenied)", IndexFault),
        ("footer magic byte mismatch", DamagedGeneration),
    ],
)
def test_the_engines_errors_become_ours(message: str, expected: type[IndexFault]) -> None:
    with pytest.raises(expected, match="folder") as caught, engine_errors(Path("folder")):
        raise ValueError(message)
    assert type(caught.value) is expected
    assert caught.value.remedy


def test_other_errors_pass_through() -> None:
    with pytest.raises(KeyboardInterrupt), engine_errors(Path("folder")):
        raise KeyboardInterrupt


def biggest(folder: Path, suffix: str) -> Path:
    return max(folder.glob(f"passages/*{suffix}"), key=lambda path: path.stat().st_size)


def test_a_folder_that_is_not_there_is_a_damaged_generation_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(DamagedGeneration, match="nowhere"):
        LexicalIndex.open(tmp_path / "nowhere")


@pytest.mark.parametrize("suffix", [".idx", ".term", ".fast", "meta.json", ".fieldnorm"])
def test_a_missing_or_shortened_file_is_noticed_when_the_index_is_opened(
    tmp_path: Path, suffix: str
) -> None:
    filled(tmp_path / "generation-7").close()
    victim = biggest(tmp_path / "generation-7", suffix)
    content = victim.read_bytes()
    victim.write_bytes(content[:-3])
    with pytest.raises(DamagedGeneration, match=f"generation-7.*{suffix}") as caught:
        LexicalIndex.open(tmp_path / "generation-7")
    assert "rebuild" in caught.value.remedy
    victim.unlink()
    with pytest.raises(DamagedGeneration, match="missing"):
        LexicalIndex.open(tmp_path / "generation-7")


def test_an_altered_byte_is_found_by_verify(tmp_path: Path) -> None:
    filled(tmp_path / "i").close()
    LexicalIndex.verify(tmp_path / "i")
    victim = biggest(tmp_path / "i", ".term")
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 0xFF
    victim.write_bytes(content)
    with pytest.raises(DamagedGeneration, match="altered"):
        LexicalIndex.verify(tmp_path / "i")


@pytest.mark.parametrize(
    "stamp", ["", "{", "[]", '{"format": 1}', '{"format": 1, "passages": 1, "files": {"a": 1}}']
)
def test_a_stamp_that_is_no_stamp_is_damage(tmp_path: Path, stamp: str) -> None:
    filled(tmp_path / "i").close()
    (tmp_path / "i" / "lexical.json").write_text(stamp)
    with pytest.raises(DamagedGeneration, match=r"lexical\.json"):
        LexicalIndex.open(tmp_path / "i")


def test_an_index_of_another_format_is_refused(tmp_path: Path) -> None:
    filled(tmp_path / "i").close()
    stamp = tmp_path / "i" / "lexical.json"
    stamp.write_text(stamp.read_text().replace('"format": 1', '"format": 99'))
    with pytest.raises(DamagedGeneration, match="format 99, expected 1"):
        LexicalIndex.open(tmp_path / "i")


def test_two_kinds_of_two_commits_are_refused(tmp_path: Path) -> None:
    filled(tmp_path / "i").close()
    shutil.copytree(tmp_path / "i", tmp_path / "j")
    later = LexicalIndex.open(tmp_path / "j")
    later.remove([1], [1])
    later.commit()
    later.close()
    shutil.rmtree(tmp_path / "i" / "sentences")
    shutil.copytree(tmp_path / "j" / "sentences", tmp_path / "i" / "sentences")
    with pytest.raises(DamagedGeneration):
        LexicalIndex.open(tmp_path / "i")


# Quality, on open data.


@pytest.mark.shared_data
def test_bm25_of_sentences_ranks_squad_better_than_the_reference(tmp_path: Path) -> None:
    place = Path(os.environ.get("FOOTNOTE_SHARED_DATA", ROOT.parent / "shared" / "data")) / "squad"
    if not place.exists():
        pytest.skip("the open evaluation data (squad) is not here; set FOOTNOTE_SHARED_DATA")
    folder = read(place)
    index = LexicalIndex.create(tmp_path / "i")
    pairs = zip(folder.headers, folder.texts, strict=True)
    index.add_sentences(LexicalDoc(row, text, header) for row, (header, text) in enumerate(pairs))
    index.commit()
    first, ten, reciprocal = quality(folder.cases, lambda q: rows(index.sentences(q, 10)))
    assert first > 0.70
    assert ten > 0.90
    assert reciprocal > 0.77
