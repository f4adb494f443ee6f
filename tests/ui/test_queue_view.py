from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from commandcenter.domain.case import Grade, Lamp, State
from commandcenter.domain.moment import HOUR, NEVER, micros
from commandcenter.live.mirror import Rows
from tests.ui.desk_county import FIRST_ID, NOW, rows, some
from ui.models.queue_order import Filter, Sort
from ui.queue.panel import QueuePanel
from ui.session import Session

NOW_US = micros(NOW)


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> Iterator[QueuePanel]:
    made = QueuePanel(session)
    qtbot.addWidget(made)
    made.resize(470, 900)
    QCursor.setPos(5000, 5000)  # no row under the mouse
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()


def place_of(panel: QueuePanel, case_id: int) -> int:
    """Pixels from the top of the list to the case's row."""
    return panel.view.rowViewportPosition(panel.model.row_of(case_id))


def red(number: int, first: int = FIRST_ID + 1000) -> Rows:
    """New red cases: they go to the very top."""
    return some(
        rows(number, first=first), list(range(number)), grade=Grade.RED, state=State.NEW, due_at=NEVER, received_at=1
    )


def test_selection_and_place_survive_cases_coming_in_above(session: Session, panel: QueuePanel) -> None:
    chosen = panel.model.id_at(20)
    assert chosen is not None
    panel.view.setCurrentIndex(panel.model.index(20))
    panel.view.verticalScrollBar().setValue(15 * 68 + 11)
    before = place_of(panel, chosen)
    session.mirror.apply(red(3))
    session.bridge.flush()
    assert session.selection.case_id == chosen
    assert panel.view.currentIndex().row() == panel.model.row_of(chosen) == 23
    assert place_of(panel, chosen) == before


def test_what_is_on_top_stays_on_top_where_the_selected_case_is_out_of_sight(
    session: Session, panel: QueuePanel
) -> None:
    session.selection.select(panel.model.id_at(250))
    panel.view.verticalScrollBar().setValue(40 * 68)
    top = panel.model.id_at(40)
    assert top is not None
    session.mirror.apply(red(2))
    session.bridge.flush()
    assert place_of(panel, top) == 0


def test_the_row_below_takes_the_place_when_the_watched_case_leaves(session: Session, panel: QueuePanel) -> None:
    panel.view.setCurrentIndex(panel.model.index(10))
    panel.view.verticalScrollBar().setValue(8 * 68)
    second, gone = panel.model.id_at(8), panel.model.id_at(10)
    assert gone is not None
    assert second is not None
    session.mirror.apply(some(rows(1), []), gone=[gone])
    session.bridge.flush()
    assert not panel.view.currentIndex().isValid()
    assert session.selection.case_id == gone
    assert place_of(panel, second) == 0


def test_new_cases_out_of_sight_announce_themselves(session: Session, panel: QueuePanel) -> None:
    panel.view.verticalScrollBar().setValue(10 * 68)
    session.mirror.apply(red(3))
    session.bridge.flush()
    assert panel.view._announce.isVisible()
    assert "3" in panel.view._announce.text()
    panel.view._announce.click()
    assert panel.view.verticalScrollBar().value() == 0
    assert not panel.view._announce.isVisible()


def test_new_cases_in_sight_need_no_announcement(session: Session, panel: QueuePanel) -> None:
    session.selection.select(panel.model.id_at(0))
    low = some(rows(1, first=FIRST_ID + 1000), [0], grade=Grade.GREEN, state=State.WORKING, due_at=NOW_US + 99 * HOUR)
    session.mirror.apply(low)
    session.bridge.flush()
    assert not panel.view._announce.isVisible()


def test_keys(session: Session, panel: QueuePanel, qtbot: QtBot) -> None:
    view = panel.view
    view.setFocus()
    view.setCurrentIndex(panel.model.index(0))
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert session.selection.case_id == panel.model.id_at(1)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.currentIndex().row() > 5
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.currentIndex().row() == 299
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.currentIndex().row() == 0
    with qtbot.waitSignal(panel.opened) as opened:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [panel.model.id_at(0)]


def test_typing_in_the_list_filters_it(session: Session, panel: QueuePanel, qtbot: QtBot) -> None:
    panel.view.setFocus()
    panel.view.keyboardSearch("欠薪")
    with qtbot.waitSignal(panel.filters.filtered):
        pass
    shown = {session.mirror.texts["title"][slot] for slot in panel.model.slots.tolist()}
    assert shown == {"石岛渔港 8 名船员反映欠薪"}
    QTest.keyClick(panel.filters, Qt.Key.Key_Escape)
    assert panel.model.rowCount() == 300


def test_counters_and_chips_are_one_filter(panel: QueuePanel) -> None:
    panel.counters.counters[Grade.YELLOW].click()
    panel.filters.late.click()
    panel.filters.mine.click()
    assert panel.model.filter == Filter(
        grades=frozenset({Grade.YELLOW}), lamps=frozenset({Lamp.OVERDUE}), holder="yuxiao"
    )
    panel.filters.clear.click()
    assert panel.model.filter == Filter()
    assert not panel.counters.counters[Grade.YELLOW].isChecked()


def test_nothing_found_says_so_and_offers_the_way_back(panel: QueuePanel) -> None:
    panel.filters.set_filter(Filter(text="没有这样的工单"))
    assert panel.model.rowCount() == 0
    assert panel._calm.isVisible()
    panel._calm._on_clicked()
    assert panel.model.rowCount() == 300
    assert panel.view.isVisible()


def test_compact_rows_keep_the_case_on_top(panel: QueuePanel) -> None:
    panel.view.verticalScrollBar().setValue(30 * 68)
    top = panel.model.id_at(30)
    assert top is not None
    panel.view.set_compact(compact=True)
    assert panel.view.row_height == 34
    assert place_of(panel, top) == 0


def test_sorting_keeps_the_selected_case(session: Session, panel: QueuePanel) -> None:
    panel.view.setCurrentIndex(panel.model.index(3))
    chosen = session.selection.case_id
    panel.model.set_sort(Sort.NEWEST)
    assert session.selection.case_id == chosen
    assert panel.model.id_at(panel.view.currentIndex().row()) == chosen


def test_a_case_selected_elsewhere_comes_into_sight(session: Session, panel: QueuePanel) -> None:
    far = panel.model.id_at(200)
    assert far is not None
    session.selection.select(far)
    assert panel.view.currentIndex().row() == 200
    assert 0 <= place_of(panel, far) < panel.view.viewport().height()


def test_every_row_paints(panel: QueuePanel) -> None:
    for look in (False, True):
        panel.view.set_compact(compact=look)
        picture = panel.view.viewport().grab().toImage()
        colours = {picture.pixelColor(QPoint(x, 20)).name() for x in range(0, picture.width(), 3)}
        assert len(colours) > 3
