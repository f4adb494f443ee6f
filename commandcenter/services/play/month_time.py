"""Time that goes on when everybody has done what was due: for simulations of weeks in minutes."""

import asyncio
import heapq
from collections.abc import Coroutine
from datetime import datetime
from typing import Any


class SimulatedTime:
    """Lives wait in it with `until`; `advance` moves it, and returns when every life waits again or is over."""

    def __init__(self, start: datetime) -> None:
        self.now = start
        self._waiting: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._number = 0
        self._awake = 0
        self._asleep = asyncio.Event()
        self._asleep.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._broken: BaseException | None = None

    async def until(self, moment: datetime) -> None:
        """Wait; only for a life that was begun with `begin`."""
        if moment <= self.now:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._number += 1
        heapq.heappush(self._waiting, (moment, self._number, future))
        self._sleeps()
        await future

    def begin(self, life: Coroutine[Any, Any, None]) -> None:
        """Let a life run from now on. What it raises, `advance` raises."""
        self._wakes()
        task = asyncio.get_running_loop().create_task(life)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def advance(self, to: datetime) -> None:
        """Go on to a moment: everybody who waited for it, or for one before it, does what is due."""
        self.now = to
        while self._waiting and self._waiting[0][0] <= to:
            _, _, future = heapq.heappop(self._waiting)
            self._wakes()
            future.set_result(None)
        await self._asleep.wait()
        if self._broken is not None:
            raise self._broken

    async def end(self) -> None:
        """Break off whoever still waits."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _wakes(self) -> None:
        self._awake += 1
        self._asleep.clear()

    def _sleeps(self) -> None:
        self._awake -= 1
        if not self._awake:
            self._asleep.set()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        self._broken = self._broken or task.exception()
        self._sleeps()
