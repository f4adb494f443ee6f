"""Connections that fail, and what is said and logged of it."""

import logging
import ssl

import pytest

from commandcenter.db.engine import Database
from commandcenter.db.errors import translated
from commandcenter.errors import PersonError, Unreachable
from tests.db.centre import Centre

KILL = "select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and datname = current_database()"


async def test_a_fallen_server_is_forgotten_without_a_word(centre: Centre, caplog: pytest.LogCaptureFixture) -> None:
    """Those at rest and those in the middle of a talk alike; the next connection is a new one."""
    caplog.set_level(logging.INFO)
    db = await Database.connect(centre.url("duty"))
    root = await centre.root()

    async def talk(*, killed: bool) -> None:
        async with db.begin() as one, db.begin() as other:
            for connection in (one, other):
                await connection.exec_driver_sql("select 1")
            if killed:
                await root.execute(KILL, db.login)
                await one.exec_driver_sql("select 1")

    try:
        await talk(killed=False)
        await root.execute(KILL, db.login)
        await db.forget_connections()
        await talk(killed=False)
        with pytest.raises(Unreachable):
            await talk(killed=True)
        await db.forget_connections()
        await talk(killed=False)
        await root.execute(KILL, db.login)
        with pytest.raises(Unreachable):
            await talk(killed=False)
        await db.forget_connections()
        await talk(killed=False)
    finally:
        await db.close()
    assert [record.getMessage() for record in caplog.records if record.levelno > logging.INFO] == []


async def test_what_a_statement_carries_is_in_no_error(centre: Centre) -> None:
    db = await Database.connect(centre.url("duty"))
    try:
        with pytest.raises(Exception, match="hidden") as info:
            async with db.begin() as connection:
                await connection.exec_driver_sql("select 1 / (length($1) - 3)", ("欧阳某",))
    finally:
        await db.close()
    assert "欧阳某" not in str(info.value)


@pytest.mark.parametrize(
    ("code", "reason", "said"),
    [
        (62, "Hostname mismatch", "服务器证书与地址不符"),
        (64, "IP address mismatch", "服务器证书与地址不符"),
        (10, "certificate has expired", "服务器证书不可信，没有连接（certificate has expired）"),
    ],
)
def test_a_wrong_certificate_is_called_that(code: int, reason: str, said: str) -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, reason
    with pytest.raises(Unreachable) as info, translated(connecting=True):
        raise error
    assert info.value.sentence.startswith(said)


@pytest.mark.parametrize("statement", [
    "insert into cc.work_hours (id, name, periods) values (77, '反', '{720,510}')",
    "update cc.grade_limits set accept_minutes = 0",
    "update cc.grade_limits set accept_minutes = null",
    "update cc.units set hours_id = 999",
])  # fmt: skip
async def test_what_a_rule_of_the_tables_refuses_is_a_sentence(centre: Centre, statement: str) -> None:
    db = await Database.connect(centre.url("admin"))
    try:
        with pytest.raises(PersonError) as info:
            async with db.begin() as connection:
                await connection.exec_driver_sql(statement)
    finally:
        await db.close()
    assert "违反" not in info.value.sentence
    assert info.value.sentence.endswith("。")
