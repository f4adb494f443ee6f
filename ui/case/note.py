"""批注: a word for whoever looks at the case later; what is half typed waits for each case by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from commandcenter.services import cases
from ui.keys import Keys
from ui.session import Session

if TYPE_CHECKING:
    from commandcenter.services.case_file import Case


class CaseNote(QPlainTextEdit):
    """Sent by Ctrl+Enter or by `button`, which stands beside it."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._keys = Keys()
        self._case_id: int | None = None
        self._case: Case | None = None
        self._typed: dict[int, str] = {}
        """Half-typed notes, by case."""
        self.setPlaceholderText(self.tr("批注：写给以后看这件工单的人，Ctrl+Enter 记入经过"))
        self.setAccessibleName(self.tr("批注"))
        self.setTabChangesFocus(True)
        self.setFixedHeight(60)
        self.button = QPushButton(self.tr("记入"), parent)
        self.button.clicked.connect(self.send)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self, self.send, context=Qt.ShortcutContext.WidgetShortcut)

    def turn_to(self, case_id: int | None) -> None:
        """Another case: put aside what is typed for this one, and take up what was for that."""
        if self._case_id is not None:
            self._typed[self._case_id] = self.toPlainText()
        self._case_id, self._case = case_id, None
        if case_id is not None:
            self.setPlainText(self._typed.pop(case_id, ""))

    def follow(self, case: Case) -> None:
        """The case as it was read last."""
        self._case = case

    def allow(self, *, may: bool) -> None:
        """Whether a note can be written at all."""
        self.setVisible(may)
        self.button.setVisible(may)

    def send(self) -> None:
        """Write the note into the case's timeline."""
        text = self.toPlainText().strip()
        if text and self._case is not None:
            self._session.spawn(self._send(self._case.id, self._case.version, text), "note")

    async def _send(self, case_id: int, version: int, text: str) -> None:
        deed = (case_id, text)
        await cases.note(self._session.database(), case_id=case_id, version=version, text=text, key=self._keys.of(deed))
        self._keys.done(deed)
        if case_id == self._case_id and self.toPlainText().strip() == text:
            self.clear()
