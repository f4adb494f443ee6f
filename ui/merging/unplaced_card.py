"""The case that is being placed: what is written, what it may mean, what is chosen, and one key to save it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.session import Session
from ui.widgets import words
from ui.widgets.area_words import way, way_words
from ui.widgets.field_box import FieldBox
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import plain_label
from ui.widgets.story import clock_words
from ui.widgets.type_ahead import TypeAhead

if TYPE_CHECKING:
    from commandcenter.services.placing import Guess, Unplaced


@dataclass(frozen=True, slots=True)
class Choice:
    """Where the case is to be: an area, a point (both degrees or neither), words; `by_hand`: the point was pointed at."""

    area_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    place: str = ""
    by_hand: bool = False


class UnplacedCard(QWidget):
    """``saved(Unplaced, Choice)``: it is to be written; ``looked(Choice)``: to be shown on the map."""

    saved = Signal(object, object)
    looked = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._case: Unplaced | None = None
        self.guesses: tuple[Guess, ...] = ()
        self.choice = Choice()
        self.threshold = 0.0
        """How sure the surest candidate must be for Enter to take it without a look."""
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.number, self.written = (plain_label(self, role) for role in ("title", "quiet", "normal"))
        self.content = plain_label(self, "normal", selectable=True)
        self.heading = plain_label(self, "strong")
        self.buttons: list[QPushButton] = []
        self._rows = QWidget(self)
        self._column = QVBoxLayout(self._rows)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.area = TypeAhead(self._areas, self)
        self.place = QLineEdit(self)
        self.chosen = plain_label(self, "strong")
        self.consequence = plain_label(self, "quiet")
        self.problem = plain_label(self, "bad")
        self.save_button = QPushButton(self.tr("保存位置 Ctrl+Enter"), self)
        self.save_button.setProperty("role", "primary")
        self.open_button = QPushButton(self.tr("看工单 O"), self)
        self._arrange()
        self.area.picked.connect(self._on_area)
        self.area.returnPressed.connect(self.save)
        self.place.textEdited.connect(lambda text: self._set(replace(self.choice, place=text.strip()), look=False))
        self.place.returnPressed.connect(self.save)
        self.save_button.clicked.connect(self.save)
        session.reference_changed.connect(self.area.reload)

    def show_case(self, case: Unplaced, guesses: tuple[Guess, ...]) -> None:
        """Show a case with what it may mean; what is half chosen for the same case stays."""
        same = self._case is not None and self._case.id == case.id
        self._case = case
        if same and guesses == self.guesses:
            return
        reference = self._session.reference
        channel = reference.channels.get(case.channel_id)
        self.title.setText(case.title)
        parts = (
            case.number,
            words.state_word(case.state),
            channel.name if channel else "",
            clock_words(case.received_at),
        )
        self.number.setText(" · ".join(part for part in parts if part))
        self.written.setText(self.tr("写的地点：%s") % (case.place or self.tr("没有写")))
        self.content.setText(case.content)
        self.guesses = guesses
        self._show_guesses()
        if not same:
            self.place.setText(case.place)
            self.area.set_value(None)  # not the area of the case before
            self.say("")
            self._set(Choice(case.area_id, case.lon, case.lat))
        if guesses:
            self._choose(guesses[0])

    def take_best(self) -> None:
        """Save what was pointed at, or the surest candidate, if it is sure enough."""
        if self.choice.by_hand:
            self.save()
        elif self.guesses and self.guesses[0].score < self.threshold:
            self.say(self.tr("第一个候选只有 %d%% 的把握：看过以后按数字键选定") % (self.guesses[0].score * 100))
        else:
            self.take(0)

    def take(self, number: int) -> None:
        """Save that candidate, counted from the surest."""
        if number < len(self.guesses):
            self._choose(self.guesses[number])
            self.save()
        else:
            self.say(self.tr("没有这个候选：在地图上点一下，或输入区域"))

    def point(self, lon: float, lat: float, area_id: int | None) -> None:
        """Take a point of the map, and the grid in which it lies."""
        self._set(replace(self.choice, lon=lon, lat=lat, area_id=area_id or self.choice.area_id, by_hand=True))
        self.say("" if area_id is not None else self.tr("这一点不在任何网格内：请另点一处，或再选一个区域"))

    def save(self) -> None:
        """Hand out what is chosen, or say what is missing."""
        if self._case is None:
            return
        if self.area.is_unknown():
            self.say(self.tr("没有这个区域，请从列出的里面选"))
        elif self.choice.area_id is None:
            self.say(self.tr("请先选一个候选、在地图上点一下，或输入区域"))
        else:
            self.say("")
            said = self.place.text().strip()
            self.saved.emit(self._case, replace(self.choice, place="" if said == self._case.place else said))

    def say(self, problem: str) -> None:
        """Why it was not saved; what is chosen stays."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def _choose(self, guess: Guess) -> None:
        self._set(replace(self.choice, area_id=guess.area_id, lon=guess.lon, lat=guess.lat, by_hand=False))

    def _on_area(self, area_id: int | None) -> None:
        if area_id is not None and area_id != self.choice.area_id:
            # a point elsewhere does not go with an area chosen by name; one that was pointed at stays
            kept = self.choice if self.choice.by_hand else replace(self.choice, lon=None, lat=None)
            self._set(replace(kept, area_id=area_id))

    def _set(self, choice: Choice, *, look: bool = True) -> None:
        self.choice = choice
        area = self._session.reference.areas.get(choice.area_id or 0)
        town = next((each for each in self._session.reference.towns if area and area.path.startswith(each.path)), None)
        where = " › ".join(dict.fromkeys(each.name for each in (town, area) if each is not None))
        point = f"{choice.lon:.5f}, {choice.lat:.5f}" if choice.lon is not None and choice.lat is not None else ""
        self.chosen.setText("　".join(part for part in (where or self.tr("还没有选"), point) if part))
        self.consequence.setText(self._consequence(town.name if town is not None else ""))
        if area is not None and self.area.value() != area.id:
            self.area.set_value(area.id)
        if look:
            self.looked.emit(choice)

    def _consequence(self, town: str) -> str:
        if not town:
            return ""
        unit = (
            self._session.mirror.unit[slot]
            if self._case and (slot := self._session.mirror.slot_of(self._case.id)) is not None
            else 0
        )
        lead = self._session.reference.units.get(int(unit))
        stays = self.tr("；承办仍是%s，要换请改派") % lead.name if lead is not None else ""
        return self.tr("保存后%s看得到这件工单，时限不变%s") % (town, stays)

    def _show_guesses(self) -> None:
        for button in self.buttons:
            self._column.removeWidget(button)
            button.deleteLater()
        self.buttons = []
        for number, guess in enumerate(self.guesses):
            point = self.tr("有坐标") if guess.lon is not None else self.tr("只到区域")
            where = "，".join(part for part in (self._above(guess), point) if part)
            button = QPushButton(
                f"{number + 1}　{guess.name}　{guess.score * 100:.0f}%\n{where}；{guess.reason}", self._rows
            )
            button.setProperty("role", "row")
            button.setStyleSheet("text-align: left;")
            button.setSizePolicy(
                QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed
            )  # long reasons are cut, not the card
            button.setToolTip(f"{where}；{guess.reason}")
            button.clicked.connect(partial(self._choose, guess))
            self._column.addWidget(button)
            self.buttons.append(button)
        if not self.guesses:
            self.heading.setText(self.tr("地名库里没有找到，请在地图上点一下，或输入区域"))
        elif self.guesses[0].score < self.threshold:
            self.heading.setText(self.tr("把握都不大，看过以后按数字键选定"))
        else:
            self.heading.setText(self.tr("可能在（回车取第一个，数字键取第几个）"))

    def _above(self, guess: Guess) -> str:
        """Town and community of a candidate: names come more than once."""
        over = [each for each in way(self._session.reference, guess.area_id) if each.level in {"town", "community"}]
        return "".join(each.name for each in over if each.name != guess.name)

    def _areas(self) -> list[tuple[str, int]]:
        reference = self._session.reference
        areas = sorted(reference.areas.values(), key=lambda each: each.path)
        return [(way_words(reference, area.id), area.id) for area in areas if area.level != "county"]

    def _arrange(self) -> None:
        inside = QWidget()
        inside.setProperty("surface", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 14, 18, 8)
        column.setSpacing(10)
        for widget in (self.title, self.number, self.written, self.content, self.heading, self._rows):
            column.addWidget(widget)
        column.addWidget(FieldBox(self.tr("区域（A）"), self.area, inside))
        column.addWidget(FieldBox(self.tr("地点的文字"), self.place, inside))
        column.addStretch(1)
        self.problem.hide()
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        foot = QVBoxLayout()  # always in sight
        foot.setContentsMargins(18, 8, 18, 12)
        foot.setSpacing(6)
        for label in (self.chosen, self.consequence, self.problem):
            foot.addWidget(label)
        tools = QWidget(self)
        row = FlowLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.save_button)
        row.addWidget(self.open_button)
        foot.addWidget(tools)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addLayout(foot)
