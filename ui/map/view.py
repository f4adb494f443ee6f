"""The map as a widget: keeps a canvas true to the mirror, and turns slots back into cases."""

import dataclasses
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QCursor, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolTip, QWidget

from commandcenter.clock import Clock, SystemClock
from commandcenter.domain.case import Lamp
from commandcenter.domain.moment import micros
from commandcenter.live.mirror import Changed, Mirror
from ui.map import shading
from ui.map.areas import MapArea, middle, outlines
from ui.map.canvas import Canvas
from ui.map.lines import MapLine
from ui.map.overlay import LayerBar, Legend, overlay_qss
from ui.map.points import HIDDEN, Origin, Points
from ui.map.shading import Ground, Shade, Tokens, TownCounts

log = logging.getLogger(__name__)

COALESCE_MS = 80
"""Changes are drawn at once when it was quiet for so long, otherwise so often."""
LAMP_MS = 30_000
COUNT_MS = 1_000
IN_FLIGHT = 2
"""Pictures sent and not yet reported as painted; more would only queue up in the page."""
PENDING_MOST = 3_000
"""Lists of changed slots kept before they are merged into one."""
MARGIN = 12


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
        self.sequence, self.dense = 0, False
        self.with_legend = True
        """Whether the legend lies over the map; without, somebody else says what shapes and tints mean."""
        self._native = native
        self._clock = clock or SystemClock()
        self.canvas: Canvas | None = None
        self._ready, self._painted = False, 0
        self._areas: list[MapArea] = []
        self._points = Points(mirror, Origin(0.0, 0.0))
        self._tokens: Tokens | None = None
        self._unit = 1.0
        self._selected: int | None = None
        self._pending: list[NDArray[np.int64]] = []
        self._stale, self._outlined = True, True
        self._ground = Ground()
        self._fills: tuple[dict[int, str], dict[int, int]] = ({}, {})
        self._counts: TownCounts | None = None
        self._layers, self._room = (True, False, True), (0, 0, 0)
        self._lines: list[MapLine] = []
        self._quiet = QElapsedTimer()
        self._flush_timer = self._timer(COALESCE_MS, self._flush, once=True)
        self._count_timer = self._timer(COUNT_MS, self._count, once=True)
        self._lamp_timer = self._timer(LAMP_MS, self.refresh_lamps, once=False)
        self._unsubscribe: Callable[[], None] | None = mirror.subscribe(self._changed)
        self.bar = LayerBar(self)
        self.legend = Legend(self)
        self._waiting = QLabel(self.tr("地图正在打开…"), self)
        self._waiting.setObjectName("mapWaiting")
        self._waiting.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.legend.hide()
        self.bar.shade_chosen.connect(self.set_shade)
        self.bar.layers_chosen.connect(self._set_layers)
        self.bar.fit_asked.connect(self.fit)
        self.setMinimumSize(160, 120)

    def _timer(self, every: int, call: Callable[[], None], *, once: bool) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(every)
        timer.setSingleShot(once)
        timer.timeout.connect(call)
        return timer

    # What the desk asks for.

    def start(self) -> None:
        """Bring the canvas up; call after the window's first paint, and after `set_theme`. Again does nothing."""
        if self.canvas is None:
            self._open(self._make_canvas())

    def set_areas(self, areas: Sequence[MapArea]) -> None:
        """Replace the areas and show all of them."""
        self._areas = list(areas)
        at = middle(self._areas)
        self._outlined = at is not None
        if at:
            self._points.origin = Origin(*at)
        self._say()
        self._place()
        self._send_all()

    def _say(self) -> None:
        """In words why there is no land to see; nothing once there is."""
        self._waiting.setText(self.tr("还没有区域轮廓，请管理员先录入") if self._ready else self.tr("地图正在打开…"))
        self._waiting.setVisible(not (self._ready and self._outlined))

    def set_theme(self, tokens: Tokens | Any, unit: float = 1.0) -> None:
        """Recolour everything by a mapping or dataclass of roles; `unit` scales type and dots (1 at a desk)."""
        self._tokens = tokens = tokens if isinstance(tokens, Mapping) else dataclasses.asdict(tokens)
        self._unit = unit
        self.setStyleSheet(overlay_qss(tokens, unit))
        self.legend.show_grades(tokens)
        self._send_theme()
        self._shade_towns()
        self.update()

    def set_filter(self, slots: Iterable[int] | NDArray[np.int64] | None) -> None:
        """Show and count only these slots; None shows all. Cases that come later are hidden until asked for again."""
        changed = self._points.choose(slots)
        if not self._stale and len(changed):
            self._pending.append(changed)
            self._ground.limits = ()
            self._later()

    def set_shade(self, shade: Shade) -> None:
        """Tint the towns by another figure."""
        self._ground.shade = shade
        self.bar.show_shade(shade)
        self._ground.limits = ()
        self._count()

    def select(self, case_id: int | None, pan: bool = False) -> None:
        """Ring around a case; `pan` brings it into the picture. An unplaced or unknown case has no ring."""
        self._selected = case_id
        self._send_ring(pan=pan)

    def set_lines(self, lines: Sequence[MapLine]) -> None:
        """Draw these lines over the cases, and no others."""
        if lines != self._lines:
            self._lines = list(lines)
            self._send_theme()

    def fit(self) -> None:
        """Show the whole county."""
        if self.canvas and self._ready:
            self.canvas.fit()

    @property
    def complete(self) -> bool:
        """Whether the picture shows all that was sent."""
        return self.sequence > 0 and self._painted >= self.sequence

    def refresh_lamps(self) -> None:
        """Redraw the cases whose lamp has moved by time alone."""
        if self._ready and not self._stale:
            moved = self._points.moved_lamps(micros(self._clock.now()))
            if len(moved):
                self._pending.append(moved)
                self._later()

    def close_map(self) -> None:
        """Stop following the mirror and let go of the canvas; call before the widget is destroyed. Again does nothing."""
        if self._unsubscribe:
            self._unsubscribe()
            self._unsubscribe = None
        for timer in (self._flush_timer, self._count_timer, self._lamp_timer):
            timer.stop()
        self._drop_canvas()

    # From the mirror to the canvas.

    def _make_canvas(self) -> Canvas:
        if not self._native:
            try:
                from ui.map.web import WebCanvas

                return WebCanvas(self)
            except ImportError:
                log.exception("no web engine: the map is drawn natively")
        from ui.map.native import NativeCanvas

        return NativeCanvas(self)

    def _open(self, canvas: Canvas) -> None:
        self.canvas = canvas
        told = canvas.told
        told.ready.connect(self._canvas_ready)
        told.painted.connect(self._canvas_painted)
        told.crowded.connect(self._canvas_crowded)
        told.clicked.connect(self._slot_clicked)
        told.boxed.connect(self._slots_boxed)
        told.hovered.connect(self._slot_hovered)
        told.failed.connect(self._canvas_failed)
        self._place()
        app = QApplication.instance()
        assert app
        app.aboutToQuit.connect(self.close_map)
        canvas.show()  # at once: Chromium puts a page off that nobody can see
        canvas.start()

    def _drop_canvas(self) -> None:
        canvas, self.canvas, self._ready = self.canvas, None, False
        if canvas:
            canvas.shut()
            canvas.deleteLater()

    def _canvas_failed(self, reason: str) -> None:
        log.error("the web map is given up: %s", reason)
        self._native = True
        QTimer.singleShot(0, self, self._swap)

    def _swap(self) -> None:
        self._drop_canvas()
        self.start()

    def _canvas_ready(self) -> None:
        self._ready = True
        self._room = (0, 0, 0)
        self._canvas_crowded(on=False)
        self._lamp_timer.start()
        self._say()
        self.legend.setVisible(self.with_legend)
        self._count()
        self._place()  # first, so that the county is fitted beside the legend
        self._send_all()

    def _send_all(self) -> None:
        self._stale = True
        if not (self.canvas and self._ready):
            return
        self._painted = self.sequence
        self._send_theme()
        self.canvas.show_areas(outlines(self._areas, self._points.origin), self._points.origin)
        self._send_layers()
        self.canvas.show_fills(*self._fills)
        self._flush()

    def _send_theme(self) -> None:
        if self.canvas and self._ready and self._tokens is not None:
            self.canvas.show_theme({**shading.look(self._tokens), "unit": self._unit})
            self.canvas.show_lines([line.as_json(self._points.origin, self._tokens) for line in self._lines])

    def _send_layers(self) -> None:
        if self.canvas and self._ready:
            points, density, fine = self._layers
            self.canvas.show_layers(points=points, density=density, fine=fine)

    def _send_ring(self, *, pan: bool) -> None:
        if self.canvas and self._ready:
            slot = None if self._selected is None else self.mirror.slot_of(self._selected)
            self.canvas.choose(-1 if slot is None else slot, pan=pan)

    def _set_layers(self, points: bool, density: bool, fine: bool) -> None:
        self._layers = (points, density, fine)
        self._send_layers()

    def _changed(self, changed: Changed) -> None:
        if changed.reset:
            self._stale = True
            self._ground.limits = ()
        else:
            self._pending += [changed.inserted, changed.updated, changed.removed]
            if len(self._pending) > PENDING_MOST:  # nobody looks, perhaps for days
                self._pending = [np.unique(np.concatenate(self._pending))]
        self._later()

    def _later(self) -> None:
        if not self._flush_timer.isActive():
            idle = not self._quiet.isValid() or self._quiet.elapsed() >= COALESCE_MS
            self._flush_timer.start(0 if idle else COALESCE_MS)

    def _flush(self) -> None:
        """Send what changed, unless nobody looks or the canvas is still busy: then it is sent when that ends."""
        if not (self.canvas and self._ready) or not self.isVisible() or self.sequence - self._painted >= IN_FLIGHT:
            return
        now = micros(self._clock.now())
        self._quiet.start()
        if self._stale:
            self._stale = False
            self._pending.clear()
            self._send(self.canvas.load, self._points.snapshot(now))
        elif self._pending:
            slots = np.unique(np.concatenate(self._pending))
            self._pending.clear()
            self._send(self.canvas.change, self._points.delta(slots, now))
        else:
            return
        self._send_ring(pan=False)
        if not self._ground.limits:  # a new whole: its figures belong to it at once
            self._count()
        elif not self._count_timer.isActive():
            self._count_timer.start()

    def _send(self, how: Callable[[int, bytes], None], data: bytes) -> None:
        self.sequence += 1
        how(self.sequence, data)

    # Counts, tints and the legend.

    def _count(self) -> None:
        counted = np.zeros(0, np.bool_) if self._stale or not len(self._points.style) else self._points.counted()
        style = self._points.style[: len(counted)]
        overdue = counted & ((style >> 3) & 3 == Lamp.OVERDUE)
        unplaced = counted & (style & HIDDEN != 0)
        self.legend.show_totals(*(int(np.count_nonzero(mask)) for mask in (counted, overdue, unplaced)))
        self._counts = shading.count_towns(self._areas, self.mirror.town[: len(counted)], counted, overdue)
        self._shade_towns()

    def _shade_towns(self) -> None:
        if self._tokens is None or self._counts is None:
            return
        fills, tints = self._ground.fill(self._tokens, self._areas, self._counts)
        self.legend.show_ground(self.bar.names[self._ground.shade], self._ground.limits if tints else (), tints)
        self._place()
        sent = (fills, dict(zip(self._counts.ids.tolist(), self._counts.open.tolist(), strict=True)))
        if sent != self._fills:
            self._fills = sent
            if self.canvas and self._ready:
                self.canvas.show_fills(*sent)

    # From the canvas to the desk.

    def _canvas_painted(self, sequence: int, _milliseconds: float) -> None:
        self._painted = max(self._painted, sequence)
        self.painted.emit(sequence)
        if self._stale or self._pending:
            self._later()

    def _canvas_crowded(self, on: bool) -> None:
        self.dense = on
        if self._tokens is not None:
            self.legend.show_crowd(on, shading.look(self._tokens)["density"])
        self._place()

    def _case_at(self, slot: int) -> int | None:
        alive = 0 <= slot < self.mirror.size and bool(self.mirror.alive[slot])
        return int(self.mirror.id[slot]) if alive else None

    def _slot_clicked(self, slot: int) -> None:
        case_id = self._case_at(slot)
        if case_id is not None:
            self.case_clicked.emit(case_id)

    def _slots_boxed(self, slots: NDArray[np.int64]) -> None:
        slots = slots[slots < self.mirror.size]
        self.cases_boxed.emit(self.mirror.id[slots[self.mirror.alive[slots]]].tolist())

    def _slot_hovered(self, slot: int) -> None:
        case_id = self._case_at(slot)
        self.hovered.emit(case_id)
        texts: dict[str, Any] = self.mirror.texts
        tip = "" if case_id is None else f"{texts['number'][slot]}\n{texts['title'][slot]}\n{texts['place'][slot]}"
        QToolTip.showText(QCursor.pos(), tip.strip(), self)

    # Qt.

    def _place(self) -> None:
        if self.canvas:
            self.canvas.setGeometry(self.rect())
        for part in (self.bar, self.legend):
            part.adjustSize()
            part.raise_()
        self._waiting.adjustSize()
        self._waiting.move(self.rect().center() - self._waiting.rect().center())
        self._waiting.raise_()
        self.bar.move(MARGIN, MARGIN)
        self.legend.move(MARGIN, self.height() - self.legend.height() - MARGIN)
        if self.canvas and self._ready:
            bar, legend = (QSize(0, 0) if part.isHidden() else part.size() for part in (self.bar, self.legend))
            room = (max(bar.width(), legend.width()) + MARGIN, bar.height(), legend.height())
            if room != self._room:
                self._room = room
                self.canvas.show_room(*room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._later()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The calm ground before the canvas is up."""
        super().paintEvent(event)
        if self._tokens is not None:
            QPainter(self).fillRect(event.rect(), QColor(shading.look(self._tokens)["sea"]))
