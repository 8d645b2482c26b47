"""What an answer looks like in Slack, and that nothing in it can act there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from slack_sdk import WebClient

from bot.answers import CitedAnswer
from bot.slack.escaping import address
from bot.slack.fitting import MESSAGE_ROOM, room_taken, units
from bot.slack.messages import (
    Post,
    answer_posts,
    fallback_text,
    moment,
    share_preview,
    shown_claims,
)
from bot.slack.notes import cited
from bot.slack.values import Place, read_metadata
from tests.slack_cases import (
    FACTS,
    FORTY,
    KILLED,
    NAMES,
    QUOTED,
    SPOKEN,
    answer,
    answers,
    assert_accepted,
    citation,
    claim,
    declined,
    lines,
    numbers,
)
from tests.slack_server import LocalSlack, limits

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def slack() -> Iterator[LocalSlack]:
    with LocalSlack() as running:
        yield running


def send(slack: LocalSlack, post: Post) -> None:
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    client.chat_postMessage(
        channel=slack.world.channel("general").id,
        text=post.text,
        blocks=list(post.blocks),
        metadata=post.metadata,
        mrkdwn=False,
        unfurl_links=False,
        unfurl_media=False,
    )


def test_statements_carry_numbers_and_sources_below_have_quote_title_outlet_and_date() -> None:
    (post,) = answer_posts(SPOKEN, FACTS, "channel")
    assert lines(post.blocks) == [
        "Peskov, the president's spokesman, confirmed it. 1 The victims' names are not known. 2",
        "Sources",
        f"1 “{KILLED}” — Helicopter shot down in Idlib · RT · 1 Aug 2016",
        f"2 “{NAMES}” — Helicopter shot down in Idlib · RT · 1 Aug 2016",
        "index of 22 Nov 2026, 09:14 UTC · Answers can be wrong: check the sentences."
        "  Whoever asked can ask on in this thread; everyone else, mention me.",
        "[See in context]",
        "[Good answer] [Bad answer]",
    ]


def test_a_quoted_sentence_is_not_printed_twice() -> None:
    (post,) = answer_posts(QUOTED, FACTS, "dm")
    shown = lines(post.blocks)
    assert shown[:2] == [f"> {KILLED} 1", f"> {NAMES} 2"]
    assert shown[3].startswith("1 “Dmitri S. Peskov has confirmed that those on …” — Helicopter")
    assert "\n".join(shown).count(KILLED) == 1


def test_a_sentence_that_opens_with_a_quotation_mark_gets_no_second_one() -> None:
    spoken = citation(1, "“We never saw it,” he said.")
    (post,) = answer_posts(answer(claim("He never saw it.", spoken)), FACTS, "dm")
    assert "1 “We never saw it,” he said. — Helicopter" in "\n".join(lines(post.blocks))


def test_titles_lead_to_the_very_sentence() -> None:
    (post,) = answer_posts(SPOKEN, FACTS, "channel")
    assert '"url": "https://post.example/a?x=1&y=2#:~:text=1,Dmitri%20S."' in str(
        post.blocks
    ).replace("'", '"')


def test_an_article_without_address_has_a_title_without_link() -> None:
    without = answer(claim("So it was.", citation(url=None, link=None)))
    (post,) = answer_posts(without, FACTS, "channel")
    assert_accepted(post.blocks)
    assert "'link'" not in str(post.blocks)
    assert "— Helicopter shot down in Idlib · RT" in lines(post.blocks)[2]


def test_withheld_statements_are_counted_and_never_shown() -> None:
    withheld = replace(SPOKEN, withheld=(claim("It was a secret."),))
    (post,) = answer_posts(withheld, FACTS, "channel")
    assert "1 statement withheld · index of" in "\n".join(lines(post.blocks))
    assert "secret" not in post.text + str(post.blocks)


def test_disagreeing_reports_are_pointed_out() -> None:
    (post,) = answer_posts(
        replace(SPOKEN, reason="the reports disagree; compare their dates"), FACTS, "dm"
    )
    assert "Note: the reports disagree; compare their dates." in lines(post.blocks)


def test_a_declined_answer_says_why_and_shows_the_nearest_sentences() -> None:
    (post,) = answer_posts(declined(citation(1), citation(2, NAMES)), FACTS, "channel")
    shown = lines(post.blocks)
    assert shown[0] == "I can't answer that from the articles: nothing in them is about this."
    assert f"> {NAMES} 2" in shown
    assert shown[-2:] == ["[See in context]", "[Good answer] [Bad answer]"]
    assert post.text.startswith("I can't answer that from the articles")
    assert numbers(post.blocks) == ([1, 2], [1, 2])


def test_a_declined_answer_with_nothing_near_still_takes_feedback() -> None:
    (post,) = answer_posts(declined(reason=None), FACTS, "channel")
    assert_accepted(post.blocks)
    assert lines(post.blocks)[0] == "I can't answer that from the articles."
    assert lines(post.blocks)[-1] == "[Good answer] [Bad answer]"


def test_an_answer_of_which_all_is_withheld_says_so() -> None:
    (post,) = answer_posts(answer(withheld=(claim("x"),)), FACTS, "channel")
    assert lines(post.blocks)[0].startswith("Nothing that I could say was borne out")


def test_a_private_answer_can_be_shared_after_a_preview_of_all_that_others_would_see() -> None:
    (private,) = answer_posts(SPOKEN, FACTS, "private")
    assert lines(private.blocks)[-2] == "[See in context] [Share in the channel]"
    shown = lines(share_preview(SPOKEN, FACTS).blocks)
    assert shown[0].endswith("May they see it?")
    assert shown[1] == "Question: Who confirmed it?"
    assert shown[-1] == "[Share it] [Keep it to myself]"
    (shared,) = answer_posts(SPOKEN, FACTS, "channel", with_question=True)
    assert set(lines(shared.blocks)[:4]) <= set(shown)


def test_forty_citations_all_keep_their_notes_over_several_messages() -> None:
    posts = answer_posts(FORTY, FACTS, "channel")
    assert len(posts) > 1
    for post in posts:
        inline, listed = numbers(post.blocks)
        assert inline == listed
        assert "[See in context]" in lines(post.blocks)
    assert [n for post in posts for n in numbers(post.blocks)[1]] == list(range(1, 41))


def test_one_claim_with_too_many_citations_says_where_the_other_notes_are() -> None:
    one = answer(claim("All of it.", *(citation(n) for n in range(1, 61))))
    posts = answer_posts(one, FACTS, "channel")
    inline, listed = numbers(posts[0].blocks)
    assert inline == list(range(1, 61))
    assert f"Sources {listed[-1] + 1}–60 follow in the next message." in lines(posts[0].blocks)
    assert [n for post in posts for n in numbers(post.blocks)[1]] == inline


def test_metadata_and_values_hold_ids_and_numbers_only() -> None:
    posts = answer_posts(FORTY, FACTS, "channel")
    assert [read_metadata(post.metadata) for post in posts] == [
        Place("7f3a", page) for page in range(1, len(posts) + 1)
    ]


@pytest.mark.parametrize("at", ["", "yesterday", "<!channel>"])
def test_an_unreadable_time_of_the_index_is_harmless(at: str) -> None:
    assert "<" not in moment(at)
    (post,) = answer_posts(SPOKEN, replace(FACTS, made_at=at), "dm")
    assert_accepted(post.blocks)


@SLOW
@given(answers())
def test_every_limit_is_met(given_answer: CitedAnswer) -> None:
    posts = answer_posts(given_answer, FACTS, "private", with_question=True)
    for post in posts:
        assert_accepted(post.blocks)
        assert room_taken(post.blocks) <= MESSAGE_ROOM
        assert 0 < units(post.text) <= limits.UPDATE_TEXT
    assert lines(posts[0].blocks)[-1] == "[Good answer] [Bad answer]"
    assert "See in context" in lines(posts[0].blocks)[-2]
    assert_accepted(share_preview(given_answer, FACTS).blocks)


@SLOW
@given(answers())
def test_numbers_and_notes_agree(given_answer: CitedAnswer) -> None:
    posts = answer_posts(given_answer, FACTS, "channel")
    owed: set[int] = set()
    for post in posts:
        inline, listed = numbers(post.blocks)
        assert set(listed) <= set(inline) | owed
        owed = (owed | set(inline)) - set(listed)
        if owed:
            ends = f"{min(owed)}–{max(owed)} follow" if len(owed) > 1 else f"{min(owed)} follows"
            assert f"{ends} in the next message." in "\n".join(lines(post.blocks))
    assert not owed
    every = [c.number for c in cited(shown_claims(given_answer))]
    assert sorted({n for post in posts for n in numbers(post.blocks)[1]}) == every


@SLOW
@given(answers())
def test_nothing_notifies_fakes_a_link_or_unfurls(
    slack: LocalSlack, given_answer: CitedAnswer
) -> None:
    before = len(slack.links)
    for post in answer_posts(given_answer, FACTS, "channel", with_question=True):
        send(slack, post)
    assert slack.notifications == []
    assert slack.unfurls == []
    real = {address(c.link) for c in given_answer.citations}
    for found in slack.links[before:]:
        assert found.url in real or found.label == found.url


@SLOW
@given(answers())
def test_a_declined_answer_is_as_harmless(slack: LocalSlack, given_answer: CitedAnswer) -> None:
    turned = replace(given_answer, status="declined", claims=(), nearest=given_answer.citations[:3])
    for post in answer_posts(turned, FACTS, "channel", with_question=True):
        assert_accepted(post.blocks)
        send(slack, post)
    assert slack.notifications == []


def test_the_fallback_text_is_plain_and_whole() -> None:
    assert fallback_text(SPOKEN) == (
        "Peskov, the president's spokesman, confirmed it. [1]"
        " The victims' names are not known. [2]\n"
        "[1] Helicopter shot down in Idlib · RT · 1 Aug 2016\n"
        "[2] Helicopter shot down in Idlib · RT · 1 Aug 2016"
    )
