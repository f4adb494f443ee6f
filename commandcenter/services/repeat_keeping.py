"""What the timekeeper does about repeats: cases that came are compared with others; hints are kept, and the machine merges."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from commandcenter.db import repeats as questions
from commandcenter.db.bulk import Connection
from commandcenter.db.engine import Database
from commandcenter.db.errors import translated
from commandcenter.domain.case import State
from commandcenter.errors import PersonError, Unreachable
from commandcenter.intake.repeats.report import Verdict
from commandcenter.intake.repeats.whole import Tie
from commandcenter.services import merging
from commandcenter.services.merge_reads import reasons_out
from commandcenter.services.repeat_found import Look, Repeat, asked_of, tie_reasons
from commandcenter.services.repeats import KEPT, Finder

log = logging.getLogger(__name__)

SECONDS = 0.7
"""How long one round may take: other deeds wait no longer for it."""
MOST = 3
"""Hints for one case."""
_LOOKED = 12
"""Cases that are looked at for one: those it may show to be one among them."""
_AT_ONCE = 24
_PACE = 0.05
"""Seconds a case takes, as long as one does not know better."""
_BACKLOG, _KEPT = 2_000, 40_000
"""After so many cases without a pause, so many reports stay comparable, 1.3 kB each, until none waits any more."""
_PAIRS = UUID("6c0f1c3e-6d1b-4a7e-9f0a-0d5c5a3f7a11")
"""Names the one write that merges a pair: done twice, it is done once."""


@dataclass(slots=True)
class _Said:
    """What is to be written down in one transaction: hints by case, relations of opposite demands, and who has been compared."""

    hints: list[tuple[int, list[merging.Found]]] = field(default_factory=list)
    opposites: list[tuple[int, int]] = field(default_factory=list)
    done: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Side:
    """A case that may be merged."""

    case_id: int
    state: State
    received_at: datetime

    @property
    def at_work(self) -> bool:
        return self.state >= State.TO_ACCEPT


class RepeatKeeping:
    """Compares the cases that came, some in every round; what is left is in the database, so that anyone can go on."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._finder: Finder | None = None
        self._compared = 0
        """Cases since none waited."""
        self._pace = _PACE
        self.waits = False
        """Whether the last round ended because its time was over, and more is to be done at once."""

    async def round(self, connection: Connection, *, seconds: float = SECONDS) -> int:
        """Compare cases for so long, on the connection that holds the lock; how many. Raises PersonError."""
        loop = asyncio.get_running_loop()
        now, end, done = loop.time(), loop.time() + seconds, 0
        self.waits = True
        while now < end:
            most = max(1, min(_AT_ONCE, int((end - now) / self._pace)))
            with translated():
                due = await connection.fetch(questions.NEXT, most)
            self._compared = self._compared + len(due) if due else 0
            if self._finder is not None:
                self._finder.keep(_KEPT if self._compared >= _BACKLOG else KEPT)
            if not due:
                self.waits = False
                break
            if self._finder is None:
                self._finder = await Finder.open(self._db)
            began = loop.time()
            await self._compare(connection, self._finder, due)
            done, now = done + len(due), loop.time()
            self._pace = (self._pace + (now - began) / len(due)) / 2
        return done

    async def _compare(self, connection: Connection, finder: Finder, due: Sequence[questions.Row]) -> None:
        """Look for all of them at once; where that fails, or one cannot be written down, each by itself."""
        try:
            looks = await finder.look([asked_of(row) for row in due], _LOOKED, in_turn=True)
            if finder.rules.auto_merge:
                await self._one_by_one(connection, finder, due, looks)
            else:
                said = _Said(done=[row["case_id"] for row in due])
                for row, look in zip(due, looks, strict=True):
                    await self._say(said, finder, row, look)
                await self._write(connection, said)
        except Unreachable:
            raise
        except Exception as error:  # noqa: BLE001 - the others are still to be compared, and this one comes again
            if len(due) > 1:
                for row in due:
                    await self._compare(connection, finder, [row])
                return
            log.warning("a case could not be compared: %s", type(error).__name__)
            with translated():
                await connection.execute(questions.FAILED, due[0]["case_id"])

    async def _one_by_one(
        self, connection: Connection, finder: Finder, due: Sequence[questions.Row], looks: Sequence[Look]
    ) -> None:
        """Write down and merge in turn; who was found with a case that has changed by it is looked for again."""
        changed = set[int]()
        for row, found in zip(due, looks, strict=True):
            said = _Said()
            if row["case_id"] not in changed:  # else it was merged meanwhile, by a case before it, or has taken one in
                look = found
                if not changed.isdisjoint(look.cases):
                    [look] = await finder.look([asked_of(row)], _LOOKED, in_turn=True)
                await self._say(said, finder, row, look)
                await self._write(connection, _Said(hints=said.hints))
                changed |= await self._merge_all(connection, finder, row, look)
            await self._write(connection, _Said(opposites=said.opposites, done=[row["case_id"]]))

    async def _say(self, said: _Said, finder: Finder, row: questions.Row, look: Look) -> None:
        """Note what was found for a case: hints, relations, and pairs of other cases that it shows to be one."""
        said.opposites += [(row["case_id"], each.case_id) for each in look.repeats if each.verdict is Verdict.RELATED]
        hints = _open(look)
        if hints:
            said.hints.append((row["case_id"], list(hints[:MOST])))
        sure = [each for each in hints if each.verdict is Verdict.SAME]
        for other in sure[1:]:
            tie = await finder.tie(look, sure[0], other)
            if tie.agree:
                said.hints.append((sure[0].case_id, [_tied(row, sure[0], other, tie)]))

    async def _merge_all(self, connection: Connection, finder: Finder, row: questions.Row, look: Look) -> set[int]:
        """Merge a case with what it surely repeats, and other cases with that where it shows them to be one; all these.

        What else was found for a case that is merged away would be seen by nobody: it becomes a hint for the case it went into.
        """
        hints = _open(look)
        base = next((each for each in hints if each.verdict is Verdict.SAME), None)
        if base is None:
            return set()
        mine = _Side(row["case_id"], State(row["state"]), row["received_at"])
        kept = await self._merge(mine, _side(look, base), base)
        if kept is None:
            return set()
        changed = {row["case_id"], base.case_id}
        for other in hints:
            if other is base:
                continue
            by = _tied(row, base, other, await finder.tie(look, base, other))
            if kept.case_id != row["case_id"] and (by.verdict is Verdict.SAME or other in hints[:MOST]):
                await self._write(connection, _Said(hints=[(kept.case_id, [by])]))
            if by.verdict is not Verdict.SAME or (now := await self._merge(kept, _side(look, other), by)) is None:
                continue
            kept = now
            changed.add(other.case_id)
            await finder.join(look, base, other)
        return changed

    async def _merge(self, one: _Side, other: _Side, found: merging.Found) -> _Side | None:
        """Merge two cases, unless units work on both already or somebody said no; the one that is kept."""
        if one.at_work and other.at_work:
            return None
        kept, source = sorted((one, other), key=lambda side: (not side.at_work, side.received_at, side.case_id))
        try:
            await merging.merge(
                self._db,
                kept_id=kept.case_id,
                kept_version=None,
                source_id=source.case_id,
                source_version=None,
                score=found.score,
                reasons=found.reasons,
                cause=merging.Cause.MACHINE,
                key=uuid5(_PAIRS, f"{kept.case_id} {source.case_id}"),
            )
        except Unreachable:
            raise
        except PersonError:  # somebody holds one of them, a whistle stands in the way, a person said no: the hint stays
            log.info("the machine left a merge to people")
            return None
        return kept

    async def _write(self, connection: Connection, said: _Said) -> None:
        """All of it or nothing."""
        with translated():
            async with connection.transaction():
                for pair in said.opposites:
                    await connection.execute(questions.OPPOSITE, *pair)
                if said.hints:
                    cases, hints = zip(*said.hints, strict=True)
                    await connection.execute(questions.HINTS, cases, [_hints_out(each) for each in hints])
                if said.done:
                    await connection.execute(questions.ALL_DONE, said.done)


def _open(look: Look) -> list[Repeat]:
    """What may still be merged with it."""
    return [each for each in look.repeats if each.state <= State.PAUSED and each.verdict is not Verdict.RELATED]


def _side(look: Look, repeat: Repeat) -> _Side:
    """A case that was found; it was received when the first of its reports was, as far as they are known."""
    since = min(row["received_at"] for row in look.rows.values() if row["case_id"] == repeat.case_id)
    return _Side(repeat.case_id, repeat.state, since)


def _tied(row: questions.Row, one: Repeat, other: Repeat, tie: Tie) -> merging.PossibleRepeat:
    """What a case that is like two others says about them: as sure as the less sure of the two."""
    score = min(one.score, other.score)
    sure = tie.agree and other.verdict is Verdict.SAME
    return merging.PossibleRepeat(
        other.case_id, score, Verdict.SAME if sure else Verdict.LIKELY, tie_reasons(row["number"], score, tie)
    )


def _hints_out(hints: Sequence[merging.Found]) -> str:
    """As `merging.save_hints` writes them."""
    said = [
        {
            "other": one.case_id,
            "score": one.score,
            "verdict": str(one.verdict),
            "reasons": json.loads(reasons_out(one.reasons)),
        }
        for one in hints
    ]
    return json.dumps(said, ensure_ascii=False)
