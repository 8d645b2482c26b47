"""The JSON that scripts outside the project rely on (see "The command line" in docs/usage.md).

All output is ASCII with ``\\u`` escapes: it survives any terminal, pipe and
encoding, and nothing an article contains can act on a terminal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from bot.answers import Citation, CitedAnswer, Claim
from index.build import Summary
from index.search import SearchResult

Json = dict[str, object]


def dumps(value: Mapping[str, object], *, indent: int | None = None) -> str:
    """Return one JSON object as ASCII text without a trailing newline."""
    return json.dumps(value, indent=indent, ensure_ascii=True, allow_nan=False)


def answer_object(answer: CitedAnswer) -> Json:
    """Return an answer as the object that ``ask --json`` prints."""
    return {
        "question": answer.question,
        "status": answer.status,
        "reason": answer.reason,
        "mode": answer.mode,
        "claims": [_claim(claim) for claim in answer.claims],
        "withheld": [_claim(claim) for claim in answer.withheld],
        "nearest": [citation_object(citation) for citation in answer.nearest],
        "generation": answer.generation,
        "model": answer.model,
        "timings_ms": dict(answer.timings_ms),
    }


def _claim(claim: Claim) -> Json:
    return {
        "text": claim.text,
        "verdict": claim.verdict,
        "citations": [citation_object(citation) for citation in claim.citations],
    }


def citation_object(citation: Citation) -> Json:
    """Return a citation; ``page`` is there only for articles that have pages."""
    shown = asdict(citation)
    page = shown.pop("page")
    return shown if page is None else {**shown, "page": page}


def search_object(result: SearchResult) -> Json:
    """Return what was found as the object that ``search --json`` prints."""
    return {
        "passages": [
            {
                "article_id": hit.article.id,
                "start": hit.start,
                "end": hit.end,
                "score": round(hit.score, 6),
                "text": hit.text,
            }
            for hit in result.passages
        ],
        "sentences": [
            {
                "article_id": hit.article.id,
                "start": hit.row.start,
                "end": hit.row.end,
                "score": round(hit.score, 6),
                "exact": hit.exact,
            }
            for hit in result.sentences
        ],
    }


def summary_object(summary: Summary) -> Json:
    """Return what ``rebuild --json`` and ``update --json`` print."""
    return {
        "generation": summary.generation,
        "dry_run": summary.dry_run,
        "articles": summary.articles,
        "sentences": summary.sentences,
        "passages": summary.passages,
        "added": summary.added,
        "changed": summary.changed,
        "removed": summary.removed,
        "unchanged": summary.unchanged,
        "kept": summary.kept,
        "duplicates": summary.duplicates,
        "near_duplicates": summary.copies,
        "passages_reused": summary.reused,
        "passages_embedded": summary.embedded,
        "skipped": [
            {"origin": each.origin, "line": each.line, "reason": each.reason}
            for each in summary.skipped
        ],
        "notices": [{"origin": each.origin, "text": each.message} for each in summary.notices],
        "seconds": summary.seconds,
        "peak_memory_bytes": summary.peak_memory_bytes,
        "seconds_by_part": dict(summary.seconds_by_part),
    }
