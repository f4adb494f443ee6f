"""待定位: open cases nobody could place; one key takes what their words most likely mean, or a click on the map says it."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.errors import NotVisible, PersonError, Refused, StaleVersion
from commandcenter.services import placing
from commandcenter.services.places import PlaceBook, load_book
from ui.keys import Keys
from ui.map.county import bring_outlines
from ui.map.place_view import NEAR_M, PlaceView
from ui.merging.lines import Line, LineList
from ui.merging.unplaced_card import Choice, UnplacedCard
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.calm import CalmState
from ui.widgets.flow import FlowLayout
from ui.widgets.live_read import LiveRead
from ui.widgets.plain_label import plain_label
from ui.widgets.story import ago_words

if TYPE_CHECKING:
    from commandcenter.services.cases import CaseChange
    from commandcenter.services.placing import Guess, Unplaced

KINDS = frozenset({"case", "areas", "places", "settings"})
_BOOK_NEWS = (KINDS - {"case"}) | {"everything"}
AREA_M = 2_500.0
"""How far around an area the map looks."""


class UnplacedPanel(QWidget):
    """List, case and map beside one another. ``counted(n)``; ``opened(case id)``: to be shown whole."""

    counted = Signal(int)
    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._keys = Keys()
        self._book: PlaceBook | None = None
        self._old_book = False
        """Places or areas are others by now; until they have been read the old ones do."""
        self._cases: dict[int, Unplaced] = {}
        self._asked: int | None = None
        """A case somebody wants placed anew, though it has a place."""
        self._guesses: dict[int, tuple[Guess, ...]] = {}
        self._read_once = self._outlined = False
        self._undoing = False
        self._placed: list[CaseChange] = []
        """What this desk has placed, the last one last; to be taken back by one key."""
        self.list = LineList(session, self.tr("待定位"), self)
        self.pointless = QPushButton(self.tr("含缺坐标"), self)
        self.pointless.setCheckable(True)
        self.pointless.setProperty("role", "chip")
        self.pointless.setToolTip(self.tr("也列出已有区域、只缺坐标的工单"))
        self.undo_button = QPushButton(self.tr("撤回上一次定位 Ctrl+Z"), self)
        self.said = plain_label(self, "normal")
        self.said.setContentsMargins(12, 0, 12, 0)
        self.said.hide()
        self.card = UnplacedCard(session, self)
        self.map: PlaceView | None = PlaceView(session.mirror, session.clock, self)
        self.map.setAccessibleName(self.tr("在地图上点一下，或用方向键移动图针，回车保存"))
        self.calm = CalmState(self)
        self.reader = LiveRead(session, KINDS, self._read, self._on_unread, self)
        self._arrange()
        self._refresh_undo()
        self.setFocusProxy(self.list)
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(lambda _: self.card.take_best())
        self.pointless.toggled.connect(lambda _: self.reader.ask())
        self.undo_button.clicked.connect(self.undo)
        self.card.saved.connect(self._start)
        self.card.looked.connect(self._look)
        self.card.open_button.clicked.connect(self._open)
        self.map.pointed.connect(self._on_pointed)
        self.map.taken.connect(self.card.save)
        self.map.over.connect(self._on_over)
        self._add_keys()
        session.entities_changed.connect(self._on_entities)
        session.themed.connect(self.set_tokens)
        self.set_tokens(session.tokens)
        self._say()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.list.set_tokens(tokens)
        if self.map is not None:
            self.map.set_theme(tokens)

    def show_case(self, case_id: int) -> None:
        """Place this case next, even where it has a place already."""
        self._asked = case_id
        self.reader.ask()

    def undo(self) -> None:
        """Take back what this desk placed last; it comes back into the list, to be placed anew."""
        if self._placed and not self._undoing:
            self._undoing = True
            self._session.spawn(self._undo(self._placed[-1]), "unplace")

    def close_map(self) -> None:
        """Let go of the mirror before the window goes."""
        if self.map is not None:
            self.map.close_map()
            self.map = None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reader.shown()
        if not self._outlined:
            self._outlined = True
            QTimer.singleShot(0, self, self._open_map)

    async def _read(self) -> None:
        db = self._session.database()
        book = self._book
        if book is None or self._old_book:
            self._old_book = False
            try:
                book = await load_book(db)
            except PersonError:
                self._old_book = True
                raise
        found = {case.id: case for case in await placing.read_unplaced(db, pointless=self.pointless.isChecked())}
        if self._asked is not None and self._asked not in found:
            if (wanted := await placing.read_place(db, self._asked)) is not None:
                found = {wanted.id: wanted} | found
            else:
                self._asked = None
        known = {number: said for number, said in self._guesses.items() if found.get(number) == self._cases.get(number)}
        if book is not self._book:
            known = {}
        new = [case for number, case in found.items() if number not in known]
        self._guesses = known | await to_thread(_guess_all, book, new)
        self._book, self.card.threshold = book, book.threshold
        self._cases, self._read_once = found, True
        self._fill()

    def _fill(self) -> None:
        self._say()
        self.list.show_lines([self._line(case) for case in self._cases.values()])
        if self._asked is not None and self._asked in self._cases:
            self.list.choose(self._asked)
        self._on_chosen(self.list.key)
        self.counted.emit(len(self._cases))

    def _line(self, case: Unplaced) -> Line:
        best = self._of(case)[:1]
        channel = self._session.reference.channels.get(case.channel_id)
        parts = (case.number, channel.name if channel else "", ago_words(case.received_at, self._session.clock.now()))
        guess = (
            self.tr("可能在 %s（%d%%）") % (best[0].name, best[0].score * 100)
            if best
            else self.tr("没有候选，请看地图")
        )
        where = case.place or self.tr("没有写地点")
        return Line(case.id, (case.title, f"{where}　{guess}", " · ".join(p for p in parts if p)), grade=case.grade)

    def _of(self, case: Unplaced) -> tuple[Guess, ...]:
        return self._guesses.get(case.id, ())

    def _on_chosen(self, key: object) -> None:
        case = self._cases.get(key) if isinstance(key, int) else None
        if case is None:
            self._room.setCurrentWidget(self.calm)
            return
        self._room.setCurrentWidget(self._work)
        self.card.show_case(case, self._of(case))

    def _look(self, choice: Choice) -> None:
        """The choice on the map: its point near by, an area from farther away."""
        if self.map is None:
            return
        marks = [(each.lon, each.lat) for each in self.card.guesses if each.lon is not None and each.lat is not None]
        pin = (choice.lon, choice.lat) if choice.lon is not None and choice.lat is not None else None
        self.map.show_pin(pin, marks)
        area = self._session.reference.areas.get(choice.area_id or 0)
        if pin is not None and not choice.by_hand:
            self.map.look_at(pin, NEAR_M)
        elif pin is None and area is not None and area.lon is not None and area.lat is not None:
            self.map.look_at((area.lon, area.lat), AREA_M)

    def _on_pointed(self, lon: float, lat: float) -> None:
        """The grid of the point, computed exactly; the person may still choose another area."""
        found = self._book.locator.at(lon, lat) if self._book is not None else None
        self.card.point(lon, lat, found)

    def _on_over(self, lon: float, lat: float) -> None:
        """Name the grid under the mouse: the map has no names of its own so near."""
        if self.map is None or self._book is None:
            return
        areas = self._session.reference.areas
        area = areas.get(self._book.locator.at(lon, lat) or 0)
        over = (
            []
            if area is None
            else [each for each in areas.values() if each.level != "county" and area.path.startswith(each.path)]
        )
        self.map.say(" › ".join(each.name for each in sorted(over, key=lambda each: each.path)))

    def _start(self, case: Unplaced, choice: Choice) -> None:
        self._session.spawn(self._save(case, choice), "place")

    async def _save(self, case: Unplaced, choice: Choice) -> None:
        deed = (case.id, case.version, choice)
        given: Mapping[str, object] = {
            "area_id": choice.area_id,
            "lon": choice.lon,
            "lat": choice.lat,
            "place": choice.place,
        }
        try:
            change = await placing.place(
                self._session.database(),
                case_id=case.id,
                version=case.version,
                key=self._keys.of(deed),
                **given,  # type: ignore[arg-type]
            )
        except PersonError as error:
            self.card.say(str(error))
            if isinstance(error, StaleVersion):
                self.reader.ask()
            return
        self._keys.done(deed)
        self._placed.append(change)
        area = self._session.reference.areas.get(choice.area_id or 0)
        where = f"：{area.name}" if area else ""
        self._tell(self.tr("%s 已定位%s；Ctrl+Z 撤回") % (change.number, where))
        if self._asked == case.id:
            self._asked = None
        self._refresh_undo()
        self._cases.pop(case.id, None)
        self._fill()
        self.list.setFocus()

    async def _undo(self, placed: CaseChange) -> None:
        deed = ("undo", placed.case_id, placed.version)
        try:
            await placing.unplace(
                self._session.database(), case_id=placed.case_id, placed=placed.version, key=self._keys.of(deed)
            )
        except PersonError as error:
            self._tell(str(error))
            if isinstance(error, Refused | NotVisible) and placed in self._placed:
                self._placed.remove(placed)  # it will not be taken back any more
            return
        finally:
            self._undoing = False
            self._refresh_undo()
        self._keys.done(deed)
        self._placed.remove(placed)
        self._tell(self.tr("%s 的定位已撤回，恢复原样") % placed.number)
        self._refresh_undo()
        self.show_case(placed.case_id)
        self.list.setFocus()

    def _tell(self, sentence: str) -> None:
        """Below the list: a toast would lie on the key that saves the next one."""
        self.said.setText(sentence)
        self.said.show()

    def _refresh_undo(self) -> None:
        reason = "" if self._placed else self.tr("这个席位这次还没有定位过")
        self.undo_button.setEnabled(not reason)
        self.undo_button.setToolTip(reason or self.tr("撤回 %s 的定位") % self._placed[-1].number)
        self.undo_button.setAccessibleDescription(reason)

    def _on_unread(self, error: PersonError) -> None:
        if self._read_once:
            self._session.noticed.emit(error.sentence, error.advice)
        else:
            self.calm.say(error.sentence, error.advice, self.tr("再试一次"), self.reader.ask)

    def _on_entities(self, entities: frozenset[str]) -> None:
        if not _BOOK_NEWS.isdisjoint(entities):
            self._old_book = True

    def _open(self) -> None:
        if isinstance(self.list.key, int):
            self.opened.emit(self.list.key)

    def _say(self) -> None:
        if self._read_once:
            self.calm.say(self.tr("没有待定位的工单"), self.tr("受理和导入时定不了区域的，会列在这里"))
        elif self._session.db is None:
            self.calm.say(self.tr("未连接数据库，暂时只能查看"))
        else:
            self.calm.say(self.tr("正在读待定位的工单…"))

    def _open_map(self) -> None:
        if self.map is None:
            return
        self.map.start()
        if self._session.db is not None:
            self._session.spawn(bring_outlines(self._session, self.map), "outlines")

    def _add_keys(self) -> None:
        for number in range(1, 6):
            QShortcut(QKeySequence(str(number)), self.list, partial(self.card.take, number - 1))
        for keys, call in (
            ("M", self._to_map),
            ("A", self.card.area.setFocus),
            ("Space", self.list.step),
            ("O", self._open),
        ):
            QShortcut(QKeySequence(keys), self.list, call)
        QShortcut(QKeySequence("Esc"), self, self.list.setFocus)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.card.save)
        back = QShortcut(QKeySequence("Ctrl+Z"), self)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self.undo)

    def _to_map(self) -> None:
        if self.map is not None:
            self.map.setFocus()

    def _arrange(self) -> None:
        chips = FlowLayout()
        chips.addWidget(self.pointless)
        left = QWidget(self)
        left.setProperty("surface", "panel")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 8, 0, 0)
        bar = QWidget(left)
        bar.setLayout(chips)
        chips.setContentsMargins(12, 0, 12, 4)
        column.addWidget(bar)
        column.addWidget(self.list, 1)
        column.addWidget(self.said)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 0, 12, 8)
        foot.addWidget(self.undo_button)
        foot.addStretch(1)
        column.addLayout(foot)
        left.setMinimumWidth(330)
        assert self.map is not None
        self._work = QSplitter(self)
        self._work.setHandleWidth(1)
        self._work.setChildrenCollapsible(False)
        self.card.setMinimumWidth(330)
        self.map.setMinimumWidth(260)
        for place, widget in enumerate((self.card, self.map)):
            self._work.addWidget(widget)
            self._work.setStretchFactor(place, (4, 6)[place])
        self._room = QStackedWidget(self)
        self._room.addWidget(self.calm)
        self._room.addWidget(self._work)
        whole = QSplitter(self)
        whole.setHandleWidth(1)
        whole.setChildrenCollapsible(False)
        whole.addWidget(left)
        whole.addWidget(self._room)
        whole.setStretchFactor(1, 1)
        whole.setSizes([360, 1000])
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(whole)


def _guess_all(book: PlaceBook, cases: Sequence[Unplaced]) -> dict[int, tuple[Guess, ...]]:
    return {case.id: placing.guesses(book, case) for case in cases}
