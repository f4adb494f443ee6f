"""Runs the measurements: ``python -m tests.benchmarks [NAME …] [--quick]``; a table, and out/bench.json.

Measures, never asserts. The machine's mood moves every figure: look at the ratio to the reference of the same run.
"""

import argparse
import importlib
import json
import os
import sys
import time
import traceback
import unicodedata
from pathlib import Path

from tests.benchmarks import server
from tests.benchmarks.figure import Figure

HERE = Path(__file__).parent
OUT = HERE.parent.parent / "out" / "bench.json"
ORDER = ("start", "feed", "claim", "snapshot", "rls", "bulk", "queue", "map")
"""What needs a quiet server first; the rest, and whatever is there besides, after it."""
GOALS = {
    "start.warm": "≤ 2000 ms",
    "map.load": "≤ 1000 ms",
    "map.delta": "≤ 120 ms",
    "feed.p50": "≤ 8 × raw",
    "feed.p95": "≤ 150 ms",
    "feed.kill.lost": "0",
    "feed.kill.doubled": "0",
    "snapshot.300k": "≤ 0.33 × rows",
    "queue.sort": "≤ 150 ms",
    "queue.filter": "≤ 120 ms",
    "queue.update": "≤ 100 ms",
    "claim.50": "≤ 100 ms",
    "claim.doubles": "0",
    "rls.scan": "≤ 2 × none",
    "rls.queue": "≤ 10 ms",
    "bulk.load": "≥ 8000 rows/s",
    "import.rows": "≥ 5000 rows/s",
    "timekeeper.sweep": "≤ 1000 ms",
    "month.findings": "0",
    "merge.chicago": "≥ 0.95",
    "merge.chicago.wrong": "≤ 0.01",
    "merge.stream": "≥ 0.70",
    "merge.stream.precision": "≥ 0.85",
    "merge.stream.exact": "1",
    "merge.look.1000k": "≤ 50 ms",
    "merge.add": "≥ 2000 reports/s",
    "suggest.p95": "≤ 50 ms",
    "slip.pdf": "≤ 500 ms",
    "gateway.rate": "≥ 150 POSTs/s",
    "gateway.p95": "≤ 150 ms",
    "slip.pdf.worst": "≤ 500 ms",
    "classify.f1": "≥ 0.915",
    "classify.speed": "≥ 2000 messages/s",
    "register.p95": "≤ 40 ms",
    "locate.points": "≥ 100000 points/s",
    "locate.addresses": "≥ 5000 addresses/s",
}


def names() -> list[str]:
    """Every measurement there is, in the order of running."""
    found = {path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py")}
    return [name for name in ORDER if name in found] + sorted(found.difference(ORDER))


def main(arguments: list[str]) -> int:
    """Run what is asked for; 1 if something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure how fast the centre is.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(names())}; all if none is given")
    parser.add_argument("--quick", action="store_true", help="a tenth of the data: whether it runs, not how fast")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.names).difference(names())
    if unknown:
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures: list[Figure] = []
    failed: list[str] = []
    try:
        for name in chosen.names or names():
            print(f"--- {name}", flush=True)
            began = time.monotonic()
            try:
                figures += importlib.import_module(f"tests.benchmarks.bench_{name}").run(quick=chosen.quick)
            except Exception:  # noqa: BLE001 - the others are still worth knowing
                traceback.print_exc()
                failed.append(name)
            print(f"    {time.monotonic() - began:.1f} s", flush=True)
    finally:
        server.stop()
    keep(figures, whole=not chosen.names)
    print_table(figures)
    for name in failed:
        print(f"FAILED: {name}")
    return 1 if failed else 0


def keep(figures: list[Figure], *, whole: bool) -> None:
    """Write the figures down; those of a part of the measurements beside what was measured before."""
    if not whole and OUT.exists():
        now = {line["id"]: line for line in figures}
        before = json.loads(OUT.read_text(encoding="utf-8"))
        figures = [now.pop(line["id"], line) for line in before] + list(now.values())
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def print_table(figures: list[Figure]) -> None:
    """Id, value, unit, goal, reference, its value, ratio."""
    lines = [("id", "value", "unit", "goal", "reference", "its value", "ratio")]
    for line in figures:
        goal = GOALS.get(str(line["id"]), "")
        cells = (
            line["id"],
            line["value"],
            line["unit"],
            goal,
            line["reference"],
            line["reference_value"],
            line["ratio"],
        )
        lines.append(
            tuple("" if cell is None else f"{cell:,}" if isinstance(cell, float) else str(cell) for cell in cells)
        )
    widths = [max(_width(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        print("  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip())


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
