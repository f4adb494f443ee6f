"""The command that brings other systems' files in: one file, or those that come into a folder."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from commandcenter.cli.answer import Answer, Progress
from commandcenter.cli.options import Commands, command, source
from commandcenter.errors import PersonError
from commandcenter.services.centre import Centre

if TYPE_CHECKING:
    from commandcenter.services.importing import Imported


def add(commands: Commands) -> None:
    """Name it and its options."""
    importing = command(commands, "import", "导入别的系统导出的表格（xlsx、xls、csv）", import_)
    what = importing.add_mutually_exclusive_group(required=True)
    what.add_argument("file", metavar="文件", type=source, nargs="?")
    what.add_argument(
        "--watch", metavar="文件夹", type=Path, help="盯着这个文件夹，来一个导入一个；SIGTERM 结束（须写 --channel）"
    )
    importing.add_argument("--profile", metavar="方案", help="导入方案的名称")
    importing.add_argument("--channel", metavar="渠道", default="", help="渠道的名称、代号或编号")
    importing.add_argument("--crs", choices=("wgs84", "gcj02", "bd09"), help="文件里坐标所用的坐标系")
    importing.add_argument("--sheet", metavar="工作表", default="", help="只读这个工作表")
    importing.add_argument("--encoding", metavar="编码", default="", help="文本文件的编码；默认自行判断")
    importing.add_argument("--whole", action="store_true", help="整个文件一次写入：要么全部，要么一行不留")
    importing.add_argument("--dry-run", action="store_true", help="只清点，不写入")


async def import_(options: argparse.Namespace, centre: Centre, progress: Progress) -> Answer:
    """Take a file in, or watch a folder."""
    if options.watch is not None:
        return await _watch(options, centre)
    from commandcenter.intake.reader import Choices
    from commandcenter.services import import_profiles, importing, people

    folder = centre.settings.data_dir
    async with people.administering(centre.url) as db:
        profile = (
            await import_profiles.find_profile(db, options.profile, folder / "profiles") if options.profile else None
        )
        done = await importing.import_file(
            db,
            options.file,
            profile=profile,
            channel=options.channel,
            crs=options.crs,
            choices=Choices(options.encoding, options.sheet),
            whole=options.whole,
            dry_run=options.dry_run,
            spare_folder=folder / "rejects",
            progress=progress,
        )
    return Answer("\n".join(_lines(done, tried=options.dry_run)), _facts(done) | {"dry_run": options.dry_run})


async def _watch(options: argparse.Namespace, centre: Centre) -> Answer:
    from commandcenter.cli.ending import told_to_end
    from commandcenter.services import watching

    if not options.channel:
        raise PersonError("盯着文件夹时要写明渠道。", "例如：--channel 市长信箱。")
    said = sys.stderr if options.json else sys.stdout
    taken = await watching.watch_one(
        centre.url,
        watching.Folder(options.watch, options.channel, options.profile or "", options.crs or ""),
        profiles=centre.settings.data_dir / "profiles",
        stop=told_to_end(),
        said=lambda words: print(words, file=said, flush=True),
    )
    return Answer("已结束。", {"ended": True, "files": taken})


def _facts(done: "Imported") -> dict[str, object]:
    return {
        "rows": done.rows,
        "accepted": done.accepted,
        "duplicates": done.duplicates,
        "rejected": done.rejected,
        "updated": done.updated,
        "untouched": done.untouched,
        "reject_file": None if done.reject_file is None else str(done.reject_file),
        "encoding": done.encoding,
        "sheet": done.sheet,
        "profile": done.profile,
        "columns": done.columns,
        "duplicate_file": None if done.duplicate_file is None else str(done.duplicate_file),
        "duplicate_of": [{"row": row, "number": number} for row, number in done.duplicate_of],
        "renewed": [
            {"row": each.row_no, "number": each.number, "updated": each.updated, "untouched": each.untouched}
            for each in done.renewed
        ],
        "problems": [{"reason": each.reason, "rows": each.rows, "examples": each.examples} for each in done.problems],
        "notes": [{"reason": each.reason, "rows": each.rows, "examples": each.examples} for each in done.notes],
        "unknown": [
            {"field": each.field, "word": each.word, "rows": each.rows, "first_row": each.first_row}
            for each in done.unknown
        ],
        "footers": [row for row, _ in done.footers],
        "unplaced": done.unplaced,
        "unplaced_rows": list(done.unplaced_rows),
        "resumed_after": done.resumed_after,
    }


def _lines(done: "Imported", *, tried: bool) -> list[str]:
    read, taken = ("清点", "可受理") if tried else ("共读", "受理")
    lines = [f"{read} {done.rows} 行：{taken} {done.accepted}，重复 {done.duplicates}，未导入 {done.rejected}。"]
    if done.profile:
        lines.append(f"按导入方案“{done.profile}”读入。")
    if done.resumed_after:
        lines.append(f"上次已导入到第 {done.resumed_after} 行，这次接着往下。")
    if done.duplicate_of:
        row, number = done.duplicate_of[0]
        same = number if number.startswith("本文件") else f"工单 {number} 的诉求"
        lines.append(f"重复的行例如第 {row} 行，与{same}相同。")
    if done.updated or done.untouched:
        would = "可更新" if tried else "已更新"
        lines.append(f"重复的行里{would} {done.updated} 件；{done.untouched} 件与本中心所记不同，按规定不动。")
    if done.unplaced:
        shown = "、".join(map(str, done.unplaced_rows[:20]))
        lines.append(
            f"{done.unplaced} 件待定位（没有落在网格里的坐标，地址也认不准）：第 {shown} 行{'等' * (done.unplaced > 20)}。"
        )
    lines += [
        f"不认识的词“{each.word[:20]}”（{each.rows} 行，首见第 {each.first_row} 行），可在导入方案里对照。"
        for each in done.unknown[:5]
    ]
    lines += [
        f"未导入：{each.reason}，{each.rows} 行，例如第 {'、'.join(map(str, each.examples))} 行。"
        for each in done.problems[:5]
    ]
    lines += [
        f"请留意：{each.reason}，{each.rows} 行，例如第 {'、'.join(map(str, each.examples))} 行。"
        for each in done.notes[:5]
    ]
    if done.duplicate_file is not None:
        lines.append(f"重复的行及各自的工单：{done.duplicate_file}")
    if done.reject_file is not None:
        lines.append(f"未导入的行及原因：{done.reject_file}")
    return lines
