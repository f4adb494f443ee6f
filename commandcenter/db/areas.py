"""Reading and writing areas as an administrator: plain statements under his own rights (sql/95_policies.sql)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db import reads

AREAS = """
    select id, parent_id, level, coalesce(code, '') as code, name, path, population, lon, lat, outline::text as outline
    from cc.areas where district_id = cc.home_district() order by path
"""
_LOCK = "lock table cc.areas in share row exclusive mode"
_UPDATE = """
    update cc.areas set code = nullif(:code, ''), population = :population, lon = :lon, lat = :lat, outline = cast(:outline as jsonb)
    where district_id = cc.home_district() and id = :id returning id
"""
_ADD = """
    insert into cc.areas (parent_id, level, code, name, path, population, lon, lat, outline)
    select p.id, cast(:level as text), nullif(cast(:code as text), ''), cast(:name as text), cast(:path as text),
           cast(:population as integer), cast(:lon as double precision), cast(:lat as double precision), cast(:outline as jsonb)
    from cc.areas p where p.district_id = cc.home_district() and p.path = :parent
    returning id
"""


async def read(connection: AsyncConnection) -> list[Row[Any]]:
    """All areas with their outlines (GeoJSON text), parents before children."""
    return await reads.rows(connection, AREAS)


async def lock(connection: AsyncConnection) -> None:
    """Keep other writers of areas waiting until the transaction ends, so that no two give one path."""
    await connection.execute(text(_LOCK))


async def write(
    connection: AsyncConnection, changed: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> int:
    """Bring areas up to date and add new ones, in order; `outline` is a GeoJSON geometry. Returns how many were written.

    A person who may not edit areas writes none, or is refused.
    """
    written = 0
    for statement, areas in ((_UPDATE, changed), (_ADD, new)):
        for area in areas:
            outline = json.dumps(area["outline"], separators=(",", ":"))
            result = await connection.execute(text(statement), {**area, "outline": outline})
            written += len(result.all())
    return written
