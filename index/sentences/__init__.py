"""Where sentences begin and end, and when two of them say the same."""

from index.sentences.boundaries import split
from index.sentences.paragraphs import Span

__all__ = ["Span", "split"]
