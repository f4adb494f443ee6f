"""A delivered report that became part of another case: under its own number, its citizen follows the case that is kept."""

from collections.abc import AsyncIterator

import httpx
import pytest

from commandcenter.db.engine import Database
from commandcenter.domain.case import State
from commandcenter.services import delivering
from tests.db.centre import Centre
from tests.db.county import CATEGORY, UNIT_A
from tests.db.gateway_county import gateway, new_key
from tests.db.merge_life import merge, undo


class Citizens:
    """Two who report the same, through an app."""

    def __init__(self, client: httpx.AsyncClient, key: str, centre: Centre) -> None:
        self.client, self.key, self.centre = client, key, centre

    async def report(self, words: str, **said: str) -> tuple[str, str]:
        """(number, address to look back at)."""
        facts = {"service_code": str(CATEGORY), "address_string": "人民路", "description": words, "api_key": self.key}
        answer = await self.client.post("/open311/v2/requests.json", data=facts | said)
        assert answer.status_code == 201, answer.text
        return answer.json()[0]["service_request_id"], answer.headers["location"]

    async def case(self, number: str) -> int:
        return int(str(await self.centre.value("select id from cc.cases where number = $1", number)))

    async def page(self, back: str) -> str:
        return (await self.client.get(back)).text

    async def app_sees(self, number: str) -> dict[str, object]:
        [found] = (await self.client.get(f"/open311/v2/requests/{number}.json")).json()
        return dict(found)


@pytest.fixture
async def citizens(centre: Centre) -> AsyncIterator[Citizens]:
    key = await new_key(centre.url("admin"))
    async with gateway(centre.url("intake")) as (client, _):
        yield Citizens(client, key, centre)


async def work_done(centre: Centre, case: int, version: int) -> None:
    change = await centre.do("duty", "grade", case=case, version=version, grade=4, category=None, reason="")
    change = await centre.do("duty", "dispatch", case=case, version=change.version, unit=UNIT_A, assist=[], note="")
    change = await centre.do("responder", "accept", case=case, version=change.version)
    now = await centre.value("select cc.now()")
    await centre.do(
        "responder", "finish", case=case, version=change.version, discussed_with="王五", discussed_at=now, done="换灯",
        done_by=now,
    )  # fmt: skip


async def test_a_merged_report_shows_the_kept_cases_progress_under_its_own_number(
    centre: Centre, citizens: Citizens
) -> None:
    kept_number, kept_back = await citizens.report("楼道灯不亮")
    number, back = await citizens.report("楼道的灯坏了", first_name="四", last_name="李", phone="13700137000")
    kept, source = await citizens.case(kept_number), await citizens.case(number)
    done = await merge(centre, kept, source)
    shown = await citizens.page(back)
    assert f"<h1>{number}</h1>" in shown
    assert kept_number not in shown, "another citizen's number is that citizen's"
    assert "已收到，等待受理" in shown
    version = int(str(await centre.value("select version from cc.cases where id = $1", kept)))
    await work_done(centre, kept, version)
    for address, own in ((back, number), (kept_back, kept_number)):
        shown = await citizens.page(address)
        assert f"<h1>{own}</h1>" in shown
        assert "承办单位已办结" in shown
        assert "办得怎么样" in shown
    seen, kept_seen = await citizens.app_sees(number), await citizens.app_sees(kept_number)
    assert seen["service_request_id"] == number
    for name in ("status", "status_notes", "agency_responsible", "updated_datetime", "expected_datetime"):
        assert seen[name] == kept_seen[name], name

    rated = await citizens.client.post(f"{back}/rating", data={"solved": "no", "satisfied": "不满意"})
    assert rated.status_code == 303
    assert "您的评价：没有解决，不满意" in await citizens.page(back)
    assert "您的评价" not in await citizens.page(kept_back), "each citizen has an own say"
    assert await centre.value("select case_id from cc.ratings") == kept

    await undo(centre, done.merge_id, reason="不是同一盏灯")
    assert "已收到，等待受理" in await citizens.page(back)
    assert (await citizens.app_sees(number))["agency_responsible"] is None
    assert await centre.value("select case_id from cc.ratings") == source, "a rating goes with its report"
    assert "承办单位已办结" in await citizens.page(kept_back)


async def test_a_retry_of_a_merged_delivery_is_the_same_report(centre: Centre, citizens: Citizens) -> None:
    kept_number, _ = await citizens.report("楼道灯不亮")
    own = {"attribute[external_id]": "A-17"}
    number, back = await citizens.report("楼道的灯坏了", **own)
    await merge(centre, await citizens.case(kept_number), await citizens.case(number))
    assert await citizens.report("楼道的灯坏了", **own) == (number, back)
    assert await centre.value("select count(*) from cc.reports") == 2
    db = await Database.connect(centre.url("intake"))
    listed = await delivering.read_delivered(db, still_open=True)
    await db.close()
    assert {each.number for each in listed} == {kept_number, number}
    assert {each.state for each in listed} == {State.NEW}, "nobody is told that a report ended in another"
