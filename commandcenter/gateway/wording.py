"""How a report stands, in words for those who reported it; nothing of who works on it, nothing of the office's own terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from commandcenter.domain.case import State
from commandcenter.services.delivering import Progress

CLOSED: Final = frozenset({State.ARCHIVED, State.VOID})

NOTES: Final[Mapping[State, str]] = {
    State.NEW: "已收到，等待受理。",
    State.TO_DISPATCH: "已受理，正在确定承办单位。",
    State.TO_ACCEPT: "已交承办单位，等待签收。",
    State.WORKING: "承办单位正在办理。",
    State.RETURNED: "正在重新确定承办单位。",
    State.PAUSED: "因客观原因暂缓办理，条件具备后继续。",
    State.TO_FOLLOW_UP: "承办单位已办结，中心将回访核实。",
    State.ARCHIVED: "已办结。",
    State.MERGED: "与同一问题的其他诉求合并办理。",
    State.VOID: "已关闭，不再办理。如有疑问，请拨打 12345。",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the way, and when it was reached."""

    name: str
    at: datetime | None
    done: bool


def notes(progress: Progress) -> str:
    """One sentence."""
    return NOTES[progress.state]


def is_closed(progress: Progress) -> bool:
    """What Open311 calls closed: nobody works on it any more."""
    return progress.state in CLOSED


def may_rate(progress: Progress) -> bool:
    """Whether there is a result, and no rating yet."""
    return progress.state in {State.TO_FOLLOW_UP, State.ARCHIVED} and progress.solved is None


def steps(progress: Progress) -> tuple[Step, ...]:
    """The way of a report: received, handed to a unit, finished, closed."""
    return (
        Step("已收到", progress.received_at, done=True),
        Step("已交办", progress.dispatched_at, done=progress.dispatched_at is not None),
        Step("已办结", progress.finished_at, done=progress.finished_at is not None),
        Step("已归档", progress.archived_at, done=progress.archived_at is not None),
    )
