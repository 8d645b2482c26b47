"""Socket Mode: connections of the app, envelopes to it and acknowledgements from it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json

from aiohttp import WSMsgType, web

from .delivery import Courier, Outcome
from .events import Delivery
from .inject import Inject
from .records import Json
from .world import World

MOST_CONNECTIONS = 10
PING_SECONDS = 0.2
CLOSE_SECONDS = 0.5


class Connection:
    """One WebSocket of the app, and the envelopes that wait for its acknowledgement."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.request = request
        self.waiting: dict[str, asyncio.Future[Json | None]] = {}
        self.open = True

    def lost(self) -> None:
        """Nobody will acknowledge on this connection any more."""
        self.open = False
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("socket closed"))

    def abort(self) -> None:
        """Break the connection with no goodbye, as a failing network does."""
        self.lost()
        if self.request.transport is not None:
            self.request.transport.abort()


class SocketMode:
    """The app's connections. Each envelope goes to any one of them, in turn."""

    def __init__(self, world: World, inject: Inject, courier: Courier) -> None:
        self.world = world
        self.inject = inject
        self.courier = courier
        self.connections: list[Connection] = []
        self.opened = 0
        self._tickets: set[str] = set()
        self._turn = itertools.count()
        self._arrival = asyncio.Event()

    def new_ticket(self) -> str:
        """Leave to connect once, part of the address that `apps.connections.open` answers."""
        ticket = self.world.new_id("ticket")
        self._tickets.add(ticket)
        return ticket

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="invalid ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=True, timeout=CLOSE_SECONDS)
        await socket.prepare(request)
        connection = Connection(socket, request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await self._goodbye(connection, "too_many_websockets")
            return socket
        await self._serve(connection)
        return socket

    async def _serve(self, connection: Connection) -> None:
        self.opened += 1
        self.connections.append(connection)
        await self._hello(connection)
        self._arrival.set()
        self.world.changed()
        self.courier.replay(self.inject.replays())
        pulse = asyncio.create_task(self._pulse(connection))
        try:
            # A client may vanish between its ping and our pong.
            with contextlib.suppress(ConnectionError):
                async for message in connection.socket:
                    if message.type == WSMsgType.TEXT:
                        self._received(connection, message.data)
        finally:
            pulse.cancel()
            self._forget(connection)

    async def _pulse(self, connection: Connection) -> None:
        """Ping as Slack does, though faster: the SDK's client takes up to the next frame, or
        three seconds, to close. A missing pong is no reason to hang up on a busy test machine."""
        while connection.open:
            await asyncio.sleep(PING_SECONDS)
            with contextlib.suppress(ConnectionError):
                await connection.socket.ping()

    def _forget(self, connection: Connection) -> None:
        connection.lost()
        if connection in self.connections:
            self.connections.remove(connection)
        if not self.connections:
            self._arrival.clear()
        self.world.changed()

    async def _hello(self, connection: Connection) -> None:
        await connection.socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self.connections),
                "connection_info": {"app_id": self.world.app_id},
                "debug_info": {"host": "local", "approximate_connection_time": 18060},
            }
        )

    def _received(self, connection: Connection, data: str) -> None:
        try:
            message = json.loads(data)
        except ValueError:
            return
        future = connection.waiting.get(message.get("envelope_id", ""))
        if future is None or future.done() or self.inject.loses_ack():
            return
        payload = message.get("payload")
        future.set_result(payload if isinstance(payload, dict) else None)

    async def attempt(self, delivery: Delivery, number: int, reason: str | None) -> Outcome:
        """Send one envelope, as soon as there is a connection, and wait for its acknowledgement."""
        connection = await self._pick()
        envelope_id = self.world.new_id("envelope")
        future: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope_id] = future
        try:
            await connection.socket.send_json(envelope(delivery, envelope_id, number, reason))
            # Not `wait_for`, which before Python 3.12 may swallow a cancellation.
            async with asyncio.timeout(self.courier.patience.ack_timeout):
                response = await future
        except TimeoutError:
            return Outcome("timeout")
        except ConnectionError:
            # Or the retries would all go to the same dead connection.
            connection.open = False
            return Outcome("socket_closed")
        finally:
            connection.waiting.pop(envelope_id, None)
        return Outcome(response=response)

    async def _pick(self) -> Connection:
        while True:
            usable = [connection for connection in self.connections if connection.open]
            if usable:
                return usable[next(self._turn) % len(usable)]
            self._arrival.clear()
            await self._arrival.wait()

    async def disconnect(self, reason: str) -> None:
        """Tell every connection to go; all but a `warning` then close."""
        for connection in list(self.connections):
            if reason == "warning":
                await connection.socket.send_json(goodbye(reason))
            else:
                connection.open = False
                await self._goodbye(connection, reason)
                self._forget(connection)

    async def _goodbye(self, connection: Connection, reason: str) -> None:
        try:
            await connection.socket.send_json(goodbye(reason))
            async with asyncio.timeout(2 * CLOSE_SECONDS):
                await connection.socket.close()
        except (ConnectionError, TimeoutError):
            connection.abort()

    def cut(self) -> None:
        """Break all connections with no goodbye."""
        for connection in list(self.connections):
            connection.abort()


def goodbye(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}}


def envelope(delivery: Delivery, envelope_id: str, number: int, reason: str | None) -> Json:
    """What goes over the socket; only events count their retries, the first one as 0."""
    found: Json = {
        "envelope_id": envelope_id,
        "type": delivery.kind,
        "payload": delivery.payload,
        "accepts_response_payload": delivery.kind != "events_api",
    }
    if delivery.kind == "events_api":
        found.update(retry_attempt=number, retry_reason=reason or "")
    return found
