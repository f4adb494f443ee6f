"""What an import remembers: profiles of sources, runs, watched folders, what a later export may change."""

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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from commandcenter.db.model.base import district, metadata, reference


def _number() -> Column[int]:
    return Column("id", Integer, primary_key=True, server_default=text("nextval('cc.reference_ids')"))


import_profiles = Table(
    "import_profiles",
    metadata,
    district(),
    _number(),
    Column("name", Text, nullable=False),
    Column("channel_id", Integer),
    Column("crs", Text, nullable=False, server_default=text("''")),
    Column("dates", Text, nullable=False, server_default=text("''")),
    Column("header", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("columns", JSONB, nullable=False, server_default=text("'{}'")),
    Column("words", JSONB, nullable=False, server_default=text("'{}'")),
    reference("channel_id", "channels"),
    UniqueConstraint("district_id", "name", name="import_profiles_district_id_name_key"),
)

import_runs = Table(
    "import_runs",
    metadata,
    district(),
    Column("id", BigInteger, primary_key=True, server_default=text("cc.new_id()")),
    Column("file_name", Text, nullable=False),
    Column("file_hash", LargeBinary, nullable=False),
    Column("file_size", BigInteger, nullable=False),
    Column("way", LargeBinary, nullable=False),
    Column("channel_id", Integer),
    Column("profile", Text, nullable=False, server_default=text("''")),
    Column("machine", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("beat_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("state", Text, nullable=False),
    Column("last_row", Integer, nullable=False, server_default=text("0")),
    Column("rows", Integer),
    Column("accepted", Integer, nullable=False, server_default=text("0")),
    Column("duplicates", Integer, nullable=False, server_default=text("0")),
    Column("updated", Integer, nullable=False, server_default=text("0")),
    Column("untouched", Integer, nullable=False, server_default=text("0")),
    Column("unplaced", Integer, nullable=False, server_default=text("0")),
    Column("rejected", Integer),
    reference("channel_id", "channels"),
    Index("import_runs_open", "district_id", "file_hash", "way", unique=True, postgresql_where=text("state <> 'done'")),
    Index("import_runs_began", "district_id", text("began_at desc")),
)

watched_folders = Table(
    "watched_folders",
    metadata,
    district(),
    _number(),
    Column("machine", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("channel_id", Integer, nullable=False),
    Column("profile", Text, nullable=False, server_default=text("''")),
    Column("crs", Text, nullable=False, server_default=text("''")),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    reference("channel_id", "channels"),
    UniqueConstraint("district_id", "machine", "folder", name="watched_folders_district_id_machine_folder_key"),
)

import_fields = Table(
    "import_fields",
    metadata,
    district(),
    Column("field", Text, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=text("''")),
)
