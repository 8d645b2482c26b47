"""Modals and Home tabs: the view methods, and what a submission's answer does to a view."""

from __future__ import annotations

import json

from . import limits
from .block_reading import read_blocks
from .call import Call, Method, invalid_arguments
from .errors import SlackError
from .records import Json, Link, Team, View
from .triggers import Trigger
from .validate import validate_view
from .world import World


def checked_view(call: Call, kind: str) -> Json:
    """The `view` argument, refused as Slack would refuse it."""
    view = call.json("view")
    return check_view(view, kind)


def check_view(view: object, kind: str) -> Json:
    problems = validate_view(view)
    if problems or not isinstance(view, dict):
        raise SlackError("invalid_arguments", problems)
    if view["type"] != kind:
        raise invalid_arguments(f"must be a {kind}", "/view/type")
    if len(json.dumps(view).encode()) > limits.VIEW_BYTES:
        raise SlackError("view_too_large")
    return view


def new_view(
    world: World, team: Team, user_id: str, payload: Json, parent: View | None = None
) -> View:
    """Open a view on a person's screen, above its parent if it has one."""
    view_id = world.new_id("V")
    external = payload.get("external_id")
    if external and any(
        view.open and view.payload.get("external_id") == external for view in world.views.values()
    ):
        raise SlackError("duplicate_external_id")
    view = View(
        id=view_id,
        team_id=team.id,
        user_id=user_id,
        payload=with_block_ids(world, payload),
        hash=world.new_id("hash"),
        bot_id=team.bot_id,
        app_id=world.app_id,
        root_id=parent.root_id if parent else view_id,
        previous_id=parent.id if parent else None,
    )
    world.views[view_id] = view
    note_links(world, view)
    world.changed()
    return view


def with_block_ids(world: World, payload: Json) -> Json:
    """Slack names the blocks and the elements that the app has not named."""
    blocks = []
    for block in payload["blocks"]:
        named = {"block_id": world.new_id("block"), **block}
        element = named.get("element")
        if isinstance(element, dict) and "action_id" not in element:
            named["element"] = {**element, "action_id": world.new_id("action")}
        blocks.append(named)
    return {**payload, "blocks": blocks}


def note_links(world: World, view: View) -> None:
    """Links in views are recorded under the view's id; mentions there notify nobody."""
    for label, url in read_blocks(view.payload["blocks"], world.name_of).links:
        link = Link(label, url, view.id, "")
        if world.first(link):
            world.links.append(link)


def replace(world: World, view: View, payload: Json) -> None:
    view.payload = with_block_ids(world, payload)
    view.hash = world.new_id("hash")
    note_links(world, view)
    world.changed()


def stack(world: World, view: View) -> list[View]:
    """The open views above the same root, oldest first."""
    return [other for other in world.views.values() if other.open and other.root_id == view.root_id]


def push_onto(world: World, team: Team, parent: View, payload: Json) -> View:
    if len(stack(world, parent)) >= limits.VIEW_STACK:
        raise SlackError("push_limit_reached")
    return new_view(world, team, parent.user_id, payload, parent)


def trigger(call: Call) -> Trigger:
    found = call.triggers.redeem(call.required("trigger_id"))
    if found.team_id != call.team.id:
        raise SlackError("invalid_trigger_id")
    return found


def open_view(call: Call) -> Json:
    payload = checked_view(call, "modal")
    opened = trigger(call)
    return {"view": new_view(call.world, call.team, opened.user_id, payload).public()}


def push(call: Call) -> Json:
    payload = checked_view(call, "modal")
    parent = call.world.views.get(trigger(call).parent_view_id or "")
    if parent is None or not parent.open:
        raise SlackError("not_found")
    return {"view": push_onto(call.world, call.team, parent, payload).public()}


def update(call: Call) -> Json:
    view_id, external = call.text("view_id"), call.text("external_id")
    if view_id is None and external is None:
        raise invalid_arguments("missing required field: view_id", "/view_id")
    view = next(
        (
            view
            for view in call.world.views.values()
            if view.open and (view.id == view_id or view.payload.get("external_id") == external)
            if view_id is None or view.id == view_id
        ),
        None,
    )
    if view is None or view.team_id != call.team.id:
        raise SlackError("not_found")
    payload = checked_view(call, view.kind)
    same_hash(call, view)
    replace(call.world, view, payload)
    return {"view": view.public()}


def same_hash(call: Call, view: View) -> None:
    given = call.text("hash")
    if given is not None and given != view.hash:
        raise SlackError("hash_conflict")


def publish(call: Call) -> Json:
    payload = checked_view(call, "home")
    user_id = call.required("user_id")
    if user_id not in call.world.users:
        raise invalid_arguments("user_not_found", "/user_id")
    home = call.world.homes.get(f"{call.team.id}/{user_id}")
    if home is None:
        home = new_view(call.world, call.team, user_id, payload)
        call.world.homes[f"{call.team.id}/{user_id}"] = home
    else:
        same_hash(call, home)
        replace(call.world, home, payload)
    return {"view": home.public()}


METHODS = {
    "views.open": Method(open_view, 4),
    "views.push": Method(push, 4),
    "views.update": Method(update, 4),
    "views.publish": Method(publish, 4),
}
