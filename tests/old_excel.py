"""A table as old systems still export it: Excel 97–2003 (.xls), with a title, serial dates, numbers where words were meant."""

from datetime import datetime
from pathlib import Path

import xlwt

PHONE = "13812345678"
SERIAL = 45359.378472222219
"""2024-03-08 09:05 in days since Excel's beginning."""
RECEIVED = datetime(2024, 3, 8, 9, 5)  # noqa: DTZ001 - a date cell knows no zone
HEADER = ("工单编号", "来电时间", "来电人", "联系电话", "诉求内容", "经度", "纬度", "诉求类型", "等级")


def write_xls(path: Path) -> Path:
    """Four rows of reports under a title over all columns, a line about the export and the header; a total at the end."""
    book = xlwt.Workbook(encoding="utf-8")
    hidden = book.add_sheet("参数")
    hidden.visibility = 1
    hidden.write(0, 0, "诉求内容")
    sheet = book.add_sheet("三月（热线）")
    date, day, number = (xlwt.easyxf(num_format_str=each) for each in ("yyyy/m/d h:mm", 'yyyy"年"m"月"d"日"', "0"))
    sheet.write_merge(
        0, 0, 0, len(HEADER) - 1, "荣成市12345热线工单导出表", xlwt.easyxf("font: bold on; align: horiz center")
    )
    sheet.write(1, 0, "导出时间：2024-03-09　导出人：管理员")
    for column, name in enumerate(HEADER):
        sheet.write(2, column, name)
    rows = (
        (
            ("X-10001",), (RECEIVED, date), ("王小明",), (13812345678.0, number), ("崖头街道路灯不亮，已三天",), (122.41,),
            (37.16,), ("求助",), ("蓝",),
        ),
        ((10002,), (SERIAL,), ("保密",), (13812345678.0,), ("石岛湾井盖松动\n车一过就响",), ("",), ("",), ("投诉",), ("",)),
        (("X-10003",), (45359, day), ("李四",), ("０５３１－８８８８６６６６",), ("“码上办”扫不开 ①",), (37.16,), (122.41,), ("",), ("",)),
        (("X-10004",), ("改天",), ("",), (True,), ("没有时间的一行",), ("",), ("",), ("",), ("",)),
        (("合计",), ("",), ("",), ("",), (4,), ("",), ("",), ("",), ("",)),
    )  # fmt: skip
    for line, row in enumerate(rows, 3):
        for column, cell in enumerate(row):
            sheet.write(line, column, *cell)
    book.save(str(path))
    return path
