"""What a sender's form may be: text in UTF-8 and nothing else, photos, and never another host's word for where we are."""

from urllib.parse import quote_from_bytes

import httpx
import pytest
from PIL import Image

from commandcenter.errors import PersonError
from commandcenter.gateway.base_url import base_url
from commandcenter.gateway.source import source_of
from tests.db.centre import Centre
from tests.db.county import CATEGORY
from tests.db.gateway_county import gateway, new_key, photo

POST = "/open311/v2/requests.json"
WORDS = "家里暖气不热"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def body(key: str, field: str, text: bytes, **more: str) -> bytes:
    """A form as `curl -d` sends it: nothing escaped."""
    said = {"service_code": str(CATEGORY), "address_string": "People's Road", "place": "East", "api_key": key} | more
    return "&".join(f"{name}={value}" for name, value in said.items()).encode() + f"&{field}=".encode() + text


def parts(field: str, text: bytes, **said: str) -> tuple[bytes, dict[str, str]]:
    """The same in parts, and its header."""
    whole = b"".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
        for name, value in [*((name, value.encode()) for name, value in said.items()), (field, text)]
    )
    return whole + b"--x--\r\n", {"content-type": "multipart/form-data; boundary=x"}


async def test_text_is_utf_8_or_refused(centre: Centre) -> None:
    key = await new_key(centre.url("admin"))
    async with gateway(centre.url("intake")) as (client, _):
        for path, field, status in ((POST, "description", 201), ("/q", "content", 303)):
            for text in (WORDS.encode(), quote_from_bytes(WORDS.encode()).encode()):
                answer = await client.post(path, content=body(key, field, text), headers=FORM)
                assert answer.status_code == status, answer.text
            for text in (WORDS.encode("gbk"), quote_from_bytes(WORDS.encode("gbk")).encode(), b"%ff%fe"):
                answer = await client.post(path, content=body(key, field, text), headers=FORM)
                assert (answer.status_code, "文字须用 UTF-8 编码" in answer.text) == (400, True)
            said = {"service_code": "0", "address_string": "a", "place": "a", "api_key": key}
            content, headers = parts(field, WORDS.encode("gbk"), **said)
            answer = await client.post(path, content=content, headers=headers)
            assert (answer.status_code, "文字须用 UTF-8 编码" in answer.text) == (400, True)
    assert await centre.value("select array_agg(distinct content) from cc.reports") == [WORDS]


async def test_a_body_that_is_no_form_is_told_what_one_is(centre: Centre) -> None:
    async with gateway(centre.url("intake")) as (client, _):
        for kind in ("application/json", "text/plain"):
            answer = await client.post(POST, content=b'{"service_code": "501"}', headers={"content-type": kind})
            assert (answer.status_code, "请用表单提交" in answer.text) == (415, True)
            assert (await client.post("/q", content=b"{}", headers={"content-type": kind})).status_code == 415


async def test_photos_of_apps_are_cleaned_and_counted(centre: Centre) -> None:
    key = await new_key(centre.url("admin"))
    said = {"service_code": "0", "address_string": "东门", "description": "树倒了", "api_key": key}

    async def post(count: int, name: str = "media", content: bytes | None = None) -> httpx.Response:
        picture = photo(exif=True) if content is None else content
        files = [(name, (f"{n}.jpg", picture, "image/jpeg")) for n in range(count)]
        return await client.post(POST, data=said, files=files)

    async with gateway(centre.url("intake")) as (client, _):
        for refused, sentence in (
            (await post(4), "最多 3 张照片"),
            (await post(30), "照片太多"),
            (await post(1, "picture"), "字段 media"),
            (await post(1, content=b"no picture"), "照片打不开"),
        ):
            assert (refused.status_code, sentence in refused.json()[0]["description"]) == (400, True), refused.text
        assert (await post(2)).status_code == 201
        page = await client.post(
            "/q",
            data={"content": "楼道灯不亮了", "place": "3号楼"},
            files=[("photos", (f"{n}.jpg", photo(), "image/jpeg")) for n in range(4)],
        )
        assert (page.status_code, "最多 3 张照片" in page.text, "楼道灯不亮了" in page.text) == (400, True, True)
    kept = await (await centre.root()).fetch("select content from cc.attachments")
    assert [b"SECRET-CAMERA" in each["content"] for each in kept] == [False, False]
    assert Image.MIME["JPEG"] == await centre.value("select distinct media_type from cc.attachments")


async def test_no_host_decides_where_we_are(centre: Centre) -> None:
    key = await new_key(centre.url("admin"))
    for base in ("", "https://12345.example.gov.cn"):
        async with gateway(centre.url("intake"), base_url=base) as (client, _):
            evil = {"host": "evil.example"}
            made = [
                await client.post(POST, content=body(key, "description", f"n{n}{base}".encode()), headers=FORM | evil)
                for n in range(2)
            ]
            assert made[0].headers["location"].startswith(f"{base}/r/")
            listed = await client.get(POST, params={"page_size": 1}, headers=evil)
            assert listed.headers["link"].startswith(f"<{base}/open311/v2/requests.json?page")
            assert (await client.get("/q/", headers=evil)).status_code == 200, "no way on to the host it names"
            if base:
                found = (await client.get("/open311/discovery.json", headers=evil)).json()
                assert found["endpoints"][0]["url"] == f"{base}/open311/v2"


async def test_a_network_has_one_limit(centre: Centre) -> None:
    await (await centre.root()).execute("update cc.settings set value = '1' where name = 'gateway_page_hour'")
    answers = []
    for address in ("2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:3::1"):
        async with gateway(centre.url("intake"), address=address) as (client, _):
            answers.append(await client.post("/q", data={"content": f"路灯不亮 {address}", "place": "东门"}))
    assert [answer.status_code for answer in answers] == [303, 429, 303]


def test_a_base_is_an_address_and_nothing_more() -> None:
    assert base_url("https://12345.example.gov.cn:8443/") == "https://12345.example.gov.cn:8443"
    assert base_url("") == ""
    for wrong in ("12345.gov.cn", "ftp://a.cn", "https://", "https://a.cn/x", "https://a.cn?x", "https://u@a.cn",
                  "https://a.cn:x", "https://a\n.cn", "https://[a"):  # fmt: skip
        with pytest.raises(PersonError):
            base_url(wrong)


def test_a_phone_has_one_source_whichever_of_its_addresses_it_uses() -> None:
    assert source_of("2001:db8:1:2::1") == source_of("2001:db8:1:2:ffff::9") != source_of("2001:db8:1:3::1")
    assert source_of("::ffff:203.0.113.7") == source_of("203.0.113.7") != source_of("203.0.113.8")
    assert source_of("fe80::1%eth0") == source_of("fe80::2")
    assert source_of("no address") == "no address"
