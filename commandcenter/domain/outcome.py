"""What a citizen answered (domain.md §6): 双是, 双否, how answers of several citizens count, and who should be called first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from commandcenter.domain.case import Grade


class Satisfied(StrEnum):
    """满意程度, as stored."""

    YES = "满意"
    BASIC = "基本满意"
    NO = "不满意"


RANK = {Satisfied.NO: 0, Satisfied.BASIC: 1, Satisfied.YES: 2}


def double_yes(solved: bool | None, satisfied: str | None) -> bool:  # noqa: FBT001 - an answer as it is stored
    """双是: solved, and 满意 or 基本满意; the same as the database's own rule for archiving."""
    return bool(solved) and satisfied in {Satisfied.YES, Satisfied.BASIC}


def double_no(solved: bool | None, satisfied: str | None) -> bool:  # noqa: FBT001
    """双否: neither solved nor content. What was not heard (None) is no answer."""
    return solved is False and satisfied == Satisfied.NO


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one citizen that counts: the last one in which they were reached."""

    case_id: int
    report_id: int
    unit_id: int
    solved: bool
    satisfied: Satisfied
    excluded: bool = False
    """Left out by a granted 剔除 or 申诉."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole. Without a whole there is no rate."""

    numerator: Decimal
    denominator: int

    def rate(self) -> Decimal | None:
        """From 0 to 1; None where nothing was counted."""
        return self.numerator / self.denominator if self.denominator else None

    def percent(self, places: int = 2) -> Decimal | None:
        """Per cent, rounded half up to so many decimals."""
        rate = self.rate()
        return None if rate is None else (rate * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers counted together."""

    solved: Share
    satisfied: Share
    double_yes: Share


def worst(answers: Sequence[Answer]) -> Answer:
    """One answer for a case with several citizens: solved only if all say so, content as the least content one."""
    satisfied = min((answer.satisfied for answer in answers), key=RANK.__getitem__)
    first = answers[0]
    return Answer(first.case_id, first.report_id, first.unit_id, all(answer.solved for answer in answers), satisfied)


def tally(answers: Iterable[Answer], *, each: bool, basic_weight: Decimal = Decimal(1)) -> Tally:
    """Count answers as a scheme says: `each` citizen's, or the worst of a case; 基本满意 counts `basic_weight` of a satisfied one."""
    counted = list(answers)
    if not each:
        of_case: dict[int, list[Answer]] = defaultdict(list)
        for answer in counted:
            of_case[answer.case_id].append(answer)
        counted = [worst(group) for group in of_case.values()]
    weight = {Satisfied.YES: Decimal(1), Satisfied.BASIC: basic_weight, Satisfied.NO: Decimal(0)}
    number = len(counted)
    return Tally(
        Share(Decimal(sum(answer.solved for answer in counted)), number),
        Share(sum((weight[answer.satisfied] for answer in counted), Decimal(0)), number),
        Share(Decimal(sum(double_yes(answer.solved, answer.satisfied) for answer in counted)), number),
    )


class Risk(StrEnum):
    """Why somebody should be called before others."""

    DOUBLE_NO = "double_no"
    URGENT = "urgent"
    REDONE = "redone"
    RETURNED = "returned"
    LATE = "late"
    SEVERAL = "several"
    REPEATED = "repeated"


_GRADE_POINTS = {Grade.RED: 6, Grade.ORANGE: 4, Grade.YELLOW: 2, Grade.BLUE: 1, Grade.GREEN: 0}
_MOST_COUNTED = 3
"""Of redos, returns and other reports no more are counted: the fourth says nothing new."""


def risk(
    *, grade: Grade, redos: int, returns: int, late: bool, reports: int, other_reports: int, had_double_no: bool
) -> tuple[int, tuple[Risk, ...]]:
    """Points [D] by what makes an unhappy answer likely, and the reasons for them, heaviest first.

    `late`: finished after its limit. `other_reports`: how many more the same citizen made lately.
    """
    parts = (
        (Risk.DOUBLE_NO, 6 * had_double_no),
        (Risk.URGENT, _GRADE_POINTS[grade]),
        (Risk.REDONE, 3 * min(redos, _MOST_COUNTED)),
        (Risk.LATE, 2 * late),
        (Risk.REPEATED, min(other_reports, _MOST_COUNTED)),
        (Risk.RETURNED, min(returns, _MOST_COUNTED)),
        (Risk.SEVERAL, int(reports > 1)),
    )
    counted = [
        (points, reason) for reason, points in parts if points and (reason is not Risk.URGENT or grade <= Grade.ORANGE)
    ]
    reasons = tuple(reason for _, reason in sorted(counted, key=lambda part: -part[0]))
    return sum(points for _, points in parts), reasons


class Why(StrEnum):
    """Why a citizen has not been reached."""

    NOT_DUE = "not_due"
    RETRY = "retry"
    UNREACHABLE = "unreachable"
    NOBODY = "nobody"


def why_missing(attempts: Sequence[datetime], due_at: datetime, most_attempts: int, now: datetime) -> Why:
    """Why somebody who is to be called has no answer yet: tried, tried too often, still time, or nobody called."""
    if attempts:
        return Why.UNREACHABLE if len(attempts) >= most_attempts else Why.RETRY
    return Why.NOT_DUE if now < due_at else Why.NOBODY
