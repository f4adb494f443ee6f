"""The county, its organisation and its rules: what an administrator edits."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION, JSONB

from commandcenter.db.model.base import district, metadata, reference

centre = Table(
    "centre",
    metadata,
    district(),
    Column("name", Text, nullable=False),
    Column("feed_epoch", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    Column("demo", Boolean, nullable=False, server_default=text("false")),
    Column("fixed_now", DateTime(timezone=True)),
)

secrets = Table(
    "secrets",
    metadata,
    district(),
    Column("name", Text, primary_key=True, autoincrement=False),
    Column("value", LargeBinary, nullable=False),
)

areas = Table(
    "areas",
    metadata,
    district(),
    Column("id", Integer, primary_key=True, server_default=text("nextval('cc.reference_ids')")),
    Column("parent_id", Integer),
    Column("level", Text, nullable=False),
    Column("code", Text),
    Column("name", Text, nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("population", Integer, nullable=False, server_default=text("0")),
    Column("lon", DOUBLE_PRECISION),
    Column("lat", DOUBLE_PRECISION),
    Column("outline", JSONB),
    reference("parent_id", "areas"),
    UniqueConstraint("district_id", "code", name="areas_district_id_code_key"),
    UniqueConstraint("district_id", "path", name="areas_district_id_path_key"),
)

work_hours = Table(
    "work_hours",
    metadata,
    district(),
    Column("id", Integer, primary_key=True, server_default=text("nextval('cc.reference_ids')")),
    Column("name", Text, nullable=False),
    Column("periods", ARRAY(Integer), nullable=False),
)

units = Table(
    "units",
    metadata,
    district(),
    Column("id", Integer, primary_key=True, server_default=text("nextval('cc.reference_ids')")),
    Column("parent_id", Integer),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("short_name", Text, nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("area_id", Integer),
    Column("group_no", Integer),
    Column("hours_id", Integer, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    reference("area_id", "areas"),
    reference("hours_id", "work_hours"),
    reference("parent_id", "units"),
    UniqueConstraint("district_id", "name", name="units_district_id_name_key"),
    UniqueConstraint("district_id", "path", name="units_district_id_path_key"),
)

people = Table(
    "people",
    metadata,
    district(),
    Column("id", Integer, primary_key=True, server_default=text("nextval('cc.reference_ids')")),
    Column("login", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("demo", Boolean, nullable=False, server_default=text("false")),
    Column("post", Text, nullable=False, server_default=text("''::text")),
    reference("unit_id", "units"),
    UniqueConstraint("login", name="people_login_key"),
)

channels = Table(
    "channels",
    metadata,
    district(),
    Column("id", Integer, primary_key=True, server_default=text("nextval('cc.reference_ids')")),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("online", Boolean, nullable=False),
    UniqueConstraint("district_id", "code", name="channels_district_id_code_key"),
    UniqueConstraint("district_id", "name", name="channels_district_id_name_key"),
)

categories = Table(
    "categories",
    metadata,
    district(),
    Column("id", Integer, primary_key=True, server_default=text("nextval('cc.reference_ids')")),
    Column("parent_id", Integer),
    Column("name", Text, nullable=False),
    Column("path_name", Text, nullable=False),
    Column("default_grade", SmallInteger, nullable=False, server_default=text("4")),
    Column("keywords", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    reference("parent_id", "categories"),
    UniqueConstraint("district_id", "path_name", name="categories_district_id_path_name_key"),
)

duty_list = Table(
    "duty_list",
    metadata,
    district(),
    Column("id", Integer, primary_key=True, server_default=text("nextval('cc.reference_ids')")),
    Column("code", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("category_id", Integer),
    Column("lead_unit_id", Integer),
    Column("assist_unit_ids", ARRAY(Integer), nullable=False, server_default=text("'{}'::integer[]")),
    Column("ground", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    reference("category_id", "categories"),
    reference("lead_unit_id", "units"),
    UniqueConstraint("district_id", "code", "valid_from", name="duty_list_district_id_code_valid_from_key"),
)
