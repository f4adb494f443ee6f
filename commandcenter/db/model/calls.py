"""What is checked of the calls back, and how results count."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from commandcenter.db.model.base import district, metadata, reference

second_calls = Table(
    "second_calls",
    metadata,
    district(),
    Column("follow_up_id", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", BigInteger, nullable=False),
    Column("report_id", BigInteger, nullable=False),
    Column("first_caller", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("drawn_at", DateTime(timezone=True), nullable=False),
    Column("called_at", DateTime(timezone=True)),
    Column("called_by", Text),
    Column("reached", Boolean),
    Column("solved", Boolean),
    Column("satisfied", Text),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("tried_at", DateTime(timezone=True)),
    Column("agrees", Boolean),
    Column("words", Text, nullable=False, server_default=text("''::text")),
    Index("second_calls_open", "district_id", "drawn_at", postgresql_where=text("(called_at IS NULL)")),
)

appeals = Table(
    "appeals",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, autoincrement=False, server_default=text("cc.new_id()")),
    Column("kind", Text, nullable=False),
    Column("case_id", BigInteger, nullable=False),
    Column("follow_up_id", BigInteger),
    Column("unit_id", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("applied_at", DateTime(timezone=True), nullable=False),
    Column("applied_by", Text, nullable=False),
    Column("granted", Boolean),
    Column("reviewed_at", DateTime(timezone=True)),
    Column("reviewed_by", Text),
    Column("words", Text, nullable=False, server_default=text("''::text")),
    reference("unit_id", "units"),
    Index("appeals_case", "district_id", "case_id"),
    Index(
        "appeals_open",
        "district_id",
        "case_id",
        text("COALESCE(follow_up_id, 0::bigint)"),
        unique=True,
        postgresql_where=text("(granted IS NULL)"),
    ),
)

schemes = Table(
    "schemes",
    metadata,
    district(),
    Column(
        "id",
        Integer,
        primary_key=True,
        autoincrement=False,
        server_default=text("nextval('cc.reference_ids')"),
    ),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("citizen", Text, nullable=False),
    Column("basic_weight", Numeric(4, 3), nullable=False, server_default=text("1")),
    Column("weights", JSONB, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("district_id", "code", name="schemes_district_id_code_key"),
    Index("schemes_active", "district_id", unique=True, postgresql_where=text("active")),
)
