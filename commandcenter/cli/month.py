"""``demo month``: a month of the demo county in minutes, in a database of its own, and what the audit says of it."""

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from commandcenter.cli.answer import Answer, Progress, told
from commandcenter.cli.options import Commands, command, count
from commandcenter.clock import SHANGHAI, SystemClock
from commandcenter.services.centre import Centre

if TYPE_CHECKING:
    from commandcenter.services.play.month import MonthReport

CASES, SEED = 15_000, 371082
MOST_FINDINGS = 20
DATABASE = "commandcenter_month"
_STATES = ("待受理", "待派单", "待签收", "办理中", "退单", "挂起", "待回访", "已归档", "并入", "作废")
_WHISTLES = ("退回修改", "待审签", "待指定", "进行中", "待销哨确认", "待评哨", "已归档", "已撤回")
_SLIPS = ("草稿", "待会签", "待签收", "待回复", "待评定", "退回再复", "已办结", "不发", "作废")
_KINDS = {"1": "提示单", "2": "督办单", "3": "警示单"}
_LEVELS = {"1": "常规", "2": "重点", "3": "联合", "4": "攻坚"}


def add(demo: Commands) -> None:
    """Name it and its options."""
    month = command(demo, "month", "在单独的数据库里几分钟演完一个月的业务，并核查结果", run, prepares=True)
    month.add_argument("--cases", type=count, default=CASES, metavar="N", help="这个月的工单数，默认 15000")
    month.add_argument("--days", type=count, default=30, metavar="天", help="演几天，默认 30")
    month.add_argument("--seed", type=count, default=SEED, metavar="S", help="同一个数，同样的县域和诉求")
    month.add_argument("--from", dest="start", type=datetime.fromisoformat, metavar="日期", help="第一天，默认 30 天前")
    month.add_argument("--database", default=DATABASE, metavar="库名", help=f"默认 {DATABASE}；须是新库")
    month.add_argument("--force", action="store_true", help="库已在则删去重做")


async def run(options: argparse.Namespace, centre: Centre, progress: Progress) -> Answer:
    """Make the database, simulate, audit; fails where the audit finds anything."""
    from commandcenter.services.building import build_anew
    from commandcenter.services.play import month

    own = await build_anew(centre, options.database, force=options.force, progress=progress)
    begin = options.start or SystemClock().now().astimezone(SHANGHAI) - timedelta(days=options.days)
    start = begin.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=begin.tzinfo or SHANGHAI)
    found = await month.simulate(
        own.url,
        own.person_url,
        cases=options.cases,
        seed=options.seed,
        start=start,
        days=options.days,
        progress=progress,
    )
    facts = asdict(found) | {"database": options.database, "findings": [each.sentence for each in found.findings]}
    return Answer("\n".join(_lines(found, options.database)), facts, code=1 if found.findings else 0)


def _lines(found: "MonthReport", database: str) -> list[str]:
    lines = [
        _whole(found, database),
        _cases(found),
        _whistles(found),
        _parties(found),
        *(_slips(found, kind) for kind in _KINDS),
        _calls(found),
        _end(found),
    ]
    return lines + [each.sentence for each in found.findings[:MOST_FINDINGS]]


def _whole(found: "MonthReport", database: str) -> str:
    rate = found.cases / max(found.seconds, 0.1)
    return (
        f"{told(found.start)} 到 {told(found.end)}：{found.cases} 件工单，{sum(found.deeds.values())} 个动作，"
        f"用时 {found.seconds:.0f} 秒（每秒 {rate:.0f} 件）；数据库 {database}。"
    )


def _cases(found: "MonthReport") -> str:
    deeds = found.deeds
    return (
        f"工单：{_by(found.of('cases'), _numbered(_STATES))}；"
        f"挂起 {deeds.get('pause', 0)}，延期 {deeds.get('apply_extension', 0)}，退单 {deeds.get('return', 0)}。"
    )


def _whistles(found: "MonthReport") -> str:
    all_of, rounds = found.of("whistles"), found.of("rounds")
    raised = sum(rounds.values()) - rounds.get("blow", 0)
    return (
        f"吹哨：{sum(all_of.values())} 次，{_by(all_of, _numbered(_WHISTLES))}；现级别：{_by(found.of('levels'), _LEVELS)}；"
        f"提级 {raised} 次（逾时未应 {rounds.get('unanswered', 0)}）。"
    )


def _parties(found: "MonthReport") -> str:
    parties, deeds = found.of("parties"), found.deeds
    return (
        f"单位：应到 {parties.get('called', 0)}，异议 {deeds.get('object', 0)}（免到 {parties.get('upheld', 0)}，"
        f"仍到 {parties.get('refused', 0)}），报到 {deeds.get('check_in', 0)}，评分 {parties.get('scored', 0)}；"
        f"逾时：应哨 {parties.get('answer_missed', 0)}，报到 {parties.get('arrive_missed', 0)}，"
        f"办完 {parties.get('finish_missed', 0)}。"
    )


def _slips(found: "MonthReport", kind: str) -> str:
    numbers = "、".join(f"{year} 年 {last} 号" for year, last in _of_kind(found.of("numbers"), kind).items())
    states = _by(_of_kind(found.of("slips"), kind), _numbered(_SLIPS))
    return f"{_KINDS[kind]}：{states}；编号到 {numbers or '无'}。"


def _calls(found: "MonthReport") -> str:
    calls, second, appeals = found.of("follow_ups"), found.of("second_calls"), found.of("appeals")
    granted = sum(number for kind, number in appeals.items() if kind.endswith("true"))
    return (
        f"回访：接通 {calls.get('reached', 0)}，未接通 {calls.get('unreached', 0)}，重办 {calls.get('redo', 0)}；"
        f"抽查 {sum(second.values())}（一致 {second.get('agrees', 0)}，不一致 {second.get('differs', 0)}）；"
        f"剔除和申诉 {sum(appeals.values())}（同意 {granted}）。"
    )


def _end(found: "MonthReport") -> str:
    journal = found.of("journal")
    why = "；".join(f"{sentence} {number}" for sentence, number in found.refused.items())
    return (
        f"流水 {journal.get('rows', 0)} 条，封存 {journal.get('seals', 0)} 次；被拒 {sum(found.refused.values())} 个动作"
        f"{f'（{why}）' if why else ''}。核查：{f'{len(found.findings)} 处不符。' if found.findings else '无误。'}"
    )


def _by(counts: Mapping[str, int], words: Mapping[str, str]) -> str:
    return "，".join(f"{words[kind]} {counts[kind]}" for kind in sorted(counts)) or "无"


def _numbered(words: tuple[str, ...]) -> dict[str, str]:
    return {str(number): word for number, word in enumerate(words)}


def _of_kind(counts: Mapping[str, int], kind: str) -> dict[str, int]:
    return {name.partition(":")[2]: number for name, number in counts.items() if name.partition(":")[0] == kind}
