"""Imports beyond their rows: runs that stop and go on, later exports, profiles, watched folders, who may do what."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commandcenter.db.engine import Database
from commandcenter.errors import PersonError, Refused
from commandcenter.intake.moment import SHANGHAI
from commandcenter.intake.profile import Profile
from commandcenter.intake.rejects import REASON_COLUMN, ROW_COLUMN
from commandcenter.services import import_profiles, watching
from commandcenter.services.importing import CHUNK, Imported, Stopped, import_file, read_runs
from tests.db.centre import Centre, refused
from tests.db.county import CATEGORY, COMMUNITY_A, GRID_A
from tests.patience import PATIENCE_S

HEADER = "编号,内容,时间,地点,类型,等级,分类,状态,办理结果,经度,纬度\n"
IMPORTERS = {"duty", "supervisor", "intake", "admin"}


@pytest.fixture
async def duty(centre: Centre) -> AsyncIterator[Database]:
    db = await Database.connect(centre.url("duty"))
    yield db
    await db.close()


async def take(db: Database, path: Path, **options: object) -> Imported:
    done = await import_file(db, path, spare_folder=path.parent, progress=lambda _: None, **options)  # type: ignore[arg-type]
    assert done.accepted + done.duplicates + done.rejected == done.rows
    return done


def export(path: Path, *lines: str) -> Path:
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


async def test_a_later_export_brings_up_to_date_what_it_may(centre: Centre, duty: Database, tmp_path: Path) -> None:
    fresh = "N-10001,路灯不亮,2026-11-02 09:00,,投诉,,,办理中,,,"
    worked = "N-10002,水压不足,2026-11-02 10:00,甲一社区,投诉,蓝,,待办,,,"
    first = await take(duty, export(tmp_path / "a.csv", fresh, worked))
    assert (first.accepted, first.updated, first.untouched) == (2, 0, 0)
    root = await centre.root()
    case = {
        r["foreign_number"]: r["case_id"] for r in await root.fetch("select foreign_number, case_id from cc.reports")
    }
    await centre.do("duty", "grade", case=case["N-10002"], version=1, grade=2, category=CATEGORY, reason="核实")
    again = await take(duty, export(tmp_path / "b.csv", fresh, worked))
    assert (again.accepted, again.duplicates, again.updated, again.untouched) == (0, 2, 0, 1)
    assert again.renewed[0].untouched == ("grade",), "what an officer decided is told, and left"
    later = (
        "N-10001,路灯都不亮,2026-11-02 09:00,甲镇甲一社区3号,咨询,红,燃气,已办结,已换灯,122.4,37.1",
        "N-10002,水压不足,2026-11-02 10:00,别处,咨询,红,,已办结,已检修,,",
    )
    tried = await take(duty, export(tmp_path / "c.csv", *later), dry_run=True)
    journal = await centre.value("select count(*) from cc.journal")
    done = await take(duty, tmp_path / "c.csv")
    assert await centre.value("select count(*) from cc.journal") == journal + 3, "two reports, and the run"
    assert (tried.renewed, tried.updated, tried.untouched) == (done.renewed, done.updated, done.untouched)
    told = {each.row_no: (set(each.updated), set(each.untouched)) for each in done.renewed}
    assert told == {
        2: ({"status", "reply", "place", "point", "area", "category", "kind", "grade"}, {"content"}),
        3: ({"status", "reply"}, {"place", "kind", "grade"}),
    }
    one = await centre.case(case["N-10001"])
    assert (one["place"], one["area_id"], one["category_id"], one["kind"], one["grade"], one["verb"], one["version"]) == (
        "甲镇甲一社区3号", COMMUNITY_A, CATEGORY, "咨询", 0, "update", 2,
    )  # fmt: skip
    two = await centre.case(case["N-10002"])
    assert (two["place"], two["grade"], two["kind"], two["version"]) == ("甲一社区", 2, "投诉", 2)
    own = await (await centre("duty")).fetchval("select source from cc.reports where foreign_number = 'N-10002'")
    assert own == '{"reply": "已检修", "status": "已办结"}'
    same = await take(duty, tmp_path / "c.csv")
    assert (same.updated, same.untouched) == (0, 2), "once is enough; what it may not change is told again"
    assert [r["code"] for r in await (await centre("admin")).fetch("select code from cc.audit()")] == []
    details = await root.fetch("select detail::text as said from cc.journal where verb = 'update'")
    assert not any(word in row["said"] for row in details for word in ("路灯", "已换灯", "别处")), (
        "only names of fields"
    )
    await root.execute("update cc.import_fields set rule = 'never' where field = 'status'")
    export(tmp_path / "c.csv", later[0].replace("已办结", "已归档"), later[1])
    assert (await take(duty, tmp_path / "c.csv")).updated == 0, "what may be changed is data"


async def test_a_stopped_import_goes_on_where_it_was(centre: Centre, duty: Database, tmp_path: Path) -> None:
    rows = 2 * CHUNK + 50
    bad = {3, CHUNK + 7}
    lines = (f"M-{10_000 + n},{'' if n in bad else f'第{n}件'},2026-11-02 09:00,,,,,,,," for n in range(rows))
    path = export(tmp_path / "m.csv", *lines)

    def stop(_: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        await take(duty, path, counted=stop)
    [run] = await read_runs(duty)
    assert (run.state, run.accepted, run.last_row) == ("stopped", CHUNK, CHUNK + 2), "one batch, and a bad row in it"
    assert await centre.value("select count(*) from cc.reports") == CHUNK
    done = await take(duty, path)
    assert (done.rows, done.accepted, done.duplicates, done.rejected) == (rows, rows - 2, 0, 2)
    assert done.resumed_after == run.last_row
    assert done.reject_file is not None
    sheet = openpyxl.load_workbook(done.reject_file).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [5, CHUNK + 9], "rejected rows of both runs"
    [run] = await read_runs(duty)
    assert (run.state, run.rows, run.accepted, run.rejected) == ("done", rows, rows - 2, 2)
    again = await take(duty, path)
    assert (again.accepted, again.duplicates, again.resumed_after) == (0, rows - 2, 0)


async def test_a_file_is_taken_in_by_one_at_a_time(centre: Centre, duty: Database, tmp_path: Path) -> None:
    path = export(tmp_path / "o.csv", "O-10001,路灯,2026-11-02 09:00,,,,,,,,")
    other = await centre("supervisor")
    run = "select cc.begin_import('o.csv', sha256($1), 1, '\\x01', null, '', 'elsewhere')"
    await other.execute(run.replace("$1", f"'\\x{path.read_bytes().hex()}'::bytea"))
    with pytest.raises(Refused, match=r"正在导入.*elsewhere"):
        await take(duty, path)
    await other.close()  # killed, its lock dies with it
    assert (await take(duty, path)).accepted == 1


async def test_who_may_import_and_who_may_not(centre: Centre) -> None:
    calls = (
        "select cc.begin_import('a', '\\x00', 1, '\\x00', null, '', 'm')",
        "select cc.import_batch(1, 1, 1, 1, 1, 1, 1)",
        "select cc.end_import(1, true, 1, 1)",
        "select * from cc.known_marks('{}')",
        "select * from cc.renew(null, '[]', true)",
    )
    for who in ("responder", "caller", "followup", "analyst", "wall"):
        login = await centre(who)
        for call in (*calls, "select * from cc.import_runs", "select * from cc.import_profiles"):
            async with refused("42501"):
                await login.execute(call)
    for who in sorted(IMPORTERS):
        login = await centre(who)
        await login.execute(calls[3])
        async with refused("CC096"):  # nobody's run but one's own
            await login.execute(calls[1])
        for write in (
            "update cc.import_runs set accepted = 9",
            "insert into cc.import_runs (file_name) values ('x')",
            "update cc.reports set source = '{}'",
        ):
            async with refused("42501"):
                await login.execute(write)
        if who != "admin":
            for write in ("update cc.import_fields set rule = 'never'", "delete from cc.watched_folders"):
                async with refused("42501"):
                    await login.execute(write)
    duty = await centre("duty")
    await duty.execute(calls[0])
    async with refused("CC096"):
        await (await centre("supervisor")).execute(
            "select cc.end_import((select max(id) from cc.import_runs), true, 1, 1)"
        )


async def test_a_profile_is_kept_known_by_its_header_and_its_words_mean_something(
    centre: Centre, duty: Database, tmp_path: Path
) -> None:
    path = tmp_path / "p.csv"
    path.write_text("甲,乙,丙,丁\n3/8/2024,路灯不亮,特急,老平台\n", encoding="utf-8")
    profile = Profile(
        "老平台", {"甲": "received_at", "乙": "content", "丙": "grade", "丁": "channel"}, "", "wgs84", "dmy",
        {"grade": {"特急": "红"}, "channel": {"老平台": "市长信箱"}}, ("甲", "乙", "丙", "丁"),
    )  # fmt: skip
    with pytest.raises(PersonError, match="没有找到"):
        await take(duty, path)
    await import_profiles.save_profile(duty, profile)
    done = await take(duty, path)
    assert (done.profile, done.accepted, done.unknown) == ("老平台", 1, ())
    row = await (await centre.root()).fetchrow(
        "select c.grade, h.code, c.received_at::date::text as day from cc.cases c join cc.channels h on h.id = c.channel_id"
    )
    assert tuple(row or ()) == (0, "mayor", "2024-08-02"), "the third of August in Shanghai"
    assert await centre.value("select count(*) from cc.journal where entity = 'import_profiles'") == 1
    await import_profiles.drop_profile(duty, "老平台")
    with pytest.raises(PersonError, match="没有名为"):
        await import_profiles.drop_profile(duty, "老平台")


async def test_a_watched_folder_takes_each_file_once_and_puts_it_away(
    centre: Centre, duty: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    said: list[str] = []
    watcher = watching.Watcher(duty, watching.Folder(folder, "市长信箱"), tmp_path, said.append)
    other = watching.Watcher(duty, watching.Folder(folder, "市长信箱"), tmp_path, said.append)
    path = export(folder / "一.csv", "W-10001,路灯,2026-11-02 09:00,,,,,,,,", "W-10002,,2026-11-02 09:00,,,,,,,,")
    try:
        assert await watcher.look() == 0, "it may still be growing"
        path.write_text(path.read_text(encoding="utf-8") + "W-10003,井盖,2026-11-02 09:00,,,,,,,,\n", encoding="utf-8")
        assert await watcher.look() == 0, "it did"
        assert await other.look() == 0
        assert "另一个程序正盯着" in said[-1]
        (folder / "坏.xlsx").write_bytes(b"%PDF-1.7\n" + bytes(range(256)))
        assert await watcher.look() == 1
        assert await watcher.look() == 1, "the second file came a look later"
        assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()) == [
            "已导入/一.csv", "已导入/一.csv.结果.txt", "被退回/一.rejects.xlsx", "被退回/坏.xlsx", "被退回/坏.xlsx.结果.txt",
        ]  # fmt: skip
        assert "受理 2" in (folder / "已导入" / "一.csv.结果.txt").read_text(encoding="utf-8-sig")
        assert "PDF" in (folder / "被退回" / "坏.xlsx.结果.txt").read_text(encoding="utf-8-sig")
        assert await centre.value("select count(*) from cc.reports where channel_id = 4") == 2
        export(path, "W-10001,路灯,2026-11-02 09:00,,,,,,,,")
        assert [await watcher.look(), await watcher.look()] == [0, 1]
        assert (folder / "已导入" / "一-2.csv").exists(), "a name that is taken is not overwritten"
        await watcher.close()
        assert await other.look() == 0
        export(path, "W-10009,路灯,2026-11-02 09:00,,,,,,,,")
        assert [await other.look(), await other.look()] == [0, 1]
        assert await centre.value("select count(*) from cc.reports") == 3
    finally:
        await watcher.close()
        await other.close()


@pytest.mark.parametrize(("channel", "profile"), [("梦", ""), ("市长信箱", "梦")])
async def test_a_wrong_channel_or_profile_keeps_the_files_waiting(
    duty: Database, tmp_path: Path, channel: str, profile: str
) -> None:
    said: list[str] = []
    watcher = watching.Watcher(duty, watching.Folder(tmp_path, channel, profile), tmp_path, said.append)
    path = export(tmp_path / "a.csv", "W-1,路灯,2026-11-02 09:00,,,,,,,,")
    try:
        assert [await watcher.look(), await watcher.look(), await watcher.look()] == [0, 0, 0]
    finally:
        await watcher.close()
    assert path.exists()
    assert len(said) == 1, "told once"
    assert "梦" in said[0]


async def test_folders_of_this_machine_are_watched_as_the_administrator_says(
    centre: Centre, duty: Database, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    admin = await Database.connect(centre.url("admin"))
    for machine, folder in (("m1", here), ("m2", there)):
        await watching.add_watched(admin, machine=machine, folder=str(folder), channel_id=4, profile="", crs="")
    await admin.close()
    for folder in (here, there):
        export(folder / "a.csv", "W-10001,路灯,2026-11-02 09:00,,,,,,,,")
    stop, told = asyncio.Event(), asyncio.Event()
    working = asyncio.create_task(
        watching.watch_machine(duty, profiles=tmp_path, stop=stop, said=lambda _: told.set(), every=0.01, machine="m1")
    )
    async with asyncio.timeout(PATIENCE_S):
        await told.wait()
    stop.set()
    await working
    assert not (here / "a.csv").exists()
    assert (there / "a.csv").exists()


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
MOMENTS = st.sampled_from(["2024/3/8 9:05", "", "改天", "45359.3784", "20240308"])


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.sampled_from(["A", "B", "-", ""]), MOMENTS, CELLS), max_size=12))
async def test_whatever_the_table_every_row_is_accounted_for_and_rejects_can_be_completed(
    centre: Centre, tmp_path_factory: pytest.TempPathFactory, rows: Sequence[tuple[str, str, str]]
) -> None:
    db = await Database.connect(centre.url("intake"))
    try:
        folder = tmp_path_factory.mktemp("any")
        book = openpyxl.Workbook()
        book.active.append(["工单编号", "来电时间", "诉求内容"])
        clean = [[openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row] for row in rows]
        for number, when, what in clean:
            book.active.append(
                [
                    f"{folder.name}-{number}" if number in "AB" and number else number,
                    when,
                    f"'{what}" if what[:1] == "=" else what,
                ]
            )
        book.save(folder / "t.xlsx")
        before = await centre.value("select count(*) from cc.reports")
        tried = await take(db, folder / "t.xlsx", dry_run=True)
        done = await take(db, folder / "t.xlsx")
        assert (tried.rows, tried.accepted, tried.rejected) == (done.rows, done.accepted, done.rejected)
        assert await centre.value("select count(*) from cc.reports") == int(str(before)) + done.accepted
        assert (done.reject_file is None) == (done.rejected == 0)
        if done.reject_file is not None:
            found = openpyxl.load_workbook(done.reject_file)
            names = [cell.value for cell in found.active[1]]
            assert names[:2] == [ROW_COLUMN, REASON_COLUMN]
            for row in found.active.iter_rows(min_row=2):
                row[3].value, row[4].value = "2024-03-08 09:05", f"{folder.name} 第 {row[0].value} 行"
            found.save(done.reject_file)
            rest = await take(db, done.reject_file)
            assert (rest.rows, rest.rejected) == (done.rejected, 0)
    finally:
        await db.close()


async def test_a_point_in_a_later_export_finds_its_grid(centre: Centre, duty: Database, tmp_path: Path) -> None:
    square = '{"type": "Polygon", "coordinates": [[[122.3, 37.0], [122.5, 37.0], [122.5, 37.2], [122.3, 37.2], [122.3, 37.0]]]}'
    await (await centre.root()).execute("update cc.areas set outline = $1 where id = $2", square, GRID_A)
    await take(duty, export(tmp_path / "a.csv", "N-1,路灯,2026-11-02 09:00,,,,,,,,"))
    assert await centre.value("select town_id from cc.cases") is None
    done = await take(duty, export(tmp_path / "b.csv", "N-1,路灯,2026-11-02 09:00,,,,,,,122.4,37.1"))
    assert set(done.renewed[0].updated) == {"area", "point"}
    row = await (await centre.root()).fetchrow("select area_id, town_id, path from cc.cases")
    path = await centre.value("select path from cc.areas where id = $1", GRID_A)
    assert tuple(row or ()) == (GRID_A, 11, path), "and with the path its town sees it"


async def test_moments_that_cannot_be_and_moments_long_ago(centre: Centre, duty: Database, tmp_path: Path) -> None:
    await centre.clock(datetime(2026, 11, 22, 4, tzinfo=UTC))
    times = (
        "2099-01-01",
        "2027-05-20",
        "2026-11-23 12:01",
        "2026-11-23 12:00",
        "1975-03-08 9:00",
        "2021-11-22 11:59",
        "2021-11-22 12:00",
    )
    path = export(tmp_path / "t.csv", *(f"T-1000{at},路灯,{time},,,,,,,," for at, time in enumerate(times)))
    for dry_run in (True, False):
        done = await take(duty, path, dry_run=dry_run)
        assert (done.accepted, done.rejected) == (4, 3), "a day ahead for clocks that go wrong, as the setting says"
        assert [each.reason for each in done.problems] == [f"时间在将来“{time}”" for time in times[:3]]
        assert [(each.rows, each.examples) for each in done.notes] == [(2, (6, 7))]
        assert "2021-11-22" in done.notes[0].reason
    await (await centre("admin")).execute("update cc.settings set value = '100000' where name = 'import_old_days'")
    assert (await take(duty, path)).notes == (), "how old is old is data"


async def test_a_row_of_the_future_comes_in_when_its_time_has_come(
    centre: Centre, duty: Database, tmp_path: Path
) -> None:
    began = datetime.now(UTC)
    soon = (began + timedelta(days=1, hours=2)).astimezone(SHANGHAI)
    rows = [f"R-{10_000 + at},第{at}件,2026-11-02 09:00,,,,,,,," for at in range(CHUNK + 2)]
    path = export(tmp_path / "r.csv", f"R-1,明天的事,{soon:%Y-%m-%d %H:%M},,,,,,,,", *rows)

    def stop(_: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        await take(duty, path, counted=stop)
    await centre.clock(began + timedelta(hours=3))
    done = await take(duty, path)
    assert (done.accepted, done.duplicates, done.rejected) == (CHUNK + 3, 0, 0)
    assert await centre.value("select count(*) from cc.reports") == CHUNK + 3


async def test_a_folder_is_not_watched_for_a_channel_or_profile_that_is_none(centre: Centre, tmp_path: Path) -> None:
    for folder, words in (
        (watching.Folder(tmp_path, "梦"), "没有“梦”这个渠道"),
        (watching.Folder(tmp_path, "市长信箱", "没有的"), "没有名为“没有的”"),
    ):
        said: list[str] = []
        with pytest.raises(PersonError, match=words):
            await watching.watch_one(
                centre.url("duty"), folder, profiles=tmp_path, stop=asyncio.Event(), said=said.append, every=0.01
            )
        assert said == []
