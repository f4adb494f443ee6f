-- 核查 of slips 三单 and of what was asked on the telephone, in the manner of 93_audit_cases.sql.

create or replace function cc.audit_slips() returns setof cc.audit_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with deeds as (
        select j.entity_id, count(*) as number, (array_agg(j.to_state order by j.seq desc))[1] as last_state,
               bool_or(j.from_state is distinct from j.before) as broken,
               max(j.at) filter (where j.verb = 'send_back') as sent_back_at,
               bool_or(j.verb = 'edit' and j.detail -> 'fields' ? 'reply_due_at') as own_limit
        from (select *, lag(to_state) over (partition by entity_id order by seq) as before from cc.journal
              where district_id = cc.home_district() and entity = 'slip') j
        group by j.entity_id
    ), signed as (
        select g.slip_id, count(*) as number, max(g.place) as last, max(g.signed_at) as at, count(distinct g.login) as people
        from cc.slip_signatures g where g.district_id = cc.home_district() group by g.slip_id
    ), edited as (
        select coalesce(max(j.at), '-infinity') as at from cc.journal j where j.district_id = cc.home_district()
          and j.verb in ('update', 'delete') and j.entity in ('slip_kinds', 'calendar', 'work_hours')
    )
    select found.code, s.id, coalesce(s.number, s.id::text)
    from cc.slips s
    join cc.slip_kinds k on (k.district_id, k.kind) = (s.district_id, s.kind)
    join cc.units u on (u.district_id, u.id) = (s.district_id, s.unit_id)
    cross join edited e
    left join deeds d on d.entity_id = s.id
    left join signed g on g.slip_id = s.id
    cross join lateral (values
        ('slip_number', (s.state in (0, 1, 7)) <> (s.number is null) or (s.number is null) <> (s.serial is null or s.year is null)),
        ('slip_signed', s.state in (2, 3, 4, 5, 6, 8) and (s.signed_at is null or s.receipt_due_at is null
            or s.reply_due_at is null or g.at is distinct from s.signed_at)
            or s.state = 0 and g.number > 0 or s.state = 1 and coalesce(g.number, 0) = 0),
        ('slip_signatures', g.number > 0 and (g.last <> g.number or g.people <> g.number)),
        ('slip_received', s.state between 3 and 6 and s.received_at is null or s.state = 2 and s.received_at is not null),
        ('slip_replied', s.state between 4 and 6 and (s.replied_at is null or btrim(s.reply) = '')
            or s.state in (2, 3) and s.replied_at is not null),
        ('slip_judged', s.state in (5, 6) and s.judged_at is null or s.state < 4 and s.judged_at is not null),
        ('slip_plan', s.kind = 3 and s.state between 4 and 6 and btrim(s.plan) = ''),
        ('slip_order', s.drafted_at > s.signed_at or s.signed_at > s.received_at or s.received_at > s.replied_at
            or s.state <> 4 and s.replied_at > s.judged_at),
        ('slip_ended', s.state in (7, 8) and btrim(s.ended_words) = ''),
        ('slip_missed', s.receipt_missed_at is not null and s.received_at <= s.receipt_due_at
            or s.receipt_missed_at <= s.receipt_due_at),
        ('slip_clock', case when s.signed_at >= e.at then  -- a case, because an "and" may ask for the clock of no moment
            s.receipt_due_at is distinct from cc.advance(s.signed_at, k.receipt_minutes * 60000000::bigint, u.hours_id)
            or not coalesce(d.own_limit and d.sent_back_at is null, false)
               and s.reply_due_at is distinct from cc.end_of_working_day(coalesce(d.sent_back_at, s.signed_at), k.reply_days, u.hours_id)
            else false end),
        ('slip_groundless', s.rule_id is not null and not exists (select from cc.slip_facts f where f.district_id = s.district_id
                                                                  and f.slip_id = s.id)),
        ('slip_journal', d.entity_id is null or d.last_state <> s.state or d.number <> s.version),
        ('slip_steps', coalesce(d.broken, false))
    ) as found (code, wrong)
    where s.district_id = cc.home_district() and found.wrong
$$;

-- Numbers by kind and year: from one to the last given, void ones among them, none missing, none twice.
create or replace function cc.audit_slip_numbers() returns setof cc.audit_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with years as (
        select kind, year, count(*) as number, count(distinct serial) as different, min(serial) as first, max(serial) as last,
               count(distinct s.number) as names
        from cc.slips s where s.district_id = cc.home_district() and s.serial is not null group by kind, year
    )
    select 'slip_numbers', 0::bigint, k.name || ' ' || coalesce(y.year, n.year)
    from years y
    full join (select * from cc.slip_numbers where district_id = cc.home_district()) n on (n.kind, n.year) = (y.kind, y.year)
    left join cc.slip_kinds k on k.district_id = cc.home_district() and k.kind = coalesce(y.kind, n.kind)
    where y.number is distinct from n.last or y.different <> y.number or y.names <> y.number or y.first <> 1
$$;

create or replace function cc.audit_calls() returns setof cc.audit_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with every as materialized (
        select id, number, redos, state, flags from cc.cases where district_id = cc.home_district()
        union all select id, number, redos, state, flags from cc.cases_archive where district_id = cc.home_district()
    )
    select found.code, f.id, coalesce(c.number, f.id::text)
    from cc.follow_ups f
    left join every c on c.id = f.case_id
    left join cc.reports p on (p.district_id, p.id) = (f.district_id, f.report_id)
    cross join lateral (values
        -- of this case, or of one that it is or was handled together with
        ('call_no_report', p.id is null or p.case_id <> f.case_id and p.home_id <> f.case_id
            and not exists (select from cc.merges m where m.district_id = f.district_id and f.case_id in (m.kept_id, m.source_id))
            and not exists (select from cc.journal j where j.district_id = f.district_id and j.case_id = p.home_id
                            and j.entity = 'case' and j.verb = 'split' and (j.detail ->> 'from')::bigint = f.case_id)),
        ('call_round', f.round > c.redos),
        ('call_answer', f.reached and (f.solved is null or f.satisfied is null)
            or not f.reached and (f.solved is not null or f.satisfied is not null or f.contacted is not null)),
        ('call_future', f.at > cc.now())
    ) as found (code, wrong)
    where f.district_id = cc.home_district() and found.wrong
    union all
    -- 双否 (flag 128), by what each citizen said last that was one or the other
    select 'case_double_no', c.id, c.number
    from every c
    left join (
        select last.case_id, bool_or(not last.solved) as no from (
            select distinct on (f.case_id, f.report_id) f.case_id, f.solved from cc.follow_ups f
            join cc.reports r on (r.district_id, r.id, r.case_id) = (f.district_id, f.report_id, f.case_id)
            where f.district_id = cc.home_district() and f.reached and f.solved = (f.satisfied <> '不满意')
            order by f.case_id, f.report_id, f.at desc, f.id desc) last
        group by last.case_id) said on said.case_id = c.id
    where (c.flags & 128 <> 0) <> coalesce(said.no, false) and c.state <> 8
      and not exists (select from cc.journal j where j.district_id = cc.home_district() and j.case_id = c.id and j.verb = 'load')
    union all
    select found.code, s.follow_up_id, coalesce(c.number, s.follow_up_id::text)
    from cc.second_calls s
    left join every c on c.id = s.case_id
    left join cc.follow_ups f on (f.district_id, f.id) = (s.district_id, s.follow_up_id)
    cross join lateral (values
        ('second_call_of_none', f.id is null or f.case_id <> s.case_id or f.report_id <> s.report_id or f.actor <> s.first_caller),
        ('second_call_unasked', f.reached is not true or f.solved is not true or f.satisfied = '不满意'),
        ('second_call_by_first', s.called_by = s.first_caller),
        ('second_call_early', s.drawn_at < f.at or s.called_at < s.drawn_at
            or s.day <> (f.at at time zone 'Asia/Shanghai')::date),
        ('second_call_answer', s.reached and (s.solved is null or s.satisfied is null or s.agrees is null or s.called_at is null))
    ) as found (code, wrong)
    where s.district_id = cc.home_district() and found.wrong
    union all
    select found.code, a.id, coalesce(c.number, a.id::text)
    from cc.appeals a
    left join every c on c.id = a.case_id
    left join cc.follow_ups f on (f.district_id, f.id) = (a.district_id, a.follow_up_id)
    cross join lateral (values
        ('appeal_review', (a.granted is null) <> (a.reviewed_at is null) or a.granted is not null and btrim(a.words) = ''),
        ('appeal_own', a.reviewed_by = a.applied_by),
        ('appeal_of_none', a.follow_up_id is not null and (f.id is null or f.case_id <> a.case_id)),
        ('appeal_unit', not exists (select from cc.assignments s where s.district_id = a.district_id and s.case_id = a.case_id
                                    and s.unit_id = a.unit_id))
    ) as found (code, wrong)
    where a.district_id = cc.home_district() and found.wrong
$$;
