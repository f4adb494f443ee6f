"""Cases given back, reviewed and handed over: limits that hold, limits that do not begin anew, problem cases."""

from datetime import timedelta

import pytest

from commandcenter.domain.case import Flag, State
from tests.db.centre import Centre, Change, refused
from tests.db.county import CLOSED_UNIT, DEPARTMENT_1, UNIT_A, UNIT_B
from tests.db.life import MONDAY, accepted, at, dispatched, register


async def give_back(centre: Centre, c: Change, who: str = "responder", suggested: int | None = None) -> Change:
    return await centre.do(
        who, "return_case", case=c.case_id, version=c.version, reason="不属本单位", suggested=suggested
    )


async def review(centre: Centre, c: Change, unit: int | None, *, approved: bool = True, reason: str = "同意") -> Change:
    return await centre.do(
        "duty", "review_return", case=c.case_id, version=c.version, approved=approved, unit=unit, reason=reason
    )


async def test_the_return_limit(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await dispatched(centre)
    late = await dispatched(centre)
    await centre.clock(at(2, "14:30"))
    c = await give_back(centre, c, suggested=DEPARTMENT_1)
    row = await centre.case(c.case_id)
    assert (c.state, row["returns"]) == (State.RETURNED, 1)
    assert await centre.value("select detail ->> 'suggested' from cc.cases where id = $1", c.case_id) == str(
        DEPARTMENT_1
    )
    await centre.clock(at(2, "14:30") + timedelta(microseconds=1))
    async with refused("CC005"):
        await give_back(centre, late)
    assert (await centre.case(late.case_id))["state"] == State.TO_ACCEPT


@pytest.mark.parametrize("suggested", [999, CLOSED_UNIT])
async def test_a_unit_that_is_not_there_cannot_be_suggested_or_charged(centre: Centre, suggested: int) -> None:
    c = await dispatched(centre)
    async with refused("CC004"):
        await give_back(centre, c, suggested=suggested)
    async with refused("CC004"):
        await centre.do("duty", "reassign", case=c.case_id, version=c.version, unit=suggested, reason="指定")
    new = await register(centre)
    for unit in (suggested, None):
        async with refused("CC004"):
            await centre.do("duty", "dispatch", case=new.case_id, version=new.version, unit=unit, assist=[], note="")
    async with refused("CC004"):
        await centre.do(
            "duty", "dispatch", case=new.case_id, version=new.version, unit=UNIT_A, assist=[suggested], note=""
        )


async def test_an_approved_return_goes_elsewhere_a_refused_one_back(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await give_back(centre, await dispatched(centre))
    due = c.due_at
    for unit in (None, UNIT_A):
        async with refused("CC004"):
            await review(centre, c, unit)
    async with refused("CC004"):
        await review(centre, c, UNIT_B, approved=None, reason="")  # type: ignore[arg-type]
    async with refused("CC004"):
        await review(centre, c, None, approved=False, reason=" 　")
    await centre.clock(at(2, "10:00"))
    c = await review(centre, c, DEPARTMENT_1)
    row = await centre.case(c.case_id)
    assert (row["state"], row["unit_id"], row["due_at"]) == (State.TO_ACCEPT, DEPARTMENT_1, due)
    assert row["accept_due_at"] == at(2, "15:30"), "the new unit signs within its own limit"
    c = await give_back(centre, c, "department")
    c = await review(centre, c, None, approved=False, reason="清单写明由住建主责")
    row = await centre.case(c.case_id)
    assert (row["state"], row["unit_id"], row["due_at"], row["returns"]) == (State.TO_ACCEPT, DEPARTMENT_1, due, 2)


async def test_a_refused_return_gives_no_new_limits(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await dispatched(centre)
    first = await centre.case(c.case_id)
    c = await give_back(centre, c)
    await centre.clock(at(2, "14:00"))
    c = await review(centre, c, None, approved=False, reason="清单写明由甲镇主责")
    row = await centre.case(c.case_id)
    same = ("unit_id", "accept_due_at", "return_until", "due_at")
    assert [row[name] for name in same] == [first[name] for name in same]
    assert await centre.value("select count(*) from cc.assignments where case_id = $1", c.case_id) == 1
    c = await give_back(centre, c)  # the limit has not passed yet
    await centre.clock(at(2, "16:00"))
    c = await review(centre, c, None, approved=False, reason="同前")
    async with refused("CC005"):
        await give_back(centre, c)


async def test_who_signed_returned_and_was_refused_had_signed_in_time(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await give_back(centre, await accepted(centre))
    await centre.clock(at(3, "09:00"))
    c = await review(centre, c, None, approved=False, reason="清单写明由甲镇主责")
    assert (c.state, (await centre.case(c.case_id))["flags"] & Flag.ACCEPTED) == (State.TO_ACCEPT, Flag.ACCEPTED)
    c = await centre.do("responder", "accept", case=c.case_id, version=c.version)
    assert c.state == State.WORKING
    assert await centre.value("select accepted_at from cc.assignments where case_id = $1", c.case_id) == MONDAY


async def test_reassigning_resets_no_deadline_of_the_citizen(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await accepted(centre)
    c = await centre.do("responder", "apply_extension", case=c.case_id, version=c.version, days=2, reason="等配件")
    due, soon = c.due_at, (await centre.case(c.case_id))["soon_at"]
    async with refused("CC004"):
        await centre.do("duty", "reassign", case=c.case_id, version=c.version, unit=UNIT_A, reason="再来一次")
    async with refused("CC004"):
        await centre.do("duty", "reassign", case=c.case_id, version=c.version, unit=UNIT_B, reason="")
    await centre.clock(at(3, "09:00"))
    c = await centre.do("duty", "reassign", case=c.case_id, version=c.version, unit=UNIT_B, reason="指定")
    row = await centre.case(c.case_id)
    assert (row["due_at"], row["soon_at"], row["accept_due_at"]) == (due, soon, at(3, "14:30"))
    assert not row["flags"] & (Flag.ACCEPTED | Flag.EXTENSION_ASKED), "what the old unit asked for went with it"
    assert row["extension_days"] is None


async def test_three_returns_make_a_problem(centre: Centre) -> None:
    c = await dispatched(centre)
    for number, (who, unit) in enumerate(
        [("responder", DEPARTMENT_1), ("department", UNIT_B), ("responder_b", UNIT_A)], 1
    ):
        c = await give_back(centre, c, who)
        row = await centre.case(c.case_id)
        assert row["returns"] == number
        assert bool(row["flags"] & Flag.PROBLEM) is (number == 3)
        c = await review(centre, c, unit)
    assert (await centre.case(c.case_id))["flags"] & Flag.PROBLEM, "and it stays one"
