"""A townsperson with psql and bad intentions: no way to others' cases, to citizens' data or to more rights."""

import asyncpg
import pytest

from tests.db.centre import Centre
from tests.db.county import COMMUNITY_B, UNIT_B
from tests.db.life import ADDRESS, CONTENT, NAME, PHONE, dispatched, register

SECRET = "乙镇的秘密内容四十二"


@pytest.fixture
async def hidden(centre: Centre) -> int:
    """A case of another town that the townsperson must not learn anything of."""
    return (await dispatched(centre, UNIT_B, area=COMMUNITY_B, content=SECRET, foreign_number="HIDDEN-77")).case_id


async def attack(login: asyncpg.Connection, statement: str) -> str:
    """Run it and return the SQLSTATE of its refusal; an empty word where nothing refused it."""
    try:
        await login.execute(statement)
    except asyncpg.PostgresError as error:
        return error.sqlstate or "?"
    return ""


@pytest.mark.parametrize(
    "statement",
    [
        "set role cc_owner",
        "set role cc_admin",
        "set role postgres",
        "set session authorization postgres",
        "set session authorization default; set role cc_supervisor",
        "select set_config('role', 'cc_owner', false)",
        "select set_config('session_authorization', 'postgres', false)",
        "set session_replication_role = replica",
        "grant cc_admin to current_user",
        "grant cc_owner to current_user",
        "grant select on cc.citizens to current_user",
        "alter role current_user superuser",
        "alter role current_user createrole",
        "alter role current_user bypassrls",
        "create role spy login",
        "create table public.spy (x integer)",
        "create temp table spy (x integer)",
        "create temp view spy as select 1",
        "create schema spy",
        "create function public.spy() returns integer language sql return 1",
        "create function pg_temp.now() returns timestamptz language sql return 'epoch'::timestamptz",
        "create operator public.= (leftarg = text, rightarg = text, function = textne)",
        "create cast (text as integer) with inout",
        "create domain public.spy as text",
        "create extension dblink",
        "create extension postgres_fdw",
        "create language plpythonu",
        "create server spy foreign data wrapper postgres_fdw",
        "create event trigger spy on ddl_command_start execute function cc.journal_refuse()",
        "create publication spy for all tables",
        "copy (select 1) to program 'id'",
        "copy (select 1) to '/tmp/spy'",
        "copy cc.cases from stdin",
        "copy cc.cases from program 'id'",
        "copy cc.citizens to stdout",
        "select lo_import('/etc/passwd')",
        "select lo_export(1, '/tmp/spy')",
        "select pg_read_file('postgresql.conf')",
        "select pg_ls_dir('.')",
        "select pg_stat_file('postgresql.conf')",
        "select * from pg_authid",
        "select rolpassword from pg_authid",
        "select * from pg_shadow",
        "select * from pg_statistic",
        "select * from pg_hba_file_rules",
        "select pg_reload_conf()",
        "select pg_switch_wal()",
        "select pg_create_logical_replication_slot('spy', 'test_decoding')",
        "select pg_logical_emit_message(true, 'x', 'y') from cc.citizens",
        "alter system set log_statement = 'all'",
        "alter database postgres set search_path = pg_temp",
        "alter table cc.cases disable row level security",
        "alter function cc.my_role() owner to current_user",
        "create or replace function cc.my_role() returns text language sql return 'cc_admin'",
        "drop trigger cases_after_update on cc.cases",
        "alter policy sight on cc.cases using (true)",
        "comment on schema cc is 'x'",
        "lock table cc.cases in share mode",
        "select * from cc.cases for update",
        "select nextval('cc.ids')",
        "select last_value from cc.ids",
        "select cc.new_id()",
        "select cc.may_see('01.', 1)",
        "select cc.next_number(now(), 1000)",
        "select cc.keyed_hash('13812345678')",
        "select cc.replay(gen_random_uuid(), 'note')",
        "select cc.begin_verb('note', 1, 1)",
        "select cc.assign(c, 111, 'lead') from cc.cases c",
        "select cc.unassign(null::cc.cases, 'x')",
        "select cc.hand_over(null::cc.cases, 111, 'dispatch', '{}', gen_random_uuid())",
        "select cc.remember(gen_random_uuid(), null::cc.cases)",
        "select cc.day_blocks('{2026-01-01}', '{5}')",
        "select cc.take_in(gen_random_uuid(), false)",
        "select cc.move_to_archive(0)",
        "select cc.seal_journal()",
        "select cc.check_journal()",
        "select cc.calendar_renumber()",
        "select cc.need_admin()",
        "select cc.add_person('spy', 'x', 'cc_admin', 1, null, false)",
        "select cc.set_person_active('postgres', true)",
        "select cc.move_person(session_user::text, 'x', 'cc_admin', 1)",
        "select cc.set_person_password('postgres', 'SCRAM-SHA-256$4096:YQ==$YQ==:YQ==')",
        "reindex table cc.cases",
    ],
)
async def test_refused(untouched: Centre, statement: str) -> None:
    login = await untouched.open("responder")
    rights = (
        "select rolname, rolsuper, rolcreaterole, rolbypassrls, array(select g.rolname from pg_auth_members m join pg_roles g "
        "on g.oid = m.roleid where m.member = r.oid order by 1) from pg_roles r where rolname = session_user"
    )
    before = await login.fetchrow(rights)
    for single in statement.split("; ")[:-1]:
        await login.execute(single)
    state = await attack(login, statement.rsplit("; ", maxsplit=1)[-1])
    # 42501 for what is forbidden; the others: nothing there to attack (no extension, no such language, not in a block)
    assert state in {
        "42501",
        "0A000",
        "58P01",
        "42704",
        "22023",
        "CC001",
        "42939",
        "25001",
        "55000",
        "42809",
        "CC004",
        "25P01",
    }, state
    assert await login.fetchrow(rights) == before
    assert await login.fetchval("select session_user") == untouched.logins.of("responder")


async def everything_seen(login: asyncpg.Connection, statement: str) -> str:
    """All that a statement gives away: rows, notices, error texts."""
    notices: list[str] = []
    login.add_log_listener(lambda _, message: notices.append(str(message.as_dict())))
    try:
        rows = await login.fetch(statement)
        said = " ".join(str(tuple(row)) for row in rows)
    except asyncpg.PostgresError as error:
        said = str(error.as_dict())
    return said + " ".join(notices)


LEAKS = [
    "select * from cc.cases where title::integer = 1",
    "select title from cc.cases where 1 / (case when title like '%秘密%' then 0 else 1 end) = 1",
    "select content from cc.reports where content::date is not null",
    "select content from cc.reports where length(content) / 0 = 1",
    "select content from cc.reports where content ~ '秘密' or query_to_xml('select ' || content, true, true, '') is not null",
    "select query_to_xml('select title, holder from cc.cases', true, true, '')",
    "select table_to_xml('cc.reports', true, true, '')",
    "select database_to_xml(true, true, '')",
    "select detail::text::integer from cc.journal",
    "do $$ declare r record; begin for r in select * from cc.cases loop raise notice '%', r; end loop; end $$",
    "do $$ declare r record; begin for r in select id, content from cc.reports loop raise notice '%', r; end loop; end $$",
    "explain (analyze, verbose) select title from cc.cases where title like '%秘密%'",
    "explain (analyze, verbose) select content from cc.reports where content like '%秘密%'",
    "select tablename, attname, most_common_vals::text, histogram_bounds::text, most_common_elems::text from pg_stats",
    "select * from pg_stats_ext",
    "select query from pg_stat_activity where usename <> session_user",
    "set row_security = off",
    "select title from cc.cases_archive union all select title from cc.cases",
    "select cc.search('秘密', 100)",
    "select cc.search('秘密内容%', 100)",
    "select * from cc.feed_since('0')",
    "select cc.grams(content) from cc.reports",
    "select c from cc.cases c full join cc.reports r on true where r::text like '%秘密%'",
    "with recursive t as (select title from cc.cases union select title from cc.cases) select * from t",
    "copy (select title from cc.cases) to stdout",
    "merge into cc.cases c using cc.reports r on true when matched then do nothing",
    "select * from cc.journal tablesample system (100)",
    "select lag(title) over (order by id) from cc.cases",
    "declare spy cursor with hold for select title from cc.cases",
]


async def test_nothing_of_a_hidden_case_leaks(centre: Centre, hidden: int) -> None:
    await (await centre.root()).execute("analyze cc.cases, cc.reports, cc.citizens, cc.journal")
    for statement in LEAKS:
        login = await centre.open("responder")
        said = await everything_seen(login, statement)
        await login.close()
        for word in ("四十二", str(hidden), "HIDDEN-77", NAME, PHONE, ADDRESS):
            assert word not in said, (statement, said[:500])


async def test_without_row_security_nothing_is_read_at_all(centre: Centre, hidden: int) -> None:
    assert hidden
    login = await centre("responder")
    await login.execute("set row_security = off")
    assert await attack(login, "select id from cc.cases") == "42501"


async def test_a_search_path_of_ones_own_leads_nobody_astray(centre: Centre, hidden: int) -> None:
    """Functions pin their search_path, and there is no schema in which to place a false one."""
    login = await centre("responder")
    await login.execute("set search_path = pg_temp, public, cc, pg_catalog")
    assert await login.fetch("select id from cc.cases") == []
    assert await login.fetchval("select cc.my_role()") == "cc_responder"
    assert not await login.fetchval("select has_database_privilege(current_database(), 'temporary')")
    assert not await login.fetchval("select has_schema_privilege('public', 'create')")
    assert hidden not in [row["case_id"] for row in await login.fetch("select case_id from cc.feed_since('0')")]


async def test_settings_of_the_session_are_no_identity(centre: Centre, hidden: int) -> None:
    login = await centre("responder")
    for name in ("cc.user", "cc.login", "app.user", "cc.role", "application_name"):
        await login.execute("select set_config($1, 'postgres', false)", name)
    assert await login.fetch("select id from cc.cases where id = $1", hidden) == []
    await login.execute("set role cc_responder")  # one's own group: lawful, and still the same person
    assert await login.fetchval("select cc.my_path()") == "01.01."
    assert await login.fetch("select id from cc.cases where id = $1", hidden) == []


async def test_errors_carry_no_rows(centre: Centre) -> None:
    await register(centre, foreign_number="X-1", area=COMMUNITY_B)
    with pytest.raises(asyncpg.PostgresError) as info:
        await register(centre, foreign_number="X-1", area=COMMUNITY_B)
    said = str(info.value.as_dict())
    for word in (CONTENT, NAME, PHONE, ADDRESS):
        assert word not in said
    for statement in (
        "insert into cc.areas (id, level, name, path) values (11, 'town', 'x', '01.')",
        "update cc.units set name = '甲镇政府'",
        "insert into cc.units (kind, name, short_name, path, hours_id) values ('town', 'x', 'x', 'x', 1)",
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as violation:
            await (await centre("admin")).execute(statement)
        assert "01.01.01" not in str(violation.value.detail)


async def test_notifications_say_nothing(centre: Centre) -> None:
    heard: list[tuple[str, str]] = []
    login = await centre.open("responder")
    await login.add_listener("cc_feed", lambda _c, _p, channel, payload: heard.append((channel, payload)))
    await register(centre, area=COMMUNITY_B)
    await login.fetchval("select 1")
    assert heard == [("cc_feed", "")]


async def test_text_from_outside_is_never_run(centre: Centre) -> None:
    """Definer functions that build SQL quote what they are given."""
    for login in (
        'x"; drop schema cc cascade; --',
        "x'y",
        "PUBLIC",
        "cc_owner",
        "postgres",
        "pg_monitor",
        "cc_duty",
        "",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await (await centre("admin")).execute("select cc.add_person($1, 'x', 'cc_duty', 1, null, false)", login)
    evil = "'; drop table cc.cases; -- \\ $$ {}"
    c = await register(centre, content=evil, foreign_number=evil)
    await centre.do("duty", "note", case=c.case_id, version=c.version, text=evil)
    assert await (await centre("duty")).fetch("select cc.search($1, 10)", evil) == [(c.case_id,)]
