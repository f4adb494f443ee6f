"""Merging 并单: which of two cases is kept, and by whose word."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from commandcenter.domain.case import State


class Cause(StrEnum):
    """By whose word two cases were merged."""

    PERSON = "person"
    MACHINE = "machine"


class Mergeable(Protocol):
    """What is asked of a case to be merged; moments are aware."""

    @property
    def id(self) -> int:
        """The case's id."""
        ...

    @property
    def state(self) -> State:
        """Where it is in its life."""
        ...

    @property
    def dispatched_at(self) -> datetime | None:
        """When it was first given to a unit."""
        ...

    @property
    def received_at(self) -> datetime:
        """When it came."""
        ...


Case = TypeVar("Case", bound=Mergeable)

MERGEABLE = frozenset(state for state in State if state <= State.PAUSED)
"""States 待受理 to 挂起: what is over, or waits for the citizen's word, is not merged any more."""


def _at_work(case: Mergeable) -> bool:
    return case.state >= State.TO_ACCEPT


def keep_of(a: Case, b: Case) -> Case:
    """The one of two cases that the other is merged into; the same rule as the database's (sql/43_merging.sql, cc.keep_of).

    What units work on before what waits; of two at work the earlier dispatched; else the earlier received, and the smaller id.
    """
    if _at_work(a) != _at_work(b):
        return a if _at_work(a) else b
    if (
        _at_work(a)
        and a.dispatched_at is not None
        and b.dispatched_at is not None
        and a.dispatched_at != b.dispatched_at
    ):
        return a if a.dispatched_at < b.dispatched_at else b
    if a.received_at != b.received_at:
        return a if a.received_at < b.received_at else b
    return a if a.id < b.id else b


def may_keep(kept: Mergeable, source: Mergeable) -> bool:
    """Whether `source` may be merged into `kept`, rather than the other way round.

    Two that wait may go either way; what units work on goes only into what `keep_of` says.
    """
    return not _at_work(source) or keep_of(kept, source) is kept
