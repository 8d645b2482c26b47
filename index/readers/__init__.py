"""Readers: one module per format, each turning bytes into articles."""
