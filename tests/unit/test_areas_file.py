"""Areas from GeoJSON and Shapefiles: levels, codes, encodings, coordinates, broken files."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapefile
from shapely.geometry import box, mapping

from commandcenter.domain.crs import Crs, from_wgs84
from commandcenter.errors import PersonError
from commandcenter.intake.place.areas_file import level_of, plain_code, read_areas
from commandcenter.intake.place.outline import to_wgs84_outline

SHARED = Path(__file__).parents[3] / "shared" / "data"
SQUARE = box(122.0, 37.0, 122.1, 37.1)
BOW = {"type": "Polygon", "coordinates": [[[122, 37], [122.2, 37.2], [122.2, 37], [122, 37.2], [122, 37]]]}


def geojson(path: Path, *features: tuple[dict[str, Any], Any]) -> Path:
    whole = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": facts, "geometry": shape} for facts, shape in features],
    }
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    return path


def test_levels_and_codes(tmp_path: Path) -> None:
    square = mapping(SQUARE)
    file = geojson(
        tmp_path / "a.geojson",
        ({"name": "甲镇", "code": "371082101000"}, square),
        ({"名称": "甲一社区", "统计用区划代码": "371082101001", "人口": "1,2"}, square),
        ({"网格名称": "第１网格", "网格编码": 371082101001001, "人口": 812}, square),
        ({"NAME": "街道", "级别": "街道"}, square),
        ({"name": "无级别"}, square),
    )
    rows = read_areas(file)
    assert [(row.level, row.code, row.name, row.population) for row in rows] == [
        ("town", "371082101", "甲镇", None),
        ("community", "371082101001", "甲一社区", None),
        ("grid", "371082101001001", "第1网格", 812),
        ("town", "", "街道", None),
        ("", "", "无级别", None),
    ]
    assert {row.level for row in read_areas(file, level="grid")} == {"grid"}
    assert [plain_code(code) for code in ("371082000000", "371082101000", "371082101001", 371082.0)] == [
        "371082",
        "371082101",
        "371082101001",
        "371082",
    ]
    assert [level_of(code) for code in ("371082", "37108", "37108210100A")] == ["county", "", ""]


def test_what_is_no_surface_is_told_and_what_crosses_itself_is_repaired(tmp_path: Path) -> None:
    file = geojson(
        tmp_path / "a.json",
        ({"name": "好"}, mapping(SQUARE)),
        ({"name": "蝴蝶结"}, BOW),
        ({"name": "线"}, {"type": "LineString", "coordinates": [[122, 37], [123, 38]]}),
        ({"name": "无"}, None),
        ({"name": "坏"}, {"type": "Polygon", "coordinates": [[["a", 37]]]}),
        ({"name": "米"}, mapping(box(40_500_000, 4_100_000, 40_500_100, 4_100_100))),
    )
    rows = read_areas(file, level="town")
    assert [row.reason for row in rows] == ["", "", "边界不成面", "没有边界", "没有边界", "坐标不是经纬度"]
    assert rows[1].repaired == "Self-intersection"
    assert rows[1].shape is not None
    assert rows[1].shape.is_valid
    assert rows[0].centre == (122.05, 37.05)


def test_the_centre_lies_inside(tmp_path: Path) -> None:
    ring = mapping(box(122.0, 37.0, 122.3, 37.3) - box(122.05, 37.05, 122.25, 37.25))
    file = geojson(
        tmp_path / "a.json",
        ({"name": "环", "center": [122.15, 37.15]}, ring),
        ({"name": "环", "center": [122.01, 37.15]}, ring),
    )
    hollow, told = read_areas(file, level="town")
    assert hollow.shape is not None
    assert hollow.centre is not None
    assert hollow.shape.covers(shapely_point(hollow.centre))
    assert told.centre == (122.01, 37.15)


def shapely_point(point: tuple[float, float]) -> Any:
    from shapely import Point

    return Point(point)


@pytest.mark.parametrize("crs", [Crs.GCJ02, Crs.BD09])
def test_other_coordinates_come_back_within_half_a_metre(tmp_path: Path, crs: Crs) -> None:
    def shifted(corners: Any) -> Any:
        lon, lat = from_wgs84(crs, corners[:, 0], corners[:, 1])
        return list(zip(lon.tolist(), lat.tolist(), strict=True))

    import shapely

    file = geojson(tmp_path / "a.json", ({"name": "甲"}, mapping(shapely.transform(SQUARE, shifted))))
    [row] = read_areas(file, crs=crs, level="town")
    assert row.shape is not None
    assert row.shape.hausdorff_distance(SQUARE) * 111_195 < 0.5
    assert to_wgs84_outline(SQUARE, Crs.WGS84) is SQUARE


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_shapefiles_in_both_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "grids.shp"
    with shapefile.Writer(str(path), shapeType=shapefile.POLYGON, encoding=encoding) as writer:
        writer.field("MC", "C", size=60)
        writer.field("WGBM", "C", size=20)
        writer.field("RK", "N")
        writer.poly([[[122, 37], [122, 37.1], [122.1, 37.1], [122.1, 37], [122, 37]]])
        writer.record("曙光社区第一网格", "371082101001001", 900)
        writer.null()
        writer.record("空网格", "371082101001002", None)
    rows = read_areas(path)
    assert [(row.name, row.code, row.level, row.population, row.reason) for row in rows] == [
        ("曙光社区第一网格", "371082101001001", "grid", 900, ""),
        ("空网格", "371082101001002", "grid", None, "没有边界"),
    ]
    path.with_suffix(".prj").write_text('PROJCS["CGCS2000_3_Degree_GK_Zone_41"]', encoding="utf-8")
    with pytest.raises(PersonError, match="不是经纬度"):
        read_areas(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.geojson", None, "找不到文件"),
        ("a.geojson", b"not json", "不是能读的 GeoJSON"),
        ("a.geojson", b"[1, 2]", "不是能读的 GeoJSON"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "没有区域"),
        ("a.shp", b"not a shapefile", "不是能读的 Shapefile"),
        ("none.shp", None, "打不开"),
        ("alone.shp", b"x", "打不开"),
    ],
)
def test_files_that_are_no_areas(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    if name == "a.shp":
        path.with_suffix(".dbf").write_bytes(b"nor a table")
    with pytest.raises(PersonError, match=said):
        read_areas(path)
    plane = geojson(tmp_path / "plane.json", ({"name": "米"}, mapping(box(500_000, 4_100_000, 500_100, 4_100_100))))
    with pytest.raises(PersonError, match="不是经纬度"):
        read_areas(plane)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not on this machine")
def test_real_files_are_read() -> None:
    towns = read_areas(SHARED / "town_boundaries_yuhang_330110.geojson", level="town")
    assert len(towns) == 12
    assert all(town.shape is not None and town.name for town in towns)
    [county] = read_areas(SHARED / "boundary_rongcheng_371082.geojson", crs=Crs.GCJ02)
    assert (county.level, county.code) == ("county", "371082")
    assert county.shape is not None
    # 荣成 has 1,526 km² of land by its own yearbook; the outline takes the bays in or leaves them out
    from commandcenter.intake.place.topology import _Plane

    assert 1_300e6 < _Plane(37.1).lay(county.shape).area < 1_800e6
