import pytest

from commandcenter import address
from commandcenter.errors import PersonError

SOCKET = "postgresql://postgres:geheim@/commandcenter?host=/var/run/cc&port=5432"
TCP = "postgres://anna:p%40ss@db.example:5433/centre"


@pytest.mark.parametrize("url", [SOCKET, TCP])
def test_an_address_that_lost_its_login_takes_another(url: str) -> None:
    shown = address.server_of(url)
    assert "geheim" not in shown
    assert "p%40ss" not in shown
    again = address.with_login(shown, "bea", "x/y@z")
    assert address.login_of(again) == "bea"
    assert again == address.with_login(url, "bea", "x/y@z")
    assert address.database_of(again) == address.database_of(url)


def test_a_socket_address_keeps_its_slashes() -> None:
    assert address.server_of(SOCKET) == "postgresql:///commandcenter?host=/var/run/cc&port=5432"
    assert address.database_of(address.with_database(address.server_of(SOCKET), "other")) == "other"


def test_a_bare_host_is_enough_for_signing_in() -> None:
    assert address.with_login("db:5433", "bea", "1") == "postgresql://bea:1@db:5433/commandcenter"


@pytest.mark.parametrize("text", ["", "oracle://x", "postgresql:", "mysql://a:b@c/d"])
def test_what_is_no_postgres_address_is_said(text: str) -> None:
    with pytest.raises(PersonError, match="数据库地址应形如"):
        address.plain(text)
