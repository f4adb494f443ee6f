"""The line over everything: centre, search, how fresh the data is, the time, alarms, and who is signed in."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from ui.session import Session
from ui.theme.icons import icon
from ui.theme.tokens import Tokens
from ui.widgets import words
from ui.widgets.clock_badge import ClockBadge
from ui.widgets.health_badge import HealthBadge
from ui.widgets.role import set_role

_ROOM = 1300
"""From this width on there is room for the working hours beside the time."""


class _Search(QPushButton):
    """Says the longest of its texts that there is room for."""

    def __init__(self, texts: Sequence[str], parent: QWidget) -> None:
        super().__init__(texts[0], parent)
        self._texts = texts

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - self.iconSize().width() - 28
        fitting = (text for text in self._texts if self.fontMetrics().horizontalAdvance(text) <= room)
        self.setText(next(fitting, self._texts[-1]))


class TopLine(QWidget):
    """Buttons trigger the commands ``palette``, ``alarms``, ``look``, ``sign_out``."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setProperty("surface", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(52)
        centre = QLabel(session.reference.centre_name, self)
        centre.setProperty("role", "heading")
        self.search = _Search((self.tr("搜索工单、地点、命令　Ctrl+K"), self.tr("搜索　Ctrl+K")), self)
        self.search.setProperty("role", "search")
        self.search.setAccessibleName(self.tr("搜索与命令"))
        self.search.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.search.setMaximumWidth(420)
        self.search.setMinimumWidth(160)
        self.search.clicked.connect(lambda: session.actions.trigger("palette"))
        self.health = HealthBadge(session, self)
        self.clock = ClockBadge(session, self)
        self.alarms = QPushButton(self)
        self.alarms.setToolTip(self.tr("要您处理的告警 (F12)"))
        self.alarms.clicked.connect(lambda: session.actions.trigger("alarms"))
        self.alarms.setVisible(session.alarms.who.answers)
        session.alarms.changed.connect(self.show_alarms)
        self.show_alarms()
        self.person = QPushButton(self._who(), self)
        self.person.setMenu(self._person_menu())
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 7)
        row.setSpacing(14)
        row.addWidget(centre)
        row.addWidget(self.search, 12)
        row.addWidget(self.health)
        row.addStretch(1)
        row.addWidget(self.clock)
        row.addWidget(self.alarms)
        row.addWidget(self.person)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.clock.set_short(self.width() < _ROOM)

    def show_alarms(self) -> None:
        """Say how many alarms nobody has acknowledged or shelved."""
        number = self._session.alarms.waiting
        role = "alarm" if number else ""
        set_role(self.alarms, role)
        self.alarms.setText(self.tr("告警 %d") % number)
        self.alarms.setAccessibleName(self.tr("%d 个告警") % number)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        for button, name in ((self.search, "search"), (self.alarms, "bell"), (self.person, "person")):
            button.setIcon(icon(name, tokens.ink_normal))
            button.setIconSize(QSize(18, 18))

    def _who(self) -> str:
        return f"{words.role_word(self._session.role)} {self._session.reference.me.name}"

    def _person_menu(self) -> QMenu:
        menu = QMenu(self)
        unit = menu.addAction(self._session.reference.me.unit_name)
        unit.setEnabled(False)
        menu.addSeparator()
        menu.addAction(self.tr("日间 / 夜间"), lambda: self._session.actions.trigger("look"))
        menu.addAction(self.tr("换人登录"), lambda: self._session.actions.trigger("sign_out"))
        return menu
