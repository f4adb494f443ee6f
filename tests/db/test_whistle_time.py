"""What time does to whistles: every clock that ran out is written down once, and unanswered ones go up one level, once."""

from datetime import datetime, timedelta

import pytest

from tests.db.centre import Centre
from tests.db.county import DEPARTMENT_1, DEPARTMENT_2, UTILITY
from tests.db.life import MONDAY, register
from tests.db.whistle_life import Blown, blow, blown_to, do, led_to, part, parties, party, whistle


async def watch(centre: Centre, at: datetime) -> int:
    await centre.clock(at)
    return int(str(await centre.value("select cc.watch_whistles()")))


async def rounds(centre: Centre, w: Blown) -> list[tuple[object, ...]]:
    found = await (await centre.root()).fetch(
        "select level, cause, began_by from cc.whistle_rounds where whistle_id = $1 order by round", w.whistle_id
    )
    return [tuple(row) for row in found]


async def missed(centre: Centre) -> list[tuple[object, ...]]:
    found = await (await centre.root()).fetch(
        "select entity, detail ->> 'clock', actor from cc.journal where verb = 'missed' order by seq"
    )
    return [tuple(row) for row in found]


async def test_unanswered_goes_up_a_level_once(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blown_to(centre, DEPARTMENT_1, DEPARTMENT_2, UTILITY)
    await led_to(centre, w, 2, UTILITY)
    answered = await party(centre, w, UTILITY)
    due = MONDAY + timedelta(minutes=30)
    assert await watch(centre, due) == 0, "the last moment is still in time"
    late = due + timedelta(seconds=1)
    assert await watch(centre, late) == 2
    assert await watch(centre, late) == 0
    head = centre.logins.of("head")
    assert await rounds(centre, w) == [(1, "blow", head), (2, "unanswered", "cc_system")]
    row = await whistle(centre, w)
    assert (row["level"], row["actor"], row["verb"]) == (2, "cc_system", "escalate")
    for unit in (DEPARTMENT_1, DEPARTMENT_2):
        p = await party(centre, w, unit)
        assert (p["state"], p["called_at"], p["answer_missed_at"]) == (0, late, late)
        assert p["answer_due_at"] == late + timedelta(minutes=60), "level 2, from now"
        assert p["arrive_due_at"] == late + timedelta(minutes=240)
    assert await party(centre, w, UTILITY) == answered
    assert await missed(centre) == [("party", "answer", "cc_system")] * 2
    assert await centre.value("select count(*) from cc.check_journal()") == 0


async def test_up_to_the_top_and_then_every_miss_is_written_down_once(centre: Centre) -> None:
    at = MONDAY
    await centre.clock(at)
    w = await blow(centre)
    first = at + timedelta(minutes=31)
    for level, minutes in ((2, 31), (3, 61), (4, 61)):
        at += timedelta(minutes=minutes)
        assert await watch(centre, at) == 1
        assert (await whistle(centre, w))["level"] == level
    at += timedelta(minutes=31)
    assert await watch(centre, at) == 1, "the last level has a clock as well"
    assert await watch(centre, at + timedelta(days=3)) == 0
    assert [level for level, _, _ in await rounds(centre, w)] == [1, 2, 3, 4]
    p = await party(centre, w)
    assert p["answer_missed_at"] == first, "the first miss"
    assert len(await missed(centre)) == 4, "every miss is in the journal"
    await part(centre, "answer_whistle", w)
    assert (await party(centre, w))["answer_missed_at"] == first


async def test_an_outage_of_hours_counts_once(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre)
    assert await watch(centre, MONDAY + timedelta(hours=9)) == 1
    assert await watch(centre, MONDAY + timedelta(hours=9, minutes=1)) == 0
    row = await whistle(centre, w)
    assert row["level"] == 2
    assert (await party(centre, w))["answer_due_at"] == MONDAY + timedelta(hours=10)


async def test_each_clock_of_a_party_is_missed_once(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre)
    await led_to(centre, w, 2)
    after_arrival = MONDAY + timedelta(hours=2, seconds=1)
    assert await watch(centre, after_arrival) == 1
    assert await watch(centre, after_arrival + timedelta(hours=1)) == 0
    p = await party(centre, w)
    assert (p["arrive_missed_at"], p["finish_missed_at"], p["state"]) == (after_arrival, None, 2)
    await part(centre, "check_in", w)
    after_finish = MONDAY + timedelta(days=1, seconds=1)
    assert await watch(centre, after_finish) == 1
    assert (await party(centre, w))["finish_missed_at"] == after_finish
    assert await watch(centre, after_finish + timedelta(days=9)) == 0
    assert (await whistle(centre, w))["level"] == 1, "who answered is not called at a higher level"
    await part(centre, "stand_down", w)
    assert (await party(centre, w))["finish_missed_at"] == after_finish
    # arriving and finishing, both over when somebody looks again
    other = await blow(centre)
    await led_to(centre, other, 2)
    assert await watch(centre, after_finish + timedelta(days=30)) == 2
    assert await missed(centre) == [("party", clock, "cc_system") for clock in ("arrive", "finish", "arrive", "finish")]


async def test_late_deeds_are_late_although_nobody_watched(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre)
    for hours, step, mark in ((1, "answer_whistle", "answer"), (3, "check_in", "arrive"), (25, "stand_down", "finish")):
        at = MONDAY + timedelta(hours=hours)
        await centre.clock(at)
        await part(centre, step, w)
        assert (await party(centre, w))[f"{mark}_missed_at"] == at
    other = await blow(centre)
    at = MONDAY + timedelta(hours=26)
    await centre.clock(at)
    await part(centre, "object_to_whistle", other)
    assert (await party(centre, other))["answer_missed_at"] == at
    assert await watch(centre, at) == 0
    assert (await whistle(centre, other))["level"] == 1


async def test_the_centre_is_watched_too(centre: Centre) -> None:
    await centre.clock(MONDAY)
    unruled = await blow(centre, duty_item=None)
    objected = await blow(centre)
    await led_to(centre, objected, 1)
    late = MONDAY + timedelta(hours=2, seconds=1)
    assert await watch(centre, late) == 2
    assert await watch(centre, late + timedelta(days=1)) == 0
    assert (await whistle(centre, unruled))["rule_missed_at"] == late
    assert (await whistle(centre, objected))["level"] == 1, "an objection is an answer: the unit waits for the centre"
    assert sorted(str(clock) for _, clock, _ in await missed(centre)) == ["rule", "ruling"]
    # ruled at last: a new clock, and a new miss of it
    await part(centre, "rule_objection", objected)
    assert await watch(centre, late + timedelta(days=2)) == 1
    p = await party(centre, objected)
    assert (p["answer_missed_at"], p["state"]) == (late + timedelta(days=2), 0)
    assert (await whistle(centre, objected))["level"] == 2


async def test_late_rulings_are_late_although_nobody_watched(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre, duty_item=None)
    late = MONDAY + timedelta(hours=3)
    await centre.clock(late)
    await do(centre, "duty", "rule_whistle", w, lead=DEPARTMENT_1, assist=[], reason="职责相近")
    assert (await whistle(centre, w))["rule_missed_at"] == late


async def test_a_unit_that_was_closed_holds_nothing_up(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w, other = await blow(centre), await blow(centre)
    await (await centre("admin")).execute("update cc.units set active = false where id = $1", DEPARTMENT_1)
    assert await watch(centre, MONDAY + timedelta(hours=1)) == 2
    assert [(await whistle(centre, each))["level"] for each in (w, other)] == [2, 2]


@pytest.mark.parametrize("state", [0, 1, 5, 6, 7])
async def test_no_clock_runs_before_or_after(centre: Centre, state: int) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre, "caller" if state < 2 or state == 7 else "head", (await register(centre)).case_id)
    if state == 0:
        await do(centre, "head", "decline_whistle", w, reason="先协调")
    elif state == 7:
        await do(centre, "caller", "withdraw_whistle", w, reason="已解决")
    elif state > 1:
        await led_to(centre, w, state)
    assert await watch(centre, MONDAY + timedelta(days=99)) == 0
    assert all(row["answer_missed_at"] is None for row in await parties(centre, w))


async def test_whoever_is_at_a_whistle_is_not_waited_for(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre)
    busy = await centre.open("root")
    async with busy.transaction():
        await busy.execute("select from cc.whistles where id = $1 for update", w.whistle_id)
        assert await watch(centre, MONDAY + timedelta(hours=1)) == 0
    assert await watch(centre, MONDAY + timedelta(hours=1)) == 1


async def test_a_desk_of_the_centre_keeps_the_time_in_the_systems_name(centre: Centre) -> None:
    """The timekeeper may be a duty officer's program; what it does is nobody's deed but time's."""
    await centre.clock(MONDAY)
    w = await blow(centre)
    await centre.clock(MONDAY + timedelta(hours=1))
    duty = await centre("duty")
    assert await duty.fetchval("select cc.try_keeping()")
    await duty.execute("select cc.begin_keeping('席位')")
    assert await duty.fetchval("select cc.keep('whistles')") == 1
    assert await duty.fetchval("select cc.keep('whistles')") == 0
    assert (await whistle(centre, w))["level"] == 2
    actors = await (await centre.root()).fetch(
        "select distinct actor from cc.journal where verb in ('missed', 'escalate', 'call_again')"
    )
    assert [actor for (actor,) in actors] == ["cc_system"]
