"""The end of a case: the four elements, calls back before the archive, what is done again, what is void."""

from datetime import timedelta

import pytest

from commandcenter.domain.case import Flag, State
from tests.db.centre import Centre, refused
from tests.db.life import MONDAY, accepted, call_back, finish, finished, in_state, report_of


@pytest.mark.parametrize("missing", ["discussed_with", "discussed_at", "done", "done_by"])
async def test_each_of_the_four_elements_is_needed(centre: Centre, missing: str) -> None:
    c = await accepted(centre)
    given: dict[str, object] = {"discussed_with": "本人", "discussed_at": MONDAY, "done": "修好", "done_by": MONDAY}
    for nothing in (None, " 　\n") if missing in {"discussed_with", "done"} else (None,):
        async with refused("CC004") as caught:
            await centre.do("responder", "finish", case=c.case_id, version=c.version, **(given | {missing: nothing}))
        assert caught[0].detail == missing
    assert await centre.value("select count(*) from cc.finishes") == 0


async def test_everybody_is_called_back_before_the_archive(centre: Centre) -> None:
    c = await finished(centre)
    async with refused("CC010"):
        await centre.do("followup", "archive", case=c.case_id, version=c.version)
    for answers in ({"solved": None}, {"satisfied": None}, {"reached": None}):
        async with refused("CC004"):
            await call_back(centre, c, **answers)
    async with refused("23514"):
        await call_back(centre, c, satisfied="非常满意")
    other = await finished(centre)
    async with refused("CC004"):
        await centre.do(
            "followup", "follow_up", case=c.case_id, version=c.version, report=await report_of(centre, other.case_id),
            reached=True, contacted=True, solved=True, satisfied="满意", words="",
        )  # fmt: skip
    c = await call_back(centre, c, solved=False, satisfied="不满意")
    async with refused("CC010"):
        await centre.do("followup", "archive", case=c.case_id, version=c.version)
    c = await centre.do("followup", "redo", case=c.case_id, version=c.version, reason="没修好")
    c = await finish(centre, c)
    async with refused("CC010"):  # the call of the first round does not count for the second
        await centre.do("supervisor", "archive", case=c.case_id, version=c.version)
    c = await call_back(centre, c, solved=False)
    c = await centre.do("supervisor", "archive", case=c.case_id, version=c.version)
    row = await centre.case(c.case_id)
    assert (row["state"], row["redos"], row["detail"]) == (State.ARCHIVED, 1, '{"not_content": 1}')
    assert (
        await centre.value("select count(*) from cc.assignments where case_id = $1 and ended_at is null", c.case_id)
        == 0
    )


async def test_who_is_not_reached_is_called_again_before_the_archive(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await finished(centre)
    for number in range(2):
        await centre.clock(MONDAY + timedelta(hours=2 * number))
        c = await call_back(centre, c, reached=False)
        async with refused("CC010") as caught:
            await centre.do("supervisor", "archive", case=c.case_id, version=c.version)
        assert caught[0].detail == "missing:1"
    detail = await centre.value(
        "select detail ->> 'reached' || ' ' || (detail ?| '{contacted,solved,satisfied}') from cc.cases"
    )
    assert detail == "false false", "what was not heard is not written down"
    await (await centre("admin")).execute("update cc.settings set value = '4' where name = 'call_attempts'")
    await centre.clock(MONDAY + timedelta(hours=4))
    c = await call_back(centre, c, reached=False)
    async with refused("CC010"):
        await centre.do("supervisor", "archive", case=c.case_id, version=c.version)
    await centre.clock(MONDAY + timedelta(hours=6))
    c = await call_back(centre, c, reached=False)
    c = await centre.do("followup", "archive", case=c.case_id, version=c.version)
    assert c.state == State.ARCHIVED


async def test_three_redos_make_a_problem_and_each_has_a_new_limit(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await finished(centre, grade=0)
    for number in range(1, 4):
        await centre.clock(MONDAY + timedelta(days=number))
        async with refused("CC004"):
            await centre.do("followup", "redo", case=c.case_id, version=c.version, reason="")
        c = await centre.do("followup", "redo", case=c.case_id, version=c.version, reason="没修好")
        row = await centre.case(c.case_id)
        assert row["redos"] == number
        assert row["due_at"] == MONDAY + timedelta(days=number + 1)
        assert bool(row["flags"] & Flag.PROBLEM) is (number == 3)
        c = await finish(centre, c)


@pytest.mark.parametrize("state", [State.TO_DISPATCH, State.PAUSED])
async def test_a_void_needs_a_reason(centre: Centre, state: State) -> None:
    c = await in_state(centre, state)
    async with refused("CC004"):
        await centre.do("supervisor", "void", case=c.case_id, version=c.version, reason="")
    assert (await centre.do("supervisor", "void", case=c.case_id, version=c.version, reason="误报")).state == State.VOID
