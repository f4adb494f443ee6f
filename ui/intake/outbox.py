"""What was registered here and is on its way: one after the other, kept while the database is away, undone in one key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QObject, Signal

from commandcenter.domain.case import State
from commandcenter.errors import PersonError, Unreachable
from commandcenter.services import merging
from commandcenter.services.spool import Entry, Sent, Spool, as_refused, send
from ui.keys import Keys
from ui.session import Session


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge that was just made here and can be undone in one key."""

    merge_id: int
    source_number: str
    kept_number: str


class Outbox(QObject):
    """``sent(Entry, Sent)``, ``refused(Entry, sentence)``, ``undone(Merged, UndoChange)``; ``changed()``: count anew."""

    sent = Signal(object, object)
    refused = Signal(object, str)
    undone = Signal(object, object)
    changed = Signal()

    def __init__(self, session: Session, spool: Spool, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.spool = spool
        self._keys = Keys()
        self._draining = False
        self._undoing = False
        self.last: UUID | None = None
        """Key of what was registered last."""
        self.merged: Merged | None = None

    @property
    def is_live(self) -> bool:
        """Whether the database can be asked."""
        health = self._session.health
        return self._session.db is not None and (health is None or health.state != "away")

    @property
    def waiting(self) -> int:
        """How many wait here because the database is away."""
        return 0 if self._draining else sum(entry.state == "waiting" for entry in self.spool.entries)

    def refusals(self) -> list[Entry]:
        """What the database would not take, oldest first."""
        return [entry for entry in self.spool.entries if entry.state == "refused"]

    def put(self, entry: Entry) -> None:
        """Keep an entry that is ready, and send it. Raises PersonError where the disk refuses."""
        self.spool.put(entry)
        self.last = entry.key
        self.merged = None
        self.begin()

    def begin(self) -> None:
        """Send what waits, if the database can be asked."""
        if not self._draining and self.is_live and any(entry.state == "waiting" for entry in self.spool.entries):
            self._draining = True
            self._session.spawn(self._drain(), "register")

    def why_no_undo(self) -> str:
        """Why there is nothing to undo; '' where there is."""
        if self.merged is not None or self._waiting_merge() is not None:
            return ""
        return self.tr("没有刚并入的诉求可以撤销。更早的并案在工单页里撤销。")

    def undo(self) -> bool:
        """Take the merge that was made last back. True where it was still waiting here, and that was all."""
        entry = self._waiting_merge()
        if entry is not None:
            self.spool.put(replace(entry, merge=None))
            self.changed.emit()
            return True
        if self.merged is not None and not self._undoing:
            self._undoing = True
            self._session.spawn(self._undo(self.merged), "undo_merge")
        return False

    def _waiting_merge(self) -> Entry | None:
        """The entry registered last, while it waits to be merged."""
        if self._draining:
            return None
        entries = self.spool.entries
        return next((e for e in entries if e.key == self.last and e.state == "waiting" and e.merge is not None), None)

    async def _undo(self, merged: Merged) -> None:
        try:
            change = await merging.undo(
                self._session.database(), merge_id=merged.merge_id, key=self._keys.of(merged.merge_id)
            )
        finally:
            self._undoing = False
        self._keys.done(merged.merge_id)
        if self.merged == merged:
            self.merged = None
        self.undone.emit(merged, change)

    async def _drain(self) -> None:
        """Send what waits, one after the other, until nothing does or the database is away."""
        try:
            while entry := next((each for each in self.spool.entries if each.state == "waiting"), None):
                try:
                    sent = await send(self._session.database(), entry)
                except Unreachable:
                    return
                except PersonError as error:
                    self.spool.put(as_refused(entry, str(error)))
                    self.refused.emit(entry, str(error))
                else:
                    self.spool.remove(entry.key)
                    if entry.key == self.last and sent.merge is not None:
                        source, kept = sent.merge.source.number, sent.merge.kept.number
                        self.merged = Merged(sent.merge.merge_id, source, kept)
                    self.sent.emit(entry, sent)
        finally:
            self._draining = False
            self.changed.emit()


def words_of(sent: Sent) -> tuple[str, bool]:
    """What became of a report, in one sentence, and whether something is left to do about it."""
    change = sent.change
    if sent.merge is not None:
        kept = sent.merge.kept.number
        return _tr("已登记 %s，并入 %s") % (change.number, kept), False
    if sent.dispatch_problem:
        return _tr("已登记 %s，没有派出：%s") % (change.number, sent.dispatch_problem), True
    if change.state is State.ARCHIVED:
        return _tr("已答复并办结 %s") % change.number, False
    if change.state is State.TO_ACCEPT:
        return _tr("已登记并派单 %s") % change.number, False
    return _tr("已登记 %s") % change.number, False


def _tr(text: str) -> str:
    return QCoreApplication.translate("outbox", text)
