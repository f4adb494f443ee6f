"""What the timekeeper does about repeats: cases that came are compared with others; hints are kept, and the machine merges."""

import asyncio
import logging
from collections.abc import Sequence
from uuid import UUID, uuid5

from commandcenter.db import repeats as questions
from commandcenter.db.bulk import Connection
from commandcenter.db.engine import Database
from commandcenter.db.errors import translated
from commandcenter.domain.case import State
from commandcenter.errors import PersonError, Unreachable
from commandcenter.intake.repeats.report import Verdict
from commandcenter.services import merging
from commandcenter.services.repeats import Asked, Finder, Repeat

log = logging.getLogger(__name__)

SECONDS = 0.7
"""How long one round may take: other deeds wait no longer for it."""
MOST = 3
"""Hints for one case."""
_AT_ONCE = 20
_PAIRS = UUID("6c0f1c3e-6d1b-4a7e-9f0a-0d5c5a3f7a11")
"""Names the one write that merges a pair: done twice, it is done once."""


class RepeatKeeping:
    """Compares the cases that came, some in every round; what is left is in the database, so that anyone can go on."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._finder: Finder | None = None

    async def round(self, connection: Connection, *, seconds: float = SECONDS) -> int:
        """Compare cases for so long, on the connection that holds the lock; how many. Raises PersonError."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        done = 0
        while loop.time() < end:
            with translated():
                due = await connection.fetch(questions.NEXT, _AT_ONCE)
            if not due:
                break
            if self._finder is None:
                self._finder = await Finder.open(self._db)
            done += await self._compare_some(connection, self._finder, due, end)
        return done

    async def _compare_some(
        self, connection: Connection, finder: Finder, due: Sequence[questions.Row], end: float
    ) -> int:
        done, gone = 0, set[int]()
        for row in due:
            if done and asyncio.get_running_loop().time() >= end:
                break
            failed = False
            try:
                if row["case_id"] not in gone:  # merged meanwhile, by a case before it
                    gone |= await self._compare(connection, finder, row)
            except Unreachable:
                raise
            except Exception as error:  # noqa: BLE001 - the others are still to be compared, and this one comes again
                failed = True
                log.warning("a case could not be compared: %s", type(error).__name__)
            with translated():
                await connection.execute(questions.DONE, row["case_id"], failed)
            done += 1
        return done

    async def _compare(self, connection: Connection, finder: Finder, row: questions.Row) -> set[int]:
        """Keep what is found for a case; those that were merged into others by it."""
        asked = Asked(
            row["content"],
            row["received_at"],
            title=row["title"],
            category_id=row["category_id"],
            area_id=row["area_id"],
            place=row["place"],
            lon=row["lon"],
            lat=row["lat"],
            case_id=row["case_id"],
            report_id=row["report_id"],
        )
        found = [repeat for repeat in await finder.suggest(asked, MOST) if repeat.state <= State.PAUSED]
        for repeat in found:
            if repeat.verdict is Verdict.RELATED:
                with translated():
                    await connection.execute(questions.OPPOSITE, asked.case_id, repeat.case_id)
        hints = [repeat for repeat in found if repeat.verdict is not Verdict.RELATED]
        if hints:
            await merging.save_hints(self._db, case_id=row["case_id"], hints=hints)
        if finder.rules.auto_merge and hints and hints[0].verdict is Verdict.SAME:
            return await self._merge(finder, asked, row["case_id"], State(row["state"]), hints[0])
        return set()

    async def _merge(self, finder: Finder, asked: Asked, case_id: int, state: State, repeat: Repeat) -> set[int]:
        """Merge a pair, unless units work on both already, or anything said in the other case wants the opposite."""
        at_work = state >= State.TO_ACCEPT, repeat.state >= State.TO_ACCEPT
        if all(at_work) or await finder.opposes(asked, repeat.case_id):
            return set()
        later = at_work[1] > at_work[0] or (
            at_work[0] == at_work[1] and (repeat.received_at, repeat.case_id) < (asked.at, case_id)
        )
        kept, source = (repeat.case_id, case_id) if later else (case_id, repeat.case_id)
        try:
            await merging.merge(
                self._db,
                kept_id=kept,
                kept_version=None,
                source_id=source,
                source_version=None,
                score=repeat.score,
                reasons=repeat.reasons,
                cause=merging.Cause.MACHINE,
                key=uuid5(_PAIRS, f"{kept} {source}"),
            )
        except Unreachable:
            raise
        except PersonError:  # somebody holds one of them, a whistle stands in the way, a person said no: the hint stays
            log.info("the machine left a merge to people")
            return set()
        return {source}
