"""The gateway's process, asked by clients that nobody here wrote: georeport, and schemathesis over its OpenAPI."""

from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from georeport import GeoReport
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from schemathesis import GenerationMode

from tests.db.county import CATEGORY
from tests.e2e.command_line import CommandLine
from tests.e2e.county_database import Database
from tests.e2e.gateway_process import gateway_of, key_of

EXAMPLES = 20
"""Of every operation, valid ones and broken ones each."""


def delivered(url: str, key: str, **said: str) -> httpx.Response:
    facts = {"service_code": str(CATEGORY), "lat": "37.1", "long": "122.4", "description": "漏气", "api_key": key}
    return httpx.post(f"{url}/open311/v2/requests.json", data=facts | said)


def test_a_client_of_the_standard_reads_json_and_xml(county: Database, tmp_path: Path) -> None:
    key = key_of(county, tmp_path)
    with gateway_of(county, tmp_path) as gateway:
        numbers = [
            delivered(gateway.url, key, description=f"第{n}件").json()[0]["service_request_id"] for n in range(2)
        ]
        said: dict[str, Any] = {}
        for form in ("json", "xml"):
            client = GeoReport(f"{gateway.url}/open311/v2", jurisdiction="371082", output_format=form)
            services = client.get_service_list()
            assert [each["service_name"] for each in services] == ["燃气", "其他（不确定类别）"]
            definition = client.get_service_definition(str(CATEGORY))
            assert definition["service_code"] == str(CATEGORY)
            found = client.get_service_requests(status="open")
            assert {each["service_request_id"] for each in found} == set(numbers)
            assert client.get_service_requests(service_request_id=",".join(numbers), service_code="7") is not None
            one = client.get_service_request(numbers[0])
            said[form] = {name: str(value) for name, value in one.items() if value is not None}
        assert said["json"] == said["xml"]
        wrong = GeoReport(f"{gateway.url}/open311/v2", jurisdiction="elsewhere.gov")
        with pytest.raises(requests.HTTPError, match="404"):
            wrong.get_service_list()
        assert gateway.end() == (0, "网关已结束。\n")


@pytest.mark.slow
def test_no_answer_is_a_surprise(county: Database, tmp_path: Path) -> None:
    key = key_of(county, tmp_path)
    with gateway_of(county, tmp_path) as gateway:
        number = delivered(gateway.url, key).json()[0]["service_request_id"]
        schema = schemathesis.openapi.from_url(f"{gateway.url}/openapi.json")
        for found in schema.get_all_operations():
            operation = found.ok()
            tried(operation, GenerationMode.POSITIVE, key, number)
            if operation.path != "/healthz":  # nothing can be wrong where nothing is asked for
                tried(operation, GenerationMode.NEGATIVE, key, number)
        assert httpx.get(f"{gateway.url}/healthz").json() == {"database": True}
        assert gateway.end()[0] == 0
    log = (tmp_path / "logs" / "commandcenter.log").read_text(encoding="utf-8") if (tmp_path / "logs").exists() else ""
    assert "Traceback" not in log
    assert "漏气" not in log


def tried(operation: Any, mode: GenerationMode, key: str, number: str) -> None:
    """Send what the description allows, or forbids, and hold every answer to it."""

    @seeded(20261122)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            completed(case, key, number)
        answer = case.call()
        assert answer.status_code < 500, answer.text
        case.validate_response(answer)

    one()


def completed(case: Any, key: str, number: str) -> None:
    """Add what a description cannot say: what exists here, and rules between fields."""
    if isinstance(case.body, dict):
        case.body |= {"api_key": key, "service_code": "0", "address_string": "人民路1号"}
        case.body.pop("media", None)  # what a photo is, no description can say
        if "" in {case.body.get("lat", ""), case.body.get("long", "")}:
            case.body.pop("lat", None)
            case.body.pop("long", None)
    if "service_request_id" in (case.path_parameters or {}):
        case.path_parameters["service_request_id"] = number
    if {"start_date", "end_date"} <= set(case.query or {}):
        case.query.pop("end_date")


def test_keys_on_the_command_line(county: Database, tmp_path: Path) -> None:
    cli = CommandLine(tmp_path, county.url("admin"))
    assert cli.ok("gateway", "key", "list").strip() == "还没有密钥。"
    made = cli.json("gateway", "key", "add", "荣成民生APP", "--channel", "荣成民生APP")
    assert set(made) == {"id", "channel", "api_key"}
    [key] = cli.json("gateway", "key", "list")["keys"]
    assert (key["label"], key["hour_limit"], key["active"], key["deliveries"]) == ("荣成民生APP", 3000, True, 0)
    assert made["api_key"] not in cli.ok("gateway", "key", "list")
    assert "已停用" in cli.ok("gateway", "key", "revoke", key["id"])
    assert "已停用" in cli.ok("gateway", "key", "list")
    assert "没有渠道" in cli.refused("gateway", "key", "add", "x", "--channel", "无")
    assert "没有这个密钥" in cli.refused("gateway", "key", "revoke", 5)
    duty = CommandLine(tmp_path, county.url("duty"))
    assert "没有这项权限" in duty.refused("gateway", "key", "add", "x", "--channel", "app")
    assert "intake" in duty.refused("gateway", "--port", "0")
    assert "不是网址" in duty.refused("gateway", "--port", "0", "--base-url", "12345.gov.cn")


def test_posters_on_the_command_line(county: Database, tmp_path: Path) -> None:
    cli = CommandLine(tmp_path, county.url("duty"))
    out = tmp_path / "码.pdf"
    words = ("gateway", "poster", out, "--base-url", "https://a.gov.cn")
    assert cli.json(*words, "--area", "371082101001", "--buildings", "1-3", "--per-page", "4")["posters"] == 3
    assert out.read_bytes().startswith(b"%PDF")
    assert "没有编号" in cli.refused(*words, "--area", "9")
    assert "没有小区" in cli.refused(*words, "--all-estates")
    assert "--all-estates" in cli.refused(*words, code=2)
