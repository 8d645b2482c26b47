"""The verifier as a whole: the table of newswire claims, alterations, hostile text, widening."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.verification.problems import Kind
from bot.verification.support import EmbeddingScorer, LexicalScorer
from bot.verify import LONGEST_CLAIM, CitedSentence, Floors, Widening, verify
from index.embed.hash import HashEmbedder
from tests.verification_cases import KNOWN_MISSES, Case, cases

CASES = cases()
SUPPORTED = [case for case in CASES if case.verdict == "supported"]
FERRY = CitedSentence(
    "The ferry ran aground off Cape Sorrel on Wednesday with 212 passengers on board.",
    date(2026, 9, 4),
)
HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(list("0123456789,.:/-%$€'\"“”‘’[]… \n½²٣ⅧİßŁ\u0301\ud800\u202e")),
    ),
    max_size=200,
)
WORDS = st.lists(
    st.sampled_from(
        [
            "The",
            "U.S.",
            "not",
            "never",
            "denied",
            "said",
            "allegedly",
            "may",
            "will",
            "Putin",
            "Syria",
            "killed",
            "shot",
            "by",
            "from",
            "to",
            "5",
            "five",
            "hundred",
            "million",
            "1,200",
            "3.5m",
            "$",
            "%",
            "-",
            "and",
            "a",
            "half",
            "between",
            "Tuesday",
            "Sept.",
            "2",
            "2026",
            "last",
            "week",
            "one",
            "no.",
            '"rose"',
            "fell",
            ",",
            ".",
            ";",
            "(",
            ")",
            "[",
            "]",
            "'",
        ]
    ),
    max_size=40,
).map(" ".join)


class FixedScorer:
    """Gives the same score to everything and counts how often it is asked."""

    def __init__(self, score: float) -> None:
        self.value = score
        self.asked = 0

    def score(self, claim: str, sentences: Sequence[str]) -> float:
        self.asked += 1
        return self.value


def kinds(claim: str, *sentences: str, question: str = "") -> set[Kind]:
    cited = [CitedSentence(sentence, date(2026, 9, 4)) for sentence in sentences]
    return {problem.kind for problem in verify(claim, cited, question).problems}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim[:70])
def test_each_claim_of_the_table_gets_its_verdict(case: Case) -> None:
    found = verify(case.claim, case.cited, case.question)
    assert found.verdict == case.verdict, found.problems
    assert bool(found.problems) == (case.verdict != "supported")


def test_the_table_has_as_many_subtle_claims_as_it_should() -> None:
    assert len(CASES) >= 150
    assert sum(case.subtle for case in CASES) >= 60
    assert len({case.claim for case in CASES}) == len(CASES)


@pytest.mark.parametrize("miss", KNOWN_MISSES)
def test_known_misses_are_still_missed(miss: tuple[str, str, str]) -> None:
    # When this fails the verifier has become better: move the claim into the table.
    assert verify(miss[0], [CitedSentence(text) for text in miss[1:]]).verdict == "supported"


@pytest.mark.parametrize("case", SUPPORTED, ids=lambda case: case.claim[:70])
def test_a_supported_claim_with_another_digit_is_never_supported(case: Case) -> None:
    given = {char for each in case.cited for char in each.text}
    for at, char in enumerate(case.claim):
        if not char.isdecimal():
            continue
        for other in "123456789":
            altered = case.claim[:at] + other + case.claim[at + 1 :]
            if other != char and other not in given:
                assert verify(altered, case.cited, case.question).verdict != "supported", altered


@pytest.mark.parametrize("case", SUPPORTED, ids=lambda case: case.claim[:70])
def test_a_sentence_denied_is_not_supported_by_itself(case: Case) -> None:
    for sentence in case.cited:
        if " was " in sentence.text or " were " in sentence.text:
            denied = sentence.text.replace(" was ", " was not ").replace(" were ", " were not ")
            assert verify(denied, [sentence]).verdict != "supported", denied


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim[:70])
def test_every_sentence_supports_itself(case: Case) -> None:
    for at, sentence in enumerate(case.cited):
        found = verify(sentence.text, case.cited)
        assert (found.verdict, found.used) == ("supported", (at,))
        again = verify(f"{sentence.text} Indeed", [sentence], floors=Floors(0, 0, 0, 0))
        assert {problem.kind for problem in again.problems} <= {"quotation"}


@settings(max_examples=150, deadline=None)
@given(HOSTILE, st.lists(HOSTILE, max_size=3), HOSTILE)
def test_no_text_makes_it_raise(claim: str, sentences: list[str], question: str) -> None:
    cited = [CitedSentence(text, date.max, text, text, text, text) for text in sentences]
    found = verify(claim, cited, question, scorer=EmbeddingScorer(HashEmbedder()))
    assert set(found.used) <= set(range(len(cited)))
    assert 0 <= found.coverage <= 1


@settings(max_examples=150, deadline=None)
@given(WORDS, st.lists(WORDS, min_size=1, max_size=3))
def test_no_jumble_of_telling_words_makes_it_raise(claim: str, sentences: list[str]) -> None:
    cited = [CitedSentence(text, date.min, before=text[::-1]) for text in sentences]
    found = verify(claim, cited)
    assert (found.verdict == "supported") == (not found.problems)


@pytest.mark.parametrize(
    "unit",
    [
        "not ",
        "5 ",
        "1-2 ",
        "may A ",
        "A, ",
        '"',
        "'a ",
        "[",
        "five hundred ",
        "1 million ",
        "a.",
        "é",
        "İ",
        "Smith was sued by Jones ",
        "from A to B ",
        "2 May ",
        "Tuesday ",
        "東京",
        "over 5 km ",
    ],
)
def test_the_time_is_linear_in_a_hostile_sentence(unit: str) -> None:
    def took(length: int) -> float:
        text = (unit * length)[: 5 * length]
        started = time.process_time()
        verify("Smith said on Tuesday that 5 of 12 were not hurt.", [CitedSentence(text)])
        return time.process_time() - started

    took(100)
    short, long = took(400), took(3200)
    assert long < 0.05 + 40 * max(short, 0.002)


def test_a_claim_without_sentences_is_uncited() -> None:
    assert verify("It rained.", []).verdict == "uncited"


def test_a_claim_without_words_is_not_supported() -> None:
    for claim in ("", "   ", "…", "?!"):
        assert verify(claim, [FERRY]).verdict == "unsupported"


def test_a_claim_too_long_for_a_statement_is_refused_unread() -> None:
    found = verify("The ferry ran aground. " * LONGEST_CLAIM, [FERRY])
    assert [problem.kind for problem in found.problems] == ["length"]


def test_a_low_score_withholds_and_a_middling_one_makes_it_partly_supported() -> None:
    claim = "The ferry ran aground off Cape Sorrel."
    verdicts = [verify(claim, [FERRY], scorer=FixedScorer(s)).verdict for s in (0.1, 0.4, 0.9)]
    assert verdicts == ["unsupported", "partly supported", "supported"]


def test_a_high_score_does_not_save_a_wrong_figure() -> None:
    found = verify("The ferry had 221 passengers on board.", [FERRY], scorer=FixedScorer(1.0))
    assert found.verdict == "unsupported"
    assert found.score == 1.0


def test_without_a_scorer_there_is_no_score() -> None:
    assert verify("The ferry ran aground.", [FERRY]).score is None


def test_a_sentence_that_adds_nothing_is_dropped() -> None:
    rain = CitedSentence("Rain fell on the harbour all day.", date(2026, 9, 4))
    hurt = CitedSentence("Twenty-six people were hurt.", date(2026, 9, 4))
    found = verify("The ferry ran aground and 26 people were hurt.", [rain, FERRY, hurt])
    assert (found.verdict, found.used) == ("supported", (1, 2))


def test_of_two_sentences_that_say_the_same_one_is_enough() -> None:
    again = CitedSentence("On Wednesday the ferry ran aground.", date(2026, 9, 4))
    found = verify("The ferry ran aground off Cape Sorrel.", [again, FERRY])
    assert found.used == (1,)


def test_a_neighbour_that_completes_the_claim_is_proposed() -> None:
    hurt = CitedSentence("Twenty-six people were hurt.", date(2026, 9, 4), before=FERRY.text)
    found = verify("Twenty-six of the 212 passengers of the ferry were hurt.", [hurt])
    assert found.verdict == "supported"
    assert found.widened == Widening(0, "before")


def test_a_neighbour_does_not_help_against_a_wrong_figure() -> None:
    hurt = CitedSentence("Twenty-six people were hurt.", date(2026, 9, 4), before=FERRY.text)
    found = verify("Twenty-nine passengers of the ferry were hurt.", [hurt])
    assert (found.verdict, found.widened) == ("unsupported", None)


def test_what_the_question_names_need_not_be_in_the_sentence() -> None:
    sentence = CitedSentence("The ship had 212 passengers on board.")
    claim = "The Aurelle had 212 passengers on board."
    assert verify(claim, [sentence]).verdict == "unsupported"
    assert verify(claim, [sentence], "How many people were on the Aurelle?").verdict == "supported"


def test_each_kind_of_problem_is_named() -> None:
    said = "Smith allegedly sued Jones in 2019 for $5 million, the court said."
    assert "number" in kinds("Smith allegedly sued Jones for $6 million.", said)
    assert kinds("Smith allegedly sued Jones in 2018.", said) == {"date"}
    assert "name" in kinds("Smith allegedly sued Harris in 2019.", said)
    assert "modality" in kinds("Smith sued Jones in 2019.", said)
    assert "roles" in kinds("Jones allegedly sued Smith in 2019.", said)
    assert "negation" in kinds("Smith allegedly never sued Jones in 2019.", said)
    assert kinds('The court said Smith allegedly "attacked" Jones.', said) >= {"quotation"}
    assert "opposite" in kinds("Prices rose on Monday.", "Prices fell on Monday.")


def test_the_lexical_scorer_counts_shared_words() -> None:
    scorer = LexicalScorer()
    assert scorer.score("The ferry ran aground.", [FERRY.text]) == 1.0
    assert scorer.score("Bananas ripen slowly.", [FERRY.text]) == 0.0
    assert scorer.score("Anything", []) == 0.0


def test_the_embedding_scorer_ranks_what_is_meant_above_what_is_not() -> None:
    scorer = EmbeddingScorer(HashEmbedder())
    near = scorer.score("The ferry ran aground.", [FERRY.text])
    far = scorer.score("Bananas ripen slowly.", [FERRY.text])
    assert 0 <= far < near <= 1
    assert scorer.score("", [FERRY.text]) == scorer.score("Bananas", []) == 0.0
