"""The frame: top line, rail of pages, the page itself; notices over its foot. Nothing here is modal."""

import logging
from collections.abc import Sequence
from functools import partial
from importlib import import_module

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.live.counters import Counts
from ui.actions import Action
from ui.alarm.panel import AlarmPanel
from ui.case.actions import CASE_KEYS, add_case_actions
from ui.dialogs.palette import CommandPalette
from ui.page_window import PageWindow
from ui.pages import PAGES, PageSpec
from ui.session import Session
from ui.tab_key import go_on
from ui.theme.palette import dress
from ui.theme.tokens import Tokens
from ui.widgets.calm import CalmState
from ui.widgets.rail import Rail
from ui.widgets.toast import Toast
from ui.widgets.top_line import TopLine
from ui.work import Waiting

log = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """One person's window. ``signed_out()`` asks the application for the login dialog."""

    signed_out = Signal()
    closed = Signal()

    def __init__(self, session: Session, pages: Sequence[PageSpec] = tuple(PAGES)) -> None:
        super().__init__()
        self._session = session
        self._specs = {spec.id: spec for spec in pages if not spec.roles or session.role in spec.roles}
        self._pages: dict[str, QWidget] = {}
        self._windows: dict[str, PageWindow] = {}
        """Pages that stand in a window of their own."""
        self.setWindowTitle(session.reference.centre_name)
        self.setMinimumSize(1180, 680)
        self._dress(session.tokens)
        self.top = TopLine(session)
        titles = {spec.id: QCoreApplication.translate("pages", spec.title) for spec in self._specs.values()}
        self._titles = titles
        self.rail = Rail([(spec.id, titles[spec.id], spec.icon, spec.shortcut) for spec in self._specs.values()])
        self.stack = QStackedWidget()
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.rail)
        body.addWidget(self.stack, 1)
        root = QWidget()
        column = QVBoxLayout(root)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addLayout(body, 1)
        self.setCentralWidget(root)
        self.toast = Toast(root)
        self.alarm_panel = AlarmPanel(session, root)
        self.palette_window = CommandPalette(session, self)
        self._add_actions(titles)
        self.rail.chosen.connect(self.show_page)
        session.page_wanted.connect(self.show_page)
        session.noticed.connect(self._on_noticed)
        session.broke.connect(self._on_broke)
        session.themed.connect(self._on_themed)
        session.bridge.counted.connect(self._on_counted)
        session.work.counted.connect(self._on_waiting)
        self.top.set_tokens(session.tokens)
        self.rail.set_tokens(session.tokens)
        self._on_counted(session.bridge.counts)
        self._on_waiting(session.work.waiting)
        if session.db is not None:
            session.work.start()

    def show_first(self) -> None:
        """Show the first page the person has."""
        self.show_page(next(iter(self._specs)))

    def show_page(self, page_id: str, case_id: int | None = None) -> None:
        """Bring a page to the front, made at its first showing; on a case where one is given."""
        if page_id not in self._specs:
            self.toast.say(self.tr("您的岗位没有这个页面"))
            return
        page = self._pages.get(page_id) or self._make(page_id)
        if (window := self._windows.get(page_id)) is not None:
            window.raise_()
            window.activateWindow()
            self._check_current()
        else:
            if isinstance(QApplication.activeWindow(), PageWindow):
                self.activateWindow()
            self.stack.setCurrentWidget(page)
            self.rail.buttons[page_id].setChecked(True)
        self._let_keys(page_id)
        page.setFocus()
        if case_id is not None:
            self._session.selection.select(case_id)
            show_case = getattr(page, "show_case", None)
            if show_case is not None:
                show_case(case_id)

    def page(self, page_id: str) -> QWidget | None:
        """The page where it has been made."""
        return self._pages.get(page_id)

    def tear_off(self) -> None:
        """Give the page in front a window of its own; where it has one, or is the only page, nothing happens."""
        page_id = self.current_page
        others = [each for each in self._specs if each != page_id and each not in self._windows]
        if page_id is None or page_id not in self._pages or not others:
            return
        page = self._pages[page_id]
        made = [each for each in others if each in self._pages]
        self.stack.removeWidget(page)
        title = f"{self._titles[page_id]} — {self._session.reference.centre_name}"
        window = PageWindow(page, title, f"{self._key()}/{page_id}", self.actions())
        self._windows[page_id] = window
        window.closing.connect(partial(self._give_back, page_id))
        window.activated.connect(partial(self._let_keys, page_id))
        self.show_page((made or others)[0])
        window.show()
        self._let_keys(page_id)

    @property
    def current_page(self) -> str | None:
        """The id of the page in front of the main window."""
        front = self.stack.currentWidget()
        return next((page_id for page_id, page in self._pages.items() if page is front), None)

    def open_window(self) -> None:
        """Show the window where the person left it; the first time, as large as the screen."""
        geometry = QSettings().value(self._key())
        if geometry is not None and self.restoreGeometry(geometry):
            self.show()
        else:
            self.resize(self.screen().availableSize())
            self.showMaximized()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's name
        return go_on(self, forward=next)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self.current_page is not None:
            self._let_keys(self.current_page)

    def closeEvent(self, event: QCloseEvent) -> None:
        for window in tuple(self._windows.values()):
            window.close()
        QSettings().setValue(self._key(), self.saveGeometry())
        for page in self._pages.values():
            if (close_map := getattr(page, "close_map", None)) is not None:
                close_map()
        self.closed.emit()
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.toast.isVisible():
            self.toast.place()
        if self.alarm_panel.isVisible():
            self.alarm_panel.place()

    def _give_back(self, page_id: str) -> None:
        window = self._windows.pop(page_id)
        self.stack.addWidget(window.page)
        window.deleteLater()

    def _let_keys(self, page_id: str) -> None:
        """The keys of the verbs do what they do where cases are worked on."""
        self._session.actions.let_keys(CASE_KEYS, work=self._specs[page_id].on_cases)

    def _check_current(self) -> None:
        if (page_id := self.current_page) is not None:
            self.rail.buttons[page_id].setChecked(True)

    def _on_noticed(self, sentence: str, advice: str) -> None:
        """Say it in the window the person looks at."""
        active = QApplication.activeWindow()
        (active.toast if isinstance(active, PageWindow) else self.toast).say(sentence, advice)

    def _key(self) -> str:
        return f"window/{self._session.reference.me.login}/geometry"

    def _make(self, page_id: str) -> QWidget:
        spec = self._specs[page_id]
        module, name = spec.factory.split(":")
        try:
            page: QWidget = getattr(import_module(module), name)(self._session, self.stack)
        except Exception:  # a page that breaks must not take the desk with it
            log.exception("page %s cannot be made", page_id)
            calm = CalmState(self.stack)
            calm.say(
                self.tr("这个页面暂时打不开"),
                self.tr("其他页面不受影响，详情已记入日志"),
                self.tr("再试一次"),
                lambda: self._retry(page_id),
            )
            page = calm
        self._pages[page_id] = page
        self.stack.addWidget(page)
        return page

    def _retry(self, page_id: str) -> None:
        broken = self._pages.pop(page_id)
        self.stack.removeWidget(broken)
        broken.deleteLater()
        self.show_page(page_id)

    def _add_actions(self, titles: dict[str, str]) -> None:
        add = self._session.actions.add
        for spec in self._specs.values():
            add(
                Action(
                    f"page.{spec.id}",
                    self.tr("打开 %s") % titles[spec.id],
                    partial(self.show_page, spec.id),
                    spec.shortcut,
                    icon=spec.icon,
                ),
                self,
            )
        add_case_actions(self._session, self)
        add(Action("palette", self.tr("搜索与命令"), self.palette_window.open_fresh, "Ctrl+K", icon="search"), self)
        add(Action("tear_off", self.tr("在新窗口打开这一页"), self.tear_off, "Ctrl+Shift+N", icon="rows"), self)
        if self._session.alarms.who.answers:
            add(Action("alarms", self.tr("告警"), self._toggle_alarms, "F12", icon="bell"), self)
        add(Action("look", self.tr("切换日间 / 夜间"), self._switch_look, "Ctrl+Shift+L", icon="theme"), self)
        add(Action("sign_out", self.tr("换人登录"), self.signed_out.emit, icon="person"), self)
        add(Action("full_screen", self.tr("全屏 / 还原"), self._switch_full_screen, "F11", icon="wall"), self)

    def _toggle_alarms(self) -> None:
        if isinstance(QApplication.activeWindow(), PageWindow):
            self.activateWindow()
        self.alarm_panel.toggle()

    def _switch_look(self) -> None:
        self._session.set_look("night" if self._session.tokens.look == "day" else "day")

    def _switch_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _dress(self, tokens: Tokens) -> None:
        app: QObject | None = QApplication.instance()
        if isinstance(app, QApplication):
            dress(app, tokens)

    def _on_themed(self, tokens: Tokens) -> None:
        self._dress(tokens)
        self.top.set_tokens(tokens)
        self.rail.set_tokens(tokens)
        self.alarm_panel.set_tokens(tokens)

    def _on_counted(self, counts: Counts) -> None:
        for page_id, spec in self._specs.items():
            if spec.waiting is not None:
                self.rail.buttons[page_id].set_count(spec.waiting(counts))

    def _on_waiting(self, waiting: Waiting) -> None:
        for page_id, spec in self._specs.items():
            if spec.work is not None:
                self.rail.buttons[page_id].set_count(spec.work(waiting))

    def _on_broke(self, what: str) -> None:
        self.toast.say(
            self.tr("程序出了错，刚才的操作没有完成"), self.tr("可以重试；详情已记入日志（%s）") % what, stay=True
        )
