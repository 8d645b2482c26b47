"""An app's content: checked as Slack checks it, and searched for what it would do to readers."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from . import limits
from .block_reading import read_blocks, read_markdown, read_mrkdwn
from .call import Call
from .errors import SlackError
from .markup import Reading
from .records import Json, Link, Message, Notification, Unfurl
from .validate import blocks_size, validate_blocks
from .world import World

_MEDIA = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".mp4", ".mp3", ".webm")


def checked_blocks(call: Call, most: int | None = None) -> list[Json]:
    """The `blocks` argument; raises what Slack answers to bad ones."""
    blocks = call.json("blocks", broken="invalid_blocks_format")
    if blocks is None:
        return []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    return check_message_blocks(blocks, most)


def check_message_blocks(blocks: list[Any], most: int | None = None) -> list[Json]:
    problems = validate_blocks(blocks, most=most)
    if problems:
        raise SlackError("invalid_blocks", problems)
    if blocks_size(blocks) > limits.BLOCKS_JSON:
        raise SlackError("msg_blocks_too_long")
    return blocks


def checked_metadata(call: Call) -> Json | None:
    """The `metadata` argument: an event type and a payload, and not too much of it."""
    metadata = call.json("metadata", broken="invalid_metadata_format")
    if metadata is None or metadata == {}:
        return None if metadata is None else {}
    wanted = {"event_type": str, "event_payload": dict}
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not all(isinstance(metadata.get(key), kind) for key, kind in wanted.items()):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata)) > limits.METADATA_JSON:
        raise SlackError("metadata_too_large")
    return dict(metadata)


def checked_markdown(call: Call) -> str | None:
    """`markdown_text`, which stands alone: beside `text` or `blocks` it is a conflict."""
    found = call.text("markdown_text")
    if found is None:
        return None
    if call.text("text") is not None or call.json("blocks"):
        raise SlackError("markdown_text_conflict")
    if len(found) > limits.MARKDOWN_TEXT_ARGUMENT:
        raise SlackError("msg_too_long")
    return found


def readings_of(world: World, message: Message) -> list[Reading]:
    """All that Slack parses of a message: what it shows, and the fallback `text` beside blocks."""
    found = []
    if message.markdown is not None:
        found.append(read_markdown(message.markdown, world.name_of))
    elif message.text:
        found.append(read_mrkdwn(message.text, world.name_of))
    if message.blocks:
        found.append(read_blocks(message.blocks, world.name_of))
    return found


def record(world: World, message: Message) -> None:
    """Note whom an app's message notifies, where it links to, and what Slack unfurls below it.

    Called again after every change: only what is new is noted, because a stream is parsed anew
    with each piece.
    """
    for reading in readings_of(world, message):
        for kind, target in reading.mentions:
            notification = Notification(kind, target, message.channel_id, message.ts)
            if world.first(notification):
                world.notifications.append(notification)
        for label, url in reading.links:
            link = Link(label, url, message.channel_id, message.ts)
            if world.first(link):
                world.links.append(link)
            _unfurl(world, message, url)


def _unfurl(world: World, message: Message, url: str) -> None:
    """Streams and ephemeral messages are never unfurled."""
    if message.stream is not None or message.ephemeral_to or not url.startswith("http"):
        return
    media = urlsplit(url).path.lower().endswith(_MEDIA)
    wanted = message.unfurl_media if media else message.unfurl_links
    unfurl = Unfurl(url, message.channel_id, message.ts)
    if wanted and world.first(unfurl):
        world.unfurls.append(unfurl)
