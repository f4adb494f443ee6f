"""Areas as surveyors hand them over: GeoJSON, or a Shapefile with its table in any of the encodings met in China."""

import json
import math
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from commandcenter.domain.crs import Crs
from commandcenter.errors import PersonError
from commandcenter.intake.place.outline import surface, to_wgs84_outline
from commandcenter.intake.value import narrow

LEVELS = ("county", "town", "community", "grid", "estate")
"""From the whole to the smallest."""
_CODE_LEVELS = {6: "county", 9: "town", 12: "community", 15: "grid", 17: "estate"}
"""Digits of a statistics code: 6 county + 3 town + 3 community + 3 grid (+ 2 of ours for an estate)."""
_LEVEL_WORDS = {
    "县": "county", "区县": "county", "市县": "county", "district": "county", "乡镇": "town", "镇街": "town", "街道": "town",
    "street": "town", "township": "town", "社区": "community", "村": "community", "村居": "community", "village": "community",
    "网格": "grid", "小区": "estate", "楼院": "estate",
}  # fmt: skip
_COLUMNS = {
    "name": ("name", "名称", "mc", "xzqmc", "区域名称", "网格名称", "wgmc", "社区名称", "乡镇名称", "zldwmc"),
    "code": ("code", "代码", "编码", "adcode", "xzqdm", "统计代码", "统计用区划代码", "网格编码", "网格代码", "wgbm", "wgdm", "zldwdm"),
    "level": ("level", "级别", "层级", "类型"),
    "population": ("population", "people", "人口", "常住人口", "户籍人口", "rk", "rks"),
    "centre": ("center", "centre", "中心点", "中心"),
    "parent": ("parent_code", "parentcode", "上级代码", "上级编码", "sjdm"),
}  # fmt: skip
_ENCODINGS = ("utf-8", "gb18030")
_ADVICE = "请选择 GeoJSON（.geojson、.json）或 Shapefile（.shp，同名的 .dbf 和 .shx 放在一起）。"
_PLANE = "坐标不是经纬度"
_PLANE_ADVICE = "请先把数据转成经纬度（WGS-84、CGCS2000，或 --crs 所说的坐标系）再导入。"


@dataclass(frozen=True, slots=True)
class FileArea:
    """An area of a file, in WGS-84; what the file does not say is empty."""

    row_no: int
    name: str
    code: str
    level: str
    """One of `LEVELS`, or '' where neither code nor column tells."""
    parent_code: str
    population: int | None
    centre: tuple[float, float] | None
    shape: BaseGeometry | None
    """Valid; None where the file has no surface there."""
    repaired: str
    """What was wrong with its rings."""
    reason: str = ""
    """Why it cannot be used, in Chinese."""


def read_areas(path: Path, *, crs: Crs = Crs.WGS84, level: str = "") -> tuple[FileArea, ...]:
    """Read all areas of a file; `level` holds for every one of them. Raises PersonError for a file that is none of these."""
    rows = [*(_shapefile(path) if path.suffix.lower() == ".shp" else _geojson(path))]
    if not rows:
        raise PersonError(f"“{path.name}”里没有区域。", _ADVICE)
    areas = tuple(_area(number, facts, found, crs, level) for number, (facts, found) in enumerate(rows, 1))
    if all(area.reason == _PLANE for area in areas):
        raise PersonError(f"“{path.name}”的{_PLANE}。", _PLANE_ADVICE)
    return areas


def plain_code(value: object) -> str:
    """Return a code as it is kept: 12 digits of a town or county, filled up with zeros, cut to its own 9 or 6."""
    code = narrow(value).removesuffix(".0") if isinstance(value, str | int | float) else ""
    if len(code) == 12 and code.isdigit():
        code = code.removesuffix("000").removesuffix("000")
    return code


def level_of(code: str) -> str:
    """Return the level that a code's length says, '' for another length."""
    return _CODE_LEVELS.get(len(code), "") if code.isdigit() else ""


def _area(number: int, facts: Mapping[str, Any], found: BaseGeometry | None, crs: Crs, level: str) -> FileArea:
    said = {
        what: next((value for name in names if (value := facts.get(name)) not in {None, ""}), "")
        for what, names in _COLUMNS.items()
        if what != "centre"
    }
    name, code = narrow(str(said["name"])), plain_code(said["code"])
    word = narrow(str(said["level"])).lower()
    level = level or level_of(code) or (word if word in LEVELS else _LEVEL_WORDS.get(word, ""))
    shape, repaired, reason = _surface(found, crs)
    return FileArea(
        number, name, code, level, plain_code(said["parent"]), _count(said["population"]),
        _centre(facts, crs, shape), shape, repaired, reason,
    )  # fmt: skip


def _surface(found: BaseGeometry | None, crs: Crs) -> tuple[BaseGeometry | None, str, str]:
    if found is None or found.is_empty:
        return None, "", "没有边界"
    corners = shapely.get_coordinates(found)
    if not all(math.isfinite(bound) for bound in found.bounds):
        return None, "", "边界的坐标不是数字"
    if abs(corners[:, 0]).max() > 180 or abs(corners[:, 1]).max() > 90:
        return None, "", _PLANE
    try:
        shape, repaired = surface(to_wgs84_outline(shapely.force_2d(found), crs))
    except ValueError:
        return None, "", "边界不成面"
    return shape, repaired, ""


def _centre(facts: Mapping[str, Any], crs: Crs, shape: BaseGeometry | None) -> tuple[float, float] | None:
    """The file's own centre where it lies inside; otherwise the middle, or a point inside."""
    if shape is None:
        return None
    given = next((value for name in _COLUMNS["centre"] if isinstance(value := facts.get(name), list)), [])
    if len(given) == 2 and all(isinstance(each, int | float) for each in given):
        point = to_wgs84_outline(shapely.Point(given), crs)
        if shape.covers(point):
            return round(point.x, 7), round(point.y, 7)
    middle = shape.centroid if shape.contains(shape.centroid) else shape.representative_point()
    return round(middle.x, 7), round(middle.y, 7)


def _count(value: object) -> int | None:
    try:
        count = int(float(str(value)))
    except (ValueError, OverflowError):
        return None
    return count if 0 <= count < 10**9 else None


def _geojson(path: Path) -> Iterator[tuple[dict[str, Any], BaseGeometry | None]]:
    try:
        whole = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise PersonError(f"找不到文件“{path}”。", "请检查路径和文件名。") from None
    except OSError as error:
        raise PersonError(f"文件“{path}”打不开。", "请确认它是文件，并且可以读取。") from error
    except (ValueError, RecursionError) as error:
        raise PersonError(f"“{path.name}”不是能读的 GeoJSON。", _ADVICE) from error
    features = whole.get("features", [whole]) if isinstance(whole, dict) else None
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        raise PersonError(f"“{path.name}”不是能读的 GeoJSON。", _ADVICE)
    for feature in features:
        facts = feature.get("properties")
        geometry = feature.get("geometry") if "geometry" in feature else feature
        try:
            found = None if geometry is None else shapely.from_geojson(json.dumps(geometry))
        except shapely.errors.GEOSException:
            found = None
        yield _lower(facts if isinstance(facts, dict) else {}), found


def _shapefile(path: Path) -> Iterator[tuple[dict[str, Any], BaseGeometry | None]]:
    import shapefile  # late: only who imports areas needs it

    projection = path.with_suffix(".prj")
    failed: Exception | None = None
    try:
        if projection.exists() and "PROJCS" in projection.read_text(encoding="utf-8", errors="replace").upper():
            raise PersonError(f"“{path.name}”的{_PLANE}。", _PLANE_ADVICE)
        parts = {ending: path.with_suffix(f".{ending}").read_bytes() for ending in ("shp", "dbf")}
    except OSError as error:
        raise PersonError(f"“{path.name}”或同名的 .dbf 打不开。", _ADVICE) from error
    for (
        encoding
    ) in _ENCODINGS:  # what a .cpg file says is wrong as often as it is right: whether it can be read decides
        files = {ending: BytesIO(content) for ending, content in parts.items()}
        try:
            with shapefile.Reader(encoding=encoding, **files) as reader:
                rows = [(_lower(each.record.as_dict()), each.shape) for each in reader.iterShapeRecords()]
        except (shapefile.ShapefileException, struct.error, EOFError, ValueError, IndexError) as error:
            failed = error
            continue
        break
    else:
        raise PersonError(f"“{path.name}”不是能读的 Shapefile。", _ADVICE) from failed
    for facts, shape in rows:
        yield facts, shapely.from_geojson(json.dumps(shape.__geo_interface__)) if shape.shapeType else None


def _lower(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name).strip().lower(): value for name, value in facts.items()}
