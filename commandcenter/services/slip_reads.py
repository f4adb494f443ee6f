"""Slips as their reader may see them: a draft is the centre's, a signed one its unit's as well."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db import reads, slip_reads
from commandcenter.db.engine import Database
from commandcenter.domain.slip import SlipClock, SlipKind, SlipState, running_clock
from commandcenter.errors import NotVisible

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class SlipFact:
    """What a slip was drafted for, frozen as it was then.

    `fact` of a case: number, title, grade, due_at …; of a whistle, a slip or a rate: its own (sql/48_slips_found.sql).
    Moments within it are ISO texts.
    """

    key: str
    at: datetime
    case_id: int | None
    whistle_id: int | None
    of_slip_id: int | None
    fact: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed at which place, with the post they had then."""

    place: int
    post: str
    login: str
    name: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class SlipCopy:
    """A copy that went out and was filed."""

    recipient: str
    sent_at: datetime
    sent_by: str


@dataclass(frozen=True, slots=True)
class SlipFile:
    """A file of a reply, without its content."""

    id: int
    name: str
    media_type: str
    size: int
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip, as table ``cc.slips`` has it, with what hangs on it; moments are aware UTC, None where not set."""

    id: int
    version: int
    kind: SlipKind
    state: SlipState
    rule_id: int | None
    """None where a person drafted it, on a leader's note."""
    trigger: str
    day: date
    unit_id: int
    path: str
    number: str
    """Empty until it is signed."""
    year: int | None
    serial: int | None
    urgency: str
    addressee: str
    copies: tuple[str, ...]
    subject: str
    wrong: str
    demand: str
    contact: str
    edited: bool
    drafted_at: datetime
    drafted_by: str
    signed_at: datetime | None
    receipt_due_at: datetime | None
    reply_due_at: datetime | None
    """Of a draft: a limit set by hand, None where the kind's days will count from the signature."""
    received_at: datetime | None
    received_by: str
    replied_at: datetime | None
    replied_by: str
    reply: str
    plan: str
    verdict: str
    judged_at: datetime | None
    judged_by: str
    sent_back: int
    ended_words: str
    receipt_missed_at: datetime | None
    reply_missed_at: datetime | None
    """The newest reply limit that was missed; one before `reply_due_at` belongs to an earlier round."""
    changed_at: datetime
    verb: str
    actor: str
    unit_name: str
    unit_short_name: str
    kind_name: str
    rule_name: str
    """Empty where a person drafted it."""
    facts: tuple[SlipFact, ...] = ()
    signatures: tuple[Signature, ...] = ()
    copies_sent: tuple[SlipCopy, ...] = ()
    files: tuple[SlipFile, ...] = ()

    def clock(self) -> tuple[SlipClock | None, datetime | None]:
        """The clock the unit is held to now, and until when."""
        return running_clock(self.state, self.receipt_due_at, self.reply_due_at)


async def read_open(db: Database) -> tuple[Slip, ...]:
    """All that are not ended: drafts (for those who see drafts) and signed ones; warnings first, then by age."""
    async with db.begin() as connection:
        return await _whole(connection, slip_reads.OPEN)


async def read_slip(db: Database, slip_id: int) -> Slip:
    """One slip. Raises NotVisible where there is none for the asker."""
    async with db.begin() as connection:
        found = await _whole(connection, slip_reads.ONE, slip_id=slip_id)
    if not found:
        raise NotVisible("没有找到这份单，或它不在您的管辖范围。", "它可能还没有签发，或已不发。")
    return found[0]


async def read_of_case(db: Database, case_id: int) -> tuple[Slip, ...]:
    """The slips that a case was a ground for, the oldest first."""
    async with db.begin() as connection:
        return await _whole(connection, slip_reads.OF_CASE, case_id=case_id)


async def register(
    db: Database, *, year: int, kind: SlipKind | None = None, unit_id: int | None = None
) -> tuple[Slip, ...]:
    """The numbered slips of a year (of signing, in Shanghai), void ones included, by kind and number."""
    async with db.begin() as connection:
        return await _whole(connection, slip_reads.REGISTER, year=year, kind=kind, unit_id=unit_id)


async def this_year(db: Database) -> int:
    """The year it is, by the centre's clock, in Shanghai."""
    async with db.begin() as connection:
        [row] = await reads.rows(connection, slip_reads.THIS_YEAR)
    return int(row.year)


async def read_file(db: Database, file_id: int) -> bytes:
    """The content of a reply's file. Raises NotVisible where there is none for the asker."""
    async with db.begin() as connection:
        found = await reads.rows(connection, slip_reads.FILE_CONTENT, file_id=file_id)
    if not found:
        raise NotVisible("没有找到这个附件，或它不在您的管辖范围。", "请刷新后再看。")
    return bytes(found[0].content)


async def _whole(connection: AsyncConnection, query: str, **arguments: Any) -> tuple[Slip, ...]:
    rows = [dict(row._mapping) for row in await reads.rows(connection, query, **arguments)]  # noqa: SLF001 - public, by its documentation
    ids = [row["id"] for row in rows]
    facts = await _parts(connection, slip_reads.FACTS, SlipFact, ids)
    signatures = await _parts(connection, slip_reads.SIGNATURES, Signature, ids)
    copies = await _parts(connection, slip_reads.COPIES, SlipCopy, ids)
    files = await _parts(connection, slip_reads.FILES, SlipFile, ids)
    return tuple(
        Slip(
            **row | {"kind": SlipKind(row["kind"]), "state": SlipState(row["state"]), "copies": tuple(row["copies"])},
            facts=tuple(facts[row["id"]]),
            signatures=tuple(signatures[row["id"]]),
            copies_sent=tuple(copies[row["id"]]),
            files=tuple(files[row["id"]]),
        )
        for row in rows
    )


async def _parts(
    connection: AsyncConnection, query: str, part: type[Part], slip_ids: Sequence[int]
) -> Mapping[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    if slip_ids:
        for row in await reads.rows(connection, query, slip_ids=slip_ids):
            found[row.slip_id].append(part(*tuple(row)[1:]))
    return found
