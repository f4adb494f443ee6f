"""Slips as the desks have them: the service's verbs and reads under real logins, the register as a file."""

import csv
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from commandcenter.clock import SHANGHAI
from commandcenter.db.engine import Database
from commandcenter.domain.slip import SlipKind, SlipState
from commandcenter.errors import NotVisible, PersonError, Refused, StaleVersion
from commandcenter.services import slips
from tests.db.centre import Centre
from tests.db.county import UNIT_A, UNIT_B
from tests.db.life import MONDAY, accepted


class Desks:
    """The databases of a centre's people."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self._open: dict[str, Database] = {}

    async def __call__(self, who: str) -> Database:
        if who not in self._open:
            self._open[who] = await Database.connect(self.centre.url(who))
        return self._open[who]

    async def close(self) -> None:
        for db in self._open.values():
            await db.close()


@pytest.fixture
async def desks(centre: Centre) -> AsyncIterator[Desks]:
    await centre.clock(MONDAY)
    made = Desks(centre)
    yield made
    await made.close()


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def drafted(
    desks: Desks, kind: SlipKind = SlipKind.NOTICE, unit: int = UNIT_A, **given: object
) -> slips.SlipChange:
    words = {"subject": "关于路灯的提示", "wrong": "路灯长期不亮。"} | given
    return await slips.draft(await desks("supervisor"), kind=kind, unit_id=unit, **words, key=uuid4())  # type: ignore[arg-type]


async def signed(desks: Desks, *drafting: object, **given: object) -> slips.SlipChange:
    slip = await drafted(desks, *drafting, **given)  # type: ignore[arg-type]
    return await slips.sign(await desks("leader"), slip_id=slip.slip_id, version=slip.version, key=uuid4())


async def test_a_whole_life(desks: Desks) -> None:
    case = await accepted(desks.centre)
    supervisor, unit = await desks("supervisor"), await desks("responder")
    slip = await drafted(desks, case_ids=[case.case_id], urgency="加急")
    assert slip.state is SlipState.DRAFT
    assert await slips.read_open(unit) == ()
    slip = await slips.edit(
        supervisor, slip_id=slip.slip_id, version=slip.version, subject="关于路灯的提示", wrong="三处路灯不亮。", demand="请修好。",
        addressee="分管副职", copies=[" 市委办公室", "", "市委办公室"], urgency="特急", contact="值班室 0631-1",
        reply_due_at=MONDAY + timedelta(days=10), key=uuid4(),
    )  # fmt: skip
    slip = await slips.sign(await desks("section_head"), slip_id=slip.slip_id, version=slip.version, key=uuid4())
    assert (slip.number, slip.state) == ("荣社提〔2026〕1号", SlipState.TO_RECEIVE)
    [seen] = await slips.read_open(unit)
    assert (seen.kind, seen.kind_name, seen.unit_name, seen.rule_name) == (SlipKind.NOTICE, "提示单", "甲镇政府", "")
    assert (seen.copies, seen.urgency, seen.wrong) == (("市委办公室",), "特急", "三处路灯不亮。")
    assert seen.clock() == ("receipt", datetime(2026, 3, 2, 14, 30, tzinfo=SHANGHAI))
    assert [(fact.case_id, fact.fact["number"]) for fact in seen.facts] == [(case.case_id, case.number)]
    assert [(each.place, each.post, each.name) for each in seen.signatures] == [(1, "section_head", "人员section_head")]
    slip = await slips.receive(unit, slip_id=slip.slip_id, version=slip.version, key=uuid4())
    slip = await slips.reply(
        unit, slip_id=slip.slip_id, version=slip.version, text="已修好。", files=[("照片.jpg", "image/jpeg", b"picture")],
        key=uuid4(),
    )  # fmt: skip
    seen = await slips.read_slip(unit, slip.slip_id)
    [file] = seen.files
    assert (file.name, file.size, await slips.read_file(supervisor, file.id)) == ("照片.jpg", 7, b"picture")
    with pytest.raises(NotVisible):
        await slips.read_file(await desks("responder_b"), file.id)
    slip = await slips.judge(
        supervisor, slip_id=slip.slip_id, version=slip.version, passed=True, words="办结", key=uuid4()
    )
    slip = await slips.copy(supervisor, slip_id=slip.slip_id, version=slip.version, recipient="市委办公室", key=uuid4())
    [of_case] = await slips.read_of_case(unit, case.case_id)
    assert (of_case.state, of_case.verdict, of_case.clock()) == (SlipState.CLOSED, "办结", (None, None))
    assert [each.recipient for each in of_case.copies_sent] == ["市委办公室"]
    assert await slips.read_open(supervisor) == ()
    with pytest.raises(NotVisible):
        await slips.read_slip(await desks("responder_b"), slip.slip_id)


async def test_refusals_are_sentences(desks: Desks) -> None:
    supervisor, unit = await desks("supervisor"), await desks("responder")
    slip = await drafted(desks, SlipKind.WARNING)
    both = {"slip_id": slip.slip_id, "version": slip.version}
    with pytest.raises(Refused, match="须由中心主任或其上级签发"):
        await slips.sign(supervisor, **both, key=uuid4())
    with pytest.raises(NotVisible, match="没有找到这份单"):
        await slips.receive(unit, **both, key=uuid4())
    with pytest.raises(Refused, match="岗位没有这项权限"):
        await slips.dismiss(unit, **both, reason="x", key=uuid4())
    with pytest.raises(PersonError, match="理由"):
        await slips.dismiss(supervisor, **both, reason=" ", key=uuid4())
    with pytest.raises(Refused, match="这份单现为“草稿”，您的岗位不能对它作废"):
        await slips.void(supervisor, **both, reason="x", key=uuid4())
    slip = await slips.sign(await desks("director"), **both, key=uuid4())
    with pytest.raises(Refused, match="须由市领导或其上级签发"):
        await slips.sign(await desks("director"), slip_id=slip.slip_id, version=slip.version, key=uuid4())
    with pytest.raises(StaleVersion):
        await slips.sign(await desks("leader"), **both, key=uuid4())
    slip = await slips.sign(await desks("leader"), slip_id=slip.slip_id, version=slip.version, key=uuid4())
    with pytest.raises(PersonError, match="这份单不抄送给该单位"):
        await slips.copy(supervisor, slip_id=slip.slip_id, version=slip.version, recipient="晚报", key=uuid4())
    slip = await slips.receive(unit, slip_id=slip.slip_id, version=slip.version, key=uuid4())
    with pytest.raises(PersonError, match="整改方案"):
        await slips.reply(unit, slip_id=slip.slip_id, version=slip.version, text="好", key=uuid4())
    with pytest.raises(PersonError, match="20 MB"):
        await slips.reply(
            unit, slip_id=slip.slip_id, version=slip.version, text="好", plan="案", files=[("a", "", b"")], key=uuid4()
        )
    with pytest.raises(PersonError, match="紧急程度"):
        await drafted(desks, urgency="火速")


async def test_the_register(desks: Desks, tmp_path: Path) -> None:
    supervisor = await desks("supervisor")
    first = await signed(desks)
    await slips.void(supervisor, slip_id=first.slip_id, version=first.version, reason="发错单位", key=uuid4())
    await signed(desks, SlipKind.NOTICE, UNIT_B, subject="=1+1")
    await signed(desks, SlipKind.ORDER)
    await drafted(desks)
    await desks.centre.clock(MONDAY.replace(year=2027))
    await signed(desks)
    this = await slips.register(supervisor, year=2026)
    assert [slip.number for slip in this] == ["荣社提〔2026〕1号", "荣社提〔2026〕2号", "荣社督〔2026〕1号"]
    assert [slip.number for slip in await slips.register(supervisor, year=2027)] == ["荣社提〔2027〕1号"]
    assert await slips.this_year(supervisor) == 2027
    of_b = await slips.register(supervisor, year=2026, kind=SlipKind.NOTICE, unit_id=UNIT_B)
    assert [slip.number for slip in of_b] == ["荣社提〔2026〕2号"]
    assert [slip.number for slip in await slips.register(await desks("responder_b"), year=2026)] == [
        "荣社提〔2026〕2号"
    ]

    slips.export_register(this, tmp_path / "台账.xlsx")
    sheet = load_workbook(tmp_path / "台账.xlsx").worksheets[0]
    header, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    lines = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(line["编号"], line["状态"], line["主送单位"]) for line in lines] == [
        ("荣社提〔2026〕1号", "作废", "甲镇政府"),
        ("荣社提〔2026〕2号", "待签收", "乙镇政府"),
        ("荣社督〔2026〕1号", "待签收", "甲镇政府"),
    ]
    assert (lines[0]["作废原因"], lines[0]["签发时间"], lines[0]["逾期签收"]) == (
        "发错单位",
        "2026-03-02 09:00:00",
        "否",
    )
    assert lines[1]["事由"] == "=1+1", "a text, not a formula"
    assert sheet.cell(3, header.index("事由") + 1).data_type == "s"

    slips.export_register(this, tmp_path / "台账.csv")
    with (tmp_path / "台账.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["编号", *(slip.number for slip in this)]
    with pytest.raises(PersonError, match="不能导出成"):
        slips.export_register(this, tmp_path / "台账.pdf")
    with pytest.raises(PersonError, match="写不进"):
        slips.export_register(this, tmp_path / "没有" / "台账.xlsx")
    assert names_in(tmp_path) == ["台账.csv", "台账.xlsx"]
