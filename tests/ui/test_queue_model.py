from datetime import timedelta

from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from commandcenter.clock import FixedClock
from commandcenter.domain.case import Grade, Lamp, State
from commandcenter.domain.moment import HOUR, NEVER, micros
from tests.ui.desk_county import FIRST_ID, NOW, rows, some
from ui.models.queue_model import QueueModel
from ui.models.queue_order import Filter, Sort
from ui.session import Session

NOW_US = micros(NOW)


def test_a_change_that_moves_nothing_redraws_only_its_row(session: Session, qtbot: QtBot) -> None:
    model = QueueModel(session)
    row = 7
    slot = int(model.slots[row])
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda top, bottom, _: told.append((top.row(), bottom.row())))
    source = rows(300, version=2)
    with qtbot.assertNotEmitted(model.modelReset):
        session.mirror.apply(some(source, [slot], title="改了标题"))
        session.bridge.flush()
    assert told == [(row, row)]
    assert model.index(row).data() == "改了标题"


def test_many_changes_become_one_signal(session: Session, qtbot: QtBot) -> None:
    heard: list[object] = []
    session.bridge.mirror_changed.connect(heard.append)
    source = rows(300, version=2)
    for position in range(50):
        session.mirror.apply(some(source, [position]))
    with qtbot.waitSignal(session.bridge.mirror_changed):
        pass
    assert len(heard) == 1
    assert len(heard[0].updated) == 50  # type: ignore[attr-defined]


def test_new_cases_are_told_only_where_they_are_shown(session: Session) -> None:
    model = QueueModel(session)
    told: list[list[int]] = []
    model.arrived.connect(told.append)
    model.set_filter(Filter(grades=frozenset({Grade.RED})))
    new = rows(2, first=FIRST_ID + 1000)
    session.mirror.apply(some(new, [0], grade=Grade.RED, state=State.NEW))
    session.mirror.apply(some(new, [1], grade=Grade.GREEN, state=State.NEW))
    session.bridge.flush()
    assert told == [[FIRST_ID + 1000]]
    assert model.row_of(FIRST_ID + 1000) >= 0
    assert model.row_of(FIRST_ID + 1001) == -1


def test_a_case_that_leaves_is_gone_and_its_slot_may_be_taken_again(session: Session) -> None:
    model = QueueModel(session)
    gone = model.id_at(0)
    assert gone is not None
    session.mirror.apply(some(rows(1, first=FIRST_ID + 2000), [0]), gone=[gone])
    session.bridge.flush()
    assert model.row_of(gone) == -1
    assert model.row_of(FIRST_ID + 2000) >= 0
    assert model.rowCount() == 300


def test_a_lamp_filter_follows_the_clock(session: Session) -> None:
    assert isinstance(session.clock, FixedClock)
    model = QueueModel(session)
    model.set_filter(Filter(lamps=frozenset({Lamp.OVERDUE})))
    case = some(rows(1, first=FIRST_ID + 3000), [0], state=State.WORKING, paused_at=NEVER, due_at=NOW_US + HOUR)
    session.mirror.apply(case)
    session.bridge.flush()
    assert model.row_of(FIRST_ID + 3000) == -1
    session.clock.advance(timedelta(hours=1))
    session.bridge.tick()
    assert model.row_of(FIRST_ID + 3000) == -1  # due now is not overdue yet
    session.clock.advance(timedelta(seconds=1))
    session.bridge.tick()
    assert model.row_of(FIRST_ID + 3000) >= 0


def test_time_alone_moves_no_row(session: Session, qtbot: QtBot) -> None:
    assert isinstance(session.clock, FixedClock)
    model = QueueModel(session)
    before = model.ids.tolist()
    with qtbot.assertNotEmitted(model.modelReset):
        session.clock.advance(timedelta(days=2))
        session.bridge.tick()
    model.set_sort(Sort.REMAINING)
    model.set_sort(Sort.GRADE_DUE)
    assert model.ids.tolist() == before


def test_a_snapshot_replaces_everything(session: Session) -> None:
    model = QueueModel(session)
    session.mirror.reset(rows(5, first=FIRST_ID + 9000))
    assert model.facts(0) is None or model.facts(0) is not None  # painting between reset and flush must not fail
    session.bridge.flush()
    assert sorted(model.ids.tolist()) == list(range(FIRST_ID + 9000, FIRST_ID + 9005))


def test_a_row_reads_as_a_sentence(session: Session) -> None:
    model = QueueModel(session)
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    facts = model.facts(0)
    assert facts is not None
    assert facts.title in spoken
    assert facts.remaining in spoken
    assert model.rowCount(model.index(0)) == 0
    assert model.rowCount(QModelIndex()) == 300
