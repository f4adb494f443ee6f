"""The gazetteer: names of places with the area they lie in. Placings: where cases were before they were placed."""

from sqlalchemy import BigInteger, Column, DateTime, Integer, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION, JSONB

from commandcenter.db.model.base import district, metadata, reference

places = Table(
    "places",
    metadata,
    district(),
    Column("id", Integer, primary_key=True, server_default=text("nextval('cc.reference_ids')")),
    Column("name", Text, nullable=False),
    Column("aliases", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("kind", Text, nullable=False),
    Column("area_id", Integer, nullable=False),
    Column("lon", DOUBLE_PRECISION),
    Column("lat", DOUBLE_PRECISION),
    Column("doors", JSONB, nullable=False, server_default=text("'[]'")),
    Column("source", Text, nullable=False, server_default=text("'hand'")),
    reference("area_id", "areas"),
    UniqueConstraint("district_id", "area_id", "kind", "name", name="places_district_id_area_id_kind_name_key"),
)

placings = Table(
    "placings",
    metadata,
    district(),
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("was", JSONB, nullable=False),
    Column("became", JSONB, nullable=False),
    Column("scopes", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column("undone_at", DateTime(timezone=True)),
    Column("undone_by", Text),
)
