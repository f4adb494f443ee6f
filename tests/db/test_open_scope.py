"""The set of open cases in scope: it loses what is over, nobody loses sight by it, and old databases are given it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from alembic import command
from sqlalchemy import Connection

from commandcenter.db import schema
from commandcenter.db.engine import Database
from tests.db.centre import Centre, connected
from tests.db.county import COMMUNITY_B, DEPARTMENT_1
from tests.db.life import call_back, dispatched, finished

WAYS = "select * from cc.open_cases_in_scope()", "select * from cc.cases_in_scope()"


async def in_scope(login: asyncpg.Connection) -> list[set[int]]:
    """The ids of the open cases in a person's scope, and of all."""
    return [{case_id for (case_id,) in await login.fetch(way)} for way in WAYS]


async def test_a_case_that_is_over_stays_in_sight(centre: Centre) -> None:
    ended = await finished(centre, DEPARTMENT_1, "department", area=COMMUNITY_B)
    ended = await call_back(centre, ended)
    running = await dispatched(centre, DEPARTMENT_1, area=COMMUNITY_B)
    department = await centre("department")
    both = {ended.case_id, running.case_id}
    assert await in_scope(department) == [both, both]
    await centre.do("followup", "archive", case=ended.case_id, version=ended.version)
    assert await in_scope(department) == [{running.case_id}, both]
    assert {case_id for (case_id,) in await department.fetch("select id from cc.cases")} == both
    number = ended.number
    assert await department.fetchval("select id from cc.cases where number = $1", number) == ended.case_id
    assert await department.fetchval("select count(*) from cc.search('漏气', 10)") == len(both)
    root = await centre.root()
    async with root.transaction():
        await root.execute("set local role cc_owner")
        await root.execute("insert into cc.cases_archive select * from cc.cases where id = $1", ended.case_id)
        await root.execute("delete from cc.cases where id = $1", ended.case_id)
    assert await department.fetchval("select id from cc.cases_archive where number = $1", number) == ended.case_id


async def test_a_case_opened_again_comes_back(centre: Centre) -> None:
    c = await dispatched(centre, DEPARTMENT_1, area=COMMUNITY_B)
    root, department = await centre.root(), await centre("department")
    await root.execute("alter table cc.cases disable trigger cases_after_update")  # no transition leads back today
    await root.execute("update cc.cases set state = 9 where id = $1", c.case_id)
    assert await in_scope(department) == [set(), {c.case_id}]
    await root.execute("update cc.cases set state = 3 where id = $1", c.case_id)
    assert await in_scope(department) == [{c.case_id}, {c.case_id}]


@pytest.fixture
async def ground_floor(server: str, centre: Centre) -> AsyncIterator[str]:
    """The address of a database at the first revision, without functions or policies."""
    name = f"{centre.name}_old"
    await schema.create_database(server, name)
    url = schema.with_database(server, name)

    def build(connection: Connection) -> None:
        connection.exec_driver_sql("set local role cc_owner")
        connection.exec_driver_sql("create schema cc")
        command.upgrade(schema.alembic_config(connection), "0001")

    database = await Database.connect(url)
    async with database.begin() as connection:
        await connection.run_sync(build)
    await database.close()
    yield url
    async with connected(server) as root:
        await root.execute(f"drop database {name} with (force)")


async def test_an_old_database_is_given_it_with_its_rows(ground_floor: str) -> None:
    async with connected(ground_floor) as root:
        await root.execute("""
            insert into cc.cases (id, number, grade, state, kind, channel_id, title, path, received_at, changed_at, verb, actor)
            select n, 'RC' || n, 3, n, '求助', 1, '标题', '01.', now(), now(), 'load', 'x' from generate_series(0, 9) n;
            insert into cc.cases_archive select * from cc.cases where id = 8;
            delete from cc.cases where id = 8;
            insert into cc.case_scope (case_id, path, reason) select n, '01.90.', 'assignment' from generate_series(0, 9) n
        """)
    status = await schema.upgrade(ground_floor)
    assert status.state == "current"
    assert status.revision == schema.HEAD
    async with connected(ground_floor) as root:
        flags = await root.fetch("select case_id, open from cc.case_scope order by case_id")
        # open as far as 7, where a case is archived (domain/case.py); 8 lies in the archive
        assert [(row["case_id"], row["open"]) for row in flags] == [(state, state < 7) for state in range(10)]
        assert await root.fetchval("select count(*) from cc.cases") == 9
