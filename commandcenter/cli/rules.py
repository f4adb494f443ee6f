"""The command that computes a deadline, by the calendar and the limits in the database."""

import argparse

from commandcenter.cli.answer import Answer, Progress, told
from commandcenter.cli.options import GRADE_WORDS, Commands, command, grade, moment, span
from commandcenter.clock import SHANGHAI
from commandcenter.services.centre import Centre


def add(commands: Commands) -> None:
    """Name it and its options."""
    due = command(commands, "due", "按数据库里的日历和时限计算期限", compute)
    due.add_argument("--grade", type=grade, required=True, metavar="红|橙|黄|蓝|绿")
    due.add_argument(
        "--from", type=moment, required=True, dest="start", metavar="时间", help="派单时间，如 2026-11-22T09:30"
    )
    due.add_argument("--pause", type=span, action="append", default=[], metavar="起/止", help="挂起的时间，可多次")
    due.add_argument("--unit", metavar="单位", help="按哪个单位的作息，默认机关作息")


async def compute(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Print the deadlines of a dispatch."""
    from commandcenter.services import deadlines, people

    async with people.administering(centre.url) as db:
        found = await deadlines.compute(
            db, grade=options.grade, start=options.start, pauses=options.pause, unit=options.unit
        )
    local = {name: told(value) for name, value in found.moments().items()}
    words = {"accept_due_at": "签收期限", "return_until": "退单期限", "soon_at": "临期时间", "due_at": "办结期限"}
    lines = [f"{GRADE_WORDS[options.grade]}：{'工作时间' if found.working else '自然时间'}计时，{found.hours}"]
    lines += [f"{words[name]}：{value}" for name, value in local.items()]
    if found.provisional:
        lines.append("（暂定：期间有尚未公布放假安排的年份）")
    facts = {
        "grade": GRADE_WORDS[options.grade],
        "from": options.start.isoformat(),
        **{name: value.astimezone(SHANGHAI).isoformat() for name, value in found.moments().items()},
        "clock": "working" if found.working else "natural",
        "provisional": found.provisional,
        "hours": found.hours,
    }
    return Answer("\n".join(lines), facts)
