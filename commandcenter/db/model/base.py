"""What all tables share: the schema, the district in every key, references within it."""

from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Integer, MetaData, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType

metadata = MetaData(schema="cc")


class XID8(UserDefinedType[str]):
    """A transaction's number that never wraps, as text."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the type's name in SQL."""
        return "xid8"


ischema_names["xid8"] = XID8  # SQLAlchemy does not know it when it reads a database


def district() -> Column[int]:
    """Return the column with which every key begins; table columns belong to one table, so it is made anew each time."""
    return Column("district_id", Integer, primary_key=True, server_default=text("cc.home_district()"))


def reference(column: str, table: str, key: str = "id") -> ForeignKeyConstraint:
    """Return a foreign key within the district."""
    return ForeignKeyConstraint(["district_id", column], [f"cc.{table}.district_id", f"cc.{table}.{key}"])
