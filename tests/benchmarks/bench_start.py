"""From the start of the process to the painted queue, as the program's own log says it, with a warm database.

The window is the real one on Qt's offscreen platform. The floor is what Python and Qt's widgets alone take to import
and to show an empty window.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.server import server

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 60
# The program refuses to open a window where nobody could see it; that one sentence is what this lifts.
PROGRAM = """
import sys, main, ui.start
ui.start.need_display = lambda: None
sys.exit(main.main())
"""
BARE = """
import time
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.show()
app.processEvents()
print(time.time())
"""
REPORT = re.compile(r"^(\S+ \S+),(\d{3}) .*first paint: (\d+) cases", re.MULTILINE)


def _start(url: str, data_dir: str) -> tuple[float, int]:
    """Start the program once; answers the seconds and the number of cases it reports."""
    log = Path(data_dir, "logs", "commandcenter.log")
    log.unlink(missing_ok=True)
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "CC_DATA_DIR": data_dir, "CC_DATABASE_URL": url}
    began = time.time()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        give_up = time.monotonic() + TIMEOUT_S
        while time.monotonic() < give_up and process.poll() is None:
            found = REPORT.search(log.read_text(encoding="utf-8")) if log.exists() else None
            if found is not None:
                process.kill()
                painted = datetime.strptime(found[1], "%Y-%m-%d %H:%M:%S").astimezone().timestamp()
                return painted + int(found[2]) / 1000 - began, int(found[3])
            time.sleep(0.05)
        process.kill()
        said = process.stderr.read() if process.stderr is not None else ""
        raise AssertionError(f"the program never painted: {said[-500:]}")


def _bare() -> float:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-c", BARE], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout) - began


def run(quick: bool = False) -> list[Figure]:
    """Measure; milliseconds."""
    place = server().busy(quick=quick)
    url = place.url("duty1")
    took, bare = [], []
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as data_dir:
        _start(url, data_dir)  # the first one reads everything from disk
        for _ in range(1 if quick else 7):
            seconds, cases = _start(url, data_dir)
            if cases != place.loaded:
                raise AssertionError(f"{cases} cases painted of {place.loaded}")
            took.append(seconds * 1000)
            bare.append(_bare() * 1000)
    return [
        figure("start.warm", statistics.median(took), "ms", "Python and an empty Qt window", statistics.median(bare))
    ]
