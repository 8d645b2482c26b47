"""The agent's methods: status, suggested prompts and title of a thread."""

from __future__ import annotations

from . import limits
from .call import Call, Method, invalid_arguments
from .errors import SlackError
from .records import Channel, Json, Status
from .world import valid_ts


def thread(call: Call, channel: Channel, required: bool = True) -> str | None:
    """The thread named by `thread_ts`."""
    given = call.required("thread_ts") if required else call.text("thread_ts")
    if given is None:
        return None
    target = call.world.messages[channel.id].get(given)
    root = target.root_ts if target is not None else given
    if not valid_ts(given) or not call.world.thread_exists(channel.id, root):
        raise SlackError("invalid_thread_ts")
    return root


def set_status(call: Call) -> Json:
    channel = call.channel("channel_id", writing=True)
    thread_ts = str(thread(call, channel))
    if "status" not in call.arguments:
        raise invalid_arguments("missing required field: status", "/status")
    text, loading = call.text("status") or "", call.json("loading_messages") or []
    if not isinstance(loading, list) or len(loading) > limits.LOADING_MESSAGES:
        most = limits.LOADING_MESSAGES
        raise invalid_arguments(f"no more than {most} items allowed", "/loading_messages")
    world = call.world
    if text:
        status = Status(text, tuple(map(str, loading)), world.clock.now())
        world.statuses[channel.id, thread_ts] = status
        world.status_log.append((channel.id, thread_ts, text))
    else:
        world.clear_status(channel.id, thread_ts)
    world.changed()
    return {}


def set_suggested_prompts(call: Call) -> Json:
    channel = call.channel("channel_id")
    prompts = call.json("prompts")
    most = limits.SUGGESTED_PROMPTS
    if not isinstance(prompts, list) or not prompts:
        raise invalid_arguments("must provide an array", "/prompts")
    if len(prompts) > most:
        raise invalid_arguments(f"no more than {most} items allowed", "/prompts")
    for index, prompt in enumerate(prompts):
        if not isinstance(prompt, dict) or not prompt.get("title") or not prompt.get("message"):
            raise invalid_arguments("missing required field: title", f"/prompts/{index}")
    key = (channel.id, thread(call, channel, required=False))
    call.world.prompts[key] = {"title": call.text("title"), "prompts": prompts}
    call.world.changed()
    return {}


def set_title(call: Call) -> Json:
    channel = call.channel("channel_id")
    call.world.titles[channel.id, str(thread(call, channel))] = call.required("title")
    call.world.changed()
    return {}


METHODS = {
    "assistant.threads.setStatus": Method(set_status, None, ("chat:write", "assistant:write")),
    "assistant.threads.setSuggestedPrompts": Method(set_suggested_prompts, 4, ("assistant:write",)),
    "assistant.threads.setTitle": Method(set_title, 4, ("assistant:write",)),
}
