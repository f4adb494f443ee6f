"""Repeats among what is stored: found by words, citizen and place, weighed as in memory, and only what the asker may see."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from commandcenter.db.engine import Database
from commandcenter.domain.case import State
from commandcenter.errors import PersonError
from commandcenter.intake.repeats.index import Index
from commandcenter.intake.repeats.rarity import rarity_of
from commandcenter.intake.repeats.report import Report, Signal, Verdict
from commandcenter.services import merging
from commandcenter.services.cases import register
from commandcenter.services.new_report import Citizen, NewReport
from commandcenter.services.repeat_probes import probes_of
from commandcenter.services.repeat_rules import rules_of
from commandcenter.services.repeats import Asked, Finder
from tests.db.centre import Centre
from tests.db.county import CATEGORY, COMMUNITY_A, COMMUNITY_B

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
SMOKE = "碧海花园南门烧烤店每天晚上油烟直排到楼上，窗户不敢开，孩子咳嗽不止，物业劝过多次没有用"
SMOKE_AGAIN = "我住碧海花园，南门那家烧烤店油烟直排，夜里窗户不敢开，物业劝过也没有用，请管一管"
HEATING = "供暖公司说今年换热站改造，崖头东区已经停暖三天，室内温度只有十二度，老人冻得受不了"
WANTED = "强烈要求恢复酒仙桥早市，老人买菜方便，希望保留酒仙桥早市，价格便宜大家都支持"
UNWANTED = "酒仙桥早市每天五点开始吵闹，老人买菜方便但我们睡不了觉，要求取缔酒仙桥早市，价格便宜也不行"
PHONE = "13863012345"

As = Callable[[str], Awaitable[Database]]


@pytest.fixture
async def sign_in(centre: Centre) -> AsyncIterator[As]:
    opened: dict[str, Database] = {}

    async def database(who: str) -> Database:
        if who not in opened:
            opened[who] = await Database.connect(centre.url(who))
        return opened[who]

    await centre.clock(NOW)
    yield database
    for each in opened.values():
        await each.close()


async def said(db: Database, content: str, *, phone: str = "", **more: object) -> int:
    """Register a report; the case's id."""
    more.setdefault("area_id", COMMUNITY_A)
    citizen = Citizen("王某", phone, "", confidential=bool(more.pop("hidden", False)))
    change = await register(db, NewReport(1, content, citizen=citizen, **more), key=uuid4())  # type: ignore[arg-type]
    return change.case_id


async def ago(centre: Centre, case_id: int, days: float) -> None:
    root = await centre.root()
    async with root.transaction():
        await root.execute("set local session_replication_role = replica")
        for table, column in (("cases", "id"), ("reports", "home_id")):
            await root.execute(
                f"update cc.{table} set received_at = $2 where {column} = $1", case_id, NOW - timedelta(days=days)
            )


async def test_the_same_matter_is_found_live_and_explained(centre: Centre, sign_in: As) -> None:
    duty = await sign_in("duty")
    finder = await Finder.open(duty)
    assert await finder.suggest(Asked(SMOKE_AGAIN, NOW)) == ()
    await said(duty, HEATING)
    smoke = await said(duty, SMOKE, category_id=CATEGORY)
    [found] = await finder.suggest(Asked(SMOKE_AGAIN, NOW))  # what came after it was opened
    case = await centre.case(smoke)
    assert (found.case_id, found.case_number, found.case_version) == (smoke, case["number"], case["version"])
    assert (found.verdict, found.state, found.reports, found.metres) == (Verdict.SAME, State.NEW, 1, None)
    assert "油烟" in next(reason.words for reason in found.reasons if reason.kind is Signal.WORDS)
    assert found.content == SMOKE


async def test_all_that_says_the_very_same_is_found_whatever_the_words(sign_in: As) -> None:
    """Each text once more, word for word: usual words, digits, and what is told by a hundred others too."""
    duty = await sign_in("duty")
    usual = "小区路灯不亮请有关部门尽快处理，希望解决问题，谢谢领导，我们业主一直在反映情况"
    texts = [
        usual,
        SMOKE,
        HEATING,
        WANTED,
        "１２３号楼 3单元 电梯停运５天，物业公司不管不问，老人上下楼困难，要求维修电梯",
    ]
    for at in range(30):
        await said(duty, f"{usual[:14]}第{at}次来电，{usual[14:]}，地点在{chr(0x4E00 + 7 * at)}{chr(0x5E00 + at)}路")
    cases = [await said(duty, text) for text in texts]
    finder = await Finder.open(duty)
    for text, case in zip(texts, cases, strict=True):
        first = (await finder.suggest(Asked(text, NOW)))[0]
        assert (first.case_id, first.verdict) == (case, Verdict.SAME)
        assert first.reasons[0].words == "正文一字不差"


async def test_place_and_citizen_find_what_words_do_not(sign_in: As) -> None:
    duty = await sign_in("duty")
    there = {"category_id": CATEGORY, "lon": 122.42, "lat": 37.16}
    near = await said(duty, "井盖翘起", **there)
    await said(duty, "井盖翘起", category_id=CATEGORY, lon=122.5, lat=37.16)
    finder = await Finder.open(duty)
    asked = Asked("", NOW, category_id=CATEGORY, lon=122.4201, lat=37.16)
    [found] = await finder.suggest(asked)
    assert found.case_id == near
    assert found.metres == pytest.approx(8.9, abs=0.1)  # a ten-thousandth of a degree of longitude, at 37.16 degrees
    assert found.verdict is Verdict.LIKELY
    mine = await said(duty, "楼上漏水到我家厨房", phone="138-6301-2345", **there)
    found, *_ = await finder.suggest(Asked("", NOW, phone=PHONE, category_id=CATEGORY, lon=122.42, lat=37.16))
    assert (found.case_id, found.verdict) == (mine, Verdict.SAME)
    words = [reason.words for reason in found.reasons]
    assert "同一诉求人" in words
    assert not any(PHONE[3:7] in word or PHONE[-4:] in word for word in words)


async def test_what_is_archived_or_merged_is_found_as_it_is_now_and_old_ones_are_not(
    centre: Centre, sign_in: As
) -> None:
    duty, supervisor = await sign_in("duty"), await sign_in("supervisor")
    first, second = await said(duty, SMOKE), await said(duty, SMOKE_AGAIN)
    finder = await Finder.open(duty)
    assert {found.case_id for found in await finder.suggest(Asked(SMOKE, NOW))} == {first, second}
    change = await merging.merge(
        supervisor, kept_id=first, kept_version=None, source_id=second, source_version=None, key=uuid4()
    )
    [found] = await finder.suggest(Asked(SMOKE_AGAIN, NOW))
    assert (found.case_id, found.reports, found.content) == (first, 2, SMOKE_AGAIN)
    assert (await finder.suggest(Asked(SMOKE_AGAIN, NOW, case_id=second))) == ()  # its own family is no repeat of it
    await merging.undo(supervisor, merge_id=change.merge_id, key=uuid4())
    assert [found.case_id for found in await finder.suggest(Asked(SMOKE_AGAIN, NOW, case_id=second))] == [first]
    old = await said(duty, HEATING)
    await ago(centre, old, 89)
    root = await centre.root()
    async with root.transaction():
        await root.execute("set local session_replication_role = replica")
        await root.execute("update cc.cases set state = 7 where id = $1", old)
        await root.execute("insert into cc.cases_archive select * from cc.cases where id = $1", old)
        await root.execute("delete from cc.cases where id = $1", old)
    [found] = await finder.suggest(Asked(HEATING, NOW))
    assert (found.case_id, found.state) == (old, State.ARCHIVED)
    await ago(centre, old, 91)
    assert await finder.suggest(Asked(HEATING, NOW)) == ()
    await root.execute("update cc.settings set value = '120' where name = 'repeat_days'")
    await finder.refresh()
    assert [found.case_id for found in await finder.suggest(Asked(HEATING, NOW))] == [old]


async def test_opposite_demands_are_related_whoever_comes_first(sign_in: As) -> None:
    duty = await sign_in("duty")
    wanted, unwanted = await said(duty, WANTED), await said(duty, UNWANTED)
    finder = await Finder.open(duty)
    for text, case, other in ((WANTED, wanted, unwanted), (UNWANTED, unwanted, wanted)):
        [found] = await finder.suggest(Asked(text, NOW, case_id=case))
        assert (found.case_id, found.verdict) == (other, Verdict.RELATED)
        assert found.reasons[0].kind is Signal.OPPOSITE


async def test_nobody_finds_what_they_may_not_see_nor_learns_who_told_it(centre: Centre, sign_in: As) -> None:
    duty = await sign_in("duty")
    there = {"lon": 122.42, "lat": 37.16, "category_id": CATEGORY}
    ours = await said(duty, SMOKE, phone=PHONE, **there)
    hidden = await said(duty, f"{SMOKE}，不要说是我说的", phone=PHONE, hidden=True, **there)
    theirs = await said(duty, f"{SMOKE}，请来看看", phone=PHONE, area_id=COMMUNITY_B, **there)
    asked = Asked(SMOKE, NOW, phone=PHONE, **there)
    citizens = {}
    for who, seen in {
        "duty": {ours, hidden, theirs}, "supervisor": {ours, hidden, theirs}, "caller": {ours, hidden},
        "responder": {ours, hidden}, "responder_b": {theirs}, "head_b": {theirs}, "department": set(),
    }.items():  # fmt: skip
        finder = await Finder.open(await sign_in(who))
        found = await finder.suggest(asked, most=20)
        assert {one.case_id for one in found} == seen, who
        citizens[who] = {one.case_id for one in found if any(r.kind is Signal.CITIZEN for r in one.reasons)}
    assert citizens["duty"] == {ours, hidden, theirs}
    assert citizens["caller"] == {ours}, "of a confidential report only the centre is told that the citizen is the same"
    assert citizens["head_b"] == {theirs}
    assert citizens["responder"] == citizens["responder_b"] == set(), "who takes no reports in compares no numbers"
    plain = (
        "select case_id, same_citizen, phone from cc.repeat_candidates("
        "array(select unnest(cc.grams($1))), array(select generate_series(1, cardinality(cc.grams($1)))), "
        "array(select 1.0::double precision from unnest(cc.grams($1))), $2, null, 122.42, 37.16, $3, null, '-infinity', 200)"
    ).replace(", phone", "")
    for who, seen in {
        "responder_b": {theirs},
        "caller": {ours, hidden},
        "department2": set(),
        "analyst": {ours, hidden, theirs},
    }.items():
        rows = await (await centre(who)).fetch(plain, SMOKE, PHONE, CATEGORY)
        assert {row["case_id"] for row in rows} == seen, who
        assert {row["case_id"] for row in rows if row["same_citizen"]} == ({ours} if who == "caller" else set())
        texts = await (await centre(who)).fetch(
            "select case_id from cc.repeat_speakers($1, 5, 5)", [ours, hidden, theirs]
        )
        assert {row["case_id"] for row in texts} == seen, who
    for who in ("wall", "intake"):
        with pytest.raises(Exception, match="permission denied"):
            await (await centre(who)).fetch(plain, SMOKE, PHONE, CATEGORY)


async def test_the_database_finds_and_weighs_what_the_index_in_memory_does(centre: Centre, sign_in: As) -> None:
    """Of a small county nothing is left out by a limit: both give the same cases, the same scores, the same verdicts."""
    rng = random.Random(5)
    duty = await sign_in("duty")
    places = ("碧海花园", "联丰路", "滨河苑", "崖头市场")
    matters = ("烧烤店油烟直排，窗户不敢开", "路灯坏了半个月没人修", "停水三天老人没法做饭", "夜里施工噪声太大睡不着觉")
    index, reports = Index(), []
    for number in range(40):
        place, matter, phone = rng.choice(places), rng.choice(matters), rng.choice(("", PHONE, "13900000000"))
        more = {"lon": round(122.4 + rng.random() / 50, 4), "lat": 37.1 + number / 5_000} if number % 3 else {}
        text = (
            f"{place}{rng.randint(1, 40)}号楼，{matter}，{''.join(rng.choices('水电气暖房路桥车树灯门窗楼院墙', k=12))}"
        )
        case = await said(duty, text, phone=phone, category_id=CATEGORY if number % 2 else None, **more)
        await ago(centre, case, number / 10)
        row = await centre.case(case)
        kind = await centre.value("select path_name from cc.categories where id = $1", CATEGORY) if number % 2 else ""
        report = Report(
            str(case),
            NOW - timedelta(days=number / 10),
            text,
            row["title"],
            str(kind),
            more.get("lon"),
            more.get("lat"),
            phone,
        )
        reports.append((case, report))
        index.add(report)
    rarity = index.shelf.known
    finder = await Finder.open(duty, rarity)
    compared = 0
    for case, report in reports:
        asked = Asked(
            report.text, report.at, title=report.title, category_id=CATEGORY if report.category else None, lon=report.lon,
            lat=report.lat, phone=report.citizen, case_id=case,
        )  # fmt: skip
        ours = {one.case_id: one for one in await finder.suggest(asked, most=100)}
        theirs = {
            int(one.report_id): one for one in index.candidates(report, top=100) if one.verdict is not Verdict.WEAK
        }
        assert ours.keys() == theirs.keys()
        for other, one in theirs.items():
            assert ours[other].score == pytest.approx(one.score, abs=2e-3)
            assert ours[other].verdict is one.verdict
            compared += 1
    assert compared > 50


def test_probes_find_what_is_rare_and_never_too_much() -> None:
    rarity = rarity_of([f"{SMOKE[:20]}{chr(0x4E00 + at)}{chr(0x6E00 + at)}" for at in range(900)])
    few = probes_of(f"{SMOKE[:20]}，琅琊", rarity, 1_000_000)
    assert few.ends[0] == 1
    assert few.grams[0] == (ord("琅") & 0x7FFF) << 16 | ord("琊")
    assert few.weights == tuple(sorted(few.weights, reverse=True)) or len(few.ends) > 1
    assert probes_of("", rarity, 1000).grams == ()
    assert probes_of("？", rarity, 1000).grams == ()


def test_weights_are_data() -> None:
    settings = {
        "repeat_days": "30",
        "repeat_suggest": "0.4",
        "repeat_auto": "0.8",
        "repeat_weights": '{"citizen": 3, "days": [[0, 1], [9, 0]]}',
        "auto_merge": "1",
    }
    rules = rules_of(settings)
    assert (rules.days, rules.auto_merge, rules.weights.suggest, rules.weights.auto) == (30, True, 0.4, 0.8)
    assert rules.weights.weights["citizen"] == 3
    assert rules.weights.curves["days"](4.5) == 0.5
    for wrong in ('{"weather": 1}', "[1]", '{"citizen": "x"}'):
        with pytest.raises(PersonError, match="repeat_weights"):
            rules_of(settings | {"repeat_weights": wrong})
