"""Where a case is, said later: who may, what follows from it, and who goes on seeing it."""

import json
from uuid import UUID, uuid4

import pytest

from commandcenter.db.engine import Database
from commandcenter.domain.case import State
from commandcenter.errors import PersonError, Refused, StaleVersion
from commandcenter.services import placing
from tests.db.centre import Centre, Change, refused
from tests.db.county import COMMUNITY_A, COMMUNITY_B, GRID_A, ROLE_PEOPLE, TOWN_A, TOWN_B, UNIT_A, UNIT_B
from tests.db.life import MONDAY, accepted, dispatched, in_state, register
from tests.db.merge_life import merge, standing
from tests.db.whistle_life import blow

POINT = {"lon": 122.05, "lat": 37.05}


async def place(centre: Centre, who: str, c: Change, area: int | None, **given: object) -> Change:
    words = {"lon": None, "lat": None, "place": ""} | given
    return await centre.do(who, "place", case=c.case_id, version=c.version, area=area, **words)


async def sees(centre: Centre, who: str, case_id: int) -> bool:
    return bool(await (await centre(who)).fetchval("select count(*) from cc.cases where id = $1", case_id))


async def test_a_placed_case_comes_to_its_town_and_no_clock_moves(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await dispatched(centre, UNIT_B, area=None)
    before = await centre.case(c.case_id)
    assert (before["area_id"], before["path"]) == (None, "01.")
    assert not await sees(centre, "caller", c.case_id)
    c = await place(centre, "duty", c, GRID_A, **POINT, place="甲一\t社区 3 号楼")
    after = await centre.case(c.case_id)
    assert (after["area_id"], after["town_id"], after["path"]) == (GRID_A, TOWN_A, "01.01.01.01.")
    assert (after["lon"], after["lat"], after["place"]) == (122.05, 37.05, "甲一 社区 3 号楼")
    assert await sees(centre, "caller", c.case_id)
    assert await sees(centre, "grid", c.case_id)
    for column in (
        "state",
        "grade",
        "unit_id",
        "dispatched_at",
        "accept_due_at",
        "return_until",
        "soon_at",
        "due_at",
        "flags",
    ):
        assert after[column] == before[column], column
    line = await (await centre.root()).fetchrow(
        "select verb, paths, detail::text as detail from cc.journal where case_id = $1 order by seq desc limit 1",
        c.case_id,
    )
    assert line["verb"] == "place"
    assert {"01.", "01.01.01.01."} <= set(line["paths"])
    assert "号楼" not in line["detail"]  # no address in the journal


async def test_who_works_on_it_goes_on_seeing_it_elsewhere(centre: Centre) -> None:
    c = await accepted(centre, UNIT_A, area=COMMUNITY_A)
    assert await sees(centre, "caller", c.case_id)
    c = await place(centre, "supervisor", c, COMMUNITY_B)
    assert await sees(centre, "responder_b", c.case_id)  # its place
    assert await sees(centre, "responder", c.case_id)  # its work
    assert not await sees(centre, "community", c.case_id)
    line = await (await centre.root()).fetchrow(
        "select paths from cc.journal where case_id = $1 order by seq desc limit 1", c.case_id
    )
    assert {"01.01.01.", "01.02.01.", "01.01."} <= set(line["paths"])  # old place, new place, its unit
    await centre.do("responder", "apply_extension", case=c.case_id, version=c.version, days=1, reason="等配件")


async def test_who_saw_a_merged_case_goes_on_seeing_what_became_of_it(centre: Centre) -> None:
    kept, source = await register(centre, area=COMMUNITY_A), await register(centre, area=COMMUNITY_A)
    await (await centre("duty")).execute(
        "select cc.merge($1, null, $2, null, 'person', null, '[]', '', $3)", kept.case_id, source.case_id, uuid4()
    )
    row = await centre.case(kept.case_id)
    await centre.do(
        "duty", "place", case=kept.case_id, version=row["version"], area=COMMUNITY_B, lon=None, lat=None, place=""
    )
    assert await sees(centre, "community", kept.case_id)
    assert await sees(centre, "responder_b", kept.case_id)
    assert await centre.value("select count(*) from cc.audit()") == 0


async def test_what_is_left_out_stays(centre: Centre) -> None:
    c = await register(centre, area=COMMUNITY_A)
    c = await place(centre, "duty", c, None, lon=122.06, lat=37.06)
    row = await centre.case(c.case_id)
    assert (row["area_id"], row["lon"], row["place"]) == (COMMUNITY_A, 122.06, "甲一社区")
    c = await place(centre, "duty", c, TOWN_B)
    row = await centre.case(c.case_id)
    assert (row["area_id"], row["town_id"], row["lon"]) == (TOWN_B, TOWN_B, 122.06)


@pytest.mark.parametrize(
    "given",
    [
        {"area": 999_999},
        {"area": None},
        {"area": 1},  # the whole county
        {"area": GRID_A, "lon": 122.0},
        {"area": GRID_A, "lon": 222.0, "lat": 37.0},
        {"area": GRID_A, "lon": 122.0, "lat": float("nan")},
    ],
)
async def test_no_place_on_this_map(centre: Centre, given: dict[str, object]) -> None:
    c = await register(centre, area=None)
    was = await centre.case(c.case_id)
    async with refused("CC004"):
        await place(centre, "duty", c, **given)  # type: ignore[arg-type]
    assert await centre.case(c.case_id) == was


async def test_a_caller_places_within_the_own_area(centre: Centre) -> None:
    c = await register(centre, "caller", area=None)  # at the town's own place
    async with refused("CC001"):
        await place(centre, "caller", c, COMMUNITY_B)
    c = await place(centre, "caller", c, COMMUNITY_A)
    async with refused("CC003"):
        await place(centre, "head_b", c, COMMUNITY_B)
    assert (await place(centre, "community", c, GRID_A)).state == State.NEW


async def test_not_over_somebody_who_works_on_it_nor_twice(centre: Centre) -> None:
    c = await register(centre, area=None)
    held = await centre.do("duty2", "take", case=c.case_id, version=c.version)
    async with refused("CC011"):
        await place(centre, "duty", held, GRID_A)
    key = uuid4()
    first = await place(centre, "duty2", held, GRID_A, key=key)
    again = await place(centre, "duty2", held, GRID_A, key=key)
    assert (again.version, again.replayed) == (first.version, True)
    over = await in_state(centre, State.ARCHIVED)
    async with refused("CC001"):
        await place(centre, "duty", over, GRID_A)


async def test_the_service_lists_what_is_unplaced_and_says_why_not(centre: Centre) -> None:
    await register(centre, area=COMMUNITY_A)
    c = await register(centre, area=None, grade=2)
    db = await Database.connect(centre.url("duty"))
    try:
        [found] = await placing.read_unplaced(db)
        assert (found.id, found.content) == (c.case_id, "燃气管道漏气，楼道里味道很重，请尽快派人处理")
        with pytest.raises(StaleVersion, match="刚被别人改过"):
            await placing.place(db, case_id=c.case_id, version=99, area_id=GRID_A, key=uuid4())
        with pytest.raises(PersonError, match="所属区域"):
            await placing.place(db, case_id=c.case_id, version=c.version, area_id=999, key=uuid4())
        await placing.place(db, case_id=c.case_id, version=c.version, area_id=GRID_A, **POINT, key=uuid4())
        assert await placing.read_unplaced(db) == ()
    finally:
        await db.close()
    responder = await Database.connect(centre.url("responder"))
    try:
        with pytest.raises(Refused, match="不能对它定位"):
            await placing.place(responder, case_id=c.case_id, version=c.version + 1, area_id=GRID_A, key=uuid4())
    finally:
        await responder.close()


SQUARE = {"type": "Polygon", "coordinates": [[[122, 37], [122.01, 37], [122.01, 37.01], [122, 37.01], [122, 37]]]}
"""0.01 degrees: 1,112 m north, 888 m east at 37 degrees."""


async def outline(centre: Centre, area: int, shape: object) -> None:
    await (await centre.root()).execute("update cc.areas set outline = $1 where id = $2", json.dumps(shape), area)


@pytest.mark.parametrize(
    "shape",
    [SQUARE, {"type": "MultiPolygon", "coordinates": [[[[121, 36], [121, 36.1], [121.1, 36]]], SQUARE["coordinates"]]}],
)
async def test_a_point_is_within_its_area_or_near_by(centre: Centre, shape: object) -> None:
    await outline(centre, GRID_A, shape)
    c = await register(centre, area=None)
    async with refused("CC097") as caught:
        await place(centre, "duty", c, GRID_A, lon=122.005, lat=37.02)
    assert caught[0].detail == "1112:甲一第一网格"
    async with refused("CC097"):
        await place(centre, "duty", c, GRID_A, lon=122.015, lat=37.005)
    c = await place(centre, "duty", c, GRID_A, lon=122.005, lat=37.0115)  # a pier, a road's other side: 167 m
    async with refused("CC097"):  # the area is the one it has
        await place(centre, "duty", c, None, lon=122.1, lat=37.005)
    c = await place(centre, "duty", c, COMMUNITY_B)  # of which no outline is known
    assert (await centre.case(c.case_id))["lon"] == 122.005
    c = await place(centre, "duty", c, None, lon=122.3, lat=37.3)
    c = await place(centre, "duty", c, GRID_A)  # without a point: the old one, which is elsewhere, goes
    row = await centre.case(c.case_id)
    assert (row["area_id"], row["lon"], row["lat"]) == (GRID_A, None, None)


async def unplace(centre: Centre, who: str, case: int, placed: int, key: UUID | None = None) -> Change:
    return await centre.do(who, "unplace", case=case, placed=placed, **({"key": key} if key else {}))


@pytest.mark.parametrize("merged", [False, True])
async def test_a_placing_is_taken_back_whole(centre: Centre, merged: bool) -> None:
    await centre.clock(MONDAY)
    await outline(centre, COMMUNITY_B, SQUARE)
    c = await accepted(centre, UNIT_A, area=GRID_A)
    c = await place(centre, "duty", c, None, lon=122.1234567890123, lat=37.1)
    if merged:
        await merge(centre, c.case_id, (await register(centre, area=COMMUNITY_A)).case_id)
        c = Change(**{**vars(c), "version": (await centre.case(c.case_id))["version"]})
    before = await standing(centre)
    placed = await place(centre, "supervisor", c, COMMUNITY_B, place="乙镇海边")
    assert await sees(centre, "responder_b", c.case_id)
    assert (await centre.case(c.case_id))["lon"] is None
    noted = await centre.do("responder", "note", case=c.case_id, version=placed.version, text="问过了")
    key = uuid4()
    back = await unplace(centre, "duty", c.case_id, placed.version, key)
    assert await standing(centre) == before
    again = await unplace(centre, "duty", c.case_id, placed.version, key)
    assert (back.version, again.version, again.replayed) == (noted.version + 1, noted.version + 1, True)
    async with refused("CC098") as caught:
        await unplace(centre, "duty", c.case_id, placed.version)
    assert caught[0].detail == "undone"
    line = await (await centre.root()).fetchrow(
        "select verb, paths, detail::text as detail from cc.journal where case_id = $1 order by seq desc limit 1",
        c.case_id,
    )
    assert line["verb"] == "unplace"
    assert {"01.01.01.01.", "01.02.01."} <= set(line["paths"])  # both places hear it
    assert "海边" not in line["detail"]
    assert await centre.value("select count(*) from cc.audit()") == 0


async def test_what_was_done_by_a_place_holds_it(centre: Centre) -> None:
    await centre.clock(MONDAY)

    async def kept(c: Change, placed: int, why: str) -> None:
        async with refused("CC098") as caught:
            await unplace(centre, "duty", c.case_id, placed)
        assert caught[0].detail == why

    c = await place(centre, "duty", await register(centre, area=None), GRID_A)
    await centre.do("duty", "dispatch", case=c.case_id, version=c.version, unit=UNIT_A, assist=[], note="")
    await kept(c, c.version, "dispatch")
    c = await place(centre, "duty", await accepted(centre, UNIT_A, area=COMMUNITY_A), GRID_A)
    await blow(centre, case_id=c.case_id)
    await kept(c, c.version, "blow")
    c = await dispatched(centre, UNIT_A, area=None)
    c = await place(centre, "duty", c, GRID_A)
    moved = await centre.do("duty", "reassign", case=c.case_id, version=c.version, unit=UNIT_B, reason="指定")
    await kept(c, c.version, "reassign")
    # a later place, and the one before it once more: the earlier deed is over
    twice = await place(centre, "duty", moved, COMMUNITY_B)
    same = await place(centre, "duty", twice, GRID_A)
    await kept(c, c.version, "moved")
    await unplace(centre, "duty", c.case_id, same.version)
    assert (await centre.case(c.case_id))["area_id"] == COMMUNITY_B
    await unplace(centre, "duty", c.case_id, twice.version)
    await kept(c, 999, "missing")
    await kept(c, c.version, "reassign")


async def test_who_takes_a_placing_back(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await place(centre, "supervisor", await register(centre, area=COMMUNITY_B), GRID_A)
    for role, who in ROLE_PEOPLE.items():
        if role in {"cc_analyst", "cc_wall"}:
            async with refused("42501"):
                await unplace(centre, who, c.case_id, c.version)
        elif role not in {"cc_duty", "cc_supervisor"}:  # a caller: it came from elsewhere
            async with refused("CC001"):
                await unplace(centre, who, c.case_id, c.version)
    async with refused("CC003"):
        await unplace(centre, "head_b", c.case_id, c.version)
    held = await centre.do("duty2", "take", case=c.case_id, version=c.version)
    async with refused("CC011"):
        await unplace(centre, "duty", c.case_id, c.version)
    assert (await unplace(centre, "duty2", c.case_id, c.version)).version == held.version + 1
    own = await place(centre, "caller", await register(centre, "caller", area=None), COMMUNITY_A)
    await unplace(centre, "caller", own.case_id, own.version)
    over = await in_state(centre, State.ARCHIVED)
    async with refused("CC001"):
        await unplace(centre, "duty", over.case_id, 1)
