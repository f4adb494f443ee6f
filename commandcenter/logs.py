"""The log: one rotating file in the data folder, nothing on the console, no personal data."""

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

MASKS = (
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "1**********"),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "*" * 18),
    (re.compile(r"(://[^:/@\s]*):[^@\s]*@"), r"\1:***@"),
)
"""Mobile numbers, identity numbers, passwords in URLs."""


class MaskingFormatter(logging.Formatter):
    """Masks what looks like a phone number, an identity number or a password.

    A second line of defence: our code logs ids and counts only, but a traceback may quote what a driver said.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text, masked."""
        text = super().format(record)
        for pattern, mask in MASKS:
            text = pattern.sub(mask, text)
        return text


def start_logging(data_dir: Path, *, level: int = logging.INFO) -> Path:
    """Send all log records of this process to ``logs/commandcenter.log`` under the data folder; returns its path.

    Five files of 2 MB are kept. Calling it again replaces the earlier choice.
    """
    path = data_dir / "logs" / "commandcenter.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=2_000_000, backupCount=4, encoding="utf-8", delay=True)
    handler.setFormatter(MaskingFormatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    stop_logging()
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    return path


def stop_logging() -> None:
    """Close the log file, if one is open."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each.formatter, MaskingFormatter)]:
        root.removeHandler(handler)
        handler.close()
