"""Feedback, verdicts and corrections, append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("answer_id", sa.Text(), nullable=False),
        sa.Column("claim", sa.Integer(), nullable=True),
        sa.Column("citation", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="corrections_pkey"),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="corrections_answer_id_fkey"),
    )
    op.create_index("corrections_answer_id", "corrections", ["answer_id"])
    op.create_index("corrections_author", "corrections", ["author"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("answer_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("claim", sa.Integer(), nullable=True),
        sa.Column("citation", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="feedback_pkey"),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="feedback_answer_id_fkey"),
    )
    op.create_index("feedback_answer_id", "feedback", ["answer_id"])
    op.create_index("feedback_person", "feedback", ["person"])
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("answer_id", sa.Text(), nullable=False),
        sa.Column("claim", sa.Integer(), nullable=True),
        sa.Column("citation", sa.Integer(), nullable=True),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="reviews_pkey"),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="reviews_answer_id_fkey"),
    )
    op.create_index("reviews_answer_id", "reviews", ["answer_id"])
    op.create_index("reviews_reviewer", "reviews", ["reviewer"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("reviews")
    op.drop_table("feedback")
    op.drop_table("corrections")
