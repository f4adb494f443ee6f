"""The questions of follow-up (回访) to the database; every one runs under the asker's own sight."""

WAITING = """
    select id as case_id, number, version, title, place, grade, flags, unit_id, finished_at, due_at as limit_at, redos, returns,
           reports, case when held_at > cc.now() - :hold_minutes * interval '1 minute' then holder else '' end as holder
    from cc.cases where district_id = cc.home_district() and state = 6 order by finished_at, id limit :most
"""
WAITING_REPORTS = """
    select id as report_id, case_id, name_masked, phone_masked, confidential from cc.reports
    where district_id = cc.home_district() and case_id = any (:case_ids) order by received_at, id
"""
CALLS_MADE = """
    select case_id, report_id, round, at, reached, solved, satisfied from cc.follow_ups
    where district_id = cc.home_district() and case_id = any (:case_ids) order by at, id
"""
OTHER_REPORTS = "select report_id, others from cc.other_reports(:report_ids, :days)"
RULES = """
    select name, value::text as value from cc.settings
    where name in ('call_due_minutes', 'call_gap_minutes', 'call_bands', 'call_attempts', 'hold_minutes')
"""
NOW = "select cc.now() as now"
CALLS_OF_DAY = """
    select report_id, at, reached, solved, satisfied from cc.follow_ups
    where district_id = cc.home_district() and at >= :since and at < :until order by at, id
"""
BESIDE = """
    select 'whistle' as kind, w.level as what, w.number, w.state from cc.whistles w
    where w.district_id = cc.home_district() and w.case_id = :case_id
    union all
    select distinct 'slip', s.kind, concat(k.word, '〔', s.year, '〕', s.serial, '号'), s.state
    from cc.slip_facts f join cc.slips s on (s.district_id, s.id) = (f.district_id, f.slip_id)
    join cc.slip_kinds k on (k.district_id, k.kind) = (s.district_id, s.kind)
    where f.district_id = cc.home_district() and f.case_id = :case_id and s.serial is not null
    order by 1 desc, 3
"""

_NAMES = """
    left join cc.cases c on (c.district_id, c.id) = ({0}.district_id, {0}.case_id)
    left join cc.cases_archive a on (a.district_id, a.id) = ({0}.district_id, {0}.case_id)
"""
SECOND_CALLS = f"""
    select s.follow_up_id, s.case_id, s.report_id, s.day, s.drawn_at, s.first_caller, s.tries, s.tried_at, s.called_at, s.called_by,
           s.reached, s.solved, s.satisfied, s.agrees, s.words, coalesce(c.number, a.number) as case_number,
           coalesce(c.title, a.title) as title, coalesce(c.grade, a.grade) as grade, coalesce(c.unit_id, a.unit_id) as unit_id,
           f.at as first_at, f.solved as first_solved, f.satisfied as first_satisfied
    from cc.second_calls s
    join cc.follow_ups f on (f.district_id, f.id) = (s.district_id, s.follow_up_id)
    {_NAMES.format("s")}
    where s.district_id = cc.home_district() and (s.called_at is null or s.called_at >= cc.now() - :days * interval '1 day')
    order by s.called_at is not null, s.called_at desc, s.day, s.follow_up_id
"""  # noqa: S608 - our own constants
APPEALS = f"""
    select p.id, p.kind, p.case_id, p.follow_up_id, p.unit_id, p.reason, p.applied_at, p.applied_by, p.granted, p.reviewed_at,
           p.reviewed_by, p.words, coalesce(c.number, a.number) as case_number, coalesce(c.title, a.title) as title,
           coalesce(c.grade, a.grade) as grade, f.solved, f.satisfied
    from cc.appeals p
    left join cc.follow_ups f on (f.district_id, f.id) = (p.district_id, p.follow_up_id)
    {_NAMES.format("p")}
    where p.district_id = cc.home_district() and (not :open_only or p.granted is null)
    order by p.granted is not null, p.reviewed_at desc, p.applied_at, p.id limit :most
"""  # noqa: S608 - our own constants
UNHAPPY = f"""
    select f.id as follow_up_id, f.case_id, f.at, f.solved, f.satisfied, f.words, coalesce(c.number, a.number) as case_number,
           coalesce(c.title, a.title) as title, coalesce(c.grade, a.grade) as grade, coalesce(c.unit_id, a.unit_id) as unit_id,
           p.kind as appeal_kind, p.granted as appeal_granted
    from cc.follow_ups f
    {_NAMES.format("f")}
    left join lateral (select x.kind, x.granted from cc.appeals x where x.district_id = f.district_id and x.case_id = f.case_id
                       and (x.follow_up_id = f.id or x.follow_up_id is null) order by x.applied_at desc limit 1) p on true
    where f.district_id = cc.home_district() and f.at >= :since and f.reached and not (f.solved and f.satisfied <> '不满意')
      and coalesce(c.unit_id, a.unit_id) is not null
      and not exists (select from cc.follow_ups later where later.district_id = f.district_id and later.case_id = f.case_id
                      and later.report_id = f.report_id and later.reached and (later.at, later.id) > (f.at, f.id))
    order by f.at desc, f.id desc limit :most
"""  # noqa: S608 - our own constants
ANSWERS = f"""
    select distinct on (f.report_id) f.case_id, f.report_id, f.solved, f.satisfied, coalesce(c.unit_id, a.unit_id) as unit_id,
           exists (select from cc.appeals x where x.district_id = f.district_id and x.case_id = f.case_id and x.granted
                   and (x.follow_up_id is null or x.follow_up_id = f.id)) as excluded
    from cc.follow_ups f
    {_NAMES.format("f")}
    where f.district_id = cc.home_district() and f.at >= :since and f.at < :until and f.reached
      and coalesce(c.unit_id, a.unit_id) is not null
    order by f.report_id, f.at desc, f.id desc
"""  # noqa: S608 - our own constants
SCHEMES = "select code, name, citizen, basic_weight from cc.schemes where code = :code or :code = '' and active"
