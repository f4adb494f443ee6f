"""What an administrator changes: rules, units, calendar; one row, one transaction, journalled; and what is audited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from commandcenter.db import edits, reads
from commandcenter.db.engine import Database
from commandcenter.errors import PersonError, StaleVersion


@dataclass(frozen=True, slots=True)
class Setting:
    """One number of the rules; `value` is JSON text."""

    name: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """How results count (考核方案); `weights` is JSON text, rate -> share of 1."""

    id: int
    code: str
    name: str
    citizen: str
    """Of a case with several citizens: ``each`` one's result, or the ``worst``."""
    basic_weight: Decimal
    """What 基本满意 counts."""
    weights: str
    active: bool


@dataclass(frozen=True, slots=True)
class Look:
    """One recorded look at a citizen's data."""

    at: datetime
    who: str
    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class Seal:
    """The journal from one number to another, sealed."""

    from_seq: int
    to_seq: int
    rows: int
    sealed_at: datetime


async def read_settings(db: Database) -> tuple[Setting, ...]:
    """All settings, by name."""
    async with db.begin() as connection:
        return tuple(Setting(row.name, row.value, row.note) for row in await reads.rows(connection, reads.SETTINGS))


async def change(db: Database, *, table: str, key: Any, was: Mapping[str, Any], becomes: Mapping[str, Any]) -> None:
    """Change one row that still says `was`. Raises StaleVersion where somebody changed it meanwhile."""
    async with db.begin() as connection:
        try:
            changed = await edits.change_row(connection, table, key, was, becomes)
        except IntegrityError as error:
            raise PersonError("这个值不合规则，或与别的条目重复。", "请改正后再试。") from error
        if not changed:
            raise StaleVersion("这一项刚被别人改过。", "已读入最新内容，请看过再改。")


async def add_category(db: Database, *, name: str, parent_id: int | None, default_grade: int) -> int:
    """A new category below another, or at the top; returns its id. Raises PersonError."""
    return await _add(db, edits.ADD_CATEGORY, name=_needed(name), parent=parent_id, grade=default_grade)


async def add_unit(db: Database, *, name: str, short_name: str, kind: str) -> int:
    """A new department or utility below the centre, with its working hours; returns its id. Raises PersonError."""
    return await _add(db, edits.ADD_UNIT, name=_needed(name), short_name=short_name.strip() or name.strip(), kind=kind)


async def _add(db: Database, statement: str, **values: Any) -> int:
    async with db.begin() as connection:
        try:
            found = await reads.rows(connection, statement, **values)
        except IntegrityError as error:
            raise PersonError("已有同名的条目，或这个值不合规则。", "请改正后再试。") from error
    if not found:
        raise PersonError("没有可以归入的上级。", "请从列表中选择。")
    return int(found[0].id)


def _needed(name: str) -> str:
    if not name.strip():
        raise PersonError("名称不能为空。", "请填写后再试。")
    return name.strip()


async def read_schemes(db: Database) -> tuple[Scheme, ...]:
    """All schemes."""
    async with db.begin() as connection:
        found = await reads.rows(connection, edits.SCHEMES)
    return tuple(
        Scheme(row.id, row.code, row.name, row.citizen, row.basic_weight, row.weights, row.active) for row in found
    )


async def activate_scheme(db: Database, *, scheme_id: int) -> None:
    """Have that one count, and no other. Raises StaleVersion where it does already, PersonError where one may not."""
    async with db.begin() as connection:
        await connection.execute(text(edits.END_SCHEME), {"id": scheme_id})
        if not await reads.rows(connection, edits.BEGIN_SCHEME, id=scheme_id):
            raise StaleVersion("这个方案已经在用。", "已读入最新内容，请看过再改。")


async def settle_year(db: Database, *, year: int) -> int:
    """Declare a year's calendar as published: no day of it is provisional any more. Returns the number of days."""
    async with db.begin() as connection:
        return len(await reads.rows(connection, f"{edits.SETTLE_YEAR} returning day", year=year))


async def read_looks(db: Database) -> tuple[Look, ...]:
    """The newest 200 looks at citizens' data that the person may know of."""
    async with db.begin() as connection:
        return tuple(Look(row.at, row.who, row.number, row.reason) for row in await reads.rows(connection, edits.LOOKS))


async def read_seals(db: Database) -> tuple[Seal, ...]:
    """The last 20 seals of the journal, newest first."""
    async with db.begin() as connection:
        found = await reads.rows(connection, edits.SEALS)
    return tuple(Seal(row.from_seq, row.to_seq, row.rows, row.sealed_at) for row in found)


async def check_journal(db: Database) -> tuple[tuple[str, int], ...]:
    """What of the journal does not fit its hashes and seals, at most 100: (row or seal, number); empty where whole."""
    async with db.begin() as connection:
        return tuple((row.kind, row.seq) for row in await reads.rows(connection, edits.CHECK))
