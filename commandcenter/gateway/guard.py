"""What is true of every answer, and of what is read at all; without Starlette's helpers, which would unfold streams."""

import logging
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from commandcenter.gateway.failing import TooLarge

log = logging.getLogger(__name__)

_HEADERS: Final = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
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
                raise TooLarge("提交的内容太大。", "请减少照片或文字。")
            return message

        async def sealed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), *_HEADERS]
                if api:  # no cookies and nothing of a person: any web app may read it
                    headers.append((b"access-control-allow-origin", b"*"))
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, bounded, sealed)
        kind = "/".join(scope["path"].split("/")[:2 if not api else 4])
        kind = kind.partition(".")[0]
        log.debug("%s %s %s %.0f ms", scope["method"], kind, status, (time.perf_counter() - began) * 1000)
