"""Deadlines in SQL equal deadlines in Python, moment by moment (hypothesis makes batches, one query each)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commandcenter.domain.case import Grade
from commandcenter.domain.limit import (
    DEFAULTS,
    Deadlines,
    FinishUnit,
    Limit,
    LimitClock,
    after_pause,
    deadlines,
    extended,
)
from commandcenter.domain.worktime import CalendarDay, WorkCalendar, WorkHours
from tests.db.centre import Centre

FIRST, LAST = datetime(2024, 1, 2, tzinfo=UTC), datetime(2028, 10, 1, tzinfo=UTC)
SPAN = (LAST - FIRST) // timedelta(microseconds=1)
HOURS = {
    1: (510, 720, 810, 1050),
    11: (480, 1080),
    12: (0, 1440),
    13: (0, 1),
    14: (540, 541, 600, 660, 1200, 1440),
    15: (1, 2, 3, 4, 1439, 1440),
}
MINUTE = 60_000_000

moments = st.one_of(
    st.integers(0, SPAN).map(lambda us: FIRST + timedelta(microseconds=us)),
    # on the edges: whole quarters of an hour, and a microsecond before and after
    st.builds(
        lambda quarter, off: FIRST + timedelta(minutes=15 * quarter, microseconds=off),
        st.integers(0, SPAN // (15 * MINUTE)),
        st.sampled_from([0, -1, 1]),
    ),
)


class Rules:
    """The calendar and hours as the database has them, for Python."""

    def __init__(self, days: list[asyncpg.Record]) -> None:
        self.calendar = WorkCalendar.of(
            CalendarDay(day["day"], working=day["working"], name=day["name"], provisional=day["provisional"])
            for day in days
        )
        self.hours = {number: WorkHours(periods) for number, periods in HOURS.items()}


async def rules(centre: Centre) -> Rules:
    root = await centre.root()
    for number, periods in HOURS.items():
        await root.execute(
            "insert into cc.work_hours (id, name, periods) values ($1, $2, $3) on conflict (district_id, id) do update set periods = $3",
            number, f"h{number}", list(periods),
        )  # fmt: skip
    return Rules(await root.fetch("select * from cc.calendar"))


async def check(centre: Centre, query: str, columns: list[list[object]], expected: list[object]) -> None:
    rows = await (await centre("duty")).fetch(query, *columns)
    wrong = [
        (tuple(column[index] for column in columns), got, want)
        for index, ((got,), want) in enumerate(zip(rows, expected, strict=True))
        if got != want
    ]
    assert wrong == [], wrong[:3]


def collect(strategy: st.SearchStrategy[Any], examples: int = 400) -> list[Any]:
    """Everything hypothesis makes, to be compared in one query: one per example would be all waiting."""

    made: list[Any] = []

    @settings(max_examples=examples, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def gather(example: Any) -> None:
        made.append(example)

    gather()
    return made


async def test_worked_and_back(centre: Centre) -> None:
    r = await rules(centre)
    made = collect(st.tuples(moments, st.sampled_from(sorted(HOURS))))
    worked = [r.calendar.worked(moment, r.hours[hours]) // timedelta(microseconds=1) for moment, hours in made]
    at, by = [m for m, _ in made], [h for _, h in made]
    await check(
        centre, "select cc.worked(t, h) from unnest($1::timestamptz[], $2::integer[]) as x (t, h)", [at, by], worked
    )
    back = [r.calendar.moment_of(timedelta(microseconds=w), r.hours[h]) for w, h in zip(worked, by, strict=True)]
    await check(
        centre, "select cc.moment_of(w, h) from unnest($1::bigint[], $2::integer[]) as x (w, h)", [worked, by], back
    )


async def test_deadlines(centre: Centre) -> None:
    r = await rules(centre)
    # shapes the defaults do not have: working minutes, one working day, natural days, odd shares
    natural = Limit(Grade.GREEN, LimitClock.NATURAL, 33, 3, FinishUnit.DAYS, 45, soon_share=Decimal("0.777"))
    limits = {
        Grade.RED: Limit(Grade.RED, LimitClock.WORKING, 7, 100, FinishUnit.MINUTES, 1, soon_share=Decimal("0.333")),
        Grade.ORANGE: Limit(Grade.ORANGE, LimitClock.WORKING, 600, 1, FinishUnit.DAYS, 900, soon_share=Decimal("0.1")),
        Grade.YELLOW: DEFAULTS[Grade.YELLOW],
        Grade.BLUE: DEFAULTS[Grade.BLUE],
        Grade.GREEN: natural,
    }
    for chosen in (DEFAULTS, limits):
        await (await centre.root()).executemany(
            "update cc.grade_limits set clock = $2, accept_minutes = $3, finish_amount = $4, finish_unit = $5, "
            "return_minutes = $6, soon_share = $7 where grade = $1",
            [
                (g, x.clock, x.accept_minutes, x.finish_amount, x.finish_unit, x.return_minutes, x.soon_share)
                for g, x in chosen.items()
            ],
        )
        made = collect(st.tuples(st.sampled_from(list(Grade)), moments, st.sampled_from([1, 11, 12, 14])))
        rows = await (await centre("duty")).fetch(
            "select d.* from unnest($1::integer[], $2::timestamptz[], $3::integer[]) with ordinality as x (g, t, h, n), "
            "lateral cc.deadlines_of(g::smallint, t, h) d order by n",
            *(list(column) for column in zip(*made, strict=True)),
        )
        for (grade, moment, hours), row in zip(made, rows, strict=True):
            want = deadlines(chosen[grade], moment, r.calendar, r.hours[hours])
            got = Deadlines(
                row["accept_due_at"], row["soon_at"], row["due_at"], row["return_until"], row["provisional"]
            )
            assert got == want, (grade, moment, hours)
            assert row["working"] is (chosen[grade].clock is LimitClock.WORKING)


async def test_pauses_and_extensions(centre: Centre) -> None:
    r = await rules(centre)
    spans = st.integers(0, 40 * 24 * 60 * MINUTE).map(lambda us: timedelta(microseconds=us))
    made = collect(st.tuples(moments, moments, spans, st.booleans(), st.sampled_from([1, 11, 12, 13, 14])))
    short = [m for m in made if max(m[0], m[1]) < datetime(2028, 8, 1, tzinfo=UTC)]
    made = [(due, start, start + span, working, hours) for due, start, span, working, hours in short]
    assert len(made) > 200
    clocks = {True: LimitClock.WORKING, False: LimitClock.NATURAL}
    want = [after_pause(clocks[w], due, start, end, r.calendar, r.hours[h]) for due, start, end, w, h in made]
    columns = [list(column) for column in zip(*made, strict=True)]
    await check(
        centre,
        "select cc.moved(d, f, t, w, h) from unnest($1::timestamptz[], $2::timestamptz[], $3::timestamptz[], $4::boolean[], "
        "$5::integer[]) as x (d, f, t, w, h)",
        columns,
        want,
    )
    days = [index % 9 + 1 for index in range(len(made))]
    longer = [
        extended(LimitClock.WORKING, due, n, r.calendar, r.hours[h]) for (due, *_, h), n in zip(made, days, strict=True)
    ]
    await check(
        centre,
        "select cc.end_of_working_day(d - interval '1 microsecond', n, h) "
        "from unnest($1::timestamptz[], $2::integer[], $3::integer[]) as x (d, n, h)",
        [columns[0], days, columns[4]],
        longer,
    )


async def test_pausing_twice_is_pausing_for_the_sum(centre: Centre) -> None:
    """A pause that is interrupted for no time at all moves the deadline as one pause does."""
    duty = await centre("duty")
    cuts = sorted(moment for moment in collect(moments, 120) if moment < datetime(2026, 6, 1, tzinfo=UTC))
    for first, second in pairwise(cuts):
        middle = first + (second - first) / 3
        row = await duty.fetchrow(
            "select cc.moved($1, $1, $3, true, 1), cc.moved(cc.moved($1, $1, $2, true, 1), $2, $3, true, 1)",
            first, middle, second,
        )  # fmt: skip
        assert row[0] == row[1]


@pytest.mark.parametrize("moment", ["2022-12-31 12:00+08", "2029-01-01 00:00+08"])
async def test_beyond_the_calendar_nothing_is_guessed(untouched: Centre, moment: str) -> None:
    with pytest.raises(asyncpg.PostgresError) as info:
        await (await untouched("duty")).fetchval(f"select cc.worked('{moment}', 1)")
    assert info.value.sqlstate == "CC007"
