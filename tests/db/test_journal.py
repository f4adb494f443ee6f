"""The journal: nobody changes it, and whoever could is found out."""

import asyncpg
import pytest

from tests.db.centre import Centre, refused
from tests.db.life import ADDRESS, NAME, PHONE, call_back, finished, register

CHECK = "select kind, seq from cc.check_journal()"


async def check(centre: Centre) -> list[tuple[str, int]]:
    return [tuple(row) for row in await (await centre.root()).fetch(CHECK)]  # type: ignore[misc]


async def seal(centre: Centre) -> int:
    return int(str(await centre.value("select cc.seal_journal()")))


async def tamper(centre: Centre, statement: str, *arguments: object) -> None:
    """As a superuser who switches the triggers off."""
    root = await centre.root()
    async with root.transaction():
        await root.execute("set local session_replication_role = replica")
        assert await root.execute(statement, *arguments) not in {"UPDATE 0", "DELETE 0"}


async def some_life(centre: Centre) -> int:
    """A few sealed and a few unsealed entries; returns a sealed sequence number in the middle."""
    c = await call_back(centre, await finished(centre))
    await seal(centre)
    await centre.do("followup", "archive", case=c.case_id, version=c.version)
    await register(centre)
    await seal(centre)
    await register(centre)
    return int(str(await centre.value("select seq from cc.journal where verb = 'accept'")))


@pytest.mark.parametrize("who", ["duty", "supervisor", "admin", "cc_owner", "superuser"])
async def test_append_only_for_everybody(centre: Centre, who: str) -> None:
    await register(centre)
    before = await centre.value("select count(*) from cc.journal")
    own = {"cc_owner", "superuser"}
    login = await (centre.open("root") if who in own else centre(who))
    if who == "cc_owner":
        await login.execute("set role cc_owner")
    for statement in (
        "update cc.journal set actor = 'x'",
        "delete from cc.journal",
        "truncate cc.journal",
        "truncate cc.cases, cc.journal",
    ):
        async with refused("CC001" if who in own else "42501"):
            await login.execute(statement)
    assert await centre.value("select count(*) from cc.journal") == before


async def test_what_one_claims_to_be_does_not_count(centre: Centre) -> None:
    root = await centre.root()
    await root.execute(
        "insert into cc.journal (at, actor, xid, entity, entity_id, verb, row_hash) "
        "values ('2020-01-01', 'somebody else', '7', 'case', 1, 'note', 'wrong')"
    )
    row = await root.fetchrow("select * from cc.journal order by seq desc limit 1")
    assert row["actor"] == await root.fetchval("select session_user")
    assert row["at"].year > 2020
    assert int(row["xid"]) > 7
    assert await check(centre) == []


async def test_an_untouched_journal_is_whole(centre: Centre) -> None:
    assert await check(centre) == []
    await some_life(centre)
    assert await check(centre) == []
    assert await seal(centre) == 1
    assert await seal(centre) == 0
    assert await check(centre) == []


CHANGES = (
    "actor = 'somebody'",
    "at = at - interval '1 hour'",
    "verb = 'finish'",
    'detail = detail || \'{"reason": "anders"}\'',
    "case_id = case_id + 1",
    "entity_id = 5",
    "from_state = 0",
    "to_state = null",
    "entity = 'unit'",
    "paths = '{}'",
)


async def test_an_altered_row_is_found(centre: Centre) -> None:
    seq = await some_life(centre)
    root = await centre.root()
    for change in CHANGES:
        transaction = root.transaction()
        await transaction.start()
        await tamper(centre, f"update cc.journal set {change} where seq = $1", seq)
        assert ("row", seq) in await check(centre), change
        await transaction.rollback()
    assert await check(centre) == []


async def test_an_altered_row_that_was_not_sealed_yet_is_found(centre: Centre) -> None:
    await some_life(centre)
    last = await centre.value("select max(seq) from cc.journal")
    await tamper(centre, "update cc.journal set actor = 'x' where seq = $1", last)
    assert await check(centre) == [("row", last)]


async def test_an_altered_row_with_a_fitting_hash_is_found_by_its_seal(centre: Centre) -> None:
    seq = await some_life(centre)
    await tamper(centre, "update cc.journal set actor = 'x' where seq = $1", seq)
    await tamper(centre, "update cc.journal j set row_hash = cc.journal_hash(j) where seq = $1", seq)
    assert {kind for kind, _ in await check(centre)} == {"seal"}


@pytest.mark.parametrize(
    "statement",
    [
        "delete from cc.journal where seq = {seq}",
        "delete from cc.journal where seq = 1",
        "delete from cc.journal where seq <= (select min(to_seq) from cc.journal_seals)",
    ],
)
async def test_a_removed_row_is_found(centre: Centre, statement: str) -> None:
    seq = await some_life(centre)
    await tamper(centre, statement.format(seq=seq))
    assert "seal" in {kind for kind, _ in await check(centre)}


async def test_a_row_slipped_into_the_past_is_found(centre: Centre) -> None:
    seq = await some_life(centre)
    await tamper(centre, "delete from cc.journal where seq = $1", seq)
    root = await centre.root()
    await root.execute(  # through the triggers, with a fitting hash, where the old one stood
        "insert into cc.journal (seq, at, actor, entity, entity_id, verb, row_hash) overriding system value "
        "values ($1, now(), '', 'case', 1, 'note', '')", seq,
    )  # fmt: skip
    assert {kind for kind, _ in await check(centre)} == {"seal"}


@pytest.mark.parametrize("statement", [
    "delete from cc.journal_seals where id = (select min(id) from cc.journal_seals)",
    "update cc.journal_seals set to_seq = to_seq - 1 where id = (select min(id) from cc.journal_seals)",
    "update cc.journal_seals set hash = sha256('x') where id = (select min(id) from cc.journal_seals)",
])  # fmt: skip
async def test_altered_seals_are_found(centre: Centre, statement: str) -> None:
    await some_life(centre)
    await tamper(centre, statement)
    assert "seal" in {kind for kind, _ in await check(centre)}


async def test_sealing_waits_for_writers_under_way(centre: Centre) -> None:
    """Or a smaller number could appear behind the seal."""
    writer = await centre.open("duty")
    await writer.execute("begin")
    await writer.fetchrow(
        "select * from cc.register(1, 'x', '', '', null, null::smallint, null, null, null, '', '', '', '', '', false, gen_random_uuid())"
    )
    root = await centre.root()
    await root.execute("set lock_timeout = '50ms'")
    with pytest.raises(asyncpg.LockNotAvailableError):
        await root.fetchval("select cc.seal_journal()")
    await writer.execute("commit")
    assert await seal(centre) > 0
    assert await check(centre) == []


async def test_every_deed_has_its_entry(centre: Centre) -> None:
    c = await call_back(centre, await finished(centre))
    await centre.do("followup", "archive", case=c.case_id, version=c.version)
    rows = await (await centre.root()).fetch(
        "select verb, from_state, to_state, actor from cc.journal where case_id = $1 order by seq", c.case_id
    )
    of = centre.logins.of
    assert [tuple(row) for row in rows] == [
        ("register", None, 1, of("duty")),
        ("dispatch", 1, 2, of("duty")),
        ("accept", 2, 3, of("responder")),
        ("finish", 3, 6, of("responder")),
        ("follow_up", 6, 6, of("followup")),
        ("archive", 6, 7, of("followup")),
    ]


async def test_no_personal_data_in_it(centre: Centre) -> None:
    await some_life(centre)
    for word in (NAME, PHONE, ADDRESS, PHONE[:7]):
        assert not await centre.value("select count(*) from cc.journal j where j::text like '%' || $1 || '%'", word)
