"""Makes ``resources/slips/slip.docx`` anew: ``python tools/slip_template.py [OUT.docx]``.

The template is a resource: an office opens it in its word processor, changes it, and puts its own copy into the data
folder as ``templates/slip.docx``. This script is only how the first one came to be, with the measures of GB/T 9704-2012.
What stands between ``{{ }}`` and ``{% %}`` is filled by commandcenter/reports/slip_docx.py.
"""
# ruff: noqa: SLF001 - python-docx has no words of its own for grids, borders and floating tables

import sys
from pathlib import Path

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

OUT = Path(__file__).parents[1] / "resources" / "slips" / "slip.docx"
PITCH = Pt(225 / 22 * 72 / 25.4)
"""A line: a 22nd of the text area's 225 mm."""
RED = RGBColor(0xE6, 0x00, 0x12)
QUIET = RGBColor(0x6E, 0x6E, 0x6E)
LEFT, RIGHT, CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER
FACES = {
    "title": "方正小标宋简体",
    "fang": "仿宋_GB2312",
    "hei": "黑体",
    "kai": "楷体_GB2312",
    "song": "宋体",
}


def main(arguments):
    """Write the template."""
    made = Document()
    lay_out_page(made)
    add_styles(made)
    number_pages(made)
    write_head(made)
    write_text(made)
    write_end(made)
    write_receipt(made)
    made.core_properties.author = ""
    made.core_properties.title = "三单模板"
    made.core_properties.comments = ""
    made.save(arguments[0] if arguments else OUT)


def lay_out_page(made):
    """A4; margins 37 mm and 28 mm; text area 156 × 225 mm; a grid of 28 × 22."""
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.right_margin, section.bottom_margin = Mm(26), Mm(35)
    section.footer_distance = Mm(35 - 7 - 6)  # the dashes of the page number are 7 mm below the text area
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(round(PITCH.pt * 20)))
    grid.set(qn("w:charSpace"), str(round((156 / 28 * 72 / 25.4 - 16) * 4096)))


def add_styles(made):
    """One style for each part, by the name an office knows it by."""
    normal = made.styles["Normal"]
    dress(normal, "fang", 16)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = PITCH
    normal.paragraph_format.widow_control = False
    for name, face, size, alignment, indent in (
        ("公文紧急程度", "hei", 16, LEFT, 0),
        ("公文发文机关", "title", 38, CENTRE, 0),
        ("公文文号", "fang", 16, CENTRE, 0),
        ("公文标题", "title", 22, CENTRE, 0),
        ("公文主送", "fang", 16, LEFT, 0),
        ("公文正文", "fang", 16, WD_ALIGN_PARAGRAPH.JUSTIFY, 2),
        ("公文小标题", "hei", 16, LEFT, 2),
        ("公文署名", "fang", 16, RIGHT, 0),
        ("公文签发", "kai", 16, LEFT, 2),
        ("公文表格", "fang", 12, LEFT, 0),
        ("公文表头", "hei", 12, CENTRE, 0),
        ("公文版记", "fang", 14, LEFT, 0),
        ("公文回执", "fang", 14, LEFT, 0),
    ):
        style = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        dress(style, face, size)
        style.paragraph_format.alignment = alignment
        if indent:
            style.paragraph_format.first_line_indent = Pt(indent * size)
    made.styles["公文发文机关"].font.color.rgb = RED
    made.styles["公文发文机关"].paragraph_format.line_spacing = Pt(46)
    made.styles["公文标题"].paragraph_format.line_spacing = Pt(33)
    made.styles["公文小标题"].paragraph_format.keep_with_next = True
    for name, height in (("公文表格", 17), ("公文表头", 17), ("公文版记", 20), ("公文回执", 22)):
        made.styles[name].paragraph_format.line_spacing = Pt(height)


def dress(style, face, size):
    """Give a style its face (for Chinese and Latin letters alike) and size in pt."""
    style.font.size = Pt(size)
    style.font.name = FACES[face]
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FACES[face])


def number_pages(made):
    """— 1 —, in 4号宋体, right on odd and left on even pages."""
    made.settings.odd_and_even_pages_header_footer = True
    section = made.sections[0]
    for footer, alignment in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        line = footer.paragraphs[0]
        line.alignment = alignment
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        for text in ("— ", None, " —"):
            run = line.add_run(text)
            run.font.size, run.font.name = Pt(14), FACES["song"]
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FACES["song"])
            if text is None:
                field(run, "PAGE")


def field(run, what):
    """Make the run a field that the word processor fills."""
    for kind in ("begin", what, "end"):
        part = OxmlElement("w:instrText" if kind == what else "w:fldChar")
        if kind == what:
            part.text = what
        else:
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def add(made, style, text=""):
    """One paragraph of that style."""
    return made.add_paragraph(text, style=style)


def write_head(made):
    """紧急程度, the issuing body in red, the number, the red rule."""
    add(made, "公文紧急程度", "{{ urgency }}{% if void %}　　（作废）{% endif %}")
    name = add(made, "公文发文机关", "{{ body }}")
    name.paragraph_format.space_before = Mm(35) - PITCH  # its upper edge: 35 mm below the text area's
    for _ in range(2):
        add(made, "公文正文")
    add(made, "公文文号", "{%p if number %}")
    rule(add(made, "公文文号", "{{ number }}"))
    add(made, "公文文号", "{%p else %}")
    draft = add(made, "公文文号")
    draft.add_run("草稿").font.color.rgb = QUIET
    rule(draft)
    add(made, "公文文号", "{%p endif %}")
    for _ in range(2):
        add(made, "公文正文")


def rule(paragraph, colour="E60012"):
    """A line below the paragraph, 4 mm away."""
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", colour)):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr")


def write_text(made):
    """Title, addressee, what is wrong, what for, what is demanded, until when."""
    repeat(made, "公文标题", "line", "title_lines")
    add(made, "公文正文")
    add(made, "公文主送", "{{ addressee }}：")
    repeat(made, "公文正文", "words", "paragraphs")
    add(made, "公文正文", "{%p if facts and not facts_apart %}")
    facts_table(made)
    add(made, "公文正文", "{%p endif %}")
    add(made, "公文正文", "{%p if demands %}")
    add(made, "公文小标题", "一、办理要求")
    repeat(made, "公文正文", "words", "demands")
    add(made, "公文小标题", "二、回复时限")
    add(made, "公文正文", "{%p endif %}")
    add(made, "公文正文", "{{ reply_by }}").paragraph_format.keep_with_next = True
    add(made, "公文正文", "{%p if facts_apart %}")
    add(made, "公文正文").paragraph_format.keep_with_next = True
    add(made, "公文正文", "附件：{{ facts_title }}").paragraph_format.keep_with_next = True
    add(made, "公文正文", "{%p endif %}")


def repeat(made, style, one, many):
    """A paragraph for each of a list."""
    add(made, style, f"{{%p for {one} in {many} %}}")
    add(made, style, f"{{{{ {one} }}}}")
    add(made, style, "{%p endfor %}")


def facts_table(made):
    """What the slip was written for; its head comes again on the next page."""
    widths = [Mm(12), Mm(39), Mm(49), Mm(12), Mm(44)]
    table = made.add_table(rows=4, cols=5, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for cell, word in zip(table.rows[0].cells, ("序号", "编号", "事项", "等级", "情况"), strict=True):
        put(cell, "公文表头", word)
    head = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(head)
    put(table.rows[1].cells[0], "公文表格", "{%tr for fact in facts %}")
    words = ("{{ loop.index }}", "{{ fact.number }}", "{{ fact.matter }}", "{{ fact.grade }}", "{{ fact.finding }}")
    for cell, word in zip(table.rows[2].cells, words, strict=True):
        put(cell, "公文表格", word)
    put(table.rows[3].cells[0], "公文表格", "{%tr endfor %}")
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def put(cell, style, text):
    """The only paragraph of a cell."""
    cell.paragraphs[0].style = style
    cell.paragraphs[0].add_run(text)


def write_end(made):
    """Signers at the left, body and date at the right with room for the seal; attachment; 版记 at the page's foot."""
    for _ in range(2):
        add(made, "公文正文").paragraph_format.keep_with_next = True
    add(made, "公文签发", "{%p for signer in signers %}")
    add(made, "公文签发", "{{ signer.post }}　{{ signer.name or '（待签）' }}").paragraph_format.keep_with_next = True
    add(made, "公文签发", "{%p endfor %}")
    name = add(made, "公文署名", "{{ body }}")
    name.paragraph_format.right_indent, name.paragraph_format.keep_with_next = Pt(32), True
    day = add(made, "公文署名", "{{ day }}")
    day.paragraph_format.right_indent = Pt(64)
    for word, text in (("contact", "（联系人及电话：{{ contact }}）"), ("void", "（本单已作废：{{ void }}）")):
        add(made, "公文正文", f"{{%p if {word} %}}")
        add(made, "公文正文", text)
        add(made, "公文正文", "{%p endif %}")
    add(made, "公文正文", "{%p if facts_apart %}")
    add(made, "公文紧急程度", "附件").paragraph_format.page_break_before = True
    add(made, "公文标题", "{{ facts_title }}")
    add(made, "公文正文")
    facts_table(made)
    add(made, "公文正文", "{%p endif %}")
    printing = made.add_table(rows=4, cols=2)
    printing.autofit = False
    for row in printing.rows:
        row.cells[0].width, row.cells[1].width = Mm(106), Mm(50)
    put(printing.rows[0].cells[0], "公文版记", "{%tr if copies %}")
    copied = printing.rows[1].cells[0].merge(printing.rows[1].cells[1])
    put(copied, "公文版记", "抄送：{{ copies | join('，') }}。")
    put(printing.rows[2].cells[0], "公文版记", "{%tr endif %}")
    put(printing.rows[3].cells[0], "公文版记", "{{ printer }}")
    put(printing.rows[3].cells[1], "公文版记", "{{ printed }}")
    printing.rows[3].cells[1].paragraphs[0].alignment = RIGHT
    lines(printing)
    at_the_foot(printing)


def lines(table):
    """Thick above and below (0.35 mm), thin between (0.25 mm), none at the sides."""
    borders = OxmlElement("w:tblBorders")
    for side, size in (("top", "8"), ("bottom", "8"), ("insideH", "6")):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def at_the_foot(table):
    """Hold the table at the lower edge of the text area, wherever the text ends."""
    place = OxmlElement("w:tblpPr")
    for name, value in (("vertAnchor", "margin"), ("horzAnchor", "margin"), ("tblpYSpec", "bottom"), ("tblpX", "0")):
        place.set(qn(f"w:{name}"), value)
    properties = table._tbl.tblPr
    style = properties.find(qn("w:tblStyle"))
    properties.insert(0 if style is None else 1, place)


def write_receipt(made):
    """回执, on a page of its own."""
    add(made, "公文正文", "{%p if receipt %}")
    add(made, "公文标题", "回　　执").paragraph_format.page_break_before = True
    add(made, "公文回执")
    table = made.add_table(rows=13, cols=4, style="Table Grid")
    table.autofit = False
    wide = {
        0: ("文　　号", "{{ number or '草稿' }}"),
        1: ("事　　由", "{{ title }}"),
        4: ("办理情况", "{{ receipt.reply }}"),
        6: ("整改方案", "{{ receipt.plan }}"),
        8: ("附　　件", "{{ receipt.files }}"),
        10: ("评定结论", "{{ receipt.verdict }}"),
    }
    pairs = {
        2: ("签收单位", "{{ receipt.unit }}", "签收时间", "{{ receipt.received_at }}"),
        3: ("签 收 人", "{{ receipt.received_by }}", "回复期限", "{{ receipt.due }}"),
        9: ("回 复 人", "{{ receipt.replied_by }}", "回复时间", "{{ receipt.replied_at }}"),
        11: ("评 定 人", "{{ receipt.judged_by }}", "评定时间", "{{ receipt.judged_at }}"),
    }
    for at, row in enumerate(table.rows):
        for cell, width in zip(row.cells, (Mm(25), Mm(51), Mm(25), Mm(55)), strict=True):
            cell.width = width
        if at in wide:
            word, text = wide[at]
            put(row.cells[0], "公文回执", word)
            put(row.cells[1].merge(row.cells[3]), "公文回执", text)
        elif at in pairs:
            for cell, text in zip(row.cells, pairs[at], strict=True):
                put(cell, "公文回执", text)
    for at, height in ((4, 50), (6, 45)):
        table.rows[at].height, table.rows[at].height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
    put(table.rows[5].cells[0], "公文回执", "{%tr if receipt.with_plan %}")
    put(table.rows[7].cells[0], "公文回执", "{%tr endif %}")
    table._tbl.remove(table.rows[12]._tr)
    add(made, "公文回执", "{%p endif %}")


if __name__ == "__main__":
    main(sys.argv[1:])
