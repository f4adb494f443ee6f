"""导入: another system's file, from choosing it to what became of it; read in a process of its own, so nothing here waits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.domain.case import Grade, Role
from commandcenter.errors import PersonError
from commandcenter.services import import_profiles, importing, merging
from commandcenter.services.import_aside import Aside, Order
from commandcenter.services.import_known import KINDS, OTHER
from ui.importing.columns import ColumnsPreview
from ui.importing.file import FilePick
from ui.importing.result import ImportResult
from ui.importing.running import Running
from ui.importing.source import ImportSource
from ui.importing.steps import COLUMNS, FILE, RESULT, RUNNING, TRIAL, StepLine
from ui.importing.trial import Trial
from ui.session import Session
from ui.widgets import words
from ui.widgets.role import set_role

TICK_MS = 200


class ImportPage(QWidget):
    """Five steps, one at a time; going back keeps what was said."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.aside = Aside(session.db.url if session.db is not None else "")
        self.source: ImportSource | None = None
        self._asked = 0
        """How often something was asked of the process; an answer to an older question is nobody's."""
        self._trial: importing.Imported | None = None
        self._busy = False
        self.setProperty("surface", "panel")
        self.steps = StepLine(self)
        self.stack = QStackedWidget(self)
        self.file = FilePick(self)
        self.columns = ColumnsPreview([(each.name, each.name) for each in session.reference.channels.values()], self)
        self.trial = Trial(self._meanings, self)
        self.result = ImportResult(self)
        self.running = Running(self)
        self.running.stopped.connect(self.aside.stop)
        self.pages = (self.file, self.columns, self.trial, self.running, self.result)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.back_button = QPushButton(self.tr("上一步  Alt+←"), self)
        self.back_button.clicked.connect(self.back)
        self.next_button = QPushButton(self)
        self.next_button.setProperty("role", "primary")
        self.next_button.clicked.connect(self.go_on)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._arrange()
        for keys, button in (
            ("Ctrl+Return", self.next_button),
            ("Ctrl+Enter", self.next_button),
            ("Alt+Left", self.back_button),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(
                button.click
            )  # a button forgets its own at each new text
        self.file.picked.connect(self.open_file)
        self.columns.changed.connect(self._look_again)
        self.columns.save_wanted.connect(self.save_profile)
        self.trial.save_wanted.connect(lambda: self.save_profile(self.columns.name.text()))
        self.trial.mapped.connect(lambda *_: self._say_words())
        self.destroyed.connect(self.aside.close)
        self.show_step(FILE)
        if session.db is None:
            self.say(self.tr("未连接数据库，暂时不能导入。"), bad=True)
        else:
            session.spawn(self._read_runs(), "read imports")

    def show_step(self, step: int) -> None:
        """Bring a step to the front."""
        self.stack.setCurrentIndex(step)
        self.steps.show_step(step)
        self.back_button.setVisible(step in {COLUMNS, TRIAL, RESULT})
        self.back_button.setText(self.tr("再导入一个") if step == RESULT else self.tr("上一步  Alt+←"))
        self.next_button.setVisible(step in {COLUMNS, TRIAL})
        self.next_button.setText(self.tr("试算  Ctrl+Enter") if step == COLUMNS else self.tr("导入  Ctrl+Enter"))
        self.setFocusProxy(self.pages[step])
        self._let()

    def open_file(self, path: Path) -> None:
        """Read the beginning of a file and show how it was understood."""
        if self._busy or self._session.db is None:
            return
        self.columns.forget()
        self.say(self.tr("正在读取 %s…") % path.name)
        self._session.spawn(self._open(path), "preview import")

    def go_on(self) -> None:
        """The next step."""
        if self._busy or self.source is None:
            return
        step = self.stack.currentIndex()
        if step == COLUMNS:
            self._session.spawn(self._try(self.source), "try import")
        elif step == TRIAL:
            self._session.spawn(self._take(self.source), "import")

    def back(self) -> None:
        """The step before; after the result, another file."""
        if self._busy:
            self.aside.stop()
            return
        step = self.stack.currentIndex()
        self.say("")
        self.show_step(FILE if step in {COLUMNS, RESULT} else COLUMNS)
        if self.stack.currentIndex() == FILE:
            self._session.spawn(self._read_runs(), "read imports")

    def save_profile(self, name: str) -> None:
        """Keep what was decided under a name, for all desks."""
        if self.source is not None:
            self._session.spawn(self._save(self.source, name.strip()), "save import profile")

    def say(self, sentence: str, *, bad: bool = False) -> None:
        """A sentence at the foot."""
        self.said.setText(sentence)
        set_role(self.said, "bad" if bad else "normal")

    def _look_again(self) -> None:
        if self.source is not None:
            self._session.spawn(self._look(self.source, self.source.next_look(), begun=False), "preview import")

    async def _open(self, path: Path) -> None:
        self._asked += 1
        asked = self._asked
        try:
            profiles = await import_profiles.read_profiles(self._session.database())
        except PersonError as error:
            self.say(str(error), bad=True)
            return
        if asked == self._asked:
            self.trial.words = {}
            self.source = ImportSource(path, profiles, self.columns, self.trial)
            await self._look(self.source, self.source.first_look(), begun=True)

    async def _look(self, source: ImportSource, order: Order, *, begun: bool) -> None:
        self._asked += 1
        asked = self._asked
        try:
            found = await self.aside.preview(order)
        except PersonError as error:
            self.say(str(error), bad=True)
            return
        if asked != self._asked:
            return  # something else was asked meanwhile
        source.preview = found
        self.columns.show_preview(found, source.profiles, begun=begun)
        self.say("")
        if begun:
            self.show_step(COLUMNS)
            self.columns.setFocus()
        self._let()

    async def _try(self, source: ImportSource) -> None:
        self._begin(self.tr("正在试算…"))
        try:
            self._trial = await self.aside.try_out(source.order())
        except importing.Stopped:
            self.say(self.tr("试算已停下。"))
            return
        except PersonError as error:
            self.say(str(error), bad=True)
            return
        finally:
            self._end()
        self.trial.show_trial(self._trial, self.trial.words)
        self.say("")
        self.show_step(TRIAL)
        self.trial.setFocus()

    async def _take(self, source: ImportSource) -> None:
        self.running.begin(self._trial.rows if self._trial else 0)
        self.show_step(RUNNING)
        self._begin("")
        try:
            done = await self.aside.take_in(source.order())
        except PersonError as error:
            self.show_step(TRIAL)
            self.say(str(error), bad=True)
            return
        finally:
            self._end()
        self.result.show_result(done, source.path.name)
        self.say("")
        self.show_step(RESULT)
        self.result.setFocus()
        self.result.hints.setVisible(bool(done.accepted))
        if done.accepted:
            await self._tell_hints()

    async def _tell_hints(self) -> None:
        if self._session.role not in {Role.DUTY, Role.SUPERVISOR}:
            return
        self.result.show_hints(len(await merging.read_open_hints(self._session.database())))

    async def _save(self, source: ImportSource, name: str) -> None:
        try:
            await import_profiles.save_profile(self._session.database(), source.profile(name))
        except PersonError as error:
            self.say(str(error), bad=True)
            return
        source.profiles = await import_profiles.read_profiles(self._session.database())
        self.say(self.tr("已存为方案“%s”，同样表头的文件会照它读。") % name)

    async def _read_runs(self) -> None:
        runs = await importing.read_runs(self._session.database(), 20)
        self.file.show_runs(runs, {login: each.name for login, each in self._session.reference.people.items()})

    def _meanings(self, field: str) -> Sequence[tuple[str, str]]:
        reference = self._session.reference
        ours = {
            "channel": [each.name for each in reference.channels.values()],
            "category": sorted(each.path_name for each in reference.categories.values()),
            "kind": [*KINDS, OTHER],
            "grade": [words.grade_word(grade) for grade in Grade],
        }[field]
        return [(self.tr("（按默认处理）"), ""), *((each, each) for each in ours)]

    def _say_words(self) -> None:
        self.say(self.tr("已对照；导入时照此处理，存为方案后下次不再问。"))

    def _begin(self, sentence: str) -> None:
        self._busy = True
        self.say(sentence)
        self._let()
        self._tick.start()

    def _end(self) -> None:
        self._busy = False
        self._tick.stop()
        self._let()

    def _let(self) -> None:
        seen = self.source.preview if self.source is not None else None
        ready = seen is not None and not seen.missing
        self.next_button.setEnabled(not self._busy and ready)

    def _on_tick(self) -> None:
        rows = self.aside.rows
        if self.stack.currentIndex() == RUNNING:
            self.running.show_rows(rows)
        elif rows:
            self.say(self.tr("正在试算…　已看 %s 行") % f"{rows:,}")

    def _arrange(self) -> None:
        for widget in self.pages:
            self.stack.addWidget(widget)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.back_button)
        foot.addWidget(self.next_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 14, 24, 16)
        column.setSpacing(14)
        column.addWidget(self.steps)
        column.addWidget(self.stack, 1)
        column.addLayout(foot)
