"""Search: candidates from BM25 and from vectors, sentences ranked by four scores."""

from index.search.hits import Hit, Scores, SearchResult, SentenceHit
from index.search.ranking import CANDIDATES, search
from index.search.stopwatch import Stopwatch

__all__ = ["CANDIDATES", "Hit", "Scores", "SearchResult", "SentenceHit", "Stopwatch", "search"]
