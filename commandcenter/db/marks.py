"""Reading who acknowledged or shelved alarms; written by cc.acknowledge_alarm and cc.shelve_alarm (sql/91_alarms.sql)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

_MARKS = """
    select distinct on (m.key) m.key, m.until, m.reason, m.at, p.name
    from cc.alarm_marks m
    join cc.people p on (p.district_id, p.login) = (m.district_id, m.login)
    join cc.people me on me.district_id = m.district_id and me.login = session_user and me.unit_id = p.unit_id
    where m.district_id = cc.home_district() and m.at >= coalesce(:since, '-infinity'::timestamptz)
    order by m.key, m.at desc, m.id desc
"""


async def read(connection: AsyncConnection, since: datetime | None) -> list[Row[Any]]:
    """The newest mark of each key by people of the reader's unit, of those made at `since` or later."""
    return list(await connection.execute(text(_MARKS), {"since": since}))


async def limits(connection: AsyncConnection) -> tuple[int, int]:
    """The settings ``alarm_flood`` and ``shelve_minutes``."""
    found = await connection.execute(
        text(
            "select name, value::text::integer as value from cc.settings "
            "where district_id = cc.home_district() and name in ('alarm_flood', 'shelve_minutes')"
        )
    )
    values = {row.name: row.value for row in found}
    return values["alarm_flood"], values["shelve_minutes"]
