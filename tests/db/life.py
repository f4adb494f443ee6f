"""A case led through its life by those whose deed each step is; used by tests that need a case in a given state."""

from datetime import datetime, timedelta
from uuid import uuid4

from commandcenter.clock import SHANGHAI
from commandcenter.domain.case import State
from tests.db.centre import Centre, Change
from tests.db.county import COMMUNITY_A, UNIT_A

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
"""A plain working day, two plain working weeks before and after it."""

CONTENT = "燃气管道漏气，楼道里味道很重，请尽快派人处理"
NAME, PHONE, ADDRESS = "欧阳测试", "13812345678", "甲一社区九号楼"


def at(day: int, clock: str) -> datetime:
    """A moment of March 2026 in Shanghai; the 2nd is a Monday."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


async def register(
    centre: Centre,
    who: str = "duty",
    *,
    grade: int | None = 3,
    area: int | None = COMMUNITY_A,
    content: str = CONTENT,
    confidential: bool = False,
    foreign_number: str = "",
    received_at: datetime | None = None,
    key: object = None,
) -> Change:
    return await centre.do(
        who,
        "register",
        channel=1,
        content=content,
        title="",
        kind="求助",
        category=None,
        grade=grade,
        area=area,
        lon=122.4,
        lat=37.1,
        place="甲一社区",
        foreign_number=foreign_number,
        name=NAME,
        phone=PHONE,
        address=ADDRESS,
        confidential=confidential,
        received_at=received_at,
        key=key or uuid4(),
    )


async def dispatched(
    centre: Centre, unit: int = UNIT_A, *, grade: int = 3, assist: tuple[int, ...] = (), **case: object
) -> Change:
    new = await register(centre, grade=grade, **case)  # type: ignore[arg-type]
    return await centre.do(
        "duty", "dispatch", case=new.case_id, version=new.version, unit=unit, assist=list(assist), note=""
    )


async def accepted(centre: Centre, unit: int = UNIT_A, who: str = "responder", **case: object) -> Change:
    c = await dispatched(centre, unit, **case)  # type: ignore[arg-type]
    return await centre.do(who, "accept", case=c.case_id, version=c.version)


async def finished(centre: Centre, unit: int = UNIT_A, who: str = "responder", **case: object) -> Change:
    return await finish(centre, await accepted(centre, unit, who, **case), who)


async def finish(centre: Centre, c: Change, who: str = "responder") -> Change:
    return await centre.do(
        who,
        "finish",
        case=c.case_id,
        version=c.version,
        discussed_with="诉求人",
        discussed_at=MONDAY,
        done="已更换管件",
        done_by=MONDAY + timedelta(hours=1),
    )


async def report_of(centre: Centre, case_id: int) -> int:
    return int(
        str(await centre.value("select id from cc.reports where $1 in (case_id, home_id) order by id limit 1", case_id))
    )


async def call_back(centre: Centre, c: Change, who: str = "followup", **answers: object) -> Change:
    given = {"reached": True, "contacted": True, "solved": True, "satisfied": "满意"} | answers
    return await centre.do(
        who,
        "follow_up",
        case=c.case_id,
        version=c.version,
        report=await report_of(centre, c.case_id),
        words="",
        **given,
    )


async def in_state(centre: Centre, state: State, *, grade: int = 3) -> Change:  # noqa: C901, PLR0911 - one way for each state
    """A case in any of the ten states, placed in town A and led by it where it is led by anybody."""
    match state:
        case State.NEW:
            return await register(centre, grade=None)
        case State.TO_DISPATCH:
            return await register(centre, grade=grade)
        case State.TO_ACCEPT:
            return await dispatched(centre, grade=grade)
        case State.WORKING:
            return await accepted(centre, grade=grade)
        case State.RETURNED:
            c = await dispatched(centre, grade=grade)
            return await centre.do(
                "responder", "return_case", case=c.case_id, version=c.version, reason="不属本镇", suggested=None
            )
        case State.PAUSED:
            c = await accepted(centre, grade=grade)
            return await centre.do("duty", "pause", case=c.case_id, version=c.version, reason="等材料")
        case State.TO_FOLLOW_UP:
            return await finished(centre, grade=grade)
        case State.ARCHIVED:
            c = await call_back(centre, await finished(centre, grade=grade))
            return await centre.do("followup", "archive", case=c.case_id, version=c.version)
        case State.VOID:
            c = await register(centre, grade=grade)
            return await centre.do("duty", "void", case=c.case_id, version=c.version, reason="误报")
        case State.MERGED:
            c, kept = await register(centre, grade=grade), await register(centre, grade=grade)
            row = await (await centre("duty")).fetchrow(
                "select * from cc.merge($1, null, $2, null, 'person', null, '[]', '', $3)",
                kept.case_id,
                c.case_id,
                uuid4(),
            )
            assert row is not None
            return Change(c.case_id, c.number, row["source_state"], row["source_version"], None, False)
