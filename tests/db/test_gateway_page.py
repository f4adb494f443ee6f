"""The citizen's way without a script: scan, report, number, progress, rating; what is refused, and what is never shown."""

import re
from collections.abc import AsyncIterator
from io import BytesIO

import httpx
import pytest
from PIL import Image

from tests.db.centre import Centre
from tests.db.county import COMMUNITY_A, UNIT_A
from tests.db.gateway_county import gateway, photo

HOME = "/q/371082101001"
SAID = {"content": "楼道灯不亮了", "code": "371082101001", "place": "3号楼", "name": "王五", "phone": "13900139000"}


@pytest.fixture
async def phone(centre: Centre) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway(centre.url("intake")) as (client, _):
        yield client


async def test_from_the_code_on_the_wall_to_the_rating(centre: Centre, phone: httpx.AsyncClient) -> None:
    page = await phone.get(f"{HOME}?b=3")
    assert "甲镇<strong>甲一社区</strong>" in page.text
    assert 'value="3号楼"' in page.text
    [key] = re.findall(r'name="key" value="([^"]+)"', page.text)
    files = [
        ("photos", ("a.jpg", photo(exif=True), "image/jpeg")),
        ("photos", ("b.png", photo(form="PNG"), "image/png")),
    ]
    sent = await phone.post("/q", data=SAID | {"key": key}, files=files)
    assert sent.status_code == 303
    back = sent.headers["location"]
    again = await phone.post("/q", data=SAID | {"key": key}, files=files)
    assert again.headers["location"] == back, "a second tap is the same report"
    shown = (await phone.get(back)).text
    root = await centre.root()
    case = await root.fetchrow("select id, number, channel_id, area_id, place from cc.cases")
    assert case is not None
    assert case["number"] in shown
    assert (case["channel_id"], case["area_id"], case["place"]) == (16, COMMUNITY_A, "甲镇甲一社区 3号楼")
    for secret in ("王五", "139", "3号楼", "楼道灯", "办得怎么样"):
        assert secret not in shown, secret
    pictures = await root.fetch("select name, media_type, content from cc.attachments order by id")
    assert [(each["name"], each["media_type"]) for each in pictures] == [
        ("照片1.jpg", "image/jpeg"),
        ("照片2.jpg", "image/jpeg"),
    ]
    assert all(b"SECRET-CAMERA" not in each["content"] for each in pictures)
    assert Image.open(BytesIO(pictures[0]["content"])).size == (480, 640), "turned upright before the mark was lost"

    change = await centre.do("duty", "grade", case=case["id"], version=1, grade=4, category=None, reason="")
    change = await centre.do(
        "duty", "dispatch", case=case["id"], version=change.version, unit=UNIT_A, assist=[], note=""
    )
    change = await centre.do("responder", "accept", case=case["id"], version=change.version)
    assert "承办单位正在办理" in (await phone.get(back)).text
    now = await centre.value("select cc.now()")
    await centre.do(
        "responder", "finish", case=case["id"], version=change.version, discussed_with="王五", discussed_at=now, done="换灯",
        done_by=now,
    )  # fmt: skip
    assert "办得怎么样" in (await phone.get(back)).text
    half = await phone.post(f"{back}/rating", data={"solved": "yes"})
    assert half.status_code == 400
    assert 'role="alert"' in half.text
    rated = await phone.post(f"{back}/rating", data={"solved": "yes", "satisfied": "满意", "words": "快"})
    assert (rated.status_code, rated.headers["location"]) == (303, back)
    shown = (await phone.get(back)).text
    assert "您的评价：已解决，满意" in shown
    assert "办得怎么样" not in shown
    twice = await phone.post(f"{back}/rating", data={"solved": "no", "satisfied": "不满意"})
    assert twice.status_code == 409


async def test_what_is_missing_is_said_and_what_was_written_stays(phone: httpx.AsyncClient) -> None:
    for said, sentence in (
        ({"content": "短"}, "请写明是什么问题"),
        ({"code": "", "place": ""}, "请写明在哪里"),
        ({"phone": "123"}, "电话号码不完整"),
        ({"website": "http://spam"}, "没有收下"),
    ):
        answer = await phone.post("/q", data=SAID | {"key": "k1", "content": "<b>路灯</b>坏了"} | said)
        assert answer.status_code == 400
        assert sentence in answer.text
        assert 'name="key" value="k1"' in answer.text, "the same report when it is sent again"
        assert "<b>" not in answer.text
        if "content" not in said:
            assert "&lt;b&gt;路灯&lt;/b&gt;坏了" in answer.text
        script = await phone.post("/q", data=SAID | said, headers={"accept": "application/json"})
        assert script.status_code == 400
        assert sentence in script.json()["error"]


async def test_photos_that_are_none(phone: httpx.AsyncClient) -> None:
    for content, status in (
        (b"<svg onload=alert(1)>", 400),
        (photo()[:300], 400),
        (b"GIF89a" + b"\0" * 50, 400),
    ):
        answer = await phone.post("/q", data=SAID, files={"photos": ("a.jpg", content, "image/jpeg")})
        assert answer.status_code == status
        assert "照片打不开" in answer.text
    four = [("photos", (f"{n}.jpg", photo(), "image/jpeg")) for n in range(4)]
    assert (await phone.post("/q", data=SAID, files=four)).status_code == 400


async def test_a_source_that_sends_too_much(centre: Centre, phone: httpx.AsyncClient) -> None:
    await (await centre.root()).execute("update cc.settings set value = '1' where name = 'gateway_page_hour'")
    json = {"accept": "application/json"}
    assert (await phone.post("/q", data=SAID, headers=json)).status_code == 201
    answer = await phone.post("/q", data=SAID | {"content": "又一件事情"}, headers=json)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 3500
    page = await phone.post("/q", data=SAID | {"content": "又一件事情"})
    assert page.status_code == 429
    assert "提交得太频繁" in page.text


async def test_addresses_that_lead_nowhere(phone: httpx.AsyncClient) -> None:
    for path in ("/q/nowhere", "/r/unknown", "/static/../page.html", "/static/report.html", "/r/a/b/c"):
        answer = await phone.get(path)
        assert answer.status_code == 404, path
        assert "<h1>" in answer.text
    assert (await phone.get("/static/page.js")).headers["content-type"].startswith("text/javascript")
    assert (await phone.get("/static/page.css")).headers["content-type"].startswith("text/css")


async def test_pages_need_nothing_from_elsewhere(phone: httpx.AsyncClient) -> None:
    for path in ("/q", HOME, "/static/page.css", "/static/page.js", "/q/nowhere"):
        text = (await phone.get(path)).text
        assert not re.search(r"(src|href|action|url\(|@import|fetch\()\s*=?\s*[\"'(]?\s*(https?:)?//", text), path
        assert not re.search(r"\son\w+=|style=|<script>|javascript:", text), f"{path}: against the policy"


async def test_every_field_has_a_name_for_who_cannot_see(phone: httpx.AsyncClient) -> None:
    text = (await phone.get(HOME)).text
    assert '<html lang="zh-CN">' in text
    labelled = set(re.findall(r'<label for="(\w+)"', text))
    wrapped = set(re.findall(r'<label[^>]*>\s*(?:[^<]*)<input[^>]*name="(\w+)"', text))
    for tag in re.findall(r"<(?:input|textarea|select)\b[^>]*>", text):
        if 'type="hidden"' not in tag:
            [name] = re.findall(r'name="(\w+)"', tag)
            assert name in labelled | wrapped, name
    ids = re.findall(r'\bid="([\w-]+)"', text)
    assert len(ids) == len(set(ids))
    for names in re.findall(r'aria-describedby="([^"]+)"', text):
        assert set(names.split()) <= set(ids)
