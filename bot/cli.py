"""The command line: a thin skin over the rooms below it.

Exit codes: 0 done; 1 failed, nothing was changed; 2 wrong usage; 3 finished,
but some lines of a batch were no questions; 130 interrupted.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys

import click

from bot.errors import BotFault
from bot.terminal import visible
from index.errors import IndexFault

FAILED, INCOMPLETE, INTERRUPTED = 1, 3, 130

# Imported when one is called, so that `footnote --help` answers at once.
COMMANDS = {
    "rebuild": ("bot.commands.building", "Build a new index from articles and switch to it."),
    "update": ("bot.commands.building", "Add, change and remove only what differs."),
    "rollback": ("bot.commands.building", "Return to the generation before the current one."),
    "status": ("bot.commands.inspecting", "Show what is indexed, by which model, since when."),
    "ask": ("bot.commands.asking", "Answer a question with cited sentences."),
    "search": ("bot.commands.asking", "Find the passages and sentences nearest to a question."),
    "eval": ("bot.commands.evaluating", "Measure search and answers on a folder of cases."),
    "doctor": ("bot.commands.inspecting", "Check settings, folders, models and index."),
    "completion": ("bot.commands.inspecting", "Print what makes the Tab key complete commands."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which people meet them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing its module."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command = module.COMMANDS[cmd_name]
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        del ctx
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; that the reader of its output went away (`| head`) is no error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done; 1 failed, nothing changed; 2 wrong usage; 3 finished, but some"
    " lines of a batch were left out; 130 interrupted.",
)
@click.version_option(package_name="footnote", message="footnote %(version)s")
@click.option("--debug", is_flag=True, help="Show the whole trace of an error.")
@click.pass_context
def footnote(context: click.Context, debug: bool) -> None:
    """Answer questions from articles; every statement cites its original sentence.

    \b
    footnote rebuild articles/          index a folder, a file, a URL or a feed
    footnote ask "Who confirmed it?"    answer with cited sentences
    """
    context.obj = debug


def main() -> None:
    """Run the command line and exit with its code; errors are one line and a remedy."""
    debug = "--debug" in sys.argv
    _quiet_libraries()
    try:
        code = footnote.main(prog_name="footnote", standalone_mode=False)
    except (IndexFault, BotFault) as error:
        if debug:
            raise
        code = _tell(str(error), error.remedy)
    except click.Abort:
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except KeyboardInterrupt:
        click.echo("Interrupted.", err=True)
        code = INTERRUPTED
    except Exception as error:
        if debug:
            raise
        text = f"a fault in Footnote: {type(error).__name__}: {error}"
        code = _tell(text, "Run it again with `footnote --debug …` and report what it prints.")
    sys.exit(code or 0)


def _tell(message: str, remedy: str) -> int:
    click.echo(visible(f"Error: {message}. {remedy}".strip()), err=True)
    return FAILED


def _quiet_libraries() -> None:
    """Keep libraries from writing to the terminal on their own."""
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
