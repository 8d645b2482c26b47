"""Builds what Slack sends to the app, and hands it to the delivery."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .records import Channel, Json, Message, Team, User
from .world import World

Kind = Literal["events_api", "slash_commands", "interactive"]
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
}


@dataclass(slots=True)
class Attempt:
    """One time that something was sent: `acked` once the app said so in time."""

    number: int
    reason: str | None
    sent_at: float
    acked: bool = False


@dataclass(slots=True)
class Delivery:
    """One thing that Slack has to tell the app, however often it takes.

    `response` is the body that the app answered with, if any; `failed` is true once Slack has
    given up.
    """

    kind: Kind
    payload: Json
    team_id: str
    attempts: list[Attempt] = field(default_factory=list)
    response: Json | None = None
    failed: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    on_response: Callable[[Json], None] | None = None

    @property
    def acked(self) -> bool:
        return any(attempt.acked for attempt in self.attempts)

    @property
    def event(self) -> Json:
        """The event inside, for deliveries of the Events API."""
        found = self.payload.get("event")
        return found if isinstance(found, dict) else {}

    @property
    def event_id(self) -> str | None:
        return self.payload.get("event_id")

    def wait(self, timeout: float = 10.0) -> Delivery:
        """Wait until the app has acknowledged it, or Slack has given up."""
        if not self.done.wait(timeout):
            raise TimeoutError(f"not acknowledged: {self.payload.get('type')} {self.event}")
        return self


class Events:
    """Decides which events the app gets, and wraps them."""

    def __init__(
        self, world: World, subscribed: Sequence[str], send: Callable[[Delivery], None]
    ) -> None:
        self.world = world
        self.subscribed = set(subscribed)
        self._send = send
        self.sent: list[Delivery] = []

    def submit(self, delivery: Delivery) -> Delivery:
        """Queue for the app, whichever way it listens."""
        self.sent.append(delivery)
        self._send(delivery)
        return delivery

    def emit(
        self, team: Team, event: Json, subscription: str, channel: Channel | None = None
    ) -> Delivery | None:
        """Send an event if the app is installed, subscribed and permitted; None otherwise."""
        scope = EVENT_SCOPES.get(subscription)
        if not team.installed or subscription not in self.subscribed:
            return None
        if scope is not None and scope not in team.scopes:
            return None
        return self.submit(Delivery("events_api", self._wrap(team, event, channel), team.id))

    def _wrap(self, team: Team, event: Json, channel: Channel | None) -> Json:
        return {
            "token": "unused",
            "team_id": team.id,
            "context_team_id": team.id,
            "context_enterprise_id": None,
            "api_app_id": self.world.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self.world.new_id("Ev"),
            "event_time": int(self.world.clock.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team.id,
                    "user_id": team.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(channel and channel.shared),
            "event_context": "4-local",
        }

    def about_message(
        self, channel: Channel, event: Json, only: frozenset[str] | None = None
    ) -> list[Delivery]:
        """A message event to each workspace of the channel whose bot is in it.

        `event` is without what names the place. In a channel a message that mentions the bot is
        sent as `app_mention` as well; `only` keeps some of the two, as Slack at times does.
        """
        found: list[Delivery | None] = []
        for team_id in channel.team_ids:
            team = self.world.teams[team_id]
            if team.bot_user_id not in channel.members:
                continue
            placed = {**event, "channel": channel.id, "event_ts": event["ts"]}
            mention = f"<@{team.bot_user_id}>" in str(event.get("text", ""))
            own = event.get("user") == team.bot_user_id
            mentionable = channel.kind != "im" and not own
            mentionable = mentionable and event.get("subtype") in (
                None,
                "file_share",
                "thread_broadcast",
            )
            if mention and mentionable and (only is None or "app_mention" in only):
                found.append(
                    self.emit(team, {**placed, "type": "app_mention"}, "app_mention", channel)
                )
            if only is None or "message" in only:
                typed = {**placed, "type": "message", "channel_type": channel.event_type}
                found.append(self.emit(team, typed, subscription_of(channel), channel))
        return [delivery for delivery in found if delivery is not None]

    def posted(self, message: Message, only: frozenset[str] | None = None) -> list[Delivery]:
        """The events of a new message, a person's or the app's own."""
        channel = self.world.channels[message.channel_id]
        event = message.public()
        author = self.world.users.get(message.user_id)
        if author is not None and author.team_id not in channel.team_ids[:1]:
            event.update(user_team=author.team_id, source_team=author.team_id)
        if message.thread_ts:
            parent = self.world.messages[channel.id].get(message.thread_ts)
            event["parent_user_id"] = parent.user_id if parent else message.user_id
        return self.about_message(channel, event, only)

    def changed(self, message: Message, before: Json) -> list[Delivery]:
        """`message_changed`, which nests the message: after an edit, an update or an unfurl."""
        channel = self.world.channels[message.channel_id]
        event = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "message": message.public(),
            "previous_message": before,
            "ts": self.world.new_ts(),
        }
        return self.about_message(channel, event)

    def removed(self, message: Message) -> list[Delivery]:
        """`message_deleted`, with the message as it was."""
        channel = self.world.channels[message.channel_id]
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "deleted_ts": message.ts,
            "previous_message": message.public(),
            "ts": self.world.new_ts(),
        }
        return self.about_message(channel, event)

    def reacted(self, message: Message, user_id: str, name: str, added: bool) -> None:
        channel = self.world.channels[message.channel_id]
        kind = "reaction_added" if added else "reaction_removed"
        event: Json = {
            "type": kind,
            "user": user_id,
            "reaction": name,
            "item": {"type": "message", "channel": message.channel_id, "ts": message.ts},
            "item_user": message.user_id,
            "event_ts": self.world.new_ts(),
        }
        for team_id in channel.team_ids:
            self.emit(self.world.teams[team_id], event, kind, channel)


def subscription_of(channel: Channel) -> str:
    return {"public": "message.channels", "private": "message.groups", "im": "message.im"}[
        channel.kind
    ]


def user_json(user: User, team: Team) -> Json:
    """A person in an interaction's payload."""
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": team.id}
