"""The shelf: what lies there is whole, in order, private, and found again by the next process."""

import stat
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from commandcenter.errors import PersonError
from commandcenter.gateway.shelf import Shelf, owned
from commandcenter.services.delivering import Delivery

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def delivery(number: int) -> Delivery:
    return Delivery(
        key=UUID(int=number), named=True, content=f"第{number}件\n两行", api_key=b"\x00" * 32, source="203.0.113.7",
        category_id=5, place="某处", lon=122.4, lat=37.1, name="张三", received_at=NOON, photos=(b"\xff\xd8\x00", b"b"),
    )  # fmt: skip


def test_what_is_put_is_found_by_the_next_process(tmp_path: Path) -> None:
    first = Shelf(tmp_path / "shelf", 10)
    for number in (3, 1, 2):
        assert first.put(delivery(number))
    second = Shelf(tmp_path / "shelf", 10)
    assert [each.key.int for each in second.waiting()] == [3, 1, 2], "as they came"
    assert list(second.waiting())[1] == delivery(1)
    assert second.find(UUID(int=2)) == delivery(2)
    assert second.find(uuid4()) is None
    second.done(UUID(int=3))
    second.done(UUID(int=3))
    second.refuse(UUID(int=1))
    assert [each.key.int for each in second.waiting()] == [2]
    assert [path.suffix for path in sorted((tmp_path / "shelf").iterdir())] == [".refused", ".json"]


def test_a_shelf_has_one_gateway(tmp_path: Path) -> None:
    with owned(tmp_path / "shelf"):
        with pytest.raises(PersonError, match="另一个网关"), owned(tmp_path / "shelf"):
            pass
        with owned(tmp_path / "other"):
            pass
    with owned(tmp_path / "shelf"):
        pass


def test_a_full_shelf_takes_no_more(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 2)
    assert [shelf.put(delivery(number)) for number in range(3)] == [True, True, False]
    assert len(shelf) == 2


def test_what_was_cut_off_in_the_middle_was_never_there(tmp_path: Path) -> None:
    (tmp_path / f"{UUID(int=1)}.new").write_text('{"key": ')
    assert list(Shelf(tmp_path, 2).waiting()) == []
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_read_holds_up_nobody(tmp_path: Path, expect_log: Any) -> None:
    shelf = Shelf(tmp_path, 9)
    shelf.put(delivery(1))
    (tmp_path / f"{UUID(int=2)}.json").write_text('{"key": ')
    expect_log("cannot be read")
    assert [each.key.int for each in shelf.waiting()] == [1]
    assert [path.suffix for path in sorted(tmp_path.iterdir())] == [".json", ".refused"]


@pytest.mark.skipif(sys.platform == "win32", reason="there the folder's own rights keep others out")
def test_nobody_else_reads_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", 2)
    shelf.put(delivery(1))
    [path] = (tmp_path / "shelf").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_disk_that_refuses_acknowledges_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", 2)
    (tmp_path / "shelf").rmdir()
    with pytest.raises(PersonError):
        shelf.put(delivery(1))


def test_the_digest_is_of_what_was_said_and_not_of_how_it_came() -> None:
    said = delivery(1)
    assert said.digest() == Delivery(
        key=UUID(int=9), named=False, content=said.content, source="198.51.100.1", category_id=5, place="某处", lon=122.4,
        lat=37.1, name="张三", photos=said.photos,
    ).digest()  # fmt: skip
    assert said.digest() != delivery(2).digest()
