"""导入: another system's file, from choosing it to what became of it; read in a process of its own, so nothing here waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.config import load_settings
from commandcenter.domain.case import Grade, Role
from commandcenter.errors import PersonError
from commandcenter.intake.preview import Preview, folded
from commandcenter.intake.profile import Profile
from commandcenter.services import import_profiles, importing, merging
from commandcenter.services.import_aside import Aside, Order
from commandcenter.services.import_known import KINDS, OTHER
from ui.importing.columns import ColumnsPreview
from ui.importing.file import FilePick, tr
from ui.importing.result import ImportResult
from ui.importing.trial import Trial
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets import words

STEPS = ("选择文件", "核对各列", "试算", "导入", "结果")
FILE, COLUMNS, TRIAL, RUNNING, RESULT = range(5)
TICK_MS = 200


class ImportPage(QWidget):
    """Five steps, one at a time; going back keeps what was said."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.aside = Aside(session.db.url if session.db is not None else "")
        self._profiles: tuple[Profile, ...] = ()
        self._path: Path | None = None
        self._preview: Preview | None = None
        self._asked = 0
        """How often something was asked of the process; an answer to an older question is nobody's."""
        self._trial: importing.Imported | None = None
        self._busy = False
        self.setProperty("surface", "panel")
        self.steps = [QLabel(f"{number + 1}  {tr(text)}", self) for number, text in enumerate(STEPS)]
        self.stack = QStackedWidget(self)
        self.file = FilePick(self)
        self.columns = ColumnsPreview([(each.name, each.name) for each in session.reference.channels.values()], self)
        self.trial = Trial(self._meanings, self)
        self.result = ImportResult(self)
        self.running = QWidget(self)
        self.bar = QProgressBar(self.running)
        self.bar.setTextVisible(False)
        self.pace = QLabel(self.running)
        self.stop_button = QPushButton(self.tr("停下"), self.running)
        self.stop_button.clicked.connect(self.stop)
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
        session.themed.connect(self.set_tokens)
        self.set_tokens(session.tokens)
        self.show_step(FILE)
        if session.db is None:
            self.say(self.tr("未连接数据库，暂时不能导入。"), bad=True)
        else:
            session.spawn(self._read_runs(), "read imports")

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look: the step one is at stands out by weight, not by colour alone."""
        del tokens
        self.show_step(self.stack.currentIndex())

    def show_step(self, step: int) -> None:
        """Bring a step to the front."""
        self.stack.setCurrentIndex(step)
        for number, label in enumerate(self.steps):
            label.setProperty("role", "strong" if number == step else "quiet")
            label.style().polish(label)
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
        self._path = path
        self.columns.forget()
        self.say(self.tr("正在读取 %s…") % path.name)
        self._session.spawn(self._look(begun=True), "preview import")

    def go_on(self) -> None:
        """The next step."""
        if self._busy:
            return
        step = self.stack.currentIndex()
        if step == COLUMNS:
            self._session.spawn(self._try(), "try import")
        elif step == TRIAL:
            self._session.spawn(self._take(), "import")

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

    def stop(self) -> None:
        """End the import after its batch."""
        self.aside.stop()
        self.stop_button.setEnabled(False)
        self.pace.setText(self.tr("正在停下…"))

    def save_profile(self, name: str) -> None:
        """Keep what was decided under a name, for all desks."""
        self._session.spawn(self._save(name), "save import profile")

    def profile(self, name: str = "") -> Profile:
        """What has been decided so far, as a profile."""
        chosen = self._chosen() or Profile()
        meant = {field: dict(each) for field, each in chosen.words.items()}
        for field, each in self.trial.words.items():
            meant.setdefault(field, {}).update(each)
        header = folded([each.name for each in self._preview.columns]) if self._preview else ()
        return Profile(
            name or chosen.name,
            {**chosen.columns, **self.columns.columns},
            str(self.columns.channel.currentData() or ""),
            str(self.columns.crs.currentData() or ""),
            str(self.columns.dates.currentData() or ""),
            meant,
            header,
        )

    def say(self, sentence: str, *, bad: bool = False) -> None:
        """A sentence at the foot."""
        self.said.setText(sentence)
        self.said.setProperty("role", "bad" if bad else "normal")
        self.said.style().polish(self.said)

    def _order(self) -> Order:
        assert self._path is not None
        used = self.profile()
        return Order(
            self._path,
            used,
            choices=self.columns.choices(),
            channel=used.channel,
            crs=used.crs,
            spare_folder=load_settings().data_dir / "rejects",
        )

    def _look_again(self) -> None:
        if self._path is not None:
            self._session.spawn(self._look(begun=False), "preview import")

    async def _look(self, *, begun: bool) -> None:
        assert self._path is not None
        self._asked += 1
        asked = self._asked
        try:
            if begun:
                self._profiles = await import_profiles.read_profiles(self._session.database())
                self.trial.words = {}
                order = Order(self._path, profiles=self._profiles)
            else:
                chosen = replace(self._chosen() or Profile(), dates=str(self.columns.dates.currentData() or ""))
                order = Order(self._path, chosen, columns=self.columns.columns, choices=self.columns.choices())
            found = await self.aside.preview(order)
        except PersonError as error:
            self.say(str(error), bad=True)
            return
        if asked != self._asked:
            return  # something else was asked meanwhile
        self._preview = found
        self.columns.show_preview(found, self._profiles, begun=begun)
        self.say("")
        if begun:
            self.show_step(COLUMNS)
            self.columns.setFocus()
        self._let()

    async def _try(self) -> None:
        self._begin(self.tr("正在试算…"))
        try:
            self._trial = await self.aside.try_out(self._order())
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

    async def _take(self) -> None:
        self.stop_button.setEnabled(True)
        self.show_step(RUNNING)
        self._begin("")
        self.bar.setRange(0, max(1, self._trial.rows if self._trial else 0))
        try:
            done = await self.aside.take_in(self._order())
        except PersonError as error:
            self.show_step(TRIAL)
            self.say(str(error), bad=True)
            return
        finally:
            self._end()
        assert self._path is not None
        self.result.show_result(done, self._path.name)
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

    async def _save(self, name: str) -> None:
        try:
            await import_profiles.save_profile(self._session.database(), self.profile(name.strip()))
        except PersonError as error:
            self.say(str(error), bad=True)
            return
        self._profiles = await import_profiles.read_profiles(self._session.database())
        self.say(self.tr("已存为方案“%s”，同样表头的文件会照它读。") % name.strip())

    async def _read_runs(self) -> None:
        runs = await importing.read_runs(self._session.database(), 20)
        self.file.show_runs(runs, {login: each.name for login, each in self._session.reference.people.items()})

    def _chosen(self) -> Profile | None:
        name = str(self.columns.profile.currentData() or "")
        return next((each for each in self._profiles if each.name == name), None)

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
        ready = self._preview is not None and not self._preview.missing
        self.next_button.setEnabled(not self._busy and ready)

    def _on_tick(self) -> None:
        rows = self.aside.rows
        if self.stack.currentIndex() == RUNNING:
            self.bar.setValue(min(rows, self.bar.maximum()))
            if self.stop_button.isEnabled():
                self.pace.setText(self.tr("已导入 %s 行，共 %s 行") % (f"{rows:,}", f"{self.bar.maximum():,}"))
        elif rows:
            self.say(self.tr("正在试算…　已看 %s 行") % f"{rows:,}")

    def _arrange(self) -> None:
        for widget in self.pages:
            self.stack.addWidget(widget)
        running = QVBoxLayout(self.running)
        running.setContentsMargins(0, 0, 0, 0)
        running.setSpacing(14)
        running.addStretch(1)
        running.addWidget(self.pace)
        running.addWidget(self.bar)
        line = QHBoxLayout()
        hint = QLabel(
            self.tr("可以去做别的事，导入不会停；停下后已导入的部分保留，再导入同一文件即接着做。"), self.running
        )
        hint.setProperty("role", "quiet")
        hint.setWordWrap(True)
        line.addWidget(hint, 1)
        line.addWidget(self.stop_button)
        running.addLayout(line)
        running.addStretch(2)
        self.bar.setFixedHeight(14)
        title = QLabel(self.tr("导入"), self)
        title.setProperty("role", "title")
        head = QHBoxLayout()
        head.setSpacing(26)
        head.addWidget(title)
        for label in self.steps:
            head.addWidget(label)
        head.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.back_button)
        foot.addWidget(self.next_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 14, 24, 16)
        column.setSpacing(14)
        column.addLayout(head)
        column.addWidget(self.stack, 1)
        column.addLayout(foot)
