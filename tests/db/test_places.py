"""The gazetteer in the database: who edits it, tables of places, what cases teach, and imports that go by it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from shapely.geometry import box, mapping

from commandcenter.db.engine import Database
from commandcenter.domain.crs import Crs, from_wgs84
from commandcenter.errors import PersonError
from commandcenter.services import importing, places
from tests.db.centre import Centre
from tests.db.county import COMMUNITY_A, COMMUNITY_B, GRID_A, TOWN_A

GRID = box(122.0, 37.0, 122.1, 37.1)


@pytest.fixture
async def admin(centre: Centre) -> AsyncIterator[Database]:
    await (await centre.root()).execute(
        "update cc.areas set outline = $2::jsonb where id = $1", GRID_A, json.dumps(mapping(GRID))
    )
    database = await Database.connect(centre.url("admin"))
    yield database
    await database.close()


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


async def test_a_table_of_places_comes_in(centre: Centre, admin: Database, tmp_path: Path) -> None:
    lon, lat = (float(each) for each in from_wgs84(Crs.GCJ02, 122.05, 37.05))
    file = table(
        tmp_path / "地名.csv",
        "某市标准地名,,,,,",
        "名称,类别,别名,区域,经度,纬度,门牌",
        f"学府小区,小区,学府苑;学府,,{lon},{lat},",
        f"观海路,道路,,甲镇,{lon},{lat},12号",
        f"观海路,道路,,甲镇,{lon},{lat},２号",
        "村口大槐树,地标,,371082102001,,,",
        "无处,地标,,,,,",
        "月球,地标,,月球社区,,,",
        "海里,地标,,,125,30,",
        "怪,怪物,,甲镇,,,",
    )
    tried = await places.import_file(admin, file, crs=Crs.GCJ02, dry_run=True)
    assert (tried.rows, tried.places, tried.added) == (8, 3, 0)
    done = await places.import_file(admin, file, crs=Crs.GCJ02)
    assert (done.rows, done.places, done.added, done.changed) == (8, 3, 3, 0)
    assert [(row.row_no, row.reason) for row in done.rejected] == [
        (7, "没有坐标，也没有所属区域"),
        (8, "区域“月球社区”不在库里"),
        (9, "坐标不在任何网格里"),
        (10, "名称应有 2 到 60 个字"),
    ]
    rows = {row["name"]: row for row in await (await centre.root()).fetch("select * from cc.places")}
    assert (rows["学府小区"]["area_id"], rows["学府小区"]["aliases"]) == (GRID_A, ["学府苑", "学府"])
    assert rows["学府小区"]["lon"] == pytest.approx(122.05, abs=1e-6)
    assert rows["观海路"]["area_id"] == TOWN_A
    assert [door[0] for door in json.loads(rows["观海路"]["doors"])] == [2, 12]
    assert rows["村口大槐树"]["area_id"] == COMMUNITY_B
    assert {row["source"] for row in rows.values()} == {"import"}
    again = await places.import_file(admin, file, crs=Crs.GCJ02)
    assert (again.added, again.changed) == (0, 0)
    journal = await centre.value("select count(*) from cc.journal where entity = 'places' and verb = 'insert'")
    assert journal == 3


async def test_only_an_administrator_edits(centre: Centre, admin: Database, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", "名称,类别,区域", "学府小区,小区,甲一社区")
    duty = await Database.connect(centre.url("duty"))
    try:
        with pytest.raises(PersonError, match="没有这项权限"):
            await places.import_file(duty, file)
        assert (await places.load_book(duty)).area_of("甲镇甲一社区") == COMMUNITY_A, "reading is everybody's"
    finally:
        await duty.close()
    with pytest.raises(PersonError, match="不是地名表"):
        await places.import_file(admin, table(tmp_path / "b.csv", "一,二", "三,四"))


async def ended(centre: Centre, place: str, lon: float, lat: float) -> None:
    made = await centre.do(
        "duty", "register", channel=1, content="正文", title="标题", kind="求助", category=None, grade=3, area=GRID_A,
        lon=lon, lat=lat, place=place, foreign_number="", name="", phone="", address="", confidential=False,
    )  # fmt: skip
    await (await centre.root()).execute(
        "set session_replication_role = replica; "  # the past is put there without the steps that led to it
        f"update cc.cases set state = 7, archived_at = now() where id = {made.case_id}; "
        "set session_replication_role = origin"
    )


async def test_the_archive_teaches_places(centre: Centre, admin: Database) -> None:
    for away in (0.0, 0.0005, 0.001):
        await ended(centre, "荣成市甲镇甲一社区银杏花园3号楼2单元", 122.05 + away, 37.05)
        await ended(centre, "甲镇迎宾路12号", 122.02, 37.02 + away)
        await ended(centre, "甲镇到处路", 122.01 + 80 * away, 37.05)
        await ended(centre, "甲镇满天星广场", 122.01 + 80 * away, 37.05)  # all over the town
        await ended(centre, "甲镇王某家门口13800000000", 122.05, 37.05)
    await ended(centre, "甲镇只有一次小区", 122.05, 37.05)
    found = await places.learn_places(admin, dry_run=True)
    assert await centre.value("select count(*) from cc.places") == 0
    assert set(found.places) == {("estate", "银杏花园", 3), ("road", "迎宾路", 3)}
    done = await places.learn_places(admin)
    assert (done.cases, done.added, done.changed) == (16, 2, 0)
    rows = {row["name"]: row for row in await (await centre.root()).fetch("select * from cc.places")}
    assert (rows["银杏花园"]["area_id"], rows["银杏花园"]["source"]) == (GRID_A, "learned")
    assert rows["银杏花园"]["lon"] == pytest.approx(122.0505)
    assert rows["迎宾路"]["area_id"] == TOWN_A
    assert json.loads(rows["迎宾路"]["doors"]) == [[12, pytest.approx(122.02), pytest.approx(37.0205)]]
    book = await places.load_book(admin)
    assert book.area_of("银杏花园8号楼") == GRID_A
    assert book.area_of("甲镇迎宾路12号") == GRID_A, "the house lies in the grid"
    again = await places.learn_places(admin)
    assert again.places == ()


async def test_an_import_takes_the_area_from_the_address(centre: Centre, admin: Database, tmp_path: Path) -> None:
    await (await centre.root()).execute(
        "insert into cc.places (name, kind, area_id) values ('学府小区', 'estate', $1)", GRID_A
    )
    file = table(
        tmp_path / "工单.csv",
        "诉求内容,受理时间,经度,纬度,事发地点",
        "路灯不亮了请尽快维修,2026-11-20 09:00,122.05,37.05,不知道",
        "小区停水三天没有人管,2026-11-20 09:01,,,荣成市甲镇学府小区3号楼",
        "小区停电三天没有人管,2026-11-20 09:02,,,学府小曲五号楼",
        "反映甲一社区道路积水问题,2026-11-20 09:03,,,",
        "不知道在哪里有噪声扰民,2026-11-20 09:04,,,某个地方",
        "坐标在海里的一件事情,2026-11-20 09:05,125.0,30.0,",
        "不知道在哪里有噪声扰民,2026-11-20 09:04,,,某个地方",
        ",2026-11-20 09:06,,,没有内容",
    )
    done = await importing.import_file(admin, file, spare_folder=tmp_path, progress=lambda _: None)
    assert done.accepted + done.duplicates + done.rejected == done.rows == 8
    assert (done.accepted, done.duplicates, done.rejected) == (6, 1, 1)
    assert (done.unplaced, done.unplaced_rows) == (2, (6, 7))
    rows = await (await centre.root()).fetch("select area_id from cc.cases order by received_at")
    assert [row["area_id"] for row in rows] == [GRID_A, GRID_A, GRID_A, COMMUNITY_A, None, None]
    await (await centre.root()).execute("update cc.settings set value = '0.99' where name = 'place_threshold'")
    book = await places.load_book(admin)
    assert book.area_of("学府小曲五号楼") is None, "how sure is enough is a setting"
