"""Date, time and what kind of day it is: 11月24日 周二 14:03  工作日 · 距下班 3时27分."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.domain.moment import micros
from commandcenter.domain.working_state import working_state
from commandcenter.errors import PersonError
from ui.session import Session


class ClockBadge(QWidget):
    """Follows the session's second."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self._time = QLabel(self)
        self._state = QLabel(self)
        self._state.setProperty("role", "quiet")
        row.addWidget(self._time)
        row.addWidget(self._state)
        session.bridge.ticked.connect(self.refresh)
        self.refresh()

    def set_short(self, short: bool) -> None:
        """Whether there is room for the time only."""
        self._state.setVisible(not short)

    def refresh(self) -> None:
        """Say the time."""
        now = self._session.clock.now()
        local = now.astimezone(SHANGHAI)
        weekday = self.tr("一二三四五六日")[local.weekday()]
        self._time.setText(self.tr("%d月%d日 周%s %s") % (local.month, local.day, weekday, local.strftime("%H:%M")))
        reference = self._session.reference
        try:
            state = working_state(micros(now), reference.calendar, reference.hours_of(reference.me.unit_id))
        except PersonError as error:  # a day the calendar does not cover yet
            self._state.setText(error.sentence)
        else:
            self._state.setText(" · ".join(part for part in state if part))
