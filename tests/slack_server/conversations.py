"""Methods about channels, people and reactions."""

from __future__ import annotations

import re

from .call import Call, Method, invalid_arguments, need_scope
from .errors import SlackError
from .records import Channel, Json, Message, User
from .world import valid_ts

_EMOJI = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def visible(call: Call, channel: Channel) -> Channel:
    """Reading what is said needs membership."""
    call.scope_for(channel, "history")
    if call.team.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def page(call: Call, messages: list[Message], most: int) -> Json:
    """One page of messages, oldest first within it, with the cursor of the next."""
    size = min(call.count("limit", most), 1000)
    start = call.text("cursor") or "0"
    if not start.isdigit():
        raise SlackError("invalid_cursor")
    end = int(start) + size
    more = end < len(messages)
    found: Json = {
        "messages": [shown(call, message) for message in messages[int(start) : end]],
        "has_more": more,
    }
    if more:
        found["response_metadata"] = {"next_cursor": str(end)}
    return found


def shown(call: Call, message: Message) -> Json:
    replies = call.world.replies(message.channel_id, message.ts)
    found = message.public()
    if call.flag("include_all_metadata") is not True:
        found.pop("metadata", None)
    if replies:
        authors = list(dict.fromkeys(reply.user_id for reply in replies))
        found.update(
            thread_ts=message.ts,
            reply_count=len(replies),
            reply_users=authors,
            latest_reply=replies[-1].ts,
        )
    return found


def between(call: Call, messages: list[Message]) -> list[Message]:
    check_dates(call)
    oldest, latest = float(call.text("oldest") or 0), float(call.text("latest") or "inf")
    closed = call.flag("inclusive") is True
    return [
        message
        for message in messages
        if oldest < float(message.ts) < latest or (closed and float(message.ts) in (oldest, latest))
    ]


def replies(call: Call) -> Json:
    channel = visible(call, call.channel())
    ts = call.required("ts")
    first = call.world.messages[channel.id].get(ts)
    if not valid_ts(ts) or first is None or first.ephemeral_to is not None:
        raise SlackError("thread_not_found")
    root = first.root_ts
    if not call.world.thread_exists(channel.id, root):
        raise SlackError("thread_not_found")
    opener = call.world.find(channel.id, root)
    found = between(call, call.world.replies(channel.id, root))
    return page(call, [*([opener] if opener else []), *found], 1000)


def history(call: Call) -> Json:
    channel = visible(call, call.channel())
    top = [
        message
        for message in call.world.messages[channel.id].values()
        if not message.deleted and message.ephemeral_to is None
        if message.thread_ts is None or message.broadcast
    ]
    return page(call, between(call, top)[::-1], 100)


def info(call: Call) -> Json:
    channel = call.channel()
    call.scope_for(channel, "read")
    return {"channel": channel_json(call, channel)}


def channel_json(call: Call, channel: Channel) -> Json:
    found: Json = {
        "id": channel.id,
        "is_im": channel.kind == "im",
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_private": channel.kind != "public",
        "is_archived": channel.archived,
        "is_ext_shared": channel.shared,
        "is_shared": channel.shared,
        "is_member": call.team.bot_user_id in channel.members,
        "context_team_id": call.team.id,
    }
    if channel.kind == "im":
        found["user"] = next(iter(channel.members - {call.team.bot_user_id}))
    else:
        found.update(name=channel.name, num_members=len(channel.members))
    return found


def members(call: Call) -> Json:
    channel = call.channel()
    call.scope_for(channel, "read")
    return {"members": sorted(channel.members), "response_metadata": {"next_cursor": ""}}


def open_dm(call: Call) -> Json:
    """Only direct messages between one person and the bot."""
    need_scope(call.team, "im:write")
    if call.text("channel"):
        return {"channel": channel_json(call, call.channel())}
    wanted = call.required("users").split(",")
    user = call.world.users.get(wanted[0])
    if user is None or len(wanted) != 1:
        raise SlackError("user_not_found" if user is None else "method_not_supported")
    channel = call.world.dm(user, call.team)
    return {"channel": {"id": channel.id}, "no_op": True, "already_open": True}


def users_info(call: Call) -> Json:
    user = call.world.users.get(call.required("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": person(call, user)}


def person(call: Call, user: User) -> Json:
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "real_name": user.name.title(),
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "is_restricted": user.guest is not None,
        "is_ultra_restricted": user.guest == "single",
        "is_stranger": user.team_id != call.team.id,
        "tz": "Europe/London",
        "tz_offset": 0,
        "profile": {"real_name": user.name.title(), "display_name": user.name},
    }


def target(call: Call) -> Message:
    channel = call.channel()
    message = call.world.find(channel.id, call.required("timestamp"))
    if message is None or message.ephemeral_to is not None:
        raise SlackError("message_not_found")
    return message


def emoji(call: Call) -> str:
    name = call.required("name").strip(":")
    if not _EMOJI.fullmatch(name):
        raise SlackError("invalid_name")
    return name


def add_reaction(call: Call) -> Json:
    message, name, bot = target(call), emoji(call), call.team.bot_user_id
    if call.world.channels[message.channel_id].archived:
        raise SlackError("is_archived")
    users = message.reactions.setdefault(name, [])
    if bot in users:
        raise SlackError("already_reacted")
    users.append(bot)
    call.events.reacted(message, bot, name, added=True)
    call.world.changed()
    return {}


def remove_reaction(call: Call) -> Json:
    message, name, bot = target(call), emoji(call), call.team.bot_user_id
    if bot not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    message.reactions[name].remove(bot)
    if not message.reactions[name]:
        del message.reactions[name]
    call.events.reacted(message, bot, name, added=False)
    call.world.changed()
    return {}


def get_reactions(call: Call) -> Json:
    message = target(call)
    return {"type": "message", "channel": message.channel_id, "message": message.public()}


def check_dates(call: Call) -> None:
    """`oldest` and `latest` are timestamps."""
    for name in ("oldest", "latest"):
        if call.text(name) and not re.fullmatch(r"[0-9.]+", str(call.text(name))):
            raise invalid_arguments("must be a timestamp", f"/{name}")


METHODS = {
    "conversations.replies": Method(replies, 3),
    "conversations.history": Method(history, 3),
    "conversations.info": Method(info, 3),
    "conversations.members": Method(members, 4),
    "conversations.open": Method(open_dm, 3),
    "users.info": Method(users_info, 4, ("users:read",)),
    "reactions.add": Method(add_reaction, 3, ("reactions:write",)),
    "reactions.remove": Method(remove_reaction, 2, ("reactions:write",)),
    "reactions.get": Method(get_reactions, 3, ("reactions:read",)),
}
