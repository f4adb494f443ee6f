"""Generated cases: the same for a seed, in the right proportions, and possible in the order of their moments."""

import dataclasses
import hashlib
import itertools
from datetime import date, datetime, timedelta

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from commandcenter.clock import SHANGHAI
from commandcenter.demo.cases import generate_cases
from commandcenter.demo.columns import CaseColumns
from commandcenter.demo.county import County, county
from commandcenter.demo.traffic import traffic
from commandcenter.domain.case import Grade, State
from commandcenter.domain.moment import HOUR, NEVER, micros
from commandcenter.domain.worktime import CalendarDay, WorkCalendar, WorkHours

NOW = datetime(2026, 11, 24, 14, 3, tzinfo=SHANGHAI)
CASES, OPEN = 12_000, 2_000


@pytest.fixture(scope="module")
def land() -> County:
    return county(7)


def generate(land: County, seed: int = 3, now: datetime = NOW) -> CaseColumns:
    return generate_cases(land, n_cases=CASES, start=now - timedelta(days=365), end=now, seed=seed, open_count=OPEN)


@pytest.fixture(scope="module")
def cases(land: County) -> CaseColumns:
    return generate(land)


def fingerprint(columns: CaseColumns) -> str:
    digest = hashlib.sha256()
    for part in (columns, columns.reports):
        for field in dataclasses.fields(part):
            value = getattr(part, field.name)
            if isinstance(value, list):
                digest.update("\n".join(value).encode())
            elif isinstance(value, np.ndarray):
                digest.update(value.tobytes())
    return digest.hexdigest()


def calendar() -> WorkCalendar:
    days = (date(2025, 9, 1) + timedelta(days=offset) for offset in range(600))
    return WorkCalendar.of(CalendarDay(day, working=day.weekday() < 5) for day in days)


def test_same_seed_same_cases_other_seed_others(land: County, cases: CaseColumns) -> None:
    assert fingerprint(generate(land)) == fingerprint(cases)
    assert fingerprint(generate(land, seed=4)) != fingerprint(cases)


def test_open_count_is_exact_and_grades_keep_their_shares(cases: CaseColumns) -> None:
    still_open = cases.state < State.ARCHIVED
    assert still_open.sum() == OPEN
    for chosen in (still_open, ~still_open):
        share = np.bincount(cases.grade[chosen], minlength=5) / chosen.sum()
        assert share == pytest.approx([0.004, 0.012, 0.075, 0.259, 0.65], abs=0.002)
    assert set(cases.state[still_open].tolist()) == {int(state) for state in State if state < State.ARCHIVED}


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        datetime(2026, 11, 22, 2, 30, tzinfo=SHANGHAI),
        datetime(2026, 11, 23, 0, 5, tzinfo=SHANGHAI),
        datetime(2026, 11, 20, 18, 0, tzinfo=SHANGHAI),
    ],
    ids=["tuesday", "sunday-night", "monday-midnight", "friday-evening"],
)
def test_two_to_three_percent_of_the_open_cases_are_overdue_by_the_real_arithmetic(land: County, now: datetime) -> None:
    cases = generate(land, now=now)
    working, hours, moment = calendar(), WorkHours(), micros(now)
    overdue = 0
    for index in np.flatnonzero(cases.state < State.ARCHIVED).tolist():
        start, grade = int(cases.dispatched_at[index]), Grade(int(cases.grade[index]))
        if start == NEVER:
            continue
        if grade <= Grade.ORANGE:
            due = start + (24 if grade is Grade.RED else 48) * HOUR
        else:
            due = working.day_end_us(start, 2 if grade is Grade.YELLOW else 3, hours)
        overdue += due < moment
    assert 0.02 <= overdue / OPEN <= 0.03


def test_every_step_follows_the_one_before(cases: CaseColumns) -> None:
    now = micros(NOW)
    before = cases.received_at
    assert before.min() >= micros(NOW - timedelta(days=365))
    assert (np.diff(before) >= 0).all()
    for step in (cases.dispatched_at, cases.accepted_at, cases.finished_at, cases.archived_at):
        happened = step != NEVER
        assert (step[happened] >= before[happened]).all()
        assert (step[happened] <= now).all()
        before = np.where(happened, step, before)
    state = cases.state
    assert ((cases.dispatched_at != NEVER) == (state >= State.TO_ACCEPT)).all()
    assert ((cases.unit > 0) == (state >= State.TO_ACCEPT)).all()
    assert ((cases.finished_at != NEVER) == (state >= State.TO_FOLLOW_UP)).all()
    assert ((cases.archived_at != NEVER) == (state == State.ARCHIVED)).all()
    assert ((cases.paused_at != NEVER) == (state == State.PAUSED)).all()
    assert (cases.accepted_at[state == State.WORKING] != NEVER).all()
    assert (cases.returns[state == State.RETURNED] >= 1).all()


def test_reports_belong_together(cases: CaseColumns) -> None:
    reports = cases.reports
    assert (np.bincount(reports.case) == cases.report_count).all()
    assert (reports.case[cases.first_report] == np.arange(len(cases))).all()
    assert (reports.received_at[cases.first_report] == cases.received_at).all()
    assert (reports.channel[cases.first_report] == cases.channel).all()
    same = np.diff(reports.case) == 0
    assert (np.diff(reports.received_at)[same] >= 0).all()
    assert reports.received_at.max() <= micros(NOW)
    assert 0.35 <= 1 - len(cases) / len(reports) <= 0.5
    assert len(set(reports.foreign_number)) == len(reports)


def test_texts_are_whole(cases: CaseColumns) -> None:
    for text in itertools.chain(cases.title, cases.reports.content, cases.reports.place, cases.reports.address):
        assert "{" not in text
        assert "}" not in text
    assert all(10 <= len(title) <= 22 for title in cases.title)
    assert all(40 <= len(content) <= 160 for content in cases.reports.content)
    assert len(set(cases.reports.content)) > 0.95 * len(cases.reports)
    assert all(phone.startswith("199000") and len(phone) == 11 for phone in cases.reports.phone)


def test_points_lie_in_their_area_and_grid(land: County, cases: CaseColumns) -> None:
    shapes = {area.id: shape(area.outline) for area in land.areas}
    for index in range(0, len(cases), 7):
        point = (cases.lon[index], cases.lat[index])
        for area in (cases.area[index], cases.grid[index]):
            assert shapely.contains_xy(shapes[int(area)], *point)


def test_rhythm_of_day_and_year(cases: CaseColumns) -> None:
    local = (cases.received_at // HOUR + 8) % 24
    by_hour = np.bincount(local, minlength=24)
    assert by_hour[9:11].min() > by_hour[12] > by_hour[3]
    assert by_hour[14:16].min() > by_hour[12]
    heating = (cases.category >= 1001) & (cases.category <= 1004)
    month = (cases.received_at // 1000).astype("datetime64[ms]").astype("datetime64[M]").astype(int) % 12 + 1
    assert heating[np.isin(month, (12, 1))].mean() > 5 * heating[np.isin(month, (6, 7, 8))].mean()


def test_disputes_hold_opposite_demands_at_one_place(cases: CaseColumns) -> None:
    pairs = np.flatnonzero(cases.opposes >= 0)
    assert len(pairs) >= 2
    for index in pairs.tolist():
        other = int(cases.opposes[index])
        assert cases.opposes[other] == index
        assert cases.place[index] == cases.place[other]
        assert cases.area[index] == cases.area[other]
        assert cases.title[index] != cases.title[other]


def test_refuses_more_open_cases_than_cases(land: County) -> None:
    with pytest.raises(ValueError, match="open"):
        generate_cases(land, n_cases=1, start=NOW - timedelta(days=1), end=NOW, seed=1, open_count=2)


def test_everything_may_be_open(land: County) -> None:
    cases = generate_cases(land, n_cases=50, start=NOW - timedelta(days=9), end=NOW, seed=1, open_count=50)
    assert (cases.state < State.ARCHIVED).all()


def test_traffic_is_endless_and_deterministic(land: County) -> None:
    first, second = (list(itertools.islice(traffic(land, 5, 2.0, now=NOW), 400)) for _ in range(2))
    assert first == second
    assert [event.serial for event in first] == list(range(1, 401))
    repeats = [event for event in first if event.repeat_of]
    assert 60 <= len(repeats) <= 140
    for event in repeats:
        origin = first[(event.repeat_of or 0) - 1]
        assert (origin.place, origin.area_id, origin.category_id) == (event.place, event.area_id, event.category_id)
        assert origin.content != event.content
        assert origin.repeat_of is None
    assert len({event.key for event in first}) == 400
    assert sum(event.after for event in first) == pytest.approx(200, rel=0.2)
    assert all("{" not in event.title + event.content for event in first)


def test_some_open_cases_tell_once_more_of_a_matter_that_is_open_already(cases: CaseColumns) -> None:
    again = np.flatnonzero(cases.repeats >= 0)
    assert 0.03 * OPEN < len(again) <= 0.05 * OPEN
    assert not set(again.tolist()) & set(cases.repeats.tolist())
    for index in again.tolist():
        before = int(cases.repeats[index])
        assert cases.state[before] != State.ARCHIVED != cases.state[index]
        assert 0 <= cases.received_at[index] - cases.received_at[before] <= 72 * HOUR
        assert (cases.place[index], cases.category[index]) == (cases.place[before], cases.category[before])
        first, other = cases.first_report[[before, index]].tolist()
        assert cases.reports.content[first] != cases.reports.content[other]
