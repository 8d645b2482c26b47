"""The ledger: what was asked, what was answered with which evidence, and what people said of it.

One database, SQLite or Postgres by its URL::

    database = open_database(sqlite_url(folder / "ledger.sqlite"))
    migrate(database)                      # safe beside other starters
    questions = Questions(database)        # the durable queue of the delivery
    messages = Messages(database)          # which messages carry which answer
    ledger = Ledger(database)              # answers, feedback, reviews, corrections
    forget_person(database, team, person, now)
    delete_answers_before(database, before, now)

What holds, whatever happens:

- A question is claimed once by (team, channel, ts), in a committed and synced
  transaction. It changes state by a compare-and-swap on its owner and fence
  (`bot.ledger.questions`); each step is also a row of ``transitions``.
- An answer is kept whole, with the evidence it was made from, before any of it
  counts as posted; it comes out equal to what went in. The text of each cited
  article is kept once, by content hash, and outlives rebuilds of the index.
- Feedback, verdicts, corrections and notes about messages are only added.
- Taking anything out is the business of `bot.ledger.erasing` alone, which
  returns what it did.

Rows and records: `bot.ledger.tables`, `bot.ledger.records`, `bot.ledger.rows`.
Changing a table takes a migration in ``migrations/versions``; a test compares
the two and runs every migration up and down with data inside.
"""

from bot.ledger.database import Database, open_database, sqlite_url
from bot.ledger.erasing import delete_answers_before, forget_person
from bot.ledger.errors import LeaseLost, LedgerFault, QuestionWithdrawn, TextMissing
from bot.ledger.migrations import migrate
from bot.ledger.questions import Questions
from bot.ledger.store import Ledger
from bot.ledger.traces import Messages

__all__ = [
    "Database",
    "LeaseLost",
    "Ledger",
    "LedgerFault",
    "Messages",
    "QuestionWithdrawn",
    "Questions",
    "TextMissing",
    "delete_answers_before",
    "forget_person",
    "migrate",
    "open_database",
    "sqlite_url",
]
