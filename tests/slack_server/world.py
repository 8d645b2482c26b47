"""The workspaces and everything in them, under one lock.

The Web API changes the world from the server's thread, the people of a test from the test's own.
Both hold `World.lock`, and whoever waits for a change waits on it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from itertools import count

from . import limits
from .clock import Clock
from .errors import CannotError
from .records import (
    ApiCall,
    Channel,
    ChannelKind,
    Guest,
    Json,
    Link,
    Message,
    Notification,
    Status,
    Team,
    Unfurl,
    User,
    View,
)

BOT_SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "chat:write",
    "im:history",
    "commands",
    "channels:history",
    "groups:history",
    "reactions:write",
    "users:read",
)
BOT_EVENTS = (
    "app_mention",
    "message.im",
    "message.channels",
    "message.groups",
    "app_home_opened",
    "app_context_changed",
    "agent_session_stopped",
)
_TS = re.compile(r"[0-9]{1,12}\.[0-9]{6}")


class World:
    """All state of the local Slack."""

    def __init__(self, clock: Clock, bot_name: str) -> None:
        self.clock = clock
        self.bot_name = bot_name
        self.app_id = "A0000001"
        self.lock = threading.Condition(threading.RLock())
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self.threads: dict[tuple[str, str], list[Message]] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.statuses: dict[tuple[str, str], Status] = {}
        self.status_log: list[tuple[str, str, str]] = []
        self.titles: dict[tuple[str, str], str] = {}
        self.prompts: dict[tuple[str, str | None], Json] = {}
        self.notifications: list[Notification] = []
        self.links: list[Link] = []
        self.unfurls: list[Unfurl] = []
        self.calls: list[ApiCall] = []
        self._noted: set[object] = set()
        self._numbers: dict[str, Iterator[int]] = {}
        self._last_micros = 0

    # -- identifiers and changes

    def new_id(self, prefix: str) -> str:
        """The next identifier of a kind, as `U0000001`."""
        with self.lock:
            number = next(self._numbers.setdefault(prefix, count(1)))
        return f"{prefix}{number:07d}"

    def new_ts(self) -> str:
        """A timestamp later than every other: Slack's name for a message."""
        with self.lock:
            self._last_micros = max(self._last_micros + 1, int(self.clock.now() * 1_000_000))
            seconds, micros = divmod(self._last_micros, 1_000_000)
        return f"{seconds}.{micros:06d}"

    def changed(self) -> None:
        """Wake everybody who waits for something to happen."""
        with self.lock:
            self.lock.notify_all()

    def first(self, thing: object) -> bool:
        """Whether this was never noted before; it is from now on."""
        if thing in self._noted:
            return False
        self._noted.add(thing)
        return True

    # -- who and where

    def add_team(self, name: str, scopes: tuple[str, ...], installed: bool = True) -> Team:
        with self.lock:
            team_id, bot_id = self.new_id("T"), self.new_id("B")
            bot = User(self.new_id("U"), team_id, self.bot_name, is_bot=True)
            token = f"xoxb-{team_id}-local"
            team = Team(team_id, name, bot.id, bot_id, token, frozenset(scopes), installed)
            self.users[bot.id] = bot
            self.teams[team_id] = team
            return team

    def add_user(self, name: str, team: Team, guest: Guest | None) -> User:
        with self.lock:
            user = User(self.new_id("U"), team.id, name, guest=guest)
            self.users[user.id] = user
            return user

    def add_channel(
        self, name: str, teams: tuple[Team, ...], kind: ChannelKind, members: set[str]
    ) -> Channel:
        with self.lock:
            channel_id = self.new_id("D" if kind == "im" else "C")
            ids = tuple(team.id for team in teams)
            channel = Channel(channel_id, ids, name, kind, members)
            self.channels[channel_id] = channel
            self.messages[channel_id] = {}
            return channel

    def dm(self, user: User, team: Team) -> Channel:
        """The direct message between a person and a team's bot, made when first needed."""
        wanted = {user.id, team.bot_user_id}
        with self.lock:
            for channel in self.channels.values():
                if channel.kind == "im" and channel.members == wanted:
                    return channel
            return self.add_channel(user.name, (team,), "im", wanted)

    def user(self, given: User | str) -> User:
        """A person by record, identifier or name."""
        if isinstance(given, User):
            return given
        for user in self.users.values():
            if given in (user.id, user.name):
                return user
        raise CannotError(f"there is no user {given!r}")

    def channel(self, given: Channel | str) -> Channel:
        """A channel by record, identifier or name, with or without `#`."""
        if isinstance(given, Channel):
            return given
        for channel in self.channels.values():
            if (given.lstrip("#") == channel.name and channel.kind != "im") or given == channel.id:
                return channel
        raise CannotError(f"there is no channel {given!r}")

    def name_of(self, kind: str, target: str) -> str:
        """How a reader sees a mention; an unknown one by its identifier."""
        if kind == "channel_link":
            found = self.channels.get(target)
            return f"#{found.name if found else target}"
        user = self.users.get(target)
        return f"@{user.name if user else target}"

    # -- messages

    def put(self, message: Message) -> Message:
        """Add a message to its channel and its thread."""
        with self.lock:
            self.messages[message.channel_id][message.ts] = message
            key = (message.channel_id, message.root_ts)
            self.threads.setdefault(key, []).append(message)
            self.changed()
            return message

    def find(self, channel_id: str, ts: str) -> Message | None:
        """A message that readers still see."""
        message = self.messages.get(channel_id, {}).get(ts)
        return None if message is None or message.deleted else message

    def message(self, ts: str) -> Message:
        """A message by its timestamp alone: no two of this Slack share one."""
        for channel_id in self.messages:
            if (found := self.find(channel_id, ts)) is not None:
                return found
        raise CannotError(f"there is no message {ts}")

    def replies(self, channel_id: str, thread_ts: str) -> list[Message]:
        """The replies of a thread that everybody sees, in order."""
        found = self.threads.get((channel_id, thread_ts), [])
        return [m for m in found if m.thread_ts and not m.deleted and m.ephemeral_to is None]

    def thread_exists(self, channel_id: str, thread_ts: str) -> bool:
        """A thread outlives its deleted first message while it has replies."""
        first = self.messages.get(channel_id, {}).get(thread_ts)
        if first is None or first.ephemeral_to is not None:
            return False
        return not first.deleted or bool(self.replies(channel_id, thread_ts))

    def stream_open(self, message: Message) -> bool:
        """Whether the message's stream still takes text: five minutes from its start, no more."""
        stream = message.stream
        if stream is None or stream.stopped:
            return False
        return self.clock.now() - stream.started_at < limits.STREAM_SECONDS

    def status(self, channel_id: str, thread_ts: str) -> Status | None:
        """What the app is said to be doing in a thread, unless that has expired."""
        found = self.statuses.get((channel_id, thread_ts))
        if found is None or self.clock.now() - found.set_at >= limits.STATUS_SECONDS:
            return None
        return found

    def clear_status(self, channel_id: str, thread_ts: str) -> None:
        """A message of the app in the thread ends its status."""
        if self.statuses.pop((channel_id, thread_ts), None) is not None:
            self.status_log.append((channel_id, thread_ts, ""))


def valid_ts(ts: str) -> bool:
    """Whether a text has the form of a message's timestamp.

    >>> valid_ts("1700000000.000100"), valid_ts("yesterday")
    (True, False)
    """
    return _TS.fullmatch(ts) is not None
