"""The demo's units at a whistle: who answers or objects, comes, stands down, is confirmed, scored, and answers to the score.

Nothing is remembered from one look to the next, as in play_whistles.py.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from commandcenter.demo.luck import between, key_of, luck
from commandcenter.domain.case import Role
from commandcenter.domain.whistle import Party, PartyState, Whistle, proposed_speed
from commandcenter.errors import Refused
from commandcenter.services import whistles
from commandcenter.services.play.desks import Cast, Desks

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


class PartyPlay:
    """Does the next thing that is due about one unit of a whistle."""

    def __init__(self, desks: Desks, cast: Cast) -> None:
        self._desks = desks
        self._cast = cast
        [self._supervisor, *_] = cast.staff[Role.SUPERVISOR]

    async def step(self, whistle: Whistle, party: Party, now: datetime) -> str:
        """Do what is due about it; the verb, '' where nothing is. Raises PersonError."""
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
        this: dict[str, Any] = {"party_id": party.id, "version": party.version, "key": deed_key(party, "come")}
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
            await whistles.stand_down(db, done=pick(DONE, "done", party.id), met=luck("met", party.id) < 0.9, **this)
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
        async with self._desks.of(on_duty(self._cast, whistle)) as db:
            await whistles.rule_objection(
                db,
                party_id=party.id,
                version=party.version,
                upheld=upheld,
                reason="异议成立，另行指定。" if upheld else "按事项清单由贵单位到场。",
                instead_unit_id=others(self._cast, whistle, 1, f"instead {party.id}")[0] if instead else None,
                key=deed_key(party, "ruling"),
            )
        return "rule_objection"

    async def _confirm(self, whistle: Whistle, party: Party, now: datetime) -> str:
        if party.done_at is None or now < party.done_at + timedelta(minutes=between(10, 150, "confirm", party.id)):
            return ""
        this: dict[str, Any] = {"party_id": party.id, "version": party.version, "key": deed_key(party, "confirm")}
        async with self._desks.of(whistle.caller) as db:
            if party.sent_back == 0 and luck("send back", party.id) < 0.06:
                with suppress(Refused):  # the case is finished meanwhile: nothing is left to come back for
                    await whistles.send_back(db, reason="现场尚未恢复，请继续处置。", **this)
                    return "send_back"
                this["key"] = deed_key(party, "confirm after all")
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
                key=deed_key(party, "score"),
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
                key=deed_key(party, "say"),
            )
        return "answer_score"


def on_duty(cast: Cast, whistle: Whistle) -> str:
    """The duty officer who looks after a whistle."""
    return pick(cast.staff[Role.DUTY], "duty", whistle.id)


def others(cast: Cast, whistle: Whistle, number: int, why: str) -> list[int]:
    """Departments that are not called yet."""
    called = {party.unit_id for party in whistle.parties}
    units = cast.reference.units
    free = [unit for unit in cast.responders if units[unit].kind in {"department", "utility"} and unit not in called]
    return sorted(free, key=lambda unit: luck(why, whistle.id, unit))[:number]


def deed_key(what: Whistle | Party, deed: str) -> Any:
    """The key of a deed about this version of it: done once, however often it is tried."""
    return key_of(deed, type(what).__name__, what.id, what.version)


def pick(choices: tuple[str, ...], *about: object) -> str:
    """One of the choices, always the same about the same."""
    return choices[int(luck(*about) * len(choices))]


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
