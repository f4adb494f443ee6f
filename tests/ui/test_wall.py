"""The wall in front of the real database, by its own login."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from PySide6.QtCore import QObject, QPoint, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from commandcenter.clock import FixedClock
from commandcenter.domain.case import Grade, State
from commandcenter.live.desk import Health
from commandcenter.live.needs import needing
from commandcenter.services import cases
from commandcenter.services.figures import Flow
from commandcenter.services.new_report import Citizen, NewReport
from tests.db.county import CATEGORY, COMMUNITY_A, COMMUNITY_B, UNIT_A, UNIT_B
from tests.patience import PATIENCE_S
from tests.ui.real_desk import RealCentre, until
from ui.map.view import MapView
from ui.session import Session
from ui.theme.tokens import WALL
from ui.wall.flow_chart import FlowChart, step_for
from ui.wall.layout import places
from ui.wall.view import WallView
from ui.wall.window import WallWindow

Show = Callable[[QWidget], Awaitable[None]]
SCREENS = [(1366, 768), (1920, 1080), (2560, 1080), (3840, 1080), (3840, 2160), (1280, 1024)]
TITLE, PLACE, NAME = "王某某家燃气泄漏", "幸福小区八号楼", "欧阳测试"


@pytest.fixture
def without_map(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the map is not what is looked at, the web engine need not come up."""
    monkeypatch.setattr(WallView, "_open_map", lambda _: None)


async def a_day(centre: RealCentre) -> Session:
    """Reds and oranges, some of them overdue, registered and dispatched for real; returns the wall's session."""
    duty = (await centre.sign_in("duty")).database()
    now = datetime.now(UTC)
    for back, grade, unit, area in (
        (timedelta(days=3), Grade.RED, UNIT_A, COMMUNITY_A),
        (timedelta(days=3), Grade.ORANGE, UNIT_B, COMMUNITY_B),
        (timedelta(days=90), Grade.GREEN, UNIT_A, COMMUNITY_A),
        (timedelta(hours=2), Grade.RED, UNIT_B, COMMUNITY_B),
        (timedelta(), Grade.RED, None, COMMUNITY_A),
        (timedelta(), Grade.YELLOW, None, COMMUNITY_B),
        (timedelta(), Grade.BLUE, None, COMMUNITY_B),
    ):
        await centre.root("update cc.centre set fixed_now = $1", now - back)
        report = NewReport(
            1, TITLE, grade=grade, category_id=CATEGORY, area_id=area, place=PLACE, lon=122.4, lat=37.1,
            citizen=Citizen(NAME, "13812345678", PLACE),
        )  # fmt: skip
        case = await cases.register(duty, report, key=uuid4())
        if unit is not None:
            await cases.dispatch(duty, case_id=case.case_id, version=case.version, unit_id=unit, key=uuid4())
    await centre.root("update cc.centre set fixed_now = null")
    session = await centre.sign_in("wall")
    session.set_look("wall")
    return session


async def opened(centre: RealCentre, show: Show) -> tuple[Session, WallWindow]:
    """The wall of such a day."""
    session = await a_day(centre)
    window = WallWindow(session)
    await show(window)
    return session, window


def painted_text(widget: QWidget) -> str:
    """Everything that is written on a widget, as text: painted once more, onto a drawing that keeps words as words."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "painted.svg"
        drawing = QSvgGenerator()
        drawing.setFileName(str(path))
        drawing.setSize(widget.size())
        painter = QPainter(drawing)
        widget.render(painter, QPoint())
        painter.end()
        return "\n".join(re.findall(r"<text[^>]*>([^<]*)</text>", path.read_text(encoding="utf-8")))


@pytest.mark.usefixtures("without_map")
async def test_its_numbers_are_the_databases_and_its_rows_in_the_order_of_need(
    real_centre: RealCentre, shown: Show
) -> None:
    session, window = await opened(real_centre, shown)
    session.bridge.recount()
    view = window.view
    counted = await real_centre.root(
        "select array_agg(array[(select count(*) from cc.cases where state < 7 and grade = g), "
        "(select count(*) from cc.cases where state < 6 and grade = g and due_at < now())] order by g) "
        "from generate_series(0, 4) g"
    )
    assert counted == [[3, 1], [1, 1], [1, 0], [1, 0], [1, 1]]
    assert [[view.cards.counts.open[grade], view.cards.counts.overdue[grade]] for grade in Grade] == counted
    # nobody is on the third red; then the nearest deadline; orange; then what else is overdue
    assert [(need.facts.grade, need.facts.state) for need in view.needs.needs] == [
        (Grade.RED, State.TO_DISPATCH), (Grade.RED, State.TO_ACCEPT), (Grade.RED, State.TO_ACCEPT),
        (Grade.ORANGE, State.TO_ACCEPT), (Grade.GREEN, State.TO_ACCEPT),
    ]  # fmt: skip
    slots = needing(session.mirror, session.bridge.now_us(), 99)
    assert [need.facts.case_id for need in view.needs.needs] == session.mirror.id[slots].tolist()
    assert view.needs.how_many() == "共 5 件，超期 3 件"
    assert view.needs.needs[0].about == "公用事业 · 燃气"
    today = await real_centre.root(
        "select count(*)::text from cc.cases where received_at >= date_trunc('day', now(), 'Asia/Shanghai')"
    )  # the one of two hours ago is yesterday's until two at night
    await until(lambda: view.figures.words[0][1] == today)
    assert len(view.flow.today) >= 1
    seen = [view.needs.pointed]
    for _ in range(5):
        view._point_timer.timeout.emit()
        seen.append(view.needs.pointed)
    assert seen == [0, 1, 2, 3, 4, 0]


@pytest.mark.usefixtures("without_map")
async def test_nothing_personal_reaches_it(real_centre: RealCentre, shown: Show) -> None:
    session, window = await opened(real_centre, shown)
    window.resize(1920, 1080)
    window.view.needs.refresh()
    for text in ("title", "place", "holder"):
        assert set(session.mirror.texts[text]) == {""}
    written = painted_text(window.view)
    assert "公用事业 · 燃气" in written
    assert "甲镇" in written
    for word in (TITLE, TITLE[:4], PLACE, NAME, "欧阳", "138"):
        assert word not in written


@pytest.mark.usefixtures("without_map")
async def test_the_age_is_always_said_and_turns_into_words_when_the_database_is_away(
    real_centre: RealCentre, shown: Show
) -> None:
    session, window = await opened(real_centre, shown)
    head = window.view.head
    assert session.desk is not None
    assert session.health is not None
    assert head.age_words()[1] == "good"
    assert head.age_words()[0].startswith("数据 ")
    await session.desk.stop()
    real, as_of = session.clock, session.health.as_of
    session.clock = FixedClock(session.health_seen_at + timedelta(seconds=10))
    assert head.age_words()[0].startswith("更新变慢 · 数据截至 ")
    session.clock = real
    session.desk._tell_health(Health("away", as_of, 0.0))
    session.clock = FixedClock(as_of + timedelta(minutes=185))
    words, state = head.age_words()
    assert words.startswith("连接中断 · 数据停在 ")
    assert words.endswith("，已过 3 时 5 分")
    assert state == "bad"
    assert "连接中断" in painted_text(head)
    picture = head.grab().toImage()
    assert picture.pixelColor(5, 5).name() == WALL.alarm_soft.lower()


@pytest.mark.usefixtures("without_map")
async def test_a_new_red_case_gets_the_eye(real_centre: RealCentre, shown: Show) -> None:
    _, window = await opened(real_centre, shown)
    view = window.view
    view.needs.point_at_next()
    duty = (await real_centre.sign_in("duty2")).database()
    report = NewReport(1, "又一件", grade=Grade.RED, area_id=COMMUNITY_A)
    case = await cases.register(duty, report, key=uuid4())
    await until(lambda: view.needs.pointed_case == case.case_id)
    view.needs.refresh()
    assert view.needs.pointed_case == case.case_id


async def test_the_map_rings_the_case_the_list_points_at(
    real_centre: RealCentre, shown: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The web engine does not outlive a loop that is run again and again, as a test's is; the other canvas does.
    monkeypatch.setattr("ui.map.view.MapView", partial(MapView, native=True))
    session = await a_day(real_centre)
    window = WallWindow(session)
    painted = asyncio.Event()
    try:
        await shown(window)
        view = window.view
        await until(lambda: view.map is not None)
        assert view.map is not None
        view.map.painted.connect(lambda _: painted.set())
        await asyncio.wait_for(painted.wait(), PATIENCE_S)
        assert view.map._selected == view.needs.pointed_case is not None
        view._point_timer.timeout.emit()
        assert view.map._selected == view.needs.pointed_case == view.needs.needs[1].facts.case_id
        assert view.map.legend.isHidden()
        await until(lambda: "临期" in view.legend.text())
    finally:
        window.close()


@pytest.mark.parametrize(("wide", "high"), SCREENS)
def test_nothing_overlaps_on_any_screen(wide: int, high: int) -> None:
    at = places(wide, high)
    rects = [at.head, at.map, at.legend, at.cards, at.needs, at.flow, at.figures]
    rects += [at.towns] if at.towns is not None else []
    screen = QRect(0, 0, wide, high)
    for rect in rects:
        assert screen.contains(rect), rect
        assert rect.width() > 100
        assert rect.height() > 20
    for one, other in combinations(rects, 2):
        assert not one.intersects(other), (one, other)
    assert at.needs.height() > 5 * 80 * at.unit  # at least four rows under the heading
    assert at.map.width() > 0.28 * wide


@pytest.mark.usefixtures("without_map")
async def test_the_window_follows_every_screen(real_centre: RealCentre, shown: Show) -> None:
    _, window = await opened(real_centre, shown)
    view = window.view
    for wide, high in SCREENS:
        window.resize(wide, high)
        at = places(wide, high)
        await until(lambda wide=wide, high=high: view.size() == QSize(wide, high))
        assert (view.cards.geometry(), view.needs.geometry(), view.flow.geometry()) == (at.cards, at.needs, at.flow)
        assert view.towns.isVisible() == (at.towns is not None) == (wide > 2.1 * high)
        written = painted_text(view)
        assert "共 5 件" in written
        assert ("哪里超期最多" in written) == (at.towns is not None)


@pytest.mark.usefixtures("without_map")
def test_a_window_that_is_hardly_there_is_painted_and_grows(session: Session) -> None:
    """The first layout on a real screen may be of a window of one pixel."""
    view = WallView(session)
    for wide, high in ((0, 0), (1, 1), (100, 80), (1920, 1080)):
        view.resize(wide, high)
        view._place()
        assert view.grab().size() == QSize(wide, high)
        assert places(wide, high).unit > 0.2
        assert view.legend.font().pixelSize() >= 1
    assert view.cards.geometry() == places(1920, 1080).cards
    view.close_map()


@pytest.mark.usefixtures("without_map")
async def test_an_empty_county_is_said_to_be_quiet(real_centre: RealCentre, shown: Show) -> None:
    window = WallWindow(await real_centre.sign_in("wall"))
    await shown(window)
    window.resize(2560, 1080)
    written = painted_text(window.view)
    assert "没有红橙工单，也没有超期" in written
    assert "没有超期，也没有临期" in written
    assert written.count("无超期") >= 5


@pytest.mark.usefixtures("without_map")
async def test_it_does_not_grow(real_centre: RealCentre, shown: Show) -> None:
    session, window = await opened(real_centre, shown)
    view = window.view

    def things() -> tuple[int, int, int, int]:
        return (
            len(window.findChildren(QObject)),
            len(session.findChildren(QObject)),
            len(session.mirror._listeners),
            len(asyncio.all_tasks()),
        )

    def round_of_the_clock() -> None:
        session.bridge.tick()
        session.bridge.counted.emit(session.bridge.counts)
        view._point_timer.timeout.emit()

    await until(lambda: view.figures.words[0][1] != "–")
    round_of_the_clock()
    before = things()
    for number in range(500):
        round_of_the_clock()
        if number % 25 == 0:
            view.repaint()
    for _ in range(5):
        shown_words = view.figures.words
        view.figures.show_today(None)
        view.ask_figures()
        await until(lambda: view.figures.words[0][1] != "–")
        assert view.figures.words == shown_words
    # a read under way at the first look may be over at the last
    await until(lambda: all(now <= then for now, then in zip(things(), before, strict=True)))


def test_lines_behind_the_curves_are_few_and_round() -> None:
    assert [step_for(top) for top in (4.2, 12, 80, 900)] == [2, 5, 20, 500]


@pytest.mark.usefixtures("qapp")
def test_the_running_hour_is_no_slump() -> None:
    """Its mark stands alone: the line of full hours ends before it."""
    parent = QWidget()
    chart = FlowChart(parent)
    chart.resize(800, 240)
    chart.show_flow(Flow((40,) * 8 + (2,) + (0,) * 15, (None,) * 24), 8)
    full_hours, counts = chart._today_line.getData()
    assert (list(full_hours), list(counts)) == (list(range(8)), [40] * 8)
    assert [list(each) for each in chart._running.getData()] == [[8], [2]]
    assert chart._usual_line.getData()[0] is None or len(chart._usual_line.getData()[0]) == 0
