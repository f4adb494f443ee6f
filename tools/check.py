"""Checks everything: lint, format, types, import contracts, tests. One failing step does not hide the others."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable

LINT = {
    "ruff check": [PYTHON, "-m", "ruff", "check", "--quiet"],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet"],
    "mypy": [PYTHON, "-m", "mypy", "--no-error-summary"],
    "import contracts": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
}
FIX = {
    "ruff check": [PYTHON, "-m", "ruff", "check", "--fix"],
    "ruff format": [PYTHON, "-m", "ruff", "format"],
}
TESTS = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def main(arguments: list[str]) -> int:
    """Run the chosen steps; returns 0 if all passed."""
    if "--fix" in arguments or "--lint" in arguments:
        failed = failing(FIX if "--fix" in arguments else LINT)
    else:  # tests wait now and then, for servers and windows to come up: what only calculates fits in between
        tests = begun(TESTS, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        failed = failing(LINT)
        print("--- pytest", flush=True)
        for piece in iter(lambda: tests.stdout.read1(65536), b""):
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
        failed += ["pytest"] if tests.wait() else []
    if failed:
        print(f"FAILED: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def failing(steps: dict[str, list[str]]) -> list[str]:
    """Run steps one after the other and tell how each went; returns the names of those that failed."""
    failed = []
    for name, command in steps.items():
        print(f"--- {name}", flush=True)
        start = time.monotonic()
        if begun(command).wait():
            failed.append(name)
        print(f"    {'FAILED' if name in failed else 'ok'} ({time.monotonic() - start:.1f} s)", flush=True)
    return failed


def begun(command: list[str], **options: int) -> "subprocess.Popen[bytes]":
    """Start one step."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, **options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
