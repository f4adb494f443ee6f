"""The demo's people around whistles: who blows, approves, rules and convenes, and when; the units are in play_parties.py.

Nothing is remembered from one look to the next: when something is done follows from the whistle and from luck drawn by it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commandcenter.demo.luck import between, key_of, luck
from commandcenter.domain.case import Role
from commandcenter.domain.whistle import Level, Whistle, WhistleState
from commandcenter.services import whistles
from commandcenter.services.play.desks import Cast, Desks
from commandcenter.services.play.parties import PartyPlay, deed_key, on_duty, others, pick

MATTERS = (
    "多部门职责交叉，需联合处置",
    "反复反映未能根治，需到场会商",
    "涉及面广，镇街难以独立解决",
    "现场情况复杂，需专业力量支持",
)
DEMANDS = ("请到现场核实并限期整改", "请会同有关单位当场研究处置办法", "请安排专业人员到场处置", "请明确责任并跟踪到位")


@dataclass(frozen=True, slots=True)
class Spot:
    """A case somebody might blow a whistle for."""

    case_id: int
    version: int
    path: str
    category_id: int | None


class WhistlePlay:
    """Does the next thing that is due about a whistle, as whoever's turn it is."""

    def __init__(self, desks: Desks, cast: Cast) -> None:
        self._desks = desks
        self._cast = cast
        self._party = PartyPlay(desks, cast)
        [self._supervisor, *_] = cast.staff[Role.SUPERVISOR]

    async def blow(self, spot: Spot, now: datetime) -> str:
        """Blow for a case, as somebody of its place or of the centre; '' where nobody is there to. Raises PersonError."""
        town = self._cast.town_of(spot.path)
        if town is None:
            return ""
        drawn = luck("caller", spot.case_id)
        if drawn < 0.1:
            login = pick(self._cast.staff[Role.DUTY], "duty", spot.case_id)
        elif drawn < 0.2:
            login = self._cast.heads[town.id]
        else:
            near = [unit for unit in self._cast.callers if spot.path.startswith(self._cast.reference.units[unit].path)]
            login = self._cast.callers[max(near, key=lambda unit: len(self._cast.reference.units[unit].path))]
        kind = self._cast.reference.units[self._cast.reference.people[login].unit_id].kind
        rules = self._cast.reference.levels
        levels = [each for each in Level if kind in rules[each].caller_kinds]
        level = self._weighted(levels, (60, 25, 11, 4), "level", spot.case_id)
        today = now.date()
        items = [
            item.id
            for item in self._cast.reference.duty_list
            if item.category_id == spot.category_id
            and item.valid_from <= today
            and (item.valid_to is None or item.valid_to >= today)
        ]
        danger = luck("danger", spot.case_id) < 0.06
        async with self._desks.of(login) as db:
            await whistles.blow(
                db,
                case_id=spot.case_id,
                case_version=spot.version,
                level=level,
                matter=pick(MATTERS, "matter", spot.case_id),
                demand=pick(DEMANDS, "demand", spot.case_id),
                duty_item_id=items[0] if items and luck("listed", spot.case_id) < 0.85 else None,
                danger=danger,
                danger_words="现场有人员安全风险" if danger else "",
                key=key_of("blow", spot.case_id, spot.version),
            )
        return "blow"

    async def step(self, whistle: Whistle, now: datetime) -> str:
        """Do what is due about it; the verb, '' where nothing is. Raises PersonError."""
        match whistle.state:
            case WhistleState.TO_APPROVE:
                return await self._approve(whistle, now)
            case WhistleState.DECLINED:
                return await self._amend(whistle, now)
            case WhistleState.TO_RULE:
                return await self._rule(whistle, now)
            case WhistleState.OPEN | WhistleState.TO_CONFIRM | WhistleState.TO_SCORE | WhistleState.CLOSED:
                return await self._convene(whistle, now) or await self._parties(whistle, now)
            case _:
                return ""

    async def _approve(self, whistle: Whistle, now: datetime) -> str:
        if now < whistle.changed_at + timedelta(minutes=between(3, 40, "approve", whistle.id)):
            return ""
        head = self._cast.heads.get(whistle.approver_unit_id, self._supervisor)
        this: dict[str, Any] = {
            "whistle_id": whistle.id,
            "version": whistle.version,
            "key": deed_key(whistle, "approve"),
        }
        if whistle.verb == "blow" and luck("decline", whistle.id) < 0.08:
            async with self._desks.of(head) as db:
                await whistles.decline(db, reason="请写明已自行处置的情况。", **this)
            return "decline"
        if whistle.verb == "blow" and luck("withdraw", whistle.id) < 0.03:
            async with self._desks.of(whistle.caller) as db:
                await whistles.withdraw(db, reason="已自行解决。", **this)
            return "withdraw"
        async with self._desks.of(head) as db:
            await whistles.approve(db, **this)
        return "approve"

    async def _amend(self, whistle: Whistle, now: datetime) -> str:
        if now < whistle.changed_at + timedelta(minutes=between(10, 90, "amend", whistle.id)):
            return ""
        this: dict[str, Any] = {
            "whistle_id": whistle.id,
            "version": whistle.version,
            "key": deed_key(whistle, "amend"),
        }
        async with self._desks.of(whistle.caller) as db:
            if luck("give up", whistle.id) < 0.3:
                await whistles.withdraw(db, reason="改由本单位自行处置。", **this)
                return "withdraw"
            await whistles.amend(
                db, level=whistle.level, matter=f"{whistle.matter}（已先行处置两次）", demand=whistle.demand,
                duty_item_id=whistle.duty_item_id, **this,
            )  # fmt: skip
        return "amend"

    async def _rule(self, whistle: Whistle, now: datetime) -> str:
        assert whistle.rule_due_at is not None  # noqa: S101 - the state says so
        begun = whistle.rule_due_at - timedelta(minutes=120)
        wait = (
            between(15, 100, "rule", whistle.id)
            if luck("slow", whistle.id) > 0.1
            else between(125, 300, "rule", whistle.id)
        )
        if now < begun + timedelta(minutes=wait):
            return ""
        lead, *assist = others(self._cast, whistle, 1 + int(between(0, 3, "assist", whistle.id)), "ruled")
        async with self._desks.of(on_duty(self._cast, whistle)) as db:
            await whistles.rule(
                db, whistle_id=whistle.id, version=whistle.version, lead_unit_id=lead, assist_ids=assist,
                reason="事项清单未列，按职责最近原则指定。", key=deed_key(whistle, "rule"),
            )  # fmt: skip
        return "rule"

    async def _convene(self, whistle: Whistle, now: datetime) -> str:
        """What the caller and the convener do about an open whistle, beside what its units do."""
        if whistle.state is not WhistleState.OPEN:
            return ""
        this: dict[str, Any] = {"whistle_id": whistle.id, "version": whistle.version}
        began = max((each.began_at for each in whistle.rounds), default=whistle.blown_at)
        rule = self._cast.reference.levels[whistle.level]
        async with self._desks.of(self._supervisor) as db:
            if rule.finish_clock == "plan" and whistle.plan_until is None:
                until = began + timedelta(days=between(2, 6, "plan", whistle.id))
                if until > now:
                    await whistles.plan(db, until=until, key=deed_key(whistle, "plan"), **this)
                    return "plan"
            if whistle.meeting_at is None and luck("meet", whistle.id) < 0.12:
                place = f"{whistle.case_place or '镇街'}会议室"
                await whistles.meet(db, at=now + timedelta(hours=2), place=place, key=deed_key(whistle, "meet"), **this)
                return "meet"
            by_hand = len(whistle.rounds) == 1 and luck("by hand", whistle.id) < 0.05
            if by_hand and whistle.level < Level.ASSAULT and now > began + timedelta(hours=1):
                await whistles.escalate(db, reason="情况扩大，提级处置。", key=deed_key(whistle, "escalate"), **this)
                return "escalate"
        return ""

    async def _parties(self, whistle: Whistle, now: datetime) -> str:
        for party in whistle.parties:
            verb = await self._party.step(whistle, party, now)
            if verb:
                return verb
        return ""

    def _weighted(self, levels: list[Level], weights: tuple[int, ...], *about: object) -> Level:
        rest = luck(*about) * sum(weights[: len(levels)])
        for level, weight in zip(levels, weights, strict=False):
            rest -= weight
            if rest < 0:
                return level
        return levels[-1]
