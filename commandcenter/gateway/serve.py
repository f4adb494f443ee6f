"""The service's process: uvicorn around the application, from the first look at the database to a graceful end."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from commandcenter.clock import SystemClock
from commandcenter.db.engine import Database
from commandcenter.errors import PersonError
from commandcenter.gateway.app import BESIDE_PHOTOS, make_app
from commandcenter.gateway.base_url import base_url
from commandcenter.gateway.reception import Reception
from commandcenter.gateway.shelf import Shelf, owned

CONNECTIONS = 10
"""To the database, kept open: who finds none free waits for milliseconds, which a new one would take longer."""
KEEP_ALIVE_SECONDS = 75
"""Longer than reverse proxies keep theirs, so that none sends a report into a connection that is just being closed."""
GRACE_SECONDS = 20
"""For requests under way when the service is told to end."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where and how."""

    host: str
    port: int
    shelf: Path | None = None
    """The folder in which deliveries wait while the database is away; None answers 503."""
    shelf_most: int = 2000
    base_url: str = ""
    """Scheme, host and port under which the world knows it; empty: nobody said."""
    proxies: str = ""
    """Addresses of reverse proxies, whose X-Forwarded-For is believed; comma between them."""


async def serve(url: str, listening: Listening, stop: asyncio.Event, said: Callable[[str], None]) -> None:
    """Serve until `stop`; `said` gets one line when it listens. Raises PersonError where it cannot begin."""
    base = base_url(listening.base_url)
    with nullcontext() if listening.shelf is None else owned(listening.shelf):
        await _serve(url, listening, base, stop, said)


async def _serve(url: str, listening: Listening, base: str, stop: asyncio.Event, said: Callable[[str], None]) -> None:
    db = await Database.connect(url, kept=CONNECTIONS, more=0)
    try:
        shelf = None if listening.shelf is None else Shelf(listening.shelf, listening.shelf_most)
        reception = Reception(db, SystemClock(), shelf)
        await reception.open()
        reference = await reception.reference()
        most_bytes = reference.photos * reference.photo_bytes + BESIDE_PHOTOS
        app = make_app(reception, most_bytes, base)
        config = uvicorn.Config(
            app,
            host=listening.host,
            port=listening.port,
            lifespan="off",
            log_config=None,
            access_log=False,  # addresses, and look-back tokens in them
            server_header=False,
            proxy_headers=bool(listening.proxies),
            forwarded_allow_ips=listening.proxies or None,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
            limit_concurrency=200,
            h11_max_incomplete_event_size=32 * 1024,
        )
        await _run(config, reception, stop, said)
    finally:
        await db.close()


async def _run(config: uvicorn.Config, reception: Reception, stop: asyncio.Event, said: Callable[[str], None]) -> None:
    server = uvicorn.Server(config)
    try:
        sockets = [config.bind_socket()]
    except SystemExit:  # uvicorn's way to say so
        raise PersonError(f"不能在 {config.host}:{config.port} 上监听。", "端口可能已被占用，请换一个。") from None
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=sockets)
    said(f"网关在 http://{config.host}:{sockets[0].getsockname()[1]} 上，Ctrl+C 结束。")
    clearing = asyncio.create_task(reception.keep_clearing(stop, said))
    ticking = asyncio.create_task(server.main_loop())
    try:
        await stop.wait()
    finally:
        server.should_exit = True
        await ticking
        await server.shutdown(sockets=sockets)
        await clearing
