"""A form inside the page for one verb on a whistle or a party: nothing modal, sent once, stays with the reason if refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from commandcenter.errors import PersonError, StaleVersion
from ui.dialogs.attached_file import read_attached
from ui.dialogs.file_dialog import ask_open
from ui.dialogs.inputs import Input, make_input
from ui.session import Session
from ui.whistles import words as whistle_words
from ui.whistles.facts import unit_name
from ui.whistles.spec import SPECS
from ui.widgets.ask_card import AskCard
from ui.widgets.plain_label import plain_label
from ui.widgets.units_line import UnitsLine
from ui.widgets.verb_spec import Ask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commandcenter.domain.whistle import Party, Whistle
    from ui.widgets.verb_spec import Field

TEXT_HIGH = 64


class DeedBox(AskCard):
    """``completed(change)`` when the service has done it, ``closed()`` when the person lets it be.

    Its key is born with the box: after a lost answer the same deed is sent again and not done twice. What is typed stays
    through every reading of the whistle, because the box is not made anew. `position` (longitude, latitude) goes along
    unless the person unticks it.
    """

    completed = Signal(object)
    closed = Signal()

    def __init__(
        self,
        session: Session,
        verb: str,
        whistle: Whistle,
        party: Party | None = None,
        parent: QWidget | None = None,
        *,
        given: Mapping[str, Any] | None = None,
        hint: str = "",
        position: tuple[float, float] | None = None,
        closable: bool = True,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.verb = verb
        self.whistle_id, self.party_id = whistle.id, party.id if party is not None else None
        self._spec = SPECS[verb]
        self._case_id = whistle.case_id
        self._version = party.version if party is not None else whistle.version
        self._key = uuid4()
        self._fixed: dict[str, Any] = {}
        self._photo: Path | None = None
        self.inputs: dict[str, Input] = {}
        heading = whistle_words.verb_word(verb)
        if party is not None and closable:
            heading += f"　{unit_name(session.reference, party.unit_id)}"
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(8)
        column.addWidget(plain_label(self, "strong", heading))
        if hint:
            column.addWidget(plain_label(self, "quiet", hint))
        column.addLayout(self._form())
        self._position = position
        self.position_tick = QCheckBox(self.tr("就在工单的地图位置"), self)
        self.position_tick.setChecked(position is not None)
        self.position_tick.setVisible(position is not None)
        column.addWidget(self.position_tick)
        column.addWidget(self.problem)
        self.photo_button = QPushButton(self.tr("加照片…"), self)
        self.photo_button.setVisible(self._spec.photo)
        self.photo_button.clicked.connect(self._choose_photo)
        column.addLayout(self.foot(heading, self.photo_button))
        self._closable = closable
        self.cancel_button.setVisible(closable)
        if self.inputs:
            self.setFocusProxy(next(iter(self.inputs.values())).widget)
        for name, value in (given or {}).items():
            self.set_value(name, value)

    def set_value(self, name: str, value: Any) -> None:
        """Put a value into the input of that name; one without an input is sent as it is."""
        if name not in self.inputs:
            self._fixed[name] = value
            return
        widget = self.inputs[name].widget
        if isinstance(widget, QLineEdit):
            widget.setText(str(value))
        elif isinstance(widget, QPlainTextEdit):
            widget.setPlainText(str(value))
        else:
            group = widget.findChild(QButtonGroup)
            if group is not None:
                group.button(0 if value else 1).setChecked(True)

    def leave(self) -> None:
        """Let it be, where there is something to go back to."""
        if self._closable:
            self.closed.emit()

    def seen(self, version: int) -> None:
        """The person has seen that version: their own deed made it."""
        self._version = version

    def set_photo(self, path: Path) -> None:
        """Send this image with it."""
        self._photo = path
        self.photo_button.setText(self.tr("照片：%s") % path.name)

    def missing(self) -> list[str]:
        """Labels of the inputs that still need a value."""
        return [
            field.title()
            for field in (*self._spec.points, *self._spec.fields)
            if not field.optional and self.inputs[field.name].value() in ("", None, ())
        ]

    def send(self) -> None:
        """Send what was entered, or say what is missing."""
        if not self.send_button.isEnabled():
            return
        if missing := self.missing():
            self.say(self.tr("请填写：%s") % "、".join(missing))
            return
        self.send_button.setEnabled(False)
        self.say("")
        self._session.spawn(self._send(), self.verb)

    async def _send(self) -> None:
        from commandcenter.services import whistles

        values = self._fixed | {name: asked.value() for name, asked in self.inputs.items()}
        if self._position is not None and self.position_tick.isChecked():
            values["lon"], values["lat"] = self._position
        target = {"party_id": self.party_id} if self._spec.of_party else {"whistle_id": self.whistle_id}
        try:
            if self._photo is not None:
                values["photo"] = await read_attached(self._photo)
            change = await getattr(whistles, self._spec.function)(
                self._session.database(), **target, version=self._version, key=self._key, **values
            )
        except PersonError as error:
            if isinstance(error, StaleVersion):
                await self._take_version()
            self.say(str(error))
        else:
            self.completed.emit(change)
        finally:
            self.send_button.setEnabled(True)

    async def _take_version(self) -> None:
        """Somebody changed it: the person has been told, the next try is about it as it is now."""
        from commandcenter.services import whistles

        whistle = await whistles.read_whistle(self._session.database(), self.whistle_id)
        versions = {party.id: party.version for party in whistle.parties}
        self._version = whistle.version if self.party_id is None else versions.get(self.party_id, self._version)

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        for field in self._spec.points:
            self._row(form, field, self._points())
        for field in self._spec.fields:
            asked = self._units() if field.ask is Ask.UNITS else self._made(field)
            if isinstance(asked.widget, QPlainTextEdit):
                asked.widget.setFixedHeight(TEXT_HIGH)
            self._row(form, field, asked)
        return form

    def _made(self, field: Field) -> Input:
        return make_input(field, self._session, self._case_id, None, self)

    def _units(self) -> Input:
        line = UnitsLine(self._session, self)
        return Input(line, line.value)

    def _row(self, form: QFormLayout, field: Field, asked: Input) -> None:
        self.inputs[field.name] = asked
        asked.widget.setAccessibleName(field.title())
        label = QLabel(field.title() + ("" if field.optional else " *"), self)
        label.setBuddy(asked.widget)
        form.addRow(label, asked.widget)

    def _points(self) -> Input:
        points = QLineEdit(self)
        points.setValidator(QIntValidator(0, 100, points))
        points.setPlaceholderText(self.tr("0–100"))
        points.setMaximumWidth(140)
        return Input(points, lambda: int(points.text()) if points.hasAcceptableInput() else None)

    def _choose_photo(self) -> None:
        ask_open(
            self,
            self.tr("现场照片（不超过 20 MB）"),
            self.set_photo,
            self.tr("图片 (*.jpg *.jpeg *.png *.webp)"),
        )
