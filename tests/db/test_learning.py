"""What is learned: the archive's own words are recovered, versions, who may use them, corrections that are believed."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime
from threading import Event
from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from commandcenter.db.engine import Database
from commandcenter.domain.case import Grade, State
from commandcenter.errors import NotVisible, PersonError, Refused
from commandcenter.services import audit, cases, merging, models
from commandcenter.services.advising import Advisor
from commandcenter.services.apart import Stopped
from commandcenter.services.corrections import call_and_correct
from commandcenter.services.new_report import NewReport
from commandcenter.services.reference import load_reference
from tests.db.centre import Centre, refused
from tests.db.county import CATEGORY, ROLE_PEOPLE

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
FIRST, MANY, EACH = 601, 6, 14
"""Ids of the categories that are made here, how many they are, and confirmed reports of each."""
Open = Callable[[str], Coroutine[Any, Any, Database]]


@pytest.fixture
async def people(centre: Centre) -> AsyncIterator[Open]:
    """Databases of people, closed at the end."""
    opened: list[Database] = []

    async def open_(who: str) -> Database:
        opened.append(await Database.connect(centre.url(who)))
        return opened[-1]

    yield open_
    for each in opened:
        await each.close()


def text_of(category: int, turn: int) -> str:
    """Five of the category's own words: no two categories share a letter."""
    start = 0x4E00 + (category - FIRST) * 64
    words = [chr(start + 2 * at) + chr(start + 2 * at + 1) for at in range(24)]
    return "，".join(np.random.default_rng([category, turn]).choice(words, 5, replace=False).tolist())


async def archive(centre: Centre, duty: Database) -> None:
    """Categories whose names say nothing of what is reported, and confirmed cases of each."""
    root = await centre.root()
    for category in range(FIRST, FIRST + MANY):
        await root.execute(
            "insert into cc.categories (id, name, path_name) values ($1, $2, $2)", category, f"类{category}"
        )
    for turn in range(EACH):
        for category in range(FIRST, FIRST + MANY):
            report = NewReport(1, text_of(category, turn), category_id=category, grade=Grade.GREEN)
            await cases.register(duty, report, key=uuid4())


async def advisor(db: Database) -> Advisor:
    return await Advisor.open(db, await load_reference(db))


def first(advisor: Advisor, text: str) -> int:
    return advisor.advise(content=text, now=NOW).categories[0][0]


async def test_what_the_archive_says_is_learned_and_put_into_use(centre: Centre, people: Open) -> None:
    duty, admin = await people("duty"), await people("admin")
    await archive(centre, duty)
    unseen = [
        (category, text_of(category, 1_000 + turn)) for category in range(FIRST, FIRST + MANY) for turn in range(5)
    ]
    cold = await advisor(duty)
    assert cold.version == 0
    told: list[tuple[float, str]] = []
    done = await models.train(admin, progress=lambda share, words: told.append((share, words)), key=uuid4())
    assert done.model.active
    assert (done.model.version, done.before) == (1, None)
    warm = await advisor(duty)
    assert (warm.version, warm.trouble) == (1, "")
    # vocabularies without a letter in common can be told apart: at least 95 of 100, and far better than by names
    right = [first(warm, text) == category for category, text in unseen]
    assert sum(right) >= 0.95 * len(right)
    assert sum(first(cold, text) == category for category, text in unseen) < 0.5 * len(unseen)
    assert done.model.macro_f1 is not None
    assert done.model.macro_f1 >= 0.95
    assert done.model.figures["cold_f1"] < done.model.macro_f1
    # what it was learned from is told: as many as there are, from the first to the last, of one channel, in how many kinds
    assert done.model.training["samples"] == MANY * EACH
    assert done.model.training["channels"] == {"1": MANY * EACH}
    assert {each["samples"] for each in done.model.figures["labels"] if int(each["label"]) >= FIRST} >= {EACH}
    assert len(done.model.training["hash"]) == 64
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert (
        await centre.value("select count(*) from cc.journal where entity = 'model' and verb in ('train', 'use')") == 2
    )
    # the same archive once more is the same model, as another version
    again = await models.train(admin, key=uuid4())
    assert (again.model.version, again.model.training["hash"]) == (2, done.model.training["hash"])
    assert again.before is not None
    assert again.before.version == 1


async def test_a_worse_version_is_used_only_by_who_says_so(centre: Centre, people: Open) -> None:
    admin = await people("admin")
    ids = []
    for f1 in (0.9, 0.89, 0.8, 0.95):  # ten categories 0.02 around it: 0.0133 is what chance explains
        row = await (await centre("admin")).fetchrow(
            "select * from cc.save_model('category', $1, $2, '{}', true, $3)",
            b"x",
            json.dumps({"macro_f1": f1, "labels": [{"f1": f1 - 0.02}, {"f1": f1 + 0.02}] * 5}),
            uuid4(),
        )
        ids.append(row["case_id"])
    assert [each.version for each in await models.read_versions(admin) if each.active] == [4]
    with pytest.raises(Refused) as info:  # and both figures are told
        await models.use(admin, model_id=ids[2], key=uuid4())
    assert "0.800" in info.value.sentence
    assert "0.950" in info.value.sentence
    key = uuid4()
    for _ in range(2):  # a retry does nothing new
        await models.use(admin, model_id=ids[2], despite=True, key=key)
    assert [each.version for each in await models.read_versions(admin) if each.active] == [3]
    assert await centre.value("select count(*) from cc.journal where entity = 'model' and verb = 'use'") == 4
    with pytest.raises(NotVisible):
        await models.use(admin, model_id=1, key=uuid4())


async def test_a_damaged_model_is_one_sentence_and_names_go_on_suggesting(centre: Centre, people: Open) -> None:
    duty = await people("duty")
    await (await centre("admin")).fetchrow(
        "select * from cc.save_model('category', $1, '{}', '{}', true, $2)", b"PK?", uuid4()
    )
    found = await advisor(duty)
    assert found.version == 0
    assert "第 1 版分类模型用不了" in found.trouble
    assert first(found, "燃气管道漏气") == CATEGORY
    await (await centre.root()).execute("update cc.models set content = content || 'x'")
    assert "已损坏" in (await advisor(duty)).trouble
    assert [each.sentence for each in await audit.check(await people("admin"))] == ["第 1 版模型与保存时不符。"]


@pytest.mark.parametrize("role", sorted(ROLE_PEOPLE))
async def test_who_may_train_and_use(untouched: Centre, role: str) -> None:
    login = await untouched.open(ROLE_PEOPLE[role])
    transaction = login.transaction()
    await transaction.start()
    save = login.fetchrow("select * from cc.save_model('category', 'x', '{}', '{}', true, gen_random_uuid())")
    if role == "cc_admin":
        row = await save
        assert (row["state"], row["version"]) == (1, 1)
    else:
        async with refused("42501"):
            await save
    await transaction.rollback()
    for statement in (
        "insert into cc.models default values",
        "update cc.models set active = true",
        "delete from cc.models",
    ):
        async with refused("42501"):
            await login.execute(statement)


async def test_training_can_be_cancelled_and_leaves_nothing(centre: Centre, people: Open) -> None:
    duty, admin = await people("duty"), await people("admin")
    with pytest.raises(PersonError, match="还没有可以学习的诉求"):
        await models.train(admin, key=uuid4())
    await archive(centre, duty)
    stop = Event()
    with pytest.raises(Stopped):
        await models.train(admin, progress=lambda _, __: stop.set(), cancel=stop, key=uuid4())
    begun = asyncio.Event()
    task = asyncio.create_task(models.train(admin, progress=lambda _, __: begun.set(), key=uuid4()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await models.read_versions(admin) == ()
    with pytest.raises(PersonError):
        await models.train(
            await people("analyst"), key=uuid4()
        )  # learns for nothing: nobody but an administrator may save


async def test_an_officers_correction_turns_the_next_suggestion_and_teaches_the_next_version(
    centre: Centre, people: Open
) -> None:
    duty, admin = await people("duty"), await people("admin")
    await archive(centre, duty)
    await models.train(admin, key=uuid4())
    # a matter of which the archive knows nothing
    text = "龘靐，齉龗，灪麤，鱻爨，癵驫，麣纞"
    before = await advisor(duty)
    proposed = first(before, text)
    chosen = FIRST + MANY - 1 if proposed != FIRST + MANY - 1 else FIRST
    report = NewReport(1, text, category_id=chosen, grade=Grade.GREEN, proposed_category_id=proposed)
    await cases.register(duty, report, key=uuid4())
    assert await models.read_corrections(admin) == models.Corrections(1, 1)
    after = await before.renewed(duty, before.reference, frozenset({"correction"}))
    assert first(after, text + "，请处理") == chosen
    assert first(after, text_of(FIRST + 1, 7)) == first(before, text_of(FIRST + 1, 7)) == FIRST + 1
    trained = await models.train(admin, key=uuid4())
    assert trained.model.training["corrections"] == 1
    assert await models.read_corrections(admin) == models.Corrections(1, 0)
    assert first(await advisor(duty), text) == chosen


async def test_a_correction_is_believed_only_of_ones_own_deed_in_the_same_transaction(
    centre: Centre, people: Open
) -> None:
    duty, caller = await people("duty"), await people("caller")
    await (await centre.root()).execute(
        "insert into cc.categories (id, name, path_name) values (601, '甲', '甲'), (602, '乙', '乙')"
    )
    number = "select count(*) from cc.corrections"
    report, key = NewReport(1, "内容", category_id=601, grade=Grade.BLUE, proposed_category_id=602), uuid4()
    for _ in range(2):  # the retry teaches nothing twice
        case = await cases.register(duty, report, key=key)
    assert await centre.value(number) == 1
    row = await (await centre.root()).fetchrow("select actor, case_id, proposed, chosen from cc.corrections")
    assert tuple(row) == (centre.logins.of("duty"), case.case_id, 602, 601)
    # later, or as somebody else, it is only words
    for who in ("duty", "duty2", "supervisor"):
        assert not await (await centre(who)).fetchval("select cc.correct($1, 602)", case.case_id)
    # what is proposed and taken is no correction; a caller's choice is not the centre's yet
    await cases.register(duty, NewReport(1, "内容二", category_id=601, proposed_category_id=601), key=uuid4())
    called = NewReport(1, "内容三", category_id=601, area_id=21, proposed_category_id=602)
    await cases.register(caller, called, key=uuid4())
    assert await centre.value(number) == 1
    graded = await cases.grade(
        duty,
        case_id=case.case_id,
        version=case.version,
        grade=Grade.BLUE,
        category_id=602,
        proposed_category_id=601,
        key=uuid4(),
    )
    assert graded.state is State.TO_DISPATCH
    assert await centre.value(number) == 2
    with pytest.raises(PersonError):  # what is refused leaves neither
        await call_and_correct(
            duty, "grade", proposed_id=601, case=case.case_id, version=1, grade=3, category=602, reason="", key=uuid4()
        )
    assert await centre.value(number) == 2
    # a report that is merged as it comes teaches by its own words and category
    again = NewReport(1, "内容四", category_id=601, grade=Grade.BLUE, proposed_category_id=602)
    merged = await merging.register_into(duty, again, kept_id=graded.case_id, key=uuid4())
    found = await (await centre.root()).fetchrow(
        "select k.case_id, k.chosen, r.content from cc.corrections k join cc.reports r on r.id = k.report_id order by k.at desc limit 1"
    )
    assert tuple(found) == (merged.source.case_id, 601, "内容四")
    # the family of a place sees it, another town does not
    assert await (await centre("responder_b")).fetchval(number) == 0
    assert await (await centre("analyst")).fetchval(number) == 3
