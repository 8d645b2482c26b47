"""What is streamed: each claim as soon as it is verified, then notes and buttons as blocks.

A streamed answer shows the same as a posted one and ends at the same claim;
what does not fit into its message follows as posts.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import CitedAnswer, Claim
from bot.slack.blocks import Block
from bot.slack.messages import Door, IndexFacts, Post, answer_posts, page_end, shown_claims
from bot.slack.notes import claim_markdown, is_quote
from bot.slack.pages import belongs_on_first_page, paginate


def stream_chunk(claim: Claim, before: Claim | None = None) -> str:
    """Return the ``markdown_text`` to append for one verified claim.

    ``before`` is the claim streamed just before it, None for the first one.
    Statements follow each other in a paragraph, quoted sentences stand apart.
    """
    text = claim_markdown(claim)
    if before is None:
        return text
    return f"\n\n{text}" if is_quote(claim) or is_quote(before) else f" {text}"


def belongs_in_stream(streamed: Sequence[Claim], claim: Claim) -> bool:
    """Return whether a claim still fits into the message that these were streamed into.

    Once it is False, that claim and all after it are left to `stream_rest`.
    """
    return belongs_on_first_page(streamed, claim)


def stream_end_blocks(answer: CitedAnswer, facts: IndexFacts, door: Door) -> tuple[Block, ...]:
    """Return the blocks that end the stream of an answer: notes, lines, buttons.

    Only answered questions are streamed; a declined one is posted.
    """
    return tuple(page_end(answer, facts, door, paginate(shown_claims(answer)), 0))


def stream_rest(answer: CitedAnswer, facts: IndexFacts, door: Door) -> tuple[Post, ...]:
    """Return the posts that follow a stream in its thread; nearly always none."""
    return answer_posts(answer, facts, door)[1:]
