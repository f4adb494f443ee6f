"""Duplicates of a file, each with the case that has its report: the first in memory, and where there are more, all in a file."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from commandcenter.services.table_file import Row, table_file

NAMED = 5_000
"""Duplicates that are named in the answer; of more there is a file."""
HEADER = ("原行号", "已有的工单")


class Duplicates:
    """Give them with ``add``. The file appears, whole, on leaving, and only if there were more than `NAMED`.

    Without a path no file is written. Raises PersonError where the folder cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        self.first: list[tuple[int, str]] = []
        """(row of the file, number of the case)."""
        self._path = path
        self._add: Callable[[Row], None] | None = None
        self._open = ExitStack()

    @property
    def path(self) -> Path | None:
        """The file that names all; None where the first are all, or none is written."""
        return None if self._add is None else self._path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()  # also of a file that stopped: what was taken in stays

    def add(self, more: Iterable[tuple[int, str]]) -> None:
        """Name some more."""
        for one in more:
            if self._add is None and len(self.first) < NAMED:
                self.first.append(one)
                continue
            if self._add is None and self._path is not None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._add = self._open.enter_context(table_file(self._path, HEADER, "重复"))
                for earlier in self.first:
                    self._add(earlier)
            if self._add is not None:
                self._add(one)


def duplicate_path(reject_file: Path) -> Path:
    """Where they go: beside the reject file, under the same name."""
    return reject_file.with_name(f"{reject_file.stem.removesuffix('.rejects')}.duplicates.csv")
