"""Merging 并单 in the fresh demo: the timekeeper compares cases told once more; people decide about what it found."""

from datetime import datetime
from typing import Any, NamedTuple

from commandcenter.db import playing, reads
from commandcenter.db.bulk import Connection
from commandcenter.db.engine import Database
from commandcenter.demo.luck import key_of, luck
from commandcenter.domain.case import State
from commandcenter.domain.merge import keep_of
from commandcenter.errors import PersonError
from commandcenter.services import merging
from commandcenter.services.play.desks import Desks
from commandcenter.services.repeat_keeping import RepeatKeeping

DUTY = ("demo_duty2", "demo_duty3", "demo_duty4")
BY_MACHINE = 0.35
"""Of the cases told once more, those that came while the machine was allowed to merge."""
BY_PERSON = 0.5
"""Of what the machine found and left to people, what they have merged; the rest waits in the queue 疑似重复."""
UNDONE = 0.12
"""Of the merges by people, those that were taken apart again."""
THEMES = 3
MOST_UNDER_ONE = 6


class _Case(NamedTuple):
    id: int
    state: State
    dispatched_at: datetime | None
    received_at: datetime
    place: str


class MergePlay:
    """`db` is the system's, which keeps the time by `keeper`: what it finds and merges, it does as in any centre."""

    def __init__(self, db: Database, desks: Desks, keeper: Connection) -> None:
        self._db = db
        self._desks = desks
        self._keeper = keeper

    async def run(self) -> None:
        """Everything at once, at the moment of the centre's clock; what is refused is left. Raises Unreachable."""
        async with self._db.begin() as connection:
            again = [row.id for row in await reads.rows(connection, playing.TOLD_AGAIN)]
            was = (await reads.rows(connection, playing.AUTO_MERGE))[0].value
        by_machine = [case for case in again if luck("machine", case) < BY_MACHINE]
        await self._set_auto_merge("1")
        try:
            await self._compare(by_machine)
        finally:
            await self._set_auto_merge(was)
        await self._compare([case for case in again if case not in by_machine])
        async with self._desks.of(DUTY[0]) as desk:
            found = await merging.read_open_hints(desk)
        for hint in found:
            await self._decide(hint)
        await self._themes()

    async def _set_auto_merge(self, value: str) -> None:
        async with self._db.raw() as connection:
            await connection.execute(playing.SET_AUTO_MERGE, value)

    async def _compare(self, cases: list[int]) -> None:
        await self._keeper.execute(playing.TO_COMPARE, cases)
        keeping = RepeatKeeping(self._db)  # it reads the rules once
        while await keeping.round(self._keeper):
            pass

    async def _decide(self, hint: merging.Hint) -> None:
        async with self._desks.of(DUTY[int(luck("duty", hint.case_id) * len(DUTY))]) as desk:
            async with desk.begin() as connection:
                sides = await reads.rows(connection, playing.SIDES, one=hint.case_id, other=hint.other_id)
            if luck("decide", hint.case_id, hint.other_id) > BY_PERSON or len(sides) < 2:
                return
            one, other = (_case(row) for row in sides)
            try:
                if one.place != other.place:
                    key = key_of("dismiss", one.id, other.id)
                    await merging.dismiss_hint(
                        desk, case_id=one.id, other_id=other.id, reason="经核实不是同一处。", key=key
                    )
                    return
                kept = keep_of(one, other).id
                source = one.id if kept == other.id else other.id
                done = await merging.merge(
                    desk, kept_id=kept, kept_version=None, source_id=source, source_version=None, score=hint.score,
                    reasons=hint.reasons, words="同一处同一问题。", key=key_of("merge", kept, source),
                )  # fmt: skip
                if luck("undo", kept, source) < UNDONE:
                    key = key_of("undo", done.merge_id)
                    await merging.undo(desk, merge_id=done.merge_id, reason="诉求人要求单独办理。", key=key)
            except PersonError:  # a whistle or a colleague stands in the way: left as it is
                return

    async def _themes(self) -> None:
        async with self._db.begin() as connection:
            found = await reads.rows(connection, playing.CROWDED, most=THEMES, each=MOST_UNDER_ONE)
        async with self._desks.of(DUTY[0]) as desk:
            for row in found:
                await merging.open_theme(
                    desk,
                    title=f"{row.town}{row.category}集中反映"[:60],
                    case_ids=row.case_ids,
                    key=key_of("theme", *row.case_ids),
                )


def _case(row: Any) -> _Case:
    return _Case(row.id, State(row.state), row.dispatched_at, row.received_at, row.place)
