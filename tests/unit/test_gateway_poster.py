"""Posters read back: pages, words, and the code by a reader that nobody here wrote."""

import numpy as np
import pytest
import zxingcpp
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument

from commandcenter.errors import PersonError
from commandcenter.reports.poster_pdf import Poster, buildings_of, poster_pdf, posters_of
from commandcenter.services.gateway_reference import Spot

BASE = "https://12345.example.gov.cn/"
ESTATE = Spot(1, "37108210100100101", "estate", "阳光花园", "甲镇甲一社区阳光花园")
OTHER = Spot(
    2,
    "37108210100100102",
    "estate",
    "一个名字特别长的国际滨海城市花园小区二期",
    "甲镇甲一社区一个名字特别长的国际滨海城市花园小区二期",
)
OFFICE = "某某市社会治理服务中心"


def pages(pdf: bytes) -> tuple[list[str], list[list[str]]]:
    """The words and the codes of each page."""
    buffer = QBuffer()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    words, codes = [], []
    for page in range(document.pageCount()):
        words.append(document.getAllText(page).text())
        assert document.pagePointSize(page).toSize() == QSize(595, 842), "A4"
        paper = QImage(1240, 1754, QImage.Format.Format_Grayscale8)
        paper.fill(255)
        painter = QPainter(paper)
        painter.drawImage(0, 0, document.render(page, paper.size()))
        painter.end()
        pixels = np.frombuffer(paper.constBits(), np.uint8).reshape(paper.height(), paper.bytesPerLine())
        codes.append(sorted(each.text for each in zxingcpp.read_barcodes(np.ascontiguousarray(pixels[:, :1240]))))
    document.close()
    return words, codes


def test_one_to_a_page(qapp: object) -> None:  # noqa: ARG001 - pictures need an application
    words, codes = pages(poster_pdf(posters_of([ESTATE, OTHER], BASE, OFFICE)))
    assert codes == [
        ["https://12345.example.gov.cn/q/37108210100100101"],
        ["https://12345.example.gov.cn/q/37108210100100102"],
    ]
    for spot, text in zip((ESTATE, OTHER), words, strict=True):
        flat = "".join(text.split())
        for said in (spot.name, "甲镇甲一社区", spot.code, OFFICE, "12345"):
            assert said in flat


def test_four_to_a_page_one_for_each_building(qapp: object) -> None:  # noqa: ARG001 - the same
    wanted = posters_of([ESTATE], BASE, OFFICE, buildings_of("1-4，12A"))
    assert [poster.building for poster in wanted] == ["1号楼", "2号楼", "3号楼", "4号楼", "12A号楼"]
    words, codes = pages(poster_pdf(wanted, per_page=4))
    root = "https://12345.example.gov.cn/q/37108210100100101?b="
    assert codes == [[f"{root}{number}" for number in range(1, 5)], [f"{root}12A"]]
    assert "4号楼" in "".join(words[0].split())


def test_words_that_make_no_sense() -> None:
    for text in ("12-1", "三", "1-", "<b>"):
        with pytest.raises(PersonError, match="楼号"):
            buildings_of(text)
    for url in ("12345.gov.cn", "javascript:alert(1)", "https://a.cn/?x=1", ""):
        with pytest.raises(PersonError, match="网址"):
            posters_of([ESTATE], url, OFFICE)
    with pytest.raises(PersonError, match="最多"):
        posters_of([ESTATE] * 10, BASE, OFFICE, [str(n) for n in range(1000)])
    assert buildings_of("") == ()


def test_names_are_words_and_no_commands(qapp: object) -> None:  # noqa: ARG001 - the same
    odd = Poster('#panic("x") *粗* $a$', "", "\\ [x]", "c", "https://a.cn/q/c", OFFICE)
    words, _ = pages(poster_pdf([odd]))
    assert '#panic("x")*粗*$a$' in "".join(words[0].split())
