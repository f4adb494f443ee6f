"""The whistle's vocabulary (吹哨报到, domain.md §4): states, levels, parties and their clocks, as facts and pure decisions.

The numbers are the ones stored in the database; they never change meaning. Moments are aware, None where not set.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Literal


class WhistleState(IntEnum):
    """Where a whistle is in its life."""

    DECLINED = 0  # 退回修改
    TO_APPROVE = 1  # 待审签
    TO_RULE = 2  # 待指定
    OPEN = 3  # 进行中
    TO_CONFIRM = 4  # 待销哨确认
    TO_SCORE = 5  # 待评哨
    CLOSED = 6  # 已归档
    WITHDRAWN = 7  # 已撤回


class PartyState(IntEnum):
    """Where one called unit is."""

    CALLED = 0  # 已推送
    OBJECTED = 1  # 有异议
    ANSWERED = 2  # 已应哨
    CHECKED_IN = 3  # 已报到
    DONE = 4  # 申请销哨
    CONFIRMED = 5  # 已销哨
    SCORED = 6  # 已评
    RELEASED = 7  # 免到


class Level(IntEnum):
    """The four levels (四级哨 [S])."""

    USUAL = 1  # 常规哨
    KEY = 2  # 重点哨
    JOINT = 3  # 联合哨
    ASSAULT = 4  # 攻坚哨


LIVE = frozenset(state for state in WhistleState if state < WhistleState.CLOSED)
"""A case has at most one whistle in these."""

ClockName = Literal["answer", "arrive", "finish", "ruling"]
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LevelRule:
    """What a level allows and demands; limits to answer and to arrive in natural minutes."""

    level: Level
    name: str
    meeting: str
    convener_kind: str
    caller_kinds: tuple[str, ...]
    """Kinds of units that may blow it."""
    answer_minutes: int
    arrive_minutes: int
    danger_answer_minutes: int
    danger_arrive_minutes: int
    finish_clock: Literal["natural", "working", "plan"]
    finish_amount: int
    """Minutes of natural time, working days, or of a plan its longest days."""
    report_days: int
    """Days between two reports of progress; 0 where none are due."""


@dataclass(frozen=True, slots=True)
class SpeedWeights:
    """What answering, arriving and finishing in time count (settings ``speed_*``), 100 in all."""

    answer: int = 40
    arrive: int = 30
    finish: int = 30


@dataclass(frozen=True, slots=True)
class Party:
    """One called unit, with its own clocks, as table ``cc.whistle_parties`` has it."""

    id: int
    version: int
    whistle_id: int
    case_id: int
    unit_id: int
    part: Literal["lead", "assist"]
    ground: str
    state: PartyState
    called_at: datetime
    """At the present level."""
    answer_due_at: datetime
    arrive_due_at: datetime
    finish_due_at: datetime
    answered_at: datetime | None = None
    answered_by: str | None = None
    objected_at: datetime | None = None
    objection: str = ""
    ruling_due_at: datetime | None = None
    ruled_at: datetime | None = None
    ruling: str = ""
    checked_in_at: datetime | None = None
    checked_in_by: str | None = None
    came: str = ""
    check_in_place: str = ""
    lon: float | None = None
    lat: float | None = None
    photo_id: int | None = None
    done_at: datetime | None = None
    done_words: str = ""
    met: bool | None = None
    confirmed_at: datetime | None = None
    sent_back: int = 0
    sent_back_words: str = ""
    answer_missed_at: datetime | None = None
    """The first time it did not answer, at whatever level; every miss is in the journal."""
    arrive_missed_at: datetime | None = None
    finish_missed_at: datetime | None = None

    def clock(self, now: datetime) -> tuple[ClockName, datetime] | tuple[None, None]:
        """What it has to do next and until when; nothing before it is called, and nothing once it stood down.

        An objection waits for the centre's ruling. Of arriving and finishing, whichever is due first.
        """
        if now < self.called_at:
            return None, None
        match self.state:
            case PartyState.CALLED:
                return "answer", self.answer_due_at
            case PartyState.OBJECTED if self.ruling_due_at is not None:
                return "ruling", self.ruling_due_at
            case PartyState.ANSWERED if self.arrive_due_at <= self.finish_due_at:
                return "arrive", self.arrive_due_at
            case PartyState.ANSWERED | PartyState.CHECKED_IN:
                return "finish", self.finish_due_at
            case _:
                return None, None


@dataclass(frozen=True, slots=True)
class Score:
    """What one party got (评哨, 一事一考), by whom, and what it says to it; speed and quality 0 to 100."""

    party_id: int
    unit_id: int
    scored_at: datetime
    scored_by: str
    scorer_unit_id: int
    proposed_speed: int
    speed: int
    quality: int
    met: bool
    finished: bool
    satisfied: bool | None
    words: str
    answer: str
    answered_at: datetime | None
    answered_by: str | None


@dataclass(frozen=True, slots=True)
class Round:
    """One level a whistle went through; `cause` is blow, unanswered, late or by_hand."""

    round: int
    level: Level
    convener_unit_id: int | None
    began_at: datetime
    began_by: str
    cause: str
    reason: str


@dataclass(frozen=True, slots=True)
class Whistle:
    """A whistle with its case's name and place, its parties, rounds and scores; for the wall without words and names."""

    id: int
    number: str
    version: int
    case_id: int
    path: str
    state: WhistleState
    level: Level
    gather: bool
    """集结哨, many units; otherwise 职能哨, one."""
    caller: str
    caller_unit_id: int
    approver_unit_id: int
    convener_unit_id: int | None
    duty_item_id: int | None
    ground: str | None
    ground_words: str
    matter: str
    demand: str
    danger: bool
    danger_words: str
    meeting_at: datetime | None
    meeting_place: str
    plan_until: datetime | None
    report_due_at: datetime | None
    blown_at: datetime
    approved_at: datetime | None
    approved_by: str | None
    approval_skipped: bool
    rule_due_at: datetime | None
    rule_missed_at: datetime | None
    pushed_at: datetime | None
    confirmed_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime
    verb: str
    actor: str
    case_number: str
    case_title: str
    case_grade: int | None
    case_place: str
    town_id: int | None
    lon: float | None
    lat: float | None
    parties: tuple[Party, ...] = ()
    rounds: tuple[Round, ...] = ()
    scores: tuple[Score, ...] = ()


def derived_state(parties: Iterable[PartyState]) -> WhistleState:
    """The state of a called whistle, from its parties: the earliest of what any of them still has to do."""
    states = frozenset(parties)
    if any(state <= PartyState.CHECKED_IN for state in states):
        return WhistleState.OPEN
    if PartyState.DONE in states:
        return WhistleState.TO_CONFIRM
    return WhistleState.TO_SCORE if PartyState.CONFIRMED in states else WhistleState.CLOSED


def proposed_speed(party: Party, weights: SpeedWeights) -> int:
    """The speed score that the measured times propose, 0 to 100; the database's ``cc.proposed_speed`` is the same."""
    answered = (
        party.answered_at is not None and party.answer_missed_at is None and party.answered_at <= party.answer_due_at
    )
    arrived = party.checked_in_at is not None and party.checked_in_at <= party.arrive_due_at
    finished = party.done_at is not None and party.done_at <= party.finish_due_at
    points = weights.answer * answered + weights.arrive * arrived + weights.finish * finished
    return max(0, min(100, points))


def next_due(whistle: Whistle, now: datetime) -> datetime | None:
    """The earliest clock that runs: the centre's ruling, or a party's; None where nothing waits for a clock."""
    if whistle.state is WhistleState.TO_RULE:
        return whistle.rule_due_at
    return min((due for party in whistle.parties if (due := party.clock(now)[1]) is not None), default=None)


def by_urgency(whistles: Iterable[Whistle], now: datetime) -> tuple[Whistle, ...]:
    """The highest level first, then danger, then whose clock is due first; without a clock last."""

    def rank(whistle: Whistle) -> tuple[int, bool, datetime, int]:
        return -whistle.level, not whistle.danger, next_due(whistle, now) or _NEVER, whistle.id

    return tuple(sorted(whistles, key=rank))
