"""One call of a Web API method: its arguments, who calls, and what the method may use."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from .errors import SlackError
from .events import Events
from .records import Channel, Json, Team
from .report import Problem
from .triggers import Triggers
from .world import World

Token = Literal["bot", "app", "none"]


@dataclass(frozen=True, slots=True)
class Call:
    """`team` is the workspace that the token belongs to; `arguments` are as they came."""

    method: str
    arguments: Json
    world: World
    events: Events
    triggers: Triggers
    installed: Team | None
    base_url: str

    @property
    def team(self) -> Team:
        if self.installed is None:
            raise SlackError("not_allowed_token_type")
        return self.installed

    def text(self, name: str) -> str | None:
        """A text argument; an empty or missing one is None."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return None
        return value if isinstance(value, str) else str(value)

    def required(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise invalid_arguments(f"missing required field: {name}", f"/{name}")
        return value

    def flag(self, name: str) -> bool | None:
        """A yes or no, in any of the spellings that forms and JSON have; None when absent."""
        value = self.arguments.get(name)
        if value is None:
            return None
        return value is True or str(value).lower() in ("1", "true")

    def json(self, name: str, broken: str = "invalid_arguments") -> Any:
        """An argument with structure, itself JSON text in forms; None when absent."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(broken) from None

    def count(self, name: str, default: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        if not value.isdigit() or int(value) < 1:
            raise SlackError("invalid_limit")
        return int(value)

    def channel(self, name: str = "channel", writing: bool = False) -> Channel:
        """The channel, which the bot can see, and may write to when `writing`."""
        given = self.required(name)
        found = self.world.channels.get(given.lstrip("#"))
        if found is None:
            found = next(
                (c for c in self.world.channels.values() if c.name == given.lstrip("#")), None
            )
        if found is None and given in self.world.users and self.method == "chat.postMessage":
            found = self.world.dm(self.world.users[given], self.team)
        if found is None or self.team.id not in found.team_ids:
            raise SlackError("channel_not_found")
        inside = self.team.bot_user_id in found.members
        if not inside and found.kind != "public":
            raise SlackError("channel_not_found")
        if writing and found.archived:
            raise SlackError("is_archived")
        if writing and not inside and "chat:write.public" not in self.team.scopes:
            raise SlackError("not_in_channel")
        return found

    def scope_for(self, channel: Channel, verb: str) -> None:
        """Reading a channel needs the scope of its kind, as `groups:history`."""
        kind = {"public": "channels", "private": "groups", "im": "im"}[channel.kind]
        need_scope(self.team, f"{kind}:{verb}")


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method: `tier` is its rate tier, or None where Slack has a rule of its own."""

    run: Callable[[Call], Json]
    tier: int | None = 3
    scopes: tuple[str, ...] = ()
    token: Token = "bot"


def need_scope(team: Team, *any_of: str) -> None:
    """Refuse the call unless the token has one of the scopes."""
    if any_of and not team.scopes.intersection(any_of):
        provided = ",".join(sorted(team.scopes))
        raise SlackError("missing_scope", needed=",".join(any_of), provided=provided)


def invalid_arguments(message: str, pointer: str) -> SlackError:
    return SlackError("invalid_arguments", [Problem(pointer, message)])
