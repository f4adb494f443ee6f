"""The gateway as a service runs it: a real process of main.py that says where it listens and ends on SIGTERM."""

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.command_line import CommandLine
from tests.e2e.county_database import Database


@dataclass
class GatewayProcess:
    """One that listens."""

    process: subprocess.Popen[bytes]
    url: str

    def line(self) -> str:
        """The next line it says."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().decode()

    def end(self) -> tuple[int, str]:
        """Tell it to end; its code and its last words."""
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=60)
        assert b"Traceback" not in out + err, err.decode()
        return self.process.returncode, out.decode()


@contextmanager
def gateway_of(county: Database, folder: Path, *options: str) -> Iterator[GatewayProcess]:
    """A gateway on a county with its intake login, on any free port."""
    process = CommandLine(folder, county.url("intake")).start("gateway", "--port", "0", *options)
    assert process.stdout is not None
    try:
        said = process.stdout.readline().decode()
        found = re.search(r"http://[\d.]+:\d+", said)
        assert found is not None, said
        yield GatewayProcess(process, found[0])
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def key_of(county: Database, folder: Path) -> str:
    """A key handed out on the command line, as an administrator does."""
    cli = CommandLine(folder, county.url("admin"))
    made: str = cli.json("gateway", "key", "add", "测试应用", "--channel", "app", "--hour-limit", "1000000")["api_key"]
    return made
