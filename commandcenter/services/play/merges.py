"""The demo's people and its machine merging 并单: cases alike near one another, some of them undone, some left to be looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commandcenter.db import playing, reads
from commandcenter.db.engine import Database
from commandcenter.demo.luck import between, key_of, luck
from commandcenter.domain.case import State
from commandcenter.domain.merge import Cause, keep_of
from commandcenter.errors import PersonError
from commandcenter.intake.repeats.report import Reason, Signal, Verdict
from commandcenter.services import merging
from commandcenter.services.play.desks import Desks

DUTY = ("demo_duty2", "demo_duty3", "demo_duty4")
MOST = 90
"""Pairs looked at; of a smaller county, one for fifteen open cases."""
BY_MACHINE, BY_PERSON = 0.3, 0.4
"""Shares of the pairs; the others wait in the queue 疑似重复."""
UNDONE = 0.12
"""Of the merges, those that a person takes apart again."""
THEMES = 3
MOST_UNDER_ONE = 6


@dataclass(frozen=True, slots=True)
class _Case:
    id: int
    state: State
    dispatched_at: datetime | None
    received_at: datetime


class MergePlay:
    """Merges by the services, as anybody: `db` is the system's, which keeps the time."""

    def __init__(self, db: Database, desks: Desks) -> None:
        self._db = db
        self._desks = desks

    async def run(self) -> None:
        """Everything at once, at the moment of the centre's clock; what is refused is left. Raises Unreachable."""
        async with self._db.begin() as connection:
            pairs = await reads.rows(connection, playing.ALIKE, most=MOST)
            was = (await reads.rows(connection, playing.AUTO_MERGE))[0].value
        await self._set_auto_merge("1")
        try:
            met: set[int] = set()
            for pair in pairs:
                if not met & {pair.id, pair.other_id}:
                    met |= {pair.id, pair.other_id}
                    await self._meet(pair)
        finally:
            await self._set_auto_merge(was)
        await self._themes()

    async def _set_auto_merge(self, value: str) -> None:
        async with self._db.raw() as connection:
            await connection.execute(playing.SET_AUTO_MERGE, value)

    async def _meet(self, pair: Any) -> None:
        kept = keep_of(
            _Case(pair.id, State(pair.state), pair.dispatched_at, pair.received_at),
            _Case(pair.other_id, State(pair.other_state), pair.other_dispatched_at, pair.other_received_at),
        ).id
        source = pair.other_id if kept == pair.id else pair.id
        reasons = (
            Reason(Signal.DISTANCE, f"相距约 {pair.metres} 米", 1.9),
            Reason(Signal.CATEGORY, f"同类诉求：{pair.category}", 0.8),
            Reason(Signal.TIME, f"前后相隔 {pair.days} 天", 0.6),
        )
        drawn = luck("merge", pair.id, pair.other_id)
        cause = Cause.MACHINE if drawn < BY_MACHINE else Cause.PERSON
        score = round(
            between(*((0.9, 0.99) if cause is Cause.MACHINE else (0.55, 0.9)), "score", pair.id, pair.other_id), 2
        )
        duty = DUTY[int(luck("duty", pair.id) * len(DUTY))]
        async with self._desks.of(duty) as desk:
            try:
                if drawn >= BY_MACHINE + BY_PERSON:
                    hint = merging.PossibleRepeat(source, score, Verdict.LIKELY, reasons)
                    await merging.save_hints(desk, case_id=kept, hints=[hint])
                    return
                done = await merging.merge(
                    self._db if cause is Cause.MACHINE else desk, kept_id=kept, kept_version=None, source_id=source,
                    source_version=None, score=score, reasons=reasons, cause=cause,
                    words="" if cause is Cause.MACHINE else "同一处同一问题。", key=key_of("merge", kept, source),
                )  # fmt: skip
                if luck("undo", kept, source) < UNDONE:
                    await merging.undo(
                        desk, merge_id=done.merge_id, reason="经核实不是同一处。", key=key_of("undo", done.merge_id)
                    )
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
