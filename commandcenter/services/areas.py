"""Bringing in areas from a survey, and looking at how the county's areas fit together."""

import json
from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db import areas as area_rows
from commandcenter.db.engine import Database
from commandcenter.domain.crs import Crs
from commandcenter.errors import PersonError, Refused
from commandcenter.intake.place.areas_file import read_areas
from commandcenter.intake.place.areas_plan import KeptArea, Plan, pieces_of, plan
from commandcenter.intake.place.topology import Topology, check


async def import_file(
    db: Database, path: Path, *, crs: Crs = Crs.WGS84, level: str = "", dry_run: bool = False
) -> Plan:
    """Bring a GeoJSON or Shapefile in, in one transaction, or with `dry_run` only say what it would do.

    Areas are matched by their code, or without one by level and name: outline, centre and population become the file's.
    New ones get the next path of their parent. Nothing is ever removed or renamed. Raises PersonError.
    """
    rows = await to_thread(read_areas, path, crs=crs, level=level)
    async with db.begin() as connection:
        if not dry_run:
            await area_rows.lock(connection)
        planned = await to_thread(plan, await _kept(connection), rows)
        if not dry_run:
            wanted = len(planned.changed) + len(planned.new)
            if await area_rows.write(connection, *_records(planned)) != wanted:
                raise Refused("您的岗位没有这项权限。", "区域由系统管理员维护。")
    return planned


async def check_areas(db: Database) -> Topology:
    """How the areas fit together that the centre has. Raises PersonError where it has none with an outline."""
    async with db.begin() as connection:
        kept = await _kept(connection)
    if all(area.outline is None for area in kept):
        raise PersonError("库里的区域都还没有边界。", "请先用 areas import 导入边界。")
    return await to_thread(lambda: check(pieces_of(kept)))


async def _kept(connection: AsyncConnection) -> list[KeptArea]:
    return [
        KeptArea(
            row.id, row.parent_id, row.level, row.code, row.name, row.path, row.population, row.lon, row.lat,
            None if row.outline is None else json.loads(row.outline),
        )
        for row in await area_rows.read(connection)
    ]  # fmt: skip


def _records(planned: Plan) -> tuple[Sequence[dict[str, Any]], Sequence[dict[str, Any]]]:
    return [asdict(change) for change in planned.changed], [asdict(change) for change in planned.new]
