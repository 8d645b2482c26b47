"""Where a quote is after its article was edited: a table of edits, and properties."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.anchors import FLOOR, Anchor, Quote, resolve
from index.anchors.closest import closest, in_order, tokens
from index.anchors.respelt import Respelt, respell
from index.links import quote_context
from index.sentences import split

BEFORE = "Ferry runs aground off Osk\n\nThe Aurelle left Port Maren at 8:55 p.m. on Wednesday."
CITED = (
    "Lt. Gen. Ansel K. Brandt said that 26 people were hurt, “two of them badly,”"
    " when the ferry struck the Teal Bank."
)
AFTER = "The tug Hanne Dorn reached the ship at 3:50 p.m.\n\nThe cause is not known."
ARTICLE = f"{BEFORE} {CITED} {AFTER}\n"


def quote_of(text: str, exact: str, nth: int = 0) -> Quote:
    start = -1
    for _ in range(nth + 1):
        start = text.index(exact, start + 1)
    end = start + len(exact)
    return Quote(exact, *quote_context(text, start, end), start, end)


def resolve_edit(old: str, new: str, exact: str, nth: int = 0) -> Anchor:
    anchor = resolve(quote_of(old, exact, nth), new)
    if anchor.state == "gone":
        assert (anchor.start, anchor.end, anchor.text) == (None, None, None)
        assert 0 <= anchor.score < FLOOR
    else:
        assert anchor.start is not None
        assert anchor.text == new[anchor.start : anchor.end]
        assert anchor.text == anchor.text.strip() != ""
        assert 0 < anchor.score <= 1
    return anchor


def put(old: str, new: str) -> str:
    assert ARTICLE.count(old) == 1, old
    return ARTICLE.replace(old, new)


STRAIGHT = CITED.replace("“", '"').replace("”", '"')

EDITS = {
    # Nothing that matters to the sentence.
    "nothing": (ARTICLE, "same", CITED),
    "a later sentence was corrected": (put("3:50", "4:10"), "same", CITED),
    "a paragraph was added at the end": (ARTICLE + "\nMore to follow.", "same", CITED),
    "the sentence before got another ending of one length": (
        put("Wednesday.", "Thursdays."), "same", CITED),
    "quotes were made straight": (put(CITED, STRAIGHT), "same", STRAIGHT),
    "a space became a no-break space": (
        put("26 people", "26\u00a0people"), "same", CITED.replace("26 ", "26\u00a0")),
    "the line was wrapped": (
        put("hurt, “two", "hurt,\n“two"), "same", CITED.replace("hurt, ", "hurt,\n")),
    "a soft hyphen was put in": (
        put("struck", "stru\u00adck"), "same", CITED.replace("struck", "stru\u00adck")),
    # It moved.
    "a paragraph was inserted above": ("Updated at noon.\n\n" + ARTICLE, "moved", CITED),
    "the paragraph before was deleted": (
        put("Ferry runs aground off Osk\n\n", ""), "moved", CITED),
    "the sentence before was deleted": (
        put("The Aurelle left Port Maren at 8:55 p.m. on Wednesday. ", ""), "moved", CITED),
    "it went to the end": (
        put(f" {CITED}", "").rstrip("\n") + f"\n\n{CITED}\n", "moved", CITED),
    "it went to the top": (f"{CITED}\n\n" + put(f" {CITED}", ""), "moved", CITED),
    "line ends became CRLF": (ARTICLE.replace("\n", "\r\n"), "moved", CITED),
    "a byte-order mark was put in front": ("\ufeff" + ARTICLE, "moved", CITED),
    "it moved and its quotes were made straight": (
        "Updated.\n\n" + put(CITED, STRAIGHT), "moved", STRAIGHT),
    "the article appears twice": (f"Read again:\n\n{ARTICLE}\n{ARTICLE}", "moved", CITED),
    # Its words changed.
    "a figure was corrected": (
        put("26 people", "27 people"), "changed", CITED.replace("26", "27")),
    "a figure got a digit more": (
        put("26 people", "260 people"), "changed", CITED.replace("26", "260")),
    "a figure was written out": (
        put("26 people", "Twenty-six people"), "changed", CITED.replace("26", "Twenty-six")),
    "a name was changed": (
        put("Ansel K. Brandt", "Anton K. Brandt"), "changed", CITED.replace("Ansel", "Anton")),
    "a name got another accent": (
        put("Brandt", "Brändt"), "changed", CITED.replace("Brandt", "Brändt")),
    "a negation was added": (
        put("people were hurt", "people were not hurt"), "changed",
        CITED.replace("were", "were not")),
    "a denial was added": (
        put("Brandt said that", "Brandt denied that"), "changed",
        CITED.replace("said", "denied")),
    "a typo was fixed": (
        put("badly", "seriously"), "changed", CITED.replace("badly", "seriously")),
    "a letter's case was changed": (
        put("ferry struck", "Ferry struck"), "changed", CITED.replace("ferry", "Ferry")),
    "a comma was taken out": (
        put("hurt, “two", "hurt “two"), "changed", CITED.replace("hurt,", "hurt")),
    "a clause was added": (
        put("Teal Bank.", "Teal Bank, which the chart shows."), "changed",
        CITED.replace("Bank.", "Bank, which the chart shows.")),
    "a clause was cut": (
        put(", “two of them badly,”", ""), "changed", CITED.replace(", “two of them badly,”", "")),
    "it became a question": (
        put("Teal Bank.", "Teal Bank?"), "changed", CITED.replace("Bank.", "Bank?")),
    "a sentence was put before and a figure corrected": (
        "Updated at noon.\n\n" + put("26 people", "31 people"), "changed",
        CITED.replace("26", "31")),
    "the order of its clauses was turned": (
        put(CITED, "When the ferry struck the Teal Bank, 26 people were hurt, “two of them badly,”"
            " Lt. Gen. Ansel K. Brandt said."), "changed",
        "When the ferry struck the Teal Bank, 26 people were hurt, “two of them badly,”"
        " Lt. Gen. Ansel K. Brandt said."),
    "it was split in two": (
        put(" when the ferry struck the Teal Bank.", " he added. The ferry struck the Teal Bank."),
        "changed",
        CITED.replace(" when the ferry", " he added. The ferry")),
    "it was merged with the next": (
        put("Teal Bank. The tug", "Teal Bank, and the tug"), "changed",
        CITED[:-1] + ", and the tug Hanne Dorn reached the ship at 3:50 p.m."),
    "it was put into someone's mouth": (
        put(CITED, f"Nobody believed the report that {CITED}"), "changed",
        f"Nobody believed the report that {CITED}"),
    # It is no longer there.
    "it was deleted": (put(f" {CITED}", ""), "gone", None),
    "its paragraph was deleted": (BEFORE.split("\n")[0] + "\n", "gone", None),
    "it was written anew": (
        put(CITED, "Officials gave no account of the accident yesterday."), "gone", None),
    "the article was written anew": (
        "Port Maren gets a tidal barrier. The council voted for it at night.", "gone", None),
    "the article is empty": ("", "gone", None),
    "the article is white space": (" \n\n ", "gone", None),
}  # fmt: skip


@pytest.mark.parametrize(("new", "state", "words"), EDITS.values(), ids=EDITS)
def test_an_edit_of_the_article_is_told(new: str, state: str, words: str | None) -> None:
    anchor = resolve_edit(ARTICLE, new, CITED)
    assert (anchor.state, anchor.text) == (state, words)


def test_there_are_at_least_thirty_kinds_of_edit() -> None:
    assert len(EDITS) >= 30


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("5%", "6%"),
        ("€450", "$450"),
        ("3.4 metres", "3.4 miles"),
        ("12.5 knots", "125 knots"),
        ("1,106", "1.106"),
        ("8:55 p.m.", "8:55 a.m."),
        ("Sept. 7", "Sept. 8"),
        ("Tomas Varga", "Ilse Varga"),
        ("O’Ríordáin", "O’Riordan"),
        ("did reply", "did not reply"),
        ("can", "can’t"),
        ("raised", "left unchanged"),
        ("10²", "102"),
        ("all", "none"),
    ],
)
def test_a_changed_figure_name_unit_or_negation_is_changed(old: str, new: str) -> None:
    sentence = f"The harbour office told reporters about {old} after the ferry was moved."
    text = f"It rained all day.\n{sentence}\nNobody was surprised by it."
    edited = text.replace(sentence, sentence.replace(old, new))
    anchor = resolve_edit(text, edited, sentence)
    assert (anchor.state, anchor.text) == ("changed", sentence.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The toll rises to 26\n\nIt rained.", "The toll rises to 26.5\n\nIt rained."),
        ("The toll rises to 26\n\nIt rained.", "The toll rises to 260\n\nIt rained."),
        ("The toll rises to 26\n\nIt rained.", "The toll rises to 26%\n\nIt rained."),
        ("The toll rises to 26\n\nIt rained.", "The toll rises to 26 thousand\n\nIt rained."),
        ("The toll rises to 26\n\nIt rained.", "No: The toll rises to 26, false\n\nIt rained."),
        ("The toll rises to 26", "The toll rises to 26.5"),
        ("The toll rises to 26", "The toll rises to 26 thousand"),
    ],
)
def test_words_that_go_on_after_the_quote_change_it(old: str, new: str) -> None:
    assert resolve_edit(old, new, "The toll rises to 26").state == "changed"


def test_a_part_of_a_sentence_is_the_same_only_between_the_same_words() -> None:
    old = "The bank said that it had raised its rates on Monday."
    assert resolve_edit(old, "Update. " + old, "raised its rates").state == "moved"
    new = "The bank said that it had never raised its rates on Monday."
    assert resolve_edit(old, new, "raised its rates").state == "changed"


def test_of_two_equal_sentences_the_one_with_the_old_surroundings_is_taken() -> None:
    old = "Pumps failed at nine. The ship was aground again. Tugs came. The ship was aground again."
    new = "Updated.\n" + old
    for nth in (0, 1):
        anchor = resolve_edit(old, new, "The ship was aground again.", nth)
        place = quote_of(new, "The ship was aground again.", nth)
        assert (anchor.state, anchor.start) == ("moved", place.start)


def test_a_copy_elsewhere_does_not_hide_that_the_cited_sentence_changed() -> None:
    line = "In the port, 11 people were hurt."
    old = f"On Monday it rained.\n{line}\nA doctor came.\nOn Friday it snowed.\n{line}\nTwo left."
    new = f"On Monday it rained.\n{line}\nA doctor came.\nOn Friday it snowed.\n"
    new += "In the port, 14 people were hurt.\nTwo left."
    anchor = resolve_edit(old, new, line, 1)
    assert (anchor.state, anchor.text) == ("changed", "In the port, 14 people were hurt.")
    assert resolve_edit(old, new, line, 0).state == "same"


def test_a_short_answer_elsewhere_is_not_the_same_answer() -> None:
    old = "Q: Were you afraid of it?\n\nA: Yes.\n\nQ: Will you stay in the job?\n\nA: I will.\n"
    new = "Q: Is the tug here?\n\nA: Yes.\n\nQ: Has the mail boat been in today?\n\nA: I saw it.\n"
    anchor = resolve_edit(old, new.replace("A: Yes", "He: Yes"), "A: Yes.")
    assert anchor.state in ("changed", "gone")


def test_a_quote_without_context_moves_if_it_is_a_whole_sentence() -> None:
    quote = Quote("The tug came at dawn.", "", "", 40, 61)
    assert resolve(quote, "Rain fell. The tug came at dawn. Dusk.").state == "moved"
    assert (
        resolve(quote, "Rain fell. He denied that The tug came at dawn. Dusk.").state == "changed"
    )


def test_an_invented_quote_is_gone_from_a_megabyte_in_under_a_second() -> None:
    text = (ARTICLE + "\n") * (1_000_000 // len(ARTICLE))
    quote = Quote("Seven purple submarines denied the admiral’s plan.", "Yes. ", " No.", 9, 60)
    began = time.process_time()
    anchor = resolve(quote, text)
    elapsed = time.process_time() - began
    assert anchor.state == "gone"
    assert elapsed < 1  # of processor time, for other work may keep the machine busy


@pytest.mark.parametrize(
    "text",
    ["x" * 300_000, "the " * 75_000, "“a—b” " * 50_000, "-" * 300_000, "e\u0301" * 150_000,
     "tug the of " * 27_000, "№ 5 %%% " * 40_000],
)  # fmt: skip
def test_hostile_text_takes_no_more_than_linear_time(text: str) -> None:
    began = time.process_time()
    resolve(Quote("the tug of the 5 " * 200, "the ", " of", 7, 3_000), text)
    assert time.process_time() - began < 5


@given(st.text(max_size=60), st.text(max_size=10), st.text(max_size=10), st.text(max_size=200))
def test_any_quote_and_text_give_an_anchor_inside_the_text(
    exact: str, prefix: str, suffix: str, text: str
) -> None:
    anchor = resolve(Quote(exact, prefix, suffix, 3, 3 + len(exact)), text)
    if anchor.start is None or anchor.end is None:
        assert anchor.state == "gone"
    else:
        assert 0 <= anchor.start < anchor.end <= len(text)
        assert anchor.text == text[anchor.start : anchor.end]
    if anchor.state in ("same", "moved") and anchor.text != exact:
        assert anchor.text is not None
        assert respell(anchor.text).strip() == respell(exact).strip()


# --- generated edits ---------------------------------------------------------------

WORDS = ["ferry", "tug", "crew", "harbour", "night", "channel", "said", "closed", "left", "the"]
NAMES = ["Varga", "Brandt", "O’Ríordáin", "Tolland", "Osk", "Maren"]
FIGURES = ["3", "11", "26", "38.5", "1,106", "€450", "9:40", "5%"]


@st.composite
def sentences(draw: st.DrawFn) -> str:
    words = draw(st.lists(st.sampled_from(WORDS), min_size=3, max_size=9))
    for kind in (NAMES, FIGURES):
        words.insert(draw(st.integers(1, len(words))), draw(st.sampled_from(kind)))
    return "The " + " ".join(words) + "."


@st.composite
def articles(draw: st.DrawFn) -> tuple[list[str], list[str], int]:
    """Return sentences (some of them repeated), the gaps after them, and which is cited."""
    pool = draw(st.lists(sentences(), min_size=1, max_size=5))
    chosen = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=9))
    gaps = draw(
        st.lists(st.sampled_from([" ", "\n\n"]), min_size=len(chosen), max_size=len(chosen))
    )
    return chosen, gaps, draw(st.integers(0, len(chosen) - 1))


def joined(chosen: list[str], gaps: list[str]) -> str:
    return "".join(sentence + gap for sentence, gap in zip(chosen, gaps, strict=True))


def cite(chosen: list[str], gaps: list[str], which: int) -> Quote:
    text = joined(chosen, gaps)
    start = len(joined(chosen[:which], gaps[:which]))
    end = start + len(chosen[which])
    return Quote(text[start:end], *quote_context(text, start, end), start, end)


@settings(max_examples=250, deadline=None)
@given(articles(), st.data())
def test_a_changed_figure_name_or_negation_is_never_the_same_or_moved(
    article: tuple[list[str], list[str], int], data: st.DataObject
) -> None:
    chosen, gaps, which = article
    quote = cite(chosen, gaps, which)
    words = chosen[which].split()
    kind = data.draw(st.sampled_from(["figure", "name", "negation"]))
    if kind == "negation":
        words.insert(data.draw(st.integers(1, len(words) - 1)), "not")
    else:
        pool = FIGURES if kind == "figure" else NAMES
        at = next(i for i, word in enumerate(words) if word.rstrip(".") in pool)
        other = data.draw(st.sampled_from([w for w in pool if w != words[at].rstrip(".")]))
        words[at] = other + "." * words[at].endswith(".")
    edited = [*chosen[:which], " ".join(words), *chosen[which + 1 :]]
    front = data.draw(st.sampled_from(["", "Updated at noon.\n\n"]))
    anchor = resolve(quote, front + joined(edited, gaps))
    assert anchor.state in ("changed", "gone")


@settings(max_examples=100, deadline=None)
@given(articles(), st.data())
def test_an_untouched_sentence_is_the_same_or_moved_wherever_text_is_inserted(
    article: tuple[list[str], list[str], int], data: st.DataObject
) -> None:
    chosen, gaps, which = article
    ordinals = ["First", "Then", "Later", "Again", "Soon", "Now", "Here", "Once", "Last"]
    chosen = [
        f"{word}, {sentence[:-1]} in {word[::-1]}."
        for word, sentence in zip(ordinals, chosen, strict=False)
    ]
    quote = cite(chosen, gaps, which)
    at = data.draw(st.integers(0, len(chosen)))
    new = [*chosen[:at], "Meanwhile, mussels were sold.", *chosen[at:]]
    spaces = [*gaps[:at], "\n\n", *gaps[at:]]
    anchor = resolve(quote, joined(new, spaces))
    assert anchor.state in ("same", "moved")
    assert anchor.text == quote.exact


@settings(max_examples=100, deadline=None)
@given(articles())
def test_an_untouched_article_keeps_every_quote_and_every_spelling_of_it(
    article: tuple[list[str], list[str], int],
) -> None:
    chosen, gaps, which = article
    quote = cite(chosen, gaps, which)
    text = joined(chosen, gaps)
    assert resolve(quote, text) == Anchor("same", quote.start, quote.end, 1.0, quote.exact)
    for new in (
        text.replace("’", "'").replace("\n\n", "\r\n\r\n"),
        unicodedata.normalize("NFD", text),
    ):
        anchor = resolve(quote, new)
        assert anchor.state in ("same", "moved")
        assert respell(anchor.text or "") == respell(quote.exact)


# --- spelling and likeness -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("“a” ‘b’ «c»", '"a" \'b\' "c"'),
        ("a—b – c -- d", "a-b - c - d"),
        ("a \u00a0\n b", "a b"),
        ("co\u00adoperate\u200b now", "cooperate now"),
        (" \u200b ", " "),
        ("e\u0301te\u0301", "été"),
        ("wait…", "wait..."),
        ("10² is not 102", "10² is not 102"),
        ("İ and ß stay", "İ and ß stay"),
    ],
)
def test_one_spelling_for_quotes_dashes_and_space(text: str, spelling: str) -> None:
    assert respell(text) == Respelt.of(text).spelling == spelling


@given(st.text(alphabet=st.sampled_from("ab “”’—-…\n\u00a0\u00ad\u200be\u0301İß"), max_size=40))
def test_offsets_of_the_one_spelling_lead_back_to_the_text(text: str) -> None:
    respelt = Respelt.of(text)
    assert respelt.spelling == respell(text)
    last = 0
    for at, char in enumerate(respelt.spelling):
        start, end = respelt.origin(at, at + 1)
        assert last <= start < end <= len(text)
        assert char in respell(text[start:end])
        last = start
    if respelt.spelling:
        start, end = respelt.origin(0, len(respelt.spelling))
        assert not re.sub("[\u00ad\u200b]", "", text[:start] + text[end:])


def test_the_longest_common_order_of_words_is_found() -> None:
    assert in_order([], ["a"]) == []
    assert in_order(["a", "b", "a"], ["a", "a"]) == [0, 2]
    assert len(in_order(list("xaybzc"), list("abqc"))) == 3


@given(st.text("abc", max_size=12), st.text("abc", max_size=12))
def test_the_common_order_is_as_long_as_the_textbook_says(left: str, right: str) -> None:
    table = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            same = table[i][j] + 1
            table[i + 1][j + 1] = same if a == b else max(table[i][j + 1], table[i + 1][j])
    kept = in_order(left, right)
    assert len(kept) == table[-1][-1]
    assert kept == [i for i in range(len(left)) if table[i + 1][-1] > table[i][-1]]


def test_the_closest_sentence_of_many_is_among_those_returned() -> None:
    text = "The tug came. A ferry struck the Teal Bank at night. It rained. The cook slept."
    found = closest("The ferry hit the Teal Bank at night.", text, split(text), 0)
    best = max(found, key=lambda near: near.score)
    assert text[best.start : best.end] == "A ferry struck the Teal Bank at night."
    assert closest("—", text, split(text), 0) == []
    assert closest("Purple submarines!", text, split(text), 0) == []


def test_a_sentence_without_an_end_is_cut_to_the_part_that_is_like_the_quote() -> None:
    text = "and so on " * 2_000 + "the ferry struck the Teal Bank at night " + "and so on " * 2_000
    best = max(
        closest("The ferry struck the Teal Bank at 9 p.m.", text, split(text), 0),
        key=lambda near: near.score,
    )
    assert "the ferry struck the Teal Bank" in text[best.start : best.end]
    assert best.end - best.start < 400


def test_words_of_chinese_are_compared_one_by_one() -> None:
    assert tokens("渡轮26") == ["渡", "轮", "26"]
