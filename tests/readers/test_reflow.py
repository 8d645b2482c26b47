from hypothesis import given
from hypothesis import strategies as st

from index.readers.reflow import reflow

FULL = "The ferry to Ness stopped on Monday after a storm had broken the ramp there."


def test_a_short_last_line_ends_a_paragraph() -> None:
    flow = reflow([f"{FULL}\nIt was late.\n{FULL}\nMore."])
    assert flow.text == f"{FULL} It was late.\n\n{FULL} More."


def test_a_cut_word_is_joined_and_a_compound_keeps_its_hyphen() -> None:
    assert reflow(["It stop-\nped."]).text == "It stopped."
    assert reflow(["It stop\u00ad\nped."]).text == "It stopped."
    assert (
        reflow(["The well-known man was well-\nknown."]).text
        == "The well-known man was well-known."
    )
    assert reflow(["The Anglo-\nFrench deal"]).text == "The Anglo-French deal"
    assert reflow(["from 1990-\n1995"]).text == "from 1990- 1995"


def test_a_word_that_stands_whole_elsewhere_decides() -> None:
    assert (
        reflow(["harbour and har-bour and har-\nbour"]).text == "harbour and har-bour and harbour"
    )


def test_a_list_item_and_a_heading_start_their_own_paragraphs() -> None:
    flow = reflow([f"{FULL}\n• one thing\n• another\nWhat next\n{FULL}"])
    assert flow.text.split("\n\n") == [FULL, "• one thing", "• another", "What next", FULL]


def test_ligatures_become_letters() -> None:
    assert reflow(["The ﬁrst oﬃce"]).text == "The first office"


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages = [f"The Post, issue {n}\n{FULL}\nIt goes\n{n}" for n in range(1, 5)]
    flow = reflow(pages)
    assert "issue" not in flow.text
    assert flow.text.count(FULL) == 4
    assert not any(character.isdigit() for character in flow.text)


def test_the_running_head_of_a_chapter_is_left_out() -> None:
    heads = [
        "Contents",
        "Chapter 1: Rain 2",
        "Chapter 1: Rain 3",
        "Chapter 2: Wind 4",
        "Chapter 2: Wind 5",
    ]
    flow = reflow([f"{head}\n{FULL}" for head in heads])
    assert "Chapter" not in flow.text
    assert flow.text.startswith("Contents")


def test_a_short_document_keeps_its_first_lines() -> None:
    assert reflow(["The Post\n" + FULL, "The Post\n" + FULL]).text.count("The Post") == 2


def test_no_pages_make_no_text() -> None:
    assert reflow([]).text == ""
    assert reflow(["", " \n"]).pages == (0, 0)


LINES = st.text(st.sampled_from("aZ é-\u00ad\ufb01.•1\n\f "), max_size=60)


@given(st.lists(LINES, max_size=6))
def test_page_starts_never_fall_and_stay_inside_the_text(pages: list[str]) -> None:
    flow = reflow(pages)
    assert len(flow.pages) == len(pages)
    assert list(flow.pages) == sorted(flow.pages)
    assert all(0 <= start <= len(flow.text) for start in flow.pages)


@given(
    st.lists(st.text(st.sampled_from("abc \n"), min_size=1, max_size=40), min_size=1, max_size=2)
)
def test_no_word_is_lost_or_moved_to_another_page(pages: list[str]) -> None:
    flow = reflow(pages)
    ends = [*flow.pages[1:], len(flow.text)]
    for page, start, end in zip(pages, flow.pages, ends, strict=True):
        assert flow.text[start:end].split() == page.split()


def test_a_line_of_a_million_letters_is_no_harm() -> None:
    assert len(reflow(["x" * 1_000_000, "x" * 1_000_000 + "-\nx"]).text) > 2_000_000
