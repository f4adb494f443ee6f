"""A slip on paper after GB/T 9704-2012, read back from what was made: words, measures, pages."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtPdf import QPdfDocument

from commandcenter.errors import PersonError
from commandcenter.reports.slip_document import (
    FACTS_IN_THE_TEXT,
    FactLine,
    Receipt,
    Signer,
    SlipDocument,
    day_words,
    title_lines,
)
from commandcenter.reports.slip_docx import TEMPLATE, slip_docx, template_of
from commandcenter.reports.slip_pdf import slip_pdf

MM = 72 / 25.4
SLIP = SlipDocument(
    body="某某市社会治理服务中心",
    number="某社督〔2026〕12号",
    title="关于一件工单超期未办结的督办单",
    addressee="住建局（分管负责人）",
    paragraphs=("你单位承办的下列工单超过办理时限。",),
    demands=("请立即组织办理。",),
    reply_by="请于2026年11月25日17时30分前书面回复。",
    facts=(FactLine("RC1", "路灯不亮", "绿", "已超期"),),
    signers=(Signer("中心主任", "甲某"),),
    day=date(2026, 11, 2),
    contact="乙某，0631-0000000",
    copies=("市委办公室", "市政府办公室"),
    receipt=Receipt("住建局"),
)


class Pages:
    """A PDF, read back."""

    def __init__(self, pdf: bytes) -> None:
        self._bytes = QBuffer()
        self._bytes.setData(QByteArray(pdf))
        self._bytes.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document = QPdfDocument()
        assert self.document.load(self._bytes) in {None, QPdfDocument.Error.None_}

    def __len__(self) -> int:
        return self.document.pageCount()

    def text(self, page: int | None = None) -> str:
        """Without the line breaks that setting put in."""
        pages = range(len(self)) if page is None else (page,)
        return "".join(self.document.getAllText(each).text() for each in pages).replace("\r\n", "").replace("\n", "")

    def boxes(self, page: int, wanted: str) -> list[tuple[float, float, float, float]]:
        """Left, top, right, bottom in mm of every character that is one of `wanted`."""
        text = self.document.getAllText(page).text()
        found = []
        for at, letter in enumerate(text):
            if letter in wanted:
                box = self.document.getSelectionAtIndex(page, at, 1).boundingRectangle()
                found.append((box.left() / MM, box.top() / MM, box.right() / MM, box.bottom() / MM))
        return found

    def lines(self, page: int, wanted: str) -> list[list[float]]:
        """The left edges in mm of `wanted`'s characters, line by line from the top."""
        rows: dict[int, list[float]] = defaultdict(list)
        for left, top, _, _ in self.boxes(page, wanted):
            rows[round(top)].append(left)
        return [sorted(rows[top]) for top in sorted(rows)]


@pytest.fixture
def pages(qapp: object) -> Any:  # noqa: ARG001 - Qt reads the PDF
    return lambda document, **how: Pages(slip_pdf(document, **how))


def test_everything_that_is_said_is_on_the_paper(pages: Any) -> None:
    made = pages(SLIP)
    text = made.text()
    for words in (
        SLIP.body,
        SLIP.number,
        SLIP.title,
        "住建局（分管负责人）：",
        *SLIP.paragraphs,
        *SLIP.demands,
        SLIP.reply_by,
        "RC1",
        "路灯不亮",
        "甲某",
        "2026年11月2日",
        "乙某，0631-0000000",
        "抄送：市委办公室，市政府办公室。",
        "2026年11月2日印发",
    ):
        assert words in text, words
    assert "草稿" not in text
    assert "印章" not in text
    assert "作废" not in text


def test_a_page_is_a4_and_full_of_28_by_22(pages: Any) -> None:
    """GB/T 9704-2012, 5.2: 22 lines of 28 characters fill 156 mm × 225 mm, 37 mm from the top, 28 mm from the left."""
    made = pages(replace(SLIP, paragraphs=("汉" * (28 * 60),), facts=()))
    size = made.document.pagePointSize(1)
    assert (size.width() / MM, size.height() / MM) == pytest.approx((210, 297), abs=0.1)
    lines = made.lines(1, "汉")
    assert [len(line) for line in lines] == [28] * 22
    boxes = made.boxes(1, "汉")
    assert 28 <= min(box[0] for box in boxes) < 29
    assert 183 < max(box[2] for box in boxes) <= 184.05
    assert 37 <= min(box[1] for box in boxes) < 37 + 225 / 22
    assert 262 - 225 / 22 < max(box[3] for box in boxes) <= 262
    assert (lines[0][-1] - lines[0][0]) / 27 == pytest.approx(156 / 28, abs=0.03)  # boxes are read back in whole points
    tops = sorted({round(box[1], 1) for box in boxes})
    assert (tops[-1] - tops[0]) / 21 == pytest.approx(225 / 22, abs=0.05)


def test_a_paragraph_begins_two_characters_in(pages: Any) -> None:
    made = pages(replace(SLIP, paragraphs=("汉" * 60,)))
    first, second, *_ = made.lines(0, "汉")
    assert len(first) == 26
    assert first[0] - second[0] == pytest.approx(2 * 156 / 28, abs=25.4 / 72)  # read back in whole points


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(pages: Any) -> None:
    made = pages(SLIP)
    assert len(made) == 3
    for page in range(3):
        assert f"— {page + 1} —" in made.text(page)
        dashes = [box for box in made.boxes(page, "—") if box[1] > 262]
        assert len(dashes) == 2
        assert (dashes[0][0] < 105) == (page % 2 == 1)


def test_the_foot_ends_the_text_and_the_receipt_has_its_own_page(pages: Any) -> None:
    made = pages(SLIP)
    assert "印发" in made.text(1)
    printed = made.boxes(1, "发")[-1]
    assert 250 < printed[3] <= 262
    assert "回　　执" in made.text(2).replace("  ", "　　")
    assert "办理情况" in made.text(2)
    assert "整改方案" not in made.text(2)
    assert "整改方案" in pages(replace(SLIP, receipt=Receipt("住建局", with_plan=True))).text(2)
    assert len(pages(replace(SLIP, receipt=None))) == 2


def test_a_draft_says_so_in_place_of_the_number_and_shows_where_the_seal_will_be(pages: Any) -> None:
    draft = replace(SLIP, number="", day=None, signers=(Signer("中心主任"), Signer("市领导")))
    text = pages(draft, preview=True).text()
    assert "草稿" in text
    assert "印章" in text
    assert text.count("待签") == 2
    assert "〔" not in text
    assert "草稿" in pages(draft).text()
    assert "印章" not in pages(draft).text()


def test_many_facts_are_an_attachment_and_a_void_slip_says_why(pages: Any) -> None:
    facts = tuple(FactLine(f"RC{at:02}", "路灯不亮", "绿", "已超期") for at in range(12))
    made = pages(replace(SLIP, facts=facts, void="内容有误"))
    text = made.text()
    assert "附件：相关事项清单（12件）" in text
    assert all(fact.number in text for fact in facts)
    assert "RC00" not in made.text(0)
    assert "本单已作废：内容有误" in text
    assert "RC00" in pages(replace(SLIP, facts=facts[:FACTS_IN_THE_TEXT])).text(0)


def test_without_copies_there_is_no_line_for_them(pages: Any) -> None:
    assert "抄送" not in pages(replace(SLIP, copies=())).text()


def test_a_long_reply_goes_on_on_the_next_page_whole(pages: Any) -> None:
    reply = "".join(f"第{at}项已经办理。" for at in range(200))
    made = pages(replace(SLIP, receipt=Receipt("住建局", reply=reply, with_plan=True, plan="整改。", verdict="通过")))
    text = made.text()
    assert all(f"第{at}项" in text for at in range(200))
    assert "评定结论" in text


def test_what_looks_like_markup_is_printed_as_it_is(pages: Any) -> None:
    odd = "A#B *c* _d_ $e$ <f> {{ g }} \\h"
    made = pages(replace(SLIP, paragraphs=(odd,), title="关于#1的督办单"))
    assert odd in made.text()
    assert odd in _text(slip_docx(replace(SLIP, paragraphs=(odd,))))


@pytest.mark.parametrize("length", [20, 21, 40, 41, 59, 60])
def test_a_title_is_cut_into_lines_that_fit(length: int) -> None:
    """22 pt in 156 mm: 20 characters a line."""
    title = "关于" + "某" * (length - 5) + "督办单"
    lines = title_lines(title)
    assert "".join(lines) == title
    assert max(map(len, lines)) <= 20
    assert len(lines) == -(-length // 20)


def test_a_title_is_not_cut_before_a_comma_or_in_a_number() -> None:
    for cut in range(12, 22):
        lines = title_lines("某" * cut + "、1234567890" + "某" * 9)
        assert not any(line.startswith("、") for line in lines)
        assert any("1234567890" in line for line in lines)


def test_days_have_arabic_numerals_without_leading_zeros() -> None:
    assert day_words(date(2026, 1, 5)) == "2026年1月5日"


def test_the_word_document_has_the_same_words_and_measures() -> None:
    made = Document(BytesIO(slip_docx(SLIP)))
    text = _text(slip_docx(SLIP))
    for words in (
        SLIP.body,
        SLIP.number,
        SLIP.title,
        *SLIP.paragraphs,
        SLIP.reply_by,
        "RC1",
        "甲某",
        "2026年11月2日印发",
    ):
        assert words in text, words
    assert "抄送：市委办公室，市政府办公室。" in text
    assert "{{" not in text
    assert "{%" not in text
    section = made.sections[0]
    assert [round(each / Mm(1)) for each in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(each / Mm(1)) for each in margins] == [37, 28, 26, 35]
    assert made.settings.odd_and_even_pages_header_footer


def test_the_word_document_of_a_draft_and_of_a_void_one() -> None:
    draft = _text(slip_docx(replace(SLIP, number="", day=None, signers=(Signer("中心主任"),), copies=())))
    assert "草稿" in draft
    assert "待签" in draft
    assert "抄送" not in draft
    assert "本单已作废：内容有误" in _text(slip_docx(replace(SLIP, void="内容有误")))


def test_the_offices_own_template_goes_before_ours(tmp_path: Path) -> None:
    assert template_of(tmp_path) == TEMPLATE
    own = tmp_path / "templates" / "slip.docx"
    own.parent.mkdir()
    mine = Document()
    mine.add_paragraph("本局专用　{{ number }}")
    mine.save(str(own))
    assert template_of(tmp_path) == own
    assert _text(slip_docx(SLIP, own)) == f"本局专用　{SLIP.number}"


@pytest.mark.parametrize("broken", ["{{ number", "{% if %}"])
def test_a_template_with_a_mistake_is_told_in_a_sentence(tmp_path: Path, broken: str) -> None:
    own = tmp_path / "slip.docx"
    mine = Document()
    mine.add_paragraph(broken)
    mine.save(str(own))
    with pytest.raises(PersonError, match="模板"):
        slip_docx(SLIP, own)
    own.write_bytes(b"no document")
    with pytest.raises(PersonError, match="模板"):
        slip_docx(SLIP, own)


def _text(docx: bytes) -> str:
    """All words of the body, tables included, in order."""
    body = Document(BytesIO(docx)).element.body
    return "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))
