"""Writing down what came of a call: one deed at a time, done once, and what it has made of the case."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from commandcenter.errors import PersonError, StaleVersion
from commandcenter.services import calls, cases
from ui.calls.queue import CallQueue, key_of
from ui.keys import Keys
from ui.session import Session

if TYPE_CHECKING:
    from commandcenter.services.calls import Call
    from commandcenter.services.cases import CaseChange


class CallWriting(QObject):
    """``busy(bool)``; ``written(call, what was done in words, CaseChange)``; ``refused(call, PersonError)``.

    Versions are the queue's, which also learns new ones here. `said`: contacted, solved, satisfied, words of a citizen.
    """

    busy = Signal(bool)
    written = Signal(object, str, object)
    refused = Signal(object, object)

    def __init__(self, session: Session, queue: CallQueue, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._queue = session, queue
        self._keys = Keys()
        self.is_busy = False
        self._holding: asyncio.Task[None] | None = None

    def hold(self, call: Call) -> None:
        """Nobody else calls the same citizen now."""
        self._holding = self._session.spawn(self._hold(call), "take")

    def save(self, call: Call, said: Mapping[str, Any], *, reached: bool, archive: bool) -> None:
        """Write the call down; the last one of a case may end it."""
        done = self.tr("已归档") if archive else self.tr("已记录") if reached else self.tr("未接通，改时再拨")
        facts = {**said, "reached": reached, "report_id": call.report_id}
        self._begin(call, calls.archive_in_one if archive else cases.follow_up, facts, done)

    def save_and_redo(self, call: Call, said: Mapping[str, Any], reason: str) -> None:
        """Write an answer down that is not 双是, and send the case back."""
        facts = {**said, "reason": reason, "report_id": call.report_id}
        self._begin(call, calls.redo_in_one, facts, self.tr("已重办"))

    def archive(self, call: Call) -> None:
        """End a case whose citizens all were called."""
        self._begin(call, cases.archive, {}, self.tr("已归档"))

    def redo(self, call: Call, reason: str) -> None:
        """Send such a case back."""
        self._begin(call, cases.redo, {"reason": reason}, self.tr("已重办"))

    def _begin(self, call: Call, do: Callable[..., Awaitable[CaseChange]], facts: Mapping[str, Any], done: str) -> None:
        if not self.is_busy:
            self._set_busy(busy=True)
            self._session.spawn(self._do(call, do, facts, done), "follow_up")

    async def _do(
        self, call: Call, do: Callable[..., Awaitable[CaseChange]], facts: Mapping[str, Any], done: str
    ) -> None:
        deed = (key_of(call), do.__name__, tuple(sorted(facts.items(), key=lambda each: each[0])))
        if self._holding is not None:  # it makes a version of the case: who answers at once is not too late by it
            await asyncio.wait([self._holding])
        try:
            change = await do(
                self._session.database(),
                case_id=call.case_id,
                version=self._queue.version(call),
                key=self._keys.of(deed),
                **facts,
            )
        except PersonError as error:
            self.refused.emit(call, error)
            return
        finally:
            self._set_busy(busy=False)
        self._keys.done(deed)
        self.written.emit(call, done, change)

    async def _hold(self, call: Call) -> None:
        deed = ("take", call.case_id)
        try:
            change = await cases.take(
                self._session.database(),
                case_id=call.case_id,
                version=self._queue.version(call),
                key=self._keys.of(deed),
            )
        except StaleVersion:  # it will be read anew, and the call is not held up
            return
        self._keys.done(deed)
        self._queue.learn(call.case_id, change.version)

    def _set_busy(self, *, busy: bool) -> None:
        self.is_busy = busy
        self.busy.emit(busy)
