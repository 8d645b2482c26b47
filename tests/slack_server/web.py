"""The HTTP side: reads calls, lets faults happen, runs methods and answers."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable

from aiohttp import web

from .auth import AppKeys
from .call import Call, Method, need_scope
from .errors import SlackError
from .events import Events
from .inject import Fault, Inject
from .rates import Rates
from .records import ApiCall, Json, Team
from .triggers import Triggers
from .world import World

MOST_BYTES = 16 * 1024 * 1024
Respond = Callable[[str, Json], None]


class Web:
    """Answers `/api/<method>` and the response URLs."""

    def __init__(
        self,
        world: World,
        events: Events,
        triggers: Triggers,
        inject: Inject,
        keys: AppKeys,
        methods: dict[str, Method],
        respond: Respond,
    ) -> None:
        self.world = world
        self.events = events
        self.triggers = triggers
        self.inject = inject
        self.keys = keys
        self.methods = methods
        self.respond = respond
        self.rates: Rates | None = None
        self.base_url = ""

    async def api(self, request: web.Request) -> web.StreamResponse:
        """One call of a Web API method, with the faults that a test asked for."""
        method = request.match_info["method"]
        token, arguments = await read_arguments(request)
        fault = self.inject.next_fault(method)
        if fault is not None and fault.action != "slow" and not fault.after:
            return self._faulty(request, method, arguments, fault)
        status, headers, body = self._run(method, token, arguments)
        if fault is not None and fault.action == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault is not None:
            return self._faulty(request, method, arguments, fault)
        return web.json_response(body, status=status, headers=headers)

    def _faulty(
        self, request: web.Request, method: str, arguments: Json, fault: Fault
    ) -> web.StreamResponse:
        if not fault.after:
            error = fault.error if fault.action == "error" else fault.action
            self._log(method, arguments, {"ok": False, "error": error}, None)
        if fault.action == "close":
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        if fault.action == "rate_limit":
            headers = {"Retry-After": str(int(fault.seconds))}
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers=headers)
        if fault.action == "status":
            return web.Response(status=fault.status, text="upstream error")
        return web.json_response({"ok": False, "error": fault.error})

    def _run(
        self, method: str, token: str | None, arguments: Json
    ) -> tuple[int, dict[str, str], Json]:
        """Status, headers and body of the answer."""
        team: Team | None = None
        headers: dict[str, str] = {}
        with self.world.lock:
            try:
                found = self._method(method)
                team = self._authenticate(found, token)
                if team is not None:
                    headers["x-oauth-scopes"] = ",".join(sorted(team.scopes))
                    need_scope(team, *found.scopes)
                self._limit(method, found, team, arguments)
                call = Call(
                    method, arguments, self.world, self.events, self.triggers, team, self.base_url
                )
                body: Json = {"ok": True, **found.run(call)}
                status = 200
            except SlackError as error:
                status, body = error.status, error.body()
                headers |= error.headers
            self._log(method, arguments, body, team)
        return status, headers, body

    def _method(self, name: str) -> Method:
        found = self.methods.get(name)
        if found is None:
            raise SlackError("unknown_method")
        return found

    def _authenticate(self, method: Method, token: str | None) -> Team | None:
        if method.token == "none":
            return None
        if not token:
            raise SlackError("not_authed")
        if token == self.keys.app_token:
            if method.token != "app":
                raise SlackError("not_allowed_token_type")
            return None
        team = next((t for t in self.world.teams.values() if t.bot_token == token), None)
        if team is None:
            raise SlackError("invalid_auth")
        if not team.installed:
            raise SlackError("token_revoked")
        if method.token != "bot":
            raise SlackError("not_allowed_token_type")
        return team

    def _limit(self, name: str, method: Method, team: Team | None, arguments: Json) -> None:
        if self.rates is None:
            return
        channel = str(arguments.get("channel", ""))
        wait = self.rates.check(name, team.id if team else "", channel, method.tier)
        if wait is not None:
            raise SlackError("ratelimited", status=429, headers={"Retry-After": str(wait)})

    def _log(self, method: str, arguments: Json, body: Json, team: Team | None) -> None:
        error = None if body["ok"] else str(body["error"])
        now, team_id = self.world.clock.now(), team.id if team else None
        self.world.calls.append(ApiCall(method, arguments, error, body, now, team_id))
        self.world.changed()

    async def response_url(self, request: web.Request) -> web.Response:
        """An answer to an interaction by its response URL."""
        fault = self.inject.next_fault("response_url")
        if fault is not None and fault.action in ("error", "status"):
            return web.Response(status=max(fault.status, 400), text=fault.error)
        raw = await request.text()
        try:
            body = json.loads(raw)
            with self.world.lock:
                self.respond(request.match_info["hook"], body)
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        except SlackError as error:
            status = error.status if error.status != 200 else 400
            self._log("response_url", body, error.body(), None)
            return web.Response(status=status, text=error.code)
        self._log("response_url", body, {"ok": True}, None)
        return web.Response(text="ok")


async def read_arguments(request: web.Request) -> tuple[str | None, Json]:
    """The token and the arguments of a call, from the header, the query and a form or JSON."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        raw = await request.text()
        found = json.loads(raw) if raw.strip() else {}
        arguments.update(found if isinstance(found, dict) else {})
    elif request.method == "POST":
        arguments.update({key: str(value) for key, value in (await request.post()).items()})
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        client = base64.b64decode(credential).decode()
        arguments["client_id"], _, arguments["client_secret"] = client.partition(":")
    token = credential.strip() if scheme.lower() == "bearer" else None
    return token or arguments.pop("token", None), arguments


def application(server: Web, accept: Callable[[web.Request], object]) -> web.Application:
    """The routes of the local Slack."""
    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_route("*", "/api/{method}", server.api)
    app.router.add_post("/response/{hook}", server.response_url)
    app.router.add_get("/link/", accept)  # type: ignore[arg-type]
    return app
