"""Alarms acknowledged, and who keeps the time."""

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, Table, Text, text

from commandcenter.db.model.base import district, metadata

alarm_marks = Table(
    "alarm_marks",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, autoincrement=False, server_default=text("cc.new_id()")),
    Column("key", Text, nullable=False),
    Column("mark", Text, nullable=False),
    Column("until", DateTime(timezone=True)),
    Column("reason", Text, nullable=False, server_default=text("''::text")),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("login", Text, nullable=False),
    Index("alarm_marks_at", "district_id", "at"),
    Index("alarm_marks_key", "district_id", "key", "at"),
)

timekeeper = Table(
    "timekeeper",
    metadata,
    district(),
    Column("holder", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("beat_at", DateTime(timezone=True), nullable=False),
)
