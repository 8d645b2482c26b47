"""Fetching one address over HTTP, with limits on where, how much and how long."""

from index.readers.fetch.http import Fetcher, HttpFetcher, NotModified, Page, Validator

__all__ = ["Fetcher", "HttpFetcher", "NotModified", "Page", "Validator"]
