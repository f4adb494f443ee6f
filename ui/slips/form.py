"""What a person writes in a draft: subject, addressee, what is wrong, what is demanded, until when, copies, contact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QTimeZone, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from commandcenter.clock import SHANGHAI, Clock
from ui.slips.words import URGENCIES

if TYPE_CHECKING:
    from commandcenter.services.slips import Slip

Values = dict[str, Any]
"""Of the fields, by the names that `services.slips.edit` and `Slip` have for them."""
_SHANGHAI = QTimeZone(8 * 3600)


class SlipForm(QWidget):
    """``changed()`` at every key. What was typed stays when the slip comes anew; only untouched fields follow it."""

    changed = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._slip_id: int | None = None
        self._base: Values = {}
        self._kept: dict[int, Values] = {}
        """What was typed in slips that are not shown now, by slip."""
        self._filling = False
        self.subject = QLineEdit(self)
        self.urgency = QComboBox(self)
        self.urgency.addItems(URGENCIES)
        self.addressee = QLineEdit(self)
        self.wrong = self._text(150)
        self.demand = self._text(72)
        self.own_limit = QCheckBox(self)
        self.reply_due_at = QDateTimeEdit(self)
        self.reply_due_at.setTimeZone(_SHANGHAI)
        self.reply_due_at.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.reply_due_at.setCalendarPopup(True)
        self.copies = QLineEdit(self)
        self.copies.setPlaceholderText(self.tr("用顿号隔开；不抄送留空"))
        self.contact = QLineEdit(self)
        self.contact.setPlaceholderText(self.tr("姓名，电话"))
        self._arrange()
        for line in (self.subject, self.addressee, self.copies, self.contact):
            line.textChanged.connect(self._on_changed)
        for text in (self.wrong, self.demand):
            text.textChanged.connect(self._on_changed)
        self.urgency.currentIndexChanged.connect(self._on_changed)
        self.own_limit.toggled.connect(self._on_own_limit)
        self.reply_due_at.dateTimeChanged.connect(self._on_changed)

    @property
    def unsaved(self) -> bool:
        """Whether something typed differs from what is stored."""
        return bool(self._base) and self.values() != self._base

    def values(self) -> Values:
        """What stands in the fields."""
        due = self.reply_due_at.dateTime().toSecsSinceEpoch()
        return {
            "subject": self.subject.text().strip(),
            "urgency": self.urgency.currentText(),
            "addressee": self.addressee.text().strip(),
            "wrong": self.wrong.toPlainText().strip(),
            "demand": self.demand.toPlainText().strip(),
            "reply_due_at": datetime.fromtimestamp(due, UTC) if self.own_limit.isChecked() else None,
            "copies": tuple(part.strip() for part in self.copies.text().split("、") if part.strip()),
            "contact": self.contact.text().strip(),
        }

    def show_slip(self, slip: Slip) -> bool:
        """Show the slip; whether somebody changed a field that the person has changed, too (the person's stays)."""
        stored = _stored(slip)
        if slip.id != self._slip_id or not self.unsaved:
            if self._slip_id is not None and self.unsaved:
                self._kept[self._slip_id] = self.values()
            self._slip_id = slip.id
            self._fill(stored)
            self._base = self.values()  # as the fields round it
            if (kept := self._kept.pop(slip.id, None)) is not None:
                self._fill(kept)
            return False
        typed = self.values()
        mine = {name for name, value in typed.items() if value != self._base[name]}
        theirs = {name for name, value in stored.items() if value != self._base[name]}
        self._base = stored
        self._fill({name: typed[name] if name in mine else value for name, value in stored.items()})
        return bool(mine & theirs)

    def say_days(self, days: int) -> None:
        """What holds where no limit is set by hand."""
        self.own_limit.setText(self.tr("另定（不勾选：签发后 %s 个工作日）") % days)

    def keep_as_stored(self) -> None:
        """What stands here has been saved."""
        self._base = self.values()

    def forget(self) -> None:
        """Take back what was typed."""
        self._fill(self._base)
        self.changed.emit()

    def let_edit(self, *, may: bool) -> None:
        """Whether the fields can be written in."""
        for line in (self.subject, self.addressee, self.copies, self.contact, self.wrong, self.demand):
            line.setReadOnly(not may)
        for box in (self.urgency, self.own_limit):
            box.setEnabled(may)
        self.reply_due_at.setReadOnly(not may)

    def _fill(self, values: Values) -> None:
        """Put values into the fields; a field that has its value keeps cursor and scroll."""
        self._filling = True
        now = self.values()
        for line, name in ((self.subject, "subject"), (self.addressee, "addressee"), (self.contact, "contact")):
            if now[name] != values[name]:
                line.setText(values[name])
                line.setCursorPosition(0)
        if now["copies"] != values["copies"]:
            self.copies.setText("、".join(values["copies"]))
        for text, name in ((self.wrong, "wrong"), (self.demand, "demand")):
            if now[name] != values[name]:
                text.setPlainText(values[name])
        self.urgency.setCurrentText(values["urgency"])
        due: datetime | None = values["reply_due_at"]
        self.own_limit.setChecked(due is not None)
        if due is not None:
            self.reply_due_at.setDateTime(QDateTime.fromSecsSinceEpoch(int(due.timestamp()), _SHANGHAI))
        self.reply_due_at.setVisible(due is not None)
        self._filling = False

    def _on_own_limit(self, on: bool) -> None:
        self.reply_due_at.setVisible(on)
        if on and not self._filling:
            ahead = self._clock.now().astimezone(SHANGHAI) + timedelta(days=3)
            evening = ahead.replace(hour=17, minute=30, second=0, microsecond=0)
            self.reply_due_at.setDateTime(QDateTime.fromSecsSinceEpoch(int(evening.timestamp()), _SHANGHAI))
        self._on_changed()

    def _on_changed(self) -> None:
        if not self._filling:
            self.changed.emit()

    def _text(self, height: int) -> QPlainTextEdit:
        text = QPlainTextEdit(self)
        text.setTabChangesFocus(True)
        text.setFixedHeight(height)
        return text

    def _arrange(self) -> None:
        limit = QVBoxLayout()
        limit.addWidget(self.own_limit)
        limit.addWidget(self.reply_due_at)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        for words, field in (
            (self.tr("事由"), self.subject),
            (self.tr("紧急程度"), self.urgency),
            (self.tr("主送"), self.addressee),
            (self.tr("存在问题"), self.wrong),
            (self.tr("办理要求"), self.demand),
            (self.tr("回复期限"), limit),
            (self.tr("抄送"), self.copies),
            (self.tr("联系人"), self.contact),
        ):
            label = QLabel(words, self)
            if isinstance(field, QWidget):
                label.setBuddy(field)
                field.setAccessibleName(words)
                form.addRow(label, field)
            else:
                self.reply_due_at.setAccessibleName(words)
                form.addRow(label, field)


def _stored(slip: Slip) -> Values:
    return {
        "subject": slip.subject,
        "urgency": slip.urgency,
        "addressee": slip.addressee,
        "wrong": slip.wrong,
        "demand": slip.demand,
        "reply_due_at": slip.reply_due_at,
        "copies": slip.copies,
        "contact": slip.contact,
    }
