"""Deliveries that wait for the database: one private file each, on disk before they are acknowledged.

A file is written beside, flushed, renamed and its folder flushed: after a power cut it is there whole or not at all. Its name
is the delivery's key, so that a retry is the same file. What the database refuses later stays as ``.refused`` for a person.
"""

import json
import logging
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any
from uuid import UUID

from commandcenter.db.embedded.lock import try_lock
from commandcenter.errors import PersonError, Unreachable
from commandcenter.services.delivering import Delivery

log = logging.getLogger(__name__)


@contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Hold the shelf of `folder` for this process; freed when it dies. Raises PersonError while another one has it."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder.with_name(f"{folder.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not try_lock(descriptor):
            raise PersonError("另一个网关正在用这个数据文件夹暂存诉求。", "请给它另一个数据文件夹，或去掉 --spool。")
        yield
    finally:
        os.close(descriptor)


class Shelf:
    """The folder of one gateway."""

    def __init__(self, folder: Path, most: int) -> None:
        """Use `folder`, private, made if missing; at most `most` deliveries may lie there."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._most = most
        for left in folder.glob("*.new"):  # cut off in the middle, acknowledged to nobody
            left.unlink()

    def __len__(self) -> int:
        return sum(1 for _ in self._folder.glob("*.json"))

    def waiting_keys(self) -> list[UUID]:
        """Of all that lie here."""
        return [UUID(path.stem) for path in self._folder.glob("*.json")]

    def find(self, key: UUID) -> Delivery | None:
        """The delivery of that key, if it lies here."""
        path = self._path(key)
        return _read(path) if path.exists() else None

    def put(self, delivery: Delivery) -> bool:
        """Keep it; False where the shelf is full. Blocks until it is on disk. Raises Unreachable where the disk refuses."""
        if len(self) >= self._most:
            return False
        path = self._path(delivery.key)
        facts = asdict(delivery) | {
            "key": str(delivery.key),
            "api_key": None if delivery.api_key is None else delivery.api_key.hex(),
            "received_at": None if delivery.received_at is None else delivery.received_at.isoformat(),
            "photos": [b64encode(photo).decode() for photo in delivery.photos],
        }
        try:
            fresh = path.with_name(f"{delivery.key}.{token_hex(4)}.new")  # the same one may come twice at once
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(facts, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
            self._flush()
        except OSError as error:
            raise Unreachable("暂时收不下这件诉求。", "请稍后再试。") from error
        return True

    def waiting(self) -> Iterator[Delivery]:
        """All of them, those that came first before the others."""
        files = sorted(self._folder.glob("*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        for path in files:
            try:
                yield _read(path)
            except (ValueError, TypeError, KeyError):  # a failing disk, or a program of another time
                log.warning("a delivery on the shelf cannot be read: %s", path.name)
                path.replace(path.with_suffix(".refused"))

    def done(self, key: UUID) -> None:
        """Forget one that is safe in the database."""
        self._path(key).unlink(missing_ok=True)

    def refuse(self, key: UUID) -> None:
        """Put one aside that the database will never take."""
        path = self._path(key)
        path.replace(path.with_suffix(".refused"))

    def _path(self, key: UUID) -> Path:
        return self._folder / f"{key}.json"

    def _flush(self) -> None:
        if os.name == "nt":  # a folder cannot be opened there; NTFS journals the renaming itself
            return
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _read(path: Path) -> Delivery:
    facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    facts |= {
        "key": UUID(facts["key"]),
        "api_key": None if facts["api_key"] is None else bytes.fromhex(facts["api_key"]),
        "received_at": None if facts["received_at"] is None else datetime.fromisoformat(facts["received_at"]),
        "photos": tuple(b64decode(photo) for photo in facts["photos"]),
    }
    return Delivery(**facts)
