"""The citizen's way in a real Chromium of a phone's size: by keys alone, with and without its script, as a screen reader hears it."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from commandcenter.db.engine import Database as Connections
from commandcenter.domain.case import Grade
from commandcenter.services import cases
from tests.db.county import UNIT_A
from tests.db.gateway_county import photo
from tests.e2e.chromium import PROGRAM, Browser, browser
from tests.e2e.county_database import Database, made_on, run
from tests.e2e.gateway_process import gateway_of

pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="no Chromium here; the page is tested in our own web engine too"
)

TEXT = {"InlineTextBox", "StaticText", "LabelText", "Legend"}
NAMELESS = {"RootWebArea", "generic", "paragraph", "StaticText", "InlineTextBox", "image", "none", "list", "ListMarker",
            "LineBreak", "strong", "DescriptionList", "DescriptionListTerm", "DescriptionListDetail", "LabelText", "Legend",
            "banner", "main", "contentinfo", "form", "listitem", "time", "alert", "status", "MenuListPopup", "term",
            "definition", "Section", "mark"}  # fmt: skip
"""Roles that may be without a name: what they hold speaks for itself."""


@pytest.fixture(scope="module")
def county(server: str) -> Iterator[Database]:
    made = made_on(server, "cc_e2e_chromium")
    yield made
    made.drop()


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Browser]:
    with browser(tmp_path / "profile") as made:
        yield made


async def finish(county: Database, number: str) -> None:
    """Lead the case to the end of its work, by the people whose work that is."""
    duty, unit = await Connections.connect(county.url("duty")), await Connections.connect(county.url("responder"))
    case = await county.value("select id from cc.cases where number = $1", number)
    one = await cases.grade(duty, case_id=case, version=1, grade=Grade.GREEN, key=uuid4())
    one = await cases.dispatch(duty, case_id=case, version=one.version, unit_id=UNIT_A, key=uuid4())
    one = await cases.accept(unit, case_id=case, version=one.version, key=uuid4())
    now = await county.value("select cc.now()")
    done = {"discussed_with": "王五", "discussed_at": now, "done": "换灯", "done_by": now}
    await cases.finish(unit, case_id=case, version=one.version, key=uuid4(), **done)
    await duty.close()
    await unit.close()


def heard(page: Browser) -> dict[str, dict[str, Any]]:
    """What a screen reader is told, by name; nothing that can be used is without one."""
    told = page.tree()
    assert [node for node in told if not node["name"] and node["role"] not in NAMELESS] == []
    assert [node for node in told if node.get("focusable") and not node["name"] and node["role"] != "RootWebArea"] == []
    assert sum(node["role"] == "heading" and node.get("level") == 1 for node in told) == 1
    assert {"banner", "main", "contentinfo"} <= {node["role"] for node in told}
    told.sort(key=lambda node: node["role"] not in TEXT)  # a field, not the text of its label
    return {str(node["name"]): node for node in told}


def test_from_the_poster_to_the_rating_by_keys_alone(county: Database, phone: Browser, tmp_path: Path) -> None:
    picture = tmp_path / "灯.jpg"
    picture.write_bytes(photo((2400, 1800)))
    with gateway_of(county, tmp_path) as gateway:
        phone.ask("Browser.grantPermissions", origin=gateway.url, permissions=["geolocation"])
        phone.ask("Emulation.setGeolocationOverride", latitude=37.1, longitude=122.4, accuracy=12)
        phone.ask("Page.setInterceptFileChooserDialog", enabled=True)
        phone.open(f"{gateway.url}/q/371082101001?b=3")
        form = heard(phone)
        matter = form["是什么问题 必填"]
        assert (matter["role"], matter["multiline"], matter["required"]) == ("textbox", True, True)
        assert matter["description"].startswith("写明什么事")
        assert form["类别"]["role"] == "combobox"
        assert form["对承办单位保密"]["role"] == "checkbox"
        assert form["怎么联系您"]["role"] == "group"
        assert "请留空" not in form, "what is there for robots is not read out"

        assert phone.tab_to("content") == ["content"]
        phone.write("三号楼二单元楼道灯不亮")
        phone.tab_to("locate-button")
        phone.press(" ")
        phone.wait("document.getElementById('locate-said').textContent === '已定位，误差约 12 米'")
        phone.tab_to("photos")
        since = len(phone.events)
        phone.press("Enter")
        chosen = phone.until("Page.fileChooserOpened", since)
        phone.ask("DOM.setFileInputFiles", files=[str(picture)], backendNodeId=chosen["backendNodeId"])
        phone.wait("document.querySelectorAll('#photos-shown canvas').length === 1")
        assert "已选 1 张" in heard(phone), "and it is said"
        phone.tab_to("send")
        with phone.loading():
            phone.press("Enter")
        number = str(phone.value("document.querySelector('h1').textContent"))
        facts = run(
            county.fetch(
                "select c.number, c.place, c.lon, c.lat, a.media_type from cc.cases c "
                "join cc.attachments a on a.case_id = c.id order by c.id desc limit 1"
            )
        )[0]
        assert tuple(facts) == (number, "甲镇甲一社区 3号楼", 122.4, 37.1, "image/jpeg")
        progress = heard(phone)
        assert "已收到，等待受理。" in progress
        assert progress["办理进展"]["role"] in {"heading", "region"}
        assert "已办结，还没有" in phone.value("document.querySelector('.steps').innerText").replace("\n", "")

        run(finish(county, number))
        with phone.loading():
            phone.tab_to("A")  # the telephone numbers come after it
            phone.press("Enter")
        rating = heard(phone)
        assert rating["问题解决了吗"]["role"] == rating["您满意吗"]["role"] == "group"
        assert (rating["没有解决"]["role"], rating["基本满意"]["role"]) == ("radio", "radio")
        phone.tab_to("solved=yes")
        phone.press("ArrowDown")
        assert phone.focus() == "solved=no", "arrows choose"
        phone.tab_to("satisfied=满意")
        phone.press("ArrowDown")
        phone.press("ArrowDown")
        phone.tab_to("words")
        phone.write("还是不亮")
        phone.tab_to("rate")
        with phone.loading():
            phone.press("Enter")
        assert "您的评价：没有解决，不满意" in phone.value("document.body.innerText")
        rated = run(county.fetch("select solved, satisfied, words from cc.ratings"))
        assert [tuple(each) for each in rated] == [(False, "不满意", "还是不亮")]
        assert {url for url in phone.fetched() if not url.startswith(f"{gateway.url}/")} == set(), (
            "nothing from elsewhere"
        )
        assert phone.complaints() == []
        assert gateway.end()[0] == 0


def test_without_its_script_it_works_the_same(county: Database, phone: Browser, tmp_path: Path) -> None:
    with gateway_of(county, tmp_path) as gateway:
        phone.ask("Emulation.setScriptExecutionDisabled", value=True)
        phone.open(f"{gateway.url}/q")
        assert "用手机定位" not in heard(phone), "what only the script can do is not offered"
        assert phone.tab_to("content") == ["content"]
        phone.write("路面塌陷，有一个坑")
        phone.tab_to("phone")
        phone.write("123")
        phone.tab_to("send")
        with phone.loading():
            phone.press("Enter")
        said = heard(phone)
        assert "请写明在哪里。写地址，或用手机定位。" in said
        assert said["是什么问题 必填"]["value"] == "路面塌陷，有一个坑", "what was written stays"
        phone.tab_to("place")
        phone.write("人民路东口")
        phone.tab_to("phone")
        phone.write("12345678")  # what a Tab enters is selected, and replaced
        with phone.loading():
            phone.press("Enter")
        number = phone.value("document.querySelector('h1').textContent")
        assert number == county.value_now("select number from cc.cases order by id desc limit 1")
        assert county.value_now("select phone from cc.citizens order by report_id desc limit 1") == "12345678"
        assert [each for each in phone.complaints() if "400" not in each] == []
        assert gateway.end()[0] == 0


def test_words_stand_out_from_their_ground(county: Database, phone: Browser, tmp_path: Path) -> None:
    """WCAG 2.2: 4.5 to 1 for every text, 44 pixels for what is pressed, nothing out to the side; also at twice the size."""
    with gateway_of(county, tmp_path) as gateway:
        for scheme, path in product(("light", "dark"), ("/q/371082101001", "/q/nowhere")):
            phone.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            phone.open(gateway.url + path)
            assert phone.value(LOW_CONTRAST) == [], (scheme, path)
            assert phone.value(SMALL) == []
            for percent in (112.5, 225):
                phone.value(f"document.documentElement.style.fontSize = '{percent}%'")
                assert phone.value("document.documentElement.scrollWidth <= innerWidth"), (path, percent)
        assert gateway.end()[0] == 0


LOW_CONTRAST = """(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((each) => each / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (each) => {
    for (let at = each; at; at = at.parentElement) {
      const found = getComputedStyle(at).backgroundColor;
      if ((parts(found)[3] ?? 1) > 0) return found;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [];
  for (const each of document.querySelectorAll("body *")) {
    const own = [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !each.checkVisibility()) continue;
    const [one, other] = [light(getComputedStyle(each).color), light(ground(each))].sort((a, b) => b - a);
    if ((one + 0.05) / (other + 0.05) < 4.5) found.push(each.outerHTML.slice(0, 80));
  }
  return found;
})()"""
SMALL = """[...document.querySelectorAll("a,button,select,textarea,input:not([type=hidden]):not([tabindex])")]
  .map((each) => each.closest("label.check") || each).filter((each) => each.checkVisibility())
  .filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.outerHTML.slice(0, 80))"""
