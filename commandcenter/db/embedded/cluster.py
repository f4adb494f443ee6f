"""One Postgres cluster on disk: made, configured, started, stopped, and found again after a crash."""

import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from commandcenter.db.embedded.programs import Programs
from commandcenter.db.embedded.secret import write_private
from commandcenter.errors import PersonError

PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
SHORT = "commandcenter-"
SSL_REQUEST = bytes.fromhex("0000000804d2162f")
"""The shortest question of the protocol; the postmaster needs a child to answer it."""
LONGEST_SOCKET_PATH = 103
"""Bytes; macOS allows 103, Linux 107."""

SETTINGS: dict[str, str] = {
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "wal_compression": "off",
    "jit": "off",  # a desk's queries are short: compiling costs more than it gives
    "timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "postgres-%a.log",  # a week of days, then overwritten
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_timezone": "UTC",
    # No personal data in the log: no statements, nor values, which a failed statement's message and detail quote. What is left
    # is start and stop, checkpoints, crashes, and who was refused at the door. The client is told of its errors, and logs them.
    "log_min_messages": "log",  # ranks above error
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What a running (or killed) server says of itself in postmaster.pid."""

    pid: int
    host: str
    """Socket folder, or 127.0.0.1."""
    port: int
    ready: bool

    def answers(self) -> bool:
        """Say whether the server speaks: a killed one may be listed, and its socket taken, for a moment longer."""
        family, where = (
            (socket.AF_INET, (self.host, self.port))
            if sys.platform == "win32"
            else (socket.AF_UNIX, os.fspath(Path(self.host, f".s.PGSQL.{self.port}")))
        )
        with socket.socket(family) as probe:
            probe.settimeout(2)
            try:
                probe.connect(where)
                probe.sendall(SSL_REQUEST)
                return probe.recv(1) in {b"N", b"S"}
            except OSError:
                return False


@dataclass(frozen=True, slots=True)
class Cluster:
    """The folder of one cluster: ``data`` (Postgres' own), ``run`` (socket), ``log``."""

    folder: Path

    @property
    def data(self) -> Path:
        """The Postgres data directory."""
        return self.folder / "data"

    def major(self) -> int | None:
        """Return the major version of an existing cluster; None where there is none yet."""
        try:
            return int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        except FileNotFoundError:
            return None

    def postmaster(self) -> Postmaster | None:
        """Read postmaster.pid; None if there is none, or it is not yet complete."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return None
        if len(lines) < 6 or not lines[3].isdigit():
            return None
        return Postmaster(
            pid=int(lines[0]),
            host=lines[4] or lines[5],
            port=int(lines[3]),
            ready=len(lines) > 7 and lines[7].strip() == "ready",
        )

    def is_alive(self, found: Postmaster) -> bool:
        """Say whether the server that wrote postmaster.pid still lives: not a stale file, not a pid in use again."""
        return _is_postgres_in(found.pid, self.data)

    def create(self, programs: Programs, password: str, *, sync: bool = True) -> None:
        """Make the cluster, with SCRAM for everybody. Cut off in the middle, it leaves nothing that counts."""
        for left in self.folder.glob("data.new-*"):
            shutil.rmtree(left, ignore_errors=True)
        half = Path(
            tempfile.mkdtemp(prefix="data.new-", dir=self.folder)
        )  # an initdb left alone may still write to its own
        secret = self.folder / "password.new"
        for place in (half, self.folder / "log", self.folder / "run"):
            place.mkdir(mode=0o700, exist_ok=True)
            programs.account.give(place)
        write_private(secret, password)
        programs.account.give(secret)
        try:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if programs.major >= 17 else []
            done = programs.run(
                "initdb",
                *("--pgdata", half, "--username", "postgres", "--auth=scram-sha-256", "--pwfile", secret),
                *("--encoding=UTF8", "--no-locale", *locale, "--text-search-config=simple", "--data-checksums"),
                *([] if sync else ["--no-sync"]),
                cwd=self.folder,
            )
        finally:
            secret.unlink()
        if done.returncode:
            raise PersonError("本机数据库没有建成。", f"程序的回答:{done.stdout.strip()[-300:]}")
        with (half / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\ninclude = 'commandcenter.conf'\n")
        half.rename(self.data)

    def start(self, programs: Programs, settings: Mapping[str, str]) -> Postmaster:
        """Start the server and wait until it accepts connections; crash recovery included. Raises PersonError."""
        self._configure(programs, settings)
        log = self.folder / "log" / "start.log"
        done = programs.run(
            "pg_ctl", "start", "--pgdata", self.data, "--log", log, "--timeout", "120", "--wait", cwd=self.folder
        )
        running = self.postmaster()
        if done.returncode or running is None:
            raise PersonError("本机数据库没有启动。", f"请看日志文件夹 {log.parent} 中的原因后重试。")
        return running

    def stop(self, programs: Programs) -> bool:
        """Stop the server, disconnecting everybody; False if it did not even stop at once.

        One that is still busy after a minute is stopped at once, and recovers at its next start: PostgreSQL 18 was seen to
        wait for ever where a shutdown came while it was recovering from a killed process.
        """
        found = self.postmaster()
        for mode, seconds in (("fast", "60"), ("immediate", "20")):
            done = programs.run(
                "pg_ctl", "stop", "--pgdata", self.data, "--mode", mode, "--timeout", seconds, "--wait", cwd=self.folder
            )
            if done.returncode == 0:
                if found is not None:
                    self._drop_short_folder(found)
                return True
        return False

    def clear_after_crash(self, patience: float = 2.0) -> None:
        """Make a killed server startable: end its orphaned processes, remove what names a pid that may be reused.

        Orphans end by themselves unless they are in the middle of a long statement; what they did not commit is gone
        with their server, so after ``patience`` seconds they are ended. Only for a server that does not answer, and
        under the lock.
        """
        import psutil

        now = time.monotonic()
        while orphans := [pid for pid in psutil.pids() if _is_postgres_in(pid, self.data)]:
            if time.monotonic() > now + patience:
                for pid in orphans:
                    with suppress(psutil.NoSuchProcess):
                        psutil.Process(pid).kill()
            if time.monotonic() > now + 2 * patience:
                raise PersonError("上次的数据库进程还没有结束。", "请稍候重试;仍不行时请重启电脑。")
            time.sleep(0.02)
        left = self.postmaster()
        stale = [self.data / "postmaster.pid"]
        if left is not None and sys.platform != "win32":
            stale += [Path(left.host, SOCKET_NAME), Path(left.host, f"{SOCKET_NAME}.lock")]
        for path in stale:
            path.unlink(missing_ok=True)
        if left is not None:
            self._drop_short_folder(left)

    def wait_until_ready(self, patience: float = 120.0) -> Postmaster | None:
        """Return the running server once it accepts connections (it may be recovering); None if there is none."""
        give_up = time.monotonic() + patience
        while (found := self.postmaster()) is not None:
            if not self.is_alive(found):
                return None
            if found.ready:
                return found if found.answers() else None
            if time.monotonic() > give_up:
                raise PersonError("本机数据库仍在恢复。", "请稍候重试。")
            time.sleep(0.02)
        return None

    def _configure(self, programs: Programs, settings: Mapping[str, str]) -> None:
        if sys.platform == "win32":
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            place = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
        else:
            folder = self._socket_folder(programs)
            listed = '"' + os.fspath(folder).replace('"', '""') + '"'
            place = {"listen_addresses": "", "port": str(PORT), "unix_socket_directories": listed}
            place["unix_socket_permissions"] = "0700"
        lines = [f"{name} = '{_escaped(value)}'\n" for name, value in (SETTINGS | dict(settings) | place).items()]
        path = self.data / "commandcenter.conf"
        path.write_text("# Written anew at every start.\n" + "".join(lines), encoding="utf-8")
        programs.account.give(path)

    def _socket_folder(self, programs: Programs) -> Path:
        """Return ``run``, or a private short folder where that path is longer than a socket's may be."""
        folder = self.folder / "run"
        if len(os.fsencode(folder / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
            folder = Path(tempfile.mkdtemp(prefix=SHORT, dir="/tmp"))  # new, 0700, ours
            programs.account.give(folder)
        return folder

    def _drop_short_folder(self, found: Postmaster) -> None:
        if Path(found.host).name.startswith(SHORT):
            shutil.rmtree(found.host, ignore_errors=True)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _is_postgres_in(pid: int, folder: Path) -> bool:
    """Say whether the process lives and is a Postgres of this data folder."""
    import psutil

    try:
        process = psutil.Process(pid)
        return process.name().startswith("postgres") and Path(process.cwd()) == folder.resolve()
    except (psutil.Error, OSError):
        return False
