"""Slips led through their lives by those whose deed each step is; used by tests that need one in a given state."""

from dataclasses import dataclass
from uuid import uuid4

import asyncpg

from commandcenter.domain.slip import SlipKind, SlipState
from tests.db.centre import Centre
from tests.db.county import UNIT_A

SIGNERS = {1: ("section_head",), 2: ("director",), 3: ("director", "leader")}
"""Who signs which kind, by domain.md §5."""


@dataclass(frozen=True)
class SlipChange:
    """What a verb answered."""

    slip_id: int
    state: int
    version: int
    number: str
    replayed: bool


async def slip_do(connection: asyncpg.Connection, function: str, **arguments: object) -> SlipChange:
    """Call ``cc.<function>(p_name => …)`` with a fresh key where none is given."""
    arguments.setdefault("key", uuid4())
    named = ", ".join(f"p_{name} => ${number}" for number, name in enumerate(arguments, 1))
    row = await connection.fetchrow(f"select * from cc.{function}({named})", *arguments.values())
    assert row is not None
    return SlipChange(*row.values())


class Slips:
    """The verbs of a centre's people, with everyday arguments."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre

    async def do(self, who: str, function: str, slip: SlipChange, **arguments: object) -> SlipChange:
        return await slip_do(await self.centre(who), function, slip=slip.slip_id, version=slip.version, **arguments)

    async def draft(
        self, kind: int = 1, unit: int = UNIT_A, *, cases: tuple[int, ...] = (), **given: object
    ) -> SlipChange:
        words = {"subject": "关于路灯的提示", "wrong": "路灯长期不亮。", "demand": "", "urgency": "一般"} | given
        return await slip_do(
            await self.centre("supervisor"), "draft_slip", kind=kind, unit=unit, cases=list(cases), **words
        )

    async def edit(self, slip: SlipChange, who: str = "supervisor", **given: object) -> SlipChange:
        words = {
            "subject": "关于路灯的提示", "wrong": "路灯长期不亮。", "demand": "请修好。", "addressee": "分管副职",
            "copies": ["市委办公室"], "urgency": "加急", "contact": "值班室", "reply_due_at": None,
        } | given  # fmt: skip
        return await self.do(who, "edit_slip", slip, **words)

    async def signed(self, slip: SlipChange, kind: int = 1) -> SlipChange:
        for who in SIGNERS[kind]:
            slip = await self.do(who, "sign_slip", slip)
        return slip

    async def reply(self, slip: SlipChange, who: str = "responder", **given: object) -> SlipChange:
        words = {"text": "已修好。", "plan": "每月巡查。", "names": [], "media_types": [], "contents": []} | given
        return await self.do(who, "reply_slip", slip, **words)

    async def in_state(self, state: SlipState, kind: int = SlipKind.WARNING) -> SlipChange:  # noqa: PLR0911 - one way for each state
        """A slip to town A in any state."""
        slip = await self.draft(kind)
        if state is SlipState.DRAFT:
            return slip
        if state is SlipState.DISMISSED:
            return await self.do("supervisor", "dismiss_slip", slip, reason="已办结")
        if state is SlipState.TO_COSIGN:
            return await self.do(SIGNERS[kind][0], "sign_slip", slip)
        slip = await self.signed(slip, kind)
        if state is SlipState.TO_RECEIVE:
            return slip
        if state is SlipState.VOID:
            return await self.do("supervisor", "void_slip", slip, reason="发错单位")
        slip = await self.do("responder", "receive_slip", slip)
        if state is SlipState.TO_REPLY:
            return slip
        slip = await self.reply(slip)
        if state is SlipState.TO_JUDGE:
            return slip
        passed = state is SlipState.CLOSED
        return await self.do("supervisor", "judge_slip", slip, passed=passed, words="请补充整改时限。")

    async def row(self, slip_id: int) -> asyncpg.Record:
        found = await (await self.centre.root()).fetchrow("select * from cc.slips where id = $1", slip_id)
        assert found is not None
        return found
