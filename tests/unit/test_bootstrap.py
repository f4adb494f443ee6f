"""The tools that bring a bare clone to life, without installing anything."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BOOTSTRAP = ROOT / "tools" / "bootstrap.py"


def run(code: str, *, path: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT / "tools",
        env={"PATH": path, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_unknown_target_is_said_in_a_sentence() -> None:
    done = subprocess.run([sys.executable, BOOTSTRAP, "fly"], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert done.stderr.startswith("Unknown target 'fly'")
    assert "Traceback" not in done.stderr


def test_an_old_python_says_what_is_missing() -> None:
    done = run("import bootstrap, sys; sys.version_info = (3, 9, 2); bootstrap.main(['run'])")
    assert done.returncode != 0
    assert done.stderr.startswith("Python 3.11 or newer is needed (this is 3.9)")


@pytest.mark.skipif(sys.platform != "linux", reason="system packages are Linux's")
def test_nothing_is_missing_where_the_tests_run() -> None:
    code = "import system_packages as s, sys; print(s.missing_libraries(sys.executable), s.has_chinese_font())"
    assert run(code, path="/usr/bin:/bin").stdout == "set() True\n"


@pytest.mark.skipif(sys.platform != "linux", reason="system packages are Linux's")
@pytest.mark.parametrize(
    ("tools", "said"),
    [
        ([], "Please install with this system's package manager what Debian calls: libasound2, libnss3; then retry."),
        (
            ["apt-get"],
            "Please run this line, then retry:\n"
            "  sudo apt-get update && sudo apt-get install -y libasound2t64 libnss3\n".rstrip(),
        ),
    ],
)
def test_without_the_right_to_install_there_is_one_line_to_run(tmp_path: Path, tools: list[str], said: str) -> None:
    for tool in [*tools, "apt-cache"]:
        program = tmp_path / tool
        program.write_text("#!/bin/sh\necho Package: $2\n", encoding="utf-8")
        program.chmod(0o755)
    code = (
        "import os, system_packages as s; os.geteuid = lambda: 1000;"
        "s.provide([('libasound2t64', 'libasound2'), ('libnss3',)])"
    )
    done = run(code, path=str(tmp_path))
    assert done.returncode != 0
    assert done.stderr.strip() == said


def test_pins_cover_every_dependency_and_name_no_address() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    assert all("==" in pin and "/" not in pin for pin in pins)
    names = {pin.partition("==")[0].lower().replace("_", "-") for pin in pins}
    listed = run("import bootstrap, re; print(*[re.split('[<>=]', d)[0].lower() for d in bootstrap.dependencies()])")
    assert set(listed.stdout.split()) <= names
