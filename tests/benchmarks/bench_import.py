"""Another system's workbook through everything: read, understood, located, taken in; rows a second.

The floor is a plain COPY of the same rows, as the import made them, into a table without anything, in the same run. Four rows
in five have a point in one of 220 grids, the others an address in words; two in three have a number of the other system.
"""

import asyncio
import random
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from commandcenter.db import bulk
from commandcenter.db.engine import Database
from commandcenter.intake.reader import Accepted, read_file
from commandcenter.services.import_known import load_known
from commandcenter.services.importing import CHUNK, import_file
from tests.benchmarks.bench_bulk import ENDINGS, MATTERS, STREETS
from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.server import Place, connected, server

ROWS, QUICK_ROWS = 100_000, 5_000
WEST, SOUTH, STEP = 122.0, 36.9, 0.02
HEADER = (
    *(
        "工单编号",
        "来电时间",
        "诉求内容",
        "诉求分类",
        "诉求类型",
        "诉求来源",
        "事发地址",
        "经度",
        "纬度",
        "所属镇街",
        "诉求人",
        "联系电话",
    ),
    *("是否保密", "承办单位", "工单状态", "办理结果"),
)
GRIDS = f"""
    insert into cc.areas (id, parent_id, level, name, path, outline)
    select 20000 + t * 10 + c, 1000 + t * 10 + c, 'grid', t || '镇' || c || '网格', '01.' || to_char(t, 'FM00') || '.0' || c || '.01.',
           jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(jsonb_build_array(
               jsonb_build_array(x, y), jsonb_build_array(x + {STEP}, y), jsonb_build_array(x + {STEP}, y + {STEP}),
               jsonb_build_array(x, y + {STEP}), jsonb_build_array(x, y))))
    from generate_series(1, 22) t, generate_series(0, 9) c,
         lateral (select {WEST} + t * {STEP} as x, {SOUTH} + c * {STEP} as y) at
"""


def workbook(path: Path, rows: int) -> Path:
    """A workbook as other systems export it."""
    rng = random.Random(1)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    began = datetime(2026, 9, 1)  # noqa: DTZ001 - as a spreadsheet has it
    for row in range(rows):
        street, matter = rng.choice(STREETS), rng.choice(MATTERS)
        words = "".join(rng.choice("水电气暖房路桥车树灯门窗楼院墙井坑沟渠棚") for _ in range(30))
        place = f"{street}{rng.randint(1, 300)}号"
        pointed = row % 5 > 0
        town = 1 + row % 22
        sheet.append(
            (
                f"BM-{row:08}" if row % 3 else "", (began + timedelta(seconds=60 * row)).strftime("%Y-%m-%d %H:%M:%S"),
                f"市民反映：{place}{rng.randint(1, 30)}幢单元{matter}，{words}，{rng.choice(ENDINGS)}。编号{row}",
                f"类{1 + row % 60}", ("投诉", "求助", "咨询")[row % 3], "12345热线",
                place if pointed else f"{town}镇{row % 10}社区{place}",
                WEST + (1 + rng.random() * 22) * STEP if pointed else None, SOUTH + rng.random() * 10 * STEP if pointed else None,
                f"{town}镇", "王某某", f"138{rng.randint(0, 99999999):08}", "否", f"{1 + row % 30}局", "已办结", "已派人处理，市民认可",
            )
        )  # fmt: skip
    book.save(path)
    return path


async def _measure(place: Place, path: Path) -> tuple[float, float, float]:
    """Rows a second of the import and of the plain COPY; the processor's milliseconds here for a thousand rows."""
    async with connected(place.admin_url) as root:
        await root.execute(GRIDS)
        await root.execute("create table public.floor as select * from cc.staging limit 0")
        await root.execute("analyze")
    database = await Database.connect(place.url("intake"))
    began, used = time.perf_counter(), time.process_time()
    done = await import_file(database, path, spare_folder=path.parent, progress=lambda _: None)
    took, used = time.perf_counter() - began, time.process_time() - used
    assert done.accepted == done.rows
    assert done.unplaced < done.rows / 100
    known = await load_known(database)
    accepted = [one for one in read_file(path).rows if isinstance(one, Accepted)]
    records: list[tuple[Any, ...]] = known.records(accepted, None, known.default_channel)
    await database.close()
    bare = 0.0
    async with connected(place.admin_url) as root:
        await root.set_type_codec(
            "timestamptz", schema="pg_catalog", encoder=lambda us: (us,), decoder=lambda wire: wire[0], format="tuple"
        )
        for start in range(0, len(records), CHUNK):
            began = time.perf_counter()
            await root.copy_records_to_table(
                "floor",
                schema_name="public",
                columns=list(bulk.IMPORT_COLUMNS),
                records=records[start : start + CHUNK],
            )
            bare += time.perf_counter() - began
    return done.rows / took, done.rows / bare, used / done.rows * 1e6


def run(quick: bool = False) -> list[Figure]:
    """Measure; rows a second."""
    with tempfile.TemporaryDirectory() as folder:
        path = workbook(Path(folder) / "export.xlsx", QUICK_ROWS if quick else ROWS)
        full, bare, used = asyncio.run(_measure(server().place("import"), path))
    return [
        figure("import.rows", full, "rows/s", "plain COPY of the same rows", bare),
        figure("import.rows.cpu", used, "ms of this process for 1000 rows"),
    ]
