"""The program as people and scripts start it: real processes of main.py, in a locale that knows no Chinese."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAIN = Path(__file__).parents[2] / "main.py"


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
        done = subprocess.run(
            [sys.executable, MAIN, *map(str, words)],
            env=self.environment(),
            input=stdin.encode(),
            capture_output=True,
            check=False,
            timeout=120,
        )
        said = Said(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
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
