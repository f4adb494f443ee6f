"""Finding repeats: the cases that came and were not yet compared with others."""

from sqlalchemy import BigInteger, Column, DateTime, Index, SmallInteger, Table, text

from commandcenter.db.model.base import district, metadata

repeats_due = Table(
    "repeats_due",
    metadata,
    district(),
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("tries", SmallInteger, nullable=False, server_default=text("'0'::smallint")),
    Index("repeats_due_at", "district_id", "tries", "at", "case_id"),
)
