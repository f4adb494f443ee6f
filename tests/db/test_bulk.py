"""Files into a real database: every row accounted for, all of it or nothing; pairs of characters as SQL counts them."""

import csv
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commandcenter.db.bulk import all_grams, grams
from commandcenter.db.engine import Database
from commandcenter.errors import Refused
from commandcenter.services.importing import CHUNK, Imported, import_file
from tests.db.centre import Centre
from tests.db.county import COMMUNITY_A, TOWN_B

REAL = Path(__file__).parents[3] / "shared" / "data" / "raw_export_sample.xlsx"
HEADER = "编号,内容,时间,地点,类型,等级\n"


def silent(_: str) -> None:
    """Progress that nobody looks at."""


@pytest.fixture
async def intake(centre: Centre) -> AsyncIterator[Database]:
    db = await Database.connect(centre.url("intake"))
    yield db
    await db.close()


async def take(db: Database, path: Path, *, dry_run: bool = False) -> Imported:
    done = await import_file(db, path, dry_run=dry_run, spare_folder=path.parent, progress=silent)
    assert done.accepted + done.duplicates + done.rejected == done.rows
    return done


def counts(done: Imported) -> tuple[int, int, int, int]:
    return done.rows, done.accepted, done.duplicates, done.rejected


async def test_rows_become_cases_where_they_belong(centre: Centre, intake: Database, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        HEADER
        + "N-10001,路灯不亮，我叫张三丰,2026-11-02 09:00,甲镇甲一社区3号,投诉,红\n".replace("，", "；")
        + "N-10002,“水压不足”,2026-11-02 23:59,乙镇,咨询类,\n"
        + "N-10003,,2026-11-02 09:00,,,\n"
        + "N-10004,没有时间,,,,\n",
        encoding="utf-8-sig",
    )
    assert counts(await take(intake, file, dry_run=True)) == (4, 2, 0, 2)
    assert await centre.value("select count(*) from cc.cases") == 0
    assert not (tmp_path / "a.rejects.xlsx").exists()
    done = await take(intake, file)
    assert counts(done) == (4, 2, 0, 2)
    assert done.reject_file == tmp_path / "a.rejects.xlsx"
    assert done.reject_file.exists()
    root = await centre.root()
    rows = await root.fetch(
        "select number, title, area_id, town_id, kind, grade, state, actor from cc.cases order by number"
    )
    assert [tuple(row.values())[:7] for row in rows] == [
        ("RC20261102-00001", "路灯不亮", COMMUNITY_A, 11, "投诉", 0, 0),
        ("RC20261102-00002", "“水压不足”", TOWN_B, TOWN_B, "咨询", 4, 0),
    ]
    assert {row["actor"] for row in rows} == {centre.logins.of("intake")}
    again = await take(intake, file)
    assert counts(again) == (4, 0, 2, 2)
    assert again.duplicate_of == ((2, "RC20261102-00001"), (3, "RC20261102-00002"))


async def test_a_number_registered_at_a_desk_is_known(centre: Centre, intake: Database, tmp_path: Path) -> None:
    await centre.do(
        "duty", "register", channel=1, content="路灯不亮", title="", kind="投诉", category=None, grade=None, area=None,
        lon=None, lat=None, place="", foreign_number="N-20001", name="", phone="", address="", confidential=False,
    )  # fmt: skip
    file = tmp_path / "b.csv"
    file.write_text(HEADER + "N-20001,路灯不亮了,2026-11-02 09:00,,,\n", encoding="utf-8")
    assert counts(await take(intake, file)) == (1, 0, 1, 0)


async def test_many_rows_in_several_batches(centre: Centre, intake: Database, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    lines = [f"M-{10_000 + row},第{row}件事情需要处理,2026-11-02 09:00,,," for row in range(CHUNK + 50)]
    file.write_text(HEADER + "\n".join([*lines, lines[3], lines[CHUNK]]), encoding="utf-8")
    assert counts(await take(intake, file)) == (CHUNK + 52, CHUNK + 50, 2, 0)
    assert await centre.value("select count(distinct number) from cc.cases") == CHUNK + 50


async def test_taken_in_whole_it_is_all_or_nothing(centre: Centre, intake: Database, tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text(HEADER + "".join(f"K-{10_000 + row},事情{row},2026-11-02 09:00,,,\n" for row in range(CHUNK + 5)))

    def broken(step: str) -> None:
        raise OSError(step)

    with pytest.raises(OSError, match="已读入"):
        await import_file(intake, file, whole=True, spare_folder=tmp_path, progress=broken)
    assert await centre.value("select count(*) from cc.reports") == 0
    assert await centre.value("select count(*) from cc.staging") == 0
    assert await centre.value("select (state, last_row)::text from cc.import_runs") == "(stopped,0)"


async def test_every_duplicate_is_named_in_the_answer_or_in_a_file(
    intake: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "c.csv"
    rows = [f"N-3000{number},第{number}盏路灯不亮,2026-11-02 09:00,,,\n" for number in (1, 2, 3, 1)]
    file.write_text(HEADER + "".join(rows), encoding="utf-8")
    tried = await take(intake, file, dry_run=True)
    assert (counts(tried), tried.duplicate_of) == ((4, 3, 1, 0), ((5, "本文件第 2 行"),))
    one, two, three = (f"RC20261102-0000{number}" for number in (1, 2, 3))
    assert (await take(intake, file)).duplicate_of == ((5, one),)
    assert not (tmp_path / "c.duplicates.csv").exists(), "the answer names all"
    monkeypatch.setattr("commandcenter.services.import_duplicates.NAMED", 2)
    again = await take(intake, file)
    assert again.duplicate_of == ((2, one), (3, two))
    assert again.duplicate_file == tmp_path / "c.duplicates.csv"
    with again.duplicate_file.open(encoding="utf-8-sig", newline="") as opened:
        told = list(csv.reader(opened))
    assert told == [["原行号", "已有的工单"], ["2", one], ["3", two], ["4", three], ["5", one]]


async def test_who_may_not_import_is_refused(centre: Centre, tmp_path: Path) -> None:
    file = tmp_path / "e.csv"
    file.write_text(HEADER + "K-10001,事情,2026-11-02 09:00,,,\n", encoding="utf-8")
    db = await Database.connect(centre.url("responder"))
    with pytest.raises(Refused):
        await take(db, file)
    await db.close()


@pytest.mark.skipif(not REAL.exists(), reason="the real export is not on this machine")
async def test_a_real_export_is_accounted_for_row_by_row(centre: Centre, intake: Database, tmp_path: Path) -> None:
    first = await import_file(intake, REAL, spare_folder=tmp_path, progress=silent, dry_run=False)
    assert first.rows == 495
    assert first.accepted + first.duplicates + first.rejected == 495
    assert first.accepted > 400
    again = await import_file(intake, REAL, spare_folder=tmp_path, progress=silent)
    assert (again.accepted, again.duplicates + again.rejected) == (0, 495)
    assert await centre.value("select count(*) from cc.reports") == first.accepted


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60), max_size=20))
async def test_pairs_are_those_of_sql(centre: Centre, texts: list[str]) -> None:
    root = await centre.root()
    found = await root.fetch(
        "select cc.grams(t)::text as g from unnest($1::text[]) with ordinality as x (t, n) order by n", texts
    )
    assert [row["g"] for row in found] == [grams(text) for text in texts] == all_grams(texts)
