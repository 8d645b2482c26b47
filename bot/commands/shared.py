"""What several commands take and print."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import click

from bot.settings import Settings, load_settings

F = TypeVar("F", bound=Callable[..., object])


class Day(click.ParamType[date]):
    """A day written as YYYY-MM-DD."""

    name = "day"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day, or fail with the form that is expected."""
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as 2016-08-01", param, ctx)


def data_option(command: F) -> F:
    """Add ``--data DIR``."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Folder that holds the index (default: FOOTNOTE_DATA_DIR, else .footnote).",
    )(command)


def json_option(command: F) -> F:
    """Add ``--json``."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON object instead of text."
    )(command)


def filter_options(command: F) -> F:
    """Add ``--since``, ``--until`` and ``--outlet``."""
    for option in (
        click.option("--outlet", metavar="O", help="Only articles of this outlet."),
        click.option("--until", type=Day(), metavar="D", help="Only articles up to this day."),
        click.option("--since", type=Day(), metavar="D", help="Only articles from this day on."),
    ):
        command = option(command)
    return command


def settings_for(data: Path | None) -> Settings:
    """Return the settings, with ``--data`` in place of the configured folder."""
    settings = load_settings()
    return settings if data is None else settings.model_copy(update={"data_dir": data})


def say(text: str) -> None:
    """Print to standard output; characters the terminal cannot show are replaced."""
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(text.encode(encoding, "replace").decode(encoding))
