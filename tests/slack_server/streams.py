"""The streaming methods: a message that grows for at most five minutes."""

from __future__ import annotations

from . import limits
from .call import Call, Method, invalid_arguments
from .chat import own_message, thread_of
from .content import check_message_blocks, checked_blocks, checked_metadata, record
from .errors import SlackError
from .records import Channel, Json, Message, Stream

_CHUNK_KEYS = {
    "markdown_text": "text",
    "task_update": "id",
    "plan_update": "title",
    "blocks": "blocks",
}


def start(call: Call) -> Json:
    channel = call.channel(writing=True)
    if call.text("thread_ts") is None:
        raise invalid_arguments("missing required field: thread_ts", "/thread_ts")
    thread_ts = thread_of(call, channel)
    stream = Stream(call.world.clock.now(), *recipient(call, channel))
    mode = call.text("task_display_mode")
    if mode not in (None, "timeline", "plan", "dense"):
        raise invalid_arguments("must be one of: timeline, plan, dense", "/task_display_mode")
    text, chunks, blocks = arriving(call)
    team = call.team
    message = Message(
        ts=call.world.new_ts(),
        channel_id=channel.id,
        team_id=team.id,
        user_id=team.bot_user_id,
        bot_id=team.bot_id,
        markdown="",
        thread_ts=thread_ts,
        stream=stream,
    )
    grow(message, text, chunks, blocks)
    call.world.clear_status(channel.id, message.root_ts)
    call.world.put(message)
    record(call.world, message)
    call.events.posted(message)
    return {"channel": channel.id, "ts": message.ts}


def recipient(call: Call, channel: Channel) -> tuple[str | None, str | None]:
    """Outside direct messages a stream is written for one person."""
    team_id, user_id = call.text("recipient_team_id"), call.text("recipient_user_id")
    if channel.kind != "im":
        if team_id is None:
            raise SlackError("missing_recipient_team_id")
        if user_id is None:
            raise SlackError("missing_recipient_user_id")
    if user_id is not None and user_id not in call.world.users:
        raise SlackError("user_not_found")
    if team_id is not None and team_id not in call.world.teams:
        raise SlackError("team_not_found")
    return team_id, user_id


def arriving(call: Call) -> tuple[str, list[Json], list[Json]]:
    """The text, the chunks and the blocks of a call, checked."""
    text = call.text("markdown_text") or ""
    chunks = call.json("chunks", broken="invalid_chunks") or []
    if not isinstance(chunks, list):
        raise SlackError("invalid_chunks")
    blocks: list[Json] = []
    for chunk in chunks:
        key = _CHUNK_KEYS.get(chunk.get("type", "")) if isinstance(chunk, dict) else None
        if key is None or not chunk.get(key):
            raise SlackError("invalid_chunks")
        if key == "text" and not isinstance(chunk["text"], str):
            raise SlackError("invalid_chunks")
        text += chunk["text"] if key == "text" else ""
        blocks += check_message_blocks(chunk["blocks"]) if key == "blocks" else []
    if len(text) > limits.MARKDOWN_TEXT_ARGUMENT:
        raise SlackError("msg_too_long")
    return text, [chunk for chunk in chunks if chunk["type"] != "markdown_text"], blocks


def grow(message: Message, text: str, chunks: list[Json], blocks: list[Json]) -> None:
    """Add what arrived; Slack parses the whole text again."""
    if len(message.blocks) + len(blocks) > limits.MESSAGE_BLOCKS:
        raise SlackError("msg_blocks_too_many")
    message.markdown = (message.markdown or "") + text
    message.text = message.markdown
    message.blocks = [*message.blocks, *blocks]
    if message.stream is not None:
        message.stream.chunks.extend(chunks)


def streaming_message(call: Call, channel: Channel) -> Message:
    message = own_message(call, channel, "message_not_owned_by_app")
    if not call.world.stream_open(message):
        raise SlackError("message_not_in_streaming_state")
    return message


def append(call: Call) -> Json:
    channel = call.channel(writing=True)
    message = streaming_message(call, channel)
    text, chunks, blocks = arriving(call)
    if not text and not chunks and not blocks:
        raise SlackError("no_text")
    grow(message, text, chunks, blocks)
    record(call.world, message)
    call.world.changed()
    return {"channel": channel.id, "ts": message.ts}


def stop(call: Call) -> Json:
    """`blocks` come below the streamed text, and count by themselves."""
    channel = call.channel(writing=True)
    message = streaming_message(call, channel)
    text, chunks, chunk_blocks = arriving(call)
    last = call.json("blocks", broken="invalid_blocks_format") or []
    if isinstance(last, list) and len(last) > limits.STREAM_STOP_BLOCKS:
        raise SlackError("msg_blocks_too_many")
    blocks, metadata = checked_blocks(call), checked_metadata(call)
    before = message.public()
    grow(message, text, chunks, chunk_blocks)
    message.blocks = [*message.blocks, *blocks]
    message.metadata = metadata or None
    if message.stream is not None:
        message.stream.stopped = True
    record(call.world, message)
    call.events.changed(message, before)
    call.world.changed()
    return {"channel": channel.id, "ts": message.ts, "message": message.public()}


METHODS = {
    "chat.startStream": Method(start, 2, ("chat:write",)),
    "chat.appendStream": Method(append, 4, ("chat:write",)),
    "chat.stopStream": Method(stop, 2, ("chat:write",)),
}
