"""Files that a command writes: whole, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from commandcenter.errors import PersonError


@contextmanager
def whole_file(out: Path, *read: Path) -> Iterator[TextIO]:
    """A file beside `out` that takes its place when all is written: a run that fails leaves nothing, and no half.

    Raises PersonError where `out` is one of the files that are `read`, or cannot be written.
    """
    if out.resolve() in {each.resolve() for each in read}:
        raise PersonError("结果不能写进要读的同一个文件。", "请给 --out 换一个文件名。")
    part = out.with_name(f"{out.name}.part")
    try:
        try:
            with part.open("w", encoding="utf-8", newline="") as file:
                yield file
            part.replace(out)
        except OSError as error:
            raise PersonError(f"写不进“{out}”。", "请检查文件夹是否存在、是否可写。") from error
    finally:
        part.unlink(missing_ok=True)
