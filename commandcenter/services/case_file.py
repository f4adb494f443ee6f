"""Everything about one case, as its reader may see it; and the recorded look at a citizen's data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from commandcenter.db import reads
from commandcenter.db.engine import Database
from commandcenter.db.verbs import call
from commandcenter.domain.case import Flag, Grade, State
from commandcenter.domain.whistle import Whistle
from commandcenter.errors import NotVisible
from commandcenter.services import slip_reads, whistle_reads
from commandcenter.services.new_report import Citizen
from commandcenter.services.slip_reads import Slip


@dataclass(frozen=True, slots=True)
class Case:
    """The case itself, as table ``cc.cases`` has it; moments are aware UTC, None where not set."""

    id: int
    number: str
    version: int
    grade: Grade
    state: State
    flags: Flag
    kind: str
    category_id: int | None
    channel_id: int
    title: str
    place: str
    area_id: int | None
    town_id: int | None
    lon: float | None
    lat: float | None
    unit_id: int | None
    received_at: datetime
    dispatched_at: datetime | None
    accept_due_at: datetime | None
    return_until: datetime | None
    soon_at: datetime | None
    due_at: datetime | None
    paused_at: datetime | None
    finished_at: datetime | None
    archived_at: datetime | None
    changed_at: datetime
    extension_days: int | None
    holder: str
    held_at: datetime | None
    returns: int
    redos: int
    reports: int


@dataclass(frozen=True, slots=True)
class Report:
    """What one citizen said once, on one channel; name and phone are masked."""

    id: int
    channel_id: int
    foreign_number: str
    kind: str
    content: str
    place: str
    lon: float | None
    lat: float | None
    received_at: datetime
    registered_at: datetime
    registered_by: str
    name_masked: str
    phone_masked: str
    confidential: bool
    home_id: int = 0
    """The case it was registered with; another one where it was merged."""
    home_number: str = ""
    """That case's number, empty where it is the one that was asked for."""
    kept_number: str = ""
    """The number of the case it is handled in, empty where it is the one that was asked for."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A unit's part in the case, with its own clock; `ended_at` where it is over."""

    id: int
    unit_id: int
    part: str
    assigned_at: datetime
    assigned_by: str
    accept_due_at: datetime | None
    due_at: datetime | None
    accepted_at: datetime | None
    accepted_by: str | None
    ended_at: datetime | None
    end_reason: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the timeline: who did what, and its facts."""

    seq: int
    at: datetime
    actor: str
    verb: str
    from_state: int | None
    to_state: int | None
    detail: Mapping[str, Any]
    entity: str = "case"
    """What the states and the verb belong to: case, whistle, party, score, slip …"""
    entity_id: int = 0
    number: str = ""
    """Of the merged case to which it happened; empty for the case itself."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The four elements of one round's work."""

    at: datetime
    actor: str
    discussed_with: str
    discussed_at: datetime
    done: str
    done_by: datetime


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One call back to the citizen of one report; `round` is the number of redos before it."""

    id: int
    report_id: int
    round: int
    at: datetime
    actor: str
    reached: bool
    contacted: bool | None
    solved: bool | None
    satisfied: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the case, without its content."""

    id: int
    report_id: int | None
    name: str
    media_type: str
    size: int
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with all that belongs to it; the timeline has the newest first."""

    case: Case
    reports: tuple[Report, ...]
    assignments: tuple[Assignment, ...]
    timeline: tuple[Event, ...]
    finishes: tuple[Finish, ...]
    follow_ups: tuple[FollowUp, ...]
    attachments: tuple[Attachment, ...]
    whistles: tuple[Whistle, ...] = ()
    """Newest first, live and over."""
    slips: tuple[Slip, ...] = ()
    """Those signed that have this case among their facts, as far as the person sees them."""


async def read_case(db: Database, case_id: int) -> CaseFile:
    """Read one case, hot or archived, in one transaction; then its whistles and slips.

    Raises NotVisible where it is none of the person's.
    """
    async with db.begin() as connection:

        async def many(kind: type[Any], query: str) -> tuple[Any, ...]:
            found = await reads.rows(connection, query, case_id=case_id)
            return tuple(kind(*row) for row in found)

        found = await reads.rows(connection, reads.CASE, case_id=case_id)
        if not found:
            raise NotVisible("没有找到这件工单，或它不在您的管辖范围。", "它可能已转给别的单位。")
        facts = dict(found[0]._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
        facts |= {"grade": Grade(facts["grade"]), "state": State(facts["state"]), "flags": Flag(facts["flags"])}
        file = CaseFile(
            case=Case(**facts),
            reports=await many(Report, reads.REPORTS),
            assignments=await many(Assignment, reads.ASSIGNMENTS),
            timeline=await many(Event, reads.TIMELINE),
            finishes=await many(Finish, reads.FINISHES),
            follow_ups=await many(FollowUp, reads.FOLLOW_UPS),
            attachments=await many(Attachment, reads.ATTACHMENTS),
        )
    return replace(
        file, whistles=await whistle_reads.read_of_case(db, case_id), slips=await slip_reads.read_of_case(db, case_id)
    )


async def search_cases(db: Database, words: str, *, most: int = 50) -> list[int]:
    """Ids of cases whose reports contain these words, newest first, at most `most`; needs two characters."""
    async with db.begin() as connection:
        return [row.case_id for row in await reads.rows(connection, reads.SEARCH, words=words, most=most)]


async def find_number(db: Database, number: str) -> int | None:
    """The id of the case with this number, hot or archived; None where there is none the person may see."""
    async with db.begin() as connection:
        found = await reads.rows(connection, reads.CASE_BY_NUMBER, number=number)
    return found[0].id if found else None


@dataclass(frozen=True, slots=True)
class Brief:
    """One case in a list of what a search found."""

    id: int
    number: str
    grade: Grade
    state: State
    title: str
    town_id: int | None
    received_at: datetime


def _briefs(found: list[Any]) -> tuple[Brief, ...]:
    return tuple(
        Brief(row.id, row.number, Grade(row.grade), State(row.state), row.title, row.town_id, row.received_at)
        for row in found
    )


async def read_briefs(db: Database, case_ids: Sequence[int]) -> tuple[Brief, ...]:
    """A line about each of these cases, newest first; those the person may not see are missing."""
    async with db.begin() as connection:
        return _briefs(await reads.rows(connection, reads.BRIEFS, case_ids=list(case_ids)))


async def read_registered(db: Database, *, since: datetime, most: int = 30) -> tuple[Brief, ...]:
    """The cases the person registered since then, newest first."""
    async with db.begin() as connection:
        return _briefs(await reads.rows(connection, reads.REGISTERED_BY_ME, since=since, most=most))


async def read_attachment(db: Database, attachment_id: int) -> bytes:
    """A file's content. Raises NotVisible where the person may not see its case."""
    async with db.begin() as connection:
        found = await reads.rows(connection, reads.ATTACHMENT_CONTENT, attachment_id=attachment_id)
    if not found:
        raise NotVisible("没有找到这个附件，或它不在您的管辖范围。")
    return bytes(found[0].content)


async def reveal_citizen(db: Database, *, report_id: int, reason: str) -> Citizen:
    """Look at a citizen's data. Two transactions on purpose: the record of the look is committed before any answer."""
    asked = await call(db, "ask_citizen", report=report_id, reason=reason)
    row = await call(db, "look", look=asked[0])
    return Citizen(row.name, row.phone, row.address, row.confidential)
