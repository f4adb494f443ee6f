"""``slip pdf`` on a real county: a slip leaves as a document, by number or id."""

from pathlib import Path
from uuid import UUID

import asyncpg
from docx import Document

from tests.db.county import DEPARTMENT_1
from tests.e2e.command_line import CommandLine
from tests.e2e.county_database import Database, run


async def _signed(county: Database) -> int:
    director = await asyncpg.connect(county.url("director"))
    try:
        slip: int = await director.fetchval(
            "select slip_id from cc.draft_slip(2, $1, '关于路灯的督办', '路灯不亮。', '', '{}', '加急', $2)",
            DEPARTMENT_1,
            UUID(int=1),
        )
        await director.fetchval("select state from cc.sign_slip($1, 1, $2)", slip, UUID(int=2))
    finally:
        await director.close()
    return slip


def _words(path: Path) -> str:
    body = Document(str(path)).element.body
    return "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


def test_a_slip_leaves_as_pdf_and_as_docx(county: Database, tmp_path: Path) -> None:
    slip = run(_signed(county))
    number, year = run(county.fetch("select number, year from cc.slips"))[0]
    cli = CommandLine(tmp_path / "data", county.url("supervisor"))
    out = tmp_path / "单.pdf"
    assert cli.json("slip", "pdf", number, out) == {"number": number, "file": str(out), "draft": False}
    assert out.read_bytes().startswith(b"%PDF")
    docx = tmp_path / "单.docx"
    assert str(docx) in cli.ok("slip", "pdf", slip, docx)
    for words in (number, "关于路灯的督办单", "加急", "人员director"):
        assert words in _words(docx), words
    assert cli.json("slip", "pdf", f"荣社督[{year}]1", docx)["number"] == number
    assert "没有找到" in cli.refused("slip", "pdf", f"荣社督〔{year}〕2号", out)
    assert "不能存成" in cli.refused("slip", "pdf", number, tmp_path / "单.txt")
    assert "写不进" in cli.refused("slip", "pdf", number, tmp_path / "没有" / "单.pdf")
    elsewhere = CommandLine(tmp_path / "data", county.url("responder_b"))
    assert "没有找到" in elsewhere.refused("slip", "pdf", slip, out)
