"""Merging as people do it in tests, and what of a database a merge and its undoing may touch."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from tests.db.centre import Centre, Change
from tests.db.county import COMMUNITY_A

MERGE = "select * from cc.merge($1, $2, $3, $4, $5, $6, '[]', $7, $8)"
UNDO = "select * from cc.undo_merge($1, $2, $3)"
KEPT_OUT = ("version", "changed_at", "verb", "actor", "detail")
"""Columns of a case that say who touched it last: every deed writes them."""
TABLES = ("cases", "reports", "assignments", "case_scope", "attachments", "ratings", "whistles", "whistle_parties",
          "whistle_rounds", "whistle_scores", "follow_ups", "finishes")  # fmt: skip


@dataclass(frozen=True)
class Merged:
    """What a merge or its undoing answered."""

    merge_id: int
    kept_id: int
    kept_number: str
    kept_state: int
    kept_version: int
    kept_due_at: Any
    source_id: int
    source_number: str
    source_state: int
    source_version: int
    source_due_at: Any
    remaining: list[dict[str, Any]]
    replayed: bool


def answered(row: asyncpg.Record | None) -> Merged:
    assert row is not None
    return Merged(*(json.loads(v) if name == "remaining" else v for name, v in row.items()))


async def merge(
    centre: Centre,
    kept: int,
    source: int,
    who: str = "duty",
    *,
    versions: tuple[int | None, int | None] = (None, None),
    cause: str = "person",
    score: float | None = None,
    words: str = "",
    key: UUID | None = None,
    connection: asyncpg.Connection | None = None,
) -> Merged:
    on = connection or await centre(who)
    return answered(
        await on.fetchrow(MERGE, kept, versions[0], source, versions[1], cause, score, words, key or uuid4())
    )


async def undo(
    centre: Centre, merge_id: int, who: str = "duty", *, reason: str = "", key: UUID | None = None
) -> Merged:
    return answered(await (await centre(who)).fetchrow(UNDO, merge_id, reason, key or uuid4()))


async def register_into(
    centre: Centre, kept: int, who: str = "duty", *, grade: int | None = 3, area: int | None = COMMUNITY_A,
    content: str = "还是那处燃气管道漏气", confidential: bool = False, number: str = "", key: UUID | None = None,
) -> Merged:  # fmt: skip
    row = await (await centre(who)).fetchrow(
        "select * from cc.register_into(1, $1, '', '求助', null, $2, $3, 122.4, 37.1, '甲一社区', $4, '李测试', '13900000000', '', $5, "
        "null, $6, 0.9, '[]', '', $7)",
        content, grade, area, number, confidential, kept, key or uuid4(),
    )  # fmt: skip
    return answered(row)


async def standing(centre: Centre) -> dict[str, list[dict[str, Any]]]:
    """Every row that merging may touch, without who touched it last."""
    root = await centre.root()
    found: dict[str, list[dict[str, Any]]] = {}
    for table in TABLES:
        rows = [json.loads(row[0]) for row in await root.fetch(f"select to_jsonb(x) from cc.{table} x")]
        for row in rows:
            for name in KEPT_OUT if table in {"cases", "whistles", "whistle_parties"} else ():
                del row[name]
        found[table] = sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))
    return found


async def case_ids(centre: Centre, *changes: Change) -> list[dict[str, Any]]:
    return [dict(await centre.case(one.case_id)) for one in changes]


async def fine(centre: Centre) -> bool:
    """Hold the audit to finding nothing."""
    found = [tuple(row) for row in await (await centre.root()).fetch("select code, name from cc.audit()")]
    assert found == []
    return True
