"""The demo county's data files: the one place that knows where they are."""

import csv
import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "resources" / "demo"


def table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file with a header, every value as text."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tree(name: str) -> dict[str, Any]:
    """A TOML file as nested dictionaries and lists."""
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)
