"""The local Slack itself: starts, stops, and holds everything together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from typing import Any

from aiohttp import web

from . import assistant, auth, chat, conversations, streams, views
from .call import Method
from .clock import Clock
from .delivery import Courier, Patience, Transport
from .events import Events
from .http_delivery import HttpDelivery
from .inject import Inject
from .interactions import Interactions
from .people import People
from .rates import Rates
from .records import ApiCall, Channel, Guest, Link, Notification, Team, Unfurl, User
from .responses import Responses
from .sockets import SocketMode
from .transcript import Readers
from .triggers import Triggers
from .web import Web, application
from .world import BOT_EVENTS, BOT_SCOPES, World


class LocalSlack(People, Interactions, Readers):
    """A Slack on loopback: Web API, Socket Mode, HTTP delivery, and the people in it.

    It starts with the workspace `team`, the person `anna` and the public channel `general`, in
    which are `anna` and the bot. Use it as a context manager; it serves from a thread of its own.
    """

    def __init__(
        self,
        *,
        bot_name: str = "footnote",
        scopes: Sequence[str] = BOT_SCOPES,
        events: Sequence[str] = BOT_EVENTS,
        rate_limits: bool = False,
        patience: Patience | None = None,
        clock: Clock | None = None,
        port: int = 0,
    ) -> None:
        self.clock = clock or Clock()
        self.world = World(self.clock, bot_name)
        self.inject = Inject()
        self.patience = patience or Patience()
        self.triggers = Triggers(self.world)
        self.courier = Courier(self.world, self.inject, self.patience)
        self.sockets = SocketMode(self.world, self.inject, self.courier)
        self.courier.transport = self.sockets
        self.events = Events(self.world, events, lambda d: self._soon(self.courier.submit, d))
        self.responses = Responses(self.world, self.events, self.triggers)
        self.keys = auth.AppKeys("xapp-local", "local-signing-secret", "local.client", "local")
        self.web = self._web()
        if rate_limits:
            self.web.rates = Rates(self.clock)
        self.base_url = ""
        self._wanted_port = port
        self._scopes = tuple(scopes)
        self._http: HttpDelivery | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._server: threading.Thread | None = None
        self.team = self.add_team("team")
        self.add_user("anna")
        self.add_channel("general", members=("anna",))

    def _web(self) -> Web:
        tables: list[dict[str, Method]] = [
            auth.methods(self.keys, self.sockets.new_ticket),
            chat.METHODS,
            streams.METHODS,
            assistant.METHODS,
            conversations.METHODS,
            views.METHODS,
        ]
        methods = {name: method for table in tables for name, method in table.items()}
        return Web(
            self.world,
            self.events,
            self.triggers,
            self.inject,
            self.keys,
            methods,
            self.responses.by_url,
        )

    # -- starting and stopping

    def __enter__(self) -> LocalSlack:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> LocalSlack:
        """Serve; returns when the port is open."""
        ready: Future[None] = Future()
        self._server = threading.Thread(
            target=lambda: asyncio.run(self._serve(ready)), name="local-slack", daemon=True
        )
        self._server.start()
        ready.result(timeout=10)
        return self

    def stop(self) -> None:
        """Close every connection and end the thread."""
        if self._loop is not None and self._stopping is not None:
            self._soon(self._stopping.set)
        if self._server is not None:
            self._server.join(timeout=10)
        self._loop = None

    async def _serve(self, ready: Future[None]) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        routes = application(self.web, self.sockets.accept)
        runner = web.AppRunner(routes, access_log=None, shutdown_timeout=0.2)
        try:
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", self._wanted_port)
            await site.start()
        except OSError as error:
            ready.set_exception(error)
            return
        port = runner.addresses[0][1]
        self.base_url = self.web.base_url = f"http://127.0.0.1:{port}/"
        ready.set_result(None)
        await self._stopping.wait()
        await self.courier.close()
        self.sockets.cut()
        if self._http is not None:
            await self._http.close()
        await runner.cleanup()

    def _soon(self, function: Any, *arguments: Any) -> None:
        if self._loop is None:
            raise RuntimeError("the local Slack is not running")
        self._loop.call_soon_threadsafe(function, *arguments)

    def _in_loop(self, work: Coroutine[Any, Any, None]) -> None:
        if self._loop is None:
            raise RuntimeError("the local Slack is not running")
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    # -- what the app's owner knows

    @property
    def api_url(self) -> str:
        """The base address of the Web API, for `WebClient(base_url=...)`."""
        return f"{self.base_url}api/"

    @property
    def bot_token(self) -> str:
        """The bot's token in the first workspace; other workspaces have `team.bot_token`."""
        return self.team.bot_token

    @property
    def app_token(self) -> str:
        return self.keys.app_token

    @property
    def signing_secret(self) -> str:
        return self.keys.signing_secret

    @property
    def environment(self) -> dict[str, str]:
        """The settings of an app that is to talk to this Slack."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": self.bot_token,
            "SLACK_APP_TOKEN": self.app_token,
            "SLACK_SIGNING_SECRET": self.signing_secret,
            "SLACK_CLIENT_ID": self.keys.client_id,
            "SLACK_CLIENT_SECRET": self.keys.client_secret,
        }

    # -- furnishing

    def add_team(self, name: str, *, installed: bool = True) -> Team:
        """Another workspace, with the app in it unless `installed` is false."""
        return self.world.add_team(name, self._scopes, installed)

    def add_user(self, name: str, *, team: Team | None = None, guest: Guest | None = None) -> User:
        """A person; `guest` is `single` or `multi`, and another `team` makes them a stranger."""
        return self.world.add_user(name, team or self.team, guest)

    def add_channel(
        self,
        name: str,
        *,
        private: bool = False,
        members: Sequence[User | str] = (),
        bot: bool = True,
        archived: bool = False,
        team: Team | None = None,
        shared_with: Sequence[Team] = (),
    ) -> Channel:
        """A channel; `bot` says whether the bot is in it, `shared_with` makes it Slack Connect."""
        teams = (team or self.team, *shared_with)
        ids = {self.world.user(member).id for member in members}
        if bot:
            ids |= {each.bot_user_id for each in teams if each.installed}
        kind = "private" if private else "public"
        channel = self.world.add_channel(name, teams, kind, ids)  # type: ignore[arg-type]
        channel.archived = archived
        return channel

    def oauth_code(self, team: Team, user: User | str) -> str:
        """The code that Slack's consent page gives a person who installs the app."""
        return self.triggers.new_code(team.id, self.world.user(user).id)

    # -- the way to the app

    def deliver_to(self, url: str | None) -> None:
        """Send everything as signed HTTP to `url` from now on; None is Socket Mode again."""
        self._http = None
        transport: Transport = self.sockets
        if url is not None:
            secret = self.keys.signing_secret
            self._http = HttpDelivery(url, secret, self.clock, self.inject, self.patience)
            transport = self._http
        self.courier.transport = transport

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the app to reconnect; a `warning` leaves the connections open."""
        self._in_loop(self.sockets.disconnect(reason))

    def cut_connections(self) -> None:
        """Break all Socket Mode connections with no goodbye."""
        self._soon(self.sockets.cut)

    def replay(self, events: int = 1) -> None:
        """Send the last acknowledged events again, now."""
        self._soon(self.courier.replay, events)

    @property
    def connections(self) -> int:
        """Open Socket Mode connections."""
        return len(self.sockets.connections)

    def wait_connected(self, count: int = 1, timeout: float = 10.0) -> None:
        """Wait for that many Socket Mode connections."""
        self.wait_for(lambda: self.connections >= count, timeout, f"{count} connection(s)")

    # -- what has happened

    @property
    def notifications(self) -> list[Notification]:
        """Everybody whom the app's content notifies, and channels that it links to."""
        return self.world.notifications

    @property
    def links(self) -> list[Link]:
        """Every link in the app's content, views included, with what the reader sees of it."""
        return self.world.links

    @property
    def unfurls(self) -> list[Unfurl]:
        """Every preview that Slack would have added."""
        return self.world.unfurls

    def calls(self, method: str | None = None, failed: bool | None = None) -> list[ApiCall]:
        """The Web API calls so far, those of one method, or those that failed or succeeded."""
        return [
            call
            for call in self.world.calls
            if method in (None, call.method)
            if failed is None or (call.error is not None) == failed
        ]
