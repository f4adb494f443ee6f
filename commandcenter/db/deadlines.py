"""Questions to the database's own arithmetic of deadlines (sql/20_worktime.sql)."""

HOURS = """
    select h.id, h.name from cc.work_hours h
    where cast(:unit as text) is null and h.id = (select min(id) from cc.work_hours)
       or h.id in (select u.hours_id from cc.units u where :unit in (u.id::text, u.name, u.short_name))
"""
DEADLINES = "select * from cc.deadlines_of(cast(:grade as smallint), :at, :hours)"
MOVED = "select cc.moved(:deadline, :start, :until, :working, :hours)"
PROVISIONAL = "select cc.is_provisional(:start, :until)"
