"""Files that go with a case, a slip or a whistle: read from the desk's disk, and written to it, beside the event loop."""

import asyncio
import mimetypes
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from commandcenter.errors import PersonError

LARGEST = 20 * 1024 * 1024
"""What the database takes of one file."""


class AttachedFile(NamedTuple):
    """As services take it."""

    name: str
    media_type: str
    content: bytes


def tr(text: str) -> str:
    """`text` in the language of the screen (context "attached_file")."""
    return QCoreApplication.translate("attached_file", text)


def read_now(path: Path) -> AttachedFile:
    """Read a file. Raises PersonError where it is away, empty or too large."""
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except OSError as error:
        raise PersonError(tr("“%s”读不了。") % path.name, tr("请检查文件是否还在、是否允许读取。")) from error
    if not content:
        raise PersonError(tr("“%s”是空文件，或超过 20 MB。") % path.name, tr("请压缩或拆分后再添加。"))
    return AttachedFile(path.name, mimetypes.guess_type(path.name)[0] or "application/octet-stream", content)


async def read_attached(path: Path) -> AttachedFile:
    """`read_now` in a thread: a share may be slow."""
    return await asyncio.to_thread(read_now, path)


async def write_attached(path: Path, content: bytes) -> None:
    """Write a file where somebody wanted it. Raises PersonError where that cannot be."""
    try:
        await asyncio.to_thread(path.write_bytes, content)
    except OSError as error:
        raise PersonError(tr("文件写不到那里。"), tr("请换一个位置。")) from error
