"""How often a number called: by its hash, under the asker's own sight, and never for who asked to be kept secret."""

from datetime import timedelta

import pytest

from tests.db.centre import Centre, refused
from tests.db.county import COMMUNITY_A, COMMUNITY_B
from tests.db.life import MONDAY, PHONE, register

ASK = "select calls, open, number from cc.caller($1)"


@pytest.mark.parametrize(("who", "calls"), [("duty", 3), ("supervisor", 3), ("caller", 2), ("community", 2)])
async def test_only_what_the_asker_sees_counts(centre: Centre, who: str, calls: int) -> None:
    await centre.clock(MONDAY - timedelta(days=31))
    await register(centre, area=COMMUNITY_A)  # longer ago than the setting's thirty days
    for moment, area in enumerate((COMMUNITY_A, COMMUNITY_B, COMMUNITY_A)):
        await centre.clock(MONDAY + timedelta(minutes=moment))
        last = await register(centre, area=area)
    await register(centre, area=COMMUNITY_A, confidential=True)
    login = await centre(who)
    assert tuple(await login.fetchrow(ASK, PHONE)) == (calls, calls, last.number)
    spaced = f"{PHONE[:3]} {PHONE[3:7]}-{PHONE[7:]}"
    assert await login.fetchval(ASK, spaced) == calls
    assert await login.fetchval(ASK, "13900000000") == 0
    assert await login.fetchval(ASK, "12") == 0, "too short to be anybody's"


async def test_who_registers_nothing_asks_for_no_number(centre: Centre) -> None:
    for who in ("responder", "followup", "analyst", "wall", "intake", "admin"):
        async with refused("42501"):
            await (await centre(who)).fetchval(ASK, PHONE)
