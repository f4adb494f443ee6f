"""What is true of every answer, and of what is read at all; without Starlette's helpers, which would unfold streams."""

import logging
import time
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from commandcenter.gateway.failing import TooLarge, failed

log = logging.getLogger(__name__)

TOO_LARGE: Final = "提交的内容太大。"
_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    b"base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),  # a look-back address is a secret
    (b"permissions-policy", b"geolocation=(self), camera=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)


class Guard:
    """Bounds the body, adds the headers, logs how it went: method, kind of address, status, time; no more."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = app
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        read, began, status = 0, time.perf_counter(), 0
        api = scope["path"].startswith("/open311/")

        async def bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.most_bytes:
                raise TooLarge(TOO_LARGE)
            return message

        async def sealed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = _with_headers(message, api=api)
            await send(message)

        async def checked(message: Message) -> None:
            """FastAPI takes whatever goes wrong while it reads for a form it cannot parse."""
            if read <= self.most_bytes:
                await sealed(message)
            elif message["type"] == "http.response.start":
                await failed(Request(scope), 413, TOO_LARGE)(scope, receive, sealed)

        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > self.most_bytes:
            await failed(Request(scope), 413, TOO_LARGE)(scope, receive, sealed)
        else:
            await self._app(scope, bounded, checked)
        kind = "/".join(scope["path"].split("/")[: 4 if api else 2]).partition(".")[0]
        log.debug("%s %s %s %.0f ms", scope["method"], kind, status, (time.perf_counter() - began) * 1000)


def _with_headers(message: Message, *, api: bool) -> Message:
    headers = [*message.get("headers", ()), *_HEADERS]
    if api:  # no cookies and nothing of a person: any web app may read it
        headers.append((b"access-control-allow-origin", b"*"))
    if not any(name == b"cache-control" for name, _ in headers):
        headers.append((b"cache-control", b"no-store"))
    return {**message, "headers": headers}
