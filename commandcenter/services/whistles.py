"""The verbs on whistles (吹哨报到), and all there is about them in one place; verbs on parties are in whistle_parties.

One transaction each, refused by the database where unlawful.

Common arguments: `version` is the version of the whistle or party that the person saw (StaleVersion when somebody changed it
since), `key` identifies the deed (the same key again returns the first result, with ``replayed``). All raise `PersonError`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from commandcenter.db.engine import Database
from commandcenter.db.verbs import call
from commandcenter.domain.whistle import Level, Party, PartyState, Round, Score, Whistle, WhistleState
from commandcenter.services.whistle_figures import TownRate, UnitFigure, figures, rates
from commandcenter.services.whistle_parties import (
    PartyChange,
    answer,
    answer_score,
    check_in,
    confirm,
    object_to,
    progress,
    rule_objection,
    score,
    send_back,
    stand_down,
)
from commandcenter.services.whistle_reads import read_closed, read_live, read_of_case, read_whistle

__all__ = [
    "Level", "Party", "PartyChange", "PartyState", "Round", "Score", "TownRate", "UnitFigure", "Whistle", "WhistleChange",
    "WhistleState", "amend", "answer", "answer_score", "approve", "blow", "check_in", "confirm", "decline", "escalate", "figures",
    "meet", "object_to", "plan", "progress", "rates", "read_closed", "read_live", "read_of_case", "read_whistle", "rule",
    "rule_objection", "score", "send_back", "stand_down", "withdraw",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class WhistleChange:
    """What a verb on a whistle left behind."""

    whistle_id: int
    number: str
    state: WhistleState
    version: int
    replayed: bool


async def _whistle(db: Database, function: str, **arguments: Any) -> WhistleChange:
    row = await call(db, function, **arguments)
    return WhistleChange(row.whistle_id, row.number, WhistleState(row.state), row.version, row.replayed)


async def blow(
    db: Database,
    *,
    case_id: int,
    case_version: int,
    level: Level,
    matter: str,
    demand: str,
    duty_item_id: int | None = None,
    danger: bool = False,
    danger_words: str = "",
    meeting_at: datetime | None = None,
    meeting_place: str = "",
    plan_until: datetime | None = None,
    key: UUID,
) -> WhistleChange:
    """一键吹哨: the item of the responsibility list says who comes; without one the centre rules.

    In danger, in words, approval is skipped, and that recorded; who would approve it blows it approved.
    """
    return await _whistle(
        db,
        "blow",
        case=case_id,
        case_version=case_version,
        level=level,
        matter=matter,
        demand=demand,
        duty_item=duty_item_id,
        danger=danger,
        danger_words=danger_words,
        meeting_at=meeting_at,
        meeting_place=meeting_place,
        plan_until=plan_until,
        key=key,
    )


async def amend(
    db: Database,
    *,
    whistle_id: int,
    version: int,
    level: Level,
    matter: str,
    demand: str,
    duty_item_id: int | None = None,
    key: UUID,
) -> WhistleChange:
    """Put a whistle that was sent back right, and hand it in again."""
    return await _whistle(
        db,
        "amend_whistle",
        whistle=whistle_id,
        version=version,
        level=level,
        matter=matter,
        demand=demand,
        duty_item=duty_item_id,
        key=key,
    )


async def approve(db: Database, *, whistle_id: int, version: int, key: UUID) -> WhistleChange:
    """审签, by the town's head (the centre's own by a supervisor): units are called as the list reads today."""
    return await _whistle(db, "approve_whistle", whistle=whistle_id, version=version, key=key)


async def decline(db: Database, *, whistle_id: int, version: int, reason: str, key: UUID) -> WhistleChange:
    """Send it back to who blew it, with a reason."""
    return await _whistle(db, "decline_whistle", whistle=whistle_id, version=version, reason=reason, key=key)


async def withdraw(db: Database, *, whistle_id: int, version: int, reason: str, key: UUID) -> WhistleChange:
    """Call it off; once units are called, a supervisor does."""
    return await _whistle(db, "withdraw_whistle", whistle=whistle_id, version=version, reason=reason, key=key)


async def rule(
    db: Database,
    *,
    whistle_id: int,
    version: int,
    lead_unit_id: int,
    assist_ids: Sequence[int] = (),
    reason: str,
    key: UUID,
) -> WhistleChange:
    """指定: the centre says who comes where no item of the list does; kept as a candidate for the list."""
    return await _whistle(
        db,
        "rule_whistle",
        whistle=whistle_id,
        version=version,
        lead=lead_unit_id,
        assist=list(assist_ids),
        reason=reason,
        key=key,
    )


async def escalate(db: Database, *, whistle_id: int, version: int, reason: str, key: UUID) -> WhistleChange:
    """One level up; who has not answered is called again with that level's clocks from now."""
    return await _whistle(db, "escalate_whistle", whistle=whistle_id, version=version, reason=reason, key=key)


async def meet(db: Database, *, whistle_id: int, version: int, at: datetime, place: str, key: UUID) -> WhistleChange:
    """Arrange the meeting 会商, ahead of now."""
    return await _whistle(db, "meet_whistle", whistle=whistle_id, version=version, at=at, place=place, key=key)


async def plan(db: Database, *, whistle_id: int, version: int, until: datetime, key: UUID) -> WhistleChange:
    """Set until when all units shall be done, at a level that goes by plan (攻坚)."""
    return await _whistle(db, "plan_whistle", whistle=whistle_id, version=version, until=until, key=key)
