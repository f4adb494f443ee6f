"""The inputs of one report, all on one page, in the order in which a caller tells them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from uuid import UUID, uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from commandcenter.domain.case import Grade
from commandcenter.domain.phone import is_phone
from commandcenter.services.proposal import proposed_title
from commandcenter.services.spool import Entry
from ui.intake.caller import CallerLine
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.field_box import FieldBox
from ui.widgets.grade_picker import GradePicker
from ui.widgets.type_ahead import TypeAhead

KINDS = ("咨询", "求助", "投诉", "举报", "建议", "表扬", "其他")
DEFAULT_KIND = "求助"
_LEVELS = ("town", "community", "grid", "estate")


class IntakeForm(QWidget):
    """Gives an `Entry`, takes one back. ``edited`` after every change; the entry's key is born with the first one.

    What a person set is theirs: suggestions (``propose_…``) fill only what nobody has touched, and say so above the field.
    """

    edited = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None, new_key: Callable[[], UUID] = uuid4) -> None:
        super().__init__(parent)
        self._session = session
        self._new_key = new_key
        self._key: UUID | None = None
        self._begun_at = session.clock.now()
        self._by_hand: set[str] = set()
        self._point: tuple[float, float] | None = None
        self._filling = self._proposing = False
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
        self.area = TypeAhead(self._areas, self)
        self.area.setPlaceholderText(self.tr("镇街、社区、小区，输入任意字"))
        self.category = TypeAhead(self._categories, self)
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
        self._set_path(self.area, shown.area_id)
        self.area.setToolTip("")
        self._point = (shown.lon, shown.lat) if shown.lon is not None and shown.lat is not None else None
        self._set_path(self.category, shown.category_id)
        self.grade.show_grade(shown.grade, by_hand="grade" in shown.by_hand)
        self._by_hand = set(shown.by_hand)
        for field, box in self._boxes.items():
            box.say("")
            self._mark(field, suggested=False)
        self._filling = False

    def is_by_hand(self, field: str) -> bool:
        """Whether a person set that field: suggestions leave it alone."""
        return field in self._by_hand

    def propose_kind(self, kind: str) -> None:
        """Fill in the kind, unless a person chose one."""
        at = self.kind.findData(kind)
        if self._may_propose("kind") and at >= 0:
            self.kind.setCurrentIndex(at)
            self._mark("kind", suggested=True)

    def propose_category(self, category_id: int | None) -> None:
        """Fill in the category, unless a person chose one; None takes an earlier suggestion back."""
        if self._may_propose("category"):
            self._proposing = True
            self._set_path(self.category, category_id)
            self._proposing = False
            self._mark("category", suggested=category_id is not None)

    def propose_grade(self, grade: Grade) -> None:
        """Mark a grade, unless a person chose one."""
        if self._may_propose("grade"):
            self.grade.propose(grade)
            self._mark("grade", suggested=True)

    def propose_area(self, area_id: int | None, point: tuple[float, float] | None = None, why: str = "") -> None:
        """Fill in the area and the point (WGS-84 degrees), unless a person chose; None takes an earlier suggestion back."""
        if self._may_propose("area"):
            self._proposing = True
            self._set_path(self.area, area_id)
            self._proposing = False
            self._point = point if self.area.value() is not None else None
            self.area.setToolTip(
                self.tr("按事发地点推断，可改：%s") % why if why and self.area.value() is not None else ""
            )
            self._mark("area", suggested=self.area.value() is not None)

    def take_kind(self, kind: str) -> None:
        """A person took a suggested kind."""
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        self._on_kind()

    def take_category(self, category_id: int) -> None:
        """A person took a suggested category."""
        self._set_path(self.category, category_id)
        self._set_by_hand("category")
        self._on_edited()

    def take_area(self, area_id: int, point: tuple[float, float] | None = None) -> None:
        """A person took a suggested place."""
        self._set_path(self.area, area_id)
        self._set_by_hand("area")
        self._point = point
        self._on_edited()

    def check(self) -> bool:
        """Whether it may be sent; says under each field what is wrong, and goes to the first such."""
        problems = {
            "channel": "" if self.channel.currentData() is not None else self.tr("请选来件渠道。"),
            "phone": self._phone_problem(),
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

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.grade.set_tokens(tokens)

    def reload(self) -> None:
        """Reference data has changed."""
        self._filling = True
        self._fill_channels()
        self.area.reload()
        self.category.reload()
        self._filling = False

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

    def _connect(self) -> None:
        for line in (self.name, self.address):
            line.textChanged.connect(self._on_edited)
        self.place.textChanged.connect(self._on_place)
        self.phone.textChanged.connect(self._on_edited)
        self.phone.editingFinished.connect(lambda: self._boxes["phone"].say(self._phone_problem()))
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
            self._boxes["content"].say("")
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
        self._boxes[field].say("")
        if not self._proposing:
            self._set_by_hand(field)
            if field == "area":
                self._point = None
        if field == "category":
            self.grade.propose(self._category_grade())

    def _on_edited(self) -> None:
        if self._filling:
            return
        if self._key is None:
            self._key = self._new_key()
            self._begun_at = self._session.clock.now()
        self.edited.emit()

    @staticmethod
    def _set_path(line: TypeAhead, number: int | None) -> None:
        """Of a path too long for its line the end is seen: it says most."""
        line.set_value(number)
        line.end(False)

    def _may_propose(self, field: str) -> bool:
        return self._key is not None and field not in self._by_hand

    def _set_by_hand(self, field: str) -> None:
        if not self._filling:
            self._by_hand.add(field)
            self._mark(field, suggested=False)

    def _mark(self, field: str, *, suggested: bool) -> None:
        """Say above a field that its value is a suggestion."""
        name = self._titles[field]
        self._boxes[field].label.setText(self.tr("%s · 建议") % name if suggested else name)

    def _category_grade(self) -> Grade | None:
        category = self._session.reference.categories.get(self.category.value() or 0)
        return category.default_grade if category is not None else None

    def _phone_problem(self) -> str:
        typed = self.phone.text().strip()
        if not typed or is_phone(typed):
            return ""
        return self.tr("手机 11 位，座机可带区号。")

    def _fill_channels(self) -> None:
        kept = self.channel.currentData()
        self.channel.clear()
        for number, channel in enumerate(self._session.reference.channels.values(), 1):
            self.channel.addItem(f"{number}  {channel.name}", channel.id)
        self.channel.setCurrentIndex(max(0, self.channel.findData(kept)))

    def _areas(self) -> list[tuple[str, int]]:
        reference = self._session.reference
        mine = reference.me.path
        found = []
        for area in sorted(reference.areas.values(), key=lambda area: area.path):
            if area.level in _LEVELS and (area.path.startswith(mine) or not mine.startswith("01.0")):
                names = [area.name]
                above = reference.areas.get(area.parent_id or 0)
                while above is not None and above.level != "county":
                    names.append(above.name)
                    above = reference.areas.get(above.parent_id or 0)
                found.append((" › ".join(reversed(names)), area.id))
        return found

    def _categories(self) -> list[tuple[str, int]]:
        return sorted((each.path_name, each.id) for each in self._session.reference.categories.values())
