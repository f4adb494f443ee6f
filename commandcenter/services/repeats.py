"""Finding repeats (一事多投) among what is stored: the database finds what may be, and here it is weighed and explained."""

import json
import logging
from asyncio import Lock, get_running_loop, to_thread
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import isnan

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db import learning, reads
from commandcenter.db import repeats as questions
from commandcenter.db.engine import Database
from commandcenter.domain.case import Grade, State
from commandcenter.errors import PersonError
from commandcenter.intake.repeats.rarity import Rarity, load, rarity_of
from commandcenter.intake.repeats.report import Reason, Report, Verdict
from commandcenter.intake.repeats.rules import Rules, changed, default_rules
from commandcenter.intake.repeats.saying import reasons
from commandcenter.intake.repeats.seen import Seen
from commandcenter.intake.repeats.shelf import Crowds, Shelf
from commandcenter.intake.repeats.weighing import Weighed, verdict_of, weigh
from commandcenter.services.repeat_probes import probes_of

log = logging.getLogger(__name__)

POOL = 36
"""Found by words, as many by place, half as many by citizen: what is weighed for one report."""
_KEPT = 5_000
"""Reports that stay comparable from one look to the next: while somebody types, they are the same ones again and again."""
_SAMPLE = 1_000
"""Of so many of the newest texts the rarity of words is learned, where no model is in use."""
_SPOTS = 16
_HOLDS = 30.0
"""Seconds for which what is set and learned is taken to hold."""
_FIRST, _NEWEST = 12, 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A report that may be a repeat; ``case_id`` is its own case where it has one, ``report_id`` says whose citizen is meant."""

    content: str
    at: datetime
    title: str = ""
    category_id: int | None = None
    area_id: int | None = None
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    phone: str = ""
    case_id: int | None = None
    report_id: int | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """A case that may be the same matter, by the report of it that fits best; ``metres`` None where one has no point."""

    report_id: int
    case_id: int
    case_number: str
    case_version: int
    state: State
    grade: Grade
    unit_id: int | None
    channel_id: int
    title: str
    content: str
    place: str
    received_at: datetime
    metres: float | None
    photos: int
    reports: int
    score: float
    verdict: Verdict
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class RepeatRules:
    """What the centre has set: weights and thresholds, how far back one looks, whether the machine merges."""

    weights: Rules
    days: int
    auto_merge: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read at once: it holds until it is set or learned anew, or the reports have become twice as many."""

    settings: Mapping[str, str]
    kinds: Mapping[int, str]
    model_id: int | None
    reports: int
    rarity: Rarity


class Finder:
    """Looks for repeats as one login; made by `open`. What comes after it was opened is found; what is set anew, soon."""

    def __init__(self, db: Database, known: _Known, *, given: bool) -> None:
        self._db = db
        self._given = given
        self._one_at_a_time = Lock()
        self._take(known)

    def _take(self, known: _Known) -> None:
        self.rules = rules_of(known.settings)
        self._known = known
        self._shelf = Shelf(self.rules.weights, known.rarity)
        self._until = get_running_loop().time() + _HOLDS

    @classmethod
    async def open(cls, db: Database, rarity: Rarity | None = None) -> "Finder":
        """Read what is set and what was learned of the rarity of words, unless that is given.

        Where no model is in use, it is learned from the newest texts that this login sees. Raises PersonError.
        """
        return cls(db, await _read(db, rarity), given=rarity is not None)

    async def refresh(self) -> None:
        """Read again what may have been set or learned anew since. Raises PersonError."""
        known = await _read(self._db, self._known.rarity if self._given else None, self._known)
        async with self._one_at_a_time:
            self._take(known)

    async def opposes(self, asked: Asked, case_id: int) -> bool:
        """Whether any report of a case, of its first and newest ones, wants what this one does not. Raises PersonError."""
        async with self._db.deed() as connection:
            rows = await connection.fetch(questions.SPEAKERS, [case_id], _FIRST, _NEWEST)
        return await to_thread(self._opposes, self._report(asked), rows)

    async def suggest(self, asked: Asked, most: int = 5) -> tuple[Repeat, ...]:
        """The cases that are likely the same matter, best first, as far as this login may see them; archived ones too.

        Opposite demands come as `Verdict.RELATED`. Raises PersonError.
        """
        if get_running_loop().time() > self._until:
            await self.refresh()
        known = self._known
        probes = probes_of(f"{asked.title}，{asked.content}", known.rarity, known.reports)
        async with self._db.deed() as connection:
            rows = await connection.fetch(
                questions.CANDIDATES, probes.grams, probes.ends, probes.weights, asked.phone, asked.report_id, asked.lon,
                asked.lat, asked.category_id, asked.case_id, asked.at - timedelta(days=self.rules.days), POOL,
            )  # fmt: skip
        if not rows:
            return ()
        async with self._one_at_a_time:
            return await to_thread(self._weigh, self._report(asked), rows, most)

    def _report(self, asked: Asked) -> Report:
        kind = self._known.kinds.get(asked.category_id or 0, "")
        return Report("", asked.at, asked.content, asked.title, kind, asked.lon, asked.lat)

    def _opposes(self, report: Report, rows: Sequence[questions.Row]) -> bool:
        shelf = Shelf(self.rules.weights, self._known.rarity)
        numbers = [
            shelf.add(shelf.see(Report(str(row["report_id"]), row["received_at"], row["content"], row["title"])))
            for row in rows
        ]
        weighed = weigh(shelf, shelf.see(report), np.array(numbers, np.int64))
        return bool(weighed.opposite.any())

    def _weigh(self, report: Report, rows: Sequence[questions.Row], most: int) -> tuple[Repeat, ...]:
        if len(self._shelf) + len(rows) > _KEPT:
            self._shelf = Shelf(self.rules.weights, self._known.rarity)
        shelf = self._shelf
        seen = shelf.see(report)
        numbers = np.array([self._number(row) for row in rows], np.int64)
        shelf.crowds = Crowds(_SPOTS)
        crowds = {int(shelf.spot.values[at]): row["crowd"] for at, row in zip(numbers, rows, strict=True)}
        for spot, many in crowds.items():
            shelf.crowds.add(spot, seen.days, many)
        weighed = weigh(shelf, seen, numbers, np.array([row["same_citizen"] for row in rows], np.bool_))
        order = sorted(
            range(len(rows)),
            key=lambda at: (-round(float(weighed.total[at]), 6), rows[at]["received_at"], rows[at]["report_id"]),
        )
        opposite = {rows[at]["case_id"] for at in order if weighed.opposite[at]}
        scores = weighed.score
        best = {rows[at]["case_id"]: at for at in reversed(order)}
        likely = [at for at in order if best[rows[at]["case_id"]] == at and scores[at] >= self.rules.weights.suggest]
        return tuple(
            self._repeat(seen, weighed, at, rows[at], float(scores[at]), opposite=rows[at]["case_id"] in opposite)
            for at in likely[:most]
        )

    def _number(self, row: questions.Row) -> int:
        """Where the shelf has this report, as it is told now."""
        kind = self._known.kinds.get(row["own_category"] or 0, "")
        told = Report("", row["received_at"], row["content"], row["own_title"], kind, row["lon"], row["lat"])
        key = f"{row['report_id']} {hash(told):x}"
        number = self._shelf.number.get(key)
        return self._shelf.add(self._shelf.see(replace(told, id=key))) if number is None else number

    def _repeat(
        self, seen: Seen, weighed: Weighed, at: int, row: questions.Row, score: float, *, opposite: bool
    ) -> Repeat:
        metres = float(weighed.metres[at])
        speaking = bool(weighed.speaking[at])
        return Repeat(
            report_id=row["report_id"],
            case_id=row["case_id"],
            case_number=row["case_number"],
            case_version=row["case_version"],
            state=State(row["state"]),
            grade=Grade(row["grade"]),
            unit_id=row["unit_id"],
            channel_id=row["channel_id"],
            title=row["title"],
            content=row["content"],
            place=row["place"],
            received_at=row["received_at"],
            metres=None if isnan(metres) else metres,
            photos=row["photos"],
            reports=row["reports"],
            score=score,
            verdict=verdict_of(self.rules.weights, score, speaking=speaking, opposite=opposite),
            reasons=reasons(self._shelf, seen, weighed, at),
        )


def rules_of(settings: Mapping[str, str]) -> RepeatRules:
    """What is set, over what comes with the program. Raises PersonError where a weight is none."""
    try:
        weights = changed(default_rules(), json.loads(settings["repeat_weights"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PersonError("设置 repeat_weights 写得不对。", '应形如 {"citizen": 1.6}，名称须是已有的权重。') from error
    weights = replace(weights, suggest=float(settings["repeat_suggest"]), auto=float(settings["repeat_auto"]))
    return RepeatRules(weights, int(settings["repeat_days"]), settings["auto_merge"] == "1")


async def _read(db: Database, rarity: Rarity | None, before: _Known | None = None) -> _Known:
    """What there is to know; of what was known before, the rarity of words where nothing speaks against it."""
    async with db.begin() as connection:
        settings = {row.name: row.value for row in await reads.rows(connection, questions.SETTINGS)}
        kinds = {row.id: row.path_name for row in await reads.rows(connection, reads.CATEGORIES)}
        [size] = await reads.rows(connection, questions.SIZE)
        found = await reads.rows(connection, learning.ACTIVE, kind="repeats")
        model_id, reports = found[0].id if found else None, int(size.reports)
        if rarity is None and before is not None and before.model_id == model_id:
            rarity = before.rarity if model_id is not None or reports < 2 * before.reports + _SAMPLE else None
        if rarity is None:
            rarity = await _learned(connection, model_id, rules_of(settings).weights)
    return _Known(settings, kinds, model_id, max(reports, rarity.reports), rarity)


async def _learned(connection: AsyncConnection, model_id: int | None, weights: Rules) -> Rarity:
    """What the model in use knows; else what the newest texts teach."""
    if model_id is not None:
        [row] = await reads.rows(connection, learning.CONTENT, model_id=model_id)
        try:
            return await to_thread(load, bytes(row.content))
        except ValueError:
            log.warning("the model in use for the rarity of words cannot be read")
    newest = await reads.rows(connection, questions.NEWEST, most=_SAMPLE)
    return await to_thread(rarity_of, [row.content for row in newest], weights)
