"""The demo county in a database: its land, staff and rules once, and a past of cases through the bulk path."""

from asyncio import to_thread
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from os import urandom

from commandcenter.db import bulk, reads
from commandcenter.db import county as county_rows
from commandcenter.db.bulk import Connection
from commandcenter.db.engine import Database
from commandcenter.db.scram import SALT_BYTES, verifier
from commandcenter.demo.answers import answers, templates
from commandcenter.demo.cases import generate_cases
from commandcenter.demo.county import County, county
from commandcenter.demo.places import places
from commandcenter.domain.case import Grade
from commandcenter.domain.limit import FinishUnit, Limit, LimitClock
from commandcenter.domain.worktime import CalendarDay, WorkCalendar, WorkHours
from commandcenter.errors import PersonError
from commandcenter.services import history

PASSWORD = "demo"  # noqa: S105 - said plainly: it opens invented data only
SEED = 371082
CASES_PER_DAY = 548
"""荣成 has about 200,000 a year [P]: a smaller demo covers less time, not a quieter county."""
CASES, OPEN = 30_000, 2_000
"""What ``make run`` loads the first time."""
HOT_DAYS = 60
"""Days after which an ended case moves to the archive."""
LIST_VALID_FROM = date(2024, 1, 1)

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was put in now; zeros where it was there before."""

    areas: int
    units: int
    people: int
    cases: int
    reports: int
    archived: int


async def load(
    db: Database,
    *,
    cases: int | None = None,
    open_cases: int | None = None,
    seed: int = SEED,
    now: datetime,
    progress: Progress,
) -> Loaded:
    """Put the county in, then `cases` cases of which `open_cases` are open, all in one transaction, as the system.

    Does nothing where both are there and no number is asked for. Raises PersonError where the database holds anything
    but this demo, or where cases are asked for and there are some.
    """
    asked = cases is not None or open_cases is not None
    cases = CASES if cases is None else cases
    open_cases = min(OPEN, cases) if open_cases is None else open_cases
    if not 0 <= open_cases <= cases:
        raise PersonError("未办结的工单不能多于工单总数。", "请改正 --open 或 --cases。")
    async with bulk.loading(db) as connection:
        filled = await county_rows.read_filled(connection)
        if not filled.demo and (filled.units or filled.people or filled.cases):
            raise PersonError("这个数据库里已有自己的数据，不能再装入演示数据。", "请换一个空的数据库。")
        if filled.demo and filled.cases:
            if asked:
                raise PersonError("演示数据库里已有工单，不能再装入历史工单。", "要换一个规模，请用新的数据库。")
            return Loaded(0, 0, 0, 0, 0, 0)
        progress("正在生成演示县域")
        land = county(seed)
        if not filled.demo:
            await _put_county(connection, land, progress)
        counted = (0, 0, 0) if filled.demo else (len(land.areas), len(land.units), len(land.people))
        made = await _put_cases(db, connection, land, (cases, open_cases), seed, now, progress) if cases else (0, 0)
        archived = await county_rows.archive_older(connection, HOT_DAYS)
    return Loaded(*counted, *made, archived)


async def _put_county(connection: Connection, land: County, progress: Progress) -> None:
    """As the system: everything by id, so that what a new centre has already is brought up to date."""
    progress(f"正在写入 {len(land.areas)} 个区域、{len(land.units)} 个单位")
    await county_rows.mark_demo(connection, land.units[0].name, land.seed)
    areas = [asdict(area) for area in land.areas]
    for area in areas:
        del area["urban"], area["coastal"]
    await county_rows.put(connection, "areas", areas)
    await county_rows.put(connection, "places", [asdict(place) for place in places(land.seed, land.areas)])
    await county_rows.put(connection, "work_hours", [asdict(hours) for hours in land.hours])
    await county_rows.put(connection, "units", [asdict(unit) for unit in land.units])
    await county_rows.put(
        connection,
        "channels",
        [{"id": each.id, "code": each.code, "name": each.name, "online": each.online} for each in land.channels],
    )
    await county_rows.put(
        connection,
        "categories",
        [
            asdict(each) | {"default_grade": Grade.GREEN if each.default_grade is None else each.default_grade}
            for each in land.categories
        ],
    )
    await county_rows.put(
        connection,
        "duty_list",
        [
            {
                "id": each.id,
                "code": each.code,
                "field": each.field,
                "matter": each.matter,
                "category_id": each.category_id,
                "lead_unit_id": each.lead_unit_id,
                "assist_unit_ids": each.assist_unit_ids,
                "ground": each.ground,
                "valid_from": LIST_VALID_FROM.isoformat(),
            }
            for each in land.responsibilities
        ],
    )
    known = [
        asdict(each) | {"valid_until": None if each.valid_until is None else each.valid_until.isoformat()}
        for each in answers(land.categories, land.units)
    ]
    await county_rows.put(connection, "answers", known)
    await county_rows.put(connection, "templates", [asdict(each) for each in templates()])
    progress(f"正在建立 {len(land.people)} 个演示账号")
    await county_rows.add_people(
        connection,
        [
            county_rows.Login(
                each.login, each.name, each.role, each.unit_id, verifier(PASSWORD, urandom(SALT_BYTES)), each.post
            )
            for each in land.people
        ],
    )


async def _put_cases(
    db: Database,
    connection: Connection,
    land: County,
    counts: tuple[int, int],
    seed: int,
    now: datetime,
    progress: Progress,
) -> tuple[int, int]:
    """(cases, reports) loaded: `counts` are all and open ones, the closed ones spread over the year before `now`."""
    number, still_open = counts
    limits, calendar = await load_rules(db)
    works = {each.day: each.working for each in calendar.days}
    progress(f"正在生成 {number} 件工单")
    cases = await to_thread(
        generate_cases,
        land,
        n_cases=number,
        start=now - timedelta(days=min(365.0, max(7.0, number / CASES_PER_DAY))),
        end=now,
        seed=seed,
        open_count=still_open,
        working=lambda day: works.get(day, day.weekday() < 5),
    )
    unit_hours = {unit.id: unit.hours_id for unit in land.units}
    hours = {each.id: WorkHours(each.periods) for each in land.hours}
    due = history.deadlines_of(cases, unit_hours, limits, calendar, hours)
    reports = 0
    rows = history.chunks(cases, due, seed)
    done = 0
    async for taken in bulk.take_all(connection, rows, history=True):
        reports += taken.rows
        done = min(done + history.CHUNK, number)
        progress(f"已装入 {done}/{number} 件工单")
    return number, reports


async def load_rules(db: Database) -> tuple[dict[Grade, Limit], WorkCalendar]:
    """The limits and the calendar as the database has them."""
    async with db.begin() as connection:
        limits = {
            Grade(row.grade): Limit(
                Grade(row.grade),
                LimitClock(row.clock),
                row.accept_minutes,
                row.finish_amount,
                FinishUnit(row.finish_unit),
                row.return_minutes,
                row.extension_days,
                row.soon_share,
            )
            for row in await reads.rows(connection, reads.LIMITS)
        }
        days = await reads.rows(connection, reads.CALENDAR)
    return limits, WorkCalendar.of(CalendarDay(row.day, row.working, row.name, row.provisional) for row in days)
