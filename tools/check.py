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
TESTS = {"pytest": [PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]}


def main(arguments: list[str]) -> int:
    """Run the chosen steps; returns 0 if all passed."""
    steps = FIX if "--fix" in arguments else LINT if "--lint" in arguments else LINT | TESTS
    failed = [name for name, command in steps.items() if not passes(name, command)]
    if failed:
        print(f"FAILED: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    """Run one step and tell how it went, before the test runner's own closing line."""
    print(f"--- {name}", flush=True)
    began = time.monotonic()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    passed = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0
    if name not in TESTS:
        print(f"    {'ok' if passed else 'FAILED'} ({time.monotonic() - began:.1f} s)", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
