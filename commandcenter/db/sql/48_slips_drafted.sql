-- What the timekeeper drafts: from the findings of each rule one draft a unit and day, which gathers new facts until a person
-- touches it, in words that a person may change.

create or replace function cc.told(p_at timestamptz) returns text
language sql stable set search_path = pg_catalog, pg_temp
as $$ select to_char(p_at at time zone 'Asia/Shanghai', 'FMMM"月"FMDD"日"FMHH24"时"MI"分"') $$;

create or replace function cc.percent(p_share numeric) returns text
language sql immutable set search_path = pg_catalog, pg_temp
as $$ select trim_scale(round(p_share * 100, 1)) || '%' $$;

-- One fact as a part of a sentence: the number, and in brackets what is wrong with it.
create or replace function cc.slip_phrase(p_trigger text, f jsonb) returns text
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select case p_trigger
        when 'soon' then format('%s（%s色，办理时限%s）', f ->> 'number', g.word, cc.told((f ->> 'due_at')::timestamptz))
        when 'overdue' then format('%s（%s色，办理时限%s）', f ->> 'number', g.word, cc.told((f ->> 'due_at')::timestamptz))
        when 'redo' then format('%s（%s色，已重办%s次）', f ->> 'number', g.word, f ->> 'redos')
        when 'return' then format('%s（%s色，已退单%s次）', f ->> 'number', g.word, f ->> 'returns')
        when 'satisfaction' then format('近%s日内，你单位承办工单有效回访%s件次，其中满意%s件次、基本满意%s件次、不满意%s件次，满意率%s，低于%s的标准',
            f ->> 'days', f ->> 'valid', f ->> 'satisfied', f ->> 'fairly', f ->> 'not', cc.percent((f ->> 'share')::numeric),
            cc.percent((f ->> 'line')::numeric))
        when 'false_reply' then format('%s（首次回访为“%s”，抽查复核为“%s、%s”）', f ->> 'number', f ->> 'first',
            case when (f ->> 'solved')::boolean then '已解决' else '未解决' end, f ->> 'satisfied')
        when 'whistle_unanswered' then format('%s（%s，工单%s%s）', f ->> 'whistle', f ->> 'level_name', f ->> 'number',
            '，应哨时限' || cc.told((f ->> 'missed_due_at')::timestamptz))
        when 'whistle_late' then format('%s（%s，工单%s，逾时未%s%s）', f ->> 'whistle', f ->> 'level_name', f ->> 'number',
            case f ->> 'clock' when 'arrive' then '报到' else '办完' end, '，时限' || cc.told((f ->> 'missed_due_at')::timestamptz))
        when 'slip_unanswered' then format('%s（%s签发，回复时限%s）', f ->> 'slip', cc.told((f ->> 'signed_at')::timestamptz),
            cc.told((f ->> 'reply_due_at')::timestamptz))
        when 'slips_in_month' then format('%s（%s签发）', f ->> 'slip', cc.told((f ->> 'signed_at')::timestamptz))
        else f ->> 'number' end
    from (select substr('红橙黄蓝绿', (f ->> 'grade')::integer + 1, 1) as word) g
$$;

-- Subject and wrong of a rule's draft, from all facts it has gathered; at most twenty are named, of more the document's own list tells.
create or replace function cc.slip_words(r cc.slip_rules, p_slip bigint, out subject text, out wrong text)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with facts as (
        select f.fact, row_number() over (order by f.at, f.key) as nth, count(*) over () as many from cc.slip_facts f
        where f.district_id = r.district_id and f.slip_id = p_slip
    ), sets as (  -- same_kind: a clause for each place and category, the most frequent first; many are counted, and listed apart
        select format('%s“%s”类诉求出现%s件', fact ->> 'place', fact ->> 'category', count(*))
               || case when max(many) <= 20 then '：' || string_agg(fact ->> 'number', '、' order by nth) else '' end as words,
               row_number() over (order by count(*) desc, min(nth)) as place_no
        from facts group by fact ->> 'place', fact ->> 'category'
    ), said as (
        select case r.trigger when 'same_kind' then format('近%s日内，', min(f.fact ->> 'days'))
                   || (select string_agg(s.words, '；' order by s.place_no) filter (where s.place_no <= 10) from sets s)
                              else string_agg(cc.slip_phrase(r.trigger, f.fact), '；' order by f.nth) filter (where f.nth <= 20) end
               || case when max(f.many) > 20 then format('；等，共%s项，清单附后', max(f.many)) else '' end as list, max(f.many) as many,
               count(distinct f.fact ->> 'number') as cases, min(f.fact ->> 'slip_kind') as lower,
               min(f.fact ->> 'days') as days
        from facts f
    )
    select format('关于%s的%s', case r.trigger
            when 'soon' then s.cases || '件工单临近办理时限'
            when 'overdue' then s.cases || '件工单超期未办结'
            when 'same_kind' then '同类诉求反复出现'
            when 'satisfaction' then '群众满意率低于标准'
            when 'redo' then s.cases || '件工单多次重办'
            when 'return' then s.cases || '件工单多次退单'
            when 'whistle_unanswered' then '吹哨逾时未应'
            when 'whistle_late' then '应哨后逾时未报到或未办完'
            when 'slip_unanswered' then s.lower || '逾期未回复'
            when 'slips_in_month' then '多次被下发' || s.lower
            when 'false_reply' then '办理结果与实际不符'
            else r.name end, regexp_replace(k.name, '单$', '')),
        case r.trigger
            when 'soon' then format('截至%s，你单位承办的下列%s件工单临近办理时限，尚未办结：', cc.told(cc.now()), s.cases)
            when 'overdue' then format('截至%s，你单位承办的下列%s件工单超过办理时限，尚未办结：', cc.told(cc.now()), s.cases)
            when 'redo' then format('经回访群众认为未解决或不满意，你单位承办的下列%s件工单多次重办：', s.cases)
            when 'return' then format('你单位承办的下列%s件工单多次退单，影响诉求及时办理：', s.cases)
            when 'whistle_unanswered' then format('下列%s次吹哨，你单位未在规定时间内应哨：', s.many)
            when 'whistle_late' then format('下列吹哨，你单位应哨后未按规定时间到场办理，共%s项：', s.many)
            when 'slip_unanswered' then format('下列%s份%s，你单位逾期未书面回复：', s.many, s.lower)
            when 'slips_in_month' then format('近%s日内，你单位被下发%s共%s份：', s.days, s.lower, s.many)
            when 'false_reply' then format('下列%s件工单，你单位反馈已办结，经抽查复核与实际不符：', s.cases)
            else '' end || s.list || '。'
    from said s, cc.slip_kinds k where (k.district_id, k.kind) = (r.district_id, r.kind)
$$;

-- The unit's growing draft of today gets the facts; where a person's hand was on it, or there is none, a new one begins.
create or replace function cc.grow_slip(r cc.slip_rules, p_unit integer, p_found cc.slip_finding[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
-- A plan made while there were few facts is kept for the session: it must not scan all that have been gathered since.
set enable_seqscan = off
as $$
declare
    today date := (cc.now() at time zone 'Asia/Shanghai')::date;
    s cc.slips;
    fresh boolean;
    words record;
begin
    select * into s from cc.slips x where x.district_id = r.district_id and x.rule_id = r.id and x.unit_id = p_unit
       and x.day = today and x.state = 0 and not x.edited for update;
    fresh := not found;
    s.id := coalesce(s.id, cc.new_id());
    insert into cc.slip_facts (rule_id, key, slip_id, case_id, whistle_id, of_slip_id, at, fact)
    select r.id, f.key, s.id, f.case_id, f.whistle_id, f.of_slip_id, cc.now(),
           coalesce((select cc.fact_of(c) from cc.cases c where c.district_id = r.district_id and c.id = f.case_id),  -- by its key
                    cc.case_fact(f.case_id), '{}') || f.fact
    from unnest(p_found) f;
    words := cc.slip_words(r, s.id);
    if fresh then
        insert into cc.slips (id, kind, state, rule_id, trigger, day, unit_id, path, addressee, copies, subject, wrong, demand, drafted_at,
            drafted_by, changed_at, verb, actor, detail)
        select s.id, k.kind, 0, r.id, r.trigger, today, u.id, u.path, k.addressee, k.copies, words.subject, words.wrong, k.demand, cc.now(),
               'cc_system', cc.now(), 'draft', 'cc_system',
               jsonb_build_object('kind', k.kind, 'unit', u.id, 'trigger', r.trigger, 'facts', cardinality(p_found))
        from cc.slip_kinds k, cc.units u
        where (k.district_id, k.kind) = (r.district_id, r.kind) and (u.district_id, u.id) = (r.district_id, p_unit);
    else
        update cc.slips x set verb = 'gather', actor = 'cc_system', subject = words.subject, wrong = words.wrong,
            detail = jsonb_build_object('facts', cardinality(p_found))
        where x.district_id = r.district_id and x.id = s.id;
    end if;
end $$;

-- One round: what every active rule finds and has not found before, for units that still exist; how many drafts it began or
-- added to. One round at a time: another that comes meanwhile finds the first at it, and leaves it to the next.
create or replace function cc.draft_slips() returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.slip_rules;
    g record;
    touched integer := 0;
begin
    if not pg_try_advisory_xact_lock(371082, 48) then
        return 0;
    end if;
    for r in select * from cc.slip_rules where district_id = cc.home_district() and active order by kind, id loop
        for g in select f.unit_id, array_agg(f::cc.slip_finding order by f.key) as found
                 from cc.slip_findings(r) f
                 join cc.units u on u.district_id = r.district_id and u.id = f.unit_id and u.active
                 where not exists (select from cc.slip_facts x where x.district_id = r.district_id and x.rule_id = r.id and x.key = f.key)
                 group by f.unit_id order by f.unit_id loop
            perform cc.grow_slip(r, g.unit_id, g.found);
            touched := touched + 1;
        end loop;
    end loop;
    return touched;
end $$;
