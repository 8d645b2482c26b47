"""``ask`` and ``search``: one question, or a batch of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click

from bot.ask import Asker, clean_question
from bot.batch import BatchQuestion, run_batch
from bot.commands.progress import terminal_progress
from bot.commands.shared import data_option, filter_options, json_option, say, settings_for
from bot.terminal import answer_text, search_text
from bot.wire import Json, answer_object, dumps, search_object
from bot.wiring import asker, open_index
from index.articles import Filters
from index.search import search as run_search
from index.search.reader import IndexReader

INCOMPLETE = 3
_PATH = click.Path(path_type=Path, dir_okay=False)
_BATCH = click.option(
    "--batch", type=_PATH, metavar="IN.jsonl", help="Take questions from lines {id, question}."
)
_OUTPUT = click.option(
    "--output", type=_PATH, metavar="OUT.jsonl", help="Write a line {id, …} for each; resumable."
)
_QUESTION = click.argument("question", required=False)


@click.command()
@_QUESTION
@filter_options
@_BATCH
@_OUTPUT
@data_option
@json_option
def ask(
    question: str | None,
    since: date | None,
    until: date | None,
    outlet: str | None,
    batch: Path | None,
    output: Path | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Answer QUESTION with sentences quoted from the articles, each with its source.

    If the articles do not say it, the answer is declined with the reason and
    the nearest sentences; that is an answer too (exit code 0).
    """
    asked = _one_of(question, batch, output)
    settings, filters = settings_for(data), _filters(since, until, outlet)
    with open_index(settings) as index:
        answers: Asker = asker(settings, index)
        if asked is not None:
            answer = answers.ask(asked, filters)
            say(
                dumps(answer_object(answer))
                if as_json
                else answer_text(answer, links=sys.stdout.isatty())
            )
        else:
            _run(
                index,
                batch,
                output,
                filters,
                lambda q, f: answer_object(answers.ask(q, f)),
                settings.decline_below,
            )


@click.command()
@_QUESTION
@filter_options
@click.option("-k", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many.")
@_BATCH
@_OUTPUT
@data_option
@json_option
def search(
    question: str | None,
    since: date | None,
    until: date | None,
    outlet: str | None,
    k: int,
    batch: Path | None,
    output: Path | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Find the K passages and sentences that come nearest to QUESTION, best first."""
    asked = _one_of(question, batch, output)
    settings, filters = settings_for(data), _filters(since, until, outlet)
    with open_index(settings) as index:
        if asked is not None:
            found = run_search(index, clean_question(asked), k, filters)
            say(dumps(search_object(found)) if as_json else search_text(found))
        else:
            _run(
                index,
                batch,
                output,
                filters,
                lambda q, f: search_object(run_search(index, clean_question(q), k, f)),
                k,
            )


def _filters(since: date | None, until: date | None, outlet: str | None) -> Filters:
    """Return the filters; refuse days in the wrong order and mend bytes that are no text."""
    if since is not None and until is not None and since > until:
        raise click.UsageError(f"--since {since} is after --until {until}.")
    return Filters(since, until, outlet and outlet.encode("utf-8", "replace").decode())


def _one_of(question: str | None, batch: Path | None, output: Path | None) -> str | None:
    """Return the question, or None for a batch; refuse both and neither."""
    if question is not None and (batch or output):
        raise click.UsageError("Give a QUESTION, or --batch with --output, not both.")
    if question is None and not (batch and output):
        raise click.UsageError("Give a QUESTION, or --batch IN.jsonl with --output OUT.jsonl.")
    if question is not None and not question.strip():
        raise click.UsageError("The QUESTION is empty.")
    return question


def _run(
    index: IndexReader,
    batch: Path | None,
    output: Path | None,
    filters: Filters,
    answer: Callable[[str, Filters], Json],
    *options: object,
) -> None:
    """Run a batch; the command line's filters hold where a line has none of its own."""

    def one(item: BatchQuestion) -> Json:
        own = item.filters
        merged = Filters(
            own.since or filters.since, own.until or filters.until, own.outlet or filters.outlet
        )
        return {"question": item.question, **answer(item.question, merged)}

    if batch is None or output is None:
        return
    stamp = repr(
        (index.generation.manifest.name, index.generation.manifest.made_at, filters, options)
    )
    with terminal_progress(bytes_=False) as progress:
        result = run_batch(batch, output, one, stamp=stamp, progress=progress)
    click.echo(
        f"{result.written:,} lines written to {output}"
        + (f" after {result.resumed:,} from before" if result.resumed else "")
        + (f"; {result.failed:,} were no questions" if result.failed else "")
        + ".",
        err=True,
    )
    if result.failed:
        raise click.exceptions.Exit(INCOMPLETE)


COMMANDS = {"ask": ask, "search": search}
