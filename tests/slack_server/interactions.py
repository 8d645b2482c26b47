"""People press, choose, submit and call commands, as a test tells them to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from .errors import CannotError
from .events import Delivery, Events, user_json
from .forms import Given, fill, find_element
from .people import Said
from .records import Channel, Json, Message, Team, User, View
from .responses import Responses
from .triggers import Triggers
from .world import World


@dataclass(frozen=True, slots=True)
class Interaction:
    """Something that a person did with the app: `hook` is the name of its response URL."""

    delivery: Delivery
    user: User
    trigger_id: str
    triggers: Triggers
    hook: str | None = None

    @property
    def answers(self) -> list[Message]:
        """What the app has answered to it, by acknowledgement or response URL, oldest first."""
        return self.triggers.hooks[self.hook].answers if self.hook else []

    def wait(self, timeout: float = 10.0) -> Interaction:
        """Wait until the app has acknowledged it; raises `CannotError` where it did not."""
        if self.delivery.wait(timeout).failed:
            raise CannotError("Slack shows an error: the app did not respond in time")
        return self


class Interactions:
    """The half of `LocalSlack` that acts on commands, buttons, shortcuts and views."""

    world: World
    events: Events
    triggers: Triggers
    responses: Responses
    base_url: str

    def command(
        self, user: User | str, channel: Channel | str, command: str, text: str = ""
    ) -> Interaction:
        """A person calls a slash command; it works where the bot is no member, too."""
        with self.world.lock:
            person = self.world.user(user)
            team = self.world.teams[person.team_id]
            place = self.world.dm(person, team) if channel == "dm" else self.world.channel(channel)
            if person.id not in place.members:
                raise CannotError(f"{person.name} is not in {place.name}")
            hook = self.triggers.new_hook(person.id, team.id, place.id)
            trigger = self.triggers.new_trigger(person.id, team.id)
            payload: Json = {
                "token": "unused",
                "team_id": team.id,
                "team_domain": team.domain,
                "channel_id": place.id,
                "channel_name": "directmessage" if place.kind == "im" else place.name,
                "user_id": person.id,
                "user_name": person.name,
                "command": command,
                "text": text,
                "api_app_id": self.world.app_id,
                "is_enterprise_install": "false",
                "response_url": f"{self.base_url}response/{hook}",
                "trigger_id": trigger,
            }
            delivery = Delivery("slash_commands", payload, team.id)
            delivery.on_response = partial(self.responses.by_ack, hook)
            return self._done(delivery, person, trigger, hook)

    def click(
        self,
        user: User | str,
        target: Message | Said | View | str,
        action_id: str,
        value: str | None = None,
    ) -> Interaction:
        """A person presses or chooses something in a message, a modal or the Home tab.

        `target` is a message or its `ts`, or a view or its id. `value` is the value or the label
        of a button or an option, needed where the action id alone leaves a choice.
        """
        with self.world.lock:
            person = self.world.user(user)
            if isinstance(target, str) and target in self.world.views:
                target = self.world.views[target]
            if isinstance(target, View):
                return self._click_view(person, target, action_id, value)
            return self._click_message(person, self._of(target), action_id, value)

    def _of(self, given: Message | Said | str) -> Message:
        if isinstance(given, Said):
            return given.message
        return given if isinstance(given, Message) else self.world.message(given)

    def _click_message(
        self, person: User, message: Message, action_id: str, value: str | None
    ) -> Interaction:
        channel = self.world.channels[message.channel_id]
        hidden = message.ephemeral_to not in (None, person.id)
        if hidden or message.deleted or person.id not in channel.members:
            raise CannotError(f"{person.name} does not see that message")
        _, action = find_element(message.blocks, action_id, value)
        team = self.world.teams[message.team_id]
        hook = self.triggers.new_hook(person.id, team.id, channel.id, message.ts, message.thread_ts)
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.ephemeral_to is not None,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        body: Json = {
            "container": container,
            "channel": self._channel_json(channel),
            "response_url": f"{self.base_url}response/{hook}",
            "state": {"values": {}},
        }
        if message.ephemeral_to is None:
            body["message"] = message.public()
        return self._act(person, team, action, body, hook)

    def _click_view(
        self, person: User, view: View, action_id: str, value: str | None
    ) -> Interaction:
        if view.user_id != person.id or not view.open:
            raise CannotError(f"{person.name} does not have that view open")
        _, action = find_element(view.payload["blocks"], action_id, value)
        body: Json = {
            "container": {"type": "view", "view_id": view.id},
            "view": view.public(),
        }
        parent = view.id if view.kind == "modal" else None
        return self._act(person, self.world.teams[view.team_id], action, body, None, parent)

    def _act(
        self,
        person: User,
        team: Team,
        action: Json,
        body: Json,
        hook: str | None,
        parent: str | None = None,
    ) -> Interaction:
        trigger = self.triggers.new_trigger(person.id, team.id, parent)
        action = {**action, "action_ts": self.world.new_ts()}
        payload = {**self._frame("block_actions", person, team, trigger), **body}
        payload["actions"] = [{key: item for key, item in action.items() if item is not None}]
        delivery = Delivery("interactive", payload, team.id)
        return self._done(delivery, person, trigger, hook)

    def shortcut(
        self, user: User | str, callback_id: str, message: Message | Said | str | None = None
    ) -> Interaction:
        """A person uses a message's shortcut, or a global one where no message is given."""
        with self.world.lock:
            person = self.world.user(user)
            team = self.world.teams[person.team_id]
            trigger = self.triggers.new_trigger(person.id, team.id)
            kind = "shortcut" if message is None else "message_action"
            payload = self._frame(kind, person, team, trigger)
            payload.update(callback_id=callback_id, action_ts=self.world.new_ts())
            hook = None
            if message is not None:
                found = self._of(message)
                channel = self.world.channels[found.channel_id]
                hook = self.triggers.new_hook(
                    person.id, team.id, channel.id, found.ts, found.thread_ts
                )
                payload.update(
                    message=found.public(),
                    message_ts=found.ts,
                    channel=self._channel_json(channel),
                    response_url=f"{self.base_url}response/{hook}",
                )
            return self._done(Delivery("interactive", payload, team.id), person, trigger, hook)

    def submit_view(
        self, user: User | str, values: Given | None = None, view: View | None = None
    ) -> Interaction:
        """A person fills in the modal on top and sends it.

        Afterwards `modal(user)` is what the app made of it, and `view_errors` what it refused.
        """
        with self.world.lock:
            person = self.world.user(user)
            found = view or self.modal(person)
            if found is None or not found.open:
                raise CannotError(f"{person.name} has no modal open")
            if found.payload.get("submit") is None:
                raise CannotError("that modal has no button to send it")
            state = fill(found.payload["blocks"], values or {})
            team = self.world.teams[found.team_id]
            trigger = self.triggers.new_trigger(person.id, team.id, found.id)
            payload = self._frame("view_submission", person, team, trigger)
            payload.update(view=found.public(state), response_urls=[])
            delivery = Delivery("interactive", payload, team.id)
            delivery.on_response = partial(self.responses.submitted, found)
            return self._done(delivery, person, trigger, None)

    def close_view(self, user: User | str) -> Delivery | None:
        """A person closes the modal on top; the app hears of it where it asked to."""
        with self.world.lock:
            person = self.world.user(user)
            view = self.modal(person)
            if view is None:
                raise CannotError(f"{person.name} has no modal open")
            view.open = False
            self.world.changed()
            if not view.payload.get("notify_on_close"):
                return None
            team = self.world.teams[view.team_id]
            payload = self._frame("view_closed", person, team, None)
            payload.update(view=view.public(), is_cleared=False)
            return self.events.submit(Delivery("interactive", payload, team.id))

    def modal(self, user: User | str) -> View | None:
        """The modal that a person sees, or None."""
        person = self.world.user(user)
        found = [
            view
            for view in self.world.views.values()
            if view.user_id == person.id and view.kind == "modal" and view.open
        ]
        return found[-1] if found else None

    def view_errors(self, view: View) -> dict[str, str]:
        """What the app objected to at the last submission, by block id."""
        return self.responses.view_errors.get(view.id, {})

    def home(self, user: User | str) -> View | None:
        """The Home tab that the app has published for a person."""
        person = self.world.user(user)
        return self.world.homes.get(f"{person.team_id}/{person.id}")

    def _frame(self, kind: str, person: User, team: Team, trigger: str | None) -> Json:
        found: Json = {
            "type": kind,
            "token": "unused",
            "api_app_id": self.world.app_id,
            "team": {"id": team.id, "domain": team.domain},
            "user": user_json(person, self.world.teams[person.team_id]),
            "enterprise": None,
            "is_enterprise_install": False,
        }
        if trigger is not None:
            found["trigger_id"] = trigger
        return found

    def _channel_json(self, channel: Channel) -> Json:
        name = "directmessage" if channel.kind == "im" else channel.name
        return {"id": channel.id, "name": name}

    def _done(
        self, delivery: Delivery, person: User, trigger: str, hook: str | None
    ) -> Interaction:
        self.events.submit(delivery)
        return Interaction(delivery, person, trigger, self.triggers, hook)
