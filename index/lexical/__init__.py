"""BM25 with stemming over passages and over sentences, kept by tantivy.

`LexicalIndex` is the index; `terms` is its analysis, the same for text and for
questions. Why this engine: docs/decisions/0005-lexical-index.md.
"""

from index.lexical.analysis import question_terms, terms
from index.lexical.generation import LexicalIndex
from index.lexical.kind import LexicalDoc, Scope

__all__ = ["LexicalDoc", "LexicalIndex", "Scope", "question_terms", "terms"]
