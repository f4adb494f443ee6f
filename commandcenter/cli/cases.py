"""Commands that bring cases in and out."""

import argparse
from pathlib import Path

from commandcenter.cli.answer import Answer, Progress
from commandcenter.cli.options import GRADES, Commands, command, day, grade, group
from commandcenter.services.centre import Centre

_STATES = ("待受理", "待派单", "待签收", "办理中", "退单", "挂起", "待回访", "已归档", "并入", "作废")


def add(commands: Commands) -> None:
    """Name them and their options."""
    importing = command(commands, "import", "导入别的系统导出的表格（xlsx、xls、csv）", import_)
    importing.add_argument("file", metavar="文件", type=Path)
    importing.add_argument("--profile", metavar="方案", help="导入方案的名称")
    importing.add_argument("--channel", metavar="渠道", default="", help="渠道的名称、代号或编号")
    importing.add_argument("--crs", choices=("wgs84", "gcj02", "bd09"), help="文件里坐标所用的坐标系")
    importing.add_argument("--dry-run", action="store_true", help="只清点，不写入")
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


async def import_(options: argparse.Namespace, centre: Centre, progress: Progress) -> Answer:
    """Take a file in."""
    from commandcenter.intake.profile import load_profile
    from commandcenter.services import importing, people

    folder = centre.settings.data_dir
    async with people.administering(centre.url) as db:
        done = await importing.import_file(
            db,
            options.file,
            profile=load_profile(options.profile, folder / "profiles") if options.profile else None,
            channel=options.channel,
            crs=options.crs,
            dry_run=options.dry_run,
            spare_folder=folder / "rejects",
            progress=progress,
        )
    facts = {
        "rows": done.rows,
        "accepted": done.accepted,
        "duplicates": done.duplicates,
        "rejected": done.rejected,
        "reject_file": None if done.reject_file is None else str(done.reject_file),
        "encoding": done.encoding,
        "sheet": done.sheet,
        "columns": done.columns,
        "duplicate_of": [{"row": row, "number": number} for row, number in done.duplicate_of],
        "unplaced": done.unplaced,
        "unplaced_rows": list(done.unplaced_rows),
        "dry_run": options.dry_run,
    }
    read, taken = ("清点", "可受理") if options.dry_run else ("共读", "受理")
    lines = [f"{read} {done.rows} 行：{taken} {done.accepted}，重复 {done.duplicates}，未导入 {done.rejected}。"]
    if done.duplicate_of:
        row, number = done.duplicate_of[0]
        lines.append(f"重复的行例如第 {row} 行，与工单 {number} 的诉求相同。")
    if done.unplaced:
        shown = "、".join(map(str, done.unplaced_rows[:20]))
        lines.append(
            f"{done.unplaced} 件待定位（没有落在网格里的坐标，地址也认不准）：第 {shown} 行{'等' * (done.unplaced > 20)}。"
        )
    if done.reject_file is not None:
        lines.append(f"未导入的行及原因：{done.reject_file}")
    return Answer("\n".join(lines), facts)


async def export(options: argparse.Namespace, centre: Centre, progress: Progress) -> Answer:
    """Write cases to a file."""
    from commandcenter.db.export import Filters
    from commandcenter.services import exporting, people

    filters = Filters(
        states=None if options.state is None else [_STATES.index(word) for word in options.state],
        grades=options.grade,
        town=options.town,
        unit=options.unit,
        first_day=options.first_day,
        last_day=options.last_day,
        overdue=options.overdue,
    )
    async with people.administering(centre.url) as db:
        count = await exporting.export_cases(db, options.out, filters, progress)
    return Answer(f"已导出 {count} 件工单到 {options.out}。", {"cases": count, "file": str(options.out)})
