"""People are logins of the server: administrators make and change them, and reach nobody else."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from commandcenter.db.scram import verifier
from tests.db.centre import Centre, refused
from tests.db.county import DEPARTMENT_1, PASSWORD, UNIT_A, UNIT_CENTRE

VERIFIER = verifier("另一个密码", b"0123456789abcdef")


@pytest.fixture
async def spare(centre: Centre) -> AsyncIterator[str]:
    """A name for a login that is gone again when the test ends."""
    login = f"{centre.logins.prefix}_spare"
    yield login
    await (await centre.root()).execute(f"drop role if exists {login}")


async def test_a_new_person_signs_in_and_works(centre: Centre, spare: str) -> None:
    admin = await centre("admin")
    person = await admin.fetchval(
        "select cc.add_person($1, '新人', 'cc_responder', $2, $3, false)", spare, UNIT_A, VERIFIER
    )
    login = await asyncpg.connect(centre.url("duty"), user=spare, password="另一个密码")
    try:
        assert await login.fetchval("select cc.my_path()") == "01.01."
        assert await login.fetchval("select cc.my_role()") == "cc_responder"
        await admin.execute("select cc.move_person($1, '新人', 'cc_supervisor', $2)", spare, UNIT_CENTRE)
        assert await login.fetchval("select cc.my_role()") == "cc_supervisor"
        groups = "select array_agg(roleid::regrole::text) from pg_auth_members where member = $1::regrole"
        assert await login.fetchval(groups, spare) == ["cc_supervisor"]
        await login.execute("select cc.set_person_password($1, $2)", spare, verifier("自己改的", b"0123456789abcdef"))
    finally:
        await login.close()
    verbs = await (await centre.root()).fetch(
        "select verb, actor from cc.journal where entity = 'people' and entity_id = $1 order by seq", person
    )
    boss = centre.logins.of("admin")
    assert [tuple(row) for row in verbs] == [("insert", boss), ("update", boss), ("password", spare)]


@pytest.mark.parametrize("role", ["cc_owner", "postgres", "pg_read_all_data", "", None])
async def test_no_role_but_the_nine(centre: Centre, spare: str, role: str | None) -> None:
    admin = await centre("admin")
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await admin.execute("select cc.add_person($1, 'x', $2, 1, null, false)", spare, role)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await admin.execute("select cc.move_person($1, 'x', $2, 1)", centre.logins.of("admin"), role)
    assert not await centre.value("select count(*) from pg_roles where rolname = $1", spare)


async def test_logins_of_others_are_out_of_reach(centre: Centre, spare: str) -> None:
    """Neither the server's own nor those of another centre on the same server."""
    admin, root = await centre("admin"), await centre.root()
    await root.execute(f"create role {spare} login password 'geheim' in role cc_duty")  # another centre's person
    before = await root.fetchval("select rolpassword from pg_authid where rolname = $1", spare)
    for login in ("postgres", "cc_owner", "cc_duty", "pg_monitor", spare):
        with pytest.raises(asyncpg.PostgresError):
            await admin.execute("select cc.add_person($1, 'x', 'cc_admin', 1, $2, false)", login, VERIFIER)
        for call, arguments in {
            "cc.set_person_active($1, false)": (login,),
            "cc.set_person_password($1, $2)": (login, VERIFIER),
            "cc.move_person($1, 'x', 'cc_admin', 1)": (login,),
        }.items():
            async with refused("CC004"):
                await admin.execute(f"select {call}", *arguments)
    assert await root.fetchval("select rolpassword from pg_authid where rolname = $1", spare) == before


async def test_only_administrators_and_only_verifiers(centre: Centre, spare: str) -> None:
    for who in ("duty", "supervisor", "responder", "analyst", "wall"):
        async with refused("42501"):
            await (await centre(who)).execute("select cc.add_person($1, 'x', 'cc_admin', 1, null, false)", spare)
        async with refused("CC001"):
            await (await centre(who)).execute(
                "select cc.set_person_password($1, $2)", centre.logins.of("admin"), VERIFIER
            )
    admin = await centre("admin")
    for wrong in ("klartext", "md5" + "0" * 32, VERIFIER + "\n", VERIFIER + "'; --"):
        async with refused("CC004"):
            await admin.execute("select cc.add_person($1, 'x', 'cc_duty', 1, $2, false)", spare, wrong)
    async with refused("CC004"):
        await admin.execute("select cc.set_person_password($1, null)", centre.logins.of("duty"))
    async with refused("CC001"):
        await admin.execute("select cc.add_person($1, 'x', 'cc_duty', 1, $2, true)", spare, VERIFIER)
    async with refused("CC004"):
        await admin.execute(
            "select cc.add_person($1, 'x', 'cc_duty', 1, $2, false)", centre.logins.of("duty"), VERIFIER
        )


async def test_an_administrator_has_no_more_rights_than_the_rules_say(centre: Centre) -> None:
    admin = await centre("admin")
    for statement in (
        "grant cc_owner to current_user",
        "grant cc_supervisor to current_user",
        "set role cc_owner",
        "alter role current_user createrole",
        "alter role postgres password 'x'",
        f"alter role {centre.logins.of('duty')} rename to boss",
        f"drop role {centre.logins.of('duty')}",
        "update cc.people set role = 'cc_supervisor'",
        "insert into cc.transitions (from_state, verb, to_state, role) values (0, 'archive', 7, 'cc_admin')",
        "update cc.centre set fixed_now = now()",
        "select cc.look(1)",
        "delete from cc.journal",
        "select * from cc.citizens",
        "select value from cc.secrets",
        "create function cc.spy() returns integer language sql return 1",
        "create table cc.spy ()",
    ):
        async with refused("42501"):
            await admin.execute(statement) if "look" not in statement else await (await centre("analyst")).execute(
                statement
            )


async def test_a_disabled_person_is_out_at_once_and_back_when_enabled(centre: Centre) -> None:
    admin, login = await centre("admin"), centre.logins.of("department")
    await admin.execute("select cc.set_person_active($1, false)", login)
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await asyncpg.connect(centre.url("department"))
    await admin.execute("select cc.set_person_active($1, true)", login)
    again = await centre.open("department")
    assert await again.fetchval("select cc.my_path()") == "01.901."
    assert PASSWORD not in str(await admin.fetch("select detail from cc.journal"))
    assert DEPARTMENT_1
