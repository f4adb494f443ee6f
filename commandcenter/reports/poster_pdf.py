"""Posters 一楼一码 for an estate's gate or a building's door: a QR code that leads to the gateway's page of that place."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Lock
from urllib.parse import quote, urlencode, urlsplit

import segno
import typst

from commandcenter.errors import PersonError
from commandcenter.services.gateway_reference import Spot

TEMPLATE = Path(__file__).parents[2] / "resources" / "gateway" / "poster.typ"
MOST = 5_000
"""Posters in one file: more would not be printed either."""
_FACES = ("Source Han Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "SimHei", "Droid Sans Fallback")
_setting = Lock()


@dataclass(frozen=True, slots=True)
class Poster:
    """What is printed on one."""

    name: str
    """The estate, or the place the code stands for."""
    building: str
    """``3号楼``; empty for the whole estate."""
    where: str
    code: str
    """The place's code, to be read out where the picture cannot be scanned."""
    url: str
    office: str


def buildings_of(text: str) -> tuple[str, ...]:
    """``1-12`` or ``1,3,5`` or both as numbers of buildings; empty for none. Raises PersonError."""
    found: list[str] = []
    for part in filter(None, re.split(r"[,，、\s]+", text)):
        if (span := re.fullmatch(r"(\d{1,4})-(\d{1,4})", part)) is not None and int(span[1]) <= int(span[2]):
            found += [str(number) for number in range(int(span[1]), int(span[2]) + 1)]
        elif re.fullmatch(r"[0-9A-Za-z]{1,6}", part):
            found.append(part)
        else:
            raise PersonError(f"楼号“{part}”不对。", "请写成 1-12 或 1,3,5。")
    return tuple(dict.fromkeys(found))


def posters_of(spots: Sequence[Spot], base_url: str, office: str, buildings: Sequence[str] = ()) -> list[Poster]:
    """One for each place, or for each building of each. Raises PersonError for an address phones cannot open."""
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise PersonError(f"“{base_url}”不是网址。", "应形如 https://12345.example.gov.cn。")
    if len(spots) * max(1, len(buildings)) > MOST:
        raise PersonError(f"一次最多 {MOST} 张。", "请用 --area 分小区生成。")
    root = base_url.rstrip("/")
    made = []
    for spot in spots:
        for building in buildings or ("",):
            said = f"{building}号楼" if building else ""
            asked = f"?{urlencode({'b': building})}" if building else ""  # the page says 号楼: fewer, larger squares
            where = spot.full_name.removesuffix(spot.name)
            made.append(Poster(spot.name, said, where, spot.code, f"{root}/q/{quote(spot.code)}{asked}", office))
    return made


def qr_svg(url: str) -> str:
    """The code as a picture of lines: a quarter of it may be dirty or torn and it is still read (level Q)."""
    out = BytesIO()
    segno.make(url, error="q", micro=False).save(out, kind="svg", border=4, xmldecl=False, svgns=True, nl=False)
    return out.getvalue().decode()


def poster_pdf(posters: Sequence[Poster], *, per_page: int = 1) -> bytes:
    """All of them on A4, one or four to a page, in the given order. Blocks; may be called from any thread."""
    words = [
        {
            "name": poster.name,
            "building": poster.building,
            "where": poster.where,
            "code": poster.code,
            "office": poster.office,
            "qr": qr_svg(poster.url),
        }
        for poster in posters
    ]
    with _setting:
        fonts = typst.Fonts()
        there = set(fonts.families())
        facts = {"posters": words, "four": per_page == 4, "fonts": [face for face in _FACES if face in there]}
        compiler = typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts)
        made = compiler.compile(format="pdf", sys_inputs={"posters": json.dumps(facts, ensure_ascii=False)})
    assert isinstance(made, bytes)  # noqa: S101 - Typst gives a list only of pictures of several pages
    return made
