"""Areas and places over the command line: a dry run, the run, the check."""

import json
from pathlib import Path

from shapely.geometry import box, mapping

from tests.e2e.command_line import CommandLine
from tests.e2e.county_database import Database

WEST, EAST = box(122.0, 37.0, 122.1, 37.1), box(122.09, 37.0, 122.2, 37.1)


def test_areas_come_in_and_are_checked(county: Database, tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "data", county.url("admin"))
    file = tmp_path / "网格.geojson"
    rows = [
        ({"name": "甲一第一网格", "code": "371082101001001"}, WEST),
        ({"name": "甲一第二网格", "code": "371082101001002", "人口": 900}, EAST),
        ({"name": "无主网格", "code": "371082999001001"}, EAST),
    ]
    features = [{"type": "Feature", "properties": facts, "geometry": mapping(shape)} for facts, shape in rows]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    tried = cli.json("areas", "import", file, "--level", "grid", "--crs", "gcj02", "--dry-run")
    counts = ("rows", "new", "changed", "unchanged", "rejected")
    assert [tried[name] for name in counts] == [3, 1, 1, 0, 1]
    assert tried["dry_run"] is True
    assert tried["rejects"] == [{"row": 3, "name": "无主网格", "reason": "找不到上级（代码 371082999001）"}]
    [overlap] = [each for each in tried["findings"] if each["fault"] == "overlap"]
    # 0.01° by 0.1° at 37.05° N on a sphere of 6,371 km: 888 m by 11,120 m
    assert 9.7e6 < overlap["m2"] < 10.0e6
    said = cli.ok("areas", "import", file, "--level", "grid", "--crs", "gcj02")
    assert "共读 3 个区域：新增 1，更新 1，未变 0，未导入 1。" in said
    assert "重叠：网格“甲一第一网格”与“甲一第二网格”" in said
    checked = cli.run("areas", "check", "--json")
    assert checked.code == 1, "something does not fit"
    assert "overlap" in {each["fault"] for each in json.loads(checked.out)["findings"]}
    assert county.value_now("select path from cc.areas where code = '371082101001002'") == "01.01.01.02."
    assert "没有这项权限" in CommandLine(tmp_path / "d", county.url("duty")).refused("areas", "import", file)
    assert "找不到文件" in cli.refused("areas", "import", tmp_path / "none.geojson")


def test_places_come_in_and_are_learned(county: Database, tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "data", county.url("admin"))
    file = tmp_path / "地名.csv"
    file.write_text("名称,类别,区域\n学府小区,小区,甲一社区\n怪,小区,甲一社区\n", encoding="gb18030")
    done = cli.json("places", "import", file)
    assert [done[name] for name in ("rows", "places", "new", "rejected")] == [2, 1, 1, 1]
    assert "第 3 行未导入：名称应有 2 到 60 个字。" in cli.ok("places", "import", file)
    assert cli.json("places", "learn", "--dry-run") == {
        "cases": 0,
        "places": [],
        "new": 0,
        "changed": 0,
        "dry_run": True,
    }
    rows = tmp_path / "工单.csv"
    rows.write_text(
        "诉求内容,受理时间,事发地点\n小区停水三天没有人管,2026-11-20 09:01,学府小区3号楼\n别处的噪声很扰民,2026-11-20 09:02,某处\n",
        encoding="utf-8",
    )
    taken = cli.json("import", rows)
    assert taken["accepted"] + taken["duplicates"] + taken["rejected"] == taken["rows"] == 2
    assert (taken["unplaced"], taken["unplaced_rows"]) == (1, [3])
