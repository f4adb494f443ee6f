"""How fast places are found: points in 5,000 grids, and addresses in a gazetteer of 20,000 names, on one core.

`locate.points` stands against a tree's own predicate without each outline's index. Borders are as wiggly as surveyed ones:
some sixty corners a grid. Addresses are a mix: full ones, misspelt ones, roads with house numbers, unknown ones.
`locate.addresses.right` is the share of those with a known place whose first candidate lies there.
"""

import random
import time
from collections.abc import Callable

import numpy as np
import shapely
from shapely.geometry import box, mapping

from commandcenter.demo.cells import voronoi
from commandcenter.intake.gazetteer import Gazetteer
from commandcenter.intake.locate import Locator
from commandcenter.intake.place.named import Named
from commandcenter.intake.place.outline import Outlined
from tests.benchmarks.figure import Figure, figure

GRIDS, PLACES, POINTS, ADDRESSES = 5_000, 20_000, 1_000_000, 20_000
TOWNS = 25
LAND = (122.0, 36.8, 122.7, 37.5)
HEADS = "金银铜铁松柏桃李兰竹梅菊山水云月星河湖海东西南北中安康福禄寿喜和平文武"
ENDINGS = ("小区", "花园", "家园", "大厦", "市场", "小学", "公司")
WRONG = "曲附圆甲由申某各"


def run(quick: bool = False) -> list[Figure]:
    """Measure; `quick` takes a tenth of points and addresses."""
    share = 10 if quick else 1
    rng = np.random.default_rng(1)
    areas = _grids(rng)
    began = time.process_time()
    locator = Locator.of(areas)
    built = time.process_time() - began
    lon, lat = rng.uniform((LAND[0], LAND[1]), (LAND[2], LAND[3]), (POINTS // share, 2)).T
    points = _rate(len(lon), lambda: locator.search(lon, lat))
    tree = shapely.STRtree([shapely.geometry.shape(area.outline) for area in areas])
    some = len(lon) // 10
    plain = _rate(some, lambda: tree.query(shapely.points(lon[:some], lat[:some]), predicate="intersects"))
    named = _named(areas)
    began = time.process_time()
    gazetteer = Gazetteer(named, locator)
    built += time.process_time() - began
    texts, meant = _addresses(named[1:], ADDRESSES // share)
    found = []
    addresses = _rate(len(texts), lambda: found.extend(gazetteer.find(text) for text in texts))
    known = [(each, path) for each, path in zip(found, meant, strict=True) if path]
    right = sum(bool(each) and each[0].path.startswith(path) for each, path in known) / len(known)
    return [
        figure("locate.points", points, "points/s", "the tree's predicate", plain),
        figure("locate.addresses", addresses, "addresses/s"),
        figure("locate.addresses.right", right, "share"),
        figure("locate.build", built * 1000, "ms"),
    ]


def _rate(count: int, act: Callable[[], object]) -> float:
    """Of one core: by the time this process was computing, not by what others took."""
    began = time.process_time()
    act()
    return count / (time.process_time() - began)


def _grids(rng: np.random.Generator) -> list[Outlined]:
    cells = voronoi(box(*LAND), rng.uniform(LAND[:2], LAND[2:], (GRIDS, 2)))
    wiggly = shapely.segmentize(np.array(cells), 0.0009)
    per_town = GRIDS // TOWNS
    return [
        Outlined(
            100 + at, f"01.{at // per_town + 1:02d}.{at % per_town // 10 + 1:02d}.{at % 10 + 1:02d}.", mapping(cell)
        )
        for at, cell in enumerate(wiggly)
    ]


def _named(areas: list[Outlined]) -> list[Named]:
    chance = random.Random(1)
    rows = [
        Named(1, "county", "荣成市", "01."),
        *(Named(2 + at, "town", f"{_name(chance)}镇", f"01.{at + 1:02d}.") for at in range(TOWNS)),
    ]
    taken: set[tuple[str, str]] = set()
    places: list[Named] = []
    while len(places) < PLACES:
        area = chance.choice(areas)
        town = ".".join(area.path.split(".")[:2]) + "."
        road = chance.random() < 0.1
        name = _name(chance) + (chance.choice(("路", "街", "大道")) if road else chance.choice(ENDINGS))
        if (town, name) in taken:
            continue
        taken.add((town, name))
        outline = shapely.geometry.shape(area.outline)
        start, end = outline.bounds[:2], outline.bounds[2:]
        doors = tuple(
            (n, start[0] + (end[0] - start[0]) * n / 200, start[1] + (end[1] - start[1]) * n / 200)
            for n in range(1, 200, 11)
        )
        places.append(
            Named(area.id, "road", name, town, doors=doors) if road else Named(area.id, "landmark", name, area.path)
        )
    return [*rows, *places]


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(HEADS, k=chance.choice((2, 2, 3, 3, 4))))


def _addresses(named: list[Named], count: int) -> tuple[list[str], list[str]]:
    """(address, path of the area in which it lies, '' for none)."""
    chance = random.Random(2)
    towns = {place.path: place.name for place in named if place.kind == "town"}
    places = named[TOWNS:]
    texts, meant = [], []
    for _ in range(count):
        place = chance.choice(places)
        town = towns[".".join(place.path.split(".")[:2]) + "."]
        name, kind = place.name, chance.random()
        if kind < 0.2:
            texts.append(f"不知道在什么地方的某处{chance.randrange(1, 99)}号楼旁")
            meant.append("")
            continue
        if kind < 0.4:  # one character is wrong, not of those that tell most apart: the ending and what is before it
            at = chance.randrange(len(name) - 2, len(name))
            name = f"{name[:at]}{chance.choice(WRONG)}{name[at + 1 :]}"
        behind = (
            f"{chance.randrange(1, 200)}号"
            if place.kind == "road"
            else f"{chance.randrange(1, 30)}号楼{chance.randrange(1, 5)}单元"
        )
        texts.append(f"{chance.choice(('山东省威海市荣成市', '荣成市', ''))}{town}{name}{behind}")
        meant.append(place.path)
    return texts, meant


if __name__ == "__main__":
    for line in run():
        print(line)
