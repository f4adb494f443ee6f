"""The services of merging: links, hints, relations and themes as a desk asks for them, and whose deeds they are."""

from datetime import timedelta
from uuid import uuid4

import pytest

from commandcenter.db.engine import Database
from commandcenter.domain.case import State
from commandcenter.domain.merge import Cause
from commandcenter.errors import NotVisible, PersonError, Refused
from commandcenter.intake.repeats.report import Reason, Signal, Verdict
from commandcenter.services import merging
from commandcenter.services.new_report import NewReport
from tests.db.centre import Centre, refused
from tests.db.county import ROLE_PEOPLE, UNIT_A
from tests.db.life import MONDAY, dispatched, in_state, register
from tests.db.merge_life import fine

WHY = (Reason(Signal.WORDS, "用词相近：燃气、漏气", 2.5), Reason(Signal.DISTANCE, "相距 30 米", 1.25))


@pytest.fixture
async def db(centre: Centre):  # noqa: ANN201 - a fixture
    database = await Database.connect(centre.url("duty"))
    yield database
    await database.close()


async def test_the_services_speak_of_links_hints_relations_and_themes(centre: Centre, db: Database) -> None:
    await centre.clock(MONDAY)
    kept, source, other = await register(centre), await register(centre, grade=1), await register(centre)

    class Found:
        def __init__(self, case_id: int, score: float) -> None:
            self.case_id, self.score, self.verdict, self.reasons = case_id, score, Verdict.LIKELY, WHY

    hints = [Found(source.case_id, 0.91), Found(other.case_id, 0.7), Found(kept.case_id, 1.0)]
    assert await merging.save_hints(db, case_id=kept.case_id, hints=hints) == 2  # not with itself
    assert await merging.save_hints(db, case_id=other.case_id, hints=[Found(kept.case_id, 0.7)]) == 1  # the same pair
    queue = await merging.read_open_hints(db)
    assert [(h.number, h.other_number, h.score, h.verdict, h.reasons) for h in queue] == [
        (kept.number, source.number, 0.91, Verdict.LIKELY, WHY),
        (kept.number, other.number, 0.7, Verdict.LIKELY, WHY),
    ]
    done = await merging.merge(
        db, kept_id=kept.case_id, kept_version=kept.version, source_id=source.case_id, source_version=source.version, score=0.91,
        reasons=WHY, words="同一处", key=uuid4(),
    )  # fmt: skip
    await merging.dismiss_hint(db, case_id=other.case_id, other_id=kept.case_id, reason="不是一处", key=uuid4())
    assert await merging.save_hints(db, case_id=kept.case_id, hints=hints) == 0
    assert await merging.read_open_hints(db) == ()
    assert {h.state for h in await merging.read_hints(db, kept.case_id)} == {"merged", "dismissed"}
    (link,) = await merging.read_links(db, source.case_id)
    assert (link.kept_number, link.source_number, link.score, link.reasons, link.cause, link.by, link.standing) == (
        kept.number, source.number, 0.91, WHY, Cause.PERSON, centre.logins.of("duty"), True,
    )  # fmt: skip
    assert await merging.case_now(db, source.case_id) == kept.case_id
    assert set(await merging.read_family(db, kept.case_id)) == {kept.case_id, source.case_id}

    opposite = await merging.relate(
        db, case_id=source.case_id, other_id=other.case_id, kind="opposite", words="一方要装一方反对", key=uuid4()
    )
    (related,) = await merging.read_related(db, kept.case_id)  # of the whole family
    assert (related.id, related.number, related.kind) == (opposite, other.number, "opposite")
    await merging.unrelate(db, relation_id=opposite, key=uuid4())
    assert await merging.read_related(db, other.case_id) == ()
    with pytest.raises(Refused):
        await merging.unrelate(db, relation_id=opposite, key=uuid4())

    theme = await merging.open_theme(db, title="老旧管网改造", case_ids=[kept.case_id], key=(key := uuid4()))
    assert await merging.open_theme(db, title="老旧管网改造", case_ids=[kept.case_id], key=key) == theme
    with pytest.raises(Refused):
        await merging.open_theme(db, title="老旧管网改造", key=uuid4())
    assert await merging.add_to_theme(db, theme_id=theme, case_ids=[kept.case_id, other.case_id], key=uuid4()) == 1
    await merging.rename_theme(db, theme_id=theme, title="管网改造", key=uuid4())
    assert [(t.title, t.case_ids) for t in await merging.read_themes(db)] == [
        ("管网改造", (kept.case_id, other.case_id))
    ]
    assert [t.id for t in await merging.read_themes_of(db, source.case_id)] == [theme]
    await merging.remove_from_theme(db, theme_id=theme, case_id=other.case_id, key=uuid4())
    await merging.close_theme(db, theme_id=theme, key=uuid4())
    assert await merging.read_themes(db) == ()
    assert [t.case_ids for t in await merging.read_themes(db, open_only=False)] == [(kept.case_id,)]
    with pytest.raises(Refused):
        await merging.add_to_theme(db, theme_id=theme, case_ids=[other.case_id], key=uuid4())

    into = await merging.register_into(db, NewReport(2, "还在漏"), kept_id=source.case_id, key=uuid4())
    shares = {s.channel_id: s for s in await merging.merged_share(db, since=MONDAY, until=MONDAY + timedelta(days=1))}
    assert {(c, s.received, s.merged, s.by_machine) for c, s in shares.items()} == {(1, 3, 1, 0), (2, 1, 1, 0)}
    assert await (await centre("wall")).fetchrow("select received, merged from cc.today()") == (4, 2)
    undone = await merging.undo(db, merge_id=done.merge_id, reason="不是一处", key=uuid4())
    assert undone.remaining == ()
    assert (undone.source.state, undone.kept.state) == (State.TO_DISPATCH, State.TO_DISPATCH)
    with pytest.raises(Refused, match="已经撤销过"):
        await merging.undo(db, merge_id=done.merge_id, key=uuid4())
    with pytest.raises(NotVisible):
        await merging.undo(db, merge_id=1, key=uuid4())
    own = await centre.case(source.case_id)
    split = await merging.split(
        db, case_id=own["id"], version=own["version"], reason="不同楼",
        report_id=int(str(await centre.value("select id from cc.reports where home_id = $1", into.source.case_id))), key=uuid4(),
    )  # fmt: skip
    assert split.case_id == into.source.case_id
    assert await fine(centre)


async def test_every_refusal_is_a_sentence(centre: Centre, db: Database) -> None:
    await centre.clock(MONDAY)
    early, late = await dispatched(centre, UNIT_A), await register(centre)
    for wrong in (
        {"kept_id": late.case_id, "source_id": early.case_id},
        {"kept_id": late.case_id, "source_id": late.case_id},
        {"kept_id": (await in_state(centre, State.MERGED)).case_id, "source_id": late.case_id},
        {"kept_id": (await in_state(centre, State.ARCHIVED)).case_id, "source_id": late.case_id},
        {"kept_id": 1, "source_id": late.case_id},
    ):
        with pytest.raises(PersonError) as caught:
            await merging.merge(db, kept_version=None, source_version=None, key=uuid4(), **wrong)  # type: ignore[arg-type]
        assert caught.value.sentence.endswith("。")
        assert "CC0" not in caught.value.sentence


async def test_only_the_centre_relates_themes_and_dismisses(centre: Centre) -> None:
    await centre.clock(MONDAY)
    one, two = await register(centre), await register(centre)
    root = await centre.root()
    theme = await (await centre("duty")).fetchval("select cc.open_theme('积水', '{}', $1)", uuid4())
    relation = await (await centre("duty")).fetchval(
        "select cc.relate($1, $2, 'related', '', $3)", one.case_id, two.case_id, uuid4()
    )
    deeds = {
        "relate": ("select cc.relate($1, $2, 'related', '', $3)", one.case_id, two.case_id),
        "unrelate": ("select cc.unrelate($1, $2)", relation),
        "open": ("select cc.open_theme('另一个', '{}', $1)",),
        "add": ("select cc.add_to_theme($1, array[$2::bigint], $3)", theme, one.case_id),
        "remove": ("select cc.remove_from_theme($1, $2, $3)", theme, one.case_id),
        "rename": ("select cc.rename_theme($1, '新名', $2)", theme),
        "close": ("select cc.close_theme($1, $2)", theme),
        "dismiss": ("select cc.dismiss_hint($1, $2, '不是', $3)", one.case_id, two.case_id),
    }
    for role, who in ROLE_PEOPLE.items():
        if role not in {"cc_duty", "cc_supervisor"}:
            for query, *given in deeds.values():
                async with refused("42501"):
                    await (await centre(who)).execute(query, *given, uuid4())
            async with refused("42501"):
                await (await centre(who)).execute("select cc.save_hints($1, '[]')", one.case_id)
    assert await root.fetchval("select count(*) from cc.relations where ended_at is null") == 1
