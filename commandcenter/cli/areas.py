"""Commands on the county's areas 区域 and its gazetteer 地名."""

import argparse
from typing import TYPE_CHECKING, Any

from commandcenter.cli.answer import Answer, Progress
from commandcenter.cli.options import Commands, command, group, source
from commandcenter.services.centre import Centre

if TYPE_CHECKING:
    from commandcenter.intake.place.topology import Finding, Topology

_LEVELS = {"county": "县域", "town": "镇街", "community": "社区村", "grid": "网格", "estate": "小区"}
_SHOWN = 20
"""Findings and rows that are told to people; programs get all."""


def add(commands: Commands) -> None:
    """Name them and their options."""
    areas = group(commands, "areas", "区域：导入边界，检查拼接")
    importing = command(areas, "import", "导入区域边界（GeoJSON、Shapefile），全部写入或一个不写", import_)
    importing.add_argument("file", metavar="文件", type=source)
    importing.add_argument("--level", choices=tuple(_LEVELS), default="", help="整个文件的级别；默认按代码认")
    _common(importing)
    command(areas, "check", "检查区域的代码和边界：重叠、缝隙、空洞、越界", check)
    places = group(commands, "places", "地名：导入地名和门牌，从档案学习")
    importing = command(places, "import", "导入地名表（xlsx、xls、csv）", import_places)
    importing.add_argument("file", metavar="文件", type=source)
    _common(importing)
    learning = command(places, "learn", "从已办结的工单学地名和门牌", learn)
    learning.add_argument("--dry-run", action="store_true", help="只清点，不写入")


def _common(parser: Any) -> None:
    parser.add_argument("--crs", choices=("wgs84", "gcj02", "bd09"), default="wgs84", help="文件里坐标所用的坐标系")
    parser.add_argument("--dry-run", action="store_true", help="只清点，不写入")


async def import_(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Read areas in, or only say what it would change; with the report on how they fit together."""
    from commandcenter.domain.crs import Crs
    from commandcenter.services import areas, people

    async with people.administering(centre.url) as db:
        done = await areas.import_file(
            db, options.file, crs=Crs(options.crs), level=options.level, dry_run=options.dry_run
        )
    read = "清点" if options.dry_run else "共读"
    counts = f"新增 {len(done.new)}，更新 {len(done.changed)}，未变 {done.unchanged}，未导入 {len(done.refused)}"
    lines = [f"{read} {done.rows} 个区域：{counts}。"]
    lines += [f"第 {row.row_no} 个“{row.name}”未导入：{row.reason}。" for row in done.refused[:_SHOWN]]
    lines += [f"名称不同，保留库里的“{here}”（文件里是“{there}”）。" for here, there in done.renamed[:_SHOWN]]
    facts = {
        "rows": done.rows,
        "new": len(done.new),
        "changed": len(done.changed),
        "unchanged": done.unchanged,
        "rejected": len(done.refused),
        "rejects": [{"row": row.row_no, "name": row.name, "reason": row.reason} for row in done.refused],
        "renamed": [{"kept": here, "file": there} for here, there in done.renamed],
        "dry_run": options.dry_run,
        **_facts(done.topology),
    }
    return Answer("\n".join([*lines, *_lines(done.topology)]), facts)


async def check(_: argparse.Namespace, centre: Centre, __: Progress) -> Answer:
    """Say how the areas fit together; ends with 1 where something does not."""
    from commandcenter.services import areas, people

    async with people.administering(centre.url) as db:
        found = await areas.check_areas(db)
    return Answer("\n".join(_lines(found)), _facts(found), code=int(bool(found.findings)))


async def import_places(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Read a table of places in."""
    from commandcenter.domain.crs import Crs
    from commandcenter.services import people, places

    async with people.administering(centre.url) as db:
        done = await places.import_file(db, options.file, crs=Crs(options.crs), dry_run=options.dry_run)
    read = "清点" if options.dry_run else "共读"
    lines = [
        f"{read} {done.rows} 行，{done.places} 个地名：新增 {done.added}，更新 {done.changed}，未导入 {len(done.rejected)} 行。"
    ]
    lines += [f"第 {row.row_no} 行未导入：{row.reason}。" for row in done.rejected[:_SHOWN]]
    facts = {
        "rows": done.rows,
        "places": done.places,
        "new": done.added,
        "changed": done.changed,
        "rejected": len(done.rejected),
        "rejects": [{"row": row.row_no, "reason": row.reason} for row in done.rejected],
        "dry_run": options.dry_run,
    }
    return Answer("\n".join(lines), facts)


async def learn(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Learn places from cases that are over."""
    from commandcenter.services import people, places

    async with people.administering(centre.url) as db:
        done = await places.learn_places(db, dry_run=options.dry_run)
    lines = [
        f"看了 {done.cases} 件已办结的工单，学到 {len(done.places)} 个地名：新增 {done.added}，补充 {done.changed}。"
    ]
    lines += [f"{name}（{count} 件）" for _, name, count in done.places[:_SHOWN]]
    facts = {
        "cases": done.cases,
        "places": [{"kind": kind, "name": name, "cases": count} for kind, name, count in done.places],
        "new": done.added,
        "changed": done.changed,
        "dry_run": options.dry_run,
    }
    return Answer("\n".join(lines), facts)


def _facts(found: "Topology") -> dict[str, Any]:
    return {
        "areas": dict(found.pieces),
        "findings": [
            {
                "fault": each.fault.value,
                "level": each.level,
                "names": list(each.names),
                "m2": None if each.surface is None else round(each.surface, 1),
                "at": None if each.where is None else list(each.where),
                "parts": each.parts,
            }
            for each in found.findings
        ],
    }


def _lines(found: "Topology") -> list[str]:
    from commandcenter.intake.place.topology import WORDS, Fault

    looked = "、".join(f"{_LEVELS[level]} {count}" for level, count in found.pieces.items())
    counts = "，".join(f"{WORDS[fault]} {found.count(fault)}" for fault in Fault if found.count(fault))
    lines = [f"检查了 {looked}：{counts or '没有问题'}。"]
    lines += [_line(each, WORDS[each.fault]) for each in found.findings[:_SHOWN]]
    if len(found.findings) > _SHOWN:
        lines.append(f"另有 {len(found.findings) - _SHOWN} 处，用 --json 看全部。")
    return lines


def _line(finding: "Finding", word: str) -> str:
    names = "与".join(f"“{name}”" for name in finding.names)
    size = "" if finding.surface is None else f" {finding.surface:,.0f} 平方米"
    parts = f"（{finding.parts} 处）" if finding.parts > 1 else ""
    where = "" if finding.where is None else f"，在 {finding.where[0]:.6f},{finding.where[1]:.6f}"
    return f"{word}：{_LEVELS[finding.level]}{names}{size}{parts}{where}"
