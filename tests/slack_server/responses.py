"""What an app answers to an interaction: by its acknowledgement or by the response URL."""

from __future__ import annotations

from .content import check_message_blocks, record
from .errors import SlackError
from .events import Events
from .records import Json, Message, View
from .triggers import Hook, Triggers
from .views import check_view, push_onto, replace, stack
from .world import World


class Responses:
    """Puts answers where the person who acted sees them."""

    def __init__(self, world: World, events: Events, triggers: Triggers) -> None:
        self.world = world
        self.events = events
        self.triggers = triggers
        self.view_errors: dict[str, dict[str, str]] = {}

    def by_url(self, name: str, body: Json) -> None:
        self.answer(self.triggers.use_hook(name), body)

    def by_ack(self, name: str, body: Json) -> None:
        """The body of an acknowledgement; an empty one says nothing."""
        if body:
            self.answer(self.triggers.hooks[name], body)

    def answer(self, hook: Hook, body: Json) -> None:
        """Post a message, or replace or delete the one that was acted on."""
        original = self.world.find(hook.channel_id, hook.message_ts or "")
        if body.get("delete_original") is True and original is not None:
            self._delete(original)
            return
        blocks = check_message_blocks(body.get("blocks") or [])
        text = str(body.get("text") or "")
        if not text and not blocks and not body.get("attachments"):
            raise SlackError("no_text")
        if body.get("replace_original") is True and original is not None:
            self._replace(original, text, blocks)
            hook.answers.append(original)
            return
        hook.answers.append(self._post(hook, body, text, blocks))

    def _delete(self, original: Message) -> None:
        original.deleted = True
        if original.ephemeral_to is None:
            self.events.removed(original)
        self.world.changed()

    def _replace(self, original: Message, text: str, blocks: list[Json]) -> None:
        before = original.public()
        original.text, original.blocks, original.markdown = text, blocks, None
        record(self.world, original)
        if original.ephemeral_to is None:
            self.events.changed(original, before)
        self.world.changed()

    def _post(self, hook: Hook, body: Json, text: str, blocks: list[Json]) -> Message:
        team = self.world.teams[hook.team_id]
        public = body.get("response_type") == "in_channel"
        message = Message(
            ts=self.world.new_ts(),
            channel_id=hook.channel_id,
            team_id=team.id,
            user_id=team.bot_user_id,
            bot_id=team.bot_id,
            text=text,
            blocks=blocks,
            attachments=body.get("attachments") or [],
            thread_ts=body.get("thread_ts"),
            ephemeral_to=None if public else hook.user_id,
            unfurl_links=body.get("unfurl_links") is not False,
            unfurl_media=body.get("unfurl_media") is not False,
        )
        self.world.put(message)
        record(self.world, message)
        if public:
            self.events.posted(message)
        return message

    def submitted(self, view: View, body: Json) -> None:
        """What the answer to a submission does to the modal: nothing said closes it."""
        team, action = self.world.teams[view.team_id], body.get("response_action")
        self.view_errors.pop(view.id, None)
        if action == "errors":
            self.view_errors[view.id] = dict(body["errors"])
        elif action == "update":
            replace(self.world, view, check_view(body["view"], "modal"))
        elif action == "push":
            push_onto(self.world, team, view, check_view(body["view"], "modal"))
        elif action == "clear":
            for other in stack(self.world, view):
                other.open = False
        else:
            view.open = False
        self.world.changed()
