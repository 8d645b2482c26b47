"""People of the workspace write, edit, react and delete, as a test tells them to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from .errors import CannotError
from .events import Delivery, Events
from .records import Channel, Json, Message, User
from .typing_text import rich_blocks, typed
from .world import World


@dataclass(frozen=True, slots=True)
class Said:
    """A person's message, and what it made Slack tell the app."""

    message: Message
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def ts(self) -> str:
        return self.message.ts

    @property
    def channel_id(self) -> str:
        return self.message.channel_id

    @property
    def thread_ts(self) -> str:
        """The thread in which an answer is expected."""
        return self.message.root_ts

    def wait_acked(self, timeout: float = 10.0) -> Said:
        """Wait until the app has acknowledged everything."""
        for delivery in self.deliveries:
            delivery.wait(timeout)
        return self


class People:
    """The half of `LocalSlack` that acts in conversations."""

    world: World
    events: Events

    def dm(self, user: User | str) -> Channel:
        """The direct message between a person and the bot of the person's workspace."""
        person = self.world.user(user)
        return self.world.dm(person, self.world.teams[person.team_id])

    def say(
        self,
        user: User | str,
        channel: Channel | str,
        text: str,
        thread_ts: str | None = None,
        *,
        broadcast: bool = False,
        files: list[Json] | None = None,
        only: Collection[str] | None = None,
    ) -> Said:
        """A person writes; `channel` may be `"dm"`.

        `@footnote` and `#general` become mentions. A message that mentions the bot in a channel
        arrives as `app_mention` and as `message`; `only={"message"}` keeps one of them.
        `broadcast` sends a reply to the channel too, `files` makes it a `file_share`.
        """
        with self.world.lock:
            person = self.world.user(user)
            place = self.dm(person) if channel == "dm" else self.world.channel(channel)
            self._may_write(person, place)
            message = self._compose(person, place, typed(self.world, text), thread_ts)
            if broadcast and message.thread_ts:
                message.subtype, message.broadcast = "thread_broadcast", True
            if files:
                message.subtype, message.files = "file_share", files
            self.world.put(message)
            kept = None if only is None else frozenset(only)
            return Said(message, self.events.posted(message, kept))

    def _may_write(self, person: User, place: Channel) -> None:
        if person.id not in place.members:
            raise CannotError(f"{person.name} is not in {place.name}")
        if place.archived:
            raise CannotError(f"{place.name} is archived")

    def _compose(self, person: User, place: Channel, text: str, thread_ts: str | None) -> Message:
        if thread_ts is not None:
            target = self.world.messages[place.id].get(thread_ts)
            thread_ts = target.root_ts if target else thread_ts
            if not self.world.thread_exists(place.id, thread_ts):
                raise CannotError(f"there is no thread {thread_ts}")
        return Message(
            ts=self.world.new_ts(),
            channel_id=place.id,
            team_id=person.team_id,
            user_id=person.id,
            text=text,
            blocks=rich_blocks(text),
            thread_ts=thread_ts,
        )

    def _of(self, given: Message | Said | str) -> Message:
        if isinstance(given, Said):
            return given.message
        return given if isinstance(given, Message) else self.world.message(given)

    def edit(self, message: Message | Said | str, text: str) -> Said:
        """Its author rewrites a message.

        The app gets `message_changed`, and `app_mention` with `edited` where the bot is mentioned
        now and was not before.
        """
        with self.world.lock:
            found = self._of(message)
            before, old = found.public(), found.text
            found.text = typed(self.world, text)
            found.blocks = rich_blocks(found.text)
            found.edited_ts = self.world.new_ts()
            deliveries = self.events.changed(found, before)
            bots = [team.bot_user_id for team in self.world.teams.values()]
            if any(f"<@{bot}>" in found.text and f"<@{bot}>" not in old for bot in bots):
                deliveries += self.events.posted(found, frozenset({"app_mention"}))
            self.world.changed()
            return Said(found, deliveries)

    def delete(self, message: Message | Said | str) -> Said:
        """Its author deletes a message; with replies below it, it becomes a tombstone.

        The app then gets `message_changed` with a `tombstone`, and `message_deleted` otherwise.
        """
        with self.world.lock:
            found = self._of(message)
            before = found.public()
            found.deleted = True
            if self.world.replies(found.channel_id, found.ts):
                deliveries = self._tombstone(found, before)
            else:
                deliveries = self.events.removed(found)
            self.world.changed()
            return Said(found, deliveries)

    def _tombstone(self, message: Message, before: Json) -> list[Delivery]:
        grave = Message(
            ts=message.ts,
            channel_id=message.channel_id,
            team_id=message.team_id,
            user_id="USLACKBOT",
            text="This message was deleted.",
            thread_ts=message.ts,
            subtype="tombstone",
        )
        return self.events.changed(grave, before)

    def unfurl(self, message: Message | Said | str, url: str) -> Said:
        """Slack adds a preview to a message, and tells the app with `message_changed`."""
        with self.world.lock:
            found = self._of(message)
            before = found.public()
            found.attachments = [{"from_url": url, "title": "Preview", "id": 1}]
            deliveries = self.events.changed(found, before)
            self.world.changed()
            return Said(found, deliveries)

    def react(self, user: User | str, message: Message | Said | str, name: str) -> None:
        """A person adds a reaction, or takes it back where it is theirs already."""
        with self.world.lock:
            person, found = self.world.user(user), self._of(message)
            users = found.reactions.setdefault(name, [])
            added = person.id not in users
            users.append(person.id) if added else users.remove(person.id)
            if not users:
                del found.reactions[name]
            self.events.reacted(found, person.id, name, added)
            self.world.changed()

    def open_home(self, user: User | str, tab: str = "home") -> Delivery | None:
        """A person opens the app's Home, at its `home` or `messages` tab."""
        with self.world.lock:
            person = self.world.user(user)
            team = self.world.teams[person.team_id]
            event: Json = {
                "type": "app_home_opened",
                "user": person.id,
                "channel": self.dm(person).id,
                "tab": tab,
                "event_ts": self.world.new_ts(),
            }
            home = self.world.homes.get(f"{team.id}/{person.id}")
            if tab == "home" and home is not None:
                event["view"] = home.public()
            return self.events.emit(team, event, "app_home_opened")

    def app_context_changed(
        self, user: User | str, channel: Channel | str | None = None
    ) -> Delivery | None:
        """A person with the agent open looks at another channel, or at none."""
        with self.world.lock:
            person = self.world.user(user)
            team = self.world.teams[person.team_id]
            context: Json = {}
            if channel is not None:
                value = self.world.channel(channel).id
                kind = "slack#/types/channel_id"
                context["entities"] = [{"type": kind, "value": value, "team_id": team.id}]
            event: Json = {
                "type": "app_context_changed",
                "user": person.id,
                "channel": self.dm(person).id,
                "context": context,
                "event_ts": self.world.new_ts(),
            }
            return self.events.emit(team, event, "app_context_changed")

    def stop_session(
        self, user: User | str, channel: Channel | str, thread_ts: str
    ) -> Delivery | None:
        """A person presses stop: Slack ends the thread's streams and tells the app."""
        with self.world.lock:
            person = self.world.user(user)
            place = self.dm(person) if channel == "dm" else self.world.channel(channel)
            streaming = [
                message
                for message in self.world.replies(place.id, thread_ts)
                if self.world.stream_open(message)
            ]
            for message in streaming:
                if message.stream is not None:
                    message.stream.stopped = True
            event: Json = {
                "type": "agent_session_stopped",
                "user": person.id,
                "channel": place.id,
                "thread_ts": thread_ts,
                "streaming_message_ts": [message.ts for message in streaming],
                "event_ts": self.world.new_ts(),
            }
            self.world.changed()
            team = self.world.teams[person.team_id]
            return self.events.emit(team, event, "agent_session_stopped", place)
