"""Finding repeats: whether real ones are found, whether strangers are merged, and how long one look takes in a large index.

Data: ``../shared/data`` (read in place, absent: left out). Figures are told for both halves, of the stream by issues
(``LARGE`` holds the largest one), of the Chicago requests by the parity of their numbers. The weights were set by hand
while both halves were looked at: neither is unseen, and only data kept aside can tell how well they hold elsewhere.

``merge.stream`` is the share of pairs of the same issue that ended in one case. Its precision is counted over labelled
rows: of the pairs in one case that touch a labelled row, those of one issue. ``strict`` counts a labelled row beside an
unlabelled one as wrong, though that may belong; ``labelled`` leaves such pairs out.

``merge.live`` is the same of the newest thousand messages, registered one by one in a real database with the machine merging,
as the timekeeper does it; its reference is the replay of that thousand. The rarity of words is learned from what is there, as
in a centre that has trained nothing yet.
"""

import asyncio
import csv
import dataclasses
import random
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from uuid import uuid4

import numpy as np

from commandcenter.db import duties
from commandcenter.db.engine import Database
from commandcenter.intake.repeats.grouping import Placement
from commandcenter.intake.repeats.index import Index
from commandcenter.intake.repeats.replay import replay
from commandcenter.intake.repeats.report import Report
from commandcenter.intake.repeats.seen import Seen
from commandcenter.intake.repeats.told import read_told
from commandcenter.services.cases import register
from commandcenter.services.new_report import Citizen, NewReport
from commandcenter.services.repeat_keeping import RepeatKeeping
from tests.benchmarks.figure import Figure, figure, quantile
from tests.benchmarks.server import Place, connected, server

DATA = Path(__file__).parents[3] / "shared" / "data"
LARGE = frozenset({"H02", "H09", "H11"})
"""One half of the issues; H02 alone holds three quarters of all pairs."""
LIVE, LEARNS = 1_000, 50
"""Messages that are registered, and after how many the rarity of words is looked at again."""
_LETTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
_CUMULATED = list(accumulate(1.0 / (rank + 10) for rank in range(len(_LETTERS))))


def run(quick: bool = False) -> list[Figure]:
    """Measure; shares between 0 and 1, milliseconds, and megabytes."""
    figures: list[Figure] = []
    if (DATA / "chicago311.csv").exists():
        figures += _chicago(DATA / "chicago311.csv") + _stream(DATA / "messages_stream.csv")
        figures += _live(DATA / "messages_stream.csv", 150 if quick else LIVE)
    else:
        print("    ../shared/data is not here: merge.chicago and merge.stream left out")
    return figures + _looks(20_000 if quick else 1_000_000)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _chicago(path: Path) -> list[Figure]:
    rows, placed = _rows(path), replay(read_told(path, {}).reports)
    found: dict[str, list[bool]] = {"": [], ".half_1": [], ".half_2": []}
    parent = {row["sr_number"]: row["parent_sr_number"] or row["sr_number"] for row in rows}
    for row, one in zip(rows, placed, strict=True):
        if row["parent_in_sample"] == "1":
            hit = row["parent_sr_number"] in {candidate.report_id for candidate in one.candidates}
            found[""].append(hit)
            found[".half_2" if int(row["sr_number"][-1]) % 2 else ".half_1"].append(hit)
    merged = [one for one in placed if one.merged]
    wrong = sum(parent[one.report_id] != parent[one.case_id] for one in merged)
    return [
        *(figure(f"merge.chicago{half}", sum(hits) / len(hits), f"of {len(hits)}") for half, hits in found.items()),
        figure("merge.chicago.merged", len(merged), "merged by machine"),
        *([figure("merge.chicago.wrong", wrong / len(merged), f"of {len(merged)} merged")] if merged else []),
        figure("merge.chicago.asked", _asked(placed) / len(placed), f"of {len(placed)}"),
    ]


def _asked(placed: Sequence[Placement]) -> int:
    return sum(any(found.verdict.value == "likely" for found in one.candidates[:1]) for one in placed)


def _stream(path: Path) -> list[Figure]:
    rows, placed = _rows(path), replay(read_told(path, {}).reports)
    case = {one.report_id: one.case_id for one in placed}
    labels = [(case[row["留言编号"]], row["issue"]) for row in rows]
    exact: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        exact[row["exact_group"]].add(case[row["留言编号"]])
    exact.pop("", None)
    issues = {issue for _, issue in labels if issue}
    figures = [figure("merge.stream.exact", sum(len(cases) == 1 for cases in exact.values()) / len(exact), "of groups")]
    for half, which in (("", issues), (".half_1", issues & LARGE), (".half_2", issues - LARGE)):
        recall, strict, labelled = _pairs(labels, which)
        figures += [
            figure(f"merge.stream{half}", recall, "recall"),
            figure(f"merge.stream{half}.precision", strict, "strict", "labelled rows only", labelled),
        ]
    return figures


def _live(path: Path, most: int) -> list[Figure]:
    rows, reports = _rows(path), read_told(path, {}).reports
    newest = sorted(range(len(reports)), key=lambda at: reports[at].at)[-most:]
    placed = replay([reports[at] for at in newest])
    place = server().place("live")
    stored, took = asyncio.run(_registered(place, [reports[at] for at in newest]))
    issues = {rows[at]["issue"] for at in newest} - {""}
    theirs = _pairs([(one.case_id, rows[at]["issue"]) for one, at in zip(placed, newest, strict=True)], issues)
    ours = _pairs([(str(case), rows[at]["issue"]) for case, at in zip(stored, newest, strict=True)], issues)
    return [
        figure("merge.live", ours[0], "recall", "the replay's", theirs[0]),
        figure("merge.live.precision", ours[1], "strict", "the replay's", theirs[1]),
        figure("merge.live.labelled", ours[2], "labelled rows only", "the replay's", theirs[2]),
        figure("merge.live.took", quantile(took, 0.95), "ms p95", "median", quantile(took, 0.5)),
    ]


async def _registered(place: Place, reports: Sequence[Report]) -> tuple[list[int], list[float]]:
    """The cases in which the reports ended, and how long each one's comparing took."""
    made, took, citizens = list[int](), list[float](), dict[str, int]()
    async with connected(place.admin_url) as root:
        await root.execute("update cc.settings set value = '1' where name = 'auto_merge'")
        database = await Database.connect(place.url("duty1"))
        async with duties.holding_lock(database, "bench") as connection:
            if connection is None:
                raise RuntimeError("somebody else keeps the time of the measurement's own database")
            keeping = RepeatKeeping(database)
            for number, report in enumerate(reports):
                if number % LEARNS == 0:  # as often as a centre at work looks whether it has learned anything
                    keeping = RepeatKeeping(database)
                await root.execute("update cc.centre set fixed_now = $1", report.at)
                who = Citizen(
                    phone=f"139{citizens.setdefault(report.citizen, len(citizens)):08}" if report.citizen else ""
                )
                new = NewReport(1, report.text or report.title, title=report.title[:60], citizen=who)
                made.append((await register(database, new, key=uuid4())).case_id)
                began = time.perf_counter()
                while await keeping.round(connection, seconds=60):
                    pass
                took.append((time.perf_counter() - began) * 1000)
        now = dict(await root.fetch("select home_id, case_id from cc.reports"))
        await database.close()
    return [now[case] for case in made], took


def _pairs(labels: Sequence[tuple[str, str]], which: Collection[str]) -> tuple[float, float, float]:
    """Recall, strict precision and precision over labelled rows of the pairs of some issues."""
    cases: dict[str, Counter[str]] = defaultdict(Counter)
    for case, issue in labels:
        cases[case][issue] += 1
    sizes = Counter(issue for _, issue in labels if issue in which)
    right = other = unknown = 0
    for held in cases.values():
        for issue in which:
            right += held[issue] * (held[issue] - 1) // 2
            other += held[issue] * sum(n for name, n in held.items() if name and name != issue)
            unknown += held[issue] * held[""]
    whole = sum(size * (size - 1) // 2 for size in sizes.values())
    return right / whole, right / max(1, right + other + unknown), right / max(1, right + other)


def _made(number: int, rng: random.Random) -> Report:
    """A report of about ninety letters with a place, a kind and a point; letters as uneven as in real texts."""
    words = "".join(rng.choices(_LETTERS, cum_weights=_CUMULATED, k=80))
    place = f"{rng.choice(_LETTERS)}{rng.choice(_LETTERS)}小区{rng.randint(1, 40)}栋"
    return Report(
        id=str(number),
        at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
        text=f"{place}{words}",
        category=f"类{rng.randint(1, 200)}",
        lon=122.0 + rng.random() * 0.6,
        lat=36.7 + rng.random() * 0.6,
        citizen=str(rng.randint(1, 300_000)),
    )


def _looks(size: int) -> list[Figure]:
    """Fill an index; look for the candidates of reports like those in it, at a tenth and at the whole.

    A fiftieth is read from texts; the others are put together from halves of two of them, which keeps how often a term
    is used and takes a tenth of the time.
    """
    rng, index, figures = random.Random(371082), Index(), []
    before, read = _megabytes(), max(1000, size // 50)
    known = []
    made = [_made(number, rng) for number in range(read)]
    began = time.perf_counter()
    for number in range(size):
        seen = index.see(made[number]) if number < read else _mixed(*rng.sample(known, 2), number)
        if number < read:
            known.append(seen)
        index.add(seen)
        if number + 1 == read:
            figures.append(figure("merge.add", read / (time.perf_counter() - began), "reports/s"))
        if number + 1 in {size // 10, size}:
            took = [_look(index, _made(size + at, rng)) for at in range(200)]
            name = f"merge.look.{(number + 1) // 1000}k"
            figures += [
                figure(name, quantile(took, 0.95), "ms p95", "its median", quantile(took, 0.5)),
                figure(f"{name}.memory", _megabytes() - before, "MB"),
            ]
    return figures


def _mixed(one: Seen, other: Seen, number: int) -> Seen:
    mine, theirs = one.terms[::2], other.terms[1::2]
    terms, at = np.unique(np.concatenate((mine, theirs)), return_index=True)
    counts = np.concatenate((one.counts[::2], other.counts[1::2]))[at]
    report = dataclasses.replace(other.report, id=str(number), at=other.report.at + timedelta(minutes=number))
    return dataclasses.replace(
        other, report=report, terms=terms, counts=counts, form=0, days=other.days + number / 1440
    )


def _look(index: Index, report: Report) -> float:
    began = time.perf_counter()
    index.candidates(report)
    return (time.perf_counter() - began) * 1000


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
