"""Footnote reads articles and searches them."""
