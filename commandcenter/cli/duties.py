"""Commands on the responsibility list 事项清单."""

import argparse
from pathlib import Path

from commandcenter.cli.answer import Answer, Progress
from commandcenter.cli.options import Commands, command, group, source
from commandcenter.clock import SHANGHAI, SystemClock
from commandcenter.services.centre import Centre

_WORDS = {"new": "新增", "changed": "修改", "unchanged": "未变", "rejected": "未导入"}


def add(commands: Commands) -> None:
    """Name them and their options."""
    duties = group(commands, "duties", "事项清单")
    importing = command(duties, "import", "导入事项清单（xlsx），全部写入或一行不写", import_)
    importing.add_argument("file", metavar="文件", type=source)
    importing.add_argument("--dry-run", action="store_true", help="只清点，不写入")
    command(duties, "export", "导出事项清单到 xlsx", export).add_argument("out", metavar="OUT.xlsx", type=Path)


async def import_(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Read a list in, or only say what it would change."""
    from commandcenter.services import duty_sheet, people
    from commandcenter.services.sheet import Outcome

    today = SystemClock().now().astimezone(SHANGHAI).date()
    async with people.administering(centre.url) as db:
        done = await duty_sheet.import_file(db, options.file, today=today, dry_run=options.dry_run)
    counts = {outcome.value: done.count(outcome) for outcome in Outcome}
    rejected = [row for row in done.rows if row.outcome is Outcome.REJECTED]
    read = "清点" if options.dry_run else "共读"
    said = "，".join(f"{_WORDS[name]} {count}" for name, count in counts.items())
    lines = [f"{read} {len(done.rows)} 行：{said}。"]
    lines += [f"第 {row.row_no} 行未导入：{row.reason}。" for row in rejected[:20]]
    if done.reject_file is not None:
        lines.append(f"未导入的行及原因：{done.reject_file}")
    facts = {
        "rows": len(done.rows),
        **counts,
        "rejects": [{"row": row.row_no, "code": row.word("序号"), "reason": row.reason} for row in rejected],
        "reject_file": None if done.reject_file is None else str(done.reject_file),
        "dry_run": options.dry_run,
    }
    return Answer("\n".join(lines), facts)


async def export(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Write the list to a file."""
    from commandcenter.services import duty_sheet, people

    async with people.administering(centre.url) as db:
        count = await duty_sheet.export(db, options.out)
    return Answer(f"已导出 {count} 个事项到 {options.out}。", {"items": count, "file": str(options.out)})
