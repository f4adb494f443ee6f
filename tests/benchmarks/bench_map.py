"""How fast the map is: everything from the mirror to the picture, and a few changes to the picture.

References are measured in the same run on the same machine, so that the ratios mean something elsewhere:
`map.load` against the way folium itself offers (a CircleMarker per case; 2,000 of them measured, scaled linearly,
which flatters folium), `map.delta` against a delta that changes nothing (the way there and back and one redraw).
"""

import statistics
import time
from collections.abc import Callable

import folium
import numpy as np
from PySide6.QtCore import QEventLoop, QTimer, QUrl
from PySide6.QtWidgets import QApplication

from commandcenter.clock import FixedClock
from commandcenter.domain.moment import moment_at
from commandcenter.live.mirror import Mirror, Rows
from tests.ui.map_county import NOW, cases, county
from ui.map.environment import prepare_environment
from ui.map.page import offline_map
from ui.map.view import MapView
from ui.theme.tokens import DAY

FOLIUM_MARKERS = 2_000
TIMEOUT_MS = 60_000


def _seconds(signal: object, act: Callable[[], object]) -> float:
    """Time from the start of `act` until `signal` came."""
    loop = QEventLoop()
    guard = QTimer(singleShot=True)
    guard.timeout.connect(lambda: loop.exit(1))
    signal.connect(loop.quit)
    guard.start(TIMEOUT_MS)
    began = time.perf_counter()
    act()
    failed = loop.exec()
    took = time.perf_counter() - began
    signal.disconnect(loop.quit)
    if failed:
        raise TimeoutError
    return took


def _pause(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _some(rows: Rows, take: np.ndarray, version: int, shift: float) -> Rows:
    numbers = {name: column[take].copy() for name, column in rows.numbers.items()}
    numbers["version"][:] = version
    numbers["lon"] += shift
    numbers["grade"] = (numbers["grade"] + version) % 5
    return Rows(numbers, {name: [texts[at] for at in take.tolist()] for name, texts in rows.texts.items()})


def _folium_seconds(view: MapView, rows: Rows) -> float:
    """Build and load a plain folium page of CircleMarkers through the same scheme and engine."""
    page = view.canvas.page
    began = time.perf_counter()
    made = offline_map(prefer_canvas=True)
    lon, lat = rows.numbers["lon"][:FOLIUM_MARKERS], rows.numbers["lat"][:FOLIUM_MARKERS]
    for place in zip(lat.tolist(), lon.tolist(), strict=True):
        folium.CircleMarker(place, radius=3).add_to(made)
    html = made.get_root().render().encode()
    built = time.perf_counter() - began
    path = view.canvas.scheme.publish(html, b"text/html")
    return built + _seconds(page.loadFinished, lambda: page.load(QUrl(f"cc://app{path}")))


def run(quick: bool = False) -> list[dict[str, object]]:
    """Measure; `quick` uses a tenth of the cases and few rounds. Values are milliseconds."""
    prepare_environment()
    app = QApplication.instance() or QApplication(["bench_map"])
    count, rounds = (30_000, 8) if quick else (300_000, 40)
    rows = cases(count)
    mirror = Mirror()
    view = MapView(mirror, clock=FixedClock(moment_at(NOW)))
    view.set_theme(DAY)
    view.resize(1920, 1000)
    view.set_areas(county().areas)
    view.show()
    _seconds(view.painted, view.start)
    _pause(300)
    loads = []
    for _ in range(3):
        loads.append(_seconds(view.painted, lambda: mirror.reset(rows)))
        _pause(300)
    rng = np.random.default_rng(3)
    deltas, empty = [], []
    for turn in range(rounds):
        some = _some(rows, rng.choice(count, 100, replace=False), turn + 2, 0.001)
        deltas.append(_seconds(view.painted, lambda some=some: mirror.apply(some)))
        _pause(150)
        same = _some(rows, np.array([0]), 0, 0.0)
        same.numbers["id"][:] = mirror.id[0]
        for name in same.numbers:
            same.numbers[name][:] = getattr(mirror, name)[0]
        empty.append(_seconds(view.painted, lambda same=same: mirror.apply(same)))
        _pause(150)
    markers = _folium_seconds(view, rows) * count / FOLIUM_MARKERS
    view.close_map()
    view.close()
    view.deleteLater()
    app.processEvents()
    return [
        _line("map.load", statistics.median(loads), f"folium CircleMarkers, {FOLIUM_MARKERS} scaled", markers),
        _line(
            "map.delta",
            float(np.quantile(deltas, 0.95)),
            "redraw without a change, p95",
            float(np.quantile(empty, 0.95)),
        ),
    ]


def _line(what: str, seconds: float, reference: str, reference_seconds: float) -> dict[str, object]:
    return {
        "id": what,
        "value": round(seconds * 1000, 1),
        "unit": "ms",
        "reference": reference,
        "reference_value": round(reference_seconds * 1000, 1),
        "ratio": round(seconds / reference_seconds, 4),
    }


if __name__ == "__main__":
    for line in run():
        print(line)
