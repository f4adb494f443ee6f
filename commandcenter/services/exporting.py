"""Cases as a table for people and for other systems: CSV or XLSX, all texts as texts, moments as read in Shanghai."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from commandcenter.clock import SHANGHAI
from commandcenter.db import reads
from commandcenter.db.engine import Database
from commandcenter.db.export import HEADER, Filters, read_cases
from commandcenter.errors import PersonError
from commandcenter.services.named import Named
from commandcenter.services.table_file import table_file

STATE_WORDS = ("待受理", "待派单", "待签收", "办理中", "退单", "挂起", "待回访", "已归档", "并入", "作废")
GRADE_WORDS = "红橙黄蓝绿"


async def export_cases(db: Database, out: Path, filters: Filters, progress: Callable[[str], None]) -> int:
    """Write the cases to `out` (.xlsx or .csv); returns how many. The file appears whole or not at all.

    Raises PersonError for another kind of file, or a folder that cannot be written.
    """
    count = 0
    with table_file(out, HEADER, "工单") as add:
        async for row in read_cases(db, filters):
            add(_cells(row))
            count += 1
            if count % 10_000 == 0:
                progress(f"已导出 {count} 件")
    return count


async def town_id(db: Database, words: str) -> int:
    """The id of a town given by its name, code or id. Raises PersonError."""
    async with db.begin() as connection:
        areas = await reads.rows(connection, reads.AREAS)
    try:
        town: int = Named((area for area in areas if area.level == "town"), "name", "code").one(words, "镇街").id
    except ValueError as error:
        raise PersonError(f"{error}。", "请用镇街的全称、代码或编号。") from error
    return town


def _cells(row: Any) -> tuple[object, ...]:
    found = dict(row)
    found["grade"] = GRADE_WORDS[found["grade"]]
    found["state"] = STATE_WORDS[found["state"]]
    found["overdue"] = "是" if found["overdue"] else "否"
    return tuple(
        value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else value
        for value in found.values()
    )
