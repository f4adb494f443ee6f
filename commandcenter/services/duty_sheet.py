"""The responsibility list as a spreadsheet; a row belongs to the item of its code.

It belongs to the version that began on its 生效日期, or else to the newest.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from commandcenter.db.engine import Database
from commandcenter.services.duty_list import GROUNDS, TOWN, read_items, save_in
from commandcenter.services.named import Named, units_and_categories
from commandcenter.services.reference import DutyItem
from commandcenter.services.sheet import Cells, Imported, Sheet, day_of, text_of

SHEET = Sheet(
    "事项清单",
    {
        "序号": 9, "领域": 16, "事项": 36, "分类": 30, "主责单位": 18, "配合单位": 40, "依据": 8, "生效日期": 12, "失效日期": 12,
    },
    needed=("序号", "领域", "事项", "分类", "主责单位", "配合单位", "依据"),
    key="序号",
)  # fmt: skip
_SEPARATORS = str.maketrans(";、,，", "；；；；")


async def export(db: Database, out: Path) -> int:
    """Write all items with all their versions to `out` (.xlsx); returns how many. Raises PersonError."""
    items, (units, categories) = await read_items(db), await units_and_categories(db)
    SHEET.write(out, (_cells(item, units, categories) for item in items))
    return len(items)


async def import_file(db: Database, path: Path, *, today: date, dry_run: bool = False) -> Imported[DutyItem]:
    """Read a list in: each row new, changed, unchanged or rejected; in one transaction, or with `dry_run` not at all.

    What the file does not name stays as it is. Raises PersonError for a file that is no such list, and where the database
    refuses.
    """
    table = SHEET.read(path)
    reader = _Reader(await read_items(db), *await units_and_categories(db), today)
    planned = SHEET.plan(table, reader.read_row)
    return Imported(planned) if dry_run else await SHEET.take_in(db, path, planned, save_in)


def _cells(item: DutyItem, units: Named, categories: Named) -> tuple[Any, ...]:
    category = categories.by_id.get(item.category_id)
    return (
        item.code,
        item.field,
        item.matter,
        "" if category is None else category.path_name,
        TOWN if item.lead_unit_id is None else units.by_id[item.lead_unit_id].name,
        "；".join(units.by_id[each].name for each in item.assist_unit_ids),
        item.ground,
        item.valid_from,
        item.valid_to,
    )


class _Reader:
    """Understands rows, knowing what there is already."""

    def __init__(self, items: Iterable[DutyItem], units: Named, categories: Named, today: date) -> None:
        self._by_start = {(item.code, item.valid_from): item for item in items}
        self._newest = {item.code: item for item in sorted(self._by_start.values(), key=lambda each: each.valid_from)}
        self._units = units
        self._categories = categories
        self._today = today

    def read_row(self, cells: Cells) -> tuple[tuple[str, date | None], DutyItem | None, DutyItem]:
        code, start = text_of(cells.get("序号")), day_of(cells.get("生效日期"), "生效日期")
        was = self._by_start.get((code, start)) if start is not None else None
        was = was or self._newest.get(code)
        return (code, start), was, self._item(cells, was)

    def _item(self, cells: Cells, was: DutyItem | None) -> DutyItem:
        words = {name: text_of(cells.get(name)) for name in SHEET.header}
        for name in ("序号", "领域", "事项", "主责单位"):
            if not words[name]:
                raise ValueError(f"“{name}”没有填写")
        if words["依据"] not in GROUNDS:
            raise ValueError(f"“依据”须是{'、'.join(GROUNDS)}之一")
        lead = None if words["主责单位"] == TOWN else self._unit(words["主责单位"], was)
        written = [part.strip() for part in words["配合单位"].translate(_SEPARATORS).split("；") if part.strip()]
        assist = tuple(self._unit(part, was) for part in written)
        if len(set(assist)) < len(assist) or lead in assist:
            raise ValueError("同一个单位写了两次")
        begins, ends = day_of(cells.get("生效日期"), "生效日期"), day_of(cells.get("失效日期"), "失效日期")
        item = DutyItem(
            0 if was is None else was.id,
            words["序号"],
            words["领域"],
            words["事项"],
            self._categories.one(words["分类"], "分类").id if words["分类"] else None,
            lead,
            assist,
            words["依据"],
            begins or (self._today if was is None else was.valid_from),
            ends,
        )
        if ends is not None and ends < item.valid_from:
            raise ValueError("失效日期早于生效日期")
        if was is not None and was.valid_to is not None and was.valid_to < self._today and item != was:
            raise ValueError(f"序号 {was.code} 的这一版已失效，不能再改")
        return item

    def _unit(self, name: str, was: DutyItem | None) -> int:
        unit = self._units.one(name, "单位")
        named = was is not None and unit.id in {was.lead_unit_id, *was.assist_unit_ids}
        if not unit.active and not named:
            raise ValueError(f"单位“{name}”已停用")
        return int(unit.id)
