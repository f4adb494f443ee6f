"""The demo's people around whistles: who blows, approves, rules, answers, comes, stands down, confirms and scores, and when.

Nothing is remembered from one look to the next: when something is done follows from the whistle and from luck drawn by it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commandcenter.demo.luck import between, key_of, luck
from commandcenter.domain.case import Role
from commandcenter.domain.whistle import Level, Party, PartyState, Whistle, WhistleState, proposed_speed
from commandcenter.services import whistles
from commandcenter.services.play_desks import Cast, Desks

MATTERS = (
    "多部门职责交叉，需联合处置",
    "反复反映未能根治，需到场会商",
    "涉及面广，镇街难以独立解决",
    "现场情况复杂，需专业力量支持",
)
DEMANDS = ("请到现场核实并限期整改", "请会同有关单位当场研究处置办法", "请安排专业人员到场处置", "请明确责任并跟踪到位")
DONE = (
    "已到场处置完毕，当事人认可。",
    "已会同有关单位整改到位。",
    "已消除隐患，后续由镇街巡查。",
    "已落实责任人，问题已解决。",
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)
"""A picture of one dot, for those who check in with a photo."""


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
        [self._supervisor, *_] = cast.staff[Role.SUPERVISOR]

    async def blow(self, spot: Spot, now: datetime) -> str:
        """Blow for a case, as somebody of its place or of the centre; '' where nobody is there to. Raises PersonError."""
        town = self._cast.town_of(spot.path)
        if town is None:
            return ""
        drawn = luck("caller", spot.case_id)
        if drawn < 0.1:
            login = self._pick(self._cast.staff[Role.DUTY], "duty", spot.case_id)
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
                matter=self._pick(MATTERS, "matter", spot.case_id),
                demand=self._pick(DEMANDS, "demand", spot.case_id),
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
            "key": self._key(whistle, "approve"),
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
            "key": self._key(whistle, "amend"),
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
        lead, *assist = self._others(whistle, 1 + int(between(0, 3, "assist", whistle.id)), "ruled")
        async with self._desks.of(self._duty(whistle)) as db:
            await whistles.rule(
                db, whistle_id=whistle.id, version=whistle.version, lead_unit_id=lead, assist_ids=assist,
                reason="事项清单未列，按职责最近原则指定。", key=self._key(whistle, "rule"),
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
                    await whistles.plan(db, until=until, key=self._key(whistle, "plan"), **this)
                    return "plan"
            if whistle.meeting_at is None and luck("meet", whistle.id) < 0.12:
                place = f"{whistle.case_place or '镇街'}会议室"
                await whistles.meet(
                    db, at=now + timedelta(hours=2), place=place, key=self._key(whistle, "meet"), **this
                )
                return "meet"
            by_hand = len(whistle.rounds) == 1 and luck("by hand", whistle.id) < 0.05
            if by_hand and whistle.level < Level.ASSAULT and now > began + timedelta(hours=1):
                await whistles.escalate(db, reason="情况扩大，提级处置。", key=self._key(whistle, "escalate"), **this)
                return "escalate"
        return ""

    async def _parties(self, whistle: Whistle, now: datetime) -> str:
        for party in whistle.parties:
            verb = await self._party(whistle, party, now)
            if verb:
                return verb
        return ""

    async def _party(self, whistle: Whistle, party: Party, now: datetime) -> str:
        match party.state:
            case PartyState.CALLED | PartyState.ANSWERED | PartyState.CHECKED_IN:
                return await self._come(whistle, party, now)
            case PartyState.OBJECTED:
                return await self._judge(whistle, party, now)
            case PartyState.DONE:
                return await self._confirm(whistle, party, now)
            case PartyState.CONFIRMED:
                return await self._score(whistle, party, now)
            case PartyState.SCORED:
                return await self._say(whistle, party)
            case _:
                return ""

    async def _come(self, whistle: Whistle, party: Party, now: datetime) -> str:  # noqa: PLR0911 - one way for each step
        login = self._cast.responders.get(party.unit_id)
        if login is None or now < _when(whistle, party):
            return ""
        this: dict[str, Any] = {"party_id": party.id, "version": party.version, "key": self._key(party, "come")}
        async with self._desks.of(login) as db:
            if party.state is PartyState.CALLED:
                if party.ruled_at is None and luck("object", party.id) < 0.06:
                    await whistles.object_to(db, reason="该事项不在本单位职责清单内。", **this)
                    return "object"
                await whistles.answer(db, **this)
                return "answer"
            if party.state is PartyState.ANSWERED:
                photo = ("现场.png", "image/png", PNG) if luck("photo", party.id) < 0.2 else None
                near = whistle.lon is not None and whistle.lat is not None
                await whistles.check_in(
                    db,
                    came=f"{self._cast.name(login)}（承办人）等 {1 + int(between(0, 4, 'came', party.id))} 人",
                    place=whistle.case_place or "现场",
                    lon=(whistle.lon or 0.0) + between(-0.002, 0.002, "lon", party.id) if near else None,
                    lat=(whistle.lat or 0.0) + between(-0.002, 0.002, "lat", party.id) if near else None,
                    photo=photo,
                    **this,
                )
                return "check_in"
            if (
                whistle.report_due_at is not None
                and party.part == "lead"
                and now > whistle.report_due_at - timedelta(days=1)
            ):
                await whistles.progress(db, text="已召开协调会，方案在落实。", **this)
                return "progress"
            if now < _over(whistle, party):
                return ""
            await whistles.stand_down(
                db, done=self._pick(DONE, "done", party.id), met=luck("met", party.id) < 0.9, **this
            )
        return "stand_down"

    async def _judge(self, whistle: Whistle, party: Party, now: datetime) -> str:
        """An objection: upheld or not."""
        assert party.ruling_due_at is not None  # noqa: S101 - the state says so
        assert party.objected_at is not None  # noqa: S101 - the same
        share = between(0.2, 0.9, "ruling", party.id) if luck("slow ruling", party.id) > 0.1 else 1.4
        if now < party.objected_at + share * (party.ruling_due_at - party.objected_at):
            return ""
        upheld = luck("upheld", party.id) < 0.45
        instead = upheld and (party.part == "lead" or luck("instead", party.id) < 0.5)
        async with self._desks.of(self._duty(whistle)) as db:
            await whistles.rule_objection(
                db,
                party_id=party.id,
                version=party.version,
                upheld=upheld,
                reason="异议成立，另行指定。" if upheld else "按事项清单由贵单位到场。",
                instead_unit_id=self._others(whistle, 1, f"instead {party.id}")[0] if instead else None,
                key=self._key(party, "ruling"),
            )
        return "rule_objection"

    async def _confirm(self, whistle: Whistle, party: Party, now: datetime) -> str:
        if party.done_at is None or now < party.done_at + timedelta(minutes=between(10, 150, "confirm", party.id)):
            return ""
        this: dict[str, Any] = {"party_id": party.id, "version": party.version, "key": self._key(party, "confirm")}
        async with self._desks.of(whistle.caller) as db:
            if party.sent_back == 0 and luck("send back", party.id) < 0.06:
                await whistles.send_back(db, reason="现场尚未恢复，请继续处置。", **this)
                return "send_back"
            await whistles.confirm(db, **this)
        return "confirm"

    async def _score(self, whistle: Whistle, party: Party, now: datetime) -> str:
        if party.confirmed_at is None or now < party.confirmed_at + timedelta(
            minutes=between(5, 900, "score", party.id)
        ):
            return ""
        caller = self._cast.reference.units[whistle.caller_unit_id]
        own = self._cast.reference.units[party.unit_id].path.startswith(caller.path) and caller.kind != "centre"
        scorer = self._supervisor if own else whistle.caller
        proposed = proposed_speed(party, self._cast.reference.speed_weights)
        speed = max(0, min(100, proposed + int(between(-6, 6, "speed", party.id))))
        quality = int(
            between(35, 60, "q", party.id) if luck("poor", party.id) < 0.06 else between(72, 100, "q", party.id)
        )
        async with self._desks.of(scorer) as db:
            await whistles.score(
                db,
                party_id=party.id,
                version=party.version,
                speed=speed,
                quality=quality,
                met=bool(party.met),
                finished=luck("finished", party.id) < 0.95,
                satisfied=None if luck("unknown", party.id) < 0.2 else luck("satisfied", party.id) < 0.9,
                words="到场迟缓或处置不到位。" if min(speed, quality) < self._cast.reference.score_low else "",
                key=self._key(party, "score"),
            )
        return "score"

    async def _say(self, whistle: Whistle, party: Party) -> str:
        """Few answer to their score, and at once."""
        score = next((each for each in whistle.scores if each.party_id == party.id), None)
        if (
            score is None
            or score.answer
            or luck("say", party.id) > (0.5 if min(score.speed, score.quality) < 60 else 0.06)
        ):
            return ""
        login = self._cast.responders.get(party.unit_id)
        if login is None:
            return ""
        async with self._desks.of(login) as db:
            await whistles.answer_score(
                db,
                party_id=party.id,
                version=party.version,
                text="当日另有抢险任务，已说明。",
                key=self._key(party, "say"),
            )
        return "answer_score"

    def _duty(self, whistle: Whistle) -> str:
        return self._pick(self._cast.staff[Role.DUTY], "duty", whistle.id)

    def _others(self, whistle: Whistle, number: int, why: str) -> list[int]:
        """Departments that are not called yet."""
        called = {party.unit_id for party in whistle.parties}
        units = self._cast.reference.units
        free = [
            unit
            for unit in self._cast.responders
            if units[unit].kind in {"department", "utility"} and unit not in called
        ]
        return sorted(free, key=lambda unit: luck(why, whistle.id, unit))[:number]

    def _key(self, what: Whistle | Party, deed: str) -> Any:
        return key_of(deed, type(what).__name__, what.id, what.version)

    def _pick(self, choices: tuple[str, ...], *about: object) -> str:
        return choices[int(luck(*about) * len(choices))]

    def _weighted(self, levels: list[Level], weights: tuple[int, ...], *about: object) -> Level:
        rest = luck(*about) * sum(weights[: len(levels)])
        for level, weight in zip(levels, weights, strict=False):
            rest -= weight
            if rest < 0:
                return level
        return levels[-1]


def _when(whistle: Whistle, party: Party) -> datetime:
    """When a unit does its next thing: mostly in time; once in a while too late, and mostly not twice."""
    late = luck("late", party.id, party.state, party.called_at) < 0.08
    if party.state is PartyState.CALLED:
        asked = max(party.called_at, party.ruled_at or party.called_at)
        share = between(1.2, 3, "answer", party.id) if late else between(0.1, 0.85, "answer", party.id)
        return asked + share * (party.answer_due_at - asked)
    if party.state is PartyState.ANSWERED and party.answered_at is not None:
        if late or party.answered_at >= party.arrive_due_at:
            return max(party.answered_at, party.arrive_due_at) + timedelta(minutes=between(5, 90, "arrive", party.id))
        return party.answered_at + between(0.15, 0.9, "arrive", party.id) * (party.arrive_due_at - party.answered_at)
    report = whistle.report_due_at - timedelta(days=1) if whistle.report_due_at and party.part == "lead" else None
    return min(report or _over(whistle, party), _over(whistle, party))


def _over(whistle: Whistle, party: Party) -> datetime:
    """When a unit that has come is done."""
    came = party.checked_in_at or party.called_at
    if party.sent_back:
        return max(came, whistle.changed_at) + timedelta(hours=between(1, 5, "again", party.id))
    if luck("over late", party.id) < 0.06 or came >= party.finish_due_at:
        return max(came, party.finish_due_at) + timedelta(hours=between(0.5, 9, "over", party.id))
    quick = timedelta(hours=between(0.5, 22, "over", party.id))
    return min(came + quick, came + 0.9 * (party.finish_due_at - came))
