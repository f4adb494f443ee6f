import os
from pathlib import Path

import pytest

from commandcenter.db.embedded import lock
from commandcenter.db.embedded.lock import Users, locked
from commandcenter.db.server import ServerAddress
from commandcenter.errors import PersonError


def test_a_lock_that_is_kept_ends_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.0)
    with locked(tmp_path / "lock"), pytest.raises(PersonError), locked(tmp_path / "lock"):
        pytest.fail("two at once")
    with locked(tmp_path / "lock"):
        pass


def test_users_come_go_and_are_counted_once(tmp_path: Path) -> None:
    one, other = Users(tmp_path / "users"), Users(tmp_path / "users")
    assert one.living() == []
    one.join()
    one.join()
    other.join()
    assert one.living() == other.living() == [os.getpid()] * 2
    one.leave()
    one.leave()
    assert one.living() == [os.getpid()]
    other.leave()
    assert other.living() == []


def test_a_user_that_died_is_forgotten(tmp_path: Path) -> None:
    users = Users(tmp_path)
    left = tmp_path / f"{os.getpid()}-00000000"  # even if its pid is in use again
    left.touch()
    assert users.living() == []
    assert not left.exists()


def test_urls_carry_any_character() -> None:
    address = ServerAddress("/home/a b/run", 5432, "p@ss/w:rd")
    assert address.admin_url == "postgresql://postgres:p%40ss%2Fw%3Ard@/postgres?host=/home/a+b/run&port=5432"
    assert address.url("王", "x", "cc").startswith("postgresql://%E7%8E%8B:x@/cc?host=")
