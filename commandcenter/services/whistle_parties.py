"""The verbs on called units' parts in a whistle: one transaction each, refused by the database where unlawful.

Common arguments and errors as in services.whistles, which offers them too.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from commandcenter.db.engine import Database
from commandcenter.db.verbs import call
from commandcenter.domain.whistle import PartyState


@dataclass(frozen=True, slots=True)
class PartyChange:
    """What a verb on a party left behind."""

    party_id: int
    whistle_id: int
    state: PartyState
    version: int
    replayed: bool


async def _party(db: Database, function: str, party_id: int, version: int, key: UUID, **arguments: Any) -> PartyChange:
    row = await call(db, function, party=party_id, version=version, **arguments, key=key)
    return PartyChange(row.party_id, row.whistle_id, PartyState(row.state), row.version, row.replayed)


async def answer(db: Database, *, party_id: int, version: int, key: UUID) -> PartyChange:
    """应哨: one's unit comes."""
    return await _party(db, "answer_whistle", party_id, version, key)


async def object_to(db: Database, *, party_id: int, version: int, reason: str, key: UUID) -> PartyChange:
    """Object, with a reason, once: the centre rules."""
    return await _party(db, "object_to_whistle", party_id, version, key, reason=reason)


async def rule_objection(
    db: Database,
    *,
    party_id: int,
    version: int,
    upheld: bool,
    reason: str,
    instead_unit_id: int | None = None,
    key: UUID,
) -> PartyChange:
    """Rule on an objection: upheld, the unit need not come and another may be called instead; refused, it is called anew."""
    return await _party(
        db, "rule_objection", party_id, version, key, upheld=upheld, reason=reason, instead=instead_unit_id
    )


async def check_in(
    db: Database,
    *,
    party_id: int,
    version: int,
    came: str,
    place: str,
    lon: float | None = None,
    lat: float | None = None,
    photo: tuple[str, str, bytes] | None = None,
    key: UUID,
) -> PartyChange:
    """报到: who came, and where or with a photo (name, media type, content of at most 20 MB), kept with the case's files."""
    name, media_type, content = photo or (None, None, None)
    return await _party(
        db,
        "check_in",
        party_id,
        version,
        key,
        came=came,
        place=place,
        lon=lon,
        lat=lat,
        photo_name=name,
        photo_type=media_type,
        photo=content,
    )


async def progress(db: Database, *, party_id: int, version: int, text: str, key: UUID) -> PartyChange:
    """Note what was done so far; the lead's note is the report that 攻坚 asks for."""
    return await _party(db, "progress", party_id, version, key, text=text)


async def stand_down(db: Database, *, party_id: int, version: int, done: str, met: bool, key: UUID) -> PartyChange:
    """申请销哨: what was done, and whether they met the citizen."""
    return await _party(db, "stand_down", party_id, version, key, done=done, met=met)


async def confirm(db: Database, *, party_id: int, version: int, key: UUID) -> PartyChange:
    """销哨, by the unit that blew the whistle or a supervisor."""
    return await _party(db, "confirm_party", party_id, version, key)


async def send_back(db: Database, *, party_id: int, version: int, reason: str, key: UUID) -> PartyChange:
    """Not done after all, with a reason; the limit runs on."""
    return await _party(db, "send_back_party", party_id, version, key, reason=reason)


async def score(
    db: Database,
    *,
    party_id: int,
    version: int,
    speed: int,
    quality: int,
    met: bool,
    finished: bool,
    satisfied: bool | None = None,
    words: str = "",
    key: UUID,
) -> PartyChange:
    """评哨, 0 to 100 each; below setting ``score_low`` with words. Nobody scores their own unit."""
    return await _party(
        db,
        "score_party",
        party_id,
        version,
        key,
        speed=speed,
        quality=quality,
        met=met,
        finished=finished,
        satisfied=satisfied,
        words=words,
    )


async def answer_score(db: Database, *, party_id: int, version: int, text: str, key: UUID) -> PartyChange:
    """Say something to one's own score, once."""
    return await _party(db, "answer_score", party_id, version, key, text=text)
