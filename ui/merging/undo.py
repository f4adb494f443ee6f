"""What this desk said of pairs, last first, to be taken back by one key; and what an undo could not bring back, in words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from commandcenter.errors import NotVisible, PersonError, Refused
from commandcenter.services import merging
from ui.keys import Keys
from ui.session import Session


@dataclass(frozen=True, slots=True)
class _Merged:
    merge_id: int


@dataclass(frozen=True, slots=True)
class _Dismissed:
    case_id: int
    other_id: int
    relation_id: int | None


class LastDeed(QObject):
    """What this desk did to pairs, the last first.

    ``told(sentence)``: what became of an undo; ``changed()``: another deed is the last one now; ``reopened(case id, other
    id)``: that pair may be one again.
    """

    told = Signal(str)
    changed = Signal()
    reopened = Signal(object, object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._keys = Keys()
        self._done: list[_Merged | _Dismissed] = []
        self._busy = False

    def remember(self, merge_id: int) -> None:
        """A merge of this desk."""
        self._done.append(_Merged(merge_id))
        self.changed.emit()

    def remember_dismissed(self, case_id: int, other_id: int, relation_id: int | None = None) -> None:
        """This desk said that they are not the same; `relation_id`: and that they belong together."""
        self._done.append(_Dismissed(case_id, other_id, relation_id))
        self.changed.emit()

    def why_not(self) -> str:
        """Why there is nothing to undo by the key; '' where there is."""
        return "" if self._done else self.tr("这个席位这次还没有判断过")

    def undo(self) -> None:
        """Take back what this desk did last."""
        if not self._done:
            self.told.emit(self.why_not())
            return
        match self._done[-1]:
            case _Merged(merge_id):
                self.undo_merge(merge_id)
            case _Dismissed(case_id, other_id, relation_id):
                self.reopen(case_id, other_id, relation_id)

    def undo_merge(self, merge_id: int, reason: str = "") -> None:
        """Undo that merge, one at a time."""
        if not self._busy:
            self._busy = True
            self._session.spawn(self._undo(merge_id, reason), "undo merge")

    def reopen(self, case_id: int, other_id: int, relation_id: int | None = None) -> None:
        """Let that pair be one again; the relation said along with it ends."""
        if not self._busy:
            self._busy = True
            self._session.spawn(self._reopen(_Dismissed(case_id, other_id, relation_id)), "reopen hint")

    async def _undo(self, merge_id: int, reason: str) -> None:
        deed = (merge_id, reason)
        try:
            change = await merging.undo(
                self._session.database(), merge_id=merge_id, reason=reason, key=self._keys.of(deed)
            )
        except PersonError as error:
            self.told.emit(str(error))
            return
        finally:
            self._busy = False
        self._keys.done(deed)
        self._done = [each for each in self._done if each != _Merged(merge_id)]
        head = self.tr("已撤销并单：%s 与 %s 各办各的") % (change.source.number, change.kept.number)
        stays = "".join(f"\n· {sentence}" for sentence in change.remaining)
        self.told.emit(head + (self.tr("。下面这些恢复不了，请留意：") + stays if stays else self.tr("，全部恢复原样")))
        self.changed.emit()

    async def _reopen(self, pair: _Dismissed) -> None:
        deed = ("reopen", pair)
        try:
            await merging.reopen_hint(
                self._session.database(), case_id=pair.case_id, other_id=pair.other_id, relation_id=pair.relation_id,
                key=self._keys.of(deed),
            )  # fmt: skip
        except PersonError as error:
            if isinstance(error, Refused | NotVisible):
                self._forget(pair)  # nor will it be taken back later
            self.told.emit(str(error))
            return
        finally:
            self._busy = False
        self._keys.done(deed)
        self._forget(pair)
        also = self.tr("，两件之间的关联一并取消") if pair.relation_id is not None else ""
        self.told.emit(self.tr("已撤回“不是同一件”：这一对可以重新判断%s") % also)
        self.reopened.emit(pair.case_id, pair.other_id)
        self.changed.emit()

    def _forget(self, pair: _Dismissed) -> None:
        ids = {pair.case_id, pair.other_id}
        self._done = [each for each in self._done if isinstance(each, _Merged) or {each.case_id, each.other_id} != ids]
