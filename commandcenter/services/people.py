"""People and their logins, as an administrator handles them. Passwords leave this process as verifiers only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from os import urandom
from typing import Any

from commandcenter.db import edits, reads
from commandcenter.db.engine import Database
from commandcenter.db.schema import need_current
from commandcenter.db.scram import SALT_BYTES, verifier
from commandcenter.db.verbs import call, call_in
from commandcenter.domain.case import Role
from commandcenter.errors import PersonError, StaleVersion
from commandcenter.services.reference import Person

SHORTEST = 8
"""Characters of a password."""


@asynccontextmanager
async def administering(url: str) -> AsyncIterator[Database]:
    """A connection to a built database for the length of a block. Raises PersonError."""
    db = await Database.connect(url)
    try:
        await need_current(db)
        yield db
    finally:
        await db.close()


async def read(db: Database) -> list[Person]:
    """Everybody, as the asker may see them."""
    async with db.begin() as connection:
        return [
            Person(
                row.login,
                row.name,
                Role(row.role),
                row.unit_id,
                row.unit_name,
                row.path,
                row.active,
                row.demo,
                row.post,
            )
            for row in await reads.rows(connection, reads.PEOPLE)
        ]


async def add(db: Database, *, login: str, name: str, role: str, unit: str, password: str, post: str = "") -> Person:
    """Make a person with a login. `unit` is an id, a name or a short name; `post` a 职务. Raises PersonError."""
    known = {each.value.removeprefix("cc_"): each for each in Role}
    chosen = known.get(role.removeprefix("cc_"))
    if chosen is None:
        raise PersonError(f"没有“{role}”这个岗位。", f"可用：{'、'.join(known)}。")
    found = await _unit(db, unit)
    secret = _verifier(password)
    async with db.begin() as connection:
        facts = {"login": login, "name": name, "role": chosen.value, "unit": found.id, "verifier": secret}
        await call_in(connection, "add_person", **facts, demo=False)
        if post:
            await call_in(connection, "set_person_post", login=login, post=post)
    return Person(login, name, chosen, found.id, found.name, found.path, post=post)


async def change(db: Database, *, was: Person, becomes: Person) -> None:
    """Rename, move to another role or unit, let in or keep out. Raises StaleVersion where `was` no longer holds."""
    async with db.begin() as connection:
        # of two who change the same person at once, the second is refused by the server
        await connection.exec_driver_sql(edits.ONE_MOMENT)
        found = await reads.rows(connection, edits.PERSON, login=was.login)
        if not found or tuple(found[0]) != (was.name, was.role.value, was.unit_id, was.active):
            raise StaleVersion("这个人员的信息刚被别人改过。", "已读入最新内容，请看过再改。")
        if (was.name, was.role, was.unit_id) != (becomes.name, becomes.role, becomes.unit_id):
            await call_in(
                connection,
                "move_person",
                login=was.login,
                name=becomes.name,
                role=becomes.role.value,
                unit=becomes.unit_id,
            )
        if was.active != becomes.active:
            await call_in(connection, "set_person_active", login=was.login, active=becomes.active)


async def set_post(db: Database, *, login: str, post: str) -> None:
    """Give a person a 职务 (town_head, section_head, director, leader), or take it with an empty one. Raises PersonError."""
    await call(db, "set_person_post", login=login, post=post)


async def disable(db: Database, login: str) -> None:
    """Let a login sign in no more; what the person did stays. Raises PersonError."""
    await call(db, "set_person_active", login=login, active=False)


async def change_password(db: Database, login: str, password: str) -> None:
    """Give a login another password: one's own, or, as an administrator, anybody's. Raises PersonError."""
    await call(db, "set_person_password", login=login, verifier=_verifier(password))


async def unit_id(db: Database, unit: str) -> int:
    """The id of a unit given by its id, name or short name. Raises PersonError."""
    found: int = (await _unit(db, unit)).id
    return found


async def _unit(db: Database, unit: str) -> Any:
    async with db.begin() as connection:
        units = await reads.rows(connection, reads.UNITS)
    fitting = [each for each in units if unit == str(each.id)] or [
        each for each in units if unit in {each.name, each.short_name}
    ]
    if len(fitting) != 1:
        raise PersonError(f"{'有几个' if fitting else '没有'}单位叫“{unit}”。", "请用单位的编号或全称。")
    return fitting[0]


def _verifier(password: str) -> str:
    if len(password) < SHORTEST:
        raise PersonError(f"密码至少要 {SHORTEST} 个字符。", "请换一个长一些的密码。")
    return verifier(password, urandom(SALT_BYTES))
