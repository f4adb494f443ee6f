"""The test's end of a driven desk: a process started, asked, and ended or killed."""

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]


class DeskProcess:
    """``desk.ask("row", case=7)`` has the desk in the other process do that; see driven_desk.py for the words.

    Another `module` may know other words.
    """

    def __init__(self, url: str, folder: Path, module: str = "tests.e2e.driven_desk") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, url, folder],
            cwd=ROOT,
            env=os.environ | {"PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def begin(self, do: str, **arguments: Any) -> None:
        """Give an order, without waiting for its end."""
        assert self.process.stdin is not None
        self.process.stdin.write((json.dumps({"do": do, **arguments}) + "\n").encode())
        self.process.stdin.flush()

    def end(self) -> Any:
        """The answer to the oldest order that has not been answered."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE_S)
        assert ready, "the desk does not answer"
        answer = json.loads(self.process.stdout.readline() or '{"error": "the desk has ended"}')
        assert "error" not in answer, answer["error"]
        return answer["ok"]

    def ask(self, do: str, **arguments: Any) -> Any:
        """Give an order and return its answer."""
        self.begin(do, **arguments)
        return self.end()

    def close(self) -> int:
        """End the input, as a person closes the window; returns the exit code."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        code = self.process.wait(PATIENCE_S)
        self.process.stdout.close()
        return code

    def kill(self) -> None:
        """``kill -9``, which lets it end nothing."""
        self.process.kill()
        self.process.communicate()


@contextlib.contextmanager
def desks(folder: Path, *urls: str) -> Iterator[list[DeskProcess]]:
    """Desks side by side, with their settings in a folder, each ready when the block begins and ended cleanly after it."""
    opened = [DeskProcess(url, folder) for url in urls]
    try:
        for desk in opened:
            assert desk.end() == "ready"
        yield opened
        assert [desk.close() for desk in opened] == [0] * len(opened)
    finally:
        for desk in opened:
            if desk.process.poll() is None:
                desk.kill()
