"""What citizens said, what is known of them, and every look at it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION, JSONB

from commandcenter.db.model.base import XID8, district, metadata

reports = Table(
    "reports",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", BigInteger, nullable=False),
    Column("channel_id", Integer, nullable=False),
    Column("foreign_number", Text),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("place", Text, nullable=False, server_default=text("''::text")),
    Column("lon", DOUBLE_PRECISION),
    Column("lat", DOUBLE_PRECISION),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("registered_at", DateTime(timezone=True), nullable=False),
    Column("registered_by", Text, nullable=False),
    Column("name_masked", Text, nullable=False, server_default=text("''::text")),
    Column("phone_masked", Text, nullable=False, server_default=text("''::text")),
    Column("confidential", Boolean, nullable=False, server_default=text("false")),
    Column("raw", JSONB),
    Column("grams", ARRAY(Integer), nullable=False),
    Column("home_id", BigInteger, nullable=False),
    Column("source", JSONB),
    UniqueConstraint("district_id", "fingerprint", name="reports_district_id_fingerprint_key"),
    Index("reports_case", "district_id", "case_id"),
    Index("reports_grams", "grams", postgresql_using="gin"),
    Index("reports_received", "district_id", text("received_at desc")),
    Index(
        "reports_cell",
        "district_id",
        text("floor(lon * 400::double precision)"),
        text("floor(lat * 400::double precision)"),
        text("received_at desc"),
        postgresql_where=text("lon is not null"),
    ),
)

citizens = Table(
    "citizens",
    metadata,
    district(),
    Column("report_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, server_default=text("''::text")),
    Column("phone", Text, nullable=False, server_default=text("''::text")),
    Column("address", Text, nullable=False, server_default=text("''::text")),
    Column("phone_hash", LargeBinary),
    Index("citizens_phone", "district_id", "phone_hash", "report_id", postgresql_where=text("phone_hash is not null")),
)

access_log = Table(
    "access_log",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, server_default=text("cc.new_id()")),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("xid", XID8, nullable=False, server_default=text("pg_current_xact_id()")),
    Column("actor", Text, nullable=False),
    Column("report_id", BigInteger, nullable=False),
    Column("case_id", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Index("access_log_case", "district_id", "case_id"),
)
