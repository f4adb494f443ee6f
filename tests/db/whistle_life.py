"""A whistle led through its life by those whose deed each step is; used by tests that need one in a given state."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import asyncpg

from tests.db.centre import Centre
from tests.db.county import DEPARTMENT_1, DEPARTMENT_2, UTILITY
from tests.db.life import accepted

LIST_ITEM = "select id from cc.duty_list where code = $1"
NAMES = {DEPARTMENT_1: "department", DEPARTMENT_2: "department2", UTILITY: "utility"}
"""Who answers for a unit."""


@dataclass(frozen=True)
class Blown:
    """What a whistle's verb answered."""

    whistle_id: int
    number: str
    state: int
    version: int
    replayed: bool


@dataclass(frozen=True)
class Part:
    """What a party's verb answered."""

    party_id: int
    whistle_id: int
    state: int
    version: int
    replayed: bool


async def call(login: asyncpg.Connection, function: str, **arguments: object) -> asyncpg.Record:
    """Call ``cc.<function>(p_name => …)`` with a fresh key where none is given."""
    arguments.setdefault("key", uuid4())
    named = ", ".join(f"p_{name} => ${number}" for number, name in enumerate(arguments, 1))
    row = await login.fetchrow(f"select * from cc.{function}({named})", *arguments.values())
    assert row is not None
    return row


async def item(centre: Centre, code: str = "1") -> int:
    return int(str(await centre.value(LIST_ITEM, code)))


async def listed(
    centre: Centre, code: str, lead: int | None, assist: tuple[int, ...] = (), ground: str = "商定", **dates: object
) -> int:
    """Put an item into the responsibility list; returns its id."""
    return int(
        str(
            await centre.value(
                "insert into cc.duty_list (code, field, matter, lead_unit_id, assist_unit_ids, ground, valid_from, valid_to) "
                "values ($1, '市政', '井盖', $2, $3, $4, $5, $6) returning id",
                code,
                lead,
                list(assist),
                ground,
                dates.get("valid_from", datetime(2026, 1, 1).date()),  # noqa: DTZ001 - a day
                dates.get("valid_to"),
            )
        )
    )


async def blow(centre: Centre, who: str = "head", case_id: int | None = None, **given: object) -> Blown:
    """Blow a whistle for a case in town A, or for a new one; by the town's head, so that it is approved at once."""
    if case_id is None:
        case_id = (await accepted(centre)).case_id
    arguments: dict[str, object] = {
        "case": case_id,
        "case_version": (await centre.case(case_id))["version"],
        "level": 1,
        "matter": "燃气管线漏气",
        "demand": "到场查明并修复",
        "duty_item": await item(centre) if "duty_item" not in given else None,
        "danger": False,
        "danger_words": "",
        "meeting_at": None,
        "meeting_place": "",
        "plan_until": None,
    }
    return Blown(*(await call(await centre(who), "blow", **arguments | given)).values())


async def blown_to(centre: Centre, *units: int, **given: object) -> Blown:
    """A whistle that calls these units, the first to lead."""
    number = await centre.value("select count(*) from cc.duty_list")
    made = await listed(centre, f"x{number}", units[0], units[1:])
    return await blow(centre, duty_item=made, **given)


async def whistle(centre: Centre, w: Blown | int) -> asyncpg.Record:
    row = await (await centre.root()).fetchrow(
        "select * from cc.whistles where id = $1", w if isinstance(w, int) else w.whistle_id
    )
    assert row is not None
    return row


async def parties(centre: Centre, w: Blown) -> list[asyncpg.Record]:
    found = await (await centre.root()).fetch(
        "select * from cc.whistle_parties where whistle_id = $1 order by part desc, id", w.whistle_id
    )
    return list(found)


async def party(centre: Centre, w: Blown, unit: int = DEPARTMENT_1) -> asyncpg.Record:
    return next(row for row in await parties(centre, w) if row["unit_id"] == unit)


async def do(centre: Centre, who: str, function: str, w: Blown, **given: object) -> Blown:
    """A verb on the whistle as it is now."""
    given.setdefault("version", (await whistle(centre, w))["version"])
    return Blown(*(await call(await centre(who), function, whistle=w.whistle_id, **given)).values())


PARTY_ARGUMENTS: dict[str, dict[str, object]] = {
    "object_to_whistle": {"reason": "不属本单位职责"},
    "rule_objection": {"upheld": False, "reason": "按清单由你单位主责", "instead": None},
    "check_in": {
        "came": "王工 科长",
        "place": "甲一社区九号楼",
        "lon": None,
        "lat": None,
        "photo_name": None,
        "photo_type": None,
        "photo": None,
    },
    "progress": {"text": "已关阀"},
    "stand_down": {"done": "已更换管件", "met": True},
    "send_back_party": {"reason": "仍有气味"},
    "score_party": {"speed": 90, "quality": 80, "met": True, "finished": True, "satisfied": True, "words": ""},
    "answer_score": {"text": "收到"},
}


async def part(
    centre: Centre, function: str, w: Blown, unit: int = DEPARTMENT_1, who: str = "", **given: object
) -> Part:
    """A verb on a unit's part as it is now, by whose deed it is."""
    p = await party(centre, w, unit)
    if not who:
        mine = {"answer_whistle", "object_to_whistle", "check_in", "progress", "stand_down", "answer_score"}
        who = NAMES[unit] if function in mine else "duty" if function == "rule_objection" else "head"
    arguments = {"party": p["id"], "version": p["version"]} | PARTY_ARGUMENTS.get(function, {}) | given
    return Part(*(await call(await centre(who), function, **arguments)).values())


STEPS = ("answer_whistle", "check_in", "stand_down", "confirm_party", "score_party")


async def led_to(centre: Centre, w: Blown, state: int, unit: int = DEPARTMENT_1) -> None:
    """Lead a called unit's part to ANSWERED 2 … SCORED 6, or OBJECTED 1, or RELEASED 7."""
    if state in {1, 7}:
        await part(centre, "object_to_whistle", w, unit)
        if state == 7:
            await part(centre, "rule_objection", w, unit, upheld=True)
        return
    for step in STEPS[: max(0, state - 1)]:
        await part(centre, step, w, unit)
