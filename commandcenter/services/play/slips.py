"""The demo's people around slips 三单: who edits, signs, dismisses, receives, replies and judges, and when.

As with whistles nothing is remembered: what is done, and when, follows from the slip and from luck drawn by it.
"""

from datetime import datetime, timedelta
from typing import Any

from commandcenter.demo.luck import between, key_of, luck
from commandcenter.domain.slip import SlipKind, SlipState, may_sign_as
from commandcenter.services import slips
from commandcenter.services.play.desks import Cast, Desks
from commandcenter.services.slips import Slip


class SlipPlay:
    """Does the next thing that is due about a slip, as whoever's turn it is."""

    def __init__(self, desks: Desks, cast: Cast, *, any_day: bool = False) -> None:
        """`any_day`: the centre's leaders are at their desks at weekends too, so that a demo of then has something to show."""
        self._desks = desks
        self._cast = cast
        self._any_day = any_day
        self.director = cast.posts["director"]
        """Who reads, judges, files and voids."""

    async def note(self, case_id: int, unit_id: int, now: datetime) -> str:
        """A leader's note: a draft by hand, about a case. Raises PersonError."""
        async with self._desks.of(self.director) as db:
            await slips.draft(
                db,
                kind=SlipKind.ORDER if luck("order", case_id) < 0.5 else SlipKind.NOTICE,
                unit_id=unit_id,
                subject="关于落实领导批示的事项",
                wrong="有关问题群众多次反映，领导作出批示。",
                case_ids=(case_id,),
                urgency="加急",
                key=key_of("note", case_id, now.date()),
            )
        return "draft"

    async def step(self, slip: Slip, now: datetime) -> str:
        """Do what is due about it; the verb, '' where nothing is. Raises PersonError."""
        match slip.state:
            case SlipState.DRAFT | SlipState.TO_COSIGN:
                return await self._sign(slip, now)
            case SlipState.TO_RECEIVE | SlipState.TO_REPLY | SlipState.SENT_BACK:
                return await self._copy(slip) or await self._void(slip, now) or await self._answer(slip, now)
            case SlipState.TO_JUDGE:
                return await self._judge(slip, now)
            case _:
                return ""

    async def _sign(self, slip: Slip, now: datetime) -> str:
        draft = slip.state is SlipState.DRAFT
        since = slip.drafted_at if draft else slip.changed_at
        if not self._cast.in_office(now, any_day=self._any_day) or now < since + timedelta(
            hours=between(0.4, 5, "sign", slip.id, slip.state)
        ):
            return ""
        this: dict[str, Any] = {"slip_id": slip.id, "version": slip.version, "key": self._key(slip)}
        if draft and slip.kind is not SlipKind.WARNING and not slip.edited and luck("dismiss", slip.id) < 0.2:
            async with self._desks.of(self.director) as db:
                await slips.dismiss(db, reason="情况已当面说明，不再发单。", **this)
            return "dismiss"
        if draft and not slip.edited and luck("edit", slip.id) < 0.3:
            async with self._desks.of(self._cast.posts["section_head"]) as db:
                await slips.edit(
                    db, subject=slip.subject, wrong=f"{slip.wrong}\n经核实，情况属实。", demand=slip.demand,
                    addressee=slip.addressee, copies=slip.copies, urgency="加急" if slip.kind > 1 else "一般",
                    contact="治理中心督导科", **this,
                )  # fmt: skip
            return "edit"
        wanted = self._cast.reference.slip_kinds[slip.kind].signers[len(slip.signatures)]
        signed = {each.login for each in slip.signatures}
        able = [login for post, login in self._cast.posts.items() if may_sign_as(post, wanted) and login not in signed]
        async with self._desks.of(self._cast.posts.get(wanted, able[0])) as db:
            await slips.sign(db, **this)
        return "sign"

    async def _copy(self, slip: Slip) -> str:
        sent = {each.recipient for each in slip.copies_sent}
        for recipient in slip.copies:
            if recipient not in sent:
                async with self._desks.of(self.director) as db:
                    await slips.copy(
                        db, slip_id=slip.id, version=slip.version, recipient=recipient, key=self._key(slip, recipient)
                    )
                return "copy"
        return ""

    async def _void(self, slip: Slip, now: datetime) -> str:
        if (
            slip.state is not SlipState.TO_REPLY
            or luck("void", slip.id) > 0.03
            or not self._cast.in_office(now, any_day=self._any_day)
        ):
            return ""
        async with self._desks.of(self.director) as db:
            await slips.void(
                db, slip_id=slip.id, version=slip.version, reason="主送单位有误，另行发单。", key=self._key(slip)
            )
        return "void"

    async def _answer(self, slip: Slip, now: datetime) -> str:
        login = self._cast.responders.get(slip.unit_id)
        begun = {SlipState.TO_RECEIVE: slip.signed_at, SlipState.TO_REPLY: slip.received_at}.get(
            slip.state, slip.judged_at
        )
        _, due = slip.clock()
        if login is None or begun is None or due is None:
            return ""
        late = luck("late", slip.id, slip.state) < 0.09
        share = between(1.1, 1.6, "answer", slip.id) if late else between(0.1, 0.9, "answer", slip.id, slip.state)
        if now < begun + share * (due - begun):
            return ""
        async with self._desks.of(login) as db:
            if slip.state is SlipState.TO_RECEIVE:
                await slips.receive(db, slip_id=slip.id, version=slip.version, key=self._key(slip))
                return "receive"
            await slips.reply(
                db,
                slip_id=slip.id,
                version=slip.version,
                text="已对照要求逐项整改，有关工单办理情况附后。",
                plan="一、当日到位；二、三日内复查；三、落实专人负责。" if slip.kind is SlipKind.WARNING else "",
                files=(("办理情况.txt", "text/plain", "已办结。".encode()),) if luck("file", slip.id) < 0.3 else (),
                key=self._key(slip),
            )
        return "reply"

    async def _judge(self, slip: Slip, now: datetime) -> str:
        if slip.replied_at is None or not self._cast.in_office(now, any_day=self._any_day):
            return ""
        if now < slip.replied_at + timedelta(hours=between(0.5, 8, "judge", slip.id, slip.sent_back)):
            return ""
        passed = slip.sent_back > 0 or luck("pass", slip.id) > 0.15
        async with self._desks.of(self.director) as db:
            await slips.judge(
                db,
                slip_id=slip.id,
                version=slip.version,
                passed=passed,
                words="整改到位。" if passed else "未说明原因和责任人，请补充。",
                key=self._key(slip),
            )
        return "pass" if passed else "send_back"

    def _key(self, slip: Slip, more: str = "") -> Any:
        return key_of("slip", slip.id, slip.version, more)
