"""The everyday questions to the database, in one place, readable; every one runs under the asker's own sight."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

CENTRE = "select name, demo from cc.centre"
WHO = "select session_user as login, cc.my_role() as role, cc.my_path() as path"
PEOPLE = """
    select p.login, p.name, p.role, p.unit_id, u.name as unit_name, u.path, p.active, p.demo, p.post
    from cc.people p join cc.units u on u.district_id = p.district_id and u.id = p.unit_id
    order by p.active desc, u.path, p.role, p.login
"""
AREAS = "select id, parent_id, level, coalesce(code, '') as code, name, path, population, lon, lat from cc.areas"
OUTLINES = "select id, outline::text as outline from cc.areas where level = any (:levels) and outline is not null"
UNITS = "select id, parent_id, kind, name, short_name, path, area_id, group_no, hours_id, active from cc.units order by path"
CATEGORIES = "select id, parent_id, name, path_name, default_grade, keywords from cc.categories order by id"
CHANNELS = "select id, code, name, online from cc.channels order by id"
DUTY_LIST = """
    select id, code, field, matter, category_id, lead_unit_id, assist_unit_ids, ground, valid_from, valid_to
    from cc.duty_list order by code, valid_from
"""
LIMITS = """
    select grade, clock, accept_minutes, finish_amount, finish_unit, return_minutes, extension_days, soon_share
    from cc.grade_limits order by grade
"""
CALENDAR = "select day, working, name, provisional from cc.calendar order by day"
HOURS = "select id, name, periods from cc.work_hours order by id"
TRANSITIONS = "select from_state, verb, to_state, role from cc.transitions"
STEPS = "select entity, from_state, verb, to_state, role from cc.steps"
LEVELS = """
    select level, name, meeting, convener_kind, caller_kinds, answer_minutes, arrive_minutes, danger_answer_minutes,
           danger_arrive_minutes, finish_clock, finish_amount, report_days
    from cc.whistle_levels order by level
"""
SLIP_KINDS = """
    select kind, name, word, style, addressee, receipt_minutes, reply_days, signers, copies, demand from cc.slip_kinds order by kind
"""
SLIP_RULES = """
    select id, kind, trigger, name, threshold, window_days, grades, active from cc.slip_rules order by kind, id
"""
SCORING = """
    select name, (value #>> '{}')::integer as value from cc.settings
    where name in ('score_low', 'speed_answer', 'speed_arrive', 'speed_finish')
"""
SETTINGS = "select name, value::text as value, note from cc.settings order by name"

_CASE_COLUMNS = """
    id, number, version, grade, state, flags, kind, category_id, channel_id, title, place, area_id, town_id, lon, lat, unit_id,
    received_at, dispatched_at, accept_due_at, return_until, soon_at, due_at, paused_at, finished_at, archived_at, changed_at,
    extension_days, holder, held_at, returns, redos, reports
"""
CASE = f"""
    select {_CASE_COLUMNS} from cc.cases where district_id = cc.home_district() and id = :case_id
    union all
    select {_CASE_COLUMNS} from cc.cases_archive where district_id = cc.home_district() and id = :case_id
"""  # noqa: S608 - our own constants
REPORTS = """
    select r.id, r.channel_id, coalesce(r.foreign_number, '') as foreign_number, r.kind, r.content, r.place, r.lon, r.lat, r.received_at,
           r.registered_at, r.registered_by, r.name_masked, r.phone_masked, r.confidential, r.home_id,
           coalesce(h.number, '') as home_number, coalesce(k.number, '') as kept_number
    from cc.reports r left join lateral (
        select c.number from cc.cases c where c.district_id = r.district_id and c.id = r.home_id
        union all
        select a.number from cc.cases_archive a where a.district_id = r.district_id and a.id = r.home_id
    ) h on r.home_id <> :case_id left join lateral (
        select c.number from cc.cases c where c.district_id = r.district_id and c.id = r.case_id
        union all
        select a.number from cc.cases_archive a where a.district_id = r.district_id and a.id = r.case_id
    ) k on r.case_id <> :case_id
    where r.district_id = cc.home_district() and r.case_id = (select cc.case_now(:case_id))
      and (r.case_id = :case_id or r.home_id = any (array(select cc.case_family(:case_id))))
    order by r.received_at, r.id
"""
"""Those of the case, and of a case that is merged those that came with it."""
ASSIGNMENTS = """
    select id, unit_id, part, assigned_at, assigned_by, accept_due_at, due_at, accepted_at, accepted_by, ended_at, end_reason
    from cc.assignments where district_id = cc.home_district() and case_id = :case_id
    order by ended_at is not null, part desc, assigned_at, id
"""
TIMELINE = """
    select j.seq, j.at, j.actor, j.verb, j.from_state, j.to_state, j.detail, j.entity, j.entity_id, coalesce(n.number, '') as number
    from cc.journal j left join lateral (
        select c.number from cc.cases c where c.district_id = j.district_id and c.id = j.case_id
        union all
        select a.number from cc.cases_archive a where a.district_id = j.district_id and a.id = j.case_id
    ) n on j.case_id <> :case_id
    where j.district_id = cc.home_district() and j.case_id = any (array(select cc.case_family(:case_id))) order by j.seq desc
"""
FINISHES = """
    select at, actor, discussed_with, discussed_at, done, done_by from cc.finishes
    where district_id = cc.home_district() and case_id = :case_id order by at
"""
FOLLOW_UPS = """
    select id, report_id, round, at, actor, reached, contacted, solved, satisfied, words from cc.follow_ups
    where district_id = cc.home_district() and case_id = :case_id order by at
"""
ATTACHMENTS = """
    select id, report_id, name, media_type, size, added_at, added_by from cc.attachments
    where district_id = cc.home_district() and case_id = :case_id order by added_at
"""
TODAY = "select * from cc.today()"
FLOW = "select hour, today, usual from cc.flow()"
ATTACHMENT_CONTENT = """
    select content from cc.attachments where district_id = cc.home_district() and id = :attachment_id
"""
CASE_BY_NUMBER = "select id from cc.case_by_number(:number) as id where id is not null"
BRIEFS = """
    select id, number, grade, state, title, town_id, received_at from cc.cases
    where district_id = cc.home_district() and id = any (:case_ids)
    union all
    select id, number, grade, state, title, town_id, received_at from cc.cases_archive
    where district_id = cc.home_district() and id = any (:case_ids)
    order by received_at desc, id desc
"""
REGISTERED_BY_ME = """
    select c.id, c.number, c.grade, c.state, c.title, c.town_id, c.received_at
    from cc.reports p join cc.cases c on (c.district_id, c.id) = (p.district_id, p.case_id)
    where p.district_id = cc.home_district() and p.received_at >= :since and p.registered_by = session_user
    order by p.received_at desc, p.id desc limit :most
"""
SEARCH = "select cc.search(:words, :most) as case_id"


async def rows(connection: AsyncConnection, query: str, **arguments: Any) -> list[Row[Any]]:
    """All rows of one of the questions above."""
    return list(await connection.execute(text(query), arguments))
