"""吹哨报到: the live whistles by level with every unit's clock, one of them in full, one-key blowing, and the figures."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from commandcenter.domain.whistle import LIVE
from commandcenter.errors import PersonError
from commandcenter.services import whistles
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.whistles.case_line import WhistleCaseLine
from ui.whistles.figures import WhistleFigures
from ui.whistles.list import WhistleList
from ui.whistles.map import WhistleMap
from ui.whistles.may import waits_for_me, why_not_blow
from ui.whistles.side import WhistleSide
from ui.widgets.live_read import LiveRead

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Whistle

KINDS = frozenset({"whistle", "party", "score", "case"})
CLOSED_SPAN = timedelta(days=30)
LIVE_ONES, MINE, ENDED = range(3)
MAP_FROM = 1500
"""From that width on there is room for the map beside the whistle."""


class WhistlesPage(QWidget):
    """Cards at the left, the chosen whistle in the middle, the map at the right where there is room."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._live: tuple[Whistle, ...] = ()
        self._ended: tuple[Whistle, ...] = ()
        self._wanted: int | None = None
        """The case whose whistle is to be shown, or to be blown, when the whistles have been read."""
        self.banner = QLabel(self)
        self.banner.setProperty("role", "warn")
        self.banner.setContentsMargins(16, 6, 16, 6)
        self.banner.hide()
        self.list = WhistleList(session, self)
        self.side = WhistleSide(session, self)
        self.county = WhistleMap(session, self)
        self.case_line = WhistleCaseLine(session, self)
        self.case_line.hide()
        self.blow_button = QPushButton(self.tr("一键吹哨 F10"), self)
        self.blow_button.clicked.connect(self.blow)
        self.chips = QButtonGroup(self)
        self.figures = WhistleFigures(session, self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName(self.tr("吹哨的各项"))
        self._arrange()
        self.reader = LiveRead(session, KINDS, self._read, self._on_unread, self)
        self.setFocusProxy(self.list)
        QShortcut(QKeySequence("F10"), self, self.blow)
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(lambda whistle: session.open_page("case", whistle.case_id))
        self.side.detail.case_wanted.connect(lambda case_id: session.open_page("case", case_id))
        self.side.changed.connect(self._on_changed)
        self.side.left.connect(self._on_left)
        self.case_line.found.connect(self.show_case)
        self.chips.idClicked.connect(self._on_chip)
        self.tabs.currentChanged.connect(self._on_tab)
        session.themed.connect(self.set_tokens)
        session.reference_changed.connect(self._on_reference)
        self.set_tokens(session.tokens)
        self._say_blow()
        self._calm(self.tr("正在读取…"))
        if session.db is None:
            self._on_unread(PersonError(self.tr("未连接数据库，暂时只能查看。"), self.tr("请检查网络或重新登录。")))

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        for part in (self.list, self.side, self.county):
            part.set_tokens(tokens)

    def show_case(self, case_id: int) -> None:
        """Show the case's whistle; where it has none, write one."""
        self.case_line.hide()
        self.tabs.setCurrentIndex(0)
        self._wanted = case_id
        self._session.selection.select(case_id)
        if not self.reader.ask_soon():
            self._show_wanted()

    def blow(self) -> None:
        """Blow for the selected case, or ask for which."""
        if reason := why_not_blow(self._session):
            self._session.noticed.emit(reason, "")
            return
        case_id = self._session.selection.case_id
        if case_id is not None and self._session.mirror.slot_of(case_id) is not None:
            self.show_case(case_id)
            return
        self.tabs.setCurrentIndex(0)
        self.case_line.show()
        self.case_line.setFocus()

    def close_map(self) -> None:
        """Let go of the map before the window goes."""
        self.county.close_map()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reader.shown()

    async def _read(self) -> None:
        db = self._session.database()
        self._live = await whistles.read_live(db)
        if self._chosen_list() == ENDED:
            self._ended = await whistles.read_closed(db, since=self._session.clock.now() - CLOSED_SPAN)
        self.banner.hide()
        self._show()
        self._show_wanted()

    def _on_unread(self, error: PersonError) -> None:
        """Keep what is shown and say how old it is; with nothing to show, say why."""
        if self._live or self._ended:
            self.banner.setText(self.tr("%s下面是断开前读到的内容，连上后自动更新。") % error.sentence)
            self.banner.show()
        else:
            self.side.calm.say(error.sentence, error.advice, self.tr("再试一次"), self.reader.ask)
            self.side.setCurrentWidget(self.side.calm)

    def _on_chip(self, number: int) -> None:
        self._show()
        if number == ENDED:
            self.reader.ask()

    def _show(self) -> None:
        """Show the list that is chosen, with what is selected kept."""
        session = self._session
        mine = [whistle for whistle in self._live if waits_for_me(session, whistle)]
        chosen = self._chosen_list()
        shown = {LIVE_ONES: self._live, MINE: mine, ENDED: self._ended}[chosen]
        for number, text in (
            (LIVE_ONES, self.tr("进行中 %d") % len(self._live)),
            (MINE, self.tr("待我处理 %d") % len(mine)),
            (ENDED, self.tr("近 30 天归档")),
        ):
            self.chips.button(number).setText(text)
        if not shown:
            self._calm(
                {
                    LIVE_ONES: self.tr("现在没有进行中的哨"),
                    MINE: self.tr("没有等您处理的哨"),
                    ENDED: self.tr("近 30 天没有归档的哨"),
                }[chosen],
                self.tr("需要几个单位到现场一起解决的工单，可以一键吹哨（F10）") if not why_not_blow(session) else "",
            )
        self.list.show_whistles(shown)
        self.county.show_whistles(self._live)
        if self.list.whistle is None and shown and not self.side.is_blowing:
            self.list.choose(self.list.cards.whistles[0].id)

    def _show_wanted(self) -> None:
        """The whistle of the case that was asked for; where it has none, the panel to blow one."""
        case_id, self._wanted = self._wanted, None
        if case_id is None:
            return
        there = next((each for each in self._live if each.case_id == case_id and each.state in LIVE), None)
        slot = self._session.mirror.slot_of(case_id)
        if there is not None:
            self.chips.button(LIVE_ONES).setChecked(True)
            self._show()
            self.side.setCurrentIndex(1)
            self.list.choose(there.id)
        elif why_not_blow(self._session):
            self._session.noticed.emit(self.tr("这件工单没有进行中的哨"), "")
        elif slot is None:
            self._session.noticed.emit(self.tr("这件工单不在未结工单里，不能吹哨"), self.tr("请选一件未结工单。"))
        else:
            self.side.show_blow(slot)

    def _on_chosen(self, whistle: Whistle | None) -> None:
        self.side.show_whistle(whistle)
        self.county.select(whistle)

    def _on_changed(self, whistle_id: int) -> None:
        """A deed of this desk is read at once; the feed would tell a little later."""
        if self._chosen_list() != ENDED:
            self.list.expect(whistle_id)
        self.reader.ask()

    def _on_left(self) -> None:
        self.list.setFocus()
        if self.list.whistle is not None:
            self.side.show_whistle(self.list.whistle)

    def _on_tab(self, place: int) -> None:
        if place == 1:
            self.figures.refresh()

    def _on_reference(self) -> None:
        self._say_blow()
        self._show()

    def _say_blow(self) -> None:
        reason = why_not_blow(self._session)
        self.blow_button.setEnabled(not reason)
        self.blow_button.setToolTip(reason or self.tr("给所选工单吹哨；没有选时先找工单"))
        self.blow_button.setAccessibleDescription(reason)

    def _chosen_list(self) -> int:
        return max(LIVE_ONES, self.chips.checkedId())

    def _calm(self, sentence: str, advice: str = "") -> None:
        self.side.calm.say(sentence, advice)

    def _arrange(self) -> None:
        chips = QHBoxLayout()
        chips.setContentsMargins(14, 8, 14, 8)
        chips.setSpacing(6)
        for number in (LIVE_ONES, MINE, ENDED):
            chip = QPushButton((self.tr("进行中"), self.tr("待我处理"), self.tr("近 30 天归档"))[number], self)
            chip.setProperty("role", "chip")
            chip.setCheckable(True)
            chip.setChecked(number == LIVE_ONES)
            self.chips.addButton(chip, number)
            chips.addWidget(chip)
        chips.addStretch(1)
        chips.addWidget(self.blow_button)
        left = QWidget(self)
        left.setProperty("surface", "panel")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(chips)
        column.addWidget(self.case_line)
        column.addWidget(self.list, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        for widget, minimum, stretch in ((left, 420, 0), (self.side, 420, 2), (self.county, 300, 1)):
            widget.setMinimumWidth(minimum)
            self.splitter.addWidget(widget)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
        kept = QSettings().value(self._key())
        if kept is None or not self.splitter.restoreState(kept):
            self.splitter.setSizes([500, 820, 480])
        self.splitter.splitterMoved.connect(self._keep_widths)
        live = QWidget(self)
        whole = QVBoxLayout(live)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.banner)
        whole.addWidget(self.splitter, 1)
        self.tabs.addTab(live, self.tr("吹哨报到"))
        self.tabs.addTab(self.figures, self.tr("评哨指标"))
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.tabs)

    def resizeEvent(self, event: object) -> None:
        """The map is there where there is room for it."""
        self.county.setVisible(self.width() >= MAP_FROM)

    def _key(self) -> str:
        return f"whistles/{self._session.reference.me.login}/widths"

    def _keep_widths(self) -> None:
        QSettings().setValue(self._key(), self.splitter.saveState())
