"""Calls of the database's own verbs (sql/40_cases.sql and after), by name and with named arguments."""

import re
from collections.abc import Callable, Mapping
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
    async with database.deed() as connection:
        return await _fetch(connection, function, arguments)


async def call_then(
    database: Database, function: str, follows: Callable[[Answer], tuple[str, Mapping[str, Any]]], **arguments: Any
) -> Answer:
    """Call ``cc.<function>`` and, in the same transaction, what follows from its row; returns that row.

    Raises PersonError when either is refused; then neither was done.
    """
    async with database.deed() as connection, connection.transaction():
        answer = await _fetch(connection, function, arguments)
        await _fetch(connection, *follows(answer))
        return answer


async def _fetch(connection: asyncpg.Connection, function: str, arguments: Mapping[str, Any]) -> Answer:
    statement = _call(function, ", ".join(f"p_{name} => ${at}" for at, name in enumerate(arguments, 1)))
    answer = await connection.fetchrow(statement, *arguments.values(), record_class=Answer)
    if answer is None:
        msg = f"cc.{function} gave no row"
        raise ValueError(msg)
    return answer
