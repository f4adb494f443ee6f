"""The verbs on a slip 三单: one transaction each, refused by the database where unlawful, safe to retry with the same key.

Common arguments: `version` is the version the person saw (StaleVersion when the slip was changed since), `key` identifies
the deed (the same key again returns the first result, with ``replayed``). All raise `PersonError`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from commandcenter.db.engine import Database
from commandcenter.db.verbs import call
from commandcenter.domain.slip import SlipKind, SlipState
from commandcenter.services.slip_reads import (
    Signature,
    Slip,
    SlipCopy,
    SlipFact,
    SlipFile,
    read_file,
    read_of_case,
    read_open,
    read_slip,
    register,
    this_year,
)
from commandcenter.services.slip_register import export_register

__all__ = [
    "Signature",
    "Slip",
    "SlipChange",
    "SlipCopy",
    "SlipFact",
    "SlipFile",
    "SlipKind",
    "SlipState",
    "copy",
    "dismiss",
    "draft",
    "edit",
    "export_register",
    "judge",
    "read_file",
    "read_of_case",
    "read_open",
    "read_slip",
    "receive",
    "register",
    "reply",
    "sign",
    "this_year",
    "void",
]


@dataclass(frozen=True, slots=True)
class SlipChange:
    """What a verb left behind."""

    slip_id: int
    state: SlipState
    version: int
    number: str
    """Empty until it is signed."""
    replayed: bool
    """The deed had been done before under the same key; nothing was done now."""


async def _do(db: Database, function: str, **arguments: Any) -> SlipChange:
    row = await call(db, function, **arguments)
    return SlipChange(row.slip_id, SlipState(row.state), row.version, row.number, row.replayed)


async def draft(
    db: Database,
    *,
    kind: SlipKind,
    unit_id: int,
    subject: str,
    wrong: str,
    demand: str = "",
    case_ids: Sequence[int] = (),
    urgency: str = "一般",
    key: UUID,
) -> SlipChange:
    """Draft a slip by hand, on a leader's note 领导批示; the cases' facts are frozen. Without `demand`, the kind's own."""
    return await _do(
        db,
        "draft_slip",
        kind=int(kind),
        unit=unit_id,
        subject=subject,
        wrong=wrong,
        demand=demand,
        cases=list(case_ids),
        urgency=urgency,
        key=key,
    )


async def edit(
    db: Database,
    *,
    slip_id: int,
    version: int,
    subject: str,
    wrong: str,
    demand: str,
    addressee: str,
    copies: Sequence[str],
    urgency: str = "一般",
    contact: str = "",
    reply_due_at: datetime | None = None,
    key: UUID,
) -> SlipChange:
    """Change a draft; it gathers no facts any more, and signatures given so far are void.

    `reply_due_at`: a limit of its own for the reply; None leaves the kind's working days from the last signature.
    """
    return await _do(
        db,
        "edit_slip",
        slip=slip_id,
        version=version,
        subject=subject,
        wrong=wrong,
        demand=demand,
        addressee=addressee,
        copies=list(copies),
        urgency=urgency,
        contact=contact,
        reply_due_at=reply_due_at,
        key=key,
    )


async def sign(db: Database, *, slip_id: int, version: int, key: UUID) -> SlipChange:
    """Sign in one's turn (the kind's `signers`); the last signature gives the number and starts the unit's clocks."""
    return await _do(db, "sign_slip", slip=slip_id, version=version, key=key)


async def dismiss(db: Database, *, slip_id: int, version: int, reason: str, key: UUID) -> SlipChange:
    """Decide not to send a draft, with a reason; its facts bring no second draft."""
    return await _do(db, "dismiss_slip", slip=slip_id, version=version, reason=reason, key=key)


async def receive(db: Database, *, slip_id: int, version: int, key: UUID) -> SlipChange:
    """Sign for a slip as the addressed unit."""
    return await _do(db, "receive_slip", slip=slip_id, version=version, key=key)


async def reply(
    db: Database,
    *,
    slip_id: int,
    version: int,
    text: str,
    plan: str = "",
    files: Sequence[tuple[str, str, bytes]] = (),
    key: UUID,
) -> SlipChange:
    """Answer as the addressed unit; a warning's answer needs a rectification plan 整改方案.

    `files`: (name, media type, content) of at most 20 MB each; all of them arrive, or none and no reply.
    """
    return await _do(
        db,
        "reply_slip",
        slip=slip_id,
        version=version,
        text=text,
        plan=plan,
        names=[name for name, _, _ in files],
        media_types=[media_type for _, media_type, _ in files],
        contents=[content for _, _, content in files],
        key=key,
    )


async def judge(db: Database, *, slip_id: int, version: int, passed: bool, words: str = "", key: UUID) -> SlipChange:
    """Close the slip, or send the reply back with words, which starts a new reply clock."""
    return await _do(db, "judge_slip", slip=slip_id, version=version, passed=passed, words=words, key=key)


async def void(db: Database, *, slip_id: int, version: int, reason: str, key: UUID) -> SlipChange:
    """Declare a signed slip void, with a reason; its number stays its own."""
    return await _do(db, "void_slip", slip=slip_id, version=version, reason=reason, key=key)


async def copy(db: Database, *, slip_id: int, version: int, recipient: str, key: UUID) -> SlipChange:
    """Record that the copy for one of the slip's `copies` went out; once each."""
    return await _do(db, "copy_slip", slip=slip_id, version=version, recipient=recipient, key=key)
