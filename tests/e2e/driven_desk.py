"""A desk in a process of its own, led by lines of JSON: the real window, looked at and used as a person would.

``python -m tests.e2e.driven_desk URL FOLDER`` keeps its settings in FOLDER and prints ``{"ok": …}`` or ``{"error": …}`` for
every ``{"do": …, …}`` it reads.
"""

import asyncio
import json
import sys
import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, QSettings, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPlainTextEdit, QWidget

from tests.patience import PATIENCE_S
from tests.ui.test_frame import SPECS_OF_PAGES
from ui.app import run
from ui.dialogs.verb_form import VerbForm
from ui.main_window import MainWindow
from ui.pages.desk import DeskPage
from ui.session import Session
from ui.sign_in import sign_in, sign_out
from ui.widgets import words
from ui.widgets.health_badge import HealthBadge


class Painted(QObject):
    """Remembers what has been painted of a widget since it was last forgotten."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.rects: list[QRect] = []
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            self.rects.append(event.rect())  # type: ignore[attr-defined]
        return False


class Driven:
    """The words of the driver. Those that wait do so for a condition, at most 15 seconds."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.window = MainWindow(session, SPECS_OF_PAGES[:1])
        self.window.resize(1600, 900)
        self.window.open_window()
        session.bridge.start()
        self.window.show_first()
        self.window.activateWindow()
        page = self.window.page("desk")
        assert isinstance(page, DeskPage)
        self.page = page
        self.view = page.queue.view
        self.painted = Painted(self.view.viewport())
        self.said: list[str] = []
        session.noticed.connect(lambda sentence, advice: self.said.append(sentence + advice))

    # what a person sees

    def row(self, case: int) -> dict[str, Any] | None:
        """The case's row in the queue, in the words on the screen; None where there is none."""
        at = self.page.queue.model.row_of(case)
        facts = self.page.queue.model.facts(at) if at >= 0 else None
        if facts is None:
            return None
        return {
            "state": words.state_word(facts.state),
            "holder": facts.holder,
            "unit": facts.unit,
            "title": facts.title,
        }

    def count(self) -> int:
        return self.page.queue.model.rowCount()

    def health(self) -> str:
        [badge] = self.window.findChildren(HealthBadge)
        return badge.text()

    def panel(self) -> str:
        """Every word of the panel at the right."""
        labels = self.page.panel.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())

    def notices(self) -> list[str]:
        return list(self.said)

    async def until_row(self, case: int, **expected: str) -> dict[str, Any] | None:
        """Wait until the row says this, and has been painted since it does."""
        await self._until(lambda: self._says(case, expected))
        rect = self.view.visualRect(self.page.queue.model.index(self.page.queue.model.row_of(case)))
        await self._until(lambda: any(painted.intersects(rect) for painted in self.painted.rects))
        return self.row(case)

    async def until_gone(self, case: int) -> None:
        await self._until(lambda: self.row(case) is None)

    async def until_panel(self, says: str) -> str:
        await self._until(lambda: says in self.panel())
        return self.panel()

    async def until_notice(self, says: str) -> str:
        await self._until(lambda: any(says in sentence for sentence in self.said))
        return next(sentence for sentence in self.said if says in sentence)

    async def until_health(self, begins: str) -> str:
        await self._until(lambda: self.health().startswith(begins))
        return self.health()

    # what a person does

    def forget(self) -> None:
        """From here on only new paintings and notices count."""
        self.painted.rects.clear()
        self.said.clear()

    def click_row(self, case: int) -> int | None:
        index = self.page.queue.model.index(self.page.queue.model.row_of(case))
        self.view.scrollTo(index)
        where = self.view.visualRect(index).center()
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
        return self.session.selection.case_id

    def click_button(self, text: str) -> None:
        """Click a button of the panel by what stands on it."""
        [button] = [each for each in self.page.panel.buttons.buttons if each.text().startswith(text)]
        assert button.isEnabled(), button.toolTip()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    async def key(self, name: str) -> None:
        self.window.activateWindow()
        await self._until(self.window.isActiveWindow)
        QTest.keyClick(self.window, getattr(Qt.Key, f"Key_{name}"))

    async def until_form(self) -> str:
        await self._until(lambda: self._form() is not None)
        return self._need_form().windowTitle()

    def choose(self, field: str, text: str) -> None:
        """Type a choice into a search box of the form."""
        box = self._need_form().inputs[field].widget
        assert isinstance(box, QComboBox)
        line = box.lineEdit()
        assert line is not None
        type_into(line, text)

    def type(self, field: str, text: str) -> None:
        box = self._need_form().inputs[field].widget
        assert isinstance(box, QPlainTextEdit)
        type_into(box, text)

    def typed(self, field: str) -> object:
        return self._need_form().inputs[field].value()

    def send(self) -> None:
        QTest.mouseClick(self._need_form().send_button, Qt.MouseButton.LeftButton)

    async def until_refused(self) -> str:
        """What the form says is wrong, when it can be sent again."""
        form = self._need_form()
        await self._until(lambda: form.problem.isVisible() and form.problem.text() and form.send_button.isEnabled())
        return form.problem.text()

    async def until_closed(self) -> None:
        await self._until(lambda: self._form() is None)

    def version(self, case: int) -> int:
        slot = self.session.mirror.slot_of(case)
        assert slot is not None
        return int(self.session.mirror.version[slot])

    def _says(self, case: int, expected: dict[str, str]) -> bool:
        row = self.row(case)
        return row is not None and all(row[name] == value for name, value in expected.items())

    def _form(self) -> VerbForm | None:
        open_now = [form for form in self.window.findChildren(VerbForm) if form.isVisible()]
        return open_now[0] if open_now else None

    def _need_form(self) -> VerbForm:
        form = self._form()
        assert form is not None, "no form is open"
        return form

    async def _until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():  # noqa: ASYNC110 - the condition is a widget's, which knows no events
                await asyncio.sleep(0.01)


def type_into(widget: QWidget, text: str) -> None:
    """Type as an input method does: what it commits arrives at once."""
    widget.setFocus()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


async def serve(_: QApplication, made: Callable[[Session], Any] = Driven) -> int:
    """Sign in, show the window, and obey until the input ends; the words are the methods of what is `made`."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, sys.argv[2])
    session = await sign_in(sys.argv[1])
    driven = made(session)
    tell({"ok": "ready"})
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        try:
            answer = getattr(driven, order.pop("do"))(**order)
            tell({"ok": await answer if asyncio.iscoroutine(answer) else answer})
        except Exception:  # noqa: BLE001 - the test that gave the order is told
            tell({"error": traceback.format_exc()})
    driven.window.close()
    await sign_out(session)
    return 0


def tell(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(run(serve))
