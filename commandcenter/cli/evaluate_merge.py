"""``evaluate merge``: replay an archive and write what would have been proposed and merged; no database is asked."""

import argparse
from collections import Counter
from pathlib import Path

from commandcenter.cli.answer import Answer, Progress
from commandcenter.cli.options import Commands, offline
from commandcenter.cli.whole_file import whole_file


def add(evaluate: Commands) -> None:
    """Name it and its options."""
    merge = offline(evaluate, "merge", "按时间回放一份诉求表，写出每件的前三个疑似重复和归入的工单", run)
    merge.add_argument("file", metavar="文件", type=Path, help="CSV 或 Excel，第一行是列名")
    merge.add_argument("--out", metavar="OUT.csv", type=Path, required=True, help="写到哪里")
    merge.add_argument(
        "--columns",
        metavar="名=列,…",
        default="",
        help="指明列名：id、time、text、title、category、lon、lat、citizen，如 id=编号,time=时间",
    )


def run(options: argparse.Namespace, progress: Progress) -> Answer:
    """Read, replay, write."""
    from commandcenter.intake.repeats.replay import replay, write_pairs
    from commandcenter.intake.repeats.told import columns_of, read_told

    with whole_file(options.out, options.file) as file:
        told = read_told(options.file, columns_of(options.columns))
        placements = replay(told.reports, progress)
        write_pairs(file, told.reports, placements)
    cases = Counter(placed.case_id for placed in placements)
    merged = sum(placed.merged for placed in placements)
    asked = sum(not p.merged and any(c.verdict.value == "likely" for c in p.candidates) for p in placements)
    facts = {
        "rows": len(placements),
        "cases": len(cases),
        "merged": merged,
        "suggested": asked,
        "largest": max(cases.values()),
        "untimed": told.untimed,
        "columns": dict(told.columns),
        "out": str(options.out),
    }
    untimed = f"{told.untimed} 件读不出时间，按前一行的时间算。" if told.untimed else ""
    text = (
        f"共 {len(placements)} 件诉求，归为 {len(cases)} 件工单：自动并入 {merged} 件，另有 {asked} 件提示人工确认；"
        f"最大的工单有 {max(cases.values())} 件。{untimed}已写到 {options.out}。"
    )
    return Answer(text, facts)
