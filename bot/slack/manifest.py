"""The app's manifest, made from code: ``python -m bot.slack.manifest`` prints it.

What Slack is asked for here is what `footnote doctor` checks a token against.
Reference: docs.slack.dev, App manifest, version 2.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bot.slack.blocks import Element

COMMAND = "/footnote"
SHORTCUT = "footnote_ask_about"
BOT_SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "chat:write",
    "commands",
    "groups:history",
    "im:history",
    "reactions:write",
    "users:read",
)
BOT_EVENTS = (
    "agent_session_stopped",
    "app_context_changed",
    "app_home_opened",
    "app_mention",
    "message.channels",
    "message.groups",
    "message.im",
)
# The app-level token (`xapp-`) is made by hand and needs this scope.
APP_SCOPES = ("connections:write",)
EVENTS_PATH = "/slack/events"
REDIRECT_PATH = "/slack/oauth_redirect"
INSTALL_PATH = "/slack/install"
_DESCRIPTION = "Answers questions from your articles; every statement cites its sentence."
_LONG_DESCRIPTION = (
    "Ask Footnote a question in a channel, a thread, a direct message or with /footnote. It"
    " answers from the articles that you have given it, and behind every statement stands a number"
    " that leads to the very sentence in the article that says so. What no sentence bears out is"
    " withheld, and when the articles do not say it, Footnote says that."
)
_PROMPTS = (
    ("What have you read?", "sources"),
    ("What is new?", "what is new"),
    ("How do I ask?", "help"),
)


def manifest(name: str = "Footnote", *, http: str | None = None) -> Element:
    """Return the manifest of the app as JSON values.

    ``http`` is the address at which the bot can be reached, for HTTP instead of
    Socket Mode, without a slash at its end. ``agent_view`` stands alone: new apps
    cannot have the older ``assistant_view`` beside it.
    """
    events: Element = {"bot_events": list(BOT_EVENTS)}
    interactivity: Element = {"is_enabled": True}
    oauth: Element = {"scopes": {"bot": list(BOT_SCOPES)}}
    if http is not None:
        events["request_url"] = interactivity["request_url"] = f"{http}{EVENTS_PATH}"
        oauth["redirect_urls"] = [f"{http}{REDIRECT_PATH}"]
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": name,
            "description": _DESCRIPTION,
            "long_description": _LONG_DESCRIPTION,
            "background_color": "#1d3557",
        },
        "features": _features(name, http),
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": True,
            "socket_mode_enabled": http is None,
            "token_rotation_enabled": False,
        },
    }


def _features(name: str, http: str | None) -> Element:
    command: Element = {
        "command": COMMAND,
        "description": "Ask the articles; only you see the answer",
        "usage_hint": "your question, or help",
        "should_escape": False,
    }
    if http is not None:
        command["url"] = f"{http}{EVENTS_PATH}"
    return {
        "agent_view": {
            "agent_description": _DESCRIPTION,
            "suggested_prompts": [{"title": t, "message": message} for t, message in _PROMPTS],
        },
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": name, "always_online": False},
        "shortcuts": [
            {
                "name": "Ask Footnote about this",
                "type": "message",
                "callback_id": SHORTCUT,
                "description": "What do the articles say about this message?",
            }
        ],
        "slash_commands": [command],
    }


def manifest_yaml(name: str = "Footnote", *, http: str | None = None) -> str:
    """Return the manifest as YAML, as Slack's page for new apps takes it."""
    import yaml  # type: ignore[import-untyped]

    text: str = yaml.safe_dump(manifest(name, http=http), sort_keys=False, width=90)
    return text


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the manifest."""
    parser = argparse.ArgumentParser(prog="python -m bot.slack.manifest", description=main.__doc__)
    parser.add_argument("--name", default="Footnote", help="the app's name")
    parser.add_argument("--http", metavar="URL", help="use HTTP at this address, not Socket Mode")
    given = parser.parse_args(arguments)
    http = given.http.rstrip("/") if given.http else None
    sys.stdout.write(manifest_yaml(given.name, http=http))


if __name__ == "__main__":
    main()
