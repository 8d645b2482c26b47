"""HTTP delivery: signed requests to the app's own address."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from urllib.parse import urlencode

import aiohttp

from .clock import Clock
from .delivery import Outcome, Patience
from .events import Delivery
from .inject import Inject
from .records import Json


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Slack's `v0` signature of a request.

    >>> signature("secret", 1700000000, b"{}")[:12]
    'v0=84dd7b277'
    """
    base = b"v0:%d:%s" % (timestamp, body)
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpDelivery:
    """Posts deliveries to one address, as Slack does for events, commands and interactions."""

    def __init__(
        self, url: str, secret: str, clock: Clock, inject: Inject, patience: Patience
    ) -> None:
        self.url = url
        self.secret = secret
        self.clock = clock
        self.inject = inject
        self.patience = patience
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def attempt(self, delivery: Delivery, number: int, reason: str | None) -> Outcome:
        content_type, body = encode(delivery)
        headers = self.headers(content_type, body)
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason or ""}
        try:
            return await self._post(headers, body)
        except TimeoutError:
            return Outcome("http_timeout")
        except aiohttp.ClientError:
            return Outcome("connection_failed")

    def headers(self, content_type: str, body: bytes) -> dict[str, str]:
        """The headers of a request as Slack signs it at this moment of its clock."""
        now = int(self.clock.now())
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": str(now),
            "X-Slack-Signature": signature(self.secret, now, body),
        }

    async def _post(self, headers: dict[str, str], body: bytes) -> Outcome:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with asyncio.timeout(self.patience.ack_timeout):
            async with self._session.post(self.url, data=body, headers=headers) as answer:
                text = await answer.text()
        if not 200 <= answer.status < 300:
            again = answer.headers.get("X-Slack-No-Retry") != "1"
            return Outcome("http_error", retry=again)
        if self.inject.loses_ack():
            return Outcome("http_timeout")
        return Outcome(response=response_of(text))


def encode(delivery: Delivery) -> tuple[str, bytes]:
    """Content type and body: JSON for events, a form for the rest."""
    if delivery.kind == "events_api":
        return "application/json", json.dumps(delivery.payload).encode()
    form = delivery.payload
    if delivery.kind == "interactive":
        form = {"payload": json.dumps(delivery.payload)}
    return "application/x-www-form-urlencoded", urlencode(form).encode()


def response_of(text: str) -> Json | None:
    """What the app answered, as Socket Mode would carry it."""
    if not text.strip():
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return {"text": text}
    return found if isinstance(found, dict) else None
