"""The merges of this desk, last first, to be undone by one key; and what an undo could not bring back, in words."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from commandcenter.errors import PersonError
from commandcenter.services import merging
from ui.keys import Keys
from ui.session import Session


class LastMerge(QObject):
    """``told(sentence)``: what became of an undo; ``changed()``: another merge is the last one now."""

    told = Signal(str)
    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._keys = Keys()
        self._done: list[tuple[int, str, str]] = []
        self._busy = False

    def remember(self, merge_id: int, source: str, kept: str) -> None:
        """`source` was merged into `kept` here (their numbers)."""
        self._done.append((merge_id, source, kept))
        self.changed.emit()

    def why_not(self) -> str:
        """Why there is nothing to undo by the key; '' where there is."""
        return "" if self._done else self.tr("这个席位这次还没有并单")

    def undo(self) -> None:
        """Undo the last merge of this desk."""
        if self._done:
            self.undo_merge(self._done[-1][0])

    def undo_merge(self, merge_id: int, reason: str = "") -> None:
        """Undo that merge, one at a time."""
        if not self._busy:
            self._busy = True
            self._session.spawn(self._undo(merge_id, reason), "undo merge")

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
        self._done = [each for each in self._done if each[0] != merge_id]
        head = self.tr("已撤销并单：%s 与 %s 各办各的") % (change.source.number, change.kept.number)
        stays = "".join(f"\n· {sentence}" for sentence in change.remaining)
        self.told.emit(head + (self.tr("。下面这些恢复不了，请留意：") + stays if stays else self.tr("，全部恢复原样")))
        self.changed.emit()
