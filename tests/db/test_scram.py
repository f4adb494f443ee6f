"""Verifiers made on the desk: the server takes them, and the password then opens the door."""

import asyncpg
import pytest

from commandcenter.db.scram import saslprep, verifier
from tests.db.centre import Centre
from tests.db.county import PASSWORD

SALT = b"0123456789abcdef"


def test_the_example_of_rfc_7677() -> None:
    # server signature and proof of the RFC's dialogue follow from these keys
    made = verifier("pencil", bytes.fromhex("5b6d99689d12358e eca04b14 1236fa81".replace(" ", "")))
    assert made.startswith("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$")
    assert made == (
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
        "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    )


@pytest.mark.parametrize(
    ("given", "prepared"),
    [
        ("plain ~", "plain ~"),
        ("I\u00adX", "IX"),  # RFC 4013's own examples
        ("\u00aa", "a"),
        ("\u2168", "IX"),
        ("全角\u3000空格", "全角 空格"),
        ("e\u0301", "é"),
        ("\u0007ü", "\u0007ü"),  # forbidden: taken as it is
        ("\u06271", "\u06271"),  # mixed directions: taken as it is
        ("\u0627ب", "\u0627ب"),
        ("\u00ad", "\u00ad"),  # nothing would be left
    ],
)
def test_passwords_are_prepared_as_the_server_does(given: str, prepared: str) -> None:
    assert saslprep(given) == prepared


@pytest.mark.parametrize("password", ["plain", "密码 与 Straße ✓", "全角\u3000１２３", "e\u0301\u00ad", "a'b\"c\\d $1"])
async def test_a_real_login(centre: Centre, password: str) -> None:
    admin = await centre("admin")
    await admin.execute("select cc.set_person_password($1, $2)", centre.logins.of("utility"), verifier(password, SALT))
    where = centre.url("utility")
    login = await asyncpg.connect(where, password=password)
    assert await login.fetchval("select session_user") == centre.logins.of("utility")
    await login.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(where, password=password + "x")
    await admin.execute("select cc.set_person_password($1, $2)", centre.logins.of("utility"), verifier(PASSWORD, SALT))


def test_nothing_is_no_password() -> None:
    with pytest.raises(ValueError, match="password"):
        verifier("", SALT)
