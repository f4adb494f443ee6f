"""Bringing areas in: by an administrator's own rights, all of it or nothing, and nobody else."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import box, mapping

from commandcenter.db.engine import Database
from commandcenter.domain.crs import Crs
from commandcenter.errors import PersonError, Refused
from commandcenter.intake.place.topology import Fault
from commandcenter.services import areas
from commandcenter.services.reference import load_outlines
from tests.db.centre import Centre
from tests.db.county import COMMUNITY_A, GRID_A, TOWN_A

SHARED = Path(__file__).parents[3] / "shared" / "data"
WEST, EAST = box(122.0, 37.0, 122.1, 37.1), box(122.1, 37.0, 122.2, 37.1)


def geojson(path: Path, *features: tuple[dict[str, Any], Any]) -> Path:
    rows = [{"type": "Feature", "properties": facts, "geometry": mapping(shape)} for facts, shape in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    return path


@pytest.fixture
async def admin(centre: Centre) -> AsyncIterator[Database]:
    database = await Database.connect(centre.url("admin"))
    yield database
    await database.close()


async def test_an_import_updates_adds_and_never_removes(centre: Centre, admin: Database, tmp_path: Path) -> None:
    root = await centre.root()
    before = await root.fetchval("select count(*) from cc.areas")
    entries = await root.fetchval("select count(*) from cc.journal where entity = 'areas'")
    file = geojson(
        tmp_path / "a.geojson",
        ({"name": "甲镇", "code": "371082101", "population": 5000}, WEST),
        ({"name": "甲二社区", "code": "371082101002"}, WEST),
        ({"name": "甲二第一网格", "code": "371082101002001", "population": 300}, WEST),
        ({"name": "甲一第一网格", "code": "371082101001001"}, WEST),
        ({"name": "无主", "code": "999999999001"}, EAST),
    )
    tried = await areas.import_file(admin, file, dry_run=True)
    assert await root.fetchval("select count(*) from cc.areas where outline is not null") == 0
    done = await areas.import_file(admin, file)
    assert (len(done.new), len(done.changed), done.unchanged, len(done.refused)) == (2, 2, 0, 1)
    assert (tried.new, tried.changed, tried.refused) == (done.new, done.changed, done.refused)
    assert await root.fetchval("select count(*) from cc.areas") == before + 2
    rows = {row["code"]: row for row in await root.fetch("select * from cc.areas where outline is not null")}
    town, community, grid = rows["371082101"], rows["371082101002"], rows["371082101002001"]
    assert (town["id"], town["population"], town["path"], town["lon"]) == (TOWN_A, 5000, "01.01.", 122.05)
    assert (community["parent_id"], community["path"]) == (TOWN_A, "01.01.02.")
    assert (grid["parent_id"], grid["path"], grid["population"]) == (community["id"], "01.01.02.01.", 300)
    assert json.loads(town["outline"])["type"] == "Polygon"
    assert await root.fetchval("select count(*) from cc.journal where entity = 'areas'") == entries + 4
    outlines = await load_outlines(admin, ["grid"])
    assert set(outlines) == {GRID_A, grid["id"]}, "the desk's map has them"
    again = await areas.import_file(admin, file)
    assert (again.unchanged, len(again.new), len(again.changed)) == (4, 0, 0)
    assert again.topology.count(Fault.OVERLAP) == 1, "both grids are drawn on one place"


async def test_an_error_in_the_middle_leaves_nothing(centre: Centre, admin: Database, tmp_path: Path) -> None:
    root = await centre.root()
    await root.execute(
        "create function cc.stop() returns trigger language plpgsql as $$ begin raise exception 'no' using errcode = '23514'; end $$;"
        "create trigger stop before insert on cc.areas for each row execute function cc.stop()"
    )
    file = geojson(
        tmp_path / "a.json", ({"code": "371082101"}, WEST), ({"name": "甲二社区", "code": "371082101002"}, EAST)
    )
    with pytest.raises(PersonError):
        await areas.import_file(admin, file)
    assert await root.fetchval("select count(*) from cc.areas where outline is not null") == 0


@pytest.mark.parametrize("who", ["supervisor", "duty", "responder", "wall"])
async def test_only_an_administrator_may(centre: Centre, tmp_path: Path, who: str) -> None:
    database = await Database.connect(centre.url(who))
    file = geojson(tmp_path / "a.json", ({"code": "371082101"}, WEST))
    try:
        with pytest.raises(Refused):
            await areas.import_file(database, file)
    finally:
        await database.close()
    assert await centre.value("select count(*) from cc.areas where outline is not null") == 0


async def test_checking_what_the_centre_has(centre: Centre, admin: Database, tmp_path: Path) -> None:
    with pytest.raises(PersonError, match="还没有边界"):
        await areas.check_areas(admin)
    await areas.import_file(
        admin,
        geojson(
            tmp_path / "a.json", ({"code": "371082101"}, WEST), ({"code": "371082102"}, box(122.09, 37.0, 122.2, 37.1))
        ),
    )
    found = await areas.check_areas(admin)
    [overlap] = [each for each in found.findings if each.fault is Fault.OVERLAP]
    assert set(overlap.names) == {"甲镇", "乙镇"}
    assert found.count(Fault.NO_OUTLINE) == await centre.value("select count(*) from cc.areas where outline is null")
    assert await centre.value(f"select outline is null from cc.areas where id = {COMMUNITY_A}")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not on this machine")
async def test_real_boundaries_come_in(centre: Centre, admin: Database) -> None:
    root = await centre.root()
    done = await areas.import_file(admin, SHARED / "boundary_rongcheng_371082.geojson", crs=Crs.GCJ02)
    assert (len(done.changed), len(done.new), done.refused) == (1, 0, ())
    lon, lat = await root.fetchrow("select lon, lat from cc.areas where level = 'county'")
    assert (lon, lat) == (pytest.approx(122.417, abs=0.01), pytest.approx(37.16, abs=0.01))
    before = await root.fetchval("select count(*) from cc.areas")
    towns = await areas.import_file(admin, SHARED / "town_boundaries_yuhang_330110.geojson", level="town")
    assert (len(towns.new), towns.refused) == (12, ())
    assert await root.fetchval("select count(*) from cc.areas") == before + 12
    assert towns.topology.count(Fault.OUTSIDE) == 12, "another county's towns"
    assert towns.topology.count(Fault.DUPLICATE_CODE) == 0
