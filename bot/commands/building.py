"""``rebuild``, ``update`` and ``rollback``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from bot.commands.progress import terminal_progress
from bot.commands.shared import data_option, json_option, say, settings_for
from bot.terminal import summary_text
from bot.wire import dumps, summary_object
from bot.wiring import build_plan, data_folder
from index.build import Summary
from index.build import rebuild as run_rebuild
from index.build import update as run_update

_SOURCES = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
_STRICT = click.option(
    "--strict", is_flag=True, help="Fail, changing nothing, if any source cannot be read."
)


@click.command()
@_SOURCES
@data_option
@json_option
@_STRICT
def rebuild(sources: tuple[str, ...], data: Path | None, as_json: bool, strict: bool) -> None:
    """Build a new index from SOURCES and switch to it.

    A SOURCE is a file, a folder, a URL or a feed (RSS or Atom). Texts, Markdown,
    HTML, PDF, DOCX and JSONL are read. Readers keep the old index until the new
    one is complete; what did not change is not embedded again.
    """
    with terminal_progress() as progress:
        plan = build_plan(settings_for(data), progress=progress, strict=strict)
        summary = run_rebuild(plan, absolute(sources))
    _print(summary, as_json=as_json)


@click.command()
@_SOURCES
@data_option
@json_option
@_STRICT
@click.option("--dry-run", is_flag=True, help="Say what differs; change nothing.")
def update(
    sources: tuple[str, ...],
    data: Path | None,
    as_json: bool,
    strict: bool,
    dry_run: bool,
) -> None:
    """Add, change and remove only what differs between SOURCES and the index.

    Articles of other sources than those given stay as they are. Addresses are
    asked whether they have changed since the last time.
    """
    with terminal_progress() as progress:
        plan = build_plan(settings_for(data), progress=progress, strict=strict)
        summary = run_update(plan, absolute(sources), dry_run=dry_run)
    _print(summary, as_json=as_json)


def absolute(sources: tuple[str, ...]) -> list[str]:
    """Return the SOURCES with paths made absolute: an update may run in another folder."""
    return [each if "://" in each else os.path.abspath(each) for each in sources]  # noqa: PTH100


def _print(summary: Summary, *, as_json: bool) -> None:
    say(dumps(summary_object(summary)) if as_json else summary_text(summary))


@click.command()
@data_option
@json_option
def rollback(data: Path | None, as_json: bool) -> None:
    """Return to the generation before the current one.

    The current generation and the one before it are kept, so one step back can
    be taken after a build.
    """
    generation = data_folder(settings_for(data)).rollback()
    manifest = generation.manifest
    if as_json:
        say(dumps({"generation": manifest.name, "articles": manifest.articles}))
    else:
        say(
            f"Back to generation {manifest.name} of {manifest.made_at}:"
            f" {manifest.articles:,} articles."
        )


COMMANDS = {"rebuild": rebuild, "update": update, "rollback": rollback}
