"""What a Slack workspace is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChannelKind = Literal["public", "private", "im"]
Guest = Literal["single", "multi"]


@dataclass(slots=True)
class Team:
    """A workspace, with the app's bot in it when the app is installed."""

    id: str
    name: str
    bot_user_id: str
    bot_id: str
    bot_token: str
    scopes: frozenset[str]
    installed: bool = True

    @property
    def domain(self) -> str:
        return self.name.lower().replace(" ", "-")


@dataclass(slots=True)
class User:
    """A person, or a bot's user; `team_id` is the workspace that the account belongs to."""

    id: str
    team_id: str
    name: str
    is_bot: bool = False
    guest: Guest | None = None
    deleted: bool = False


@dataclass(slots=True)
class Channel:
    """A channel or a direct message; `team_ids` has several where Slack Connect shares it."""

    id: str
    team_ids: tuple[str, ...]
    name: str
    kind: ChannelKind = "public"
    members: set[str] = field(default_factory=set)
    archived: bool = False

    @property
    def shared(self) -> bool:
        return len(self.team_ids) > 1

    @property
    def event_type(self) -> str:
        """The `channel_type` of message events."""
        return {"public": "channel", "private": "group", "im": "im"}[self.kind]


@dataclass(slots=True)
class Stream:
    """A message being written: `started_at` on Slack's clock; it dies `STREAM_SECONDS` later."""

    started_at: float
    recipient_team_id: str | None = None
    recipient_user_id: str | None = None
    chunks: list[Json] = field(default_factory=list)
    stopped: bool = False


@dataclass(slots=True)
class Message:
    """One message. `markdown` is text in standard Markdown, `text` is in Slack's mrkdwn."""

    ts: str
    channel_id: str
    team_id: str
    user_id: str
    text: str = ""
    markdown: str | None = None
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    edited_ts: str | None = None
    deleted: bool = False
    ephemeral_to: str | None = None
    broadcast: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    metadata: Json | None = None
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    stream: Stream | None = None
    unfurl_links: bool = True
    unfurl_media: bool = True

    @property
    def by_app(self) -> bool:
        return self.bot_id is not None

    @property
    def root_ts(self) -> str:
        """The `ts` that names this message's thread, its own when it starts one."""
        return self.thread_ts or self.ts

    @property
    def streaming(self) -> bool:
        """Whether its author has not stopped it; an expired stream never was."""
        return self.stream is not None and not self.stream.stopped

    def public(self) -> Json:
        """The message as the Web API and the events show it."""
        shown: Json = {"type": "message", "user": self.user_id, "text": self.text, "ts": self.ts}
        shown["team"] = self.team_id
        optional: Json = {
            "bot_id": self.bot_id,
            "subtype": self.subtype,
            "blocks": self.blocks or None,
            "thread_ts": self.thread_ts,
            "metadata": self.metadata,
            "attachments": self.attachments or None,
            "files": self.files or None,
        }
        shown.update({key: value for key, value in optional.items() if value is not None})
        if self.edited_ts:
            shown["edited"] = {"user": self.user_id, "ts": self.edited_ts}
        if self.reactions:
            shown["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)}
                for name, users in self.reactions.items()
            ]
        if self.stream is not None:
            shown["streaming_state"] = "in_progress" if self.streaming else "completed"
        return shown


@dataclass(slots=True)
class View:
    """A modal or a Home tab as one person has it open."""

    id: str
    team_id: str
    user_id: str
    payload: Json
    hash: str
    bot_id: str
    app_id: str
    root_id: str
    previous_id: str | None = None
    open: bool = True

    @property
    def kind(self) -> str:
        return str(self.payload["type"])

    def public(self, state: Json | None = None) -> Json:
        """The view as Slack returns it."""
        return {
            "callback_id": "",
            "private_metadata": "",
            "external_id": "",
            **self.payload,
            "id": self.id,
            "team_id": self.team_id,
            "hash": self.hash,
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
            "state": {"values": state or {}},
        }


@dataclass(frozen=True, slots=True)
class Status:
    """What the app is said to be doing in a thread, since `set_at` on Slack's clock."""

    text: str
    loading_messages: tuple[str, ...]
    set_at: float


@dataclass(frozen=True, slots=True)
class Notification:
    """Somebody whom an app's content would notify; `kind` is `user`, `usergroup`, `here`,
    `channel` or `everyone`, and `channel_link` for `<#C…>`, which notifies nobody."""

    kind: str
    target: str
    channel_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link in an app's content: what the reader sees and where it goes."""

    label: str
    url: str
    channel_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class Unfurl:
    """A preview that Slack would add below an app's message."""

    url: str
    channel_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call of the Web API, as it ended: `error` is None where it succeeded."""

    method: str
    arguments: Json
    error: str | None
    response: Json
    at: float
    team_id: str | None
