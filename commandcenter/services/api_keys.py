"""Keys by which apps and other systems deliver through the gateway. Made here, shown once; the database has their hashes."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

from commandcenter.db import gateway_reads
from commandcenter.db.engine import Database
from commandcenter.db.verbs import call
from commandcenter.errors import PersonError

HOUR_LIMIT = 3000
"""Reports an hour that a key may deliver where nothing else is said."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as an administrator sees it, with what came by it."""

    id: int
    label: str
    channel: str
    hour_limit: int
    active: bool
    made_at: datetime
    made_by: str
    last_at: datetime | None
    deliveries: int


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; `secret` is told to its holder and never again."""

    id: int
    channel: str
    secret: str = field(repr=False)


def hashed(secret: str) -> bytes:
    """What the database knows of a key."""
    return sha256(secret.encode()).digest()


async def add(db: Database, *, label: str, channel: str, hour_limit: int = HOUR_LIMIT) -> NewKey:
    """Make a key for a channel, given by name, code or id. Raises PersonError."""
    async with db.begin() as connection:
        channels = await gateway_reads.rows(connection, gateway_reads.CHANNELS)
    found = next((each for each in channels if channel in {str(each.id), each.code, each.name}), None)
    if found is None:
        raise PersonError(f"没有渠道“{channel}”。", f"可用：{'、'.join(each.name for each in channels)}。")
    secret = f"cc_{token_urlsafe(32)}"
    row = await call(db, "add_api_key", hash=hashed(secret), channel=found.id, label=label, hour_limit=hour_limit)
    return NewKey(row[0], found.name, secret)


async def read(db: Database) -> list[ApiKey]:
    """All of them, those in use first."""
    async with db.begin() as connection:
        return [ApiKey(*tuple(row)) for row in await gateway_reads.rows(connection, gateway_reads.API_KEYS)]


async def revoke(db: Database, key_id: int) -> str:
    """Let a key deliver no more; returns its label. Raises PersonError."""
    row = await call(db, "revoke_api_key", id=key_id)
    return str(row[0])
