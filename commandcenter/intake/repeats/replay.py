"""An archive replayed in time: what the machine would have proposed and merged, row by row, as a file to judge it by."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TextIO

from commandcenter.intake.repeats.grouping import Grouping, Placement
from commandcenter.intake.repeats.report import Candidate, Report

TOP = 3
_TOLD_EVERY = 500


def replay(reports: Sequence[Report], progress: Callable[[str], None] = lambda _: None) -> list[Placement]:
    """Put the reports in order of time (of equal times in the given order).

    Answers in the given order, with the cases as they are in the end.
    """
    grouping = Grouping()
    order = sorted(range(len(reports)), key=lambda at: reports[at].at)
    placed: dict[int, Placement] = {}
    for count, at in enumerate(order):
        placed[at] = grouping.put(reports[at], TOP)
        if count % _TOLD_EVERY == 0:
            progress(f"已回放 {count}/{len(order)} 件")
    return [replace(placed[at], case_id=grouping.case_of(report.id)) for at, report in enumerate(reports)]


def write_pairs(file: TextIO, reports: Sequence[Report], placements: Sequence[Placement]) -> None:
    """Write one row a report: id, time, case, merged, and its candidates with score, case, verdict and reasons."""
    header = ["id", "time", "case", "merged"]
    header += [
        f"{name}_{rank}" for rank in range(1, TOP + 1) for name in ("candidate", "score", "case", "verdict", "reasons")
    ]
    writer = csv.writer(file)
    writer.writerow(header)
    for report, placed in zip(reports, placements, strict=True):
        cells = [cell for found in placed.candidates for cell in _cells(found)]
        head = [placed.report_id, report.at.isoformat(), placed.case_id, int(placed.merged)]
        writer.writerow([*head, *cells, *[""] * (len(header) - len(head) - len(cells))])


def _cells(found: Candidate) -> list[str]:
    why = "；".join(f"{reason.words}（{reason.weight:+.1f}）" for reason in found.reasons)
    return [found.report_id, f"{found.score:.4f}", found.case_id, found.verdict.value, why]
