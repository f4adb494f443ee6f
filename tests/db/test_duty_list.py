"""The responsibility list: who may change it, versions of what a whistle went by, rulings, and the spreadsheet."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from commandcenter.db.engine import Database
from commandcenter.errors import PersonError, Refused, StaleVersion
from commandcenter.services import duty_list, duty_sheet
from commandcenter.services.reference import DutyItem
from commandcenter.services.sheet import Outcome
from tests.db.centre import Centre
from tests.db.county import CATEGORY, CLOSED_UNIT, DEPARTMENT_1, DEPARTMENT_2, ROLE_PEOPLE, UNIT_A, UTILITY

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.fixture
async def admin(centre: Centre) -> AsyncIterator[Database]:
    await centre.clock(NOW)
    made = Database(centre.url("admin"))
    yield made
    await made.close()


async def the_item(db: Database, code: str = "1") -> DutyItem:
    return next(item for item in await duty_list.read_items(db) if item.code == code and item.valid_to is None)


async def use(centre: Centre, item: DutyItem, number: str = "S1") -> int:
    """A whistle that went by the item."""
    return int(
        str(
            await centre.value(
                "insert into cc.whistles (number, case_id, path, state, level, caller, caller_unit_id, approver_unit_id, "
                "duty_item_id, matter, demand, blown_at, changed_at, verb, actor) values ($1, 1, '01.01.', 7, 1, 'x', $2, $2, "
                "$3, '管线', '到场', cc.now(), cc.now(), 'blow', 'x') returning id",
                number,
                UNIT_A,
                item.id,
            )
        )
    )


@pytest.fixture
async def quiet(centre: Centre) -> None:
    """Whistles by plain insert: their lawful steps are another test's subject."""
    await (await centre.root()).execute("alter table cc.whistles disable trigger user")


async def test_an_item_is_added_and_changed_and_ends(centre: Centre, admin: Database) -> None:
    new = DutyItem(0, "2", "供热", "停暖", CATEGORY, None, (DEPARTMENT_1, UTILITY), "商定", TODAY, None)
    made = await duty_list.save(admin, was=None, becomes=new)
    item = await the_item(admin, "2")
    assert item == replace(new, id=made)
    changed = replace(item, lead_unit_id=DEPARTMENT_2, assist_unit_ids=(UTILITY,), valid_to=date(2027, 1, 1))
    assert await duty_list.save(admin, was=item, becomes=changed) == made, "nothing went by it: the same row"
    assert [each for each in await duty_list.read_items(admin) if each.code == "2"] == [changed]
    assert (
        await centre.value("select count(*) from cc.journal where entity = 'duty_list' and entity_id = $1", made) == 2
    )


@pytest.mark.usefixtures("quiet")
async def test_what_a_whistle_went_by_stays_readable(centre: Centre, admin: Database) -> None:
    item = await the_item(admin)
    await use(centre, item)
    made = await duty_list.save(admin, was=item, becomes=replace(item, lead_unit_id=DEPARTMENT_2))
    assert made != item.id
    versions = [each for each in await duty_list.read_items(admin) if each.code == "1"]
    assert versions == [
        replace(item, valid_to=TODAY - timedelta(days=1)),
        replace(item, id=made, lead_unit_id=DEPARTMENT_2, valid_from=TODAY),
    ]
    with pytest.raises(Refused, match="序号不能改"):
        await duty_list.save(admin, was=versions[0], becomes=replace(versions[0], code="9"))
    ended = replace(versions[1], valid_to=TODAY)
    assert await duty_list.save(admin, was=versions[1], becomes=ended) == made
    await use(centre, ended, "S2")
    again = replace(ended, matter="管线和调压箱", valid_to=None)
    third = await duty_list.save(admin, was=ended, becomes=again)
    assert third not in {item.id, made}, "begun today, its next version begins tomorrow"
    assert (await the_item(admin)).valid_from == TODAY + timedelta(days=1)


async def test_who_was_second_is_told_so(admin: Database) -> None:
    item = await the_item(admin)
    await duty_list.save(admin, was=item, becomes=replace(item, matter="改过"))
    with pytest.raises(StaleVersion):
        await duty_list.save(admin, was=item, becomes=replace(item, matter="又改"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"matter": "  "}, "事项”没有填写"),
        ({"ground": "习惯"}, "“依据”没有填写或不正确"),
        ({"lead_unit_id": CLOSED_UNIT}, "“单位”没有填写或不正确"),
        ({"assist_unit_ids": (UTILITY, UTILITY)}, "同一个单位写了两次"),
        ({"assist_unit_ids": (DEPARTMENT_1,)}, "同一个单位写了两次"),
        ({"matter": "另一件", "valid_to": date(2025, 1, 1)}, "失效日期早于生效日期"),
        ({"valid_to": date(2025, 1, 1)}, "失效日期早于生效日期"),
        ({"category_id": 999_999}, "“分类”没有填写或不正确"),
    ],
)
async def test_what_makes_no_sense_is_refused(admin: Database, change: dict[str, object], sentence: str) -> None:
    item = await the_item(admin)
    with pytest.raises(PersonError, match=sentence):
        await duty_list.save(admin, was=item, becomes=replace(item, **change))  # type: ignore[arg-type]


async def test_a_code_holds_one_item_at_a_time(admin: Database) -> None:
    item = await the_item(admin)
    with pytest.raises(PersonError, match="已有事项"):
        await duty_list.save(admin, was=None, becomes=replace(item, id=0, valid_from=TODAY))


@pytest.mark.parametrize("role", sorted(set(ROLE_PEOPLE) - {"cc_admin"}))
async def test_only_administrators_change_it(untouched: Centre, role: str) -> None:
    db = Database(untouched.url(ROLE_PEOPLE[role]))
    try:
        new = DutyItem(0, "3", "供热", "停暖", None, None, (), "商定", TODAY, None)
        with pytest.raises(PersonError, match="没有这项权限"):
            await duty_list.save(db, was=None, becomes=new)
        with pytest.raises(PersonError, match="没有这项权限"):
            await duty_list.dismiss_candidate(db, candidate_id=1)
    finally:
        await db.close()


async def test_plain_sql_does_not_rewrite_it(untouched: Centre) -> None:
    admin = await untouched("admin")
    for statement in ("update cc.duty_list set matter = 'x'", "delete from cc.duty_list"):
        with pytest.raises(Exception, match="permission denied"):
            await admin.execute(statement)


@pytest.mark.usefixtures("quiet")
async def test_rulings_become_items_or_are_dismissed(centre: Centre, admin: Database) -> None:
    whistles = [await use(centre, await the_item(admin), number) for number in ("S1", "S2")]
    for whistle in whistles:
        await (await centre.root()).execute(
            "insert into cc.duty_candidates (whistle_id, case_id, matter, lead_unit_id, assist_unit_ids, reason, ruled_at, "
            "ruled_by) values ($1, 1, '海边垃圾', $2, array[$3::integer], '属地与主管', cc.now(), 'x')",
            whistle,
            DEPARTMENT_2,
            UTILITY,
        )
    first, second = await duty_list.read_candidates(admin)
    made = await duty_list.take_candidate(
        admin, candidate_id=first.id, code="9", field="海洋", matter="海岸垃圾清理", category_id=None
    )
    item = await the_item(admin, "9")
    assert item == DutyItem(made, "9", "海洋", "海岸垃圾清理", None, DEPARTMENT_2, (UTILITY,), "指定", TODAY, None)
    await duty_list.dismiss_candidate(admin, candidate_id=second.id)
    assert {each.id: each.decision for each in await duty_list.read_candidates(admin)} == {
        first.id: "taken",
        second.id: "dismissed",
    }
    with pytest.raises(StaleVersion):
        await duty_list.dismiss_candidate(admin, candidate_id=first.id)


def sheet(path: Path, *rows: tuple[object, ...], title: bool = True) -> Path:
    book = Workbook()
    if title:
        book.active.append(["荣成市吹哨报到事项清单"])  # type: ignore[union-attr]
    book.active.append(list(duty_sheet.SHEET.header))  # type: ignore[union-attr]
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    book.save(path)
    return path


async def test_a_list_is_previewed_and_taken_in(admin: Database, tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "清单.xlsx",
        ("1", "燃气", "管线", "公用事业 › 燃气", "住建局", "", "法定", "2026-01-01", ""),
        ("2", "供热", "停暖", "燃气", "事发镇街", "住建局；燃气公司", "商定", "", ""),
        ("3", "供热", "漏水", "", "月球局", "", "法定", "", ""),
        ("4", "供热", "漏水", "", "已撤销局", "", "法定", "", ""),
        (5.0, "供热", "收费", "", "住建局", "城管局、住建局", "法定", "", ""),
        ("6", "供热", "", "", "住建局", "", "法定", "", ""),
        ("2", "供热", "又一行", "", "住建局", "", "法定", "", ""),
    )
    preview = await duty_sheet.import_file(admin, path, today=TODAY, dry_run=True)
    assert [row.outcome.value for row in preview.rows] == ["unchanged", "new", *["rejected"] * 5]
    assert [row.row_no for row in preview.rows] == [3, 4, 5, 6, 7, 8, 9]
    reasons = {row.row_no: row.reason for row in preview.rows if row.outcome is Outcome.REJECTED}
    assert reasons == {
        5: "没有单位叫“月球局”",
        6: "单位“已撤销局”已停用",
        7: "同一个单位写了两次",
        8: "“事项”没有填写",
        9: "与第 4 行的序号相同",
    }
    assert len(await duty_list.read_items(admin)) == 1, "a trial writes nothing"
    done = await duty_sheet.import_file(admin, path, today=TODAY)
    assert done.reject_file == tmp_path / "清单.rejects.xlsx"
    rejects = load_workbook(done.reject_file).active
    assert [row[0] for row in rejects.iter_rows(min_row=2, values_only=True)] == [5, 6, 7, 8, 9]  # type: ignore[union-attr]
    item = await the_item(admin, "2")
    assert (item.lead_unit_id, item.assist_unit_ids, item.category_id) == (None, (DEPARTMENT_1, UTILITY), CATEGORY)


async def test_what_is_written_out_is_unchanged_read_in(admin: Database, tmp_path: Path) -> None:
    new = DutyItem(0, "2", "=供热", "停暖", CATEGORY, None, (DEPARTMENT_1, UTILITY), "商定", TODAY, date(2027, 5, 1))
    await duty_list.save(admin, was=None, becomes=new)
    out = tmp_path / "out.xlsx"
    assert await duty_sheet.export(admin, out) == 2
    back = await duty_sheet.import_file(admin, out, today=TODAY)
    assert [row.outcome for row in back.rows] == [Outcome.UNCHANGED] * 2
    assert back.reject_file is None


async def test_what_the_database_refuses_leaves_nothing_behind(admin: Database, tmp_path: Path) -> None:
    first = DutyItem(0, "8", "供热", "停暖", None, None, (), "商定", date(2026, 1, 1), date(2026, 6, 30))
    await duty_list.save(admin, was=None, becomes=first)
    await duty_list.save(admin, was=None, becomes=replace(first, valid_from=date(2026, 7, 1), valid_to=None))
    path = sheet(
        tmp_path / "l.xlsx",
        ("7", "供热", "收费", "", "住建局", "", "法定", "", ""),
        ("8", "供热", "停暖", "", "住建局", "", "法定", "2026-03-01", ""),
    )
    with pytest.raises(PersonError, match="序号 8 在这段时间里已有事项"):
        await duty_sheet.import_file(admin, path, today=TODAY)
    assert [item.code for item in await duty_list.read_items(admin)] == ["1", "8", "8"]


@pytest.mark.parametrize(
    ("rows", "sentence"), [((("x",),), "没有找到表头"), ((("序号", "事项", "主责单位"), ("1", "a", "b")), "缺少这些列")]
)
async def test_a_file_that_is_no_list_is_refused(
    admin: Database, tmp_path: Path, rows: tuple[tuple[str, ...], ...], sentence: str
) -> None:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(PersonError, match=sentence):
        await duty_sheet.import_file(admin, tmp_path / "x.xlsx", today=TODAY)
    (tmp_path / "y.xlsx").write_bytes(b"PK not really")
    with pytest.raises(PersonError, match="不是能读的"):
        await duty_sheet.import_file(admin, tmp_path / "y.xlsx", today=TODAY)
