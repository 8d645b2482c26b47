"""Short-lived permissions that come with an interaction: trigger ids and response URLs."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import limits
from .errors import SlackError
from .records import Message
from .world import World


@dataclass(slots=True)
class Trigger:
    """Leave to open one modal for a person, for three seconds."""

    user_id: str
    team_id: str
    made_at: float
    parent_view_id: str | None = None
    used: bool = False


@dataclass(slots=True)
class Hook:
    """A response URL: five answers in thirty minutes, about one command or one message."""

    user_id: str
    team_id: str
    channel_id: str
    made_at: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0
    answers: list[Message] = field(default_factory=list)


class Triggers:
    """Makes and redeems triggers and response URLs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}
        self.codes: dict[str, tuple[str, str]] = {}

    def new_trigger(self, user_id: str, team_id: str, parent_view_id: str | None = None) -> str:
        name = f"{self.world.new_id('trigger')}.{team_id}.local"
        now = self.world.clock.now()
        self.triggers[name] = Trigger(user_id, team_id, now, parent_view_id)
        return name

    def redeem(self, name: str) -> Trigger:
        """Use a trigger up.

        Raises `invalid_trigger_id`, `expired_trigger_id` or `exchanged_trigger_id`.
        """
        trigger = self.triggers.get(name)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if self.world.clock.now() - trigger.made_at > limits.TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        trigger.used = True
        return trigger

    def new_hook(
        self,
        user_id: str,
        team_id: str,
        channel_id: str,
        message_ts: str | None = None,
        thread_ts: str | None = None,
    ) -> str:
        name = self.world.new_id("hook")
        now = self.world.clock.now()
        self.hooks[name] = Hook(user_id, team_id, channel_id, now, message_ts, thread_ts)
        return name

    def use_hook(self, name: str) -> Hook:
        """Raises `no_active_hooks`, `expired_url` or `used_url`."""
        hook = self.hooks.get(name)
        if hook is None:
            raise SlackError("no_active_hooks", status=404)
        if self.world.clock.now() - hook.made_at > limits.RESPONSE_URL_SECONDS:
            raise SlackError("expired_url", status=404)
        if hook.uses >= limits.RESPONSE_URL_USES:
            raise SlackError("used_url", status=404)
        hook.uses += 1
        return hook

    def new_code(self, team_id: str, user_id: str) -> str:
        """The code that Slack hands to an OAuth redirect when a person installs the app."""
        code = f"{self.world.new_id('code')}.{team_id}"
        self.codes[code] = (team_id, user_id)
        return code

    def redeem_code(self, code: str) -> tuple[str, str]:
        found = self.codes.pop(code, None)
        if found is None:
            raise SlackError("invalid_code")
        return found
