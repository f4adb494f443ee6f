"""The gazetteer's rows: read by every desk that takes reports in, edited by an administrator (sql/96_place_policies.sql)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

PLACES = """
    select p.id, p.name, p.aliases, p.kind, p.area_id, a.path, p.lon, p.lat, p.doors::text as doors, p.source
    from cc.places p join cc.areas a on (a.district_id, a.id) = (p.district_id, p.area_id)
    where p.district_id = cc.home_district() order by a.path, p.kind, p.name
"""
NUMBERS = """
    select name, value #>> '{}' as value from cc.settings
    where name in ('place_threshold', 'place_learn_cases', 'place_learn_metres')
"""
# What ended long ago is in the archive; what ended lately is as true.
ENDED_PLACES = """
    select place, lon, lat, area_id from cc.cases_archive
    where district_id = cc.home_district() and lon is not null and lat is not null and place <> ''
    union all
    select place, lon, lat, area_id from cc.cases
    where district_id = cc.home_district() and state = 7 and lon is not null and lat is not null and place <> ''
"""
_PUT = """
    with given as (
        select * from jsonb_to_recordset(cast(:rows as jsonb))
            as r (name text, aliases text[], kind text, area_id integer, lon double precision, lat double precision, doors jsonb)
    )
    insert into cc.places as p (name, aliases, kind, area_id, lon, lat, doors, source)
    select name, aliases, kind, area_id, lon, lat, doors, :source from given
    on conflict (district_id, area_id, kind, name) do update
    set aliases = excluded.aliases, lon = excluded.lon, lat = excluded.lat, doors = excluded.doors, source = excluded.source
    where (p.aliases, p.lon, p.lat, p.doors) is distinct from (excluded.aliases, excluded.lon, excluded.lat, excluded.doors)
    returning xmax = 0 as added
"""
_PAGE = 2_000


async def put(connection: AsyncConnection, rows: Iterable[Mapping[str, Any]], source: str) -> tuple[int, int]:
    """Add places, or bring those of the same area, kind and name up to date: (how many added, how many changed)."""
    rows = list(rows)
    added = changed = 0
    for start in range(0, len(rows), _PAGE):
        page = json.dumps(rows[start : start + _PAGE], ensure_ascii=False)
        result = (await connection.execute(text(_PUT), {"rows": page, "source": source})).all()
        added += sum(row.added for row in result)
        changed += sum(not row.added for row in result)
    return added, changed
