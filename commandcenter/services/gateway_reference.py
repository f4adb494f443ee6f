"""What the gateway looks things up in: services people may ask for, places codes and points stand for, limits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from commandcenter.db import gateway_reads
from commandcenter.db.engine import Database
from commandcenter.errors import PersonError, Refused
from commandcenter.intake.locate import Locator
from commandcenter.intake.place.outline import Outlined


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of matter that can be reported: a category without further ones below it."""

    code: int
    name: str
    group: str
    path_name: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that a code stands for."""

    id: int
    code: str
    level: str
    name: str
    full_name: str
    """With the names of what it lies in, from the town down."""


@dataclass(frozen=True)
class GatewayReference:
    """The whole of it; immutable, a change brings a new one."""

    centre_name: str
    jurisdiction: str
    services: tuple[Service, ...]
    spots: Mapping[str, Spot]
    """By code; of areas without one by ``a`` and their id."""
    locator: Locator
    photos: int
    photo_bytes: int
    page_hour: int
    """Reports an hour that one address may send."""
    same: timedelta
    """For how long the same words from the same source are a retry."""
    key: object
    """What the locator was made of: while it stays the same, outlines need not be read again."""

    def service(self, code: str) -> Service | None:
        """The service of that code; None where there is none."""
        return next((each for each in self.services if str(each.code) == code), None)


UNKNOWN = Service(0, "其他（不确定类别）", "其他", "其他")
"""For who does not know what it is called; the centre says so afterwards."""


async def need_gateway_login(db: Database) -> None:
    """Raise Refused unless the login is of role cc_intake: everybody else sees more than a gateway may."""
    async with db.begin() as connection:
        [who] = await gateway_reads.rows(connection, gateway_reads.WHO)
    if who.role != "cc_intake":
        raise Refused(
            "网关要用岗位为 intake 的登录名。", "请用 person add LOGIN --role intake 增加一个，再用它的地址。"
        )


async def read(db: Database, before: GatewayReference | None = None) -> GatewayReference:
    """Read it; outlines only where areas are others than `before`. Raises PersonError."""
    async with db.begin() as connection:
        [centre] = await gateway_reads.rows(connection, gateway_reads.CENTRE)
        [(district,)] = await gateway_reads.rows(connection, gateway_reads.JURISDICTION)
        categories = await gateway_reads.rows(connection, gateway_reads.CATEGORIES)
        areas = await gateway_reads.rows(connection, gateway_reads.AREAS)
        limits = {row.name: row.value for row in await gateway_reads.rows(connection, gateway_reads.LIMITS)}
        key = tuple(sorted((area.id, area.path) for area in areas))
        if before is not None and before.key == key:
            locator = before.locator
        else:
            levels = ["town", "community", "grid"]
            outlines = await gateway_reads.rows(connection, gateway_reads.OUTLINES, levels=levels)
            paths = {area.id: area.path for area in areas}
            locator = Locator.of(Outlined(row.id, paths[row.id], json.loads(row.outline)) for row in outlines)
    parents = {each.parent_id for each in categories}
    services = tuple(
        Service(each.id, each.name, each.path_name.split("›")[0].strip(), each.path_name)
        for each in categories
        if each.id not in parents
    )
    by_id = {area.id: area for area in areas}
    spots = {}
    for area in areas:
        names, above = [area.name], by_id.get(area.parent_id)
        while above is not None and above.level != "county":
            if above.level != "grid":  # a word of the office, not of those who live there
                names.append(above.name)
            above = by_id.get(above.parent_id)
        code = area.code or f"a{area.id}"
        spots[code] = Spot(area.id, code, area.level, area.name, "".join(reversed(names)))
    return GatewayReference(
        centre.name,
        str(district),
        (*services, UNKNOWN),
        spots,
        locator,
        limits["gateway_photos"],
        min(20, limits["gateway_photo_mb"]) * 1024 * 1024,
        limits["gateway_page_hour"],
        timedelta(minutes=limits["gateway_same_minutes"]),
        key,
    )


async def read_spots(db: Database) -> Mapping[str, Spot]:
    """The places alone, for posters."""
    return (await read(db)).spots


def spots_for_posters(spots: Mapping[str, Spot], wanted: str | None) -> list[Spot]:
    """The place of a code, or all estates where none is wanted, by name. Raises PersonError where there is none."""
    if wanted is not None:
        if wanted not in spots:
            raise PersonError(f"没有编号为“{wanted}”的区域。", "编号见“管理→区域”，或 cc.areas 的 code。")
        return [spots[wanted]]
    found = sorted((spot for spot in spots.values() if spot.level == "estate"), key=lambda spot: spot.code)
    if not found:
        raise PersonError("没有小区。", "请先在区域中增加小区，或用 --area 指定一个区域。")
    return found
