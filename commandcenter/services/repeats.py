"""Finding repeats (一事多投) among what is stored: the database finds what may be, and here it is weighed and explained."""

from asyncio import Lock, gather, get_running_loop, to_thread
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate, groupby, pairwise

from commandcenter.db import repeats as questions
from commandcenter.db.engine import Database
from commandcenter.intake.repeats.rarity import Rarity
from commandcenter.intake.repeats.whole import Tie
from commandcenter.services.repeat_found import Asked, Look, Repeat
from commandcenter.services.repeat_probes import probes_of
from commandcenter.services.repeat_rules import Known, read_known, rules_of
from commandcenter.services.repeat_weighing import Weighing

__all__ = ["Asked", "Finder", "Look", "Repeat"]

POOL = 36
"""Found by words, as many by place, half as many by citizen: what may be weighed for one report."""
_MOST_EACH = 100
"""What may become comparable in one look: what was found, and what else speaks for the cases."""
KEPT = 5_000
"""Reports that stay comparable from one look to the next: while somebody types, they are the same ones again and again."""
_WORTH_TWO = 4
"""From so many reports on, two of the server's processes look, half of them each: most of the time is the server's."""
_HOLDS = 30.0
"""Seconds for which what is set and learned is taken to hold."""
_FIRST, _NEWEST = 12, 60
"""Reports of a case that are read to weigh it as a whole; those between them neither speak for it nor against."""


@dataclass(frozen=True, slots=True)
class _Found:
    """One report, and what the database has found for it."""

    asked: Asked
    rows: list[questions.Row]


class Finder:
    """Looks for repeats as one login; made by `open`. What comes after it was opened is found; what is set anew, soon."""

    def __init__(self, db: Database, known: Known, *, given: bool, kept: int) -> None:
        self._db, self._given, self._kept = db, given, kept
        self._one_at_a_time = Lock()
        self._known: Known | None = None
        self._take(known)

    def _take(self, known: Known) -> None:
        if self._known is None or not known.weighs_as(self._known):
            self.rules = rules_of(known.settings)
            self._weighing = Weighing(self.rules.weights, known.rarity, known.kinds, self._kept)
        self._known = known
        self._until = get_running_loop().time() + _HOLDS

    @classmethod
    async def open(cls, db: Database, rarity: Rarity | None = None, *, kept: int = KEPT) -> "Finder":
        """Read what is set and what was learned of the rarity of words, unless that is given.

        Where no model is in use, it is learned from the newest texts that this login sees. Raises PersonError.
        """
        return cls(db, await read_known(db, rarity), given=rarity is not None, kept=kept)

    async def refresh(self) -> None:
        """Read again what may have been set or learned anew since. Raises PersonError."""
        assert self._known is not None  # noqa: S101 - taken when it was made
        known = await read_known(self._db, self._known.rarity if self._given else None, self._known)
        async with self._one_at_a_time:
            self._take(known)

    async def suggest(self, asked: Asked, most: int = 5) -> tuple[Repeat, ...]:
        """The cases that are likely the same matter, best first, as far as this login may see them; archived ones too.

        Opposite demands come as `Verdict.RELATED`. Raises PersonError.
        """
        [look] = await self.look((asked,), most)
        return tuple(sorted(look.repeats, key=lambda each: -each.score))  # a look leans to what more reports speak for

    async def look(self, asked: Sequence[Asked], most: int, *, in_turn: bool = False) -> list[Look]:
        """The same for several reports at once. Raises PersonError.

        `in_turn`: what came after a report and still waits for its own turn is left to that.
        """
        if get_running_loop().time() > self._until:
            await self.refresh()
        half = (len(asked) + 1) // 2 if len(asked) >= _WORTH_TWO else len(asked)
        parts = [part for part in (asked[:half], asked[half:]) if part]
        found = [each for part in await gather(*(self._find(part, in_turn=in_turn) for part in parts)) for each in part]
        async with self._weighing_of(len(asked)) as weighing:
            looks = await to_thread(_begin, weighing, found)
            wanted = {case: look for look in looks for case in weighing.unknown(look)}
            if wanted:
                async with self._db.deed() as connection:
                    rows = await connection.fetch(questions.SPEAKERS, list(wanted), _FIRST, _NEWEST)
                await to_thread(_meet, weighing, wanted, rows)
            return await to_thread(_finish, weighing, looks, most)

    def keep(self, kept: int) -> None:
        """So many reports stay comparable from now on. Not while a look is under way."""
        if kept != self._kept:
            self._kept = kept
            self._weighing.keep(kept)

    async def tie(self, look: Look, one: Repeat, other: Repeat) -> Tie:
        """Whether two cases that were found say the same without the report that found them."""
        async with self._one_at_a_time:
            return await to_thread(self._weighing.tie, look, one, other)

    async def join(self, look: Look, kept: Repeat, source: Repeat) -> None:
        """From here on they are one case in this look."""
        async with self._one_at_a_time:
            await to_thread(self._weighing.join, look, kept, source)

    @asynccontextmanager
    async def _weighing_of(self, looks: int) -> AsyncIterator[Weighing]:
        async with self._one_at_a_time:
            self._weighing.make_room(looks * _MOST_EACH)
            yield self._weighing

    async def _find(self, asked: Sequence[Asked], *, in_turn: bool) -> list[_Found]:
        known = self._known
        assert known is not None  # noqa: S101 - taken when it was made
        texts = [f"{each.title}，{each.content}" for each in asked]
        if len(asked) == 1:
            probes = [probes_of(texts[0], known.rarity, known.reports)]
        else:
            probes = await to_thread(lambda: [probes_of(text, known.rarity, known.reports) for text in texts])
        grams = list(pairwise(accumulate((len(each.grams) for each in probes), initial=0)))
        ends = list(pairwise(accumulate((len(each.ends) for each in probes), initial=0)))
        since = timedelta(days=self.rules.days)
        async with self._db.deed() as connection:
            rows = await connection.fetch(
                questions.CANDIDATES,
                [gram for each in probes for gram in each.grams],
                [end for each in probes for end in each.ends],
                [weight for each in probes for weight in each.weights],
                [begin + 1 for begin, _ in grams], [end for _, end in grams],
                [begin + 1 for begin, _ in ends], [end for _, end in ends],
                [each.phone for each in asked], [each.report_id for each in asked],
                [each.lon for each in asked], [each.lat for each in asked],
                [each.category_id for each in asked], [each.case_id for each in asked],
                [each.at - since for each in asked], [each.at for each in asked], POOL, in_turn,
            )  # fmt: skip
        found = [_Found(each, []) for each in asked]
        for row in rows:
            found[row["asked"] - 1].rows.append(row)
        return found


def _begin(weighing: Weighing, found: Sequence[_Found]) -> list[Look]:
    return [weighing.begin(each.asked, each.rows) for each in found]


def _meet(weighing: Weighing, wanted: dict[int, Look], rows: Sequence[questions.Row]) -> None:
    of = {case: list(several) for case, several in groupby(rows, key=lambda row: int(row["case_id"]))}
    for case, look in wanted.items():
        weighing.meet(look.cases[case], of.get(case, []))


def _finish(weighing: Weighing, looks: Sequence[Look], most: int) -> list[Look]:
    return [weighing.finish(look, most) for look in looks]
