-- 核查 of whistles, in the manner of 93_audit_cases.sql.

create or replace function cc.audit_whistles() returns setof cc.audit_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with deeds as (
        select j.entity_id, count(*) as number, (array_agg(j.to_state order by j.seq desc))[1] as last_state,
               bool_or(j.from_state is distinct from j.before) as broken
        from (select *, lag(to_state) over (partition by entity_id order by seq) as before from cc.journal
              where district_id = cc.home_district() and entity = 'whistle') j
        group by j.entity_id
    ), parties as (
        select p.whistle_id, count(*) as number, count(*) filter (where p.part = 'lead' and p.state < 7) as leads,
               case when bool_or(p.state <= 3) then 3 when bool_or(p.state = 4) then 4 when bool_or(p.state = 5) then 5 else 6 end as derived,
               bool_and(p.state in (6, 7)) as over, bool_and(p.state = 7) as released
        from cc.whistle_parties p where p.district_id = cc.home_district() group by p.whistle_id
    ), rounds as (
        select r.whistle_id, count(*) as number, max(r.round) as last, (array_agg(r.level order by r.round desc))[1] as level,
               bool_or(r.level <= r.below or r.began_at < r.before or r.round > 1 and r.cause = 'blow' or r.round = 1 and r.cause <> 'blow') as wrong
        from (select *, lag(level) over (partition by whistle_id order by round) as below,
                     lag(began_at) over (partition by whistle_id order by round) as before
              from cc.whistle_rounds where district_id = cc.home_district()) r
        group by r.whistle_id
    ), live as (
        select case_id, count(*) filter (where state < 6) as live from cc.whistles where district_id = cc.home_district() group by case_id
    ), blown as (  -- by the case it was blown for, wherever that one's live whistle has gone with it
        select regexp_replace(number, '-S[0-9]+$', '') as of, count(*) as number,
               count(distinct substring(number from '-S([0-9]+)$')::integer) as different,
               max(substring(number from '-S([0-9]+)$')::integer) as last
        from cc.whistles where district_id = cc.home_district() group by 1
    )
    select found.code, w.id, w.number
    from cc.whistles w
    left join deeds d on d.entity_id = w.id
    left join parties p on p.whistle_id = w.id
    left join rounds r on r.whistle_id = w.id
    left join live l on l.case_id = w.case_id
    left join blown b on b.of = regexp_replace(w.number, '-S[0-9]+$', '')
    left join cc.cases c on (c.district_id, c.id) = (w.district_id, w.case_id)
    cross join lateral (values
        ('whistle_derived', w.state between 3 and 6 and w.state is distinct from p.derived),
        ('whistle_uncalled', w.state < 3 and p.number > 0 or w.state between 3 and 6 and p.number is null),
        ('whistle_lead', w.state between 3 and 5 and p.leads > 1),
        ('whistle_withdrawn', w.state = 7 and not coalesce(p.over, true)),
        ('whistle_times', (w.state in (6, 7)) <> (w.closed_at is not null) or w.state = 2 and w.rule_due_at is null
            or w.state between 3 and 6 and w.pushed_at is null
            or w.state in (2, 3, 4, 5, 6) and w.approved_at is null and not w.approval_skipped
            or w.blown_at > w.approved_at or w.blown_at > w.pushed_at or w.pushed_at > w.confirmed_at or w.confirmed_at > w.closed_at),
        ('whistle_level', r.number is not null and (r.last <> r.number or r.level <> w.level or r.wrong)
            or w.state between 3 and 6 and r.number is null),
        ('whistle_twice', l.live > 1),
        ('whistle_numbers', b.number <> b.last or b.number <> b.different),
        ('whistle_outlived', w.state < 4 and c.state in (6, 7) or w.state < 5 and c.state = 7 or w.state < 6 and c.state = 9),
        ('whistle_journal', d.entity_id is null or d.last_state <> w.state or d.number <> w.version),
        ('whistle_steps', coalesce(d.broken, false))
    ) as found (code, wrong)
    where w.district_id = cc.home_district() and found.wrong
$$;

-- The level of a whistle when its journal was at p_seq.
create or replace function cc.level_at(w cc.whistles, p_seq bigint) returns smallint
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (select (j.detail ->> 'level')::smallint from cc.journal j where j.district_id = w.district_id
            and (j.case_id = w.case_id or j.case_id in (select x from cc.merges m, unnest(array[m.kept_id, m.source_id]) x
                 where m.district_id = w.district_id and (m.source_id = w.case_id or m.kept_id = w.case_id)))
            and j.entity = 'whistle' and j.entity_id = w.id and j.verb = 'escalate' and j.seq < p_seq order by j.seq desc limit 1),
        (select r.level from cc.whistle_rounds r where r.district_id = w.district_id and r.whistle_id = w.id and r.round = 1))
$$;

-- Called units: what they have done fits where they stand, and their clocks follow from when and at which level they were called.
create or replace function cc.audit_parties() returns setof cc.audit_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with deeds as (
        select j.entity_id, count(*) as number, (array_agg(j.to_state order by j.seq desc))[1] as last_state,
               bool_or(j.from_state is distinct from j.before) as broken,
               max(j.at) filter (where j.verb in ('call', 'call_again')) as called_at,
               max(j.seq) filter (where j.verb in ('call', 'call_again')) as called_seq,
               max(j.at) filter (where j.verb in ('call', 'call_again', 'rule') and j.to_state = 0) as asked_at,
               max(j.seq) filter (where j.verb in ('call', 'call_again', 'rule') and j.to_state = 0) as asked_seq,
               bool_or(j.verb = 'plan') as planned
        from (select *, lag(to_state) over (partition by entity_id order by seq) as before from cc.journal
              where district_id = cc.home_district() and entity = 'party') j
        group by j.entity_id
    ), edited as (
        select coalesce(max(j.at), '-infinity') as at from cc.journal j where j.district_id = cc.home_district()
          and j.verb in ('update', 'delete') and j.entity in ('whistle_levels', 'calendar', 'work_hours')
    )
    select found.code, p.id, w.number || ' ' || u.short_name
    from cc.whistle_parties p
    join cc.whistles w on (w.district_id, w.id) = (p.district_id, p.whistle_id)
    join cc.units u on (u.district_id, u.id) = (p.district_id, p.unit_id)
    cross join edited e
    left join deeds d on d.entity_id = p.id
    -- the levels at which it was called, and last asked for an answer
    left join cc.whistle_levels v on v.district_id = p.district_id and v.level = cc.level_at(w, d.called_seq)
    left join cc.whistle_levels a on a.district_id = p.district_id and a.level = cc.level_at(w, d.asked_seq)
    left join cc.whistle_scores s on (s.district_id, s.party_id) = (p.district_id, p.id)
    left join cc.cases c on (c.district_id, c.id) = (p.district_id, p.case_id)
    cross join lateral (values
        ('party_columns', p.state between 2 and 6 and p.answered_at is null or p.state in (0, 1) and p.answered_at is not null
            or p.state between 3 and 6 and (p.checked_in_at is null or btrim(p.came) = ''
                or btrim(p.check_in_place) = '' and p.photo_id is null)
            or p.state < 3 and p.checked_in_at is not null
            or p.state between 4 and 6 and (p.done_at is null or btrim(p.done_words) = '' or p.met is null)
            or p.state in (5, 6) and p.confirmed_at is null or p.state < 5 and p.confirmed_at is not null
            or p.state = 1 and (p.objected_at is null or btrim(p.objection) = '' or p.ruling_due_at is null)),
        ('party_score', (p.state = 6) <> (s.party_id is not null)),
        ('party_speed', s.proposed_speed is distinct from cc.proposed_speed(p) and s.party_id is not null),
        ('party_order', p.answered_at > p.checked_in_at or p.checked_in_at > p.done_at or p.done_at > p.confirmed_at
            or p.confirmed_at > s.scored_at or p.called_at > p.answered_at),
        ('party_missed', p.arrive_missed_at is not null and p.checked_in_at <= p.arrive_due_at
            or p.finish_missed_at is not null and p.done_at <= p.finish_due_at and p.sent_back = 0 and not d.planned),
        ('party_clock', case when d.called_at >= e.at then p.called_at is distinct from d.called_at
            or p.answer_due_at is distinct from d.asked_at
                + case when w.danger then a.danger_answer_minutes else a.answer_minutes end * interval '1 minute'
            or p.arrive_due_at is distinct from d.asked_at
                + case when w.danger then a.danger_arrive_minutes else a.arrive_minutes end * interval '1 minute'
            or p.finish_due_at is distinct from (case v.finish_clock
                   when 'natural' then d.called_at + v.finish_amount * interval '1 minute'
                   when 'working' then cc.end_of_working_day(d.called_at, v.finish_amount, u.hours_id)
                   else p.finish_due_at end) and not d.planned else false end),
        ('party_sight', p.state < 7 and w.state < 6 and c.id is not null and not starts_with(c.path, u.path) and not exists (
            select from cc.case_scope o where o.district_id = p.district_id and o.case_id = p.case_id and o.path = u.path
              and o.reason = 'whistle')),
        ('party_journal', d.entity_id is null or d.last_state <> p.state or d.number <> p.version),
        ('party_steps', coalesce(d.broken, false))
    ) as found (code, wrong)
    where p.district_id = cc.home_district() and found.wrong
$$;

-- Everything at once; for administrators, who may look at it all.
create or replace function cc.audit() returns setof cc.audit_finding
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform cc.need_admin();
    return query select * from cc.audit_cases() union all select * from cc.audit_numbers() union all select * from cc.audit_children()
        union all select * from cc.audit_clocks() union all select * from cc.audit_whistles() union all select * from cc.audit_parties()
        union all select * from cc.audit_slips() union all select * from cc.audit_slip_numbers() union all select * from cc.audit_calls()
        union all select * from cc.audit_merging() union all select * from cc.audit_learning();
end $$;
