"""Role by table: what each may select, insert, update and delete, tried by plain SQL with a login of that role."""

import asyncpg
import pytest

from tests.db.centre import Centre
from tests.db.county import ROLE_PEOPLE

ALL = frozenset(ROLE_PEOPLE)
STAFF = ALL - {"cc_wall", "cc_intake"}
ADMIN = frozenset({"cc_admin"})
WALL = frozenset({"cc_wall"})
LOADERS = frozenset({"cc_duty", "cc_supervisor", "cc_intake", "cc_admin"})
NOBODY = frozenset[str]()

MATRIX: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    # table: (who may select a harmless column, who may insert, update and delete)
    "alembic_version": (ALL, NOBODY),
    "centre": (ALL, NOBODY),
    "areas": (ALL, ADMIN),
    "work_hours": (ALL, ADMIN),
    "units": (ALL, ADMIN),
    "channels": (ALL, ADMIN),
    "categories": (ALL, ADMIN),
    "calendar": (ALL, ADMIN),
    "grade_limits": (ALL, ADMIN),
    "settings": (ALL, ADMIN),
    "duty_list": (STAFF, NOBODY),
    "transitions": (ALL, NOBODY),
    "people": (STAFF, NOBODY),
    "cases": (STAFF | {"cc_wall"}, NOBODY),
    "cases_archive": (STAFF, NOBODY),
    "case_scope": (STAFF, NOBODY),
    "assignments": (STAFF, NOBODY),
    "finishes": (STAFF, NOBODY),
    "follow_ups": (STAFF, NOBODY),
    "attachments": (STAFF, NOBODY),
    "reports": (STAFF, NOBODY),
    "journal": (STAFF, NOBODY),
    "journal_seals": (STAFF, NOBODY),
    "access_log": (STAFF, NOBODY),
    "citizens": (NOBODY, NOBODY),
    "secrets": (NOBODY, NOBODY),
    "staging": (NOBODY, NOBODY),  # loaders insert, in their own columns: see below
    "write_keys": (NOBODY, NOBODY),
    "day_numbers": (NOBODY, NOBODY),
    "steps": (STAFF | WALL, NOBODY),
    "whistle_levels": (STAFF | WALL, ADMIN),
    "whistles": (STAFF | WALL, NOBODY),
    "whistle_parties": (STAFF | WALL, NOBODY),
    "whistle_rounds": (STAFF, NOBODY),
    "whistle_scores": (STAFF, NOBODY),
    "duty_candidates": (frozenset({"cc_duty", "cc_supervisor", "cc_admin"}), NOBODY),
    "slip_kinds": (STAFF, ADMIN),
    "slip_rules": (STAFF, ADMIN),
    "slips": (STAFF, NOBODY),
    "slip_facts": (STAFF, NOBODY),
    "slip_signatures": (STAFF, NOBODY),
    "slip_copies": (STAFF, NOBODY),
    "slip_files": (STAFF, NOBODY),
    "slip_numbers": (NOBODY, NOBODY),
    "second_calls": (frozenset({"cc_followup", "cc_supervisor", "cc_analyst", "cc_admin"}), NOBODY),
    "appeals": (STAFF, NOBODY),
    "schemes": (STAFF, ADMIN),
    "alarm_marks": (STAFF, NOBODY),
    "timekeeper": (STAFF | WALL, NOBODY),
    "places": (ALL - WALL, ADMIN),
    "placings": (NOBODY, NOBODY),
    "import_profiles": (LOADERS, LOADERS - {"cc_intake"}),
    "import_runs": (LOADERS, NOBODY),
    "import_fields": (LOADERS, ADMIN),
    "watched_folders": (LOADERS, ADMIN),
    "models": (ALL - WALL, NOBODY),
    "corrections": (STAFF, NOBODY),
    "answers": (ALL - WALL, ADMIN),
    "templates": (ALL - WALL, ADMIN),
    "api_keys": (NOBODY, NOBODY),
    "report_tokens": (NOBODY, NOBODY),
    "ratings": (STAFF, NOBODY),
    "merges": (STAFF, NOBODY),
    "merge_bases": (NOBODY, NOBODY),
    "repeats_due": (NOBODY, NOBODY),
    "relations": (STAFF, NOBODY),
    "themes": (STAFF, NOBODY),
    "theme_cases": (STAFF, NOBODY),
    "repeat_hints": (frozenset({"cc_duty", "cc_supervisor", "cc_analyst", "cc_admin"}), NOBODY),
}
HIDDEN_COLUMNS = {
    # column: who of those who read the table may read it
    ("reports", "raw"): NOBODY,
    ("reports", "grams"): NOBODY,
    ("reports", "fingerprint"): NOBODY,
    ("cases", "title"): STAFF,
    ("cases", "place"): STAFF,
    ("cases", "holder"): STAFF,
    ("cases", "actor"): STAFF,
    ("cases", "detail"): STAFF,
    **{("whistles", column): STAFF for column in ("matter", "demand", "caller", "danger_words", "detail")},
    **{("whistle_parties", column): STAFF for column in ("came", "answered_by", "objection", "done_words", "detail")},
}


async def allowed(connection: asyncpg.Connection, statement: str) -> bool:
    """Whether the statement gets past the rights; it is rolled back. What else it may run into does not matter."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return False
    except (asyncpg.IntegrityConstraintViolationError, asyncpg.PostgresError):
        return True
    finally:
        await transaction.rollback()
    return True


async def columns(centre: Centre, table: str) -> list[str]:
    found = await (await centre.root()).fetch(
        "select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped "
        "and attgenerated = '' and attidentity = '' order by attnum",
        f"cc.{table}",
    )
    return [name for (name,) in found]


async def test_the_matrix_names_every_table(untouched: Centre) -> None:
    tables = await (await untouched.root()).fetch(
        "select relname from pg_class where relnamespace = 'cc'::regnamespace and relkind in ('r', 'v', 'm', 'p', 'f')"
    )
    assert {name for (name,) in tables} == set(MATRIX)


@pytest.mark.parametrize("role", sorted(ROLE_PEOPLE))
async def test_role_by_table(untouched: Centre, role: str) -> None:
    login = await untouched(ROLE_PEOPLE[role])
    wrong = []
    for table, (readers, writers) in MATRIX.items():
        names = await columns(untouched, table)
        key, last = names[0], names[-1]
        tries = {
            "select": (f"select {key} from cc.{table} limit 1", role in readers),
            "count": (f"select count(*) from cc.{table}", role in readers),
            "insert": (
                f"insert into cc.{table} ({key}) values (default)",
                role in writers or (table == "staging" and role in LOADERS),
            ),
            "insert all": (
                f"insert into cc.{table} ({', '.join(names)}) select {', '.join(['null'] * len(names))}",
                role in writers,
            ),
            "update": (f"update cc.{table} set {last} = {last}", role in writers),
            "update blind": (f"update cc.{table} set {last} = default", role in writers),
            "delete": (f"delete from cc.{table}", role in writers),
            "truncate": (f"truncate cc.{table}", False),
            "lock": (f"lock table cc.{table} in share mode", role in writers),
            "references": (f"create table cc.spy (x integer references cc.{table})", False),
            "trigger": (f"create trigger spy before update on cc.{table} execute function cc.journal_refuse()", False),
            "alter": (f"alter table cc.{table} no force row level security", False),
            "policy": (f"create policy spy on cc.{table} using (true)", False),
            "drop": (f"drop table cc.{table}", False),
        }
        for deed, (statement, expected) in tries.items():
            if await allowed(login, statement) is not expected:
                wrong.append(f"{role} {deed} {table}: expected {expected}")
    assert wrong == []


@pytest.mark.parametrize("role", sorted(ROLE_PEOPLE))
async def test_columns_that_are_kept_from_readers(untouched: Centre, role: str) -> None:
    login = await untouched(ROLE_PEOPLE[role])
    for (table, column), readers in HIDDEN_COLUMNS.items():
        for statement in (
            f"select {column} from cc.{table}",
            f"select 1 from cc.{table} where {column} is not null",
            f"select 1 from cc.{table} order by {column}",
            f"copy cc.{table} ({column}) to stdout",
            f"select count({column}) from cc.{table} group by district_id",
        ):
            assert await allowed(login, statement) is (role in readers), (role, statement)
    for table in ("reports", "citizens", *(("cases", "whistles", "whistle_parties") if role == "cc_wall" else ())):
        for statement in (
            f"select * from cc.{table}",
            f"select t from cc.{table} t",
            f"select to_jsonb(t) from cc.{table} t",
        ):
            assert not await allowed(login, statement), (role, statement)


@pytest.mark.parametrize("role", sorted(ROLE_PEOPLE))
async def test_loaders_fill_only_their_own_columns_of_staging(untouched: Centre, role: str) -> None:
    login = await untouched(ROLE_PEOPLE[role])
    assert await allowed(login, "insert into cc.staging (batch) values (gen_random_uuid())") is (role in LOADERS)
    for column in ("loader", "state", "archived_at", "unit_id", "flags"):
        assert not await allowed(login, f"insert into cc.staging (batch, {column}) values (gen_random_uuid(), default)")


async def test_an_administrator_edits_the_rules_for_real(centre: Centre) -> None:
    admin = await centre("admin")
    assert await admin.execute("update cc.grade_limits set accept_minutes = 20 where grade = 0") == "UPDATE 1"
    assert (
        await admin.execute("insert into cc.channels (code, name, online) values ('x', '新渠道', true)") == "INSERT 0 1"
    )
    assert await admin.execute("delete from cc.channels where code = 'x'") == "DELETE 1"
    entries = await (await centre.root()).fetch(
        "select actor, verb, entity from cc.journal where actor = $1 order by seq", centre.logins.of("admin")
    )
    assert [tuple(entry)[1:] for entry in entries] == [
        ("update", "grade_limits"),
        ("insert", "channels"),
        ("delete", "channels"),
    ]


async def test_the_membership_alone_makes_nobody_an_administrator(centre: Centre) -> None:
    """A login of the server in the group, but not among this centre's people, reads and edits nothing."""
    root = await centre.root()
    stranger = f"{centre.logins.prefix}_stranger"
    await root.execute(f"create role {stranger} in role cc_admin, cc_duty, cc_supervisor")
    try:
        await root.execute(f"set session authorization {stranger}")
        for table, (readers, _) in MATRIX.items():
            if "cc_admin" in readers and table != "alembic_version":
                assert await root.fetchval(f"select count(district_id) from cc.{table}") == 0, table
        assert await root.execute("update cc.grade_limits set accept_minutes = 1") == "UPDATE 0"
    finally:
        await root.execute("reset session authorization")
        await root.execute(f"drop role {stranger}")


@pytest.mark.parametrize(
    "periods", ["{}", "{510}", "{510,500}", "{510,720,720,1050}", "{-1,60}", "{0,1441}", "{NULL,60}"]
)
async def test_work_hours_that_make_no_sense_are_refused(centre: Centre, periods: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await (await centre("admin")).execute(f"update cc.work_hours set periods = '{periods}'")


async def test_the_calendar_counts_itself_anew_when_a_day_is_edited(centre: Centre) -> None:
    admin, root = await centre("admin"), await centre.root()
    wrong = (
        "select count(*) from (select nth, sum(working::integer) over (order by day) as right from cc.calendar) t "
        "where nth <> t.right"
    )
    assert await root.fetchval(wrong) == 0
    entries = await root.fetchval("select count(*) from cc.journal")
    await admin.execute("update cc.calendar set working = false, name = '台风停工' where day = '2026-03-03'")
    assert await root.fetchval(wrong) == 0
    assert await root.fetchval("select count(*) from cc.journal") == entries + 1, "the count itself is not news"
    await admin.execute("delete from cc.calendar where day >= '2028-12-01'")
    assert await root.fetchval(wrong) == 0
