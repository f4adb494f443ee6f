"""The one place where the desktop starts coroutines, holds them, and says what went wrong with them."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from commandcenter.errors import PersonError

log = logging.getLogger(__name__)

Report = Callable[[BaseException], None]

_running: set[asyncio.Task[Any]] = set()


def spawn(coroutine: Coroutine[Any, Any, Any], *, report: Report, name: str = "") -> asyncio.Task[Any]:
    """Start `coroutine` in the running loop and hold it to its end; `report` gets what it raises, cancelling excepted.

    A bug (anything but a PersonError) is logged with its trace as well.
    """
    task = asyncio.get_running_loop().create_task(coroutine, name=name or None)
    _running.add(task)

    def ended(finished: asyncio.Task[Any]) -> None:
        _running.discard(finished)
        if finished.cancelled() or (error := finished.exception()) is None:
            return
        if not isinstance(error, PersonError):
            log.error("task %s failed", finished.get_name(), exc_info=error)
        report(error)

    task.add_done_callback(ended)
    return task


async def stop_all() -> None:
    """Cancel everything that still runs and wait for its end: the last thing before the loop stops."""
    await stop(_running)


async def stop(tasks: Iterable[asyncio.Task[Any]], patience_s: float = 0.0) -> None:
    """Give tasks so many seconds to end by themselves, cancel the others, and wait for their end."""
    left = {task for task in tasks if task is not asyncio.current_task()}
    if left and patience_s:
        _, left = await asyncio.wait(left, timeout=patience_s)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
