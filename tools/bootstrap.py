"""Brings a bare clone to life: the environment, the pinned packages, the system's libraries; then runs one target.

``make TARGET`` calls it, and so can ``python tools/bootstrap.py TARGET`` where there is no make (Windows, macOS).
Standard library only. The file is kept readable for older Pythons, so that they can say what is missing.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "commandcenter.stamp"
TARGETS = {
    "install": None,
    "run": ["main.py", "run"],
    "test": ["tools/check.py"],
    "bench": ["-m", "tests.benchmarks"],
    "screens": ["main.py", "screens"],
    "lint": ["tools/check.py", "--lint"],
    "fmt": ["tools/check.py", "--fix"],
}


def main(arguments):
    """Prepare what is not ready yet, then become the target's program."""
    target = arguments[0] if arguments else "run"
    if target not in TARGETS:
        sys.exit(f"Unknown target {target!r}: use one of {', '.join(TARGETS)}.")
    if sys.version_info < (3, 11):
        sys.exit(rerun_with_newer_python(arguments))
    wanted = fingerprint()
    if target == "install" or not PYTHON.exists() or not STAMP.exists() or STAMP.read_text() != wanted:
        began = time.monotonic()
        prepare()
        STAMP.write_text(wanted)
        print(f"Ready ({time.monotonic() - began:.0f} s).", flush=True)
    if TARGETS[target] is not None:
        become([str(PYTHON), *TARGETS[target], *arguments[1:]])


def fingerprint():
    """Return what the preparation depends on: dependencies, pins, the list of system packages."""
    digest = hashlib.sha256(json.dumps(dependencies()).encode())
    for path in (ROOT / "constraints.txt", ROOT / "tools" / "system_packages.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def dependencies():
    """Return the requirements named in pyproject.toml, those for development included."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["dev"]]


def prepare():
    """Do every step that may be missing; each says what it does, and ends the program in one sentence if it cannot."""
    sys.path.insert(0, str(ROOT / "tools"))
    import system_packages

    print("[1/3] Python environment in .venv", flush=True)
    make_environment(system_packages)
    print("[2/3] Python packages (about 300 MB to fetch the first time; this takes a minute or two)", flush=True)
    install_packages()
    print("[3/3] System libraries and a Chinese font", flush=True)
    system_packages.provide_for_qt(PYTHON)


def make_environment(system_packages):
    """Create .venv unless a working one is there."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    if subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True).returncode != 0:
        system_packages.provide([(f"python3.{sys.version_info[1]}-venv", "python3-venv")])
    if VENV.exists():
        shutil.rmtree(VENV)
    if subprocess.run([sys.executable, "-m", "venv", VENV]).returncode != 0:
        sys.exit(f"Could not create {VENV}: see the lines above.")


def install_packages():
    """Install the pinned packages, naming each as it comes; addresses are kept out of what is shown."""
    command = [PYTHON, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    pip = subprocess.Popen(
        [*command, "--constraint", ROOT / "constraints.txt", *dependencies()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines, began = [], time.monotonic()
    for line in pip.stdout:
        lines.append(re.sub(r"\w+://\S+", "<address>", line.rstrip()))
        step = re.match(r"(Collecting|Installing collected packages)\b:? ?([^\s<>=!~;]*)", line)
        if step:
            what = step.group(2) if step.group(1) == "Collecting" else "installing all of them"
            print(f"      {time.monotonic() - began:4.0f} s  {what}", flush=True)
    if pip.wait() != 0:
        print("\n".join(lines[-15:]), file=sys.stderr)
        sys.exit("The Python packages could not be installed: check the network and pip's configuration, then retry.")


def rerun_with_newer_python(arguments):
    """Run this file with a Python 3.11 or newer and return its exit code, or a sentence if there is none."""
    for minor in range(20, 10, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0:
            return subprocess.call([found, __file__, *arguments])
    version = ".".join(map(str, sys.version_info[:2]))
    return f"Python 3.11 or newer is needed (this is {version}): install one, for example python3.11, then retry."


def become(command):
    """Run the command in the project folder in place of this process."""
    os.chdir(ROOT)
    sys.stdout.flush()
    if os.name == "nt":  # exec returns to the shell at once there
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
