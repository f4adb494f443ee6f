"""Clients in processes of their own, so that they do not measure one another's Python."""

import asyncio
import multiprocessing as mp
from collections.abc import Awaitable, Callable, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

_SPAWN = mp.get_context("spawn")


def _begin(pipe: Connection, work: Callable[..., Awaitable[None]], arguments: Sequence[Any]) -> None:
    asyncio.run(_whole(pipe, work, arguments))


async def _whole(pipe: Connection, work: Callable[..., Awaitable[None]], arguments: Sequence[Any]) -> None:
    await work(pipe, *arguments)
    pipe.close()


@contextmanager
def worker(work: Callable[..., Awaitable[None]], *arguments: Any) -> Any:
    """Run ``work(pipe, *arguments)`` in another process; yields our end of the pipe."""
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_begin, args=(theirs, work, arguments))
    process.start()
    theirs.close()
    try:
        yield ours
        process.join(60)
    finally:
        if process.is_alive():
            process.terminate()
        process.join()


async def told(pipe: Connection) -> Any:
    """Wait for a message without stopping the loop."""
    return await asyncio.to_thread(pipe.recv)
