"""Questions about whistles; every one runs under the asker's own sight, and the wall asks for its own columns only."""

from commandcenter.domain.whistle import LIVE

_CASE = """
    left join lateral (
        select {columns} from cc.cases c where c.district_id = w.district_id and c.id = w.case_id
        union all
        select {archived} from cc.cases_archive c where c.district_id = w.district_id and c.id = w.case_id
    ) c on true
"""
_CASE_COLUMNS = "c.number, c.title, c.grade, c.place, c.town_id, c.lon, c.lat"
WHISTLES = f"""
    select w.id, w.number, w.version, w.case_id, w.path, w.state, w.level, w.gather, w.caller, w.caller_unit_id, w.approver_unit_id,
           w.convener_unit_id, w.duty_item_id, w.ground, w.ground_words, w.matter, w.demand, w.danger, w.danger_words,
           w.meeting_at, w.meeting_place, w.plan_until, w.report_due_at, w.blown_at, w.approved_at, w.approved_by,
           w.approval_skipped, w.rule_due_at, w.rule_missed_at, w.pushed_at, w.confirmed_at, w.closed_at, w.changed_at, w.verb,
           w.actor, coalesce(c.number, '') as case_number, coalesce(c.title, '') as case_title, c.grade as case_grade,
           coalesce(c.place, '') as case_place, c.town_id, c.lon, c.lat
    from cc.whistles w {_CASE.format(columns=_CASE_COLUMNS, archived=_CASE_COLUMNS)}
    where w.district_id = cc.home_district() and %s
"""  # noqa: S608 - our own constants
WALL_WHISTLES = """
    select w.id, w.number, 0 as version, w.case_id, w.path, w.state, w.level, w.gather, '' as caller, w.caller_unit_id,
           0 as approver_unit_id, null::integer as convener_unit_id, null::integer as duty_item_id, null::text as ground,
           '' as ground_words, '' as matter, '' as demand, w.danger, '' as danger_words, null::timestamptz as meeting_at,
           '' as meeting_place, null::timestamptz as plan_until, null::timestamptz as report_due_at, w.blown_at,
           null::timestamptz as approved_at, null::text as approved_by, false as approval_skipped, w.rule_due_at,
           null::timestamptz as rule_missed_at, w.pushed_at, null::timestamptz as confirmed_at, null::timestamptz as closed_at,
           w.changed_at, '' as verb, '' as actor, coalesce(c.number, '') as case_number, '' as case_title,
           c.grade as case_grade, '' as case_place, c.town_id, c.lon, c.lat
    from cc.whistles w left join cc.cases c on (c.district_id, c.id) = (w.district_id, w.case_id)
    where w.district_id = cc.home_district() and %s
"""
IS_LIVE = f"w.state < {min(state for state in range(8) if state not in LIVE)}"
ONE = "w.id = :whistle_id"
OF_CASE = "w.case_id = :case_id order by w.blown_at desc, w.id desc"
CLOSED = "w.state >= 6 and w.closed_at >= :since order by w.closed_at desc, w.id desc limit :most"

PARTIES = """
    select id, version, whistle_id, case_id, unit_id, part, ground, state, called_at, answer_due_at, arrive_due_at, finish_due_at,
           answered_at, answered_by, objected_at, objection, ruling_due_at, ruled_at, ruling, checked_in_at, checked_in_by, came,
           check_in_place, lon, lat, photo_id, done_at, done_words, met, confirmed_at, sent_back, sent_back_words,
           answer_missed_at, arrive_missed_at, finish_missed_at
    from cc.whistle_parties where district_id = cc.home_district() and whistle_id = any (:ids) order by part desc, id
"""
WALL_PARTIES = """
    select id, 0 as version, whistle_id, case_id, unit_id, part, '' as ground, state, called_at, answer_due_at, arrive_due_at,
           finish_due_at, answered_at, checked_in_at, lon, lat, done_at
    from cc.whistle_parties where district_id = cc.home_district() and whistle_id = any (:ids) order by part desc, id
"""
ROUNDS = """
    select whistle_id, round, level, convener_unit_id, began_at, began_by, cause, reason
    from cc.whistle_rounds where district_id = cc.home_district() and whistle_id = any (:ids) order by whistle_id, round
"""
SCORES = """
    select whistle_id, party_id, unit_id, scored_at, scored_by, scorer_unit_id, proposed_speed, speed, quality, met, finished,
           satisfied, words, answer, answered_at, answered_by
    from cc.whistle_scores where district_id = cc.home_district() and whistle_id = any (:ids) order by scored_at, party_id
"""

# Of the units called in the period, without those that need not have come; a clock counts when it is decided: kept, or run out.
UNIT_FIGURES = """
    with called as (
        select p.*, s.party_id, s.scored_by, s.speed, s.quality, s.met as s_met, s.finished, s.satisfied,
               p.state <> 1 and (p.answered_at is not null or p.answer_missed_at is not null or p.answer_due_at < cc.now()) as answer_over,
               p.state <> 1 and (p.checked_in_at is not null or p.arrive_due_at < cc.now()) as arrive_over,
               p.state <> 1 and (p.done_at is not null or p.finish_due_at < cc.now()) as finish_over
        from cc.whistles w
        join cc.whistle_parties p on (p.district_id, p.whistle_id) = (w.district_id, w.id)
        left join cc.whistle_scores s on (s.district_id, s.party_id) = (p.district_id, p.id)
        where w.district_id = cc.home_district() and w.pushed_at >= :since and w.pushed_at < :until and p.state <> 7
    )
    select unit_id, count(*) as called,
           count(*) filter (where answered_at <= answer_due_at and answer_missed_at is null) as answered_in_time,
           count(*) filter (where answer_over) as answer_over,
           count(*) filter (where checked_in_at <= arrive_due_at) as arrived_in_time,
           count(*) filter (where arrive_over) as arrive_over,
           count(*) filter (where done_at <= finish_due_at) as finished_in_time,
           count(*) filter (where finish_over) as finish_over,
           count(party_id) as scored, count(distinct scored_by) as scorers,
           count(*) filter (where s_met) as met, count(*) filter (where finished) as finished,
           count(*) filter (where satisfied) as satisfied, count(satisfied) as satisfied_known,
           coalesce(sum(speed), 0) as speed, coalesce(sum(quality), 0) as quality
    from called group by unit_id order by unit_id
"""
# A case merged into another, or invalid, is none; a whistle counts where units were called.
TOWN_RATES = """
    select a.id as town_id,
           (select count(*) from cc.whistles w where w.district_id = a.district_id and w.pushed_at >= :since and w.pushed_at < :until
              and starts_with(w.path, a.path)) as whistles,
           (select count(*) from cc.cases c where c.district_id = a.district_id and c.town_id = a.id and c.state < 8
              and c.received_at >= :since and c.received_at < :until)
           + (select count(*) from cc.cases_archive c where c.district_id = a.district_id and c.town_id = a.id and c.state < 8
              and c.received_at >= :since and c.received_at < :until) as cases
    from cc.areas a where a.district_id = cc.home_district() and a.level = 'town' order by a.code, a.id
"""
