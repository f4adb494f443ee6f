"""Changes of single rows of reference tables, as an administrator may make them: one row, seen before it is changed."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

EDITABLE: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "units": ("id", frozenset({"name", "short_name", "hours_id", "group_no", "active"})),
    "work_hours": ("id", frozenset({"name", "periods"})),
    "channels": ("id", frozenset({"code", "name", "online"})),
    "categories": ("id", frozenset({"default_grade", "keywords"})),
    "answers": ("id", frozenset({"question", "answer", "category_id", "keywords", "unit_id", "valid_until"})),
    "templates": ("id", frozenset({"name", "part", "words", "place"})),
    "whistle_levels": (
        "level",
        frozenset(
            {
                "name",
                "meeting",
                "convener_kind",
                "caller_kinds",
                "answer_minutes",
                "arrive_minutes",
                "danger_answer_minutes",
                "danger_arrive_minutes",
                "finish_clock",
                "finish_amount",
                "report_days",
            }
        ),
    ),
    "slip_kinds": (
        "kind",
        frozenset(
            {"name", "word", "style", "addressee", "receipt_minutes", "reply_days", "signers", "copies", "demand"}
        ),
    ),
    "slip_rules": ("id", frozenset({"name", "threshold", "window_days", "grades", "active"})),
    "schemes": ("id", frozenset({"name", "citizen", "basic_weight", "weights"})),
    "calendar": ("day", frozenset({"working", "name", "provisional"})),
    "settings": ("name", frozenset({"value"})),
    "watched_folders": ("id", frozenset({"machine", "folder", "channel_id", "profile", "crs", "active"})),
    "import_fields": ("field", frozenset({"rule"})),
    "grade_limits": (
        "grade",
        frozenset(
            {
                "clock",
                "accept_minutes",
                "finish_amount",
                "finish_unit",
                "return_minutes",
                "extension_days",
                "soon_share",
            }
        ),
    ),
}
"""Table -> its key and the columns that may be changed."""

_CASTS: Final = {
    "value": "jsonb", "weights": "jsonb", "periods": "integer[]", "grades": "smallint[]", "caller_kinds": "text[]",
    "signers": "text[]", "copies": "text[]", "keywords": "text[]",
}  # fmt: skip
SCHEMES = "select id, code, name, citizen, basic_weight, weights::text as weights, active from cc.schemes order by id"
END_SCHEME = "update cc.schemes set active = false where district_id = cc.home_district() and active and id <> :id"
BEGIN_SCHEME = "update cc.schemes set active = true where district_id = cc.home_district() and id = :id and not active returning id"

ADD_CATEGORY = """
    insert into cc.categories (parent_id, name, path_name, default_grade)
    select p.id, cast(:name as text), coalesce(p.path_name || ' › ', '') || cast(:name as text), :grade
    from (select 1) as one left join cc.categories p on p.district_id = cc.home_district() and p.id = :parent
    where p.id is not null or :parent is null
    returning id
"""
# Departments and utilities stand below the centre; their paths count on from the last of them.
ADD_UNIT = """
    insert into cc.units (parent_id, kind, name, short_name, path, hours_id)
    select c.id, cast(:kind as text), :name, :short_name, c.path || (
        select greatest(900, max(split_part(u.path, '.', 2)::integer)) + 1 from cc.units u
        where u.district_id = c.district_id and u.path like c.path || '%' and u.path <> c.path) || '.', c.hours_id
    from cc.units c where c.district_id = cc.home_district() and c.kind = 'centre' and cast(:kind as text) in ('department', 'utility')
    returning id
"""

SEALS = "select from_seq, to_seq, rows, sealed_at from cc.journal_seals order by id desc limit 20"
LOOKS = """
    select l.at, coalesce(p.name, l.actor) as who, coalesce(c.number, o.number, '') as number, l.reason
    from cc.access_log l
    left join cc.people p on p.login = l.actor
    left join cc.cases c on (c.district_id, c.id) = (l.district_id, l.case_id)
    left join cc.cases_archive o on (o.district_id, o.id) = (l.district_id, l.case_id)
    where l.district_id = cc.home_district()
    order by l.at desc, l.id desc limit 200
"""
CHECK = "select kind, seq from cc.check_journal() limit 100"
ONE_MOMENT = "set transaction isolation level repeatable read"
PERSON = "select name, role, unit_id, active from cc.people where district_id = cc.home_district() and login = :login"
SETTLE_YEAR = """
    update cc.calendar set provisional = false
    where district_id = cc.home_district() and provisional and extract(year from day) = :year
"""


async def change_row(
    connection: AsyncConnection, table: str, key: Any, was: Mapping[str, Any], becomes: Mapping[str, Any]
) -> bool:
    """Set `becomes` where the row still says `was`; False where it no longer does, or is gone or not one's to change.

    Raises ValueError for a table or column that is not in `EDITABLE`.
    """
    column, allowed = EDITABLE[table]
    if not becomes or not (becomes.keys() | was.keys()) <= allowed:
        msg = f"not to be edited: {table} {sorted(becomes.keys() - allowed)}"
        raise ValueError(msg)

    def value(name: str, prefix: str) -> str:
        return f"cast(:{prefix}{name} as {_CASTS[name]})" if name in _CASTS else f":{prefix}{name}"

    sets = ", ".join(f"{name} = {value(name, 'new_')}" for name in becomes)
    unchanged = " and ".join(f"{name} is not distinct from {value(name, 'old_')}" for name in was)
    arguments = {f"new_{name}": each for name, each in becomes.items()} | {f"old_{n}": each for n, each in was.items()}
    statement = (
        f"update cc.{table} set {sets} where district_id = cc.home_district() and {column} = :key and {unchanged} "  # noqa: S608 - names from EDITABLE
        "returning true"
    )
    return (await connection.execute(text(statement), arguments | {"key": key})).first() is not None
