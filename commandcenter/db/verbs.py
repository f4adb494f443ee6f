"""Calls of the database's own verbs (sql/40_cases.sql and after), by name and with named arguments."""

import re
from typing import Any

import asyncpg
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db.engine import Database

_NAME = re.compile(r"[a-z_]+")


class Answer(asyncpg.Record):
    """The driver's row, whose columns can be had by name and by place, as a SQLAlchemy row's."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def _call(function: str, arguments: str) -> str:
    if not _NAME.fullmatch(function):
        msg = f"no name of a function: {function!r}"
        raise ValueError(msg)
    return f"select * from cc.{function}({arguments})"  # noqa: S608


async def call_in(connection: AsyncConnection, function: str, **arguments: Any) -> Row[Any]:
    """Call ``cc.<function>(p_x => x, …)`` within a transaction of the caller and return its one row."""
    statement = _call(function, ", ".join(f"p_{name} => :{name}" for name in arguments))
    return (await connection.execute(text(statement), arguments)).one()


async def call(database: Database, function: str, **arguments: Any) -> Answer:
    """Call ``cc.<function>`` in a transaction of its own and return its one row. Raises PersonError when refused."""
    statement = _call(function, ", ".join(f"p_{name} => ${at}" for at, name in enumerate(arguments, 1)))
    async with database.deed() as connection:
        answer = await connection.fetchrow(statement, *arguments.values(), record_class=Answer)
    if answer is None:
        msg = f"cc.{function} gave no row"
        raise ValueError(msg)
    return answer
