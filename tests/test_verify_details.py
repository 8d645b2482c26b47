"""Figures, dates, names, quotations, denials and reserves, each by itself."""

from __future__ import annotations

from datetime import date

import pytest

from bot.verification.dates import agrees, dates
from bot.verification.modality import check_modality
from bot.verification.names import check_names
from bot.verification.negation import Polarity, check_negation
from bot.verification.numbers import fit
from bot.verification.quantities import quantities
from bot.verification.quotations import check_quotations
from bot.verification.reading import folded, read
from bot.verification.roles import check_roles

FRIDAY = date(2026, 9, 4)


@pytest.mark.parametrize(
    ("claimed", "given"),
    [
        ("five ships", "5 ships"),
        ("$3.5m", "$3.5 million"),
        ("US$3,500,000", "$3.5m"),
        ("a dozen eggs", "12 eggs"),
        ("half of the voters", "50% of the voters"),
        ("1.2 thousand homes", "1,200 homes"),
        ("10-15 ships", "between 10 and 15 ships"),
        ("10 to 15 ships", "10–15 ships"),
        ("twenty-first", "21st"),
        ("two hundred and five men", "205 men"),
        ("two and a half million people", "2.5 million people"),
        ("three quarters of votes", "75 percent of votes"),
        ("dozens of ships", "36 ships"),
        ("about 1,200 homes", "1,187 homes"),
        ("more than 1,000 homes", "1,187 homes"),
        ("at least 20 homes", "20 homes"),
        ("5 kilometres", "5 km"),
        ("15-year-old", "15 years old"),
        ("£90m", "90 million pounds"),
        ("٣ ships", "3 ships"),
    ],
)
def test_figures_that_say_the_same_fit(claimed: str, given: str) -> None:
    mine, theirs = quantities(read(claimed))[0], quantities(read(given))[0]
    assert fit(mine, theirs) == "same"


@pytest.mark.parametrize(
    ("claimed", "given", "result"),
    [
        ("6 ships", "5 ships", "no"),
        ("$3.5 million", "€3.5 million", "no"),
        ("5 km", "5 miles", "no"),
        ("5%", "5 percentage points", "no"),
        ("5 ships", "5%", "no"),
        ("third ship", "3 ships", "no"),
        ("more than 20 homes", "fewer than 20 homes", "no"),
        ("more than 20 homes", "20 homes", "no"),
        ("about 1,300 homes", "1,187 homes", "no"),
        ("more than 20 homes", "at least 20 homes", "bound"),
        ("20 homes", "about 20 homes", "bound"),
        ("1,200 homes", "1,187 homes", "bound"),
        ("5 ships", "5 houses", "noun"),
        ("hundreds of ships", "36 ships", "no"),
        ("1.250,5", "1250.5", "no"),
        ("10:30", "10:45", "no"),
        ("1990s", "1980s", "no"),
        ("2-1", "1-2", "no"),
        ("9" * 5000, "9" * 4999 + "8", "no"),
    ],
)
def test_figures_that_differ_do_not_fit(claimed: str, given: str, result: str) -> None:
    mine, theirs = quantities(read(claimed))[0], quantities(read(given))[0]
    assert fit(mine, theirs) == result


@pytest.mark.parametrize(
    "text", ["one of them", "no one came", "another one.", "First, it rained."]
)
def test_a_one_that_counts_nothing_is_no_figure(text: str) -> None:
    assert quantities(read(text)) == []


@pytest.mark.parametrize(
    ("claimed", "given"),
    [
        ("on 2 September 2026", "on Wednesday"),
        ("on 2026-09-02", "on Sept. 2"),
        ("on September 2nd, 2026", "on 2 September 2026"),
        ("on Wednesday", "on September 2"),
        ("on Thursday", "yesterday"),
        ("on Friday", "today"),
        ("in September 2026", "on Wednesday"),
        ("in 2026", "on 2 September"),
        ("last week", "last week"),
        ("in 2025", "last year"),
        ("in August", "on 31 August"),
        ("on 8 September", "the vote will be held on Tuesday"),
    ],
)
def test_dates_that_say_the_same_agree(claimed: str, given: str) -> None:
    mine, theirs = dates(read(claimed))[0], dates(read(given), FRIDAY)[0]
    assert agrees(mine, theirs, FRIDAY)


@pytest.mark.parametrize(
    ("claimed", "given"),
    [
        ("on 9 September 2026", "on Wednesday"),
        ("on 3 September 2026", "on Sept. 2"),
        ("on Thursday", "on September 2"),
        ("in 2025", "on 2 September"),
        ("last month", "last week"),
        ("yesterday", "on Thursday"),
        ("on 2 September 2025", "on 2 September 2026"),
        ("on 2 October", "on 2 September"),
        ("on Friday", "yesterday"),
    ],
)
def test_dates_that_differ_do_not_agree(claimed: str, given: str) -> None:
    mine, theirs = dates(read(claimed))[0], dates(read(given), FRIDAY)[0]
    assert not agrees(mine, theirs, FRIDAY)


@pytest.mark.parametrize(
    "text", ["They may march on.", "It rose by 2000 people.", "99/99/9999", "2026-13-45"]
)
def test_what_only_looks_like_a_date_is_none_or_does_no_harm(text: str) -> None:
    assert all(not when.days for when in dates(read(text), FRIDAY))


def test_an_impossible_day_and_the_ends_of_time_do_no_harm() -> None:
    for day in (date.min, date.max, None):
        assert dates(read("On 31 February 2026, tomorrow and yesterday and Tuesday"), day)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It was Putin.", "It was Vladimir V. Putin."),
        ("The United States agreed.", "The U.S. agreed."),
        ("He is Russian.", "He comes from Russia."),
        ("The WHO warned.", "The World Health Organization warned."),
        ("The World Health Organization warned.", "The WHO warned."),
        ("It was in Gdańsk.", "It was in Gdansk."),
        ("He met Qaddafi.", "He met Gaddafi."),
        ("Officials spoke.", "The ministry spoke."),
        ("They asked Malian troops.", "They asked troops of Mali."),
        ("He met Putin's aide.", "He met the aide of Putin."),
        ("It cost US$5.", "It cost $5."),
    ],
)
def test_forms_of_one_name_are_one(claim: str, source: str) -> None:
    assert check_names(read(claim), [read(source)], []) == []


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It was Medvedev.", "It was Vladimir V. Putin."),
        ("He met Bill Clinton.", "He met Hillary Clinton."),
        ("He is Syrian.", "He comes from Russia."),
        ("The WTO warned.", "The World Health Organization warned."),
        ("It was in Gdynia.", "It was in Gdańsk."),
    ],
)
def test_another_name_is_a_grave_problem(claim: str, source: str) -> None:
    assert [problem.grave for problem in check_names(read(claim), [read(source)], [])] == [True]


def test_a_forename_may_come_from_the_title() -> None:
    claim, source = read("He met Ana Ruiz."), read("He met Ruiz.")
    assert check_names(claim, [source], [read("Ana Ruiz resigns")]) == []
    assert not check_names(claim, [source], [])[0].grave


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("“We won’t go,” he said.", '"We won\'t go", he said.'),
        ('He spoke of "a […] day".', "He spoke of a very long day."),
        ("He was '[e]xtremely' glad.", "He was extremely glad."),
        ('He said "we did ... nothing".', "He said we did next to nothing."),
    ],
)
def test_a_quotation_may_differ_in_marks_and_gaps(claim: str, source: str) -> None:
    assert check_quotations(claim, [source], "") == []


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ('"We will go."', "We will not go."),
        ('He spoke of "day … long".', "He spoke of a very long day."),
        ('He said "art".', "He took part in it."),
        ('He said "never again', "He said nothing."),
    ],
)
def test_a_quotation_that_is_not_verbatim_is_a_problem(claim: str, source: str) -> None:
    assert [problem.kind for problem in check_quotations(claim, [source], "")] == ["quotation"]


def test_a_number_of_an_item_is_no_denial() -> None:
    assert Polarity.of(read("Factory No. 5 opened, and not only for him.")).denials == ()


@pytest.mark.parametrize(
    ("claim", "source", "wrong"),
    [
        ("Nobody was hurt.", "There were no injuries.", False),
        ("It did not open.", "It failed to open.", False),
        ("They were unhurt.", "They were not hurt.", False),
        ("It has not been confirmed.", "It is unconfirmed.", False),
        ("Nobody was hurt.", "Five were hurt.", True),
        ("It was confirmed.", "It has not been confirmed.", True),
        ("They were involved in it.", "They denied being involved in it.", True),
        ("They ruled out a deal.", "They did not rule out a deal.", True),
    ],
)
def test_denials_are_kept(claim: str, source: str, wrong: bool) -> None:
    assert bool(check_negation(read(claim), [read(source)])) == wrong


@pytest.mark.parametrize(
    ("claim", "source", "wrong"),
    [
        ("He stole it.", "He allegedly stole it.", True),
        ("He is accused of stealing it.", "He allegedly stole it.", False),
        ("It will close.", "It may close.", True),
        ("It might close.", "It may close.", False),
        ("It closed.", "It plans to close.", True),
        ("It intends to close.", "It plans to close.", False),
        ("Prime Minister May resigned.", "Theresa May resigned.", False),
        ("He stole it.", "He allegedly stole it. He stole it, the court found.", False),
    ],
)
def test_reserves_are_kept(claim: str, source: str, wrong: bool) -> None:
    assert any(p.kind == "modality" for p in check_modality(read(claim), [read(source)])) == wrong


@pytest.mark.parametrize(
    ("claim", "source", "wrong"),
    [
        ("Dogs chased cats.", "Cats chased dogs.", True),
        ("Smith was sued by Jones.", "Jones was sued by Smith.", True),
        ("Smith was sued by Jones.", "Jones sued Smith.", False),
        ("Smith met Jones.", "Jones met Smith.", False),
        ("They flew from Rome to Paris.", "They flew from Paris to Rome.", True),
        ("In Paris, police arrested Smith.", "Police arrested Smith in Paris.", False),
    ],
)
def test_who_does_what_to_whom_is_kept(claim: str, source: str, wrong: bool) -> None:
    assert bool(check_roles(read(claim), [read(source)])) == wrong


def test_folding_keeps_words_and_loses_accents() -> None:
    assert folded("Łódź—Zürich") == "Lodz-Zurich"
    assert folded("\ud800") == "?"
