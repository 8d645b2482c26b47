"""``status``, ``doctor`` and ``completion``."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import get_completion_class

from bot.commands.shared import data_option, json_option, say, settings_for
from bot.doctor import Finding, examine
from bot.errors import BotFault
from bot.terminal import visible
from bot.wire import Json, dumps
from bot.wiring import data_folder
from index.catalog import Catalog, Counts
from index.errors import IndexFault
from index.generations import DataFolder, Manifest


@click.command()
@data_option
@json_option
def status(data: Path | None, as_json: bool) -> None:
    """Show what is indexed, by which model, since when, and which generations are kept."""
    folder = data_folder(settings_for(data))
    current = folder.current()
    catalog = Catalog(current.catalog)
    counts = catalog.counts()
    catalog.close()
    others = _others(folder, current.manifest)
    if as_json:
        say(dumps(_status_object(current.manifest, counts, others)))
    else:
        say("\n".join(_status_lines(folder, current.manifest, counts, others)))


def _others(folder: DataFolder, current: Manifest) -> list[Manifest]:
    """Return the other generations that are whole, newest first."""
    found = []
    for name in reversed(folder.finished()):
        try:
            manifest = folder.load(name).manifest
        except IndexFault:
            continue
        if manifest.name != current.name:
            found.append(manifest)
    return found


def _status_object(current: Manifest, counts: Counts, others: list[Manifest]) -> Json:
    return {
        "generation": current.name,
        "made_at": current.made_at,
        "embedder": current.embedder,
        "articles": counts.articles,
        "origins": counts.origins,
        "sentences": counts.sentences,
        "passages": counts.passages,
        "outlets": dict(counts.outlets),
        "first_day": counts.first_day,
        "last_day": counts.last_day,
        "sources": list(current.sources),
        "generations": [
            {"name": m.name, "made_at": m.made_at, "articles": m.articles, "current": m is current}
            for m in (current, *others)
        ],
    }


def _status_lines(
    folder: DataFolder, current: Manifest, counts: Counts, others: list[Manifest]
) -> list[str]:
    outlets = ", ".join(f"{name} ({count:,})" for name, count in counts.outlets[:8])
    days = f"{counts.first_day} to {counts.last_day}" if counts.first_day else "none"
    duplicates = counts.origins - counts.articles
    lines = [
        f"Data folder   {folder.path}",
        f"Generation    {current.name}, made {current.made_at} in {current.seconds:.1f} s",
        f"Articles      {counts.articles:,}"
        + (f" (and {duplicates:,} duplicates)" if duplicates else ""),
        f"Sentences     {counts.sentences:,} in {counts.passages:,} passages",
        f"Outlets       {outlets or 'none named'}",
        f"Dates         {days}",
        f"Embedder      {current.embedder}",
        f"Sources       {', '.join(current.sources)}",
    ]
    lines += [
        f"Kept          {m.name}, made {m.made_at}: {m.articles:,} articles"
        + (" (`footnote rollback` returns to it)" if m.name == current.previous else "")
        for m in others
    ]
    return [
        visible(line) if "  " not in line[:14] else line[:14] + visible(line[14:]) for line in lines
    ]


@click.command()
@data_option
@json_option
def doctor(data: Path | None, as_json: bool) -> None:
    """Check settings, data folder, models and index; say what to do about each.

    Exits with 1 if something does not work.
    """
    findings = _examine(data)
    if as_json:
        say(dumps({"checks": [_finding_object(each) for each in findings]}))
    else:
        for each in findings:
            mark = {"ok": "ok  ", "note": "note", "bad": "BAD "}[each.state]
            say(visible(f"{mark} {each.subject}: {each.text}").replace(mark.strip(), mark, 1))
            if each.remedy:
                say(f"       {visible(each.remedy)}")
    if any(each.state == "bad" for each in findings):
        raise click.exceptions.Exit(1)


def _examine(data: Path | None) -> list[Finding]:
    try:
        settings = settings_for(data)
    except BotFault as error:
        return [Finding("settings", "bad", str(error), error.remedy)]
    return examine(settings)


def _finding_object(finding: Finding) -> Json:
    return {
        "subject": finding.subject,
        "state": finding.state,
        "text": finding.text,
        "remedy": finding.remedy,
    }


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that lets the Tab key complete commands and options.

    \b
    eval "$(footnote completion bash)"                                   # in ~/.bashrc
    eval "$(footnote completion zsh)"                                    # in ~/.zshrc
    footnote completion fish > ~/.config/fish/completions/footnote.fish
    """
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"No completion for {shell}.")
    root = context.find_root().command
    click.echo(found(root, {}, "footnote", "_FOOTNOTE_COMPLETE").source())


COMMANDS = {"status": status, "doctor": doctor, "completion": completion}
