"""``eval``: measures over a folder of articles and cases."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from bot.cases import load_dataset
from bot.commands.progress import terminal_progress
from bot.commands.shared import json_option, say, settings_for
from bot.evaluate import Measure, by_group, evaluate, measures
from bot.wire import Json, dumps
from bot.wiring import asker, build_plan, open_index
from index.build import rebuild


@click.command("eval")
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@json_option
@click.option("--sample", type=click.IntRange(1), metavar="N", help="Ask N cases, drawn at random.")
@click.option("--seed", default=0, show_default=True, help="Of the sample and the intervals.")
def evaluate_folder(folder: Path, as_json: bool, sample: int | None, seed: int) -> None:
    """Measure search and answers on FOLDER, which holds articles.jsonl and cases.jsonl.

    The articles are indexed in a temporary folder; your own index is not
    touched. Every number comes with a 95% bootstrap interval.
    """
    dataset = load_dataset(folder)
    cases = list(dataset.cases)
    if sample is not None and sample < len(cases):
        cases = random.Random(seed).sample(cases, sample)  # noqa: S311 - a sample, no secret
    with tempfile.TemporaryDirectory(prefix="footnote-eval-") as place:
        settings = settings_for(Path(place))
        with terminal_progress() as progress:
            rebuild(build_plan(settings, progress=progress), [str(dataset.articles)])
        with open_index(settings) as index, terminal_progress(bytes_=False) as progress:
            outcomes = evaluate(asker(settings, index), cases, progress)
    overall = measures(outcomes, seed=seed)
    groups = {name: measures(each, seed=seed) for name, each in by_group(outcomes).items()}
    if as_json:
        say(dumps(_object(len(cases), overall, groups)))
    else:
        say(_table({"all": overall, **(groups if len(groups) > 1 else {})}))


def _object(
    cases: int, overall: Mapping[str, Measure], groups: Mapping[str, Mapping[str, Measure]]
) -> Json:
    return {
        "cases": cases,
        "measures": _measures(overall),
        "by_type": {name: _measures(found) for name, found in groups.items()},
    }


def _measures(found: Mapping[str, Measure]) -> Json:
    return {
        name: {
            "value": round(m.value, 4),
            "low": round(m.low, 4),
            "high": round(m.high, 4),
            "cases": m.cases,
        }
        for name, m in found.items()
    }


def _table(groups: Mapping[str, Mapping[str, Measure]]) -> str:
    lines = []
    for group, found in groups.items():
        most = max((m.cases for m in found.values()), default=0)
        lines.append(f"{group} ({most:,} cases)")
        lines += [
            f"  {name:<20} {m.value:6.3f}   [{m.low:.3f}, {m.high:.3f}]   of {m.cases:,}"
            for name, m in found.items()
        ]
    return "\n".join(lines)


COMMANDS = {"eval": evaluate_folder}
