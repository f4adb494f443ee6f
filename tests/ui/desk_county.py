"""A county small enough to read: towns, units, rules and cases for tests of the desk, without a database."""

import random
from datetime import UTC, date, datetime, timedelta

import numpy as np

from commandcenter.clock import FixedClock
from commandcenter.domain.case import Grade, Role, State, Verb
from commandcenter.domain.limit import DEFAULTS
from commandcenter.domain.moment import HOUR, NEVER, micros
from commandcenter.domain.worktime import CalendarDay, WorkCalendar, WorkHours
from commandcenter.live.mirror import COLUMNS, Mirror, Rows
from commandcenter.services.reference import Area, Category, Channel, Person, Reference, Unit
from ui.session import Session

NOW = datetime(2026, 11, 24, 6, 3, 22, tzinfo=UTC)  # Tuesday 14:03:22 in Shanghai
FIRST_ID = 5_000_000_000  # beyond 32 bits: ids are 64
TOWNS = ("崖头街道", "城西街道", "寻山街道", "成山镇", "俚岛镇", "人和镇", "港湾街道", "上庄镇")
UNITS = ("燃气公司", "应急管理局", "住房和城乡建设局", "公安局", "供热公司")
TITLES = (
    "学府小区3号楼 燃气异味 多户反映",
    "某养生馆组织老人听课 疑似非法集资 请求核查处理",
    "凤凰湖片区停暖 涉及约 240 户",
    "石岛渔港 8 名船员反映欠薪",
    "学校门口上下学拥堵 第 3 次反映",
    "楼道外墙脱落 危及行人",
    "滨海路路灯不亮 约 6 盏",
    "绿化带垃圾未清",
)
LAW = {
    State.NEW: (Verb.GRADE, Verb.VOID),
    State.TO_DISPATCH: (Verb.DISPATCH, Verb.GRADE),
    State.TO_ACCEPT: (Verb.REASSIGN,),
    State.WORKING: (Verb.REASSIGN, Verb.PAUSE),
    State.RETURNED: (Verb.REVIEW_RETURN,),
    State.PAUSED: (Verb.RESUME,),
    State.TO_FOLLOW_UP: (Verb.REDO, Verb.ARCHIVE),
}


def calendar() -> WorkCalendar:
    """Two years in which every Monday to Friday is worked."""
    first = date(2026, 1, 1)
    days = (first + timedelta(number) for number in range(730))
    return WorkCalendar.of(CalendarDay(day, day.weekday() < 5) for day in days)


def reference(role: Role = Role.DUTY) -> Reference:
    """The county as 于晓 sees it, who has that role."""
    areas = {
        number: Area(number, None, "town", f"3710820{number:02}", name, f"01.{number:02}.", 30_000, 122.4, 37.1)
        for number, name in enumerate(TOWNS, 1)
    }
    units = {
        number: Unit(number, None, "department", f"荣成市{name}", name, f"01.9{number:02}.", None, 1, 1, True)
        for number, name in enumerate(UNITS, 11)
    }
    units[1] = Unit(1, None, "centre", "荣成市社会治理服务中心", "中心", "01.", None, None, 1, True)
    law = {(state, verb.value, state, Role.DUTY) for state, verbs in LAW.items() for verb in (*verbs, Verb.NOTE)}
    law |= {(State.TO_ACCEPT, "accept", State.WORKING, Role.RESPONDER)}
    law |= {(State.WORKING, "finish", State.TO_FOLLOW_UP, Role.RESPONDER)}
    me = Person("yuxiao", "于晓", role, 1, "荣成市社会治理服务中心", "01.")
    liwen = Person("liwen", "李文", Role.DUTY, 1, "荣成市社会治理服务中心", "01.")
    return Reference(
        centre_name="荣成市社会治理服务中心",
        demo=True,
        me=me,
        areas=areas,
        units=units,
        categories={1: Category(1, None, "燃气", "城乡建设 › 公用事业 › 燃气", Grade.RED)},
        channels={1: Channel(1, "hotline", "12345", False), 2: Channel(2, "grid", "网格员", False)},
        people={"yuxiao": me, "liwen": liwen},
        duty_list=(),
        limits=dict(DEFAULTS),
        calendar=calendar(),
        hours={1: WorkHours()},
        hours_names={1: "机关作息"},
        transitions=frozenset((int(a), verb, int(b), whose.value) for a, verb, b, whose in law),
    )


def rows(count: int, seed: int = 1, first: int = FIRST_ID, *, version: int = 1) -> Rows:
    """`count` cases in all states below archived, around `NOW`."""
    rng = np.random.default_rng(seed)
    now = micros(NOW)
    grade = rng.choice(5, count, p=(0.01, 0.03, 0.12, 0.30, 0.54)).astype("u1")
    state = rng.choice(7, count, p=(0.05, 0.12, 0.15, 0.50, 0.05, 0.03, 0.10)).astype("u1")
    span = np.array([24, 48, 60, 80, 80])[grade] * HOUR
    received = now - (rng.random(count) * 100 * HOUR).astype("i8")
    dispatched = state >= State.TO_ACCEPT
    due = np.where(dispatched, received + span, NEVER)
    numbers = {name: np.zeros(count, kind) for name, kind in COLUMNS.items()}
    numbers |= {
        "id": np.arange(first, first + count),
        "version": np.full(count, version),
        "grade": grade,
        "state": state,
        "flags": np.where(rng.random(count) < 0.02, 1, 0) | np.where(grade > 1, 16, 0),
        "town": rng.integers(1, len(TOWNS) + 1, count),
        "unit": np.where(dispatched, rng.integers(11, 11 + len(UNITS), count), 0),
        "category": np.ones(count),
        "channel": rng.integers(1, 3, count),
        "reports": np.where(rng.random(count) < 0.2, rng.integers(2, 20, count), 1),
        "lon": 122.2 + rng.random(count) / 2,
        "lat": 36.9 + rng.random(count) / 2,
        "received_at": received,
        "dispatched_at": np.where(dispatched, received, NEVER),
        "accept_due_at": np.where(dispatched, received + HOUR, NEVER),
        "soon_at": np.where(dispatched, due - span // 4, NEVER),
        "due_at": due,
        "paused_at": np.where(state == State.PAUSED, now - HOUR, NEVER),
        "changed_at": np.full(count, now),
    }
    words = random.Random(seed)
    texts = {
        "number": [f"RC20261122-{(number + first) % 100_000:05d}" for number in range(count)],
        "title": words.choices(TITLES, k=count),
        "place": words.choices(("学府社区", "凤凰湖社区", "渔港路12号", ""), k=count),
        "holder": words.choices(("", "", "", "", "", "yuxiao", "liwen"), k=count),
    }
    return Rows({name: numbers[name].astype(kind) for name, kind in COLUMNS.items()}, texts)


def some(source: Rows, positions: list[int], **changes: object) -> Rows:
    """The rows at `positions`, with columns or texts replaced by a value for all of them."""
    numbers = {name: column[positions].copy() for name, column in source.numbers.items()}
    texts = {name: [column[position] for position in positions] for name, column in source.texts.items()}
    for name, value in changes.items():
        if name in numbers:
            numbers[name][:] = value
        else:
            texts[name] = [str(value)] * len(positions)
    return Rows(numbers, texts)


def session(count: int, role: Role = Role.DUTY) -> Session:
    """A session without a database over `count` cases, its clock standing at `NOW`."""
    mirror = Mirror()
    mirror.reset(rows(count))
    return Session(mirror=mirror, reference=reference(role), clock=FixedClock(NOW))
