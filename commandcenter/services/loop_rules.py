"""Rules of the command loop as an administrator keeps them: levels of whistles, kinds and rules of slips, lawful steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db import reads
from commandcenter.domain.case import Role
from commandcenter.domain.whistle import Level, LevelRule, SpeedWeights


@dataclass(frozen=True, slots=True)
class SlipKindRule:
    """One of 三单: its number's word and style, its limits, who signs and who gets a copy."""

    kind: int
    name: str
    word: str
    style: str
    addressee: str
    receipt_minutes: int
    """Working time."""
    reply_days: int
    """Working days."""
    signers: tuple[str, ...]
    """Posts, in turn."""
    copies: tuple[str, ...]
    demand: str


@dataclass(frozen=True, slots=True)
class SlipRule:
    """What makes the timekeeper draft a slip."""

    id: int
    kind: int
    trigger: str
    name: str
    threshold: Decimal
    window_days: int
    grades: tuple[int, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class LoopRules:
    """All of them, as one person may see them."""

    steps: frozenset[tuple[str, int, str, int, str]] = frozenset()
    """(whistle, party or slip; from state, verb, to state, role); from -1 where it does not exist yet."""
    levels: Mapping[Level, LevelRule] = field(default_factory=dict)
    slip_kinds: Mapping[int, SlipKindRule] = field(default_factory=dict)
    slip_rules: tuple[SlipRule, ...] = ()
    speed_weights: SpeedWeights = field(default_factory=SpeedWeights)
    score_low: int = 60
    """A score below it needs words."""


def _facts(row: Any) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name


async def read_loop_rules(connection: AsyncConnection, role: Role) -> LoopRules:
    """Read them; loaders see none, the wall no slips."""

    async def rows(query: str) -> list[Any]:
        return await reads.rows(connection, query)

    if role is Role.INTAKE:
        return LoopRules()
    slips = role is not Role.WALL
    scoring = {row.name: row.value for row in await rows(reads.SCORING)}
    return LoopRules(
        steps=frozenset(tuple(row) for row in await rows(reads.STEPS)),
        levels={
            Level(row.level): LevelRule(
                **_facts(row) | {"level": Level(row.level), "caller_kinds": tuple(row.caller_kinds)}
            )
            for row in await rows(reads.LEVELS)
        },
        slip_kinds={
            row.kind: SlipKindRule(**_facts(row) | {"signers": tuple(row.signers), "copies": tuple(row.copies)})
            for row in (await rows(reads.SLIP_KINDS) if slips else [])
        },
        slip_rules=tuple(
            SlipRule(**_facts(row) | {"grades": tuple(row.grades)})
            for row in (await rows(reads.SLIP_RULES) if slips else [])
        ),
        speed_weights=SpeedWeights(scoring["speed_answer"], scoring["speed_arrive"], scoring["speed_finish"]),
        score_low=scoring["score_low"],
    )
