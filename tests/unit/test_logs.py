import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from commandcenter.logs import start_logging, stop_logging


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    before = logging.getLogger().level
    yield start_logging(tmp_path)
    stop_logging()
    logging.getLogger().setLevel(before)


def test_records_go_to_the_file_and_not_to_the_console(log_file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("commandcenter.test").info("case %d dispatched", 412)
    assert log_file.read_text(encoding="utf-8").endswith("INFO commandcenter.test: case 412 dispatched\n")
    assert capfd.readouterr() == ("", "")


def test_starting_twice_writes_once(log_file: Path) -> None:
    start_logging(log_file.parent.parent)
    logging.getLogger("commandcenter.test").info("once")
    assert log_file.read_text(encoding="utf-8").count("once") == 1


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("Key (phone)=(13812345678) already exists", "13812345678"),
        ("Key (identity)=(11010119900307123X) already exists", "11010119900307123X"),
        ("postgresql://duty:s3cret@host/db refused", "s3cret"),
    ],
)
def test_what_a_driver_quotes_is_masked_even_in_a_traceback(log_file: Path, said: str, secret: str) -> None:
    logging.getLogger("commandcenter.test").info("failed", exc_info=ValueError(said))
    text = log_file.read_text(encoding="utf-8")
    assert "ValueError" in text
    assert secret not in text


def test_case_numbers_and_moments_are_not_masked(log_file: Path) -> None:
    logging.getLogger("commandcenter.test").info("RC20261122-00412 1795305600000000")
    assert "RC20261122-00412 1795305600000000" in log_file.read_text(encoding="utf-8")
