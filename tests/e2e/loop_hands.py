"""A person at a real window: reads what is visible, presses what can be pressed, types where the keyboard may be.

Nothing of a page is known here but the words on it, so that a word that is missing, or a button that cannot be reached,
is found as a person would find it.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QDateTime, Qt, QTimeZone
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDateTimeEdit,
    QFileDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from tests.e2e.driven_desk import type_into
from tests.patience import PATIENCE_S
from tests.ui.test_frame import SPECS_OF_PAGES
from ui.dialogs.verb_form import VerbForm
from ui.main_window import MainWindow
from ui.pages import PAGES
from ui.session import Session

PLAIN_PAGES = [SPECS_OF_PAGES[0], *PAGES[1:]]
"""Every page of the program, the duty desk with a map that needs no web engine."""
INPUTS = (QLineEdit, QPlainTextEdit, QComboBox, QDateTimeEdit)


class Hands:
    """One person's window. What is not there yet is waited for, and fails after some seconds with what is there."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.window = MainWindow(session, PLAIN_PAGES)
        self.window.resize(1366, 768)
        self.window.show()
        session.bridge.start()
        self.window.show_first()
        self.said: list[str] = []
        session.noticed.connect(lambda sentence, advice: self.said.append(sentence + advice))
        session.broke.connect(lambda what: self.said.append(f"broke: {what}"))

    # what a person sees

    def look(self) -> str:
        """Every word of the window: labels, buttons, what is typed, rows of lists."""
        words = [label.text() for label in self.window.findChildren(QLabel) if label.isVisible()]
        words += [button.text() for button in self.window.findChildren(QAbstractButton) if button.isVisible()]
        words += [line.text() for line in self.window.findChildren(QLineEdit) if line.isVisible()]
        words += [text.toPlainText() for text in self.window.findChildren(QPlainTextEdit) if text.isVisible()]
        return "\n".join([*words, *self.rows()])

    def rows(self) -> list[str]:
        """The rows of every list, as they are read aloud."""
        return [_spoken(view, row) for view in self._lists() for row in range(view.model().rowCount())]

    async def see(self, *texts: str) -> str:
        """Wait until all of these are to be read."""
        await self._until(lambda: all(text in self.look() for text in texts), lambda: f"see {texts}")
        return self.look()

    async def see_no_more(self, text: str) -> None:
        await self._until(lambda: text not in self.look(), lambda: f"see {text} no more")

    async def hear(self, text: str) -> None:
        """Wait until a notice says this."""
        await self._until(lambda: any(text in sentence for sentence in self.said), lambda: f"hear {text}")

    # what a person does

    async def front(self) -> None:
        """Have the window in front, with the keyboard."""
        self.window.activateWindow()
        await self._until(lambda: self.window.isActiveWindow() or self._form() is not None, lambda: "come to the front")

    async def go(self, page: str) -> None:
        """Open a page by its key."""
        [spec] = [spec for spec in PLAIN_PAGES if spec.id == page]
        await self.front()
        QTest.keySequence(self.window, QKeySequence(spec.shortcut))
        await self._until(lambda: self.window.current_page == page, lambda: f"be at {page}")

    async def key(self, keys: str, *, at: str = "") -> None:
        """Press a key or a chord where the keyboard is, or in the input of that name."""
        await self.front()
        widget = await self._named(at, QWidget) if at else None
        if widget is not None:
            widget.setFocus()
        target = widget or QApplication.focusWidget() or self.window
        QTest.keySequence(target, QKeySequence(keys))

    async def press(self, text: str, *, on: str = "") -> None:
        """Press a button by the keyboard; `on`: the one of the card that says this."""
        if self._form() is None:
            await self.front()

        def found() -> list[QAbstractButton]:
            return [
                button
                for button in self._inside().findChildren(QAbstractButton)
                if button.isVisible() and button.isEnabled() and button.text().startswith(text) and _is_on(button, on)
            ]

        await self._until(lambda: len(found()) == 1, lambda: f"press {text} {on}: {self._greyed(text)}")
        [button] = found()
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)

    async def fill(self, **words: str) -> None:
        """Type into inputs by their names, replacing what is there."""
        for name, text in words.items():
            widget = await self._named(name, *INPUTS)
            if isinstance(widget, QComboBox):
                line = widget.lineEdit()
                assert line is not None
                widget = line
            widget.setFocus()
            QTest.keySequence(widget, QKeySequence("Ctrl+A"))
            type_into(widget, text)
            if (popup := QApplication.activePopupWidget()) is not None:
                popup.hide()  # what a line proposes is typed out already

    async def at_time(self, name: str, moment: datetime) -> None:
        """Set a date and time."""
        widget = await self._named(name, *INPUTS)
        assert isinstance(widget, QDateTimeEdit)
        widget.setDateTime(QDateTime.fromSecsSinceEpoch(int(moment.timestamp()), QTimeZone(8 * 3600)))

    async def choose(self, name: str, text: str) -> None:
        """Press one of the buttons side by side that answer a question of a form."""

        def found() -> list[QAbstractButton]:
            rows = [row for row in self._inside().findChildren(QWidget) if row.accessibleName() == name]
            buttons = [button for row in rows if row.isVisible() for button in row.findChildren(QAbstractButton)]
            return [button for button in buttons if button.text() == text]

        await self._until(lambda: len(found()) == 1, lambda: f"choose {text} for {name}")
        [button] = found()
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)

    async def row(self, says: str) -> None:
        """Go to the one row of a list that says this, by the keyboard."""

        def found() -> list[tuple[QAbstractItemView, int]]:
            rows = [(view, row) for view in self._lists() for row in range(view.model().rowCount())]
            return [(view, row) for view, row in rows if says in _spoken(view, row)]

        await self.front()
        await self._until(lambda: len(found()) == 1, lambda: f"find the row {says}")
        [(view, row)] = found()
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Home)
        for _ in range(row):
            QTest.keyClick(view, Qt.Key.Key_Down)
        assert view.currentIndex().row() == row, f"the keyboard does not reach {says}"

    async def send(self) -> None:
        """Ctrl+Enter in the form that is open, until it is gone."""
        form = self._form()
        assert form is not None, "no form is open"
        form.activateWindow()
        await self._until(form.isActiveWindow, lambda: "come to the form")
        QTest.keySequence(form, QKeySequence("Ctrl+Return"))
        await self._until(
            lambda: self._form() is None, lambda: f"send: {form.problem.text()}" if self._form() is form else "send"
        )

    async def form(self, title: str) -> None:
        """Wait for a form of that name."""
        await self._until(
            lambda: (form := self._form()) is not None and form.windowTitle() == title, lambda: f"have the form {title}"
        )

    async def save_as(self, path: Path) -> None:
        """Answer the question where to, and wait for the file."""

        def dialogs() -> list[QFileDialog]:
            return [each for each in self.window.findChildren(QFileDialog) if each.isVisible()]

        await self._until(dialogs, lambda: "be asked where to")
        [dialog] = dialogs()
        name = dialog.findChild(QLineEdit, "fileNameEdit")
        assert name is not None
        name.setText(str(path))
        QTest.keyClick(name, Qt.Key.Key_Return)
        await self.hear(f"已存为 {path.name}")

    def _lists(self) -> list[QAbstractItemView]:
        views = [view for view in self.window.findChildren(QAbstractItemView) if view.isVisible()]
        return [view for view in views if not isinstance(view, QHeaderView)]

    def _form(self) -> VerbForm | None:
        return next((form for form in self.window.findChildren(VerbForm) if form.isVisible()), None)

    def _inside(self) -> QWidget:
        """The form that is open, else the window."""
        return self._form() or self.window

    async def _named(self, name: str, *kinds: type[QWidget]) -> QWidget:
        """The one widget with such a name that the keyboard may be in."""

        def found() -> list[QWidget]:
            there = [each for kind in kinds for each in self._inside().findChildren(kind)]
            named = [each for each in there if each.isVisible() and each.accessibleName().startswith(name)]
            return [each for each in named if each.focusPolicy() != Qt.FocusPolicy.NoFocus]

        await self._until(lambda: len(found()) == 1, lambda: f"find {name}")
        return found()[0]

    def _greyed(self, text: str) -> list[str]:
        """Why buttons of that name cannot be pressed."""
        buttons = [each for each in self._inside().findChildren(QAbstractButton) if each.isVisible()]
        return [f"{each.text()}: {each.toolTip()}" for each in buttons if each.text().startswith(text)]

    async def _until(self, condition: Callable[[], object], what: Callable[[], str]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not condition():  # noqa: ASYNC110 - the condition is a widget's, which knows no events
                    await asyncio.sleep(0.03)  # to read a whole window is some work itself
        except TimeoutError:
            me = self.session.reference.me.name
            raise AssertionError(f"{me} cannot {what()}\nnotices: {self.said}\n{self.look()}") from None


def _spoken(view: QAbstractItemView, row: int) -> str:
    model = view.model()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    cells = [model.index(row, column) for column in range(columns)]
    said = [cell.data(Qt.ItemDataRole.AccessibleTextRole) or cell.data() for cell in cells]
    return " ".join(str(each) for each in said if each)


def _is_on(button: QWidget, card: str) -> bool:
    """Whether the button, or what it stands on, bears that name."""
    above: QWidget | None = button
    while card and above is not None and card not in above.accessibleName():
        above = above.parentWidget()
    return above is not None
