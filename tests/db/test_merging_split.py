"""Splitting 拆单: one report taken out of a case, and what becomes of its link."""

from commandcenter.domain.case import State
from tests.db.centre import Centre, refused
from tests.db.county import COMMUNITY_B, ROLE_PEOPLE
from tests.db.life import MONDAY, accepted, register
from tests.db.merge_life import fine, merge, register_into, undo


async def test_one_report_is_taken_out(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept, source = await accepted(centre), await register(centre, grade=1, area=COMMUNITY_B, confidential=True)
    link = await merge(centre, kept.case_id, source.case_id)
    await register_into(centre, source.case_id, grade=4, area=COMMUNITY_B)
    reports = dict(await (await centre.root()).fetch("select home_id, id from cc.reports"))
    own, theirs = reports[kept.case_id], reports[source.case_id]

    async def split(report: int, who: str = "duty", reason: str = "另一件事") -> int:
        version = (await centre.case(kept.case_id))["version"]
        return (await centre.do(who, "split", case=kept.case_id, version=version, report=report, reason=reason)).case_id

    async with refused("CC004"):
        await split(theirs, reason=" ")
    for role, who in ROLE_PEOPLE.items():
        if role not in {"cc_duty", "cc_supervisor"}:
            async with refused("42501"):
                await split(theirs, who)
    # its source has another one: a case of its own, where it was registered
    made = await centre.case(await split(theirs))
    assert (made["state"], made["path"], made["reports"], made["flags"]) == (State.TO_DISPATCH, "01.02.01.", 1, 64)
    case = await centre.case(kept.case_id)
    assert (case["reports"], case["flags"] & 64) == (2, 0)
    assert await centre.value("select home_id from cc.reports where id = $1", theirs) == made["id"]
    # the other one is alone by now: its merge is undone
    (last,) = [r for h, r in reports.items() if h not in {kept.case_id, source.case_id}]
    assert await split(last, "supervisor") == await centre.value("select home_id from cc.reports where id = $1", last)
    async with refused("CC087"):
        await split(own)
    assert await fine(centre)
    await undo(centre, link.merge_id)
    assert await fine(centre)
