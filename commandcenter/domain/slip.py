"""The vocabulary of slips 三单: kinds, states, posts that sign, and the clock that runs (domain.md §5).

The numbers are the ones stored in the database; they never change meaning.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Literal


class SlipKind(IntEnum):
    """What is said with it, the mildest first (荣成 [S]: 提示、督办、警示)."""

    NOTICE = 1  # 提示单
    ORDER = 2  # 督办单
    WARNING = 3  # 警示单


class SlipState(IntEnum):
    """Where a slip is in its life."""

    DRAFT = 0  # 草稿
    TO_COSIGN = 1  # 待会签
    TO_RECEIVE = 2  # 待签收
    TO_REPLY = 3  # 待回复
    TO_JUDGE = 4  # 待评定
    SENT_BACK = 5  # 退回再复
    CLOSED = 6  # 已办结
    DISMISSED = 7  # 不发
    VOID = 8  # 作废


OPEN_SLIPS = frozenset(state for state in SlipState if state < SlipState.CLOSED)


class SlipVerb(StrEnum):
    """What a person can do to a slip; the same words are in table ``cc.steps``."""

    DRAFT = "draft"
    EDIT = "edit"
    SIGN = "sign"
    DISMISS = "dismiss"
    RECEIVE = "receive"
    REPLY = "reply"
    PASS = "pass"  # noqa: S105 - a verb
    SEND_BACK = "send_back"
    COPY = "copy"
    VOID = "void"


_RANKS: Mapping[str, int] = {"section_head": 1, "director": 2, "leader": 3}

SlipClock = Literal["receipt", "reply"]


def may_sign_as(post: str, wanted: str) -> bool:
    """Whether somebody of `post` may sign where `wanted` is asked for: exactly that post, or a higher one."""
    return 0 < _RANKS.get(wanted, 0) <= _RANKS.get(post, 0)


def running_clock(
    state: SlipState, receipt_due_at: datetime | None, reply_due_at: datetime | None
) -> tuple[SlipClock | None, datetime | None]:
    """The clock the unit is held to now, and until when; (None, None) where it is the centre's turn, or all is over."""
    match state:
        case SlipState.TO_RECEIVE:
            return "receipt", receipt_due_at
        case SlipState.TO_REPLY | SlipState.SENT_BACK:
            return "reply", reply_due_at
        case _:
            return None, None
