"""`python -m tests.slack_server`: a local Slack to try an app against by hand.

Prints the settings for the app, then shows the conversation as it grows. Each line typed is said
by `anna` in `#general`; `dm: …` says it in a direct message, `/command …` calls a command, and
`reply: …` continues the last thread. It ends with the input, with Ctrl-C, or after `--seconds`.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
from collections.abc import Sequence

from .errors import CannotError
from .people import Said
from .server import LocalSlack


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until the input ends; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.slack_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--seconds", type=float, help="stop after that many seconds")
    options = parser.parse_args(arguments)
    with LocalSlack(port=options.port) as slack:
        for name, value in slack.environment.items():
            print(f"export {name}={value}", flush=True)
        stopped = threading.Event()
        shower = threading.Thread(target=show, args=(slack, stopped), daemon=True)
        shower.start()
        threading.Thread(target=listen, args=(slack, stopped), daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):
            stopped.wait(options.seconds)
        stopped.set()
        shower.join(timeout=2)
    return 0


def listen(slack: LocalSlack, stopped: threading.Event) -> None:
    """Do what each typed line says."""
    last: Said | None = None
    for line in sys.stdin:
        try:
            last = act(slack, line.strip(), last)
        except CannotError as error:
            print(f"! {error}", flush=True)
    stopped.set()


def act(slack: LocalSlack, line: str, last: Said | None) -> Said | None:
    """One typed line; returns the message that a reply would continue."""
    if not line:
        return last
    if line.startswith("/"):
        command, _, text = line.partition(" ")
        slack.command("anna", "general", command, text)
        return last
    if line.startswith("dm: "):
        return slack.say("anna", "dm", line.removeprefix("dm: "))
    if line.startswith("reply: ") and last is not None:
        return slack.say("anna", last.channel_id, line.removeprefix("reply: "), last.thread_ts)
    return slack.say("anna", "general", line)


def show(slack: LocalSlack, stopped: threading.Event) -> None:
    """Print each channel anew whenever what a reader sees of it has changed."""
    seen: dict[str, list[str]] = {}
    ended = False
    while not ended:
        ended = stopped.is_set()
        with slack.world.lock:
            slack.world.lock.wait(0 if ended else 0.1)
            now = {channel: slack.transcript(channel) for channel in list(slack.world.channels)}
        for channel, lines in now.items():
            if lines and lines != seen.get(channel):
                name = slack.world.channels[channel].name
                print("\n".join([f"--- {name}", *lines]), flush=True)
        seen = now


if __name__ == "__main__":
    raise SystemExit(main())
