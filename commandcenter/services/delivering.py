"""Reports delivered through the gateway, and what those who delivered them may know of them afterwards.

All of it runs on a login of role cc_intake, which sees no cases: the database answers about its own deliveries only.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from commandcenter.db import gateway_reads
from commandcenter.db.engine import Database
from commandcenter.db.verbs import call
from commandcenter.domain.case import State
from commandcenter.errors import NotVisible


@dataclass(frozen=True, slots=True)
class Delivery:
    """One report on its way in; the same key again is the same report."""

    key: UUID
    named: bool
    """Whether the sender chose the key; otherwise the same words from the same source are taken for a retry for a while."""
    content: str = field(repr=False)
    api_key: bytes | None = field(default=None, repr=False)
    """The hash of an app's key (services/api_keys.py); None for the page."""
    source: str = field(default="", repr=False)
    """The sender's address; the database keeps a hash of it that changes every day."""
    category_id: int | None = None
    place: str = field(default="", repr=False)
    area_id: int | None = None
    lon: float | None = field(default=None, repr=False)
    """Degrees, WGS-84; likewise `lat`."""
    lat: float | None = field(default=None, repr=False)
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    """Where else the citizen can be reached; guarded like name and phone."""
    confidential: bool = False
    foreign_number: str = ""
    received_at: datetime | None = None
    """When it came in, where it could not be registered then."""
    photos: tuple[bytes, ...] = field(default=(), repr=False)
    """JPEG, checked."""

    def digest(self) -> bytes:
        """Of everything that was said: another text is no retry."""
        said = {name: getattr(self, name) for name in _SAID}
        whole = sha256(json.dumps(said, ensure_ascii=False).encode())
        for photo in self.photos:
            whole.update(sha256(photo).digest())
        return whole.digest()


_SAID = sorted(
    {each.name for each in fields(Delivery)} - {"key", "named", "api_key", "source", "received_at", "photos"}
)
"""What was said, not how it came; photos are digested apart."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A report that is safe in the database."""

    number: str
    token: str = field(repr=False)
    """With this the citizen looks back."""
    replayed: bool
    key: UUID
    """Of the first delivery, where it was a repeated one."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What anybody may know of a delivered report: nothing of the citizen, a point of some hundred metres."""

    number: str
    state: State
    category_id: int | None
    category: str
    unit: str
    received_at: datetime
    changed_at: datetime
    dispatched_at: datetime | None
    finished_at: datetime | None
    archived_at: datetime | None
    expected_at: datetime | None
    area: str
    lon: float | None
    lat: float | None
    solved: bool | None
    """The citizen's rating, where there is one; likewise `satisfied`."""
    satisfied: str


async def read_secret(db: Database) -> bytes:
    """With what tokens are made. Raises Refused for whoever is not the gateway."""
    return bytes((await call(db, "gateway_secret"))[0])


def token_of(secret: bytes, key: UUID) -> str:
    """The token of a delivery: 192 bits, the same for each retry, and not to be guessed from the number."""
    return urlsafe_b64encode(hmac.digest(secret, key.bytes, "sha256"))[:32].decode()


async def deliver(db: Database, secret: bytes, delivery: Delivery) -> Delivered:
    """Register a report; returns when it is committed. Safe to repeat.

    Raises Refused (key of an app), TooMany, UsedBefore (key or number used for another text), PersonError, Unreachable.
    """
    row = await call(
        db,
        "deliver",
        api_key=delivery.api_key,
        source=delivery.source,
        named=delivery.named,
        digest=delivery.digest(),
        token=token_of(secret, delivery.key),
        category=delivery.category_id,
        content=delivery.content,
        place=delivery.place,
        area=delivery.area_id,
        lon=delivery.lon,
        lat=delivery.lat,
        name=delivery.name,
        phone=delivery.phone,
        address=delivery.address,
        confidential=delivery.confidential,
        foreign_number=delivery.foreign_number,
        received_at=delivery.received_at,
        photos=list(delivery.photos),
        key=delivery.key,
    )
    key = UUID(str(row.key))
    return Delivered(row.number, token_of(secret, key), row.replayed, key)


async def read_progress(db: Database, token: str) -> Progress:
    """How the report of a token stands. Raises NotVisible."""
    found = await _delivered(db, token=token)
    if not found:
        raise NotVisible("没有找到这件诉求。", "请核对链接是否完整。")
    return found[0]


async def read_delivered(
    db: Database,
    *,
    numbers: Sequence[str] | None = None,
    categories: Sequence[int] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    still_open: bool | None = None,
    skip: int = 0,
    most: int = 1000,
) -> list[Progress]:
    """Reports delivered here, newest first, without those who asked to be kept secret. Category 0: none given."""
    return await _delivered(
        db,
        numbers=numbers,
        categories=categories,
        since=since,
        until=until,
        open=still_open,
        skip=skip,
        most=most,
    )


async def rate(db: Database, token: str, *, solved: bool, satisfied: str, words: str = "") -> None:
    """Say what the citizen thinks of the result: 满意, 基本满意 or 不满意. Safe to repeat.

    Raises NotVisible, UsedBefore (rated otherwise, or not finished yet), PersonError.
    """
    await call(db, "rate", token=token, solved=solved, satisfied=satisfied, words=words)


async def _delivered(db: Database, **asked: Any) -> list[Progress]:
    names = ("numbers", "categories", "since", "until", "open", "token", "skip", "most")
    arguments = dict.fromkeys(names) | {"skip": 0, "most": 1} | asked
    async with db.at_once() as connection:
        found = await gateway_reads.rows(connection, gateway_reads.DELIVERED, **arguments)
    return [
        Progress(
            row.number,
            State(row.state),
            row.category_id,
            row.category or "",
            row.unit or "",
            row.received_at,
            row.changed_at,
            row.dispatched_at,
            row.finished_at,
            row.archived_at,
            row.expected_at,
            row.area or "",
            row.lon,
            row.lat,
            row.solved,
            row.satisfied or "",
        )
        for row in found
    ]
