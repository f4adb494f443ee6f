"""What was typed and has not reached the database yet: one private file a window, JSON lines, safe at every moment.

Every change replaces the whole file atomically, so that a crash leaves either the old or the new one. A window's file is
locked for as long as its process lives; the next window of the same person takes over what a dead one left. The key of a
report is made when its typing starts and travels with it: however often it is sent, it is registered once.
"""

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Self
from uuid import UUID

from commandcenter.clock import Clock, SystemClock
from commandcenter.db.embedded.lock import try_lock
from commandcenter.db.engine import Database
from commandcenter.domain.phone import plain_phone
from commandcenter.errors import PersonError, Unreachable
from commandcenter.services import answers, cases, merging
from commandcenter.services.cases import CaseChange
from commandcenter.services.merging import MergeChange
from commandcenter.services.new_report import Citizen, NewReport
from commandcenter.services.spool_entry import Answered, DispatchTo, Entry, MergeInto

__all__ = [
    "Answered", "DispatchTo", "Entry", "MergeInto", "Sent", "Spool", "as_refused", "as_waiting", "owner_of", "send",
]  # fmt: skip

log = logging.getLogger(__name__)

SYSTEM_CLOCK = SystemClock()
LATE = timedelta(minutes=15)
"""Sent later than this after its typing began, a report is registered with the time at which it was really received."""
TOO_LATE = timedelta(hours=23)
"""Later still it is registered as of now: the database takes no moment that far back, and nothing typed may be lost."""


class Spool:
    """The entries of one window. `owner` tells persons and databases apart: see `owner_of`."""

    def __init__(self, folder: Path, owner: str) -> None:
        self._folder = folder
        self._owner = owner
        self._name = ""
        self._lock = -1
        self._entries: dict[UUID, Entry] = {}
        self._unread: list[str] = []
        """Lines of a newer or a broken program: kept as they are, nothing is dropped in silence."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them, in the order in which their typing began."""
        return tuple(sorted(self._entries.values(), key=lambda entry: entry.begun_at))

    def open(self) -> Self:
        """Take over what windows of the same owner left that live no more."""
        for path in sorted(self._folder.glob(f"{self._owner}-*.jsonl")):
            lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                if not try_lock(lock) or not path.exists():
                    continue
                self._read(path.read_text(encoding="utf-8").splitlines())
                self._write()
                path.unlink()
            finally:
                os.close(lock)
            path.with_suffix(".lock").unlink(missing_ok=True)
        return self

    def close(self) -> None:
        """Let go; what has not been sent stays for the next window."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
            if not self._entries and not self._unread:
                self._data.unlink(missing_ok=True)
                self._data.with_suffix(".lock").unlink(missing_ok=True)
            self._name = ""

    def put(self, entry: Entry) -> None:
        """Keep an entry, in place of the one with the same key. Raises PersonError where the disk refuses."""
        if self._entries.get(entry.key) != entry:
            self._entries[entry.key] = entry
            self._write()

    def remove(self, key: UUID) -> None:
        """Forget an entry, known or not."""
        if self._entries.pop(key, None) is not None:
            self._write()

    @property
    def _data(self) -> Path:
        return self._folder / f"{self._name}.jsonl"

    def _read(self, lines: Iterable[str]) -> None:
        for line in lines:
            try:
                entry = Entry.of(line)
            except (ValueError, TypeError, KeyError):
                log.warning("a line of the spool was not understood and is kept as it is")
                self._unread.append(line)
            else:
                self._entries.setdefault(entry.key, entry)

    def _write(self) -> None:
        text = "".join(f"{line}\n" for line in [*(entry.line() for entry in self.entries), *self._unread])
        try:
            self._take_name()
            fresh = self._data.with_suffix(".new")
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._data)
        except OSError as error:
            raise PersonError(
                "本机暂存写不进去，刚输入的内容还没有保存。", "请检查磁盘空间，先不要关闭窗口。"
            ) from error

    def _take_name(self) -> None:
        """At the first write: a name of this window's own, locked while it lives."""
        if self._lock >= 0:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = os.getpid()
        while True:
            name = f"{self._owner}-{number}"
            lock = os.open(self._folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
            if try_lock(lock) and not (self._folder / f"{name}.jsonl").exists():
                self._name, self._lock = name, lock
                return
            os.close(lock)
            number += 1


def owner_of(database: Database | None, login: str) -> str:
    """A file-name-safe word for a person on a database, so that nothing typed for one is ever sent to another."""
    place = database.url.rpartition("@")[2] if database is not None else ""
    return f"{login}-{sha256(place.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of an entry: a case, where it was merged the link, and where its dispatch was refused the sentence."""

    change: CaseChange
    dispatch_problem: str = ""
    merge: MergeChange | None = None


async def send(db: Database, entry: Entry, clock: Clock = SYSTEM_CLOCK) -> Sent:
    """Do with an entry what was chosen for it: register and dispatch, merge, or answer and close; safe to repeat.

    One that waited for the database (`LATE` to `TOO_LATE`) is registered as received when its typing began. A correction
    of the category that was proposed is learned from.

    Raises PersonError where nothing was done (the case to merge into may be over by now), and Unreachable where nobody
    knows: send it again then.
    """
    report = NewReport(
        channel_id=entry.channel_id or 0,
        content=entry.content,
        title=entry.title,
        kind=entry.kind,
        category_id=entry.category_id,
        grade=entry.grade,
        area_id=entry.area_id,
        lon=entry.lon,
        lat=entry.lat,
        place=entry.place,
        citizen=Citizen(entry.name, plain_phone(entry.phone), entry.address, entry.confidential),
        received_at=entry.begun_at if LATE <= clock.now() - entry.begun_at <= TOO_LATE else None,
        proposed_category_id=entry.proposed_category_id,
    )
    if (into := entry.merge) is not None:
        merge = await merging.register_into(
            db, report, kept_id=into.case_id, score=into.score, reasons=into.reasons, key=entry.key
        )
        return Sent(merge.source, merge=merge)
    if (told := entry.answer) is not None and told.solved is not None:
        return Sent(
            await answers.answer_now(
                db, report, answer=told.text, solved=told.solved, satisfied=told.satisfied, key=entry.key
            )
        )
    change = await cases.register(db, report, key=entry.key)
    return Sent(change) if entry.dispatch is None else await _dispatched(db, change, entry.dispatch)


async def _dispatched(db: Database, change: CaseChange, dispatch: DispatchTo) -> Sent:
    try:
        dispatched = await cases.dispatch(
            db,
            case_id=change.case_id,
            version=change.version,
            unit_id=dispatch.unit_id,
            assist_ids=dispatch.assist_ids,
            key=dispatch.key,
        )
    except Unreachable:
        raise
    except PersonError as error:  # the case is there; whoever works on it next dispatches it
        return Sent(change, str(error))
    return Sent(dispatched)


def as_waiting(
    entry: Entry,
    dispatch: DispatchTo | None = None,
    *,
    merge: MergeInto | None = None,
    answer: Answered | None = None,
) -> Entry:
    """The entry, ready to be sent: as a new case, into one that is there, or answered on the spot."""
    return replace(entry, state="waiting", dispatch=dispatch, merge=merge, answer=answer, problem="")


def as_refused(entry: Entry, problem: str) -> Entry:
    """The entry with what the database said against it."""
    return replace(entry, state="refused", problem=problem)
