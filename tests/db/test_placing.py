"""Where a case is, said later: who may, what follows from it, and who goes on seeing it."""

from uuid import uuid4

import pytest

from commandcenter.db.engine import Database
from commandcenter.domain.case import State
from commandcenter.errors import PersonError, Refused, StaleVersion
from commandcenter.services import placing
from tests.db.centre import Centre, Change, refused
from tests.db.county import COMMUNITY_A, COMMUNITY_B, GRID_A, TOWN_A, TOWN_B, UNIT_A, UNIT_B
from tests.db.life import MONDAY, accepted, dispatched, in_state, register

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
