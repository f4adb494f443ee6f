"""What was learned and how it was put right; what is answered on the spot."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from commandcenter.db.model.base import district, metadata, reference

models = Table(
    "models",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, autoincrement=False, server_default=text("cc.new_id()")),
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("figures", JSONB, nullable=False),
    Column("training", JSONB, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("district_id", "kind", "version", name="models_district_id_kind_version_key"),
    Index("models_active", "district_id", "kind", unique=True, postgresql_where=text("active")),
)

corrections = Table(
    "corrections",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, autoincrement=False, server_default=text("cc.new_id()")),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("case_id", BigInteger, nullable=False),
    Column("report_id", BigInteger, nullable=False),
    Column("proposed", Integer, nullable=False),
    Column("chosen", Integer, nullable=False),
    reference("proposed", "categories"),
    reference("chosen", "categories"),
    Index("corrections_at", "district_id", "at"),
    Index("corrections_report", "district_id", "report_id", "at"),
)

answers = Table(
    "answers",
    metadata,
    district(),
    Column("id", Integer, primary_key=True, server_default=text("nextval('cc.reference_ids')")),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("category_id", Integer),
    Column("keywords", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("unit_id", Integer),
    Column("valid_until", Date),
    reference("category_id", "categories"),
    reference("unit_id", "units"),
    UniqueConstraint("district_id", "question", name="answers_district_id_question_key"),
)

templates = Table(
    "templates",
    metadata,
    district(),
    Column("id", Integer, primary_key=True, server_default=text("nextval('cc.reference_ids')")),
    Column("name", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("place", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("district_id", "part", "name", name="templates_district_id_part_name_key"),
)
