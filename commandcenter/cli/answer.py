"""What a command answers: facts for programs, lines for people, and progress beside both."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from commandcenter.clock import SHANGHAI


@dataclass(frozen=True, slots=True)
class Answer:
    """Printed to stdout: ``facts`` as one JSON object with ``--json``, otherwise ``text``."""

    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    code: int = 0


def show(answer: Answer, *, as_json: bool) -> None:
    """Print it."""
    if as_json:
        print(json.dumps(answer.facts, ensure_ascii=False, default=_plain))
    elif answer.text:
        print(answer.text)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def told(moment: datetime | None) -> str:
    """A moment as people here read it."""
    return "" if moment is None else moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


class Progress:
    """Steps on stderr: one line that is written over on a terminal, nothing elsewhere unless `always`."""

    def __init__(self, *, always: bool = False) -> None:
        self._terminal = sys.stderr.isatty()
        self._always = always
        self._open = False

    def __call__(self, step: str) -> None:
        """Say what is being done now."""
        if self._terminal and not self._always:
            print(f"\r\x1b[K{step}…", end="", file=sys.stderr, flush=True)
            self._open = True
        elif self._always:
            print(f"{step}…", file=sys.stderr, flush=True)

    def close(self) -> None:
        """End the line."""
        if self._open:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._open = False
