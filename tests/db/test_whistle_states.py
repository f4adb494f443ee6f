"""A whistle's state is nothing but its parties': random lives of three called units against a derivation of our own."""

import random
from datetime import timedelta

import pytest

from commandcenter.db.engine import Database
from commandcenter.domain.whistle import PartyState, SpeedWeights, WhistleState, derived_state, proposed_speed
from commandcenter.services.whistle_reads import read_whistle
from tests.db.centre import Centre
from tests.db.county import DEPARTMENT_1, DEPARTMENT_2, UTILITY
from tests.db.life import MONDAY
from tests.db.whistle_life import blown_to, part, parties, whistle

UNITS = (DEPARTMENT_1, DEPARTMENT_2, UTILITY)
MOVES: dict[int, tuple[tuple[str, dict[str, object], int], ...]] = {
    0: (("answer_whistle", {}, 2), ("answer_whistle", {}, 2), ("object_to_whistle", {}, 1)),
    1: (("rule_objection", {"upheld": True}, 7), ("rule_objection", {"upheld": False}, 0)),
    2: (("check_in", {}, 3),),
    3: (("stand_down", {}, 4), ("progress", {}, 3)),
    4: (("confirm_party", {}, 5), ("confirm_party", {}, 5), ("send_back_party", {}, 3)),
    5: (("score_party", {}, 6),),
    6: (),
    7: (),
}
"""From each state of a party: verb, arguments, where it leads to."""


def naive(states: list[int]) -> int:
    """Open while anybody has not stood down, to be confirmed while anybody waits for that, and so on."""
    living = [state for state in states if state != 7]
    if [state for state in living if state < 4]:
        return 3
    if 4 in living:
        return 4
    if 5 in living:
        return 5
    return 6


@pytest.mark.parametrize("seed", range(6))
async def test_the_state_follows_from_the_parties(centre: Centre, seed: int) -> None:
    rng = random.Random(seed)
    await centre.clock(MONDAY)
    w = await blown_to(centre, *UNITS)
    states = dict.fromkeys(UNITS, 0)
    ruled: set[int] = set()
    at = MONDAY
    for _ in range(60):
        able = [unit for unit in UNITS if MOVES[states[unit]]]
        if not able:
            break
        unit = rng.choice(able)
        moves = [move for move in MOVES[states[unit]] if move[0] != "object_to_whistle" or unit not in ruled]
        verb, arguments, leads_to = rng.choice(moves)
        at += timedelta(minutes=rng.choice((1, 10, 45, 300)))
        await centre.clock(at)
        assert (await part(centre, verb, w, unit, **arguments)).state == leads_to
        if verb == "rule_objection":
            ruled.add(unit)
        states[unit] = leads_to
        row = await whistle(centre, w)
        assert [p["state"] for p in await parties(centre, w)] == [states[u] for u in UNITS]
        assert row["state"] == naive(list(states.values()))
        assert row["state"] == derived_state(PartyState(state) for state in states.values())
        assert (row["closed_at"] is not None) == (row["state"] == WhistleState.CLOSED)
        assert (row["confirmed_at"] is not None) == (row["state"] >= WhistleState.TO_SCORE)
    else:
        pytest.fail("a life without an end")
    db = Database(centre.url("supervisor"))
    found = await read_whistle(db, w.whistle_id)
    await db.close()
    # the proposal of the program is the database's
    proposed = {score.party_id: score.proposed_speed for score in found.scores}
    for p in found.parties:
        if p.state is PartyState.SCORED:
            assert proposed_speed(p, SpeedWeights(40, 30, 30)) == proposed[p.id]
    assert await centre.value("select count(*) from cc.check_journal()") == 0
