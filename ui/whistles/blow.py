"""一键吹哨: the matter from the responsibility list, whom it calls and on what ground, the level and its limits, and blow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from commandcenter.domain.case import Grade, Role
from commandcenter.errors import PersonError, StaleVersion
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.whistles import words as whistle_words
from ui.whistles.danger import DangerTick
from ui.whistles.level_picker import LevelPicker
from ui.whistles.matter_picker import MatterPicker
from ui.whistles.may import why_not_blow
from ui.widgets.field_box import FieldBox
from ui.widgets.marks import GradeFlag
from ui.widgets.plain_label import plain_label

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Level, Whistle
    from commandcenter.services.whistles import WhistleChange


class BlowPanel(QWidget):
    """``blown(WhistleChange)`` when the whistle is there; ``closed()`` when the person lets it be.

    Keyboard all the way: matter, level (1 to 4), danger, demand, Ctrl+Enter.
    """

    blown = Signal(object)
    closed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.case_id: int | None = None
        self._case_version = 0
        self._amended: Whistle | None = None
        self._key = uuid4()
        self._flag = GradeFlag(Grade.GREEN, 24, self)
        self.heading, self.case_line = plain_label(self, "title"), plain_label(self, "normal")
        self.matter = MatterPicker(session, self)
        self.level_picker = LevelPicker(lambda level: why_not_blow(session, level), self)
        self.limits_line, self.course_line = plain_label(self, "normal"), plain_label(self, "quiet")
        self.danger = DangerTick(self)
        self.demand_text = QPlainTextEdit(self)
        self.demand_text.setTabChangesFocus(True)
        self.demand_text.setFixedHeight(84)
        self.problem = plain_label(self, "bad")
        self.send_button = QPushButton(self.tr("吹哨 Ctrl+Enter"), self)
        self.send_button.setProperty("role", "primary")
        self.send_button.clicked.connect(self.send)
        self._arrange()
        self.matter.picked.connect(self._say_course)
        self.level_picker.chosen.connect(self._say_limits)
        self.danger.toggled.connect(self._say_limits)
        self.set_tokens(session.tokens)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._flag.set_tokens(tokens)
        self.level_picker.set_tokens(tokens)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter blows, Esc goes back, wherever on the panel the keyboard is."""
        entered = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if entered and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.send()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def show_case(self, slot: int) -> None:
        """Begin a whistle for the open case in that slot of the mirror; what was typed for the same case stays."""
        mirror = self._session.mirror
        case_id = int(mirror.id[slot])
        if case_id == self.case_id and self._amended is None:
            self._case_version = int(mirror.version[slot])
            return
        self._amended, self.case_id = None, case_id
        self._case_version = int(mirror.version[slot])
        self._begin(int(mirror.grade[slot]), mirror.texts["number"][slot], mirror.texts["title"][slot])
        self.matter.begin(int(mirror.category[slot]) or None, int(mirror.town[slot]) or None)

    def show_declined(self, whistle: Whistle) -> None:
        """Change a whistle that was sent back, and send it up again."""
        self._amended, self.case_id = whistle, whistle.case_id
        slot = self._session.mirror.slot_of(whistle.case_id)
        category = int(self._session.mirror.category[slot]) or None if slot is not None else None
        self._begin(whistle.case_grade, whistle.case_number, whistle.case_title)
        self.matter.show_whistle(category, whistle)
        self.demand_text.setPlainText(whistle.demand)
        self.level_picker.choose(whistle.level)

    def send(self) -> None:
        """Blow, or say what is missing."""
        if not self.send_button.isEnabled() or self.case_id is None:
            return
        matter, level = self.matter.words, self.level_picker.level
        missing = [
            name
            for name, there in (
                (self.tr("事项"), bool(matter)),
                (self.tr("级别"), level is not None),
                (self.tr("是什么危险"), self.danger.is_said),
                (self.tr("要求"), bool(self.demand_text.toPlainText().strip())),
            )
            if not there
        ]
        if self.matter.is_unknown:
            missing.append(self.tr("清单里的事项（或清空）"))
        self._say(self.tr("请填写：%s") % "、".join(missing) if missing else "")
        if not missing and level is not None:
            self.send_button.setEnabled(False)
            self._session.spawn(self._send(level, matter), "blow")

    async def _send(self, level: Level, matter: str) -> None:
        from commandcenter.services import whistles

        db = self._session.database
        facts: dict[str, Any] = {
            "level": level,
            "matter": matter,
            "demand": self.demand_text.toPlainText().strip(),
            "duty_item_id": self.matter.item_id,
            "key": self._key,
        }
        change: WhistleChange
        try:
            if self._amended is not None:
                change = await whistles.amend(db(), whistle_id=self._amended.id, version=self._amended.version, **facts)
            else:
                assert self.case_id is not None
                change = await whistles.blow(
                    db(),
                    case_id=self.case_id,
                    case_version=self._case_version,
                    danger=self.danger.isChecked(),
                    danger_words=self.danger.words,
                    **facts,
                )
        except PersonError as error:
            if isinstance(error, StaleVersion):
                await self._take_version()
            self._say(str(error))
        else:
            self.case_id, self._amended = None, None
            self._session.noticed.emit(
                self.tr("已吹哨 %s：%s") % (change.number, whistle_words.whistle_state_word(change.state)), ""
            )
            self.blown.emit(change)
        finally:
            self.send_button.setEnabled(True)

    async def _take_version(self) -> None:
        """Somebody changed it: the person has been told, the next try is about it as it is now."""
        from commandcenter.services import case_file, whistles

        db = self._session.database()
        if self._amended is not None:
            self._amended = await whistles.read_whistle(db, self._amended.id)
        elif self.case_id is not None:
            self._case_version = (await case_file.read_case(db, self.case_id)).case.version

    def _begin(self, grade: int | None, number: str, title: str) -> None:
        self._key = uuid4()
        self._flag.set_grade(Grade(grade) if grade is not None else Grade.GREEN)
        self.heading.setText(self.tr("修改后重报") if self._amended is not None else self.tr("一键吹哨"))
        self.case_line.setText(f"{number}　{title}")
        self.demand_text.clear()
        self.danger.clear()
        self.danger.setVisible(self._amended is None)
        self.send_button.setText(
            self.tr("重报 Ctrl+Enter") if self._amended is not None else self.tr("吹哨 Ctrl+Enter")
        )
        self._say("")
        self._say_limits()

    def _say_limits(self, _: object = None) -> None:
        level = self.level_picker.level
        rule = self._session.reference.levels.get(level) if level is not None else None
        danger = self.danger.isChecked()
        limits = f"{whistle_words.limits_words(rule, danger=danger)}；{rule.meeting}" if rule else ""
        self.limits_line.setText(limits)
        self._say_course()

    def _say_course(self) -> None:
        """What will happen when it is blown."""
        reference, me = self._session.reference, self._session.reference.me
        unit = reference.units.get(me.unit_id)
        at_once = self.danger.isChecked() or me.post == "town_head" or self._session.role is Role.SUPERVISOR
        pushed = self.tr("再由市中心指定单位") if self.matter.item is None else self.tr("即推送给各单位")
        if at_once:
            self.course_line.setText(self.tr("吹响后免审签，%s。") % pushed)
        else:
            whose = self.tr("督导") if unit is not None and unit.kind == "centre" else self.tr("镇街主要负责人")
            self.course_line.setText(self.tr("吹响后先由%s审签，%s。") % (whose, pushed))

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def _arrange(self) -> None:
        tr = self.tr
        case = QHBoxLayout()
        case.addWidget(self._flag)
        case.addWidget(self.case_line, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.course_line, 1)
        cancel = QPushButton(tr("返回 Esc"), self)
        cancel.clicked.connect(self.closed.emit)
        foot.addWidget(cancel)
        foot.addWidget(self.send_button)
        self.level_picker.setAccessibleName(tr("级别"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(10)
        column.addWidget(self.heading)
        column.addLayout(case)
        column.addWidget(self.matter)
        column.addWidget(FieldBox(tr("级别（1–4）"), self.level_picker, self))
        column.addWidget(self.limits_line)
        column.addWidget(self.danger)
        column.addWidget(FieldBox(tr("要求：来了要做什么"), self.demand_text, self))
        column.addWidget(self.problem)
        column.addLayout(foot)
        column.addStretch(1)
        self.setFocusProxy(self.matter)
