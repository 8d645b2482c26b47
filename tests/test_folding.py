from hypothesis import given
from hypothesis import strategies as st

from index.sentences.folding import TELLING_WORDS, fold, is_telling, words


@given(st.text())
def test_a_fold_is_a_signed_64_bit_number_and_always_the_same(text):
    assert -(2**63) <= fold(text) < 2**63
    assert fold(text) == fold(text)


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=12))
def test_case_punctuation_and_white_space_make_no_difference(given_words):
    plain = " ".join(given_words)
    dressed = "“" + ",\n  ".join(word.upper() for word in given_words) + "!”"
    assert fold(plain) == fold(dressed)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_another_number_is_another_sentence(a, b):
    same = fold(f"The quake killed {a} people.") == fold(f"The quake killed {b} people.")
    assert same == (a == b)


def test_joined_words_are_other_words():
    assert fold("the rapist left") != fold("therapist left")


def test_signs_and_lone_surrogates_are_no_reason_to_stop():
    assert words("…!?—") == []
    assert fold("\ud800") == fold("")


def test_a_sentence_of_few_words_does_not_tell_a_copy():
    assert not is_telling(["word"] * (TELLING_WORDS - 1))
    assert is_telling(["word"] * TELLING_WORDS)
