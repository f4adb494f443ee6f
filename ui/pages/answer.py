"""应哨: what calls my unit now, the most urgent first; one key to answer, then arrive, act, finish; and my scores."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from commandcenter.domain.whistle import PartyState
from commandcenter.errors import PersonError
from commandcenter.services import whistles
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.whistles.facts import missing_first
from ui.whistles.list import WhistleList
from ui.whistles.may import my_parties
from ui.whistles.my_call import MyCall
from ui.widgets.calm import CalmState
from ui.widgets.live_read import LiveRead

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Party, Whistle

KINDS = frozenset({"whistle", "party", "score"})
SCORES_SPAN = timedelta(days=90)
CALLING, SCORED = range(2)
OVER = frozenset({PartyState.SCORED, PartyState.RELEASED})


class AnswerPage(QWidget):
    """Calls at the left, the one that is looked at at the right, with the form of its next step open."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._calls: list[Whistle] = []
        self._scored: list[Whistle] = []
        self.setProperty("surface", "panel")
        self.banner = QLabel(self)
        self.banner.setProperty("role", "warn")
        self.banner.setContentsMargins(16, 6, 16, 6)
        self.banner.hide()
        self.list = WhistleList(session, self)
        self.call = MyCall(session, self)
        self.calm = CalmState(self)
        self.chips = QButtonGroup(self)
        self._arrange()
        self.reader = LiveRead(session, KINDS, self._read, self._on_unread, self)
        self.setFocusProxy(self.list)
        QShortcut(QKeySequence("F6"), self, self.call.next_step)
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(lambda _: self.call.next_step())
        self.call.changed.connect(lambda _: self.reader.ask())
        self.call.case_wanted.connect(lambda case_id: session.open_page("case", case_id))
        self.chips.idClicked.connect(self._show)
        session.bridge.ticked.connect(self._on_tick)
        session.themed.connect(self.set_tokens)
        session.reference_changed.connect(self._show)
        self.set_tokens(session.tokens)
        self.calm.say(self.tr("正在读取…"))
        if session.db is None:
            self._on_unread(PersonError(self.tr("未连接数据库，暂时只能查看。"), self.tr("请检查网络或重新登录。")))

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.list.set_tokens(tokens)
        self.call.set_tokens(tokens)

    def show_case(self, case_id: int) -> None:
        """Show the call of that case, where there is one."""
        there = next((each for each in self._calls if each.case_id == case_id), None)
        if there is not None:
            self.chips.button(CALLING).setChecked(True)
            self._show()
            self.list.choose(there.id)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reader.shown()

    async def _read(self) -> None:
        db, reference = self._session.database(), self._session.reference
        live = await whistles.read_live(db)
        closed = await whistles.read_closed(db, since=self._session.clock.now() - SCORES_SPAN)
        self._calls = [each for each in live if any(p.state not in OVER for p in my_parties(reference, each))]
        self._scored = [
            each for each in (*live, *closed) if any(p.state == PartyState.SCORED for p in my_parties(reference, each))
        ]
        self.banner.hide()
        self._show()

    def _on_unread(self, error: PersonError) -> None:
        """Keep what is shown and say how old it is; with nothing to show, say why."""
        if self._calls or self._scored:
            self.banner.setText(self.tr("%s下面是断开前读到的内容，连上后自动更新。") % error.sentence)
            self.banner.show()
        else:
            self.calm.say(error.sentence, error.advice, self.tr("再试一次"), self.reader.ask)
            self._room.setCurrentWidget(self.calm)

    def _show(self) -> None:
        """Show the list that is chosen; the most urgent call is looked at where none is."""
        for number, text in (
            (CALLING, self.tr("叫我单位的 %d") % len(self._calls)),
            (SCORED, self.tr("我单位的评分 %d") % len(self._scored)),
        ):
            self.chips.button(number).setText(text)
        scores = self.chips.checkedId() == SCORED
        shown = self._scored if scores else self._calls
        if scores:
            self.calm.say(self.tr("近 90 天没有评分"), self.tr("销哨以后，吹哨的单位评速度和质量；您可以回应一次。"))
        else:
            self.calm.say(self.tr("现在没有哨叫您的单位"), self.tr("有哨叫您时，这里会自己出现，按 F6 应哨。"))
        self.list.show_whistles(shown)
        if self.list.whistle is None and shown:
            self.list.choose(min(shown, key=self._due).id)

    def _due(self, whistle: Whistle) -> float:
        """When my own clock in it runs out, as seconds; never where none runs."""
        party = self._my_party(whistle)
        due = party.clock(self._session.clock.now())[1] if party is not None else None
        return due.timestamp() if due is not None else float("inf")

    def _on_chosen(self, whistle: Whistle | None) -> None:
        party = self._my_party(whistle) if whistle is not None else None
        if whistle is None or party is None:
            self._room.setCurrentWidget(self.calm)
            return
        if self.call.party is None or self.call.party.id != party.id:
            self.area.verticalScrollBar().setValue(0)
        at = self.area.verticalScrollBar().value()
        self.call.show_party(whistle, party)
        self.area.verticalScrollBar().setValue(at)
        self._room.setCurrentWidget(self.area)

    def _my_party(self, whistle: Whistle) -> Party | None:
        """My part in it, the most urgent where my unit and those below it have several."""
        mine = {party.id for party in my_parties(self._session.reference, whistle)}
        ordered = [each for each in missing_first(whistle, self._session.clock.now()) if each.id in mine]
        going = [each for each in ordered if each.state not in OVER]
        if self.chips.checkedId() == SCORED:
            going = [each for each in ordered if each.state == PartyState.SCORED]
        return next(iter(going or ordered), None)

    def _on_tick(self) -> None:
        if self.isVisible():
            self.call.refresh()

    def _arrange(self) -> None:
        chips = QHBoxLayout()
        chips.setContentsMargins(14, 10, 14, 10)
        chips.setSpacing(6)
        for number in (CALLING, SCORED):
            chip = QPushButton((self.tr("叫我单位的"), self.tr("我单位的评分"))[number], self)
            chip.setProperty("role", "chip")
            chip.setCheckable(True)
            chip.setChecked(number == CALLING)
            self.chips.addButton(chip, number)
            chips.addWidget(chip)
        chips.addStretch(1)
        left = QWidget(self)
        left.setProperty("surface", "panel")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(chips)
        column.addWidget(self.list, 1)
        self.call.setProperty("surface", "panel")
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.call)
        self._room = QStackedWidget(self)
        self._room.addWidget(self.calm)
        self._room.addWidget(self.area)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        for widget, minimum, stretch in ((left, 400, 0), (self._room, 480, 1)):
            widget.setMinimumWidth(minimum)
            splitter.addWidget(widget)
            splitter.setStretchFactor(splitter.count() - 1, stretch)
        splitter.setSizes([460, 800])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.banner)
        whole.addWidget(splitter, 1)
