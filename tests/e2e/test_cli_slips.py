"""``slip list`` and ``slip export``, on a real county."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from openpyxl import load_workbook

from commandcenter.clock import SHANGHAI
from tests.db.county import UNIT_A, UNIT_B
from tests.e2e.command_line import CommandLine
from tests.e2e.county_database import Database, run

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


async def _make(county: Database) -> None:
    root = await asyncpg.connect(county.admin_url)
    supervisor, director = (
        await asyncpg.connect(county.url("supervisor")),
        await asyncpg.connect(county.url("director")),
    )
    try:
        await root.execute("update cc.centre set fixed_now = $1", MONDAY)
        for number, (kind, unit) in enumerate([(1, UNIT_A), (2, UNIT_A), (2, UNIT_B), (3, UNIT_B)]):
            slip = await supervisor.fetchval(
                "select slip_id from cc.draft_slip($1, $2, '关于路灯的单', '路灯不亮。', '', '{}', '一般', $3)",
                kind, unit, UUID(int=number + 1),
            )  # fmt: skip
            if kind < 3:
                await director.fetchval("select state from cc.sign_slip($1, 1, $2)", slip, UUID(int=number + 101))
    finally:
        for connection in (root, supervisor, director):
            await connection.close()


def test_list_and_export(county: Database, tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "data", county.url("supervisor"))
    assert cli.ok("slip", "list").strip() == "没有未办结的三单。"
    run(_make(county))
    lines = [line.split("\t") for line in cli.ok("slip", "list").splitlines()]
    assert [line[:3] for line in lines] == [
        ["警示单", "草稿", "乙镇政府"],
        ["荣社督〔2026〕1号", "待签收", "甲镇政府"],
        ["荣社督〔2026〕2号", "待签收", "乙镇政府"],
        ["荣社提〔2026〕1号", "待签收", "甲镇政府"],
    ]
    assert lines[1][4] == "签收时限 2026-03-02 11:00:00"  # two hours of working time from 09:00
    found = cli.json("slip", "list")["slips"]
    assert [each["number"] for each in found] == ["", "荣社督〔2026〕1号", "荣社督〔2026〕2号", "荣社提〔2026〕1号"]
    assert found[0]["reply_due_at"] is None

    out = tmp_path / "台账.xlsx"
    assert cli.json("slip", "export", out, "--year", "2026") == {"slips": 3, "file": str(out)}
    rows = list(load_workbook(out).worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["编号", "荣社提〔2026〕1号", "荣社督〔2026〕1号", "荣社督〔2026〕2号"]
    assert cli.json("slip", "export", out, "--kind", "督办单", "--unit", "乙镇政府")["slips"] == 1  # this year
    assert cli.json("slip", "export", out, "--year", "2025")["slips"] == 0
    assert "没有单位叫" in cli.refused("slip", "export", out, "--unit", "没有的")
    assert "不能导出成" in cli.refused("slip", "export", tmp_path / "台账.pdf")
    assert "--kind 不能是" in cli.refused("slip", "export", out, "--kind", "通报", code=2)

    unit = CommandLine(tmp_path / "data", county.url("responder_b"))
    assert [each["number"] for each in unit.json("slip", "list")["slips"]] == ["荣社督〔2026〕2号"]
