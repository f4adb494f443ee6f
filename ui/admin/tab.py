"""One tab of 管理: a sentence, a table, and where it is allowed editing in place, one change one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from ui.models.row_table import Column, Row, RowTable
from ui.session import Session
from ui.widgets.role import set_role
from ui.widgets.row_view import RowView

Change = Callable[[Row, str, Any], Awaitable[None]]


class AdminTab(QWidget):
    """`rows` gives what is shown, now; `change` does one change, or raises PersonError; then the rows are asked for anew."""

    def __init__(
        self,
        session: Session,
        columns: Sequence[Column],
        stretch: str,
        rows: Callable[[], Sequence[Row] | Awaitable[Sequence[Row]]],
        change: Change | None = None,
        hint: str = "",
        parent: QWidget | None = None,
        *,
        find: str = "",
    ) -> None:
        """`find`: what is said in the line that a long table is searched by; a short one has none."""
        super().__init__(parent)
        self._session = session
        self._rows = rows
        self._change = change
        self.table = RowTable(columns, self)
        self.table.may_edit = change is not None and session.role is Role.ADMIN
        self.view = RowView(self.table, stretch, self)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self._hint = hint
        self.find_line = QLineEdit(self)
        self.find_line.setPlaceholderText(find)
        self.find_line.setAccessibleName(find)
        self.find_line.setClearButtonEnabled(True)
        self.find_line.setVisible(bool(find))
        self.find_line.textChanged.connect(self._on_find)
        self.room = QVBoxLayout(self)
        self.room.setContentsMargins(16, 12, 16, 12)
        self.room.setSpacing(8)
        self.room.addWidget(self.said)
        if find:
            self.room.addWidget(self.find_line)
        self.room.addWidget(self.view, 1)
        self.table.changed.connect(self._on_changed)
        self.table.refused.connect(lambda sentence: self.say(sentence, bad=True))
        self.setFocusProxy(self.view)
        self.say("")

    def refresh(self) -> None:
        """Show what holds now."""
        rows = self._rows()
        if isinstance(rows, Sequence):
            self._show(rows)
        else:
            self._session.spawn(self._fill(rows), "read rows")

    def say(self, sentence: str, *, bad: bool = False) -> None:
        """A sentence above the table; the tab's own hint where there is none."""
        self.said.setText(sentence or self._hint)
        set_role(self.said, "bad" if bad else "good" if sentence else "quiet")
        self.said.setVisible(bool(sentence or self._hint))

    def do(self, work: Awaitable[object], done: str) -> None:
        """Do something to the table, say `done` or what went wrong, and show what holds then."""

        async def whole() -> None:
            try:
                await work
            except PersonError as error:
                self.say(str(error), bad=True)
            else:
                self.say(done)

        self._session.spawn(whole(), "change table")

    def _on_find(self, text: str) -> None:
        self.view.is_filtered = bool(text.strip())
        self.refresh()

    def _show(self, rows: Sequence[Row]) -> None:
        """Those that have all the words that are looked for."""
        self.table.show_rows(self.table.having(rows, self.find_line.text()))

    async def _fill(self, rows: Awaitable[Sequence[Row]]) -> None:
        try:
            self._show(await rows)
        except PersonError as error:
            self.say(str(error), bad=True)

    def _on_changed(self, row: Row, column: str, value: Any) -> None:
        assert self._change is not None
        self._session.spawn(self._do(self._change(row, column, value)), "change row")

    async def _do(self, work: Awaitable[None]) -> None:
        try:
            await work
        except PersonError as error:
            self.say(str(error), bad=True)
        else:
            self.say(self.tr("已保存"))
        rows = self._rows()
        if not isinstance(rows, Sequence):
            await self._fill(rows)
