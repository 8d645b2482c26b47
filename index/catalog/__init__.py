"""The SQLite truth about articles, sentences and passages of one generation."""

from index.catalog.reading import REMEDY, Catalog
from index.catalog.rows import ArticleRow, Counts, PassageRow, SentenceRow, day_number, outlet_key

__all__ = [
    "REMEDY",
    "ArticleRow",
    "Catalog",
    "Counts",
    "PassageRow",
    "SentenceRow",
    "day_number",
    "outlet_key",
]
