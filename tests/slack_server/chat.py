"""The chat methods, streams apart."""

from __future__ import annotations

from . import limits
from .call import Call, Method
from .content import checked_blocks, checked_markdown, checked_metadata, record
from .errors import SlackError
from .records import Channel, Json, Message
from .world import valid_ts


def thread_of(call: Call, channel: Channel) -> str | None:
    """The `thread_ts` argument as the first message of its thread."""
    given = call.text("thread_ts")
    if given is None:
        return None
    if not valid_ts(given):
        raise SlackError("invalid_thread_ts")
    target = call.world.messages[channel.id].get(given)
    root = target.root_ts if target is not None else given
    if not call.world.thread_exists(channel.id, root):
        raise SlackError("thread_not_found")
    return root


def drafted(call: Call, channel: Channel) -> Message:
    """A message from the arguments that posting has in common, checked but not yet posted."""
    markdown, blocks = checked_markdown(call), checked_blocks(call)
    text = call.text("text") or ""
    attachments = call.json("attachments") or []
    if not text.strip() and markdown is None and not blocks and not attachments:
        raise SlackError("no_text")
    team = call.team
    return Message(
        ts=call.world.new_ts(),
        channel_id=channel.id,
        team_id=team.id,
        user_id=team.bot_user_id,
        bot_id=team.bot_id,
        text=text[: limits.POST_TEXT] if markdown is None else markdown,
        markdown=markdown,
        blocks=blocks,
        attachments=attachments,
        thread_ts=thread_of(call, channel),
        metadata=checked_metadata(call) or None,
        unfurl_links=call.flag("unfurl_links") is not False,
        unfurl_media=call.flag("unfurl_media") is not False,
    )


def post_message(call: Call) -> Json:
    channel = call.channel(writing=True)
    message = drafted(call, channel)
    if message.thread_ts:
        message.broadcast = call.flag("reply_broadcast") is True
        message.subtype = "thread_broadcast" if message.broadcast else None
        call.world.clear_status(channel.id, message.thread_ts)
    call.world.put(message)
    record(call.world, message)
    call.events.posted(message)
    return {"channel": channel.id, "ts": message.ts, "message": message.public()}


def post_ephemeral(call: Call) -> Json:
    channel = call.channel(writing=True)
    user = call.required("user")
    if user not in call.world.users:
        raise SlackError("user_not_found")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = drafted(call, channel)
    message.ephemeral_to = user
    if message.thread_ts:
        call.world.clear_status(channel.id, message.thread_ts)
    call.world.put(message)
    record(call.world, message)
    return {"message_ts": message.ts}


def own_message(call: Call, channel: Channel, refusal: str) -> Message:
    """The message named by `ts`, which the app itself wrote and others can see."""
    message = call.world.find(channel.id, call.required("ts"))
    if message is None or message.ephemeral_to is not None:
        raise SlackError("message_not_found")
    if message.bot_id != call.team.bot_id:
        raise SlackError(refusal)
    return message


def update(call: Call) -> Json:
    channel = call.channel()
    if channel.archived:
        raise SlackError("is_inactive")
    message = own_message(call, channel, "cant_update_message")
    if call.world.stream_open(message):
        raise SlackError("streaming_state_conflict")
    markdown, text = checked_markdown(call), call.text("text")
    replaces_blocks = call.json("blocks") is not None
    blocks, metadata = checked_blocks(call), checked_metadata(call)
    if text is not None and len(text) > limits.UPDATE_TEXT:
        raise SlackError("msg_too_long")
    if text is None and markdown is None and not replaces_blocks and metadata is None:
        raise SlackError("no_text")
    if replaces_blocks and not blocks and not text:
        raise SlackError("no_text")
    before = message.public()
    change(message, text, markdown, blocks if replaces_blocks else None)
    if metadata is not None:
        message.metadata = metadata or None
    if not replaces_blocks:
        message.edited_ts = call.world.new_ts()
    record(call.world, message)
    call.events.changed(message, before)
    call.world.changed()
    shown = message.public()
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def change(
    message: Message, text: str | None, markdown: str | None, blocks: list[Json] | None
) -> None:
    """New text without new blocks takes the old blocks away; blocks alone leave the text."""
    if message.stream is not None:
        message.stream.stopped = True
    if markdown is not None:
        message.markdown, message.text, message.blocks = markdown, markdown, []
        return
    if text is not None:
        message.text, message.markdown = text, None
    if blocks is not None:
        message.blocks, message.markdown = blocks, None
    elif text is not None:
        message.blocks = []


def delete(call: Call) -> Json:
    channel = call.channel()
    message = own_message(call, channel, "cant_delete_message")
    message.deleted = True
    call.events.removed(message)
    call.world.changed()
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    channel = call.channel()
    ts = call.required("message_ts")
    message = call.world.find(channel.id, ts)
    if message is None:
        raise SlackError("message_not_found")
    link = f"https://{call.team.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


METHODS = {
    "chat.postMessage": Method(post_message, None, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, 4, ("chat:write",)),
    "chat.update": Method(update, 3, ("chat:write",)),
    "chat.delete": Method(delete, 3, ("chat:write",)),
    "chat.getPermalink": Method(get_permalink, None),
}
