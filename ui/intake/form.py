"""One report as it is typed: an entry goes in and comes out, and what a person set is left alone by suggestions."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from commandcenter.domain.case import Grade
from commandcenter.services.proposal import proposed_title
from commandcenter.services.spool import Entry
from ui.intake.fields import DEFAULT_KIND, IntakeFields, show_end
from ui.session import Session


class IntakeForm(IntakeFields):
    """Gives an `Entry`, takes one back. ``edited`` after every change; the entry's key is born with the first one.

    What a person set is theirs: suggestions (``propose_…``) fill only what nobody has touched, and say so above the field.
    """

    edited = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None, new_key: Callable[[], UUID] = uuid4) -> None:
        super().__init__(session, parent)
        self._new_key = new_key
        self._key: UUID | None = None
        self._begun_at = session.clock.now()
        self._by_hand: set[str] = set()
        self._point: tuple[float, float] | None = None
        self._filling = self._proposing = False
        self._connect()
        self.setFocusProxy(self.content)
        self.show_entry(None)

    def entry(self) -> Entry | None:
        """What is typed, as a draft; None where nothing was typed since the form was empty."""
        if self._key is None:
            return None
        return Entry(
            key=self._key,
            begun_at=self._begun_at,
            channel_id=self.channel.currentData(),
            kind=self.kind.currentData(),
            name=self.name.text().strip(),
            phone=self.phone.text().strip(),
            address=self.address.text().strip(),
            confidential=self.confidential.isChecked(),
            content=self.content.toPlainText().strip(),
            title=self.title.text().strip(),
            place=self.place.text().strip(),
            area_id=self.area.value(),
            lon=self._point[0] if self._point else None,
            lat=self._point[1] if self._point else None,
            category_id=self.category.value(),
            grade=self.grade.grade,
            by_hand=tuple(sorted(self._by_hand)),
        )

    def show_entry(self, entry: Entry | None) -> None:
        """Stand as that entry says; None empties the form, the channel stays (the next call comes in on the same one)."""
        self._filling = True
        shown = entry or Entry(self._new_key(), self._session.clock.now(), kind=DEFAULT_KIND)
        self._key = entry.key if entry else None
        self._begun_at = shown.begun_at
        if shown.channel_id is not None:
            self.channel.setCurrentIndex(max(0, self.channel.findData(shown.channel_id)))
        self.kind.setCurrentIndex(max(0, self.kind.findData(shown.kind)))
        self.name.setText(shown.name)
        self.phone.setText(shown.phone)
        self.address.setText(shown.address)
        self.confidential.setChecked(shown.confidential)
        self.content.setPlainText(shown.content)
        self.title.setText(shown.title)
        self.place.setText(shown.place)
        show_end(self.area, shown.area_id)
        self.area.setToolTip("")
        self._point = (shown.lon, shown.lat) if shown.lon is not None and shown.lat is not None else None
        show_end(self.category, shown.category_id)
        self.grade.show_grade(shown.grade, by_hand="grade" in shown.by_hand)
        self._by_hand = set(shown.by_hand)
        self.clear_words()
        self._filling = False

    def reload(self) -> None:
        """Reference data has changed."""
        self._filling = True
        super().reload()
        self._filling = False

    def is_by_hand(self, field: str) -> bool:
        """Whether a person set that field: suggestions leave it alone."""
        return field in self._by_hand

    def propose_kind(self, kind: str) -> None:
        """Fill in the kind, unless a person chose one."""
        at = self.kind.findData(kind)
        if self._may_propose("kind") and at >= 0:
            self.kind.setCurrentIndex(at)
            self.mark("kind", suggested=True)

    def propose_category(self, category_id: int | None) -> None:
        """Fill in the category, unless a person chose one; None takes an earlier suggestion back."""
        if self._may_propose("category"):
            self._proposing = True
            show_end(self.category, category_id)
            self._proposing = False
            self.mark("category", suggested=category_id is not None)

    def propose_grade(self, grade: Grade) -> None:
        """Mark a grade, unless a person chose one."""
        if self._may_propose("grade"):
            self.grade.propose(grade)
            self.mark("grade", suggested=True)

    def propose_default_grade(self) -> Grade | None:
        """Mark the grade of the category, unless there is one; which grade stands now."""
        self.grade.propose(self._category_grade())
        return self.grade.grade

    def propose_area(self, area_id: int | None, point: tuple[float, float] | None = None, why: str = "") -> None:
        """Fill in the area and the point (WGS-84 degrees), unless a person chose; None takes an earlier suggestion back."""
        if self._may_propose("area"):
            self._proposing = True
            show_end(self.area, area_id)
            self._proposing = False
            self._point = point if self.area.value() is not None else None
            self.area.setToolTip(
                self.tr("按事发地点推断，可改：%s") % why if why and self.area.value() is not None else ""
            )
            self.mark("area", suggested=self.area.value() is not None)

    def take_kind(self, kind: str) -> None:
        """A person took a suggested kind."""
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        self._on_kind()

    def take_category(self, category_id: int) -> None:
        """A person took a suggested category."""
        show_end(self.category, category_id)
        self._set_by_hand("category")
        self._on_edited()

    def take_area(self, area_id: int, point: tuple[float, float] | None = None) -> None:
        """A person took a suggested place."""
        show_end(self.area, area_id)
        self._set_by_hand("area")
        self._point = point
        self._on_edited()

    def _connect(self) -> None:
        for line in (self.name, self.address):
            line.textChanged.connect(self._on_edited)
        self.place.textChanged.connect(self._on_place)
        self.phone.textChanged.connect(self._on_edited)
        self.phone.editingFinished.connect(lambda: self.say("phone", self.phone_problem()))
        self.content.textChanged.connect(self._on_content)
        self.title.textEdited.connect(self._on_title)
        self.title.textChanged.connect(self._on_edited)
        self.confidential.toggled.connect(self._on_edited)
        self.kind.activated.connect(self._on_kind)
        for field, line in (("area", self.area), ("category", self.category)):
            line.textEdited.connect(lambda _text, field=field: self._set_by_hand(field))
            line.picked.connect(lambda _value, field=field: self._on_picked(field))
            line.textChanged.connect(self._on_edited)
        self.grade.chosen.connect(self._on_grade)
        for grade in Grade:
            key = QShortcut(QKeySequence(f"Ctrl+{grade + 1}"), self)
            key.activated.connect(lambda grade=grade: self.grade.choose(grade))

    def _on_content(self) -> None:
        if self._filling:
            return
        if "title" not in self._by_hand:
            self.title.setText(proposed_title(self.content.toPlainText(), self.name.text()))
        if self.content.toPlainText().strip():
            self.say("content", "")
        self._on_edited()

    def _on_title(self, text: str) -> None:
        if text.strip():
            self._by_hand.add("title")
        else:
            self._by_hand.discard("title")

    def _on_place(self) -> None:
        if not self._filling:
            self._point = None  # another place: the point was the old one's
        self._on_edited()

    def _on_kind(self) -> None:
        self._set_by_hand("kind")
        self._on_edited()

    def _on_grade(self) -> None:
        self._set_by_hand("grade")
        self._on_edited()

    def _on_picked(self, field: str) -> None:
        """Category or area is another: whose doing was it, and what follows from it."""
        if self._filling:
            return
        self.say(field, "")
        if not self._proposing:
            self._set_by_hand(field)
            if field == "area":
                self._point = None
        if field == "category":
            self.propose_default_grade()

    def _on_edited(self) -> None:
        if self._filling:
            return
        if self._key is None:
            self._key = self._new_key()
            self._begun_at = self._session.clock.now()
        self.edited.emit()

    def _may_propose(self, field: str) -> bool:
        return self._key is not None and field not in self._by_hand

    def _set_by_hand(self, field: str) -> None:
        if not self._filling:
            self._by_hand.add(field)
            self.mark(field, suggested=False)

    def _category_grade(self) -> Grade | None:
        category = self._session.reference.categories.get(self.category.value() or 0)
        return category.default_grade if category is not None else None
