"""Links that open an article at the cited sentence, and the quote's context."""

from index.links.deep import deep_link, quote_context

__all__ = ["deep_link", "quote_context"]
