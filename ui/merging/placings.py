"""Cases put in their place by this desk, each once under a key of its own; the last one is taken back by one key."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from commandcenter.errors import NotVisible, PersonError, Refused
from commandcenter.services import placing
from ui.merging.deeds import Deeds
from ui.session import Session

if TYPE_CHECKING:
    from commandcenter.services.cases import CaseChange
    from commandcenter.services.placing import Unplaced
    from ui.merging.unplaced_card import Choice


class Placings(Deeds):
    """Placed: ``done(sentence)``, ``refused(sentence)``, ``stale()``, and before ``placed(case id)``.

    Taken back: ``told(sentence)``, and before ``back(case id)``. ``changed()``: another one is the last, or none.
    """

    placed = Signal(object)
    back = Signal(object)
    told = Signal(str)
    changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(session, parent)
        self._done: list[CaseChange] = []
        self._undoing = False

    @property
    def last(self) -> CaseChange | None:
        """What was placed last and can be taken back."""
        return self._done[-1] if self._done else None

    def place(self, case: Unplaced, choice: Choice) -> None:
        """Write where the case is."""

        async def act(key: UUID) -> str:
            change = await placing.place(
                self._session.database(),
                case_id=case.id,
                version=case.version,
                area_id=choice.area_id,
                lon=choice.lon,
                lat=choice.lat,
                place=choice.place,
                key=key,
            )
            self._done.append(change)
            self.changed.emit()
            self.placed.emit(case.id)
            area = self._session.reference.areas.get(choice.area_id or 0)
            where = f"：{area.name}" if area else ""
            return self.tr("%s 已定位%s；Ctrl+Z 撤回") % (change.number, where)

        self.begin(("place", case.id, case.version, choice), act)

    def undo(self) -> None:
        """Take back the last one, one at a time."""
        if self.last is not None and not self._undoing:
            self._undoing = True
            self._session.spawn(self._undo(self.last), "unplace")

    async def _undo(self, placed: CaseChange) -> None:
        deed = ("unplace", placed.case_id, placed.version)
        try:
            await placing.unplace(
                self._session.database(), case_id=placed.case_id, placed=placed.version, key=self._keys.of(deed)
            )
        except PersonError as error:
            if isinstance(error, Refused | NotVisible):
                self._forget(placed)  # it will not be taken back any more
            self.told.emit(str(error))
            return
        finally:
            self._undoing = False
        self._keys.done(deed)
        self._forget(placed)
        self.back.emit(placed.case_id)
        self.told.emit(self.tr("%s 的定位已撤回，恢复原样") % placed.number)

    def _forget(self, placed: CaseChange) -> None:
        if placed in self._done:
            self._done.remove(placed)
        self.changed.emit()
