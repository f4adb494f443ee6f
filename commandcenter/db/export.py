"""Cases for another system's eyes: one flat row each, read by a cursor under the asker's own sight."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from commandcenter.db.engine import Database

HEADER = (
    "工单编号", "等级", "状态", "诉求类型", "分类", "渠道", "标题", "地点", "镇街", "承办单位", "诉求时间", "派单时间",
    "办理时限", "办结时间", "归档时间", "退单次数", "重办次数", "诉求数", "超期",
)  # fmt: skip
_SOURCE = """
    select c.number, c.grade, c.state, c.kind, coalesce(k.path_name, '') as category, n.name as channel, c.title, c.place,
           coalesce(t.name, '') as town, coalesce(u.name, '') as unit, c.received_at, c.dispatched_at, c.due_at,
           c.finished_at, c.archived_at, c.returns, c.redos, c.reports,
           coalesce(coalesce(c.finished_at, c.paused_at, cc.now()) > c.due_at, false) as overdue
    from {table} c
    join cc.channels n on n.district_id = c.district_id and n.id = c.channel_id
    left join cc.categories k on k.district_id = c.district_id and k.id = c.category_id
    left join cc.areas t on t.district_id = c.district_id and t.id = c.town_id
    left join cc.units u on u.district_id = c.district_id and u.id = c.unit_id
    where c.district_id = cc.home_district()
      and ($1::smallint[] is null or c.state = any ($1)) and ($2::smallint[] is null or c.grade = any ($2))
      and ($3::integer is null or c.town_id = $3) and ($4::integer is null or c.unit_id = $4)
      and ($5::date is null or c.received_at >= $5::timestamp at time zone 'Asia/Shanghai')
      and ($6::date is null or c.received_at < ($6 + 1)::timestamp at time zone 'Asia/Shanghai')
      and (not $7 or coalesce(coalesce(c.finished_at, c.paused_at, cc.now()) > c.due_at, false))
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cases; None and False ask for nothing. Days are those of Shanghai, both included."""

    states: Sequence[int] | None = None
    grades: Sequence[int] | None = None
    town: int | None = None
    unit: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    overdue: bool = False


async def read_cases(db: Database, filters: Filters) -> AsyncIterator[Any]:
    """The cases, open and archived, the oldest first, in one snapshot; rows are not held in memory."""
    both = " union all ".join(_SOURCE.format(table=table) for table in ("cc.cases", "cc.cases_archive"))
    async with db.raw() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        asked = (
            filters.states,
            filters.grades,
            filters.town,
            filters.unit,
            filters.first_day,
            filters.last_day,
            filters.overdue,
        )
        async for row in connection.cursor(f"{both} order by received_at, number", *asked, prefetch=2000):
            yield row
