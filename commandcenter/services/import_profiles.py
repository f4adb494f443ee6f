"""Profiles of the systems whose files are taken in: kept in the database for all desks, or as files of this machine."""

import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from commandcenter.db import importing, reads
from commandcenter.db.engine import Database
from commandcenter.errors import PersonError
from commandcenter.intake.profile import Profile, checked_columns, load_profile


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What a later export may change of a case that is here: ``source``, ``missing``, ``untouched``, ``never``."""

    field: str
    rule: str
    note: str


async def read_profiles(db: Database) -> tuple[Profile, ...]:
    """All profiles, by name."""
    async with db.begin() as connection:
        found = await reads.rows(connection, importing.PROFILES)
    return tuple(
        Profile(
            row.name, json.loads(row.columns), row.channel, row.crs, row.dates, json.loads(row.words), tuple(row.header)
        )
        for row in found
    )


async def find_profile(db: Database, name: str, folder: Path) -> Profile:
    """The profile of that name: the centre's, or this machine's ``<folder>/<name>.toml``. Raises PersonError."""
    profiles = {profile.name: profile for profile in await read_profiles(db)}
    return profiles[name] if name in profiles else load_profile(name, folder)


async def save_profile(db: Database, profile: Profile) -> None:
    """Keep it for all desks, in the place of one that has its name. Raises PersonError."""
    name = profile.name.strip()
    if not name or len(name) > 60:  # the table's limit
        raise PersonError("方案要有名称，不超过 60 个字。", "例如写来源系统的名称。")
    async with db.begin() as connection:
        try:
            await importing.save_profile(
                connection,
                name=name,
                channel=profile.channel,
                crs=profile.crs,
                dates=profile.dates,
                header=list(profile.header),
                columns=checked_columns(profile.columns),
                words={field: dict(words) for field, words in profile.words.items()},
            )
        except IntegrityError as error:
            raise PersonError("这个方案存不下来。", "请改一个名称再试。") from error


async def drop_profile(db: Database, name: str) -> None:
    """Forget it. Raises PersonError where there is none."""
    async with db.begin() as connection:
        if not await importing.drop_profile(connection, name):
            raise PersonError(f"没有名为“{name}”的导入方案。", "请刷新后再看。")


async def read_rules(db: Database) -> tuple[FieldRule, ...]:
    """What a later export may change."""
    async with db.begin() as connection:
        return tuple(FieldRule(row.field, row.rule, row.note) for row in await reads.rows(connection, importing.FIELDS))
