"""Bulk intake by COPY, and the search that finds what came in."""

import asyncio
import hashlib
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from commandcenter.db.bulk import grams
from tests.db.centre import Centre, refused
from tests.db.county import COMMUNITY_A, COMMUNITY_B, GRID_A
from tests.db.life import MONDAY, register

COLUMNS = (
    "batch", "row_no", "matter", "channel_id", "foreign_number", "fingerprint", "kind", "category_id", "grade", "title",
    "content", "place", "area_id", "lon", "lat", "received_at", "name", "phone", "address", "confidential", "grams", "raw",
)  # fmt: skip


def row(
    batch: UUID, number: int, *, content: str = "路灯不亮", matter: int | None = None, foreign: str | None = None,
    area: int | None = COMMUNITY_A, at: datetime = MONDAY, phone: str = "",
) -> tuple[object, ...]:  # fmt: skip
    foreign = foreign or f"F-{number}"
    mark = hashlib.sha256(f"number\x1f1\x1f{foreign}".encode()).digest()
    return (
        batch, number, matter or number, 1, foreign, mark, "投诉", None, None, content[:40], content, "某路", area, 122.4,
        37.2, at, "某人" if phone else "", phone, "", False, grams(content), '{"行": 1}',
    )  # fmt: skip


async def load(
    login: asyncpg.Connection, rows: list[tuple[object, ...]], *, batch: UUID | None = None
) -> list[asyncpg.Record]:
    async with login.transaction():
        await login.copy_records_to_table("staging", schema_name="cc", columns=COLUMNS, records=rows)
        return await login.fetch("select * from cc.take_in($1, false)", batch or rows[0][0])


async def test_every_row_ends_as_new_or_as_a_named_duplicate(centre: Centre) -> None:
    known = await register(centre, foreign_number="F-1")
    batch = uuid4()
    rows = [row(batch, 1), row(batch, 2), row(batch, 3, foreign="F-2"), row(batch, 4), row(batch, 5, foreign="F-2")]
    taken = await load(await centre("duty"), rows)
    assert [r["row_no"] for r in taken] == [1, 2, 3, 4, 5]
    assert [r["duplicate"] for r in taken] == [True, False, True, False, True]
    assert taken[0]["case_id"] == known.case_id, "the same as what a desk registered"
    assert taken[2]["report_id"] == taken[4]["report_id"] == taken[1]["report_id"]
    batch = uuid4()
    again = await load(await centre("duty2"), [row(batch, n) for n in (1, 2, 4)])
    assert all(r["duplicate"] for r in again)
    assert [r["report_id"] for r in again] == [taken[0]["report_id"], taken[1]["report_id"], taken[3]["report_id"]]
    assert await centre.value("select count(*) from cc.reports") == 3
    assert await centre.value("select count(*) from cc.staging") == 0


async def test_one_matter_is_one_case_with_its_reports(centre: Centre) -> None:
    batch = uuid4()
    taken = await load(await centre("intake"), [row(batch, n, matter=1 + n % 2) for n in range(1, 7)])
    assert len({r["case_id"] for r in taken}) == 2
    root = await centre.root()
    assert [tuple(r) for r in await root.fetch("select reports, state, verb from cc.cases")] == [(3, 0, "import")] * 2
    assert await root.fetchval("select count(*) from cc.journal where verb = 'import'") == 2
    assert await root.fetchval("select count(distinct case_id) from cc.reports") == 2


async def test_numbers_have_no_gaps_day_by_day(centre: Centre) -> None:
    await centre.clock(MONDAY)
    await register(centre)
    for start in (0, 50):
        batch = uuid4()
        await load(
            await centre("duty"),
            [row(batch, n + 1, foreign=f"G-{start + n}", at=MONDAY - timedelta(days=n % 3)) for n in range(50)],
        )
    rows = await (await centre.root()).fetch(
        "select substr(number, 3, 8) as day, array_agg(substr(number, 12)::integer order by number) as given from cc.cases group by 1"
    )
    assert sum(len(r["given"]) for r in rows) == 101
    for r in rows:
        assert r["given"] == list(range(1, len(r["given"]) + 1)), r["day"]


async def test_rolled_back_it_leaves_nothing(centre: Centre) -> None:
    duty = await centre("duty")
    tables = ("cases", "reports", "citizens", "journal", "staging", "day_numbers")
    before = [await centre.value(f"select count(*) from cc.{table}") for table in tables]
    batch = uuid4()
    transaction = duty.transaction()
    await transaction.start()
    await load(duty, [row(batch, 1, phone="13900001111")])
    await transaction.rollback()
    # one bad row and all of it is refused: a report without content
    with pytest.raises(asyncpg.CheckViolationError) as info:
        await load(duty, [row(batch, 1, phone="13900001111"), row(batch, 2, content="")])
    assert "13900001111" not in str(info.value.as_dict())
    assert [await centre.value(f"select count(*) from cc.{table}") for table in tables] == before


async def test_a_batch_is_its_loaders_own(centre: Centre) -> None:
    batch = uuid4()
    duty = await centre("duty")
    await duty.copy_records_to_table("staging", schema_name="cc", columns=COLUMNS, records=[row(batch, 1)])
    assert await (await centre("duty2")).fetch("select * from cc.take_in($1, false)", batch) == []
    assert len(await duty.fetch("select * from cc.take_in($1, false)", batch)) == 1
    async with refused("CC001"):
        await duty.fetch("select * from cc.take_in($1, true)", batch)
    for who in ("responder", "caller", "followup", "analyst", "wall"):
        async with refused("42501"):
            await (await centre(who)).fetch("select * from cc.take_in($1, false)", batch)


async def test_what_came_in_obeys_sight(centre: Centre) -> None:
    batch = uuid4()
    taken = await load(
        await centre("intake"), [row(batch, 1, area=GRID_A), row(batch, 2, area=COMMUNITY_B), row(batch, 3, area=None)]
    )
    ids = [r["case_id"] for r in taken]
    for who, cases in {
        "responder": ids[:1],
        "grid": ids[:1],
        "responder_b": ids[1:2],
        "duty": ids,
        "responder_c": [],
    }.items():
        assert [r["id"] for r in await (await centre(who)).fetch("select id from cc.cases order by id")] == sorted(
            cases
        )
    towns = await (await centre.root()).fetch("select id, town_id from cc.cases")
    assert {r["id"]: r["town_id"] for r in towns} == {ids[0]: 11, ids[1]: 12, ids[2]: None}


async def test_two_imports_of_the_same_file_at_once(centre: Centre) -> None:
    logins = [await centre("duty"), await centre("duty2")]
    batches = [uuid4(), uuid4()]
    results = await asyncio.gather(
        *[load(login, [row(batch, n) for n in range(1, 200)]) for login, batch in zip(logins, batches, strict=True)]
    )
    assert sorted(sum(r["duplicate"] for r in taken) for taken in results) == [0, 199]


async def test_twenty_thousand_rows(centre: Centre) -> None:
    batch = uuid4()
    rows = [row(batch, n, content=f"第{n}号路灯不亮", area=(COMMUNITY_A, COMMUNITY_B)[n % 2]) for n in range(1, 20_001)]
    taken = await load(await centre("intake"), rows)
    assert len(taken) == 20_000
    assert not any(r["duplicate"] for r in taken)
    assert await centre.value("select count(*) from cc.journal where verb = 'import'") == 20_000
    assert await centre.value("select count(*) from cc.check_journal()") == 0
    assert await (await centre("responder")).fetchval("select count(*) from cc.cases") == 10_000
    assert len(await (await centre("responder_b")).fetch("select cc.search('第12345号', 10)")) == 1
    assert await (await centre("responder")).fetch("select cc.search('第12345号', 10)") == []
    assert len(await (await centre("duty")).fetch("select cc.search('路灯', 10)")) == 10


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("路灯", True), ("灯不亮", True), ("路灯不亮了", True), ("ＬＥＤ", False), ("led灯", True), ("LED灯", True), ("亮路", False),
        ("路 灯", True), ("灯", False), ("", False), ("%%", False), ("__", False), ("不存在", False),
    ],
)  # fmt: skip
async def test_search(centre: Centre, asked: str, found: bool) -> None:
    c = await register(centre, content="小区路灯不亮了，LED灯坏了\n路")
    expected = [(c.case_id,)] if found else []
    for who in ("duty", "responder", "community"):
        assert await (await centre(who)).fetch("select cc.search($1, 10)", asked) == expected
    for who in ("responder_b", "department", "wall", "gone", "intake"):
        assert await (await centre(who)).fetch("select cc.search($1, 10)", asked) == []


async def test_history_is_the_systems_alone(centre: Centre) -> None:
    root = await centre.root()
    batch = uuid4()
    async with root.transaction():
        await root.copy_records_to_table(
            "staging",
            schema_name="cc",
            columns=(
                *COLUMNS,
                "state",
                "unit_id",
                "dispatched_at",
                "archived_at",
                "reached",
                "solved",
                "satisfied",
                "flags",
            ),
            records=[(*row(batch, 1), 7, 111, MONDAY, MONDAY, True, True, "满意", 0)],
        )
        taken = await root.fetch("select * from cc.take_in($1, true)", batch)
    c = await centre.case(taken[0]["case_id"])
    assert (c["state"], c["unit_id"], c["verb"]) == (7, 111, "load")
    assert await centre.value("select count(*) from cc.follow_ups") == 1
    assert await centre.value("select count(*) from cc.check_journal()") == 0
