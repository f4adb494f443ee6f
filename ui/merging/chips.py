"""A row of chips of which one is chosen, and the days that a list may show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from commandcenter.clock import SHANGHAI


def chips(parent: QWidget, choices: Sequence[tuple[object, str]], chosen: Callable[..., object]) -> list[QPushButton]:
    """A chip a choice, the first one chosen; `chosen` gets the value of the one that is clicked."""
    group, made = QButtonGroup(parent), []
    for place, (value, text) in enumerate(choices):
        chip = QPushButton(text, parent)
        chip.setCheckable(True)
        chip.setChecked(place == 0)
        chip.setProperty("role", "chip")
        chip.clicked.connect(lambda _=False, value=value: chosen(value))
        group.addButton(chip)
        made.append(chip)
    return made


def spans() -> list[tuple[object, str]]:
    """Today, and with how many days before it."""
    return [
        (days, QCoreApplication.translate("merge_chips", text))
        for days, text in ((0, "今天"), (6, "7 天"), (29, "30 天"))
    ]


def midnight(now: datetime, days: int = 0) -> datetime:
    """The beginning of the day in Shanghai, so many days ago."""
    day = now.astimezone(SHANGHAI).date() - timedelta(days=days)
    return datetime.combine(day, time(), SHANGHAI)
