"""From nothing to a centre that can be opened, on this computer's own database."""

from collections.abc import Callable
from dataclasses import dataclass

from commandcenter.clock import SystemClock
from commandcenter.db import reads, schema
from commandcenter.db.engine import Database
from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from commandcenter.services import building
from commandcenter.services.centre import Centre


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account; its password is the demo's."""

    login: str
    name: str
    role: Role
    unit_name: str
    post: str = ""
    """职务: town_head, section_head, director, leader, or none."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The centre as it stands: whether it is a demo, and whom it can be entered as without being asked."""

    demo: bool
    accounts: tuple[Account, ...]


async def prepare(centre: Centre, progress: Callable[[str], None]) -> Prepared:
    """Build or upgrade the database where needed, load the demo county into an empty one, and say what is there."""
    if not await _is_current(centre):
        await building.build(centre, progress)
    db = await Database.connect(centre.url)
    try:
        found = await _look(db)
        if found is None:
            from commandcenter.services.play import (
                demo,  # generating a county is for the first start only
                demo_past,  # generating a county is for the first start only
            )

            loaded = await demo.load(db, now=SystemClock().now(), progress=progress)
            if loaded.cases:
                await demo_past.play(db, centre.person_url, SystemClock().now(), progress)
            found = await _look(db)
        elif found.demo:
            from commandcenter.services.play import demo_past

            await demo_past.set_clock_free(db)
        return found or Prepared(demo=False, accounts=())
    finally:
        await db.close()


async def refuse_newer(centre: Centre) -> None:
    """Raise PersonError where a newer program made the database. One that is away, or not there yet, may be waited for, or made."""
    try:
        db = await Database.connect(centre.url)
    except PersonError:
        return
    try:
        if (await schema.status(db)).state == "newer":
            await schema.need_current(db)
    finally:
        await db.close()


async def _is_current(centre: Centre) -> bool:
    try:
        found = await building.schema_status(centre)
    except PersonError:  # no such database yet
        return False
    return found.state == "current" and found.code_current


async def _look(db: Database) -> Prepared | None:
    """What is there; None where nobody works here yet."""
    async with db.begin() as connection:
        [here] = await reads.rows(connection, reads.CENTRE)
        people = await reads.rows(connection, reads.PEOPLE)
    if not people:
        return None
    accounts = tuple(
        Account(row.login, row.name, Role(row.role), row.unit_name, row.post) for row in people if row.demo
    )
    return Prepared(demo=here.demo, accounts=accounts if here.demo else ())
