"""Commands on the centre as a whole: its database, its worker, how it stands."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from commandcenter.cli.answer import Answer, Progress, told
from commandcenter.cli.options import GRADE_WORDS, Commands, command, group, source
from commandcenter.domain.case import Grade
from commandcenter.services.centre import Centre

if TYPE_CHECKING:
    from commandcenter.services.repeat_progress import Progress as RepeatProgress
    from commandcenter.services.standing import Keeper

MOST_FINDINGS = 50
_STATES = {"empty": "尚未建立", "current": "已是最新", "older": "较旧，需要 db upgrade", "newer": "比本程序新"}


def add(commands: Commands) -> None:
    """Name them and their options."""
    database = group(commands, "db", "建立、升级、备份、恢复数据库")
    command(database, "init", "建立数据库", init, prepares=True)
    command(database, "upgrade", "把数据库升级到本程序的版本", upgrade, prepares=True)
    command(database, "status", "数据库的版本情况", db_status, prepares=True)
    command(database, "backup", "备份到一个文件", backup).add_argument("file", metavar="文件", type=Path)
    restoring = command(database, "restore", "从备份文件恢复到空的数据库", restore, prepares=True)
    restoring.add_argument("file", metavar="文件", type=source)
    restoring.add_argument("--force", action="store_true", help="数据库里已有数据也覆盖")
    command(
        commands,
        "worker",
        "到点就做的事：哨和三单的时限、起草三单、抽查、封存、归档；SIGTERM 结束",
        worker,
    )
    standing = command(commands, "status", "服务器、数据库版本、工单数量、流水封存、谁在执行定时任务", status)
    standing.add_argument(
        "--check", action="store_true", help="同时核验全部流水，核查全部工单、哨、三单和回访（管理员）"
    )


async def init(_: argparse.Namespace, centre: Centre, progress: Progress) -> Answer:
    """Make the database where it is missing, and bring it to this program's revision."""
    from commandcenter.services import building

    made = await building.build(centre, progress)
    text = f"数据库 {centre.database} 已建立。" if made.created else f"数据库 {centre.database} 已在，版本已是最新。"
    return Answer(text, {"database": centre.database, "created": made.created, "revision": made.revision})


async def upgrade(_: argparse.Namespace, centre: Centre, progress: Progress) -> Answer:
    """Bring an existing database to this program's revision."""
    from commandcenter.services import building

    progress("正在升级数据库")
    revision = await building.upgrade(centre)
    return Answer(
        f"数据库 {centre.database} 已是版本 {revision}。", {"database": centre.database, "revision": revision}
    )


async def db_status(_: argparse.Namespace, centre: Centre, __: Progress) -> Answer:
    """How the database stands to this program."""
    from commandcenter.services import building

    found = await building.schema_status(centre)
    text = f"数据库 {centre.database}：{_STATES[found.state]}（版本 {found.revision or '无'}，本程序 {found.head}）。"
    facts = {"database": centre.database, "state": found.state, "revision": found.revision, "head": found.head}
    return Answer(text, facts)


async def backup(options: argparse.Namespace, centre: Centre, progress: Progress) -> Answer:
    """Everything into one file that only its owner may read."""
    from commandcenter.services import keeping

    progress("正在备份")
    size = await keeping.backup(centre, options.file)
    return Answer(f"已备份到 {options.file}（{size / 1e6:.1f} MB）。", {"file": str(options.file), "bytes": size})


async def restore(options: argparse.Namespace, centre: Centre, progress: Progress) -> Answer:
    """A backup into an empty database."""
    from commandcenter.services import keeping

    progress("正在恢复")
    restored = await keeping.restore(centre, options.file, force=options.force)
    text = f"已恢复到数据库 {centre.database}：{restored.cases} 件工单，{restored.people} 个登录名，流水核验无误。"
    return Answer(text, {"database": centre.database, "cases": restored.cases, "people": restored.people})


async def worker(options: argparse.Namespace, centre: Centre, __: Progress) -> Answer:
    """Do what time does, or stand by for whoever does, until told to end."""
    from commandcenter.cli.ending import told_to_end
    from commandcenter.clock import SystemClock
    from commandcenter.services.worker import work

    said = sys.stderr if options.json else sys.stdout
    await work(centre.url, SystemClock(), stop=told_to_end(), said=lambda words: print(words, file=said, flush=True))
    return Answer("已结束。", {"ended": True})


def _keeper_words(keeper: "Keeper | None") -> str:
    if keeper is None:
        return "没有程序在执行（运行 python main.py worker，或打开值班员、督导的桌面）"
    if keeper.since is None:
        return "有程序刚开始执行"
    return f"由 {keeper.holder} 执行，自 {told(keeper.since)}，最近 {told(keeper.beat_at)}"


def _repeats_words(progress: "RepeatProgress") -> str:
    waiting = f"还有 {progress.waiting} 件待比对（自 {told(progress.since)}）" if progress.waiting else "来件都已比对"
    return f"{waiting}{f'，另有 {progress.failed} 件多次未成' if progress.failed else ''}"


async def status(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """How the centre stands."""
    from commandcenter.services import standing

    found = await standing.read(centre.url, check=options.check)
    findings = [each.sentence for each in found.findings or () if not each.code.startswith("journal_")]
    lines = [
        f"服务器：PostgreSQL {found.server}{'（本机）' if centre.embedded else ''}，数据库 {centre.database}，版本 {found.revision}",
        f"中心：{found.centre}{'（演示）' if found.demo else ''}",
        *(f"{GRADE_WORDS[Grade(each.grade)]}：未办结 {each.open} 件，超期 {each.overdue} 件" for each in found.grades),
        f"最近流水：第 {found.last_seq} 条 {told(found.last_at)}；已封存 {found.seals} 次 {told(found.sealed_at)}",
        f"定时任务：{_keeper_words(found.timekeeper)}",
        f"疑似重复：{_repeats_words(found.repeats)}",
    ]
    if found.damaged is not None:
        lines.append(
            f"流水核验：{'无误' if not found.damaged else f'有 {len(found.damaged)} 处不符：{found.damaged[:5]}'}"
        )
        lines.append(f"业务核查：{f'有 {len(findings)} 处不符：' if findings else '无误'}")
        lines += findings[:MOST_FINDINGS]
    facts = {
        "server": found.server,
        "embedded": centre.embedded,
        "database": centre.database,
        "revision": found.revision,
        "centre": found.centre,
        "demo": found.demo,
        "grades": {
            GRADE_WORDS[Grade(each.grade)]: {"open": each.open, "overdue": each.overdue} for each in found.grades
        },
        "open": sum(each.open for each in found.grades),
        "overdue": sum(each.overdue for each in found.grades),
        "journal": {"last_seq": found.last_seq, "last_at": found.last_at},
        "seals": {"count": found.seals, "last_at": found.sealed_at},
        "damaged": found.damaged,
        "findings": None if found.findings is None else findings,
        "repeats": asdict(found.repeats),
        "timekeeper": None if found.timekeeper is None else asdict(found.timekeeper),
    }
    return Answer("\n".join(lines), facts, code=1 if found.findings else 0)
