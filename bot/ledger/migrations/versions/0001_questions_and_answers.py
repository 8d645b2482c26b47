"""Questions, their way and their messages; answers, pinned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "questions",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("thread_ts", sa.Text(), nullable=True),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("reply_to", sa.Text(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("reason_text", sa.Text(), nullable=True),
        sa.Column("first_taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="questions_pkey"),
        sa.UniqueConstraint("id", name="questions_id_key"),
        sa.UniqueConstraint("team", "channel", "ts", name="questions_team_channel_ts_key"),
    )
    op.create_index("questions_claimed_at", "questions", ["claimed_at"])
    op.create_index("questions_open_turn_seq", "questions", ["open", "turn", "seq"])
    op.create_index("questions_team_asker_claimed_at", "questions", ["team", "asker", "claimed_at"])
    op.create_index("questions_team_channel_thread", "questions", ["team", "channel", "thread"])
    op.create_index("questions_team_claimed_at", "questions", ["team", "claimed_at"])
    op.create_table(
        "texts",
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("content_hash", name="texts_pkey"),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("generation", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("prompt_hash", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("timings_ms", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="answers_pkey"),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name="answers_question_id_fkey"),
        sa.UniqueConstraint("question_id", name="answers_question_id_key"),
    )
    op.create_index("answers_at", "answers", ["at"])
    op.create_table(
        "carriers",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team", "channel", "ts", name="carriers_pkey"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name="carriers_question_id_fkey"
        ),
    )
    op.create_index("carriers_question_id", "carriers", ["question_id"])
    op.create_table(
        "events",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "event_id", name="events_pkey"),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name="events_question_id_fkey"),
    )
    op.create_index("events_question_id", "events", ["question_id"])
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="messages_pkey"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name="messages_question_id_fkey"
        ),
        sa.UniqueConstraint("question_id", "kind", "ts", name="messages_question_id_kind_ts_key"),
    )
    op.create_table(
        "transitions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="transitions_pkey"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name="transitions_question_id_fkey"
        ),
    )
    op.create_index("transitions_question_id", "transitions", ["question_id"])
    op.create_table(
        "citations",
        sa.Column("answer_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("claim", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("answer_id", "part", "claim", "position", name="citations_pkey"),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="citations_answer_id_fkey"),
        sa.ForeignKeyConstraint(
            ["content_hash"], ["texts.content_hash"], name="citations_content_hash_fkey"
        ),
    )
    op.create_index("citations_article_id", "citations", ["article_id"])
    op.create_index("citations_content_hash", "citations", ["content_hash"])
    op.create_table(
        "claims",
        sa.Column("answer_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "part", "position", name="claims_pkey"),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="claims_answer_id_fkey"),
    )
    op.create_table(
        "evidence",
        sa.Column("answer_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "position", name="evidence_pkey"),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="evidence_answer_id_fkey"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("evidence")
    op.drop_table("claims")
    op.drop_table("citations")
    op.drop_table("transitions")
    op.drop_table("messages")
    op.drop_table("events")
    op.drop_table("carriers")
    op.drop_table("answers")
    op.drop_table("texts")
    op.drop_table("questions")
