"""Files that only we may read."""

import os
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write a new file with mode 0600 from its first byte on, in place of an older one."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
