"""The embedded Postgres server: started by the first desk of a data folder, shared by all, stopped by the last.

It outlives the desk that started it, and is brought up again after a ``kill -9`` of any desk or of itself.
"""

import hashlib
import logging
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlencode

from commandcenter.db.embedded.account import ROOM, am_root, find_account, make_open
from commandcenter.db.embedded.cluster import Cluster, Postmaster
from commandcenter.db.embedded.lock import Users, locked
from commandcenter.db.embedded.programs import Programs, find_programs
from commandcenter.db.embedded.secret import write_private
from commandcenter.errors import PersonError

log = logging.getLogger(__name__)

SUPERUSER = "postgres"


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a server listens, and its superuser's password (kept out of ``repr``)."""

    host: str
    """Folder of the unix socket; 127.0.0.1 on Windows."""
    port: int
    password: str = field(repr=False)

    @property
    def admin_url(self) -> str:
        """The superuser's URL, as asyncpg and SQLAlchemy read it."""
        return self.url(SUPERUSER, self.password)

    def url(self, login: str, password: str, database: str = "postgres") -> str:
        """Return the URL of one login on one database: ``postgresql://login:password@/database?host=…&port=…``."""
        where = urlencode({"host": self.host, "port": self.port}, safe="/")
        return f"postgresql://{quote(login, safe='')}:{quote(password, safe='')}@/{quote(database, safe='')}?{where}"


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """What is known about the embedded server without starting it."""

    running: bool
    folder: Path
    pid: int | None
    version: int | None
    """Major version of Postgres; None before the first start."""
    users: tuple[int, ...]
    """Pids of the desks that use it."""


def server_folder(data_dir: Path) -> Path:
    """Return where the server of this data folder keeps its things.

    In the data folder itself; for root under /var/lib/commandcenter, one folder per data folder, because Postgres
    runs as another account then, which must not need a way into root's home.
    """
    if not am_root():
        return data_dir / "postgres"
    return ROOM / hashlib.sha256(os.fsencode(os.path.realpath(data_dir))).hexdigest()[:12]


class EmbeddedServer:
    """One process's use of the embedded server of one data folder. Call it from a thread: it waits for Postgres."""

    def __init__(
        self,
        data_dir: Path,
        *,
        settings: Mapping[str, str] | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        """Take Postgres settings on top of ours; ``progress`` is told of each long step, in one phrase."""
        self._folder = server_folder(data_dir)
        self._origin = data_dir
        self._settings = dict(settings or {})
        self._progress = progress or log.info
        self._cluster = Cluster(self._folder / "server")
        self._users = Users(self._folder / "users")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def folder(self) -> Path:
        """The folder of everything that belongs to this server."""
        return self._folder

    def start(self) -> ServerAddress:
        """See that the server runs and counts this object among its users; returns where it listens.

        May be called again at any time, for instance after the server was killed. Raises PersonError.
        """
        try:
            self._make_folder()
            with locked(self._folder / "lock"):
                running = self._cluster.wait_until_ready() or self._bring_up()
                self._users.join()
                return ServerAddress(running.host, running.port, self._secret())
        except OSError as error:
            raise PersonError(
                f"不能使用数据文件夹 {self._folder}({error.strerror})。", "请检查权限和磁盘空间后重试。"
            ) from error

    def stop(self) -> None:
        """Leave; the server is stopped if nobody else uses it. Does nothing before ``start``."""
        if not self._folder.exists():
            return
        with locked(self._folder / "lock"):
            self._users.leave()
            if not self._users.living():
                self._shut_down()

    def status(self) -> ServerStatus:
        """Say what is known, without starting anything."""
        if not self._folder.exists():
            return ServerStatus(running=False, folder=self._folder, pid=None, version=None, users=())
        with locked(self._folder / "lock"):
            found = self._cluster.postmaster()
            pid = found.pid if found is not None and self._cluster.is_alive(found) else None
            users = tuple(self._users.living())
            return ServerStatus(pid is not None, self._folder, pid, self._cluster.major(), users)

    def destroy(self) -> None:
        """Stop the server and remove its data for good. Raises PersonError while others use it."""
        if not self._folder.exists():
            return
        with locked(self._folder / "lock"):
            self._users.leave()
            if self._users.living():
                raise PersonError("本机数据库正被其他窗口使用。", "请先关闭其他窗口。")
            self._shut_down()
            shutil.rmtree(self._cluster.folder, ignore_errors=True)
        shutil.rmtree(self._folder, ignore_errors=sys.platform == "win32")

    def programs(self) -> Programs:
        """Return the Postgres programs for this server (pg_dump, pg_restore …) and the account that runs them."""
        return find_programs(find_account(self._cluster.data), self._cluster.major())

    def _bring_up(self) -> Postmaster:
        programs = self.programs()
        make_open(self._cluster.folder)
        if self._cluster.major() is None:
            if self._cluster.data.exists():
                raise PersonError(
                    "本机数据库的文件已损坏。", f"请从备份恢复 {self._cluster.data},或移走该文件夹后重试。"
                )
            self._progress("正在建立本机数据库")
            write_private(self._folder / "secret", token_urlsafe(24))
            self._cluster.create(programs, self._secret(), sync=self._settings.get("fsync") != "off")
        elif (self._cluster.data / "postmaster.pid").exists():
            self._progress("上次没有正常结束,正在恢复本机数据库")
            self._cluster.clear_after_crash()
        self._progress("正在启动本机数据库")
        return self._cluster.start(programs, self._settings)

    def _shut_down(self) -> None:
        found = self._cluster.postmaster()
        if found is not None and self._cluster.is_alive(found) and not self._cluster.stop(self.programs()):
            log.warning("the embedded server was still busy and was left running")

    def _make_folder(self) -> None:
        if am_root():
            make_open(ROOM)
            make_open(self._folder)
            (self._folder / "belongs-to").write_text(f"{self._origin}\n", encoding="utf-8")
        else:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _secret(self) -> str:
        try:
            return (self._folder / "secret").read_text(encoding="ascii")
        except FileNotFoundError as error:
            raise PersonError(
                "本机数据库的密码文件不见了。", f"请从备份恢复 {self._folder / 'secret'} 后重试。"
            ) from error
