"""The matter of a whistle, from the responsibility list 事项清单 or in words, with whom it calls and on what ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.session import Session
from ui.whistles.facts import unit_name
from ui.whistles.matters import called_units, label, ranked, suggested
from ui.widgets.field_box import FieldBox
from ui.widgets.plain_label import plain_label
from ui.widgets.type_ahead import TypeAhead

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Whistle
    from commandcenter.services.reference import DutyItem


class MatterPicker(QWidget):
    """``picked()``: another item, or none, is chosen; its matter stands in the line below, where it can be changed."""

    picked = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._category: int | None = None
        self._town: int | None = None
        self.item_line = TypeAhead(self._choices, self)
        self.matter_line = QLineEdit(self)
        self.units_line, self.ground_line = plain_label(self, "strong"), plain_label(self, "quiet")
        hint = self.tr("事项清单（输入事项、领域或编号查找；↓ 看全部，本分类的在前）")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(FieldBox(hint, self.item_line, self))
        column.addWidget(self.units_line)
        column.addWidget(self.ground_line)
        column.addWidget(FieldBox(self.tr("事项"), self.matter_line, self))
        self.setFocusProxy(self.item_line)
        self.item_line.picked.connect(lambda _: self._show_item())

    @property
    def item(self) -> DutyItem | None:
        """The item of the list that is chosen."""
        return next((item for item in self._session.reference.duty_list if item.id == self.item_id), None)

    @property
    def item_id(self) -> int | None:
        """Its number."""
        return self.item_line.value()

    @property
    def is_unknown(self) -> bool:
        """Whether something is typed that the list does not have."""
        return self.item_line.is_unknown()

    @property
    def words(self) -> str:
        """The matter in words."""
        return self.matter_line.text().strip()

    def begin(self, category_id: int | None, town_id: int | None) -> None:
        """Begin anew for a case of that category in that town, with the item that fits it."""
        item = suggested(self._session.reference, category_id, self._session.clock.now())
        self._choose(category_id, town_id, item.id if item is not None else None)

    def show_whistle(self, category_id: int | None, whistle: Whistle) -> None:
        """Stand as a whistle has it."""
        self._choose(category_id, whistle.town_id, whistle.duty_item_id)
        self.matter_line.setText(whistle.matter)

    def _choose(self, category_id: int | None, town_id: int | None, item_id: int | None) -> None:
        self._category, self._town = category_id, town_id
        self.item_line.reload()
        self.matter_line.clear()
        self.item_line.set_value(item_id)
        self._show_item()

    def _choices(self) -> list[tuple[str, int]]:
        items = ranked(self._session.reference, self._category, self._session.clock.now())
        return [(label(item), item.id) for item in items]

    def _show_item(self) -> None:
        """Say whom the item calls, and its ground; without one the centre will say."""
        item, reference = self.item, self._session.reference
        if item is None:
            self.units_line.setText(self.tr("由市中心指定单位"))
            self.ground_line.setText(self.tr("事项清单没有这一项：请写明事项，市中心按时限指定（指定）"))
        else:
            lead, assist = called_units(reference, item, self._town)
            names = "、".join(unit_name(reference, each) for each in assist)
            self.units_line.setText(
                self.tr("主责 %s") % (unit_name(reference, lead) or self.tr("（地点没有镇街，请先定位）"))
                + (self.tr("　配合 %s") % names if names else "")
            )
            self.ground_line.setText(self.tr("依据：事项清单 %s（%s）") % (label(item), item.ground))
            self.matter_line.setText(item.matter)
        self.picked.emit()
