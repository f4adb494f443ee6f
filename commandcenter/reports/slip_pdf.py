"""A slip as PDF, set by Typst with the template in ``resources/slips``."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from threading import Lock

import typst

from commandcenter.reports.slip_document import Receipt, SlipDocument, template_words

TEMPLATE = Path(__file__).parents[2] / "resources" / "slips" / "slip.typ"

_FACES = {
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK", "STZhongsong"),
    "fang": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "LXGW WenKai"),
    "hei": ("SimHei", "黑体", "STHeiti"),
    "song": ("SimSun", "宋体", "STSong"),
}
"""The faces of GB/T 9704-2012, best first; after them free ones that have every character."""
_SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans CJK SC", "Source Han Sans SC", "Droid Sans Fallback")
_SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Serif CJK SC", "Droid Sans Fallback")

_setting = Lock()


@lru_cache(maxsize=1)
def _workshop() -> tuple[typst.Compiler, dict[str, object]]:
    """The compiler with the machine's fonts, found once (a third of a second), and what to set in which.

    Only faces that are there are asked for: Typst has nothing to warn about, and the document says nothing of it.
    """
    found = typst.Fonts()
    there = set(found.families())
    faces: dict[str, object] = {}
    for role, wanted in _FACES.items():
        own = [name for name in wanted if name in there]
        faces[role] = own + [name for name in (_SANS if role == "hei" else _SERIF) if name in there]
        # a face made for titles is heavy by itself; a free one is set bold in its place
        faces[f"{role}_weight"] = "regular" if own else "bold"
    return typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=found), faces


def slip_pdf(document: SlipDocument, *, preview: bool = False) -> bytes:
    """The slip on A4 pages after GB/T 9704-2012: 28 characters × 22 lines, its receipt on the last page.

    `preview` shows where a draft's seal will be. Takes some tens of milliseconds and may be called from any thread; one
    document is set at a time.
    """
    with _setting:
        compiler, faces = _workshop()
        words = template_words(document) | {
            "fonts": faces,
            "seal": preview and document.is_draft,
            "roomy": document.receipt is not None and _roomy(document.receipt),
        }
        inputs = {"slip": json.dumps(words, ensure_ascii=False)}
        made, _ = compiler.compile_with_warnings(format="pdf", sys_inputs=inputs, pdf_tags=False)
    assert isinstance(made, bytes)  # noqa: S101 - Typst gives a list only of pictures of several pages
    return made


def _roomy(receipt: Receipt) -> bool:
    """Whether the unit's words leave room on the receipt's page, which is then filled; otherwise it grows with them."""
    lines = [sum(-(-len(line) // 24) or 1 for line in words.split("\n")) for words in (receipt.reply, receipt.plan)]
    return max(lines) <= (6 if receipt.with_plan else 13)
