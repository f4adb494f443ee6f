"""Cases, hot and archived, and who works on them and sees them."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION, JSONB

from commandcenter.db.model.base import district, metadata, reference


def _facts() -> list[Column[Any]]:
    """What is kept of a case: the same in the hot table and in the archive."""
    return [
        Column("number", Text, nullable=False),
        Column("version", Integer, nullable=False, server_default=text("1")),
        Column("grade", SmallInteger, nullable=False),
        Column("state", SmallInteger, nullable=False),
        Column("flags", Integer, nullable=False, server_default=text("0")),
        Column("kind", Text, nullable=False),
        Column("category_id", Integer),
        Column("channel_id", Integer, nullable=False),
        Column("title", Text, nullable=False),
        Column("place", Text, nullable=False, server_default=text("''::text")),
        Column("area_id", Integer),
        Column("town_id", Integer),
        Column("path", Text(collation="C"), nullable=False),
        Column("lon", DOUBLE_PRECISION),
        Column("lat", DOUBLE_PRECISION),
        Column("unit_id", Integer),
        Column("received_at", DateTime(timezone=True), nullable=False),
        Column("dispatched_at", DateTime(timezone=True)),
        Column("accept_due_at", DateTime(timezone=True)),
        Column("return_until", DateTime(timezone=True)),
        Column("soon_at", DateTime(timezone=True)),
        Column("due_at", DateTime(timezone=True)),
        Column("paused_at", DateTime(timezone=True)),
        Column("finished_at", DateTime(timezone=True)),
        Column("archived_at", DateTime(timezone=True)),
        Column("changed_at", DateTime(timezone=True), nullable=False),
        Column("extension_days", SmallInteger),
        Column("holder", Text, nullable=False, server_default=text("''::text")),
        Column("held_at", DateTime(timezone=True)),
        Column("returns", SmallInteger, nullable=False, server_default=text("0")),
        Column("redos", SmallInteger, nullable=False, server_default=text("0")),
        Column("reports", Integer, nullable=False, server_default=text("1")),
        Column("verb", Text, nullable=False),
        Column("actor", Text, nullable=False),
        Column("detail", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
        Column("merged_into", BigInteger),
    ]


cases = Table(
    "cases",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    *_facts(),
    UniqueConstraint("district_id", "number", name="cases_district_id_number_key"),
    Index(
        "cases_call",
        "district_id",
        "grade",
        "finished_at",
        "id",
        postgresql_where=text("holder = '' and state = 6"),
    ),
    Index("cases_due", "district_id", "due_at", "id", postgresql_where=text("state < 7 and due_at is not null")),
    Index("cases_ended", "district_id", "archived_at", postgresql_where=text("state >= 7")),
    Index("cases_held", "district_id", "held_at", postgresql_where=text("holder <> ''")),
    Index("cases_merged_into", "district_id", "merged_into", postgresql_where=text("merged_into is not null")),
    Index("cases_path", "district_id", "path", postgresql_where=text("state < 7")),
    Index(
        "cases_queue",
        "district_id",
        "grade",
        "due_at",
        "id",
        postgresql_include=["path", "state"],
        postgresql_where=text("state < 7"),
    ),
    Index("cases_received", "district_id", text("received_at desc")),
    Index("cases_redone", "district_id", "redos", postgresql_where=text("redos > 0 and state < 7")),
    Index("cases_returned", "district_id", "returns", postgresql_where=text("returns > 0 and state < 7")),
    Index("cases_soon", "district_id", "soon_at", postgresql_where=text("state in (2, 3, 4)")),
    Index(
        "cases_take",
        "district_id",
        "grade",
        "received_at",
        "id",
        postgresql_where=text("holder = '' and state in (0, 1, 4)"),
    ),
)

cases_archive = Table(
    "cases_archive",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    *_facts(),
    Index("cases_archive_merged_into", "district_id", "merged_into", postgresql_where=text("merged_into is not null")),
    Index("cases_archive_number", "district_id", "number", unique=True),
    Index("cases_archive_path", "district_id", "path"),
    Index("cases_archive_received", "district_id", text("received_at desc")),
)

case_scope = Table(
    "case_scope",
    metadata,
    district(),
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("path", Text(collation="C"), primary_key=True, autoincrement=False),
    Column("reason", Text, primary_key=True, autoincrement=False),
    Column("open", Boolean, nullable=False, server_default=text("true")),
    Index("case_scope_path", "district_id", "path", "case_id"),
    Index("case_scope_open", "district_id", "path", "case_id", postgresql_where=text("open")),
)

assignments = Table(
    "assignments",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, server_default=text("cc.new_id()")),
    Column("case_id", BigInteger, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("part", Text, nullable=False),
    Column("assigned_at", DateTime(timezone=True), nullable=False),
    Column("assigned_by", Text, nullable=False),
    Column("accept_due_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("accepted_at", DateTime(timezone=True)),
    Column("accepted_by", Text),
    Column("ended_at", DateTime(timezone=True)),
    Column("end_reason", Text),
    reference("unit_id", "units"),
    Index("assignments_case", "district_id", "case_id"),
    Index(
        "assignments_lead",
        "district_id",
        "case_id",
        unique=True,
        postgresql_where=text("part = 'lead' and ended_at is null"),
    ),
)

finishes = Table(
    "finishes",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, server_default=text("cc.new_id()")),
    Column("case_id", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("discussed_with", Text, nullable=False),
    Column("discussed_at", DateTime(timezone=True), nullable=False),
    Column("done", Text, nullable=False),
    Column("done_by", DateTime(timezone=True), nullable=False),
    Index("finishes_case", "district_id", "case_id"),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, server_default=text("cc.new_id()")),
    Column("case_id", BigInteger, nullable=False),
    Column("report_id", BigInteger, nullable=False),
    Column("round", SmallInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("reached", Boolean, nullable=False),
    Column("contacted", Boolean),
    Column("solved", Boolean),
    Column("satisfied", Text),
    Column("words", Text, nullable=False, server_default=text("''::text")),
    Index("follow_ups_case", "district_id", "case_id"),
    Index("follow_ups_at", "district_id", "at"),
)

attachments = Table(
    "attachments",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, server_default=text("cc.new_id()")),
    Column("case_id", BigInteger, nullable=False),
    Column("report_id", BigInteger),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("added_by", Text, nullable=False),
    Index("attachments_case", "district_id", "case_id"),
)
