"""The system account the embedded server runs as: our own, or, when we are root, an unprivileged one."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commandcenter.errors import PersonError

NAME = "commandcenter"
ROOM = Path("/var/lib/commandcenter")
"""Where a server started by root keeps its things: root's home is closed to the account."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the Postgres programs. None in both fields: the person who runs us."""

    uid: int | None = None
    gid: int | None = None

    def as_arguments(self) -> dict[str, Any]:
        """Return the keyword arguments that make subprocess run as this account."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make the account the owner of a file or folder."""
        if sys.platform != "win32" and self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def make_open(folder: Path) -> None:
    """Make a folder of ours that the account may pass through, whatever the umask."""
    folder.mkdir(parents=True, exist_ok=True)
    if am_root():
        folder.chmod(0o755)


def am_root() -> bool:
    """Say whether Postgres would refuse to run as us."""
    return sys.platform != "win32" and os.geteuid() == 0


def find_account(cluster: Path) -> Account:
    """Return the account that runs the server of this cluster folder.

    An existing cluster keeps its owner. For a new one, when we are root: the account ``commandcenter``, made if need
    be, otherwise ``postgres`` or ``nobody``. Raises PersonError if there is none.
    """
    if sys.platform == "win32" or not am_root():
        return Account()
    if cluster.exists():
        owner = cluster.stat()
        if owner.st_uid:
            return Account(owner.st_uid, owner.st_gid)
    account = _look_up(NAME)
    if account is None and (useradd := shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")):
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", str(ROOM)]
        subprocess.run(  # two at once: the second fails, and both find the account
            [useradd, *options, "--shell", "/usr/sbin/nologin", NAME],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        account = _look_up(NAME)
    account = account or _look_up("postgres") or _look_up("_postgres") or _look_up("nobody")
    if account is None:
        raise PersonError(
            "本机没有可用来运行数据库的普通账号。",
            f"请先建立系统账号 {NAME},或改用普通用户运行。",
        )
    return account


def _look_up(name: str) -> Account | None:
    if sys.platform == "win32":
        return None
    import pwd

    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)
