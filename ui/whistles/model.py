"""The live whistles as rows of a list, the highest level first, and a delegate that paints each as a card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.whistles import words as whistle_words
from ui.whistles.facts import grade_of, missing_first, missing_words, party_clock, unit_name, whistle_clock
from ui.widgets import words

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Whistle
    from ui.session import Session

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
WHISTLE = Qt.ItemDataRole.UserRole
FIRST_OF_LEVEL = Qt.ItemDataRole.UserRole + 1
"""How many whistles the level has, on the first of them; 0 on the others."""


class WhistleModel(QAbstractListModel):
    """Rows keep their order by level, then as they were read; a selection survives `show_whistles` by id."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.whistles: list[Whistle] = []

    def show_whistles(self, whistles: Sequence[Whistle]) -> None:
        """Replace the rows with as little movement as can be: what stays in its place is only painted anew."""
        wanted = sorted(whistles, key=lambda whistle: -whistle.level)
        if [whistle.id for whistle in wanted] == [whistle.id for whistle in self.whistles]:
            changed = [row for row, whistle in enumerate(wanted) if whistle != self.whistles[row]]
            self.whistles = wanted
            for row in changed:
                self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self.whistles = wanted
        self.endResetModel()

    def row_of(self, whistle_id: int | None) -> int:
        """The whistle's row; -1 where it is not in the list."""
        return next((row for row, whistle in enumerate(self.whistles) if whistle.id == whistle_id), -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.whistles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        whistle = self.whistles[index.row()]
        if role == WHISTLE:
            return whistle
        if role == FIRST_OF_LEVEL:
            same = [row for row, each in enumerate(self.whistles) if each.level == whistle.level]
            return len(same) if same[0] == index.row() else 0
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._spoken(whistle)
        return None

    def _spoken(self, whistle: Whistle) -> str:
        """The card as one sentence, for screen readers and for finding by letters."""
        reference, now = self._session.reference, self._session.clock.now()
        parts = [
            self.tr("%s哨") % whistle_words.level_word(whistle.level),
            whistle_words.whistle_state_word(whistle.state),
            whistle_clock(whistle, reference, now).text,
            missing_words(whistle),
            words.grade_word(grade_of(whistle)),
            whistle.case_number,
            whistle.case_title,
        ]
        for party in missing_first(whistle, now):
            clock = party_clock(party, whistle.level, reference, now)
            parts.append(f"{unit_name(reference, party.unit_id)} {clock.text}")
        return " ".join(part for part in parts if part)
