"""The conversation as a person reads it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from .block_reading import read_blocks
from .content import readings_of
from .errors import CannotError
from .interactions import Interaction
from .markup import Reading
from .people import Said
from .records import Channel, Json, Message, User, View
from .world import World

T = TypeVar("T")


class Readers:
    """The half of `LocalSlack` that reads, and waits for something to read."""

    world: World

    def transcript(
        self,
        channel: Channel | str,
        thread_ts: str | None = None,
        as_user: User | str | None = None,
    ) -> list[str]:
        """The lines that a reader sees, replies indented below their first message.

        A message is `name: text`, its further lines indented; then come `[buttons]` where the
        blocks have them, reactions as `:name: count`, and `(edited)`, `(writing…)` or
        `(only visible to anna)`. An active status is the last line of its thread. With
        `thread_ts` only that thread, not indented. `as_user` hides what is for others only, and
        raises `CannotError` for a channel that the person cannot see; None sees everything.
        """
        with self.world.lock:
            place = self.world.channel(channel)
            viewer = self._viewer(place, as_user)
            replies: dict[str, list[Message]] = {}
            for message in self.world.messages[place.id].values():
                if message.thread_ts and not message.deleted and sees(viewer, message):
                    replies.setdefault(message.thread_ts, []).append(message)
            if thread_ts is not None:
                found = replies.get(thread_ts, [])
                return list(self._thread(place, thread_ts, viewer, found, indent=""))
            lines: list[str] = []
            for ts, message in self.world.messages[place.id].items():
                if message.thread_ts is None:
                    lines += self._thread(place, ts, viewer, replies.get(ts, []), indent="  ")
                elif message.broadcast and not message.deleted:
                    lines += self.lines(message)
            return lines

    def _viewer(self, place: Channel, as_user: User | str | None) -> User | None:
        viewer = None if as_user is None else self.world.user(as_user)
        if viewer is None or viewer.id in place.members:
            return viewer
        if place.kind == "public" and viewer.team_id in place.team_ids and not viewer.guest:
            return viewer
        raise CannotError(f"{viewer.name} cannot see {place.name}")

    def _thread(
        self,
        place: Channel,
        ts: str,
        viewer: User | None,
        replies: list[Message],
        indent: str,
    ) -> Iterator[str]:
        first = self.world.messages[place.id].get(ts)
        if first is not None and not first.deleted and sees(viewer, first):
            yield from self.lines(first)
        elif replies:
            yield "(this message was deleted)"
        for reply in replies:
            yield from (f"{indent}{line}" for line in self.lines(reply))
        status = self.world.status(place.id, ts)
        if status is not None:
            yield f"{indent}{self.world.bot_name} {status.text}"

    def lines(self, message: Message) -> list[str]:
        """One message as a reader sees it."""
        shown = self.read(message).lines or [""]
        author = self.world.users.get(message.user_id)
        found = [f"{author.name if author else message.user_id}: {shown[0]}".rstrip()]
        found += [f"  {line}" for line in shown[1:]]
        marks = self._marks(message)
        if marks:
            found[-1] += f" ({', '.join(marks)})"
        if message.reactions:
            counts = (f":{name}: {len(users)}" for name, users in message.reactions.items())
            found.append("  " + " ".join(counts))
        return found

    def _marks(self, message: Message) -> list[str]:
        marks = ["edited"] if message.edited_ts else []
        if self.world.stream_open(message):
            marks.append("writing…")
        if message.ephemeral_to:
            marks.append(f"only visible to {self.world.users[message.ephemeral_to].name}")
        return marks

    def read(self, content: Message | View) -> Reading:
        """Lines, links, mentions and buttons of a message or a view, as a reader meets them.

        `text` beside blocks is only for notifications, so it is not among the lines.
        """
        if isinstance(content, View):
            return read_blocks(content.payload["blocks"], self.world.name_of)
        found = Reading(self.world.name_of)
        readings = readings_of(self.world, content)
        fallback = content.markdown is None and bool(content.text) and bool(content.blocks)
        for reading in readings[1:] if fallback else readings:
            found.lines += [line for line in reading.lines if line or reading.lines != [""]]
            found.links += reading.links
            found.mentions += reading.mentions
            found.buttons += reading.buttons
        for task in tasks_of(content):
            found.lines.append(f"[{task.get('status', 'pending')}] {task.get('title', '')}")
        return found

    def text(self, content: Message | View) -> str:
        """All lines of a message or a view in one text."""
        return "\n".join(self.read(content).lines)

    def messages(
        self,
        channel: Channel | str,
        thread_ts: str | None = None,
        *,
        by_app: bool | None = None,
        as_user: User | str | None = None,
    ) -> list[Message]:
        """Messages of a channel or a thread in order, deleted ones left out.

        With `thread_ts` the first message is among them. `by_app` keeps the app's or the people's.
        """
        with self.world.lock:
            place = self.world.channel(channel)
            viewer = self._viewer(place, as_user)
            candidates: Iterable[Message] = self.world.messages[place.id].values()
            if thread_ts is not None:
                candidates = self.world.threads.get((place.id, thread_ts), [])
            return [
                message
                for message in candidates
                if not message.deleted and sees(viewer, message)
                if by_app is None or message.by_app == by_app
            ]

    def answers(self, said: Said, as_user: User | str | None = None) -> list[Message]:
        """The app's finished messages in the thread of what was said, later than that."""
        found = self.messages(said.channel_id, said.thread_ts, by_app=True, as_user=as_user)
        return [m for m in found if not m.streaming and m.ts > said.ts]

    # -- waiting

    def wait_for(self, predicate: Callable[[], T], timeout: float = 10.0, what: str = "that") -> T:
        """Wait until `predicate()` is true, trying it after every change; returns its value.

        Raises `TimeoutError`, which says what has not happened.
        """
        deadline = time.monotonic() + timeout
        with self.world.lock:
            while not (found := predicate()):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"{what} has not happened in {timeout} seconds")
                # Some truths come with time alone, such as an expired status.
                self.world.lock.wait(min(left, 0.25))
            return found

    def wait_for_answers(self, said: Said, count: int = 1, timeout: float = 10.0) -> list[Message]:
        """Wait for `count` finished messages of the app below what was said."""
        return self.wait_for(
            lambda: found if len(found := self.answers(said)) >= count else [],
            timeout,
            f"{count} answer(s) to {said.message.text!r}",
        )

    def wait_for_answer(self, said: Said, timeout: float = 10.0) -> Message:
        return self.wait_for_answers(said, 1, timeout)[-1]

    def wait_for_response(self, interaction: Interaction, timeout: float = 10.0) -> Message:
        """Wait for what the app answers to a command, a press or a shortcut."""
        return self.wait_for(lambda: interaction.answers, timeout, "a response")[-1]

    def wait_for_modal(
        self, user: User | str, title: str | None = None, timeout: float = 10.0
    ) -> View:
        """Wait until a person has a modal on top, of that title where one is given."""

        def shown() -> View | None:
            person = self.world.user(user)
            views = [v for v in self.world.views.values() if v.user_id == person.id]
            views = [v for v in views if v.open and v.kind == "modal"]
            if views and title in (None, views[-1].payload["title"]["text"]):
                return views[-1]
            return None

        found = self.wait_for(shown, timeout, f"a modal {title or ''}")
        assert found is not None
        return found


def sees(viewer: User | None, message: Message) -> bool:
    """Ephemeral messages are for one person; `None` is whoever sees everything."""
    return viewer is None or message.ephemeral_to in (None, viewer.id)


def tasks_of(content: Message) -> list[Json]:
    """The tasks of a streamed message, each as last updated."""
    if content.stream is None:
        return []
    tasks: dict[str, Json] = {}
    for chunk in content.stream.chunks:
        if chunk["type"] == "task_update":
            tasks[str(chunk["id"])] = {**tasks.get(str(chunk["id"]), {}), **chunk}
    return list(tasks.values())
