"""The citizen's own word on the result: once, for the report it belongs to, and for those who see the case."""

from typing import Any

import pytest

from commandcenter.db.engine import Database
from commandcenter.errors import PersonError, UsedBefore
from commandcenter.services import delivering
from tests.db.centre import Centre, refused
from tests.db.county import UNIT_A
from tests.db.gateway_county import Gateway


@pytest.fixture
async def intake(centre: Centre) -> Any:
    db = await Database.connect(centre.url("intake"))
    yield Gateway(db, await delivering.read_secret(db))
    await db.close()


async def finished(centre: Centre, number: str) -> int:
    """Lead the case of a number to its end of work; returns its id."""
    case = await centre.value("select id from cc.cases where number = $1", number)
    change = await centre.do("duty", "grade", case=case, version=1, grade=4, category=None, reason="")
    change = await centre.do("duty", "dispatch", case=case, version=change.version, unit=UNIT_A, assist=[], note="请办")
    change = await centre.do("responder", "accept", case=case, version=change.version)
    now = await centre.value("select cc.now()")
    await centre.do(
        "responder", "finish", case=case, version=change.version, discussed_with="李四", discussed_at=now, done="换了灯",
        done_by=now,
    )  # fmt: skip
    return int(str(case))


async def test_a_rating_is_for_the_result_and_once(centre: Centre, intake: Gateway) -> None:
    taken = await intake.deliver()
    with pytest.raises(UsedBefore, match="还没有办结"):
        await delivering.rate(intake.db, taken.token, solved=True, satisfied="满意")
    case = await finished(centre, taken.number)
    with pytest.raises(PersonError):
        await delivering.rate(intake.db, taken.token, solved=True, satisfied="非常满意")
    for _ in range(2):  # a retry is the same rating
        await delivering.rate(intake.db, taken.token, solved=True, satisfied="基本满意", words="灯换了，谢谢张三")
    with pytest.raises(UsedBefore, match="已经评价过"):
        await delivering.rate(intake.db, taken.token, solved=False, satisfied="不满意")
    found = await delivering.read_progress(intake.db, taken.token)
    assert (found.solved, found.satisfied) == (True, "基本满意")
    assert await centre.value("select count(*) from cc.ratings where case_id = $1 and words <> ''", case) == 1
    entry = await (await centre.root()).fetchrow(
        "select verb, paths, detail::text from cc.journal where entity = 'rating'"
    )
    assert entry is not None
    assert entry["verb"] == "rate"
    assert "张三" not in entry["detail"], "a citizen's words are not for the journal"
    assert entry["paths"] == ["01.01.", "01.01.01."]
    for who, sees in (("duty", 1), ("responder", 1), ("responder_b", 0)):
        assert await (await centre(who)).fetchval("select count(*) from cc.ratings") == sees, who
    async with refused("42501"):
        await (await centre("duty")).execute("update cc.ratings set satisfied = '满意'")
    assert await centre.value("select count(*) from cc.follow_ups") == 0, "the call back is made all the same"
