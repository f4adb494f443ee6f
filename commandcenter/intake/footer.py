"""Rows below the data that are no data: totals, who made the table, page numbers."""

import re
from collections.abc import Sequence

from commandcenter.intake.value import Cell, plain

MOST = 20
"""Rows at the end of a table that can be a footer."""
_FOOTER = re.compile(
    r"(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|制\s*表|填\s*表|填\s*报|审\s*核|复\s*核|审\s*批|统\s*计|导\s*出|打\s*印|经\s*办\s*人|负\s*责\s*人|"
    r"报\s*送|截\s*至|数据来源|说\s*明|备\s*注|注\s*[:：]|以\s*上|第\s*\d+\s*页|共\s*\d+|本页|total\b|page\b)",
    re.IGNORECASE,
)


def is_footer(cells: Sequence[Cell], *, begun: bool = False) -> bool:
    """Tell whether a row without content or time begins as footers do (合计、制表人：、第 1 页、共 20 条).

    Where the footer has ``begun``, a row of one or two cells goes on with it.
    """
    filled = [text for cell in cells if (text := plain(cell).strip())]
    return bool(filled) and (_FOOTER.match(filled[0]) is not None or (begun and len(filled) <= 2))


def footer_text(cells: Sequence[Cell]) -> str:
    """Return what it says, on one line."""
    return " ".join(text for cell in cells if (text := " ".join(plain(cell).split())))[:80]
