"""The ledger keeps answers whole, adds what people say, and forgets when told to."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from bot.answers import Citation, CitedAnswer, Claim, Evidence
from bot.ledger import (
    Database,
    Ledger,
    LedgerFault,
    Messages,
    Questions,
    TextMissing,
    delete_answers_before,
    forget_person,
    open_database,
)
from bot.ledger.records import (
    Answered,
    Correction,
    Feedback,
    Place,
    Question,
    Review,
    Shown,
)
from bot.ledger.tables import Base, QuestionRow, TextRow
from index.articles import Article, Filters, Sentence
from tests.ledger_databases import *  # noqa: F403 - fixtures

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def place(ts: str = "1.0", thread_ts: str | None = None, channel: str = "C1") -> Place:
    return Place("T1", channel, ts, thread_ts, "mention")


def question(ts: str = "1.0", asker: str = "anna", **fields: object) -> Question:
    return Question(place(ts), asker, f"who? ({ts})", **fields)  # type: ignore[arg-type]


def evidence(text: str, key: str = "S1", start: int = 0, end: int | None = None) -> Evidence:
    article = Article.of(id="a", text=text, origin="a")
    end = len(text) if end is None else end
    return Evidence(key, Sentence("a", article.content_hash, 0, start, end), article, 1.5)


def citation(shown: Evidence, number: int = 1) -> Citation:
    at = shown.sentence
    return Citation(
        number,
        "a",
        at.content_hash,
        at.start,
        at.end,
        shown.exact,
        "",
        "",
        "T",
        None,
        None,
        None,
        None,
    )


def answered(name: str = "answer", text: str = "Rain fell.") -> Answered:
    shown = evidence(text)
    claim = Claim(shown.exact, (citation(shown),), "supported")
    answer = CitedAnswer(
        name, "who?", "answered", None, "extractive", (claim,), (), (), "gen-1", confidence=0.9
    )
    return Answered(answer, (shown,))


# Anything that Python can hold in a string, surrogates and NUL included.
ANY_TEXT = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    ["\x00", "\ud800", "\ue000", "\ue0000000", "a\u202eb", "😀", "'; DROP TABLE answers; --"]
)
MAYBE = st.none() | ANY_TEXT
# What an article can hold: text that UTF-8 can store, so that it has a hash.
BODY = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@st.composite
def citations(draw: st.DrawFn, pool: list[Evidence]) -> Citation:
    at = draw(st.sampled_from(pool))
    end = draw(st.integers(1, len(at.article.text)))
    start = draw(st.integers(0, end - 1))
    return Citation(
        draw(st.integers(1, 99)),
        draw(ANY_TEXT),
        at.article.content_hash,
        start,
        end,
        at.article.text[start:end],
        *(draw(ANY_TEXT) for _ in range(3)),
        *(draw(MAYBE) for _ in range(4)),
        draw(st.none() | st.integers(1, 2000)),
    )


@st.composite
def answers(draw: st.DrawFn) -> Answered:
    pool = [
        evidence(t, f"S{n}") for n, t in enumerate(draw(st.lists(BODY, min_size=1, max_size=3)))
    ]
    cited = st.lists(citations(pool), max_size=3).map(tuple)
    verdicts = st.sampled_from(["supported", "unsupported", "uncited"])
    claims = st.lists(st.builds(Claim, ANY_TEXT, cited, verdicts), max_size=3).map(tuple)
    number = st.floats(allow_nan=False, allow_infinity=False)
    answer = CitedAnswer(
        id="",
        question=draw(ANY_TEXT),
        status=draw(st.sampled_from(["answered", "declined"])),
        reason=draw(MAYBE),
        mode=draw(st.sampled_from(["extractive", "model"])),
        claims=draw(claims),
        withheld=draw(claims),
        nearest=draw(cited),
        generation=draw(ANY_TEXT),
        model=draw(MAYBE),
        prompt_hash=draw(MAYBE),
        confidence=draw(number),
        timings_ms=MappingProxyType(draw(st.dictionaries(st.text("abc", max_size=3), number))),
    )
    return Answered(answer, tuple(pool))


@given(given_answer=answers(), asker=ANY_TEXT, asked=ANY_TEXT, since=st.none() | st.dates())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_answer_comes_out_equal_to_what_went_in(
    database: Database, given_answer: Answered, asker: str, asked: str, since: object
) -> None:
    # One database sees all examples, and hypothesis repeats itself.
    ledger, name = Ledger(database), uuid.uuid4().hex
    given_answer = replace(given_answer, answer=replace(given_answer.answer, id=name))
    filters = Filters(since=since, outlet=asker)  # type: ignore[arg-type]
    put = Question(Place("T", asked, name, asker or None, "web"), asker, asked, filters, None)

    ledger.record(put, given_answer, name, NOON)

    entry = ledger.entry(name)
    assert entry is not None
    assert entry.answer == given_answer.answer
    assert ledger.answer(name) == given_answer.answer == ledger.answer_of(name)
    assert entry.question == put
    assert entry.evidence == tuple(map(Shown.of, given_answer.evidence))
    assert (entry.asked_at, entry.answered_at) == (NOON, NOON)
    for cited in (*given_answer.answer.citations, *given_answer.answer.nearest):
        assert ledger.text(cited.content_hash)[cited.start : cited.end] == cited.exact  # type: ignore[index]


def test_the_text_of_a_cited_article_is_kept_once_and_of_others_not(database: Database) -> None:
    ledger = Ledger(database)
    one = answered("one")
    more = Answered(one.answer, (*one.evidence, evidence("Not cited.", "S2")))
    ledger.record(question("1"), more, "q1", NOON)
    ledger.record(question("2"), answered("two"), "q2", NOON)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(TextRow)) == 1


def test_an_answer_that_cites_a_text_nobody_gave_is_refused_whole(database: Database) -> None:
    ledger = Ledger(database)
    with pytest.raises(TextMissing):
        ledger.record(question(), Answered(answered().answer, ()), "q", NOON)
    assert ledger.answer("answer") is None
    assert Questions(database).state(place()) is None


def test_times_are_kept_in_utc_to_the_microsecond_and_naive_ones_refused(
    database: Database,
) -> None:
    east = datetime(2026, 11, 22, 3, 4, 5, 678901, tzinfo=timezone(timedelta(hours=9)))
    Ledger(database).record(question(), answered(), "q", east)
    entry = Ledger(database).entry("answer")
    assert entry is not None
    assert entry.answered_at == east
    assert entry.answered_at.tzinfo is UTC
    with pytest.raises(Exception, match="time zone"):
        Questions(database).claim(question("2"), datetime(2026, 1, 1))


def test_a_thread_is_read_oldest_first_and_a_person_newest_first(database: Database) -> None:
    ledger = Ledger(database)
    for n in range(4):
        asked = Question(place(f"1.{n}", "1.0" if n else None), "anna", "who?")
        ledger.record(asked, answered(f"a{n}"), f"q{n}", NOON + timedelta(seconds=n))
    ledger.record(question("9.9"), answered("elsewhere"), "q9", NOON)
    assert [e.answer_id for e in ledger.thread("T1", "C1", "1.0", limit=3)] == ["a1", "a2", "a3"]
    assert ledger.thread("T1", "C1", "1.0")[0].statements == ("Rain fell.",)
    assert [e.answer_id for e in ledger.asked_by("T1", "anna", 2)] == ["a3", "a2"]
    assert ledger.asked_by("T1", "ben") == ()


def test_what_people_say_is_added_and_comes_back_in_order(database: Database) -> None:
    ledger = Ledger(database)
    ledger.record(question(), answered(), "q", NOON)
    said = [
        Feedback("answer", "ben", False, NOON, 0, 1, "doesn't say that", "</script>\x00"),
        Feedback("answer", "ben", True, NOON),
    ]
    verdicts = [
        Review("answer", 0, 1, "rita", "none", "", NOON),
        Review("answer", None, None, "rita", "should_decline", "see above", NOON),
    ]
    corrections = [
        Correction("answer", 0, None, "statement", "rita", "Snow fell.", NOON),
        Correction("answer", None, None, "withdrawn", "rita", "", NOON),
    ]
    for each in said:
        ledger.add_feedback(each)
    for verdict in verdicts:
        ledger.add_review(verdict)
    for correction in corrections:
        ledger.add_correction(correction)
    assert list(ledger.feedback("answer")) == said
    assert list(ledger.reviews("answer")) == verdicts
    assert list(ledger.corrections("answer")) == corrections
    assert ledger.feedback("other") == ledger.reviews("other") == ledger.corrections("other") == ()


def test_feedback_on_an_answer_that_is_not_there_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        Ledger(database).add_feedback(Feedback("nothing", "ben", True, NOON))


def answer_durably(database: Database, ts: str, asker: str, name: str, at: datetime = NOON) -> None:
    """Carry a question through the queue to a posted answer."""
    questions, messages = Questions(database), Messages(database)
    questions.claim(question(ts, asker), at, event_id=f"E{ts}")
    job = questions.take("me", at, 30)
    assert job is not None
    questions.save(job, answered(name), at)
    messages.intend(job, at)
    messages.started(job, f"m{ts}", at)
    messages.posted(job, [f"m{ts}"], at)
    questions.finish(job, "answered", at)


def test_the_message_of_an_answer_leads_to_it(database: Database) -> None:
    answer_durably(database, "1", "anna", "a1")
    entry = Ledger(database).posted_at("T1", "C1", "m1")
    assert entry is not None
    assert entry.answer.id == "a1"
    assert entry.posted == ("m1",)
    assert Ledger(database).posted_at("T1", "C2", "m1") is None


def rows_with(database: Database, word: str) -> list[str]:
    """Return the tables in which a word stands anywhere."""
    found = []
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(table.select()).all()
            if any(word in str(value) for row in rows for value in row):
                found.append(table.name)
    return found


def test_forgetting_a_person_leaves_no_trace_of_them_and_says_what_it_did(
    database: Database,
) -> None:
    ledger, questions = Ledger(database), Questions(database)
    answer_durably(database, "1", "anna", "a1")
    answer_durably(database, "2", "ben", "a2")
    questions.claim(question("3", "anna"), NOON)
    ledger.add_feedback(Feedback("a1", "ben", True, NOON))
    ledger.add_feedback(Feedback("a2", "anna", False, NOON, note="by anna"))
    ledger.add_review(Review("a2", 0, None, "anna", "full", "", NOON))
    ledger.add_correction(Correction("a1", 0, None, "statement", "rita", "x", NOON))

    done = forget_person(database, "T1", "anna", NOON)

    assert (done.questions, done.answers, done.cancelled) == (2, 1, 1)
    assert (done.feedback, done.corrections, done.renamed) == (2, 1, 1)
    assert done.texts == 0  # the other answer still cites it
    assert done.still_posted == ((place("1"), "m1"),)
    assert rows_with(database, "anna") == []
    assert ledger.answer("a1") is None
    assert ledger.answer("a2") is not None
    assert [r.reviewer for r in ledger.reviews("a2")] == ["forgotten"]
    assert forget_person(database, "T1", "anna", NOON).questions == 0


def test_a_forgotten_question_is_still_not_answered_twice(database: Database) -> None:
    questions = Questions(database)
    answer_durably(database, "1", "anna", "a1")
    questions.claim(question("2", "anna"), NOON)
    forget_person(database, "T1", "anna", NOON)
    assert not questions.claim(question("1", "anna"), NOON).new
    assert questions.take("me", NOON, 30) is None


def test_forgetting_stays_within_the_workspace(database: Database) -> None:
    ledger = Ledger(database)
    answer_durably(database, "1", "anna", "a1")
    ledger.add_feedback(Feedback("a1", "anna", True, NOON))
    done = forget_person(database, "T2", "anna", NOON)
    assert (done.questions, done.feedback, done.renamed) == (0, 0, 0)
    with pytest.raises(ValueError, match="name"):
        forget_person(database, "T1", "", NOON)


def test_deleting_old_answers_keeps_new_and_unfinished_ones(database: Database) -> None:
    questions, ledger = Questions(database), Ledger(database)
    answer_durably(database, "1", "anna", "a1", NOON - timedelta(days=30))
    answer_durably(database, "2", "anna", "a2", NOON)
    questions.claim(question("3"), NOON - timedelta(days=30))

    done = delete_answers_before(database, NOON - timedelta(days=1), NOON)

    assert (done.questions, done.answers, done.cancelled, done.texts) == (1, 1, 0, 0)
    assert ledger.answer("a1") is None
    assert ledger.answer("a2") is not None
    assert questions.unfinished() == 1
    # Older than a week: even the name is gone.
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(QuestionRow)) == 2


def test_deleting_the_last_answer_that_cites_a_text_deletes_the_text(database: Database) -> None:
    answer_durably(database, "1", "anna", "a1", NOON - timedelta(hours=2))
    assert delete_answers_before(database, NOON - timedelta(hours=1), NOON).texts == 1
    # The name of a recent question stays, so that its event is still known.
    assert not Questions(database).claim(question("1"), NOON).new


def test_deleting_goes_through_more_than_one_batch(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ledger.erasing._BATCH", 2)
    for n in range(5):
        answer_durably(database, str(n), "anna", f"a{n}", NOON - timedelta(hours=2))
    done = delete_answers_before(database, NOON, NOON)
    assert (done.questions, done.answers, len(done.still_posted)) == (5, 5, 5)


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://x", "oracle+nothing://x", "sqlite+nodriver:///x"]
)
def test_an_address_that_cannot_be_a_ledger_is_a_fault(url: str) -> None:
    with pytest.raises(LedgerFault):
        open_database(url)


@pytest.mark.parametrize(("synced", "level"), [(True, 2), (False, 1)])
def test_sqlite_is_in_wal_mode_checks_foreign_keys_and_syncs_as_told(
    sqlite_address: str, synced: bool, level: int
) -> None:
    with open_database(sqlite_address).write(synced=synced) as session:
        pragmas = [
            session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert pragmas == ["wal", level, 1]


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    Ledger(database).record(question(), answered(), "q", NOON)
    seen = []
    with database.write() as session:
        session.execute(update(QuestionRow).values(asker="other"))
        reader = threading.Thread(target=lambda: seen.append(Ledger(database).entry("answer")))
        reader.start()
        reader.join(5)
    assert [entry.question.asker for entry in seen] == ["anna"]
