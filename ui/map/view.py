"""The map as a widget: keeps a canvas true to the mirror, and turns slots back into cases."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor, QCursor, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from commandcenter.clock import Clock, SystemClock
from commandcenter.live.mirror import Mirror
from ui.map import shading
from ui.map.areas import MapArea, middle
from ui.map.canvas import Canvas
from ui.map.feeder import Feeder
from ui.map.lines import MapLine
from ui.map.overlay import Overlay, overlay_qss
from ui.map.points import Origin, Points
from ui.map.shading import Shade, Tokens
from ui.map.stage import Stage
from ui.map.tints import TownTints

COUNT_MS = 1_000


class MapView(QWidget):
    """A live map of the mirror's cases. Cheap until `start`; `close_map` before the window goes.

    With `native` (or where the web engine cannot run) a canvas without the web engine is used.
    """

    case_clicked = Signal(object)  # case id (beyond 32 bits, so no int signal)
    cases_boxed = Signal(list)  # case ids
    hovered = Signal(object)  # case id or None
    painted = Signal(int)  # sequence number of the load or delta now completely in the picture

    def __init__(
        self, mirror: Mirror, parent: QWidget | None = None, *, native: bool = False, clock: Clock | None = None
    ) -> None:
        super().__init__(parent)
        self.mirror = mirror
        self.dense = False
        self.with_legend = True
        """Whether the legend lies over the map; without, somebody else says what shapes and tints mean."""
        self._clock = clock or SystemClock()
        self._points = Points(mirror, Origin(0.0, 0.0))
        self._selected: int | None = None
        self._outlined = True
        self._tints = TownTints()
        self._stage = Stage(self, self._points, self._tints, native=native)
        self._stage.opened.connect(self._open)
        self._stage.ready.connect(self._on_ready)
        self._feeder = Feeder(self._points, self._clock, self.isVisible, self)
        self._feeder.sent.connect(self._on_sent)
        self._feeder.emptied.connect(self._tints.forget)
        self._count_timer = QTimer(self, interval=COUNT_MS, singleShot=True)
        self._count_timer.timeout.connect(self._count)
        self._overlay = Overlay(self)
        self.bar, self.legend = self._overlay.bar, self._overlay.legend
        self._say()
        self.bar.shade_chosen.connect(self.set_shade)
        self.bar.layers_chosen.connect(self._stage.show_layers)
        self.bar.fit_asked.connect(self.fit)
        self.setMinimumSize(160, 120)

    # What the desk asks for.

    def start(self) -> None:
        """Bring the canvas up; call after the window's first paint, and after `set_theme`. Again does nothing."""
        self._stage.start()

    def set_areas(self, areas: Sequence[MapArea]) -> None:
        """Replace the areas and show all of them."""
        self._tints.areas = list(areas)
        at = middle(self._tints.areas)
        self._outlined = at is not None
        if at:
            self._points.origin = Origin(*at)
        self._say()
        self._place()
        self._send_all()

    def _say(self) -> None:
        """In words why there is no land to see; nothing once there is."""
        why = "" if self._outlined else self.tr("还没有区域轮廓，请管理员先录入")
        self._overlay.say(why if self._stage.live else self.tr("地图正在打开…"))

    def set_theme(self, tokens: Tokens | Any, unit: float = 1.0) -> None:
        """Recolour everything by a mapping or dataclass of roles; `unit` scales type and dots (1 at a desk)."""
        tokens = tokens if isinstance(tokens, Mapping) else dataclasses.asdict(tokens)
        self.setStyleSheet(overlay_qss(tokens, unit))
        self.legend.show_grades(tokens)
        self._stage.show_theme(tokens, unit)
        self._shade_towns()
        self.update()

    def set_filter(self, slots: Iterable[int] | NDArray[np.int64] | None) -> None:
        """Show and count only these slots; None shows all. Cases that come later are hidden until asked for again."""
        changed = self._points.choose(slots)
        if len(changed) and not self._feeder.whole_is_due:
            self._tints.forget()
            self._feeder.change(changed)

    def set_shade(self, shade: Shade) -> None:
        """Tint the towns by another figure."""
        self._tints.choose(shade)
        self.bar.show_shade(shade)
        self._count()

    def select(self, case_id: int | None, pan: bool = False) -> None:
        """Ring around a case; `pan` brings it into the picture. An unplaced or unknown case has no ring."""
        self._selected = case_id
        self._send_ring(pan=pan)

    def set_lines(self, lines: Sequence[MapLine]) -> None:
        """Draw these lines over the cases, and no others."""
        if list(lines) != self._stage.lines:
            self._stage.show_lines(list(lines))
            self.legend.show_calls(bool(lines))
            self._place()

    def fit(self) -> None:
        """Show the whole county."""
        if self._stage.live:
            self._stage.live.fit()

    @property
    def canvas(self) -> Canvas | None:
        """The one that draws, from `start` on."""
        return self._stage.canvas

    @property
    def sequence(self) -> int:
        """The number of the picture that was sent last."""
        return self._feeder.sequence

    @property
    def complete(self) -> bool:
        """Whether the picture shows all that was sent."""
        return 0 < self._feeder.sequence <= self._feeder.painted

    def refresh_lamps(self) -> None:
        """Redraw the cases whose lamp has moved by time alone."""
        self._feeder.refresh_lamps()

    def close_map(self) -> None:
        """Stop following the mirror and let go of the canvas; call before the widget is destroyed. Again does nothing."""
        self._feeder.close()
        self._count_timer.stop()
        self._stage.close()

    # From the mirror to the canvas.

    def _open(self, canvas: Canvas) -> None:
        self._feeder.rest()  # from the one before, which has gone
        told = canvas.told
        told.painted.connect(self._canvas_painted)
        told.crowded.connect(self._canvas_crowded)
        told.clicked.connect(self._slot_clicked)
        told.boxed.connect(self._slots_boxed)
        told.hovered.connect(self._slot_hovered)
        self._place()
        app = QApplication.instance()
        assert app
        app.aboutToQuit.connect(self.close_map)

    def _on_ready(self) -> None:
        self._canvas_crowded(on=False)
        self._say()
        self.legend.setVisible(self.with_legend)
        self._count()
        self._place()  # first, so that the county is fitted beside the legend
        self._send_all()

    def _send_all(self) -> None:
        self._feeder.send_whole()
        self._stage.send()
        if self._stage.live:
            self._feeder.begin(self._stage.live)

    def _send_ring(self, *, pan: bool) -> None:
        if self._stage.live:
            slot = None if self._selected is None else self.mirror.slot_of(self._selected)
            self._stage.live.choose(-1 if slot is None else slot, pan=pan)

    def _on_sent(self) -> None:
        self._send_ring(pan=False)
        if not self._tints.limits:  # a new whole: its figures belong to it at once
            self._count()
        elif not self._count_timer.isActive():
            self._count_timer.start()

    # Counts, tints and the legend.

    def _count(self) -> None:
        self.legend.show_totals(*self._tints.count(self._points, known=not self._feeder.whole_is_due))
        self._shade_towns()

    def _shade_towns(self) -> None:
        if self._stage.tokens is None or (tinted := self._tints.tint(self._stage.tokens)) is None:
            return
        tints, is_other = tinted
        self.legend.show_ground(self.bar.names[self._tints.shade], self._tints.limits if tints else (), tints)
        self._place()
        if is_other:
            self._stage.send_fills()

    # From the canvas to the desk.

    def _canvas_painted(self, sequence: int, _milliseconds: float) -> None:
        self._feeder.has_painted(sequence)
        self.painted.emit(sequence)

    def _canvas_crowded(self, on: bool) -> None:
        self.dense = on
        if self._stage.tokens is not None:
            self.legend.show_crowd(on, shading.look(self._stage.tokens)["density"])
        self._place()

    def _slot_clicked(self, slot: int) -> None:
        if (case_id := self._points.case_at(slot)) is not None:
            self.case_clicked.emit(case_id)

    def _slots_boxed(self, slots: NDArray[np.int64]) -> None:
        self.cases_boxed.emit(self._points.cases_at(slots))

    def _slot_hovered(self, slot: int) -> None:
        self.hovered.emit(self._points.case_at(slot))
        QToolTip.showText(QCursor.pos(), self._points.words_at(slot), self)

    # Qt.

    def _place(self) -> None:
        if self.canvas:
            self.canvas.setGeometry(self.rect())
        self._stage.show_room(self._overlay.place(self.rect()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._feeder.soon()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The calm ground before the canvas is up."""
        super().paintEvent(event)
        if self._stage.tokens is not None:
            QPainter(self).fillRect(event.rect(), QColor(shading.look(self._stage.tokens)["sea"]))
