"""The inputs of one report with their names and places, and what is wrong with what they hold; not whose doing it was."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from commandcenter.domain.phone import is_phone
from ui.intake.caller import CallerLine
from ui.models.choices import category_choices
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.area_words import way_words
from ui.widgets.field_box import FieldBox
from ui.widgets.grade_picker import GradePicker
from ui.widgets.type_ahead import TypeAhead

if TYPE_CHECKING:
    from commandcenter.services.reference import Reference

KINDS = ("咨询", "求助", "投诉", "举报", "建议", "表扬", "其他")
DEFAULT_KIND = "求助"
_LEVELS = ("town", "community", "grid", "estate")


class IntakeFields(QWidget):
    """All on one page, in the order in which a caller tells them."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.channel = QComboBox(self)
        self.channel.setToolTip(self.tr("直接按序号数字选择"))
        self._fill_channels()
        self.kind = QComboBox(self)
        for number, kind in enumerate(KINDS, 1):
            self.kind.addItem(f"{number}  {kind}", kind)
        self.name, self.phone, self.address, self.title, self.place = (QLineEdit(self) for _ in range(5))
        self.phone.setMinimumWidth(138)  # eleven digits with two spaces
        self.caller = CallerLine(self)
        self.confidential = QCheckBox(self.tr("要求保密"), self)
        self.content = QPlainTextEdit(self)
        self.content.setTabChangesFocus(True)
        self.content.setPlaceholderText(self.tr("诉求人说了什么：事情、地点、时间、要求"))
        self.content.setMinimumHeight(60)
        self.title.setPlaceholderText(self.tr("按内容第一句自动拟写，可改"))
        self.title.setMaxLength(40)
        self.area = TypeAhead(lambda: area_choices(session.reference), self)
        self.area.setPlaceholderText(self.tr("镇街、社区、小区，输入任意字"))
        self.category = TypeAhead(lambda: category_choices(session.reference), self)
        self.category.setPlaceholderText(self.tr("如：燃气、路灯、物业"))
        self.grade = GradePicker(self)
        self._boxes = {
            "channel": FieldBox(self.tr("渠道"), self.channel, self),
            "kind": FieldBox(self.tr("诉求类型"), self.kind, self),
            "name": FieldBox(self.tr("姓名"), self.name, self),
            "phone": FieldBox(self.tr("电话"), self.phone, self),
            "address": FieldBox(self.tr("联系地址"), self.address, self),
            "confidential": FieldBox(" ", self.confidential, self),
            "content": FieldBox(self.tr("诉求内容"), self.content, self, 1),
            "title": FieldBox(self.tr("标题"), self.title, self),
            "place": FieldBox(self.tr("事发地点"), self.place, self),
            "area": FieldBox(self.tr("所属区域"), self.area, self),
            "category": FieldBox(self.tr("分类"), self.category, self),
            "grade": FieldBox(self.tr("等级"), self.grade, self),
        }
        self._titles = {field: box.label.text() for field, box in self._boxes.items()}
        self.confidential.setAccessibleName(self.tr("要求保密"))
        self._arrange()

    def check(self) -> bool:
        """Whether it may be sent; says under each field what is wrong, and goes to the first such."""
        problems = {
            "channel": "" if self.channel.currentData() is not None else self.tr("请选来件渠道。"),
            "phone": self.phone_problem(),
            "content": "" if self.content.toPlainText().strip() else self.tr("请填写诉求内容，一句话也可以。"),
            "area": self.tr("没有这个区域，请从列表中选，或清空。") if self.area.is_unknown() else "",
            "category": self.tr("没有这个分类，请从列表中选，或清空。") if self.category.is_unknown() else "",
        }
        for field, sentence in problems.items():
            self._boxes[field].say(sentence)
        wrong = next((field for field, sentence in problems.items() if sentence), None)
        if wrong is not None:
            self._boxes[wrong].inside.setFocus()
        return wrong is None

    def problem(self, field: str) -> str:
        """What is said under a field now."""
        return self._boxes[field].problem.text()

    def say(self, field: str, sentence: str) -> None:
        """Say under a field what is wrong with it, or nothing."""
        self._boxes[field].say(sentence)

    def mark(self, field: str, *, suggested: bool) -> None:
        """Say above a field that its value is a suggestion."""
        name = self._titles[field]
        self._boxes[field].label.setText(self.tr("%s · 建议") % name if suggested else name)

    def clear_words(self) -> None:
        """Nothing is wrong, and nothing suggested."""
        for field in self._boxes:
            self.say(field, "")
            self.mark(field, suggested=False)

    def phone_problem(self) -> str:
        """What is wrong with the number; '' where nothing is."""
        typed = self.phone.text().strip()
        if not typed or is_phone(typed):
            return ""
        return self.tr("手机 11 位，座机可带区号。")

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.grade.set_tokens(tokens)

    def reload(self) -> None:
        """Reference data has changed."""
        self._fill_channels()
        self.area.reload()
        self.category.reload()

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for column, stretch in enumerate((3, 5, 4, 2)):
            grid.setColumnStretch(column, stretch)
        places = {
            "channel": (0, 0, 1, 2), "kind": (0, 2, 1, 2),
            "name": (1, 0, 1, 1), "phone": (1, 1, 1, 1), "address": (1, 2, 1, 1), "confidential": (1, 3, 1, 1),
            "content": (3, 0, 1, 4),
            "title": (4, 0, 1, 4),
            "place": (5, 0, 1, 2), "area": (5, 2, 1, 2),
            "category": (6, 0, 1, 2), "grade": (6, 2, 1, 2),
        }  # fmt: skip
        grid.addWidget(self.caller, 2, 0, 1, 4)
        for field, place in places.items():
            grid.addWidget(self._boxes[field], *place)
            if field != "content":  # a sentence below one field leaves its neighbours where they are
                grid.setAlignment(self._boxes[field], Qt.AlignmentFlag.AlignTop)
        grid.setRowStretch(3, 1)
        order = [box.inside for box in self._boxes.values()]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _fill_channels(self) -> None:
        kept = self.channel.currentData()
        self.channel.clear()
        for number, channel in enumerate(self._session.reference.channels.values(), 1):
            self.channel.addItem(f"{number}  {channel.name}", channel.id)
        self.channel.setCurrentIndex(max(0, self.channel.findData(kept)))


def show_end(line: TypeAhead, number: int | None) -> None:
    """Choose in a line by id; of a path too long for it the end is seen: it says most."""
    line.set_value(number)
    line.end(False)


def area_choices(reference: Reference) -> list[tuple[str, int]]:
    """Every place below the county that the person may name, by its path."""
    mine = reference.me.path
    return [
        (way_words(reference, area.id), area.id)
        for area in sorted(reference.areas.values(), key=lambda area: area.path)
        if area.level in _LEVELS and (area.path.startswith(mine) or not mine.startswith("01.0"))
    ]
