"""The map in a real window with a real web engine: what is drawn, what a hand on the mouse gets back."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from commandcenter.clock import FixedClock
from commandcenter.domain.moment import moment_at
from commandcenter.live.mirror import Mirror, Rows
from tests.ui.map_county import HOUR, NOW, county, rows
from ui.map.environment import prepare_environment
from ui.map.lines import MapLine
from ui.map.shading import Shade
from ui.map.view import MapView
from ui.map.web import WebCanvas
from ui.theme.tokens import DAY, NIGHT

prepare_environment()
pytestmark = pytest.mark.web_engine

SIZE = 900, 700
EAST = 0.02
"""Degrees that are well apart on the screen, at the scale of the whole county."""


def near_middle(ids: list[int], grades: list[int], shift: float = 0.0, version: int = 1) -> Rows:
    """Cases side by side from the middle of the county eastward, none of them due soon."""
    count = len(ids)
    lon = 122.42 + EAST * np.arange(count) + shift
    due = np.full(count, NOW + 90 * HOUR)
    return rows(
        np.array(ids), lon, np.full(count, 37.06), np.array(grades), np.full(count, 118), due, due - HOUR, version
    )


@pytest.fixture(params=["web", "native"])
def view(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[MapView]:
    """A shown map of five cases, ids 10 to 50, one of each grade; all but the picture's canvas is the same."""
    mirror = Mirror()
    mirror.reset(near_middle([10, 20, 30, 40, 50], [0, 1, 2, 3, 4]))
    made = MapView(mirror, native=request.param == "native", clock=FixedClock(moment_at(NOW)))
    made.set_theme(DAY)
    made.set_areas(county().areas)
    made.resize(*SIZE)
    made.show()
    with qtbot.waitSignal(made.painted, timeout=15_000):
        made.start()
    yield made
    made.close_map()
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def picture(view: MapView) -> QImage:
    """What is on the screen."""
    return view.grab().toImage()


def spot(image: QImage, colour: str) -> QPoint:
    """The middle of all pixels near to `colour`, legend and bar left out."""
    found = spots(image, colour)
    assert len(found), f"nothing in {colour}"
    return QPoint(*np.round(found.mean(axis=0)).astype(int).tolist())


def spots(image: QImage, colour: str) -> np.ndarray:
    """x, y of all pixels near to `colour` in the part of the picture that has no legend and no bar."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = pixels[:, : image.width() * 4].reshape(image.height(), image.width(), 4)[:, :, 2::-1].astype(int)
    want = np.array(QColor(colour).getRgb()[:3])
    close = np.abs(pixels - want).max(axis=2) < 14
    close[:60, :420] = False
    close[-140:, :420] = False
    y, x = np.nonzero(close)
    return np.column_stack([x, y])


def target(view: MapView) -> QWidget:
    """The widget that takes the mouse."""
    inner = view.canvas.findChild(QWidget, "", Qt.FindChildOption.FindChildrenRecursively)
    deepest = view.canvas
    while inner is not None:
        deepest, inner = inner, inner.focusProxy()
    return deepest


def mouse(view: MapView, kind: QEvent.Type, at: QPoint, held: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
    """One mouse event at a place of the map, as the window system would bring it."""
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    widget = target(view)
    place = QPointF(widget.mapFrom(view, at))
    event = QMouseEvent(kind, place, QPointF(view.mapToGlobal(at)), button, held, keys)
    QApplication.sendEvent(widget, event)


def click(view: MapView, at: QPoint) -> None:
    """Press and release."""
    none = Qt.KeyboardModifier.NoModifier
    mouse(view, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, none)
    mouse(view, QEvent.Type.MouseButtonPress, at, Qt.MouseButton.LeftButton, none)
    mouse(view, QEvent.Type.MouseButtonRelease, at, Qt.MouseButton.NoButton, none)


def drag_box(view: MapView, first: QPoint, last: QPoint) -> None:
    """Shift and drag from one corner to the other."""
    shift = Qt.KeyboardModifier.ShiftModifier
    mouse(view, QEvent.Type.MouseButtonPress, first, Qt.MouseButton.LeftButton, shift)
    for part in (0.3, 0.7, 1.0):
        mouse(view, QEvent.Type.MouseMove, first + (last - first) * part, Qt.MouseButton.LeftButton, shift)
    mouse(view, QEvent.Type.MouseButtonRelease, last, Qt.MouseButton.NoButton, shift)


def test_a_click_names_the_case_under_the_cursor(view: MapView, qtbot: QtBot) -> None:
    for case_id, colour in zip((10, 30, 50), (DAY.grades[0], DAY.grades[2], DAY.grades[4]), strict=True):
        with qtbot.waitSignal(view.case_clicked, timeout=5000) as told:
            click(view, spot(picture(view), colour))
        assert told.args == [case_id]


def test_a_click_beside_all_cases_names_none(view: MapView, qtbot: QtBot) -> None:
    at = spot(picture(view), DAY.grades[0])
    spy = QSignalSpy(view.case_clicked)
    click(view, at + QPoint(-60, 40))
    with qtbot.waitSignal(view.case_clicked, timeout=5000) as told:
        click(view, at)  # answered after the first click: had that named a case, it would have come before
    assert (spy.count(), told.args) == (1, [10])


def test_hovering_tells_the_case_and_then_that_it_was_left(view: MapView, qtbot: QtBot) -> None:
    at = spot(picture(view), DAY.grades[1])
    for place, case_id in ((at, 20), (at + QPoint(0, 50), None)):
        with qtbot.waitSignal(view.hovered, timeout=5000) as told:
            mouse(view, QEvent.Type.MouseMove, place, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)
        assert told.args == [case_id]


def test_a_box_holds_exactly_the_cases_inside(view: MapView, qtbot: QtBot) -> None:
    image = picture(view)
    first, last = spot(image, DAY.grades[1]), spot(image, DAY.grades[3])
    for corners in ((first - QPoint(7, 9), last + QPoint(7, 9)), (last + QPoint(7, -9), first + QPoint(-7, 9))):
        with qtbot.waitSignal(view.cases_boxed, timeout=5000) as told:
            drag_box(view, *corners)
        assert sorted(told.args[0]) == [20, 30, 40]


def test_a_delta_moves_removes_and_adds_points(view: MapView, qtbot: QtBot) -> None:
    before = picture(view)
    red, green = spot(before, DAY.grades[0]), spot(before, DAY.grades[4])
    with qtbot.waitSignal(view.painted, timeout=5000):
        view.mirror.apply(near_middle([10], [0], shift=-EAST, version=2), gone=[50])
    after = picture(view)
    moved = spot(after, DAY.grades[0])
    assert abs(moved.y() - red.y()) <= 1
    assert abs((red.x() - moved.x()) - (spot(after, DAY.grades[1]).x() - red.x())) <= 1
    assert len(spots(after, DAY.grades[4])) == 0
    with qtbot.waitSignal(view.painted, timeout=5000):
        view.mirror.apply(near_middle([60, 61, 62, 63, 70], [2, 2, 2, 2, 4]))
    assert (spot(picture(view), DAY.grades[4]) - green).manhattanLength() <= 1
    with qtbot.waitSignal(view.case_clicked, timeout=5000) as told:
        click(view, green)
    assert told.args == [70]


def test_a_filter_hides_the_others_and_counts_the_rest(view: MapView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.painted, timeout=5000):
        view.set_filter([view.mirror.slot_of(20)])
    image = picture(view)
    assert len(spots(image, DAY.grades[1])) > 10
    assert all(len(spots(image, DAY.grades[grade])) == 0 for grade in (0, 3, 4))
    assert "未结 1<" in view.legend.totals.text()
    with qtbot.waitSignal(view.painted, timeout=5000):
        view.set_filter(None)
    assert all(len(spots(picture(view), DAY.grades[grade])) > 10 for grade in (0, 1, 3, 4))


def test_lamps_move_by_time_alone_and_change_the_shape(view: MapView, qtbot: QtBot) -> None:
    circle = len(spots(picture(view), DAY.grades[0]))
    view._clock.moment = moment_at(NOW + 91 * HOUR)
    with qtbot.waitSignal(view.painted, timeout=5000):
        view.refresh_lamps()
    assert len(spots(picture(view), DAY.grades[0])) > circle * 1.15  # a square covers more than its circle
    qtbot.waitUntil(lambda: "超期 5" in view.legend.totals.text(), timeout=5000)


def test_the_theme_recolours_everything(view: MapView, qtbot: QtBot) -> None:
    view.set_theme(NIGHT)
    with qtbot.waitSignal(view.painted, timeout=5000):
        view.mirror.apply(near_middle([10], [0], version=3))
    image = picture(view)
    assert len(spots(image, NIGHT.grades[0])) > 10
    assert len(spots(image, DAY.grades[0])) == 0
    assert QColor(image.pixel(SIZE[0] - 5, SIZE[1] // 2)).lightness() < 60


def test_the_selected_case_wears_a_ring(view: MapView, qtbot: QtBot) -> None:
    at = spot(picture(view), DAY.grades[0])
    assert len(spots(picture(view), DAY.accent)) == 0
    view.select(10, pan=True)
    with qtbot.waitSignal(view.painted, timeout=5000):
        view.mirror.apply(near_middle([10], [0], version=2))
    ring = spots(picture(view), DAY.accent)
    assert len(ring) > 40
    assert np.abs(ring.mean(axis=0) - [at.x(), at.y()]).max() <= 1.5


def test_hiding_the_cases_leaves_the_ground(view: MapView, qtbot: QtBot) -> None:
    view.bar.points_button.click()
    with qtbot.waitSignal(view.painted, timeout=5000):
        view.mirror.apply(near_middle([10], [0], version=2))
    assert all(len(spots(picture(view), colour)) == 0 for colour in DAY.grades)


def test_a_hidden_map_catches_up_when_it_is_shown(view: MapView, qtbot: QtBot) -> None:
    view.hide()
    spy = QSignalSpy(view.painted)
    view.mirror.apply(near_middle([10], [4], version=2))
    qtbot.wait(200)
    assert spy.count() == 0
    with qtbot.waitSignal(view.painted, timeout=5000):
        view.show()
    assert len(spots(picture(view), DAY.grades[0])) == 0


def test_closing_leaves_no_warnings(view: MapView, qtlog: object) -> None:
    view.close_map()
    view.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    assert [record.message for record in qtlog.records] == []


def test_selecting_a_case_out_of_sight_brings_it_into_sight(view: MapView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.painted, timeout=5000):
        view.mirror.apply(near_middle([90], [0], shift=0.9))
    view.select(90, pan=True)
    with qtbot.waitSignal(view.painted, timeout=5000):
        view.mirror.apply(near_middle([90], [0], shift=0.9, version=2))
    image = picture(view)
    ring = spots(image, DAY.accent).mean(axis=0)
    assert np.abs(ring - spots(image, DAY.grades[0]).mean(axis=0)).max() <= 1.5
    assert np.abs(ring - [SIZE[0] / 2, SIZE[1] / 2]).max() <= 3


def test_the_bar_is_reached_and_pressed_by_keyboard(view: MapView, qtbot: QtBot) -> None:
    view.bar.points_button.setFocus()
    with qtbot.waitSignal(view.bar.layers_chosen, timeout=5000) as told:
        qtbot.keyClick(view.bar.points_button, Qt.Key.Key_Space)
    assert told.args == [False, False, True]
    qtbot.keyClick(view.bar.points_button, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is view.bar.density_button


def test_the_shade_chosen_names_its_figure_in_the_legend(view: MapView) -> None:
    for shade, words in ((Shade.OVERDUE, "超期"), (Shade.PER_PEOPLE, "每万人未结"), (Shade.OPEN, "未结")):
        view.bar.shade_chosen.emit(shade)
        assert f"底色：{words}" in view.legend.ground.text()
        assert view.bar.shade_button.text() == f"图层：镇街 · {words} ▾"


def test_the_legend_says_what_lines_are_while_there_are_any(view: MapView) -> None:
    assert view.legend.calls.isHidden()
    view.set_lines([MapLine((122.42, 37.03), (122.44, 37.03), there=False, late=False)])
    assert not view.legend.calls.isHidden()
    assert "还没到" in view.legend.calls.text()
    assert view.rect().contains(view.legend.geometry())
    view.set_lines([])
    assert view.legend.calls.isHidden()


def test_dragging_takes_the_picture_along(view: MapView, qtbot: QtBot) -> None:
    red = spot(picture(view), DAY.grades[0])
    start, none = red + QPoint(-40, 60), Qt.KeyboardModifier.NoModifier
    mouse(view, QEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton, none)
    for step in (10, 30, 60):
        mouse(view, QEvent.Type.MouseMove, start + QPoint(step, 0), Qt.MouseButton.LeftButton, none)
    with qtbot.waitSignal(view.painted, timeout=5000):
        view.mirror.apply(near_middle([10], [0], version=2))
    moved = spot(picture(view), DAY.grades[0])
    mouse(view, QEvent.Type.MouseButtonRelease, start + QPoint(60, 0), Qt.MouseButton.NoButton, none)
    assert abs(moved.x() - red.x() - 60) <= 4
    assert abs(moved.y() - red.y()) <= 1


def test_without_outlines_the_map_says_so_and_still_takes_clicks(view: MapView) -> None:
    told = view.findChild(QLabel, "mapWaiting")
    assert told is not None
    assert not told.isVisible()
    view.set_areas([])
    assert told.isVisible()
    assert "区域轮廓" in told.text()
    assert view.rect().contains(told.geometry())
    assert told.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    view.set_areas(county().areas)
    assert not told.isVisible()


def test_a_line_runs_from_place_to_place_at_any_pixel_ratio(qtbot: QtBot, view: MapView) -> None:
    if isinstance(view.canvas, WebCanvas):
        view.canvas.page.setZoomFactor(2)  # to the page the same as a screen of twice as many pixels
    view.set_lines([MapLine((122.42, 37.03), (122.42 + 4 * EAST, 37.03), there=True, late=False)])

    def drawn() -> None:
        image = picture(view)
        red, green = (spot(image, DAY.grades[grade]) for grade in (0, 4))
        line = spots(image, DAY.accent)
        below = line[line[:, 1] > red.y() + 12]
        assert len(below) > 40
        assert abs(below[:, 0].min() - red.x()) <= 6
        assert abs(below[:, 0].max() - green.x()) <= 10  # the mark where it ends is round
        assert np.ptp(below[:, 1]) <= 14

    qtbot.waitUntil(drawn, timeout=15_000)
