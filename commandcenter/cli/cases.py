"""Commands that bring cases out."""

import argparse
from pathlib import Path

from commandcenter.cli.answer import Answer, Progress
from commandcenter.cli.options import GRADES, Commands, command, day, grade, group
from commandcenter.errors import PersonError
from commandcenter.services.centre import Centre

_STATES = ("待受理", "待派单", "待签收", "办理中", "退单", "挂起", "待回访", "已归档", "并入", "作废")


def add(commands: Commands) -> None:
    """Name them and their options."""
    exporting = group(commands, "export", "导出")
    cases = command(exporting, "cases", "导出工单到 xlsx 或 csv", export)
    cases.add_argument("out", metavar="OUT.xlsx|.csv", type=Path)
    cases.add_argument("--state", action="append", choices=_STATES, metavar="状态", help="可多次")
    cases.add_argument("--grade", action="append", type=grade, metavar="等级", help=f"{' '.join(GRADES)}，可多次")
    cases.add_argument("--town", metavar="镇街", help="名称、代码或编号")
    cases.add_argument("--unit", metavar="单位", help="承办单位的名称、简称或编号")
    cases.add_argument("--from", type=day, dest="first_day", metavar="日期", help="诉求日期从")
    cases.add_argument("--to", type=day, dest="last_day", metavar="日期", help="诉求日期到（含）")
    cases.add_argument("--overdue", action="store_true", help="只要超期的")


async def export(options: argparse.Namespace, centre: Centre, progress: Progress) -> Answer:
    """Write cases to a file."""
    from commandcenter.db.export import Filters
    from commandcenter.services import exporting, people

    if options.first_day and options.last_day and options.first_day > options.last_day:
        raise PersonError("--from 的日期晚于 --to。", "请核对后再导出。")
    async with people.administering(centre.url) as db:
        filters = Filters(
            states=None if options.state is None else [_STATES.index(word) for word in options.state],
            grades=options.grade,
            town=None if options.town is None else await exporting.town_id(db, options.town),
            unit=None if options.unit is None else await people.unit_id(db, options.unit),
            first_day=options.first_day,
            last_day=options.last_day,
            overdue=options.overdue,
        )
        count = await exporting.export_cases(db, options.out, filters, progress)
    return Answer(f"已导出 {count} 件工单到 {options.out}。", {"cases": count, "file": str(options.out)})
