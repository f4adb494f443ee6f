"""Commands on the demo: its county, its cases, its traffic."""

import argparse

from commandcenter.cli import month
from commandcenter.cli.answer import Answer, Progress
from commandcenter.cli.options import Commands, command, count, group, positive
from commandcenter.services.centre import Centre


def add(commands: Commands) -> None:
    """Name them and their options."""
    demo = group(commands, "demo", "演示数据")
    loading = command(demo, "load", "装入演示县域、人员和历史工单（已有则什么也不做）", load, prepares=True)
    loading.add_argument("--cases", type=count, metavar="N", help="工单总数，默认 3 万，约两个月；20 万约为一年")
    loading.add_argument("--open", type=count, metavar="N", dest="open_cases", help="其中未办结的，默认 2000")
    loading.add_argument("--seed", type=count, metavar="S", help="同一个数生成同一个县域")
    month.add(demo)
    running = command(commands, "simulate", "以演示账号模拟真实的工单往来", simulate)
    running.add_argument("--rate", type=positive, default=1.0, metavar="每秒件数", help="默认每秒 1 个动作")
    running.add_argument("--for", type=positive, dest="seconds", metavar="秒", help="到时结束；默认直到 Ctrl-C")
    running.add_argument("--seed", type=count, default=None, metavar="S", help="随机数种子")
    running.add_argument("--while-input", action="store_true", help="标准输入关闭时结束（随启动它的程序一起结束）")


async def load(options: argparse.Namespace, centre: Centre, progress: Progress) -> Answer:
    """Put the demo in where there is none."""
    from commandcenter.clock import SystemClock
    from commandcenter.db.engine import Database
    from commandcenter.db.schema import need_current
    from commandcenter.services import building
    from commandcenter.services.play import demo as demo_data
    from commandcenter.services.play import demo_past

    if centre.embedded:
        await building.build(centre, progress)
    db = await Database.connect(centre.url)
    try:
        await need_current(db)
        loaded = await demo_data.load(
            db,
            cases=options.cases,
            open_cases=options.open_cases,
            seed=demo_data.SEED if options.seed is None else options.seed,
            now=SystemClock().now(),
            progress=progress,
        )
        if loaded.cases:
            await demo_past.play(db, centre.person_url, SystemClock().now(), progress)
    finally:
        await db.close()
    facts = {
        "areas": loaded.areas,
        "units": loaded.units,
        "people": loaded.people,
        "cases": loaded.cases,
        "reports": loaded.reports,
        "archived": loaded.archived,
        "password": demo_data.PASSWORD,
    }
    if not loaded.cases and not loaded.areas:
        return Answer("演示数据已在，没有改动。", facts)
    text = (
        f"已装入 {loaded.areas} 个区域、{loaded.units} 个单位、{loaded.people} 个演示账号（密码都是 {demo_data.PASSWORD}）、"
        f"{loaded.cases} 件工单（{loaded.reports} 条诉求，{loaded.archived} 件已移入档案）。"
    )
    return Answer(text, facts)


async def simulate(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Play the demo's people for a while."""
    from commandcenter.cli.ending import told_to_end
    from commandcenter.clock import SystemClock
    from commandcenter.services.play import simulating

    played = await simulating.play(
        centre.person_url,
        rate=options.rate,
        seconds=options.seconds,
        seed=options.seed,
        clock=SystemClock(),
        stop=told_to_end(with_input=options.while_input),
    )
    words = "，".join(f"{verb} {number}" for verb, number in sorted(played.deeds.items()))
    return Answer(
        f"共 {sum(played.deeds.values())} 个动作（{words}），{played.refused} 个被拒。",
        {"deeds": dict(played.deeds), "refused": played.refused, "reconnects": played.reconnects},
    )
