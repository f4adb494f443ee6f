"""Whoever writes, by whatever way, gives one hint after the commit, and reading or being refused gives none."""

import asyncio
import logging
from uuid import uuid4

import pytest

from commandcenter.db.engine import CHANNEL, Database
from commandcenter.db.verbs import call, call_in
from commandcenter.errors import PersonError
from tests.db.centre import Centre
from tests.db.life import register
from tests.patience import PATIENCE_S


async def test_every_way_of_writing_gives_one_hint(centre: Centre) -> None:
    c = await register(centre)
    heard: asyncio.Queue[None] = asyncio.Queue()
    listener = await centre.open("root")
    await listener.add_listener(CHANNEL, lambda *_: heard.put_nowait(None))
    db = await Database.connect(centre.url("duty"))

    def note(version: int) -> dict[str, object]:
        return {"case": c.case_id, "version": version, "text": "补充", "key": uuid4()}

    async def hints() -> int:
        """Hints so far, up to one of our own that comes after them all."""
        await listener.execute(f"notify {CHANNEL}")
        async with asyncio.timeout(PATIENCE_S):
            await heard.get()
        return heard.qsize()

    async with asyncio.timeout(PATIENCE_S):
        await call(db, "note", **note(1))
        await heard.get()
        async with db.begin() as connection:
            await call_in(connection, "note", **note(2))
            await call_in(connection, "note", **note(3))
            assert await hints() == 0, "not before the commit"
        await heard.get()
        async with db.at_once() as connection:
            await call_in(connection, "note", **note(4))
        await heard.get()
        await centre.do("duty", "note", **note(5))  # a driver's connection, not of the pool
        await heard.get()
        with pytest.raises(PersonError):
            await call(db, "note", **note(1))
        async with db.begin() as connection:
            await connection.exec_driver_sql("select count(*) from cc.cases")
        assert await hints() == 0
    await db.close()


async def test_many_at_once_share_a_hint_that_comes_after_them_all(centre: Centre) -> None:
    cases = [(await register(centre)).case_id for _ in range(12)]
    heard: asyncio.Queue[None] = asyncio.Queue()
    listener = await centre.open("root")
    await listener.add_listener(CHANNEL, lambda *_: heard.put_nowait(None))
    db = await Database.connect(centre.url("duty"), kept=6, more=0)
    await asyncio.gather(*(call(db, "note", case=case, version=1, text="补充", key=uuid4()) for case in cases))
    await listener.execute(f"notify {CHANNEL}")  # comes after them all
    seen = []
    async with asyncio.timeout(PATIENCE_S):
        while not seen or not heard.empty():
            await heard.get()
            seen.append(await centre.value("select count(*) from cc.journal where verb = 'note'"))
    assert 1 <= len(seen) - 1 <= len(cases)
    assert seen[-2] == len(cases), "none is left without a hint after its commit"
    await db.close()


async def test_a_deed_is_done_even_if_its_hint_is_not(centre: Centre, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    c = await register(centre)
    db = await Database.connect(centre.url("duty"))
    root = await centre.root()
    async with db.deed() as driver:
        await driver.fetchrow(
            "select * from cc.note(p_case => $1, p_version => 1, p_text => '补充', p_key => $2)", c.case_id, uuid4()
        )
        await root.execute("select pg_terminate_backend($1, 5000)", driver.get_server_pid())
    assert "no hint given" in caplog.text
    assert (await centre.case(c.case_id))["version"] == 2
    answer = await call(db, "note", case=c.case_id, version=2, text="再补充", key=uuid4())
    assert answer.version == 3, "the dead connection is not given out again"
    await db.close()
