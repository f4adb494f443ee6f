"""What tests of drafting rules share: the rules by their numbers, one round of drafting, and what it left."""

import json

import asyncpg

from tests.db.centre import Centre
from tests.db.slip_life import SlipChange

DRAFT = "select cc.draft_slips()"
(
    SOON,
    SAME_KIND,
    SATISFACTION,
    UNANSWERED,
    LATE,
    OVERDUE,
    REDO,
    RETURN,
    NO_LEVEL_ABOVE,
    SLIP_UNANSWERED,
    IN_MONTH,
    FALSE,
) = range(1, 13)
"""The rules by their ids in sql/revisions/0003_command_loop.sql."""


async def only(centre: Centre, *rules: int) -> None:
    """Leave these rules active, so that a test speaks of its own."""
    await (await centre.root()).execute("update cc.slip_rules set active = id = any ($1::integer[])", list(rules))


async def drafts(centre: Centre) -> list[asyncpg.Record]:
    return await (await centre.root()).fetch("select * from cc.slips order by kind, rule_id, unit_id, id")


async def facts(centre: Centre) -> list[tuple[str, dict[str, object]]]:
    found = await (await centre.root()).fetch("select key, fact from cc.slip_facts order by at, key")
    return [(key, json.loads(fact)) for key, fact in found]


async def newest(centre: Centre, slip_id: int) -> SlipChange:
    version, state = await (await centre.root()).fetchrow("select version, state from cc.slips where id = $1", slip_id)
    return SlipChange(slip_id, state, version, "", replayed=False)


async def force(centre: Centre, statement: str, *arguments: object) -> None:
    """Write what another part of the product would have written, past its triggers."""
    root = await centre.root()
    async with root.transaction():
        await root.execute("set local session_replication_role = replica")
        await root.execute(statement, *arguments)
