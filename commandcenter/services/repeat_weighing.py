"""What the database found, weighed: made comparable, whole cases by all that speak for them, and put into words.

No database here, one thread at a time. `Weighing.begin` weighs the reports that were found, `Look.unknown` says of which cases
the other reports are wanted, `Weighing.meet` takes them, and `Weighing.finish` weighs the cases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan

import numpy as np

from commandcenter.domain.case import Grade, State
from commandcenter.intake.repeats.bounding import Bound, whole_of, worth
from commandcenter.intake.repeats.plain import plain
from commandcenter.intake.repeats.rarity import Rarity
from commandcenter.intake.repeats.report import Report
from commandcenter.intake.repeats.rules import Rules
from commandcenter.intake.repeats.saying import reasons
from commandcenter.intake.repeats.seen import demands_of
from commandcenter.intake.repeats.shelf import Crowds, Numbers, Shelf
from commandcenter.intake.repeats.weighing import Weighed, verdict_of, weigh
from commandcenter.intake.repeats.whole import (
    Group,
    Match,
    Tie,
    demands_in,
    explained,
    foremost,
    group_of,
    matches_of,
    speak,
    tie,
    tied,
    with_speakers,
)
from commandcenter.services.repeat_found import Asked, Look, Repeat, Row

_SPOTS = 16
_SURE = 1e-6
"""By how much a bound has to be below what is worth showing: sums of the same numbers differ in their last digits."""


class Weighing:
    """Reports made comparable, and the cases they speak for; they stay so, because the same ones are found again and again."""

    def __init__(self, rules: Rules, rarity: Rarity, kinds: Mapping[int, str], kept: int) -> None:
        self._rules, self._rarity, self._kinds, self._kept = rules, rarity, kinds, kept
        self._worth = worth(rules) - _SURE
        self._clear()

    def _clear(self) -> None:
        self._shelf = Shelf(self._rules, self._rarity)
        self._groups: dict[tuple[int, int, int], Group] = {}
        self._told: dict[int, Row] = {}
        self._plain: dict[str, str] = {}

    def keep(self, kept: int) -> None:
        """So many reports from now on. Between looks, never within one."""
        self._kept = kept
        self.make_room(0)

    def make_room(self, more: int) -> None:
        """Forget everything where so many more reports would be too many. Between looks, never within one."""
        if max(len(self._shelf), len(self._plain) // 4) + more > self._kept:
            self._clear()

    def begin(self, asked: Asked, rows: Sequence[Row]) -> Look:
        """Weigh what was found, report by report; what cannot be worth showing is not even read closely."""
        kind = self._kinds.get(asked.category_id or 0, "")
        told = Report("", asked.at, asked.content, asked.title, kind, asked.lon, asked.lat)
        shelf, look = self._shelf, Look(self._shelf.see(told))
        if asked.report_id is not None and (own := _key(asked.report_id, told)) not in shelf.number:
            shelf.add(replace(look.seen, report=replace(told, id=own)))  # later ones will find it
        bound: Bound | None = None
        same: dict[int, bool] = {}
        for row in rows:
            report = self._report(row)
            key = _key(row["report_id"], report)
            number = shelf.number.get(key)
            if number is None:
                bound = Bound(shelf, look.seen) if bound is None else bound
                alone = row["reports"] <= 1
                if alone and bound.of(report, self._whole(key, report), same_citizen=row["same_citizen"]) < self._worth:
                    continue
                number = self._add(row["report_id"], report)
            look.rows[number], same[number] = row, row["same_citizen"]
            look.cases[row["case_id"]] = row
        if look.rows:
            numbers = np.array(sorted(look.rows), np.int64)
            shelf.crowds = Crowds(_SPOTS)
            crowds = {int(shelf.spot.values[number]): row["crowd"] for number, row in look.rows.items()}
            for spot, many in crowds.items():
                shelf.crowds.add(spot, look.seen.days, many)
            look.weighed = weigh(shelf, look.seen, numbers, np.array([same[at] for at in numbers.tolist()], np.bool_))
            look.first = foremost(self._order(look), self._cases_of(look))
        return look

    def unknown(self, look: Look) -> list[int]:
        """Cases of several reports that have not been met as they are now."""
        several = (look.cases[case] for case in look.first if look.cases[case]["reports"] > 1)
        return [row["case_id"] for row in several if _state_of(row) not in self._groups]

    def meet(self, case: Row, rows: Sequence[Row]) -> None:
        """Take what speaks for a case, and of its other reports only what they want."""
        spoken = set(speak(self._rules, range(len(rows))))
        speakers, demands = list[int](), set[int]()
        for at, row in enumerate(rows):
            report = self._report(row)
            if at in spoken:
                speakers.append(self._add(row["report_id"], report))
                demands |= demands_in(self._shelf.marks.row(speakers[-1]))
                self._told[speakers[-1]] = row
            else:
                demands |= demands_of(f"{plain(report.title)}\n{plain(report.text)}", self._rules)
        self._groups[_state_of(case)] = group_of(self._shelf, speakers, demands)

    def finish(self, look: Look, most: int) -> Look:
        """Weigh the best cases as a whole and say why; `most` of them."""
        if look.weighed is None:
            return look
        known = {case: self._groups.get(_state_of(look.cases[case])) for case in look.first}
        look.groups = {case: group for case, group in known.items() if group is not None and group.speakers}
        for case, group in look.groups.items():
            for number in group.speakers:
                look.rows.setdefault(number, {**look.cases[case], **self._told[number], "case_id": case})
        look.weighed = weighed = with_speakers(self._shelf, look.seen, look.weighed, list(look.groups.values()))
        order, of = self._order(look), self._cases_of(look)
        matches = matches_of(self._shelf, look.seen, weighed, order, of, look.groups)
        matches += self._others(weighed, order, of, {match.case for match in matches})
        likely = [match for match in matches if match.score >= self._rules.suggest]
        look.repeats = tuple(self._repeat(look, weighed, match) for match in likely[:most])
        return look

    def tie(self, look: Look, one: Repeat, other: Repeat) -> Tie:
        """Whether two cases that were found say the same without the report that found them."""
        return tie(self._shelf, self._group(look, one), self._group(look, other))

    def join(self, look: Look, kept: Repeat, source: Repeat) -> None:
        """From here on they are one case in this look."""
        look.groups[kept.case_id] = tied(self._shelf, self._group(look, kept), self._group(look, source))

    def _group(self, look: Look, repeat: Repeat) -> Group:
        known = look.groups.get(repeat.case_id)
        if known is not None:
            return known
        [number] = [number for number, row in look.rows.items() if row["report_id"] == repeat.report_id]
        return Group([number], np.ones((1, 1)), demands_in(self._shelf.marks.row(number)))

    def _others(self, weighed: Weighed, order: Numbers, of: Numbers, taken: set[int]) -> list[Match]:
        """The cases beyond those weighed as a whole, each by its best report."""
        rest: dict[int, list[int]] = {}
        for at in order.tolist():
            if int(of[at]) not in taken:
                rest.setdefault(int(of[at]), []).append(at)
        score = weighed.score
        return [
            Match(
                case, at[0], float(weighed.total[at[0]]), 0.0,
                verdict_of(
                    self._rules, float(score[at[0]]), speaking=bool(weighed.speaking[at].any()),
                    opposite=bool(weighed.opposite[at].any()),
                ),
            )
            for case, at in rest.items()
        ]  # fmt: skip

    def _order(self, look: Look) -> Numbers:
        """Positions by score; of equals the earlier report first."""
        assert look.weighed is not None  # noqa: S101 - both callers have weighed
        numbers = look.weighed.numbers
        at = [(look.rows[number]["received_at"], look.rows[number]["report_id"]) for number in numbers.tolist()]
        total = (-look.weighed.total.round(6)).tolist()
        return np.array(sorted(range(len(numbers)), key=lambda place: (total[place], at[place])), np.int64)

    def _cases_of(self, look: Look) -> Numbers:
        assert look.weighed is not None  # noqa: S101
        return np.array([look.rows[number]["case_id"] for number in look.weighed.numbers.tolist()], np.int64)

    def _report(self, row: Row) -> Report:
        kind = self._kinds.get(row["own_category"] or 0, "")
        return Report("", row["received_at"], row["content"], row["own_title"], kind, row["lon"], row["lat"])

    def _whole(self, key: str, report: Report) -> str:
        known = self._plain.get(key)
        if known is None:
            known = self._plain[key] = whole_of(report)
        return known

    def _add(self, report_id: int, told: Report) -> int:
        """Where the shelf has this report, as it is told now."""
        key = _key(report_id, told)
        number = self._shelf.number.get(key)
        return self._shelf.add(self._shelf.see(replace(told, id=key))) if number is None else number

    def _repeat(self, look: Look, weighed: Weighed, match: Match) -> Repeat:
        at = match.speaker
        row, metres = look.rows[int(weighed.numbers[at])], float(weighed.metres[at])
        said = reasons(self._shelf, look.seen, weighed, at)
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
            score=match.score,
            verdict=match.verdict,
            reasons=explained(match, look.groups.get(match.case), said),
        )


def _key(report_id: int, told: Report) -> str:
    return f"{report_id} {hash(told):x}"


def _state_of(case: Row) -> tuple[int, int, int]:
    return case["case_id"], case["case_version"], case["reports"]
