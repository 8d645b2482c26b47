"""Footnote answers, delivers and reviews."""
