"""Merging 并单: links between cases, relations 关联, themes 聚合, what may be a repeat 疑似重复."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION, JSONB

from commandcenter.db.model.base import district, metadata

_NO_JSON = text("'[]'::jsonb")
_NO_TEXT = text("''::text")
_NO_IDS = text("'{}'::bigint[]")

merges = Table(
    "merges",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, server_default=text("cc.new_id()")),
    Column("kept_id", BigInteger, nullable=False),
    Column("source_id", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("score", DOUBLE_PRECISION),
    Column("reasons", JSONB, nullable=False, server_default=_NO_JSON),
    Column("words", Text, nullable=False, server_default=_NO_TEXT),
    Column("undone_at", DateTime(timezone=True)),
    Column("undone_by", Text),
    Column("undo_reason", Text, nullable=False, server_default=_NO_TEXT),
    Column("seq", BigInteger, nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("accept_due_at", DateTime(timezone=True)),
    Column("soon_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("provisional", Boolean, nullable=False, server_default=text("false")),
    Column("joined", ARRAY(BigInteger), nullable=False, server_default=_NO_IDS),
    Column("whistle_id", BigInteger),
    Column("source_state", SmallInteger, nullable=False),
    Column("source_holder", Text, nullable=False, server_default=_NO_TEXT),
    Column("source_held_at", DateTime(timezone=True)),
    Column("ended", ARRAY(BigInteger), nullable=False, server_default=_NO_IDS),
    Column("whistle_path", Text(collation="C")),
    Index("merges_kept", "district_id", "kept_id"),
    Index("merges_source", "district_id", "source_id"),
    Index("merges_standing", "district_id", "source_id", unique=True, postgresql_where=text("undone_at is null")),
    Index("merges_at", "district_id", "at"),
)

merge_bases = Table(
    "merge_bases",
    metadata,
    district(),
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("flags", Integer, nullable=False),
    Column("accept_due_at", DateTime(timezone=True)),
    Column("return_until", DateTime(timezone=True)),
    Column("soon_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("became", JSONB, nullable=False),
    Column("moved", Boolean, nullable=False, server_default=text("false")),
)

relations = Table(
    "relations",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, server_default=text("cc.new_id()")),
    Column("case_id", BigInteger, nullable=False),
    Column("other_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("words", Text, nullable=False, server_default=_NO_TEXT),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
    Index(
        "relations_standing",
        "district_id",
        "case_id",
        "other_id",
        unique=True,
        postgresql_where=text("ended_at is null"),
    ),
    Index("relations_other", "district_id", "other_id"),
)

themes = Table(
    "themes",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, server_default=text("cc.new_id()")),
    Column("title", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("closed_by", Text),
    Index("themes_title", "district_id", "title", unique=True, postgresql_where=text("closed_at is null")),
)

theme_cases = Table(
    "theme_cases",
    metadata,
    district(),
    Column("theme_id", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("added_by", Text, nullable=False),
    ForeignKeyConstraint(["district_id", "theme_id"], ["cc.themes.district_id", "cc.themes.id"]),
    Index("theme_cases_case", "district_id", "case_id"),
)

repeat_hints = Table(
    "repeat_hints",
    metadata,
    district(),
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("other_id", BigInteger, primary_key=True, autoincrement=False),
    Column("score", DOUBLE_PRECISION, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reasons", JSONB, nullable=False, server_default=_NO_JSON),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False, server_default=text("'open'::text")),
    Column("at", DateTime(timezone=True)),
    Column("actor", Text),
    Column("words", Text, nullable=False, server_default=_NO_TEXT),
    Index(
        "repeat_hints_pair",
        "district_id",
        text("LEAST(case_id, other_id)"),
        text("GREATEST(case_id, other_id)"),
        unique=True,
    ),
    Index("repeat_hints_other", "district_id", "other_id"),
    Index(
        "repeat_hints_open",
        "district_id",
        text("score desc"),
        "found_at",
        postgresql_where=text("state = 'open'::text"),
    ),
    Index("repeat_hints_dismissed", "district_id", "at", postgresql_where=text("state = 'dismissed'::text")),
)
