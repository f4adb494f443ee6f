"""Locks that the operating system frees when their holder dies, and the list of users built from them."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from commandcenter.errors import PersonError

PATIENCE = 120.0
"""Seconds to wait for another process that is setting the database up."""


def try_lock(descriptor: int) -> bool:
    """Take the whole file for this open descriptor; False if another one holds it. Closing it, or dying, frees it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock at ``path`` meanwhile; raises PersonError if another process keeps it for two minutes."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        give_up = time.monotonic() + PATIENCE
        while not try_lock(descriptor):
            if time.monotonic() > give_up:
                raise PersonError("另一个程序一直在准备本机数据库。", "请关闭其他窗口后重试。")
            time.sleep(0.01)
        yield
    finally:
        os.close(descriptor)


class Users:
    """The processes that use a server, one file each, locked for as long as the process lives.

    A lock cannot outlive its process and cannot be mistaken for another's, which a noted pid can. All methods are
    called under the server's own lock, so that nobody is counted while arriving.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mine: tuple[Path, int] | None = None

    def join(self) -> None:
        """Count this object as a user, once, until it leaves or its process dies."""
        if self._mine is None:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            path = self._folder / f"{os.getpid()}-{token_hex(4)}"
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            if not try_lock(descriptor):
                msg = f"a new file is locked by somebody else: {path}"
                raise RuntimeError(msg)
            self._mine = path, descriptor

    def leave(self) -> None:
        """No longer count this object as a user."""
        if self._mine is not None:
            path, descriptor = self._mine
            self._mine = None
            os.close(descriptor)  # before the unlink: Windows removes no open file
            path.unlink(missing_ok=True)

    def living(self) -> list[int]:
        """Return the pids of all users, and forget the dead ones."""
        found = []
        for path in sorted(self._folder.glob("*-*")):
            if self._mine is not None and path == self._mine[0]:
                found.append(os.getpid())
                continue
            descriptor = os.open(path, os.O_RDWR)
            try:
                dead = try_lock(descriptor)
            finally:
                os.close(descriptor)
            if dead:
                path.unlink(missing_ok=True)
            else:
                found.append(int(path.name.partition("-")[0]))
        return found
