-- 核查: whether what is stored can have come about. Every check asks the rows themselves and the journal, never the functions
-- that wrote them. `code` is put into words by commandcenter/services/audit.py. For administrators; reads, changes nothing.

do $$ begin
    create type cc.audit_finding as (code text, id bigint, name text);
exception when duplicate_object then null; end $$;

create or replace function cc.audit_cases() returns setof cc.audit_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with every as materialized (
        select * from cc.cases where district_id = cc.home_district()
        union all select * from cc.cases_archive where district_id = cc.home_district()
    ), deeds as materialized (
        select j.case_id, count(*) as number, count(*) filter (where j.verb = 'redo') as redos,
               count(*) filter (where j.verb = 'return') as returns, bool_or(j.verb = 'load') as loaded,
               (array_agg(j.to_state order by j.seq desc))[1] as last_state, min(j.seq) as first_seq
        from cc.journal j where j.district_id = cc.home_district() and j.entity = 'case' group by j.case_id
    ), steps as (
        select j.case_id, bool_or(j.from_state is distinct from j.before and j.from_state is not null or
                                  (j.before is null) <> (j.from_state is null)) as broken
        from (select case_id, from_state, lag(to_state) over (partition by case_id order by seq) as before from cc.journal
              where district_id = cc.home_district() and entity = 'case') j
        group by j.case_id
    ), leads as (
        select a.case_id, count(*) filter (where a.part = 'lead' and a.ended_at is null) as leads,
               max(a.unit_id) filter (where a.part = 'lead' and a.ended_at is null) as unit_id,
               max(a.due_at) filter (where a.part = 'lead' and a.ended_at is null) as due_at,
               bool_or(a.accepted_at is not null) filter (where a.part = 'lead' and a.ended_at is null) as signed,
               count(*) filter (where a.ended_at is null) as running
        from cc.assignments a where a.district_id = cc.home_district() group by a.case_id
    ), told as (
        select p.case_id, count(*) as number from cc.reports p where p.district_id = cc.home_district() group by p.case_id
    ), called as (
        select p.case_id, bool_or(f.reached is not true and f.calls < cc.setting('call_attempts')) as missing
        from cc.reports p
        join every c on c.district_id = p.district_id and c.id = p.case_id and c.state = 7
        cross join lateral (select bool_or(f.reached) as reached, count(*) as calls from cc.follow_ups f
                            where f.district_id = p.district_id and f.case_id = p.case_id and f.report_id = p.id
                              and f.round = c.redos) f
        where p.district_id = cc.home_district() group by p.case_id
    )
    select found.code, c.id, c.number
    from every c
    left join deeds d on d.case_id = c.id
    left join steps s on s.case_id = c.id
    left join leads l on l.case_id = c.id
    left join told t on t.case_id = c.id
    left join called k on k.case_id = c.id
    cross join lateral (values
        ('case_unsent', c.state < 2 and (c.unit_id is not null or c.dispatched_at is not null or c.due_at is not null)),
        ('case_no_clock', c.state between 2 and 7 and (c.unit_id is null or c.dispatched_at is null or c.accept_due_at is null
            or c.return_until is null or c.soon_at is null or c.due_at is null)),
        ('case_soon_after_due', c.soon_at > c.due_at),
        ('case_paused', (c.state = 5) <> (c.paused_at is not null) and c.state not in (8, 9)),
        ('case_finished', c.state in (6, 7) and c.finished_at is null or c.state < 6 and c.finished_at is not null),
        ('case_ended', (c.state >= 7) <> (c.archived_at is not null)),
        ('case_order', c.received_at > c.dispatched_at or c.dispatched_at > c.finished_at or c.finished_at > c.archived_at
            or c.archived_at > cc.now()),
        ('case_extension', c.state < 7 and (c.flags & 2 <> 0) <> (c.extension_days is not null) and not coalesce(d.loaded, false)),
        ('case_problem', c.flags & 1 = 0 and not coalesce(d.loaded, false)
            and (c.returns >= cc.setting('problem_returns') or c.redos >= cc.setting('problem_redos'))),
        ('case_held', (c.holder = '') <> (c.held_at is null) or c.holder <> '' and c.state >= 7),
        ('case_lead', c.state between 2 and 6 and (coalesce(l.leads, 0) <> 1 or l.unit_id is distinct from c.unit_id
            or l.due_at is distinct from c.due_at) or c.state >= 7 and coalesce(l.running, 0) > 0),
        ('case_signed', c.state in (3, 5, 6) and l.signed is not true and not coalesce(d.loaded, false)),
        ('case_reports', c.reports <> coalesce(t.number, 0)),
        ('case_uncalled', c.state = 7 and k.missing and not coalesce(d.loaded, false)),
        ('case_journal', d.case_id is null or c.version <> d.number or c.state <> d.last_state),
        ('case_steps', coalesce(s.broken, false)),
        ('case_counts', not coalesce(d.loaded, false) and (c.redos <> d.redos or c.returns <> d.returns))
    ) as found (code, wrong)
    where found.wrong
$$;

-- Numbers of a day: in each lane from its first to the one before its next, none missing, none twice (39_numbers.sql).
create or replace function cc.audit_numbers() returns setof cc.audit_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with given as (
        select to_date(substr(number, 3, 8), 'YYYYMMDD') as day, split_part(number, '-', 2)::integer as serial
        from (select number from cc.cases where district_id = cc.home_district()
              union all select number from cc.cases_archive where district_id = cc.home_district()) c
        where number ~ '^RC[0-9]{8}-[0-9]+$'
    ), lanes as (
        select day, (serial - 1) % cc.number_lanes() as lane, count(*) as number, count(distinct serial) as different,
               min(serial) as first, max(serial) as last from given group by 1, 2
    )
    select 'day_numbers', 0::bigint, to_char(coalesce(g.day, n.day), 'YYYY-MM-DD')
    from lanes g full join (select * from cc.day_numbers where district_id = cc.home_district()) n on (n.day, n.lane) = (g.day, g.lane)
    where g.number is distinct from nullif((n.next - 1 - n.lane) / cc.number_lanes(), 0)
       or g.different <> g.number or g.first <> g.lane + 1 or g.last <> n.next - cc.number_lanes()
    group by 3
$$;

-- What hangs on a case hangs on one that exists.
create or replace function cc.audit_children() returns setof cc.audit_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select child.code, child.id, coalesce(child.name, '')
    from (
        select 'orphan_report' as code, id, null::text as name, case_id from cc.reports where district_id = cc.home_district()
        union all select 'orphan_assignment', id, null, case_id from cc.assignments where district_id = cc.home_district()
        union all select 'orphan_finish', id, null, case_id from cc.finishes where district_id = cc.home_district()
        union all select 'orphan_follow_up', id, null, case_id from cc.follow_ups where district_id = cc.home_district()
        union all select 'orphan_attachment', id, null, case_id from cc.attachments where district_id = cc.home_district()
        union all select 'orphan_whistle', id, number, case_id from cc.whistles where district_id = cc.home_district()
        union all select 'orphan_appeal', id, null, case_id from cc.appeals where district_id = cc.home_district()
        union all select 'orphan_slip_fact', slip_id, key, case_id from cc.slip_facts
                  where district_id = cc.home_district() and case_id is not null
    ) child
    where not exists (select from cc.cases c where c.district_id = cc.home_district() and c.id = child.case_id)
      and not exists (select from cc.cases_archive c where c.district_id = cc.home_district() and c.id = child.case_id)
$$;

-- The clocks of a case by its journal: from its dispatch, with every handing over, pause, extension, change of grade and redo
-- since, in their order. Only limits and calendar are asked, not what the verbs have stored.
create or replace function cc.replayed_deadlines(c cc.cases) returns cc.deadlines
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    d cc.deadlines;
    fresh cc.deadlines;
    deed record;
    back record;
    grade smallint;
    hours integer;
    unit integer;
    since timestamptz;
    given timestamptz;
    longer timestamptz;
    limits jsonb := '{}';  -- what cases that are merged into it have given, by link
begin
    -- the grade it was registered with: what the first change of grade changed
    grade := coalesce((select (j.detail ->> 'was')::smallint from cc.journal j where j.district_id = c.district_id
                       and j.case_id = c.id and j.entity = 'case' and j.verb in ('grade', 'absorb', 'unmerge') and j.detail ? 'was'
                       order by j.seq limit 1), c.grade);
    for deed in
        select j.seq, j.at, j.verb, j.detail from cc.journal j
        where j.district_id = c.district_id and j.case_id = c.id and j.entity = 'case'
          and j.verb in ('grade', 'dispatch', 'answer_now', 'review_return', 'reassign', 'resume', 'review_extension', 'redo',
                         'absorb', 'unmerge')
        order by j.seq
    loop
        case deed.verb
            when 'dispatch', 'answer_now' then
                unit := (deed.detail ->> 'unit')::integer;
                since := deed.at;
                given := deed.at;
            when 'review_return', 'reassign' then
                if deed.verb = 'review_return' and not (deed.detail ->> 'approved')::boolean then
                    continue;  -- back to the same unit, whose limits run on
                end if;
                unit := (deed.detail ->> 'unit')::integer;
                given := deed.at;
            when 'redo' then
                since := deed.at;
            else null;
        end case;
        hours := (select u.hours_id from cc.units u where u.district_id = c.district_id and u.id = unit);
        -- a person's grade and a redo are decisions about all of it, and a new unit has its own time to sign
        limits := case when deed.verb in ('grade', 'redo') then '{}'
                       when deed.verb = 'absorb' and deed.detail ? 'due_at'
                           then limits || jsonb_build_object(deed.detail ->> 'merge', deed.detail)
                       when deed.verb = 'unmerge' then limits - (deed.detail ->> 'merge')
                       when deed.verb in ('review_return', 'reassign')
                           then (select coalesce(jsonb_object_agg(l.key, l.value - 'accept_due_at'), '{}') from jsonb_each(limits) l)
                       else cc.limits_moved(limits, d.working, deed.verb, deed.detail, deed.at, hours) end;
        if deed.verb in ('grade', 'absorb', 'unmerge') then
            continue when not deed.detail ? 'grade';
            if (deed.detail ->> 'grade')::smallint = grade then
                continue;
            end if;
            grade := (deed.detail ->> 'grade')::smallint;
            continue when unit is null;
        end if;
        case deed.verb
            when 'dispatch', 'answer_now' then
                d := cc.deadlines_of(grade, deed.at, hours);
            when 'review_return', 'reassign' then
                fresh := cc.deadlines_of(grade, deed.at, hours);
                d.accept_due_at := fresh.accept_due_at;
                d.return_until := fresh.return_until;
            when 'redo' then
                fresh := cc.deadlines_of(grade, deed.at, hours);
                d.soon_at := fresh.soon_at;
                d.due_at := fresh.due_at;
            when 'review_extension' then
                if (deed.detail ->> 'approved')::boolean then
                    longer := cc.extended(d.due_at, (deed.detail ->> 'days')::integer, d.working, hours);
                    d.soon_at := cc.moved(d.soon_at, d.due_at, longer, d.working, hours);
                    d.due_at := longer;
                end if;
            when 'resume' then
                d := cc.after_pause(d, (deed.detail ->> 'paused_at')::timestamptz, deed.at, hours);
            when 'grade', 'absorb', 'unmerge' then  -- of that grade all along: since then every pause and extension once more
                fresh := cc.deadlines_of(grade, given, hours);
                d := cc.deadlines_of(grade, since, hours);
                d.accept_due_at := fresh.accept_due_at;
                d.return_until := fresh.return_until;
                for back in
                    select j.at, j.verb, j.detail from cc.journal j where j.district_id = c.district_id and j.case_id = c.id
                      and j.entity = 'case' and j.at >= since and j.seq < deed.seq and j.verb in ('resume', 'review_extension')
                    order by j.seq
                loop
                    if back.verb = 'resume' then
                        longer := case when (back.detail ->> 'paused_at')::timestamptz < given then d.return_until end;
                        d := cc.after_pause(d, (back.detail ->> 'paused_at')::timestamptz, back.at, hours);
                        d.return_until := coalesce(longer, d.return_until);  -- its unit did not have it then
                    elsif (back.detail ->> 'approved')::boolean then
                        longer := cc.extended(d.due_at, (back.detail ->> 'days')::integer, d.working, hours);
                        d.soon_at := cc.moved(d.soon_at, d.due_at, longer, d.working, hours);
                        d.due_at := longer;
                    end if;
                end loop;
            else null;
        end case;
    end loop;
    select least(d.accept_due_at, min((l.value ->> 'accept_due_at')::timestamptz)), least(d.soon_at, min((l.value ->> 'soon_at')::timestamptz)),
           least(d.due_at, min((l.value ->> 'due_at')::timestamptz))
    into d.accept_due_at, d.soon_at, d.due_at from jsonb_each(limits) l;
    return d;
end $$;

-- Limits that links have given, moved by a pause that ends or an extension that is granted.
create or replace function cc.limits_moved(p_limits jsonb, p_working boolean, p_verb text, p_detail jsonb, p_at timestamptz, p_hours integer)
returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select coalesce(jsonb_object_agg(l.key, l.value || case
        when p_verb = 'resume' then jsonb_build_object(
            'soon_at', cc.moved(l.soon_at, (p_detail ->> 'paused_at')::timestamptz, p_at, p_working, p_hours),
            'due_at', cc.moved(l.due_at, (p_detail ->> 'paused_at')::timestamptz, p_at, p_working, p_hours))
        when p_verb = 'review_extension' and (p_detail ->> 'approved')::boolean then jsonb_build_object(
            'soon_at', cc.moved(l.soon_at, l.due_at, cc.extended(l.due_at, (p_detail ->> 'days')::integer, p_working, p_hours), p_working, p_hours),
            'due_at', cc.extended(l.due_at, (p_detail ->> 'days')::integer, p_working, p_hours))
        else '{}' end), '{}')
    from (select e.key, e.value, (e.value ->> 'soon_at')::timestamptz as soon_at, (e.value ->> 'due_at')::timestamptz as due_at
          from jsonb_each(p_limits) e) l
$$;

-- A pause moves every limit by what was paused, and that for returning only where it had not passed.
create or replace function cc.after_pause(d cc.deadlines, p_from timestamptz, p_to timestamptz, p_hours integer) returns cc.deadlines
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    d.due_at := cc.moved(d.due_at, p_from, p_to, d.working, p_hours);
    d.soon_at := cc.moved(d.soon_at, p_from, p_to, d.working, p_hours);
    if d.return_until >= p_from then
        d.return_until := cc.moved(d.return_until, p_from, p_to, d.working, p_hours);
    end if;
    return d;
end $$;

-- Cases in the hot table whose clocks are not what their journal makes them. Those dispatched before the rules were last
-- edited are left out: by which rules they were sent is not known any more. So are loaded ones, whose past is not journalled.
create or replace function cc.audit_clocks() returns setof cc.audit_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with edited as (
        select coalesce(max(j.at), '-infinity') as at from cc.journal j
        where j.district_id = cc.home_district() and j.verb in ('update', 'delete')
          and j.entity in ('grade_limits', 'calendar', 'work_hours', 'units')
          and (j.entity <> 'units' or j.detail #>> '{was,hours_id}' is distinct from j.detail #>> '{becomes,hours_id}')
    ), loaded as (
        select distinct j.case_id from cc.journal j where j.district_id = cc.home_district() and j.entity = 'case' and j.verb = 'load'
    ), known as materialized (  -- chosen first: replaying takes a while
        select c as of from cc.cases c left join loaded l on l.case_id = c.id
        where c.district_id = cc.home_district() and c.dispatched_at >= (select at from edited) and c.state <> 8
          and l.case_id is null
    )
    select 'case_clock', (k.of).id, (k.of).number
    from known k cross join lateral cc.replayed_deadlines(k.of) r
    where (r.due_at, r.soon_at, r.accept_due_at, r.return_until)
          is distinct from ((k.of).due_at, (k.of).soon_at, (k.of).accept_due_at, (k.of).return_until)
$$;
