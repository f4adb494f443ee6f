-- What the rules of cc.slip_rules find now, one function a kind of source. The key says what the same fact is: found again,
-- it serves its rule no second time (cc.slip_facts). The fact says what the case's own (cc.case_fact) does not.

-- soon: near the limit, once a round of handling; overdue: past it, once a case; redo and return: once a count.
-- Of soon and overdue the threshold is from how many cases of one unit on.
create or replace function cc.slips_on_cases(r cc.slip_rules) returns setof cc.slip_finding
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    moment timestamptz := cc.now();
begin
    case r.trigger
    when 'soon' then return query
        select f.unit_id, f.id || ':' || f.redos, f.id, null::bigint, null::bigint, '{}'::jsonb
        from (select c.id, c.unit_id, c.redos, count(*) over (partition by c.unit_id) as many from cc.cases c
              where c.district_id = r.district_id and c.state in (2, 3, 4) and c.soon_at <= moment and c.due_at > moment
                and c.grade = any (r.grades) and c.unit_id is not null) f
        where f.many >= r.threshold;
    when 'overdue' then return query
        select f.unit_id, f.id::text, f.id, null::bigint, null::bigint, '{}'::jsonb
        from (select c.id, c.unit_id, count(*) over (partition by c.unit_id) as many from cc.cases c
              where c.district_id = r.district_id and c.state in (2, 3, 4) and c.due_at < moment
                and c.grade = any (r.grades) and c.unit_id is not null) f
        where f.many >= r.threshold;
    when 'redo' then return query
        select c.unit_id, c.id || ':' || c.redos, c.id, null::bigint, null::bigint, '{}'::jsonb from cc.cases c
        where c.district_id = r.district_id and c.state < 7 and c.redos > 0 and c.redos >= r.threshold
          and c.grade = any (r.grades) and c.unit_id is not null;
    when 'return' then return query
        select c.unit_id, c.id || ':' || c.returns, c.id, null::bigint, null::bigint, '{}'::jsonb from cc.cases c
        where c.district_id = r.district_id and c.state < 7 and c.returns > 0 and c.returns >= r.threshold
          and c.grade = any (r.grades) and c.unit_id is not null;
    else null;
    end case;
end $$;

-- same_kind: as many cases of one category in one community (or town, where no community is known) within the window as the
-- threshold says, of those that served the rule no time before; to the unit that leads the newest.
create or replace function cc.slips_on_places(r cc.slip_rules) returns setof cc.slip_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with recent as (
        select c.id, c.category_id, c.unit_id, c.received_at, split_part(c.path, '.', 1) as county, split_part(c.path, '.', 2) as town,
               split_part(c.path, '.', 3) as community
        from cc.cases c
        where c.district_id = r.district_id and c.category_id is not null and c.state < 8 and c.grade = any (r.grades)
          and c.received_at > cc.now() - r.window_days * interval '1 day'
          and not exists (select from cc.slip_facts f where f.district_id = r.district_id and f.rule_id = r.id and f.case_id = c.id)
    ), places as (
        select s.county, s.town, s.community, s.category_id, count(*) as many, min(s.received_at) as since
        from recent s where s.town <> '' group by s.county, s.town, s.community, s.category_id having count(*) >= r.threshold
    ), led as (
        select s.id, s.unit_id as own_unit, p.*, first_value(s.unit_id) over (partition by p.county, p.town, p.community, p.category_id
                                                      order by s.unit_id is null, s.received_at desc, s.id desc) as unit_id
        from places p
        join recent s on (s.county, s.town, s.community, s.category_id) = (p.county, p.town, p.community, p.category_id)
    )
    select l.unit_id, l.id::text, l.id, null::bigint, null::bigint,
           jsonb_build_object('place', coalesce(a.name, ''), 'category', k.path_name, 'count', l.many, 'since', l.since,
                              'days', r.window_days)
           -- a title may be a citizen's own words, and another unit's case is none of the addressed one's
           || case when l.own_unit is distinct from l.unit_id then jsonb_build_object('title', k.name) else '{}' end
    from led l
    join cc.categories k on k.district_id = r.district_id and k.id = l.category_id
    left join cc.areas a on a.district_id = r.district_id
        and a.path = concat_ws('.', l.county, l.town, nullif(l.community, ''), '')
    where l.unit_id is not null
$$;

-- satisfaction: the share of content citizens among those reached within the window, 基本满意 as the scheme in force counts
-- it, what was excluded upon review left out; of at least five, once a unit and month.
create or replace function cc.slips_on_satisfaction(r cc.slip_rules) returns setof cc.slip_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with counted as (
        select c.unit_id, count(*) as valid, count(*) filter (where f.satisfied = '满意') as satisfied,
               count(*) filter (where f.satisfied = '基本满意') as fairly
        from cc.follow_ups f
        join cc.cases c on (c.district_id, c.id) = (f.district_id, f.case_id)
        where f.district_id = r.district_id and f.reached and f.at > cc.now() - r.window_days * interval '1 day'
          and c.unit_id is not null and c.grade = any (r.grades)
          and not exists (select from cc.appeals a where a.district_id = f.district_id and a.case_id = f.case_id
                          and a.kind = 'exclusion' and a.granted and coalesce(a.follow_up_id, f.id) = f.id)
        group by c.unit_id
    ), shares as (
        select n.*, round((n.satisfied + n.fairly * coalesce((select s.basic_weight from cc.schemes s
            where s.district_id = r.district_id and s.active), 1)) / n.valid, 4) as share
        from counted n where n.valid >= 5
    )
    select s.unit_id, s.unit_id || ':' || to_char(cc.now() at time zone 'Asia/Shanghai', 'YYYY-MM'), null::bigint, null::bigint,
           null::bigint, jsonb_build_object('days', r.window_days, 'valid', s.valid, 'satisfied', s.satisfied, 'fairly', s.fairly,
                                            'not', s.valid - s.satisfied - s.fairly, 'share', s.share, 'line', r.threshold)
    from shares s where s.share < r.threshold
$$;

-- false_reply: content at the first call, and not at the second.
create or replace function cc.slips_on_second_calls(r cc.slip_rules) returns setof cc.slip_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select c.unit_id, s.follow_up_id::text, s.case_id, null::bigint, null::bigint,
           jsonb_strip_nulls(jsonb_build_object('first', f.satisfied, 'solved', s.solved, 'satisfied', s.satisfied, 'called_at', s.called_at))
    from cc.second_calls s
    join cc.follow_ups f on (f.district_id, f.id) = (s.district_id, s.follow_up_id)
    join (select district_id, id, unit_id, grade from cc.cases union all select district_id, id, unit_id, grade from cc.cases_archive) c
        on (c.district_id, c.id) = (s.district_id, s.case_id)
    where s.district_id = r.district_id and not s.agrees and c.unit_id is not null and c.grade = any (r.grades)
$$;

-- whistle_unanswered: once a party and level, from the level that the threshold names; whistle_late: once a party and clock.
-- Of whistles still going on. The journal has every miss with its level and limit; who came too late before the timekeeper
-- looked has the mark only, and the level is that of the round in force then.
create or replace function cc.slips_on_whistles(r cc.slip_rules) returns setof cc.slip_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with parties as (
        select p.*, w.number, w.level from cc.whistle_parties p join cc.whistles w on (w.district_id, w.id) = (p.district_id, p.whistle_id)
        where p.district_id = r.district_id and w.state < 6 and p.state <> 7
          and coalesce(p.answer_missed_at, p.arrive_missed_at, p.finish_missed_at) is not null
    ), missed as (
        select p.id, j.detail ->> 'clock' as clock, j.at, (j.detail ->> 'level')::smallint as level, (j.detail ->> 'due')::timestamptz as due_at
        from parties p join cc.journal j on (j.district_id, j.case_id) = (p.district_id, p.case_id)
        where j.entity = 'party' and j.entity_id = p.id and j.verb = 'missed'
        union all
        select p.id, m.clock, m.at, coalesce((select o.level from cc.whistle_rounds o where o.district_id = p.district_id
            and o.whistle_id = p.whistle_id and o.began_at < m.at order by o.round desc limit 1), p.level), null
        from parties p cross join lateral (values ('answer', p.answer_missed_at), ('arrive', p.arrive_missed_at),
                                                  ('finish', p.finish_missed_at)) as m (clock, at)
        where m.at is not null
    ), keyed as (
        select distinct on (k.key) m.*, k.key
        from missed m cross join lateral (select m.id || ':' || case m.clock when 'answer' then m.level::text else m.clock end as key) k
        where case r.trigger when 'whistle_unanswered' then m.clock = 'answer' and m.level >= r.threshold
                             else m.clock in ('arrive', 'finish') end
        order by k.key, m.due_at nulls last
    )
    select p.unit_id, m.key, p.case_id, p.whistle_id, null::bigint, jsonb_strip_nulls(jsonb_build_object('whistle', p.number,
        'level', m.level, 'level_name', l.name, 'clock', m.clock, 'missed_at', m.at, 'missed_due_at', m.due_at))
    from keyed m
    join parties p on p.id = m.id
    join cc.whistle_levels l on (l.district_id, l.level) = (p.district_id, m.level)
$$;

-- slip_unanswered: the next milder kind, its limit missed, once a round of replying; slips_in_month: as many of the next
-- milder kind signed within the window as the threshold says, of those that served the rule no time before.
create or replace function cc.slips_on_slips(r cc.slip_rules) returns setof cc.slip_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select s.unit_id, case r.trigger when 'slip_unanswered' then s.id || ':' || s.sent_back else s.id::text end, null::bigint,
           null::bigint, s.id, jsonb_build_object('slip', s.number, 'slip_kind', k.name, 'subject', s.subject, 'signed_at', s.signed_at,
                                                  'reply_due_at', s.reply_due_at, 'days', r.window_days, 'count', s.many)
    from (
        select o.*, count(*) over (partition by o.unit_id) as many from cc.slips o
        where o.district_id = r.district_id and o.kind = r.kind - 1 and case r.trigger
            when 'slip_unanswered' then o.state between 2 and 5 and o.reply_missed_at >= o.reply_due_at
            else (o.state between 2 and 6) and o.signed_at > cc.now() - r.window_days * interval '1 day'
                 and not exists (select from cc.slip_facts f where f.district_id = r.district_id and f.rule_id = r.id
                                 and f.key = o.id::text) end
    ) s join cc.slip_kinds k on (k.district_id, k.kind) = (s.district_id, s.kind)
    where s.many >= r.threshold
$$;

-- Months are scored elsewhere, and no score is kept yet by which somebody could be among the last: bottom_three finds nothing.
create or replace function cc.slip_findings(r cc.slip_rules) returns setof cc.slip_finding
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    case r.trigger
        when 'soon', 'overdue', 'redo', 'return' then return query select * from cc.slips_on_cases(r);
        when 'same_kind' then return query select * from cc.slips_on_places(r);
        when 'satisfaction' then return query select * from cc.slips_on_satisfaction(r);
        when 'false_reply' then return query select * from cc.slips_on_second_calls(r);
        when 'whistle_unanswered', 'whistle_late' then return query select * from cc.slips_on_whistles(r);
        when 'slip_unanswered', 'slips_in_month' then return query select * from cc.slips_on_slips(r);
        else return;
    end case;
end $$;
