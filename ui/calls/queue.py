"""The calls as this desk knows them: what was read, less what it has written since; and whom to call next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from commandcenter.services.calls import Todo

if TYPE_CHECKING:
    from commandcenter.services.calls import Call

Key = tuple[int, int, Todo]


def key_of(call: Call) -> Key:
    """What a line of the list is about, whenever it was read."""
    return call.case_id, call.report_id, call.todo


class CallQueue:
    """A list that was read before something was written here still has it: the queue leaves it out."""

    def __init__(self) -> None:
        self.waiting: list[Call] = []
        self._done: dict[Key, int] = {}
        """What was written, and the case's version since."""
        self._versions: dict[int, int] = {}

    def take(self, found: Sequence[Call]) -> None:
        """A list that was read just now."""
        there = {key_of(each) for each in found}
        self._done = {key: version for key, version in self._done.items() if key in there}
        self.waiting = [each for each in found if not self.is_done(each)]
        self._versions = {
            each.case_id: max(each.case_version, self._versions.get(each.case_id, 0)) for each in self.waiting
        }

    def same(self, call: Call | None) -> Call | None:
        """The line that is about the same, as it is now; None where it waits no longer."""
        key = key_of(call) if call is not None else None
        return next((each for each in self.waiting if key_of(each) == key), None)

    def is_done(self, call: Call) -> bool:
        """Whether it was written here since that was read."""
        return call.case_version < self._done.get(key_of(call), 0)

    def is_ours(self, call: Call) -> bool:
        """Whether it was written here, and a list that knows it has not come yet."""
        return key_of(call) in self._done

    def version(self, call: Call) -> int:
        """The case's version, as far as it is known."""
        return self._versions.get(call.case_id, call.case_version)

    def learn(self, case_id: int, version: int) -> None:
        """A deed of this desk has made that version of a case."""
        self._versions[case_id] = max(version, self._versions.get(case_id, 0))

    def wrote(self, call: Call, version: int) -> None:
        """The call is written, and has made that version of its case."""
        self.learn(call.case_id, version)
        self._done[key_of(call)] = version
        self.waiting = [each for each in self.waiting if not self.is_done(each)]

    def next(self, now: datetime, me: str, at: int | None = None) -> Call | None:
        """Whom to call now: the first that may be called and nobody else is calling, then what is to be ended; else the line `at`."""
        for each in self.waiting:
            if each.todo is Todo.CALL and each.next_at <= now and each.holder in {"", me}:
                return each
        due = [each for each in self.waiting if each.todo is not Todo.CALL]
        if due:
            return due[0]
        return self.waiting[min(at, len(self.waiting) - 1)] if at is not None and self.waiting else None
