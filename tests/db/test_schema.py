"""Migrated from empty equals present truth; applying the code again changes nothing."""

from typing import Any

import asyncpg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from commandcenter.db import schema
from commandcenter.db.engine import Database
from commandcenter.db.model import metadata
from tests.db.centre import Centre, connected

WITHOUT_RLS = {
    "staging": "COPY refuses a table with RLS; loaders may only insert and nobody may select",
    "alembic_version": "one word that every login may read",
}

TRUTH = """
    select 'function ' || p.oid::regprocedure::text as name, pg_get_functiondef(p.oid) as text
    from pg_proc p where p.pronamespace = 'cc'::regnamespace
    union all
    select 'acl ' || p.oid::regprocedure::text, p.proacl::text from pg_proc p where p.pronamespace = 'cc'::regnamespace
    union all
    select 'trigger ' || t.tgrelid::regclass || '.' || t.tgname, pg_get_triggerdef(t.oid)
    from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace = 'cc'::regnamespace and not t.tgisinternal
    union all
    select 'policy ' || tablename || '.' || policyname, concat_ws('|', roles, cmd, qual, with_check)
    from pg_policies where schemaname = 'cc'
    union all
    select 'table ' || c.oid::regclass::text, concat_ws('|', c.relkind, c.relacl, c.relrowsecurity, c.relforcerowsecurity)
    from pg_class c where c.relnamespace = 'cc'::regnamespace
    union all
    select 'column ' || a.attrelid::regclass || '.' || a.attname, concat_ws('|', a.atttypid::regtype, a.attnotnull, a.attacl)
    from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relnamespace = 'cc'::regnamespace and a.attnum > 0
    order by 1
"""


async def truth(root: asyncpg.Connection) -> dict[str, str]:
    return dict(await root.fetch(TRUTH))


async def rows(root: asyncpg.Connection) -> dict[str, int]:
    tables = await root.fetch("select relname from pg_class where relnamespace = 'cc'::regnamespace and relkind = 'r'")
    return {table: await root.fetchval(f"select count(*) from cc.{table}") for (table,) in tables}


def difference(connection: Connection) -> list[Any]:
    def ours(_object: object, name: str | None, kind: str, _reflected: bool, _to: object) -> bool:
        return not (kind == "table" and name == "alembic_version")

    def in_cc(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "schema" or name == "cc"

    context = MigrationContext.configure(
        connection,
        opts={
            "include_schemas": True,
            "include_object": ours,
            "include_name": in_cc,
            "compare_type": True,
            "compare_server_default": True,
        },
    )
    return list(compare_metadata(context, metadata))


async def test_migrated_from_empty_equals_the_model(untouched: Centre) -> None:
    database = Database(untouched.admin_url)
    async with database.begin() as connection:
        found = await connection.run_sync(difference)
    await database.close()
    assert found == []


async def test_the_comparison_sees_what_differs(centre: Centre) -> None:
    root = await centre.root()
    await root.execute(
        "alter table cc.cases alter holder drop not null; drop index cc.cases_due; "
        "alter table cc.channels alter code type varchar(50); alter table cc.units add column extra integer"
    )
    database = Database(centre.admin_url)
    async with database.begin() as connection:
        found = await connection.run_sync(difference)
    await database.close()
    assert len(found) == 4, found


async def test_upgrading_a_current_database_changes_nothing(centre: Centre) -> None:
    root = await centre.root()
    before, filled = await truth(root), await rows(root)
    assert len(before) > 300
    status = await schema.upgrade(centre.admin_url)
    assert status.state == "current"
    assert await truth(root) == before
    assert await rows(root) == filled


async def test_code_applied_twice_in_one_transaction_is_the_same(centre: Centre) -> None:
    root = await centre.root()
    before = await truth(root)
    async with root.transaction():
        await root.execute("set local client_min_messages = warning; set local role cc_owner")
        for _ in range(2):
            for file in sorted(schema.SQL.glob("[0-9]*.sql")):
                await root.execute(file.read_text(encoding="utf-8"))
    assert await truth(root) == before


async def test_older_and_newer_databases_are_told_apart(centre: Centre) -> None:
    root = await centre.root()
    database = Database(centre.url("wall"))
    assert (await schema.status(database)).state == "current"
    await root.execute("comment on schema cc is 'an older mark'")
    marked = await schema.status(database)
    assert (marked.state, marked.code_current) == ("current", False)
    await root.execute("update cc.alembic_version set version_num = '0000'")
    assert (await schema.status(database)).state == "older"
    await root.execute("update cc.alembic_version set version_num = '9999'")
    assert (await schema.status(database)).state == "newer"
    await database.close()


async def test_every_table_forces_row_level_security_or_has_a_reason(untouched: Centre) -> None:
    root = await untouched.root()
    open_tables = await root.fetch(
        "select relname from pg_class where relnamespace = 'cc'::regnamespace and relkind in ('r', 'p') "
        "and not (relrowsecurity and relforcerowsecurity)"
    )
    assert {name for (name,) in open_tables} == set(WITHOUT_RLS)


async def test_definer_functions_cannot_be_led_astray(untouched: Centre) -> None:
    root = await untouched.root()
    functions = await root.fetch(
        "select oid::regprocedure::text as name, prosecdef, proconfig, proowner::regrole::text as owner, "
        "has_function_privilege('public', oid, 'execute') as open from pg_proc where pronamespace = 'cc'::regnamespace"
    )
    assert {row["owner"] for row in functions} == {"cc_owner"}
    assert [row["name"] for row in functions if row["open"]] == []
    assert [
        row["name"]
        for row in functions
        if row["prosecdef"] and "search_path=pg_catalog, pg_temp" not in (row["proconfig"] or [])
    ] == []


async def test_nothing_of_ours_outside_our_schema_and_no_superuser_extensions(untouched: Centre) -> None:
    async with connected(untouched.admin_url) as root:
        assert await root.fetch("select extname from pg_extension") == [("plpgsql",)]
        strangers = await root.fetchval(
            "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where n.nspname not in ('cc', 'pg_catalog', 'information_schema', 'pg_toast')"
        )
        assert strangers == 0
        owners = await root.fetch(
            "select distinct relowner::regrole::text from pg_class where relnamespace = 'cc'::regnamespace"
        )
        assert owners == [("cc_owner",)]
        assert not await root.fetchval("select rolcanlogin or rolsuper from pg_roles where rolname = 'cc_owner'")
