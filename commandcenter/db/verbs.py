"""Calls of the database's own verbs (sql/40_cases.sql and after), by name and with named arguments."""

import re
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db.engine import Database

_NAME = re.compile(r"[a-z_]+")


async def call_in(connection: AsyncConnection, function: str, **arguments: Any) -> Row[Any]:
    """Call ``cc.<function>(p_x => x, …)`` within a transaction of the caller and return its one row."""
    if not _NAME.fullmatch(function):
        msg = f"no name of a function: {function!r}"
        raise ValueError(msg)
    named = ", ".join(f"p_{name} => :{name}" for name in arguments)
    return (await connection.execute(text(f"select * from cc.{function}({named})"), arguments)).one()  # noqa: S608


async def call(database: Database, function: str, **arguments: Any) -> Row[Any]:
    """Call ``cc.<function>`` in a transaction of its own and return its one row. Raises PersonError when refused."""
    async with database.at_once() as connection:
        return await call_in(connection, function, **arguments)
