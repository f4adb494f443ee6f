"""Who leaves takes along what they were about to do: nothing of it comes back to a window that is gone."""

import asyncio

from tests.e2e.county_database import Database
from tests.patience import PATIENCE_S
from ui.sign_in import sign_in, sign_out


async def test_what_was_sent_before_leaving_is_done(county: Database) -> None:
    session = await sign_in(county.url("duty"))
    sent = session.spawn(asyncio.sleep(0.05, "done"))
    await sign_out(session)
    assert sent.result() == "done"
    assert not session.running


async def test_nobody_waits_for_a_silent_server(county: Database) -> None:
    session = await sign_in(county.url("duty"))
    silent = session.spawn(asyncio.Event().wait())
    async with asyncio.timeout(PATIENCE_S):
        await sign_out(session)
    assert silent.cancelled()
