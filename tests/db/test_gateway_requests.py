"""Open311 GeoReport v2, what is asked for: requests by their facts, page after page, and questions that make no sense."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.db.centre import Centre
from tests.db.gateway_app import MONDAY, V2, App, app_of


@pytest.fixture
async def app(centre: Centre) -> AsyncIterator[App]:
    async with app_of(centre) as found:
        yield found


async def test_requests_are_found_by_what_is_asked(app: App) -> None:
    numbers = []
    for day in range(4):
        await app.at(MONDAY + timedelta(days=day))
        [created] = (await app.post(description=f"第{day}件", service_code="0" if day == 3 else "501")).json()
        numbers.append(created["service_request_id"])

    async def found(**asked: str) -> list[int]:
        answer = await app.get("requests.json", **asked)
        assert answer.status_code == 200, answer.text
        return [numbers.index(each["service_request_id"]) for each in answer.json()]

    assert await found() == [3, 2, 1, 0]
    assert await found(service_request_id=f"{numbers[2]}, {numbers[0]}", status="closed") == [2, 0]
    assert await found(service_code="0") == [3]
    assert await found(service_code="0,501", start_date="", status="") == [3, 2, 1, 0]
    assert await found(start_date="2026-03-03T01:00:00Z", end_date="2026-03-04T09:00:00+08:00") == [2, 1]
    assert await found(status="closed") == []
    assert await found(status="open,closed") == [3, 2, 1, 0]
    await app.at(MONDAY + timedelta(days=91))
    assert await found() == [3, 2, 1], "90 days back (GeoReport v2), to the second"
    assert await found(start_date="2026-02-01T00:00:00Z") == [3, 2, 1, 0]


SENSELESS = [
    {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-05-01T00:00:00Z"},  # more than 90 days
    {"start_date": "2026-01-01T00:00:00"},  # no zone
    {"start_date": "yesterday"},
    {"start_date": "2026-01-01 00:00:00Z"},  # Python would read these two
    {"start_date": "2026-W01-1T000000Z"},
    {"end_date": "0001-01-01T00:00:00+08:00"},  # no such moment in UTC
    {"status": "done"},
    {"service_code": "x"},
    {"page": "0"},
    {"page_size": "1001"},
]


async def test_questions_that_make_no_sense(app: App) -> None:
    for asked in SENSELESS:
        assert (await app.get("requests.json", **asked)).status_code == 400


async def test_pages_follow_one_another(app: App) -> None:
    for number in range(5):
        await app.post(description=f"第{number}件")
    seen: list[str] = []
    url: str | None = f"{V2}/requests.json?page_size=2"
    pages = 0
    while url is not None:
        answer = await app.client.get(url)
        seen += [each["service_request_id"] for each in answer.json()]
        url = answer.links["next"]["url"] if answer.links else None
        pages += 1
    assert pages == 3
    assert len(seen) == len(set(seen)) == 5


async def test_discovery_names_the_endpoint(app: App) -> None:
    found = (await app.client.get("/open311/discovery.json")).json()
    [endpoint] = found["endpoints"]
    assert endpoint["url"].endswith(V2)
    assert set(endpoint["formats"]) == {"text/xml", "application/json"}
    assert (await app.client.get("/open311/discovery.xml")).text.count("<endpoint>") == 1
