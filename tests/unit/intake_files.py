"""Files as other systems export them, made for a test, and what the reader makes of them."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from commandcenter.intake.reader import read_file
from commandcenter.intake.value import Cell

HEADER = ("工单编号", "来电时间", "诉求内容")


def write_csv(path: Path, rows: Sequence[Sequence[Cell]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def read(path: Path, **options: Any) -> list[Any]:
    return list(read_file(path, **options).rows)
