"""Merging and whistles: a live one goes along with its case, and comes back with what it has become."""

from tests.db.centre import Centre, do, refused
from tests.db.county import COMMUNITY_B, DEPARTMENT_1, DEPARTMENT_2, UNIT_B
from tests.db.life import MONDAY, accepted
from tests.db.merge_life import fine, merge, standing, undo
from tests.db.whistle_life import STEPS, blow, blown_to, led_to, part, whistle
from tests.db.whistle_life import do as whistle_deed


async def test_a_live_whistle_goes_along_and_comes_back_with_what_it_has_become(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept, source = await accepted(centre, area=COMMUNITY_B), await accepted(centre)
    w = await blown_to(centre, DEPARTMENT_1, DEPARTMENT_2, case_id=source.case_id)
    before = await standing(centre)
    version = (await centre.case(kept.case_id))["version"]
    done = await merge(centre, kept.case_id, source.case_id, versions=(version, None))
    assert (await whistle(centre, w))["case_id"] == kept.case_id
    for who in ("responder_b", "responder", "department", "department2"):  # the kept one's place sees it as well
        assert await (await centre(who)).fetchval("select count(*) from cc.whistles") == 1, who
    assert await fine(centre)
    await undo(centre, done.merge_id)
    assert await standing(centre) == before

    done = await merge(centre, kept.case_id, source.case_id)
    await part(centre, "answer_whistle", w)
    async with refused("CC026"):  # the kept case is not finished over the heads of who was called
        c = await centre.case(kept.case_id)
        await do(
            await centre("responder_b" if c["unit_id"] == UNIT_B else "responder"), "finish", case=c["id"], version=c["version"],
            discussed_with="诉求人", discussed_at=MONDAY, done="修好", done_by=MONDAY,
        )  # fmt: skip
    await undo(centre, done.merge_id)
    assert (await whistle(centre, w))["case_id"] == source.case_id
    assert await fine(centre)
    # a second one of the kept case has a number of its own, whatever went along
    await merge(centre, kept.case_id, source.case_id)
    async with refused("CC025"):
        await blow(centre, "head_b", case_id=kept.case_id)
    for step in STEPS[1:]:
        await part(centre, step, w)
    await led_to(centre, w, 6, DEPARTMENT_2)
    other = await blow(centre, "head_b", case_id=kept.case_id)
    assert other.number == f"{kept.number}-S1"
    assert await fine(centre)


async def test_a_whistle_that_ended_on_the_way_comes_back_from_where_it_ended(centre: Centre) -> None:
    await centre.clock(MONDAY)
    top, kept, source = await accepted(centre), await accepted(centre), await accepted(centre)
    w = await blown_to(centre, DEPARTMENT_1, case_id=source.case_id)
    first = await merge(centre, kept.case_id, source.case_id)
    await whistle_deed(centre, "supervisor", "withdraw_whistle", w, reason="误吹")
    second = await merge(centre, top.case_id, kept.case_id)
    assert (await whistle(centre, w))["case_id"] == kept.case_id  # over, it goes no farther
    await undo(centre, first.merge_id)
    assert (await whistle(centre, w))["case_id"] == source.case_id
    await undo(centre, second.merge_id)
    assert (await whistle(centre, w))["case_id"] == source.case_id
    assert await fine(centre)


async def test_two_live_whistles_do_not_come_together(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept, source = await accepted(centre), await accepted(centre)
    first, second = await blow(centre, case_id=kept.case_id), await blow(centre, case_id=source.case_id)
    async with refused("CC083") as caught:
        await merge(centre, kept.case_id, source.case_id)
    assert caught[0].detail == f"{first.number}、{second.number}"
