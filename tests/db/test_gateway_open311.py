"""Open311 GeoReport v2, by the standard's text and the published schemas' rules; JSON and XML say the same."""

import asyncio
import gc
from collections.abc import AsyncIterator
from xml.etree import ElementTree as ET

import pytest

from tests.db.centre import Centre
from tests.db.county import CATEGORY, COMMUNITY_A, UNIT_A
from tests.db.gateway_app import V2, App, app_of
from tests.db.gateway_county import MOST_BYTES, new_key
from tests.db.open311_rules import (
    ATTRIBUTE,
    ATTRIBUTE_NEEDS,
    REQUEST,
    REQUEST_NEEDS,
    SERVICE,
    SERVICE_NEEDS,
    check,
)


@pytest.fixture
async def app(centre: Centre) -> AsyncIterator[App]:
    async with app_of(centre) as found:
        yield found


def as_json(element: ET.Element) -> object:
    """XML as the standard's mapping makes JSON of it, all values as texts."""
    if element.tag in {"services", "service_requests", "attributes", "values", "errors"}:
        return [as_json(child) for child in element]
    return {child.tag: as_json(child) for child in element} if len(element) else element.text or ""


def as_texts(value: object) -> object:
    """JSON with all values as XML writes them."""
    if isinstance(value, list):
        return [as_texts(each) for each in value]
    if isinstance(value, dict):
        return {name: as_texts(each) for name, each in value.items()}
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


async def test_services_and_definitions_follow_the_schemas(app: App) -> None:
    services = (await app.get("services.json")).json()
    for service in services:
        check(service, SERVICE, SERVICE_NEEDS)
        definition = (await app.get(f"services/{service['service_code']}.json")).json()
        assert definition["service_code"] == service["service_code"]
        for attribute in definition["attributes"]:
            check(attribute, ATTRIBUTE, ATTRIBUTE_NEEDS)
        orders = [attribute["order"] for attribute in definition["attributes"]]
        assert len(set(orders)) == len(orders)
    assert {service["service_name"] for service in services} == {"燃气", "其他（不确定类别）"}


async def test_a_request_from_its_delivery_to_its_status(app: App) -> None:
    answer = await app.post(
        first_name="三", last_name="张", phone="13800138000", email="a@b.cn", media_url="https://a.cn/x"
    )
    assert answer.status_code == 201
    [created] = answer.json()
    number = created["service_request_id"]
    assert "token" not in created, "an id or a token, not both (GeoReport v2)"
    [found] = (await app.get(f"requests/{number}.json")).json()
    check(found, REQUEST, REQUEST_NEEDS)
    assert (found["status"], found["service_code"], found["service_name"]) == ("open", str(CATEGORY), "燃气")
    assert found["requested_datetime"] == "2026-03-02T01:00:00Z"
    root = await app.centre.root()
    report = await root.fetchrow("select p.content, w.* from cc.reports p join cc.citizens w on w.report_id = p.id")
    assert report is not None
    assert (report["name"], report["phone"], report["address"]) == ("张三", "13800138000", "电子邮箱 a@b.cn")
    assert report["content"] == "漏气\n照片或附件：https://a.cn/x"
    looked = await app.client.get(answer.headers["location"])
    assert number in looked.text

    case = await app.centre.value("select id from cc.cases where number = $1", number)
    change = await app.centre.do("duty", "grade", case=case, version=1, grade=4, category=None, reason="")
    await app.centre.do("duty", "dispatch", case=case, version=change.version, unit=UNIT_A, assist=[], note="")
    [found] = (await app.get(f"requests/{number}.json")).json()
    check(found, REQUEST, REQUEST_NEEDS)
    assert found["agency_responsible"] == "甲镇政府"
    assert found["expected_datetime"] is not None
    change = await app.centre.do("supervisor", "void", case=case, version=3, reason="重复")
    [found] = (await app.get(f"requests/{number}.json")).json()
    assert found["status"] == "closed"


async def test_xml_says_what_json_says(app: App) -> None:
    [created] = (await app.post()).json()
    number = created["service_request_id"]
    for path in ("services", "services/501", "requests", f"requests/{number}", "requests/none", "tokens/no"):
        await says_the_same(app, path)


async def says_the_same(app: App, path: str) -> None:
    json, xml = await app.get(f"{path}.json"), await app.get(f"{path}.xml")
    assert json.headers["content-type"] == "application/json; charset=utf-8"
    assert xml.headers["content-type"] == "text/xml; charset=utf-8"
    assert xml.text.lower().startswith("<?xml version='1.0' encoding='utf-8'?>")
    assert xml.status_code == json.status_code
    assert as_json(ET.fromstring(xml.text)) == as_texts(json.json())  # noqa: S314 - made by us just now


async def test_a_delivery_in_xml(app: App) -> None:
    root = ET.fromstring((await app.post("xml")).text)  # noqa: S314 - made by us just now
    assert [each.tag for each in root] == ["request"]
    assert root.findtext("request/service_request_id", "").startswith("RC2026")


async def test_a_delivery_in_parts_and_a_key_in_the_address(app: App) -> None:
    said = {"service_code": str(CATEGORY), "address_string": "人民路", "description": "路灯不亮"}
    parts = {name: (None, value) for name, value in said.items()}
    answer = await app.client.post(f"{V2}/requests.json", params={"api_key": app.key}, files=parts)
    assert answer.status_code == 201, answer.text
    assert await app.centre.value("select content from cc.reports") == "路灯不亮"
    many = {f"field{n}": "x" for n in range(200)}
    assert (await app.post(**many)).status_code == 400
    assert (await app.post(headers={"Idempotency-Key": "k" * 201})).status_code == 400


TRIES: list[tuple[dict[str, str], int]] = [
    ({"api_key": ""}, 403),
    ({"api_key": "cc_guessed"}, 403),
    ({"service_code": ""}, 400),
    ({"service_code": "999"}, 404),
    ({"jurisdiction_id": "elsewhere.gov"}, 404),
    ({"jurisdiction_id": "371082"}, 201),
    ({"jurisdiction_id": ""}, 201),  # passed and empty is not passed
    ({"lat": "", "long": ""}, 400),
    ({"lat": "", "long": "", "address_string": "人民路1号"}, 201),
    ({"lat": "", "long": "", "address_id": "371082101001"}, 201),
    ({"lat": "", "long": "", "address_id": "nowhere"}, 404),
    ({"lat": ""}, 400),
    ({"lat": "91"}, 400),
    ({"long": "nan"}, 400),
    ({"description": "长" * 4001}, 400),
    ({"media_url": "javascript:alert(1)"}, 400),
    ({"attribute[confidential]": "maybe"}, 400),
    ({"description": "有\x00怪字\x1f"}, 201),
]


async def test_what_is_taken_and_what_not(app: App) -> None:
    for number, (said, status) in enumerate(TRIES):
        await taken_or_not(app, {"description": f"第{number}件"} | said, status)


async def taken_or_not(app: App, said: dict[str, str], status: int) -> None:
    answer = await app.post(**said)
    assert answer.status_code == status, answer.text
    if status != 201:
        [error] = answer.json()
        assert (set(error), error["code"]) == ({"code", "description"}, status)
        assert not any(value and value in error["description"] for value in said.values()), (
            "what was sent is not quoted"
        )
        [error] = as_json(ET.fromstring((await app.post("xml", **said)).text))  # type: ignore[misc]  # noqa: S314
        assert error["code"] == str(status)


async def test_the_same_key_or_number_is_the_same_report(app: App) -> None:
    key = {"Idempotency-Key": "delivery 1"}
    first, again = await app.post(headers=key), await app.post(headers=key)
    assert first.json() == again.json()
    assert first.headers["location"] == again.headers["location"]
    assert (await app.post(headers=key, description="别的")).status_code == 409
    own = {"attribute[external_id]": "A-17"}
    first, again = await app.post(**own), await app.post(**own)
    assert first.json() == again.json()
    assert await app.centre.value("select array_agg(foreign_number order by id) from cc.reports") == [None, "A-17"]
    other = await new_key(app.centre.url("admin"))
    assert (await app.post(headers=key, api_key=other)).json() != first.json(), "another app's key is another key"
    first, again = await app.post(description="没有标识"), await app.post(description="没有标识")
    assert first.json() == again.json()


async def test_the_address_id_places_the_case(app: App) -> None:
    await app.post(lat="", long="", address_id="371082101001")
    case = await (await app.centre.root()).fetchrow("select area_id, path, place from cc.cases")
    assert case is not None
    assert tuple(case.values()) == (COMMUNITY_A, "01.01.01.", "甲镇甲一社区")


async def test_what_is_too_large_or_unknown(app: App) -> None:
    assert (await app.post(description="大" * MOST_BYTES)).status_code == 413

    async def without_length() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
        for _ in range(MOST_BYTES // 100_000 + 1):
            yield b"x" * 100_000

    form = {"content-type": "multipart/form-data; boundary=x", "accept": "application/json"}
    assert (await app.client.post("/q", content=without_length(), headers=form)).status_code == 413
    gc.collect()  # the half-read body, which the loop then closes
    await asyncio.sleep(0.01)
    for path in (f"{V2}/services.yaml", f"{V2}/nothing.json", "/nothing", f"{V2}/services/501.pdf"):
        assert (await app.client.get(path)).status_code in {400, 404}
    assert (await app.client.delete(f"{V2}/requests.json")).status_code == 405
    assert (await app.client.get("/docs")).status_code == 404


async def test_too_many_are_told_when_to_come_again(app: App) -> None:
    key = await new_key(app.centre.url("admin"), hour_limit=1)
    assert (await app.post(api_key=key)).status_code == 201
    answer = await app.post(api_key=key, description="又一件")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3600")


async def test_any_web_app_may_read_and_no_page_may_frame(app: App) -> None:
    answer = await app.get("services.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    page = await app.client.get("/q")
    assert "access-control-allow-origin" not in page.headers
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
