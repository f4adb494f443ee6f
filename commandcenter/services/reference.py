"""What changes rarely and everything refers to: places, units, rules, people; read once, again when the feed says so."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from commandcenter.db import reads
from commandcenter.db.engine import Database
from commandcenter.domain.case import Grade, Role, State, Verb
from commandcenter.domain.limit import FinishUnit, Limit, LimitClock
from commandcenter.domain.whistle import Level, LevelRule, SpeedWeights
from commandcenter.domain.worktime import CalendarDay, WorkCalendar, WorkHours
from commandcenter.errors import PersonError
from commandcenter.services.loop_rules import SlipKindRule, SlipRule, read_loop_rules

_VERBS = frozenset(Verb)


@dataclass(frozen=True, slots=True)
class Area:
    """A piece of the county, from the county itself down to an estate."""

    id: int
    parent_id: int | None
    level: str
    code: str
    name: str
    path: str
    population: int
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Unit:
    """Who can be made responsible."""

    id: int
    parent_id: int | None
    kind: str
    name: str
    short_name: str
    path: str
    area_id: int | None
    group_no: int | None
    hours_id: int
    active: bool


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the category tree; `path_name` is 城乡建设 › 公用事业 › 燃气."""

    id: int
    parent_id: int | None
    name: str
    path_name: str
    default_grade: Grade
    keywords: tuple[str, ...] = ()
    """What people call it: by them and its name it is suggested before anything is learned."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A way by which reports come in."""

    id: int
    code: str
    name: str
    online: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a login."""

    login: str
    name: str
    role: Role
    unit_id: int
    unit_name: str
    path: str
    active: bool = True
    demo: bool = False
    post: str = ""
    """职务: town_head, section_head, director, leader, or none; what they approve and sign for."""


@dataclass(frozen=True, slots=True)
class DutyItem:
    """An item of the responsibility list 事项清单: who leads and who assists, and on what ground."""

    id: int
    code: str
    field: str
    matter: str
    category_id: int | None
    lead_unit_id: int | None
    assist_unit_ids: tuple[int, ...]
    ground: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Reference:
    """The whole of it, as one person may see it. Immutable: a change brings a new one."""

    centre_name: str
    demo: bool
    me: Person
    areas: Mapping[int, Area]
    units: Mapping[int, Unit]
    categories: Mapping[int, Category]
    channels: Mapping[int, Channel]
    people: Mapping[str, Person]
    """By login; empty for the wall, which is refused it."""
    duty_list: tuple[DutyItem, ...]
    limits: Mapping[Grade, Limit]
    calendar: WorkCalendar
    hours: Mapping[int, WorkHours]
    hours_names: Mapping[int, str]
    transitions: frozenset[tuple[int, str, int, str]]
    """(from state, verb, to state, role); from -1 where the case does not exist yet."""
    steps: frozenset[tuple[str, int, str, int, str]] = frozenset()
    """(whistle, party or slip; from state, verb, to state, role), as `transitions`."""
    levels: Mapping[Level, LevelRule] = field(default_factory=dict)
    slip_kinds: Mapping[int, SlipKindRule] = field(default_factory=dict)
    slip_rules: tuple[SlipRule, ...] = ()
    speed_weights: SpeedWeights = field(default_factory=SpeedWeights)
    score_low: int = 60
    """A whistle's score below it needs words."""

    @cached_property
    def towns(self) -> tuple[Area, ...]:
        """The towns, in the order of their codes."""
        return tuple(sorted((area for area in self.areas.values() if area.level == "town"), key=lambda area: area.code))

    @property
    def duty_items(self) -> tuple[DutyItem, ...]:
        """All items of the responsibility list, in force or not; a whistle takes one in force today."""
        return self.duty_list

    def lawful(self, state: State, role: Role) -> frozenset[Verb]:
        """What that role may do to a case in that state; the database refuses everything else."""
        return frozenset(
            Verb(verb)
            for before, verb, _, whose in self.transitions
            if before == state and whose == role and verb in _VERBS  # an import's deeds are no verbs of a desk
        )

    def hours_of(self, unit_id: int) -> WorkHours:
        """A unit's working hours; the centre's for an unknown one."""
        unit = self.units.get(unit_id)
        return self.hours[unit.hours_id if unit is not None else min(self.hours)]


def _person(row: Any) -> Person:
    return Person(
        row.login, row.name, Role(row.role), row.unit_id, row.unit_name, row.path, row.active, row.demo, row.post
    )


async def load_reference(db: Database) -> Reference:
    """Read it all as the person of `db`, in one transaction. Raises PersonError for a login that is no person's."""
    async with db.begin() as connection:

        async def rows(query: str) -> list[Any]:
            return await reads.rows(connection, query)

        [who] = await rows(reads.WHO)
        if who.role is None or who.role == "system":
            raise PersonError("这个登录名没有对应的人员，或已停用。", "请联系系统管理员。")
        unseen = who.role in {Role.WALL, Role.INTAKE}
        units = {
            row.id: Unit(
                row.id, row.parent_id, row.kind, row.name, row.short_name, row.path, row.area_id, row.group_no, row.hours_id,
                row.active,
            )
            for row in await rows(reads.UNITS)
        }  # fmt: skip
        people = {} if unseen else {row.login: _person(row) for row in await rows(reads.PEOPLE)}
        my_unit = next(unit for unit in units.values() if unit.path == who.path)
        hours = await rows(reads.HOURS)
        loop = await read_loop_rules(connection, Role(who.role))
        [centre] = await rows(reads.CENTRE)
        return Reference(
            centre_name=centre.name,
            demo=centre.demo,
            me=people.get(who.login)
            or Person(who.login, who.login, Role(who.role), my_unit.id, my_unit.name, my_unit.path),
            areas={
                row.id: Area(
                    row.id, row.parent_id, row.level, row.code, row.name, row.path, row.population, row.lon, row.lat
                )
                for row in await rows(reads.AREAS)
            },
            units=units,
            categories={
                row.id: Category(
                    row.id, row.parent_id, row.name, row.path_name, Grade(row.default_grade), tuple(row.keywords)
                )
                for row in await rows(reads.CATEGORIES)
            },
            channels={row.id: Channel(row.id, row.code, row.name, row.online) for row in await rows(reads.CHANNELS)},
            people=people,
            duty_list=()
            if unseen
            else tuple(
                DutyItem(
                    row.id, row.code, row.field, row.matter, row.category_id, row.lead_unit_id,
                    tuple(row.assist_unit_ids), row.ground, row.valid_from, row.valid_to,
                )
                for row in await rows(reads.DUTY_LIST)
            ),
            limits={
                Grade(row.grade): Limit(
                    Grade(row.grade), LimitClock(row.clock), row.accept_minutes, row.finish_amount,
                    FinishUnit(row.finish_unit), row.return_minutes, row.extension_days, row.soon_share,
                )
                for row in await rows(reads.LIMITS)
            },
            calendar=WorkCalendar.of(
                CalendarDay(row.day, row.working, row.name, row.provisional) for row in await rows(reads.CALENDAR)
            ),
            hours={row.id: WorkHours(tuple(row.periods)) for row in hours},
            hours_names={row.id: row.name for row in hours},
            transitions=frozenset(
                (row.from_state, row.verb, row.to_state, row.role) for row in await rows(reads.TRANSITIONS)
            ),
            steps=loop.steps,
            levels=loop.levels,
            slip_kinds=loop.slip_kinds,
            slip_rules=loop.slip_rules,
            speed_weights=loop.speed_weights,
            score_low=loop.score_low,
        )  # fmt: skip


async def load_outlines(db: Database, levels: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Outlines (GeoJSON geometries, WGS-84) of all areas of these levels, by area id."""
    async with db.begin() as connection:
        found = await reads.rows(connection, reads.OUTLINES, levels=list(levels))
    return {row.id: json.loads(row.outline) for row in found}
