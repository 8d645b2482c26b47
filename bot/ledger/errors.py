"""What can go wrong with the ledger."""

from __future__ import annotations

from bot.errors import BotFault


class LedgerFault(BotFault):
    """The ledger cannot be opened, migrated or written."""


class LeaseLost(LedgerFault):
    """Someone else has taken up the question, or it is finished: stop, and leave it alone."""

    def __init__(self, question_id: str) -> None:
        self.question_id = question_id
        super().__init__(f"the lease on question {question_id} is lost")


class QuestionWithdrawn(LedgerFault):
    """Whoever asked has deleted the question: take back what was posted, and stop."""

    def __init__(self, question_id: str) -> None:
        self.question_id = question_id
        super().__init__(f"question {question_id} was withdrawn by its asker")


class TextMissing(LedgerFault):
    """An answer cites a text that was not handed in with it, so it could not be kept."""

    def __init__(self, content_hash: str) -> None:
        self.content_hash = content_hash
        super().__init__(
            f"the text {content_hash[:12]} is cited but was not given",
            remedy="Hand in the evidence that the answer was made from.",
        )
