"""What the gateway keeps: keys of apps, tokens of reports, citizens' ratings."""

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
    Uuid,
    text,
)

from commandcenter.db.model.base import district, metadata, reference

api_keys = Table(
    "api_keys",
    metadata,
    district(),
    Column("id", Integer, primary_key=True, server_default=text("nextval('cc.reference_ids')")),
    Column("key_hash", LargeBinary, nullable=False),
    Column("channel_id", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("hour_limit", Integer, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", Text, nullable=False),
    reference("channel_id", "channels"),
    UniqueConstraint("district_id", "key_hash", name="api_keys_district_id_key_hash_key"),
)

report_tokens = Table(
    "report_tokens",
    metadata,
    district(),
    Column("report_id", BigInteger, primary_key=True, autoincrement=False),
    Column("login", Text, nullable=False),
    Column("key", Uuid, nullable=False),
    Column("token_hash", LargeBinary, nullable=False),
    Column("number", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("source", LargeBinary, nullable=False),
    Column("api_key_id", Integer),
    Column("at", DateTime(timezone=True), nullable=False),
    reference("api_key_id", "api_keys"),
    UniqueConstraint("district_id", "key", name="report_tokens_district_id_key_key"),
    UniqueConstraint("district_id", "token_hash", name="report_tokens_district_id_token_hash_key"),
    Index("report_tokens_source", "district_id", "source", "at"),
    Index("report_tokens_number", "district_id", "number"),
    Index("report_tokens_at", "district_id", "login", "at"),
)

ratings = Table(
    "ratings",
    metadata,
    district(),
    Column("report_id", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("solved", Boolean, nullable=False),
    Column("satisfied", Text, nullable=False),
    Column("words", Text, nullable=False, server_default=text("''::text")),
    Index("ratings_case", "district_id", "case_id"),
)
