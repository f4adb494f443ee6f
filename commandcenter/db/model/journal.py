"""The append-only journal, its seals, and the keys of writes."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from commandcenter.db.model.base import XID8, district, metadata

journal = Table(
    "journal",
    metadata,
    district(),
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("xid", XID8, nullable=False, server_default=text("pg_current_xact_id()")),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("entity_id", BigInteger, nullable=False),
    Column("case_id", BigInteger),
    Column("verb", Text, nullable=False),
    Column("from_state", SmallInteger),
    Column("to_state", SmallInteger),
    Column("paths", ARRAY(Text(collation="C")), nullable=False, server_default=text("'{}'::text[]")),
    Column("detail", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("row_hash", LargeBinary, nullable=False),
    Index("journal_case", "district_id", "case_id", "seq", postgresql_where=text("case_id is not null")),
    Index("journal_xid", "xid"),
)

journal_seals = Table(
    "journal_seals",
    metadata,
    district(),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("from_seq", BigInteger, nullable=False),
    Column("to_seq", BigInteger, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("sealed_at", DateTime(timezone=True), nullable=False),
)

write_keys = Table(
    "write_keys",
    metadata,
    district(),
    Column("key", Uuid, primary_key=True, autoincrement=False),
    Column("actor", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("case_id", BigInteger),
    Column("number", Text),
    Column("state", SmallInteger),
    Column("version", Integer),
    Column("due_at", DateTime(timezone=True)),
    Column("answer", JSONB),
    Index("write_keys_at", "at"),
)
