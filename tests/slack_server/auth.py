"""Methods about the app itself: tokens, Socket Mode connections and installing."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass

from .call import Call, Method
from .errors import SlackError
from .records import Json


@dataclass(frozen=True, slots=True)
class AppKeys:
    """What Slack's pages show the owner of the app."""

    app_token: str
    signing_secret: str
    client_id: str
    client_secret: str


def auth_test(call: Call) -> Json:
    team = call.team
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": call.world.bot_name,
        "team_id": team.id,
        "user_id": team.bot_user_id,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(call: Call, new_ticket: Callable[[], str]) -> Json:
    return {"url": f"{call.base_url.replace('http', 'ws', 1)}link/?ticket={new_ticket()}"}


def check_client(call: Call, keys: AppKeys) -> None:
    if call.text("client_id") != keys.client_id:
        raise SlackError("invalid_client_id")
    if call.text("client_secret") != keys.client_secret:
        raise SlackError("bad_client_secret")


def oauth_access(call: Call, keys: AppKeys) -> Json:
    """Exchange the code that a person brought back from Slack's consent page."""
    check_client(call, keys)
    team_id, user_id = call.triggers.redeem_code(call.required("code"))
    team = call.world.teams[team_id]
    team.installed = True
    return {
        "access_token": team.bot_token,
        "token_type": "bot",
        "scope": ",".join(sorted(team.scopes)),
        "bot_user_id": team.bot_user_id,
        "app_id": call.world.app_id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": user_id},
    }


def openid_token(call: Call, keys: AppKeys) -> Json:
    """Sign in with Slack: an unsigned id token, enough to know who signed in."""
    check_client(call, keys)
    team_id, user_id = call.triggers.redeem_code(call.required("code"))
    claims = {
        "iss": "https://slack.com",
        "sub": user_id,
        "aud": keys.client_id,
        "nonce": call.text("nonce"),
        "https://slack.com/user_id": user_id,
        "https://slack.com/team_id": team_id,
        "name": call.world.users[user_id].name,
    }
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "none"}, claims)
    ]
    return {
        "access_token": f"xoxp-{user_id}",
        "token_type": "Bearer",
        "id_token": ".".join([*parts, ""]),
    }


def methods(keys: AppKeys, new_ticket: Callable[[], str]) -> dict[str, Method]:
    return {
        "auth.test": Method(auth_test, None),
        "apps.connections.open": Method(
            lambda call: connections_open(call, new_ticket), 1, token="app"
        ),
        "oauth.v2.access": Method(lambda call: oauth_access(call, keys), 4, token="none"),
        "openid.connect.token": Method(lambda call: openid_token(call, keys), 4, token="none"),
    }
