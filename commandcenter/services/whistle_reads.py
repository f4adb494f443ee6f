"""Whistles as a person may see them, with their parties, rounds and scores; read in one transaction."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db import reads
from commandcenter.db import whistle_reads as questions
from commandcenter.db.engine import Database
from commandcenter.domain.case import Role
from commandcenter.domain.whistle import Level, Party, PartyState, Round, Score, Whistle, WhistleState, by_urgency
from commandcenter.errors import NotVisible


async def read_live(db: Database) -> tuple[Whistle, ...]:
    """All whistles that are not over, the highest level and the most urgent clock first (domain.whistle.by_urgency)."""
    async with db.begin() as connection:
        [moment] = await reads.rows(connection, "select cc.now() as now")
        return by_urgency(await _read(connection, questions.IS_LIVE), moment.now)


async def read_whistle(db: Database, whistle_id: int) -> Whistle:
    """One whistle. Raises NotVisible where it is none of the person's."""
    async with db.begin() as connection:
        found = await _read(connection, questions.ONE, whistle_id=whistle_id)
    if not found:
        raise NotVisible("没有找到这个哨，或它不在您的管辖范围。", "它可能已撤回，或您的单位已免到。")
    return found[0]


async def read_of_case(db: Database, case_id: int) -> tuple[Whistle, ...]:
    """The whistles of a case, the newest first."""
    async with db.begin() as connection:
        return await _read(connection, questions.OF_CASE, case_id=case_id)


async def read_closed(db: Database, *, since: datetime, most: int = 200) -> tuple[Whistle, ...]:
    """Whistles closed or withdrawn since then, the newest first, at most `most`. Raises PersonError for the wall."""
    async with db.begin() as connection:
        return await _read(connection, questions.CLOSED, since=since, most=most)


async def _read(connection: AsyncConnection, which: str, **arguments: Any) -> tuple[Whistle, ...]:
    [who] = await reads.rows(connection, reads.WHO)
    wall = who.role == Role.WALL
    question = (questions.WALL_WHISTLES if wall else questions.WHISTLES) % which
    found = await reads.rows(connection, question, **arguments)
    ids = [row.id for row in found]
    parties: defaultdict[int, list[Party]] = defaultdict(list)
    rounds: defaultdict[int, list[Round]] = defaultdict(list)
    scores: defaultdict[int, list[Score]] = defaultdict(list)
    if ids:
        for facts in map(
            _facts, await reads.rows(connection, questions.WALL_PARTIES if wall else questions.PARTIES, ids=ids)
        ):
            parties[facts["whistle_id"]].append(Party(**facts | {"state": PartyState(facts["state"])}))
    if ids and not wall:
        for facts in map(_facts, await reads.rows(connection, questions.ROUNDS, ids=ids)):
            rounds[facts.pop("whistle_id")].append(Round(**facts | {"level": Level(facts["level"])}))
        for facts in map(_facts, await reads.rows(connection, questions.SCORES, ids=ids)):
            scores[facts.pop("whistle_id")].append(Score(**facts))
    return tuple(
        Whistle(
            **facts | {"state": WhistleState(facts["state"]), "level": Level(facts["level"])},
            parties=tuple(parties[facts["id"]]),
            rounds=tuple(rounds[facts["id"]]),
            scores=tuple(scores[facts["id"]]),
        )
        for facts in map(_facts, found)
    )


def _facts(row: Any) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
