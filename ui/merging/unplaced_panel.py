"""待定位: open cases nobody could place; one key takes what their words most likely mean, or a click on the map says it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from commandcenter.errors import PersonError
from commandcenter.services import placing
from ui.map.county import bring_outlines
from ui.map.place_view import NEAR_M, PlaceView
from ui.merging.beside import stand_beside
from ui.merging.candidates import Candidates
from ui.merging.nothing import say_nothing
from ui.merging.placings import Placings
from ui.merging.unplaced_card import Choice, UnplacedCard
from ui.merging.unplaced_list import UnplacedList
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.area_words import way_words
from ui.widgets.calm import CalmState
from ui.widgets.live_read import LiveRead
from ui.widgets.shortcut import shortcut

if TYPE_CHECKING:
    from commandcenter.services.placing import Unplaced

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
        self._candidates = Candidates()
        self._cases: dict[int, Unplaced] = {}
        self._asked: int | None = None
        """A case somebody wants placed anew, though it has a place."""
        self._read_once = self._outlined = False
        self.placings = Placings(session, self)
        self._side = UnplacedList(session, self.placings, self)
        self.list, self.said, self.undo_button = self._side.list, self._side.said, self._side.undo_button
        self.card = UnplacedCard(session, self)
        self.map: PlaceView | None = PlaceView(session.mirror, session.clock, self)
        self.map.setAccessibleName(self.tr("在地图上点一下，或用方向键移动图针，回车保存"))
        self.calm = CalmState(self)
        self.reader = LiveRead(session, KINDS, self._read, self._on_unread, self)
        self._arrange()
        self.setFocusProxy(self.list)
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(lambda _: self.card.take_best())
        self._side.pointless.toggled.connect(lambda _: self.reader.ask())
        self.placings.placed.connect(self._on_placed)
        self.placings.back.connect(self._on_back)
        self.placings.refused.connect(self.card.say)
        self.placings.stale.connect(self.reader.ask)
        self.card.saved.connect(self.placings.place)
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
        book = await self._candidates.book(db)
        found = {case.id: case for case in await placing.read_unplaced(db, pointless=self._side.pointless.isChecked())}
        if self._asked is not None and self._asked not in found:
            if (wanted := await placing.read_place(db, self._asked)) is not None:
                found = {wanted.id: wanted} | found
            else:
                self._asked = None
        await self._candidates.think(book, found)
        self.card.threshold = book.threshold
        self._cases, self._read_once = found, True
        self._fill()

    def _fill(self) -> None:
        self._say()
        self._side.show_cases(self._cases.values(), self._candidates)
        if self._asked is not None and self._asked in self._cases:
            self.list.choose(self._asked)
        self._on_chosen(self.list.key)
        self.counted.emit(len(self._cases))

    def _on_chosen(self, key: object) -> None:
        case = self._cases.get(key) if isinstance(key, int) else None
        if case is None:
            self._room.setCurrentWidget(self.calm)
            return
        self._room.setCurrentWidget(self._work)
        self.card.show_case(case, self._candidates.of(case))

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
        """The grid of the point; the person may still choose another area."""
        self.card.point(lon, lat, self._candidates.area_at(lon, lat))

    def _on_over(self, lon: float, lat: float) -> None:
        """Name the grid under the mouse: the map has no names of its own so near."""
        if self.map is not None:
            self.map.say(way_words(self._session.reference, self._candidates.area_at(lon, lat)))

    def _on_placed(self, case_id: int) -> None:
        if self._asked == case_id:
            self._asked = None
        self._cases.pop(case_id, None)
        self._fill()
        self.list.setFocus()

    def _on_back(self, case_id: int) -> None:
        """It comes back into the list, to be placed anew."""
        self.show_case(case_id)
        self.list.setFocus()

    def _on_unread(self, error: PersonError) -> None:
        if self._read_once:
            self._session.noticed.emit(error.sentence, error.advice)
        else:
            self.calm.say(error.sentence, error.advice, self.tr("再试一次"), self.reader.ask)

    def _on_entities(self, entities: frozenset[str]) -> None:
        if not _BOOK_NEWS.isdisjoint(entities):
            self._candidates.outdate()

    def _open(self) -> None:
        if isinstance(self.list.key, int):
            self.opened.emit(self.list.key)

    def _say(self) -> None:
        say_nothing(
            self.calm,
            self._session,
            read=self._read_once,
            reading=self.tr("正在读待定位的工单…"),
            none=self.tr("没有待定位的工单"),
            advice=self.tr("受理和导入时定不了区域的，会列在这里"),
        )

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
        shortcut(self, "Ctrl+Z", self.placings.undo)

    def _to_map(self) -> None:
        if self.map is not None:
            self.map.setFocus()

    def _arrange(self) -> None:
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
        stand_beside(self, self._side, self._room, least=330)
