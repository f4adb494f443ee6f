"""Counting a file on its way in: how many of each kind, and the first of them by their rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commandcenter.intake.reader import Accepted, ImportFile, Rejected
from commandcenter.services.import_duplicates import Duplicates
from commandcenter.services.import_known import AT, Record, UnknownWord
from commandcenter.services.imported import Imported, Problem, Renewed

SAMPLE = 20
"""Updates that are named in the answer."""
UNPLACED = 1_000
"""Rows without an area that are named in the answer."""
KINDS = 200
"""Different reasons that are told apart; with more, those that only quote another cell become one."""
EXAMPLES = 3
"""Rows that are named for each reason of rejecting."""


@dataclass
class Tally:
    """Counts on the way."""

    rows: int = 0
    rejected: int = 0
    duplicates: int = 0
    updated: int = 0
    untouched: int = 0
    unplaced: int = 0
    unplaced_rows: list[int] = field(default_factory=list)
    renewed: list[Renewed] = field(default_factory=list)
    reasons: dict[str, list[int]] = field(default_factory=dict)
    notes: dict[str, list[int]] = field(default_factory=dict)

    def count_rejected(self, row: Rejected) -> None:
        """A row that cannot come in."""
        self.rejected += 1
        _note(self.reasons, row.reason, row.row_no)

    def count_notes(self, row: Accepted) -> None:
        """What is to be said of a row that could be read."""
        for note in row.notes:
            _note(self.notes, note, row.row_no)

    def count_place(self, record: Record) -> None:
        """A new report, whose place may not be known."""
        if record[AT["area_id"]] is None:
            self.unplaced += 1
            if len(self.unplaced_rows) < UNPLACED:
                self.unplaced_rows.append(record[0])

    def count_renewed(self, found: Iterable[Any]) -> None:
        """Reports that were here, of which the file says something else."""
        for row in found:
            self.updated += bool(row["updated"])
            self.untouched += bool(row["untouched"])
            if len(self.renewed) < SAMPLE:
                self.renewed.append(
                    Renewed(row["row_no"], row["number"], tuple(row["updated"]), tuple(row["untouched"]))
                )

    def imported(
        self,
        file: ImportFile,
        *,
        repeated: Duplicates,
        unknown: tuple[UnknownWord, ...],
        reject_file: Path | None,
        profile: str,
        resumed_after: int,
    ) -> Imported:
        """What became of the file."""
        return Imported(
            rows=self.rows,
            accepted=self.rows - self.rejected - self.duplicates,
            duplicates=self.duplicates,
            rejected=self.rejected,
            reject_file=reject_file,
            encoding=file.encoding,
            sheet=file.sheet,
            columns=file.understood(),
            duplicate_of=tuple(repeated.first),
            duplicate_file=repeated.path,
            unplaced=self.unplaced,
            unplaced_rows=tuple(self.unplaced_rows),
            updated=self.updated,
            untouched=self.untouched,
            renewed=tuple(self.renewed),
            problems=_problems(self.reasons),
            notes=_problems(self.notes),
            unknown=unknown,
            footers=tuple(file.footers),
            profile=profile,
            resumed_after=resumed_after,
        )


def _note(found: dict[str, list[int]], reason: str, row_no: int) -> None:
    if len(found) >= KINDS and reason not in found:
        reason = reason.partition("“")[0]
    found.setdefault(reason, []).append(row_no)


def _problems(found: Mapping[str, list[int]]) -> tuple[Problem, ...]:
    return tuple(
        Problem(reason, len(rows), tuple(rows[:EXAMPLES]))
        for reason, rows in sorted(found.items(), key=lambda each: -len(each[1]))
    )
