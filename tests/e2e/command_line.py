"""The program as people and scripts start it: real processes of main.py, in a locale that knows no Chinese."""

import array
import atexit
import json
import os
import select
import socket
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

MAIN = Path(__file__).parents[2] / "main.py"
WARM = Path(__file__).with_name("warm.py")
PATIENCE_S = 300.0
"""A whole demo is loaded in 20 s on a free core, in 110 s on a fifth of one."""


@dataclass(frozen=True)
class Said:
    """What a run left: its code, and its words."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class CommandLine:
    """Runs commands on a database; without an address on the embedded one of `data_dir`."""

    data_dir: Path
    url: str | None = None
    cold: bool = False
    """Start Python anew for every command, libraries and all, as it is outside tests; otherwise only the program is."""

    def environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("CC_", "LANG", "LC_", "PYTHON"))
        }
        kept |= {"LANG": "C", "LC_ALL": "C", "CC_DATA_DIR": str(self.data_dir)}
        return kept | ({"CC_DATABASE_URL": self.url} if self.url else {})

    def start(self, *words: object) -> subprocess.Popen[bytes]:
        """Start a command that goes on until it is told to end."""
        return subprocess.Popen(
            [sys.executable, MAIN, *map(str, words)],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *words: object, stdin: str = "") -> Said:
        """Run a command to its end; no run ever shows a traceback."""
        with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
            given.write(stdin.encode())
            given.seek(0)
            files = given.fileno(), out.fileno(), err.fileno()
            code = (_run_cold if self.cold or not hasattr(os, "fork") else _run_warm)(
                list(map(str, words)), self.environment(), files
            )
            out.seek(0)
            err.seek(0)
            said = Said(code, out.read().decode("utf-8"), err.read().decode("utf-8"))
        assert "Traceback" not in said.out + said.err, said.err
        return said

    def ok(self, *words: object, stdin: str = "") -> str:
        said = self.run(*words, stdin=stdin)
        assert said.code == 0, said.err
        return said.out

    def json(self, *words: object, stdin: str = "") -> Any:
        """The one object on stdout."""
        return json.loads(self.ok(*words, "--json", stdin=stdin))

    def refused(self, *words: object, code: int = 1, stdin: str = "") -> str:
        """The one sentence of a command that must fail."""
        said = self.run(*words, stdin=stdin)
        assert said.code == code, said
        assert not said.out
        assert said.err.strip()
        assert len(said.err.strip().splitlines()) == 1, said.err
        return said.err.strip()


def _run_cold(words: list[str], environment: dict[str, str], files: tuple[int, int, int]) -> int:
    given, out, err = files
    command = [sys.executable, MAIN, *words]
    return subprocess.run(
        command, env=environment, stdin=given, stdout=out, stderr=err, check=False, timeout=PATIENCE_S
    ).returncode


def _run_warm(words: list[str], environment: dict[str, str], files: tuple[int, int, int]) -> int:
    order = {"words": words, "environment": environment, "folder": str(Path.cwd())}
    heard, told = os.pipe()
    try:
        socket.send_fds(_warm(), [json.dumps(order).encode()], [*files, told])
        os.close(told)
        ready, _, _ = select.select([heard], [], [], PATIENCE_S)
        assert ready, f"no end after {PATIENCE_S} s: {words}"
        return int(array.array("i", os.read(heard, 4))[0])
    finally:
        os.close(heard)


@cache
def _warm() -> socket.socket:
    """The socket of this run's warm.py; it ends when that is closed."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, WARM, str(theirs.fileno())]
    process = subprocess.Popen(
        command, env=CommandLine(Path()).environment(), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait(PATIENCE_S)

    atexit.register(end)
    return ours
