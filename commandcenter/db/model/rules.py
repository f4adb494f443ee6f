"""Rules as data: calendar, limits, settings, lawful transitions, numbers given."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, Numeric, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from commandcenter.db.model.base import district, metadata

calendar = Table(
    "calendar",
    metadata,
    district(),
    Column("day", Date, primary_key=True, autoincrement=False),
    Column("working", Boolean, nullable=False),
    Column("nth", Integer, nullable=False, server_default=text("0")),
    Column("name", Text, nullable=False, server_default=text("''::text")),
    Column("provisional", Boolean, nullable=False, server_default=text("false")),
    Index("calendar_nth", "district_id", "nth", postgresql_where=text("working")),
)

grade_limits = Table(
    "grade_limits",
    metadata,
    district(),
    Column("grade", SmallInteger, primary_key=True, autoincrement=False),
    Column("clock", Text, nullable=False),
    Column("accept_minutes", Integer, nullable=False),
    Column("finish_amount", Integer, nullable=False),
    Column("finish_unit", Text, nullable=False),
    Column("return_minutes", Integer, nullable=False),
    Column("extension_days", Integer, nullable=False),
    Column("soon_share", Numeric(4, 3), nullable=False, server_default=text("0.25")),
)

settings = Table(
    "settings",
    metadata,
    district(),
    Column("name", Text, primary_key=True, autoincrement=False),
    Column("value", JSONB, nullable=False),
    Column("note", Text, nullable=False, server_default=text("''::text")),
)

transitions = Table(
    "transitions",
    metadata,
    district(),
    Column("from_state", SmallInteger, primary_key=True, autoincrement=False),
    Column("verb", Text, primary_key=True, autoincrement=False),
    Column("to_state", SmallInteger, primary_key=True, autoincrement=False),
    Column("role", Text, primary_key=True, autoincrement=False),
)

day_numbers = Table(
    "day_numbers",
    metadata,
    district(),
    Column("day", Date, primary_key=True, autoincrement=False),
    Column("lane", SmallInteger, primary_key=True, autoincrement=False),
    Column("next", Integer, nullable=False),
)
