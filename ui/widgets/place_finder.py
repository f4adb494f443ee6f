"""Proposes the area of a report from the words for its place, by the county's gazetteer."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from commandcenter.errors import Unreachable
from commandcenter.services.places import PlaceBook, load_book
from ui.session import Session
from ui.widgets.intake_form import IntakeForm

_NEWS = frozenset({"areas", "places", "settings", "everything"})


class PlaceFinder(QObject):
    """Fills an empty area once a place is typed. What the officer chose is never touched, and any proposal can be changed."""

    def __init__(self, session: Session, form: IntakeForm) -> None:
        super().__init__(form)
        self._session = session
        self._form = form
        self._book: PlaceBook | None = None
        self._loading = False
        form.place.editingFinished.connect(self.propose)
        session.entities_changed.connect(self._on_entities)

    def propose(self) -> None:
        """Look the place up, if no area is chosen; the gazetteer is read when it is first needed."""
        if not self._wanted():
            return
        if self._book is not None:
            self._fill(self._book)
        elif not self._loading and self._session.db is not None:
            self._loading = True
            self._session.spawn(self._load(), "load_book")

    async def _load(self) -> None:
        try:
            self._book = await load_book(self._session.database())
        except Unreachable:
            return  # registered without an area, as the page says; the next place asks again
        finally:
            self._loading = False
        # not within this task: whatever the form does next is not a part of reading
        QTimer.singleShot(0, self, self.propose)

    def _wanted(self) -> bool:
        return bool(self._form.place.text().strip()) and not self._form.area.text().strip()

    def _fill(self, book: PlaceBook) -> None:
        found = book.gazetteer.best(self._form.place.text(), threshold=book.threshold)
        if found is None:
            return
        self._form.area.set_value(found.area_id)
        if self._form.area.value() is not None:
            self._form.area.setToolTip(self.tr("按事发地点推断，可改：%s（%d%%）") % (found.reason, found.score * 100))

    def _on_entities(self, entities: frozenset[str]) -> None:
        if not _NEWS.isdisjoint(entities):
            self._book = None
