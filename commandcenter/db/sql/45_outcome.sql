-- Verbs at the end of a case's life, and who holds it meanwhile.

create or replace function cc.finish(p_case bigint, p_version integer, p_discussed_with text, p_discussed_at timestamptz,
    p_done text, p_done_by timestamptz, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'finish');
    c cc.cases;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('finish', p_case, p_version);
    perform cc.need_own_assignment(c);
    perform cc.need(p_discussed_with, 'discussed_with');
    perform cc.need(p_discussed_at::text, 'discussed_at');
    perform cc.need(p_done, 'done');
    perform cc.need(p_done_by::text, 'done_by');
    insert into cc.finishes (case_id, at, actor, discussed_with, discussed_at, done, done_by)
    values (c.id, cc.now(), session_user, p_discussed_with, p_discussed_at, p_done, p_done_by);
    update cc.cases x set verb = 'finish', state = 6, finished_at = cc.now(), extension_days = null, flags = x.flags & ~2,
        detail = jsonb_build_object('in_time', cc.now() <= x.due_at)
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;

-- What stands of the citizens' answers: neither solved nor content (双否), with nothing but 双是 to take it back, in this
-- round or a later one. For the leader's eye (flag 128).
create or replace function cc.has_double_no(p_case bigint) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from (select distinct on (f.report_id) f.solved from cc.follow_ups f
                     join cc.reports r on (r.district_id, r.id, r.case_id) = (f.district_id, f.report_id, f.case_id)
                     where f.district_id = cc.home_district() and f.case_id = p_case and f.reached
                       and f.solved = (f.satisfied <> '不满意')  -- 双是 or 双否
                     order by f.report_id, f.at desc, f.id desc) last
        where not last.solved);
end $$;

-- One call written down; whoever calls this has begun the verb. Who was not reached is tried again at another time: a try
-- within the gap after the last one (setting call_gap_minutes) is none, or three in a row would pass for unreachable.
create or replace function cc.write_call(c cc.cases, p_report bigint, p_reached boolean, p_contacted boolean, p_solved boolean,
    p_satisfied text, p_words text) returns cc.cases
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    again timestamptz;
begin
    if not exists (select from cc.reports where district_id = c.district_id and id = p_report and case_id = c.id) then
        raise exception 'no such report in this case' using errcode = 'CC004', detail = 'report';
    end if;
    if cc.my_role() = 'cc_followup' and c.holder not in ('', session_user)
       and c.held_at > cc.now() - cc.setting('hold_minutes') * interval '1 minute' then
        raise exception 'somebody else is calling' using errcode = 'CC011', detail = c.holder;
    end if;
    perform cc.need(p_reached::text, 'reached');
    if p_reached then
        perform cc.need(p_solved::text, 'solved');
        perform cc.need(p_satisfied, 'satisfied');
    else
        select max(f.at) + cc.setting('call_gap_minutes') * interval '1 minute' into again from cc.follow_ups f
        where f.district_id = c.district_id and f.case_id = c.id and f.report_id = p_report and f.round = c.redos
          and not f.reached;
        if again > cc.now() then
            raise exception 'tried a moment ago' using errcode = 'CC040',
                detail = to_char(again at time zone 'Asia/Shanghai', 'HH24:MI');
        end if;
    end if;
    insert into cc.follow_ups (case_id, report_id, round, at, actor, reached, contacted, solved, satisfied, words)
    values (c.id, p_report, c.redos, cc.now(), session_user, p_reached, case when p_reached then p_contacted end,
            case when p_reached then p_solved end, case when p_reached then p_satisfied end, coalesce(p_words, ''));
    update cc.cases x set verb = 'follow_up', holder = '', held_at = null,
        flags = (x.flags & ~128) | case when cc.has_double_no(c.id) then 128 else 0 end,
        detail = jsonb_strip_nulls(jsonb_build_object('report', p_report, 'reached', p_reached,
            'contacted', case when p_reached then p_contacted end, 'solved', case when p_reached then p_solved end,
            'satisfied', case when p_reached then p_satisfied end))
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return c;
end $$;

create or replace function cc.follow_up(p_case bigint, p_version integer, p_report bigint, p_reached boolean,
    p_contacted boolean, p_solved boolean, p_satisfied text, p_words text, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'follow_up');
begin
    if r.case_id is not null then return r; end if;
    return cc.remember(p_key, cc.write_call(cc.begin_verb('follow_up', p_case, p_version), p_report, p_reached, p_contacted,
                                            p_solved, p_satisfied, p_words));
end $$;

-- Not both solved and satisfied: handled again by the same unit, with a new limit from now.
create or replace function cc.write_redo(c cc.cases, p_reason text) returns cc.cases
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    d cc.deadlines;
begin
    perform cc.need(p_reason, 'reason');
    d := cc.deadlines_of(c.grade, cc.now(), cc.hours_of(c.unit_id));
    update cc.cases x set verb = 'redo', state = 3, redos = x.redos + 1, finished_at = null, holder = '', held_at = null, soon_at = d.soon_at,
        due_at = d.due_at,
        flags = (x.flags & ~(4 | 8)) | case when d.provisional then 8 else 0 end
                | case when x.redos + 1 >= cc.setting('problem_redos') then 1 else 0 end,
        detail = jsonb_build_object('reason', p_reason, 'round', x.redos + 1)
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    update cc.assignments set due_at = c.due_at where district_id = c.district_id and case_id = c.id and ended_at is null;
    return c;
end $$;

create or replace function cc.redo(p_case bigint, p_version integer, p_reason text, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'redo');
begin
    if r.case_id is not null then return r; end if;
    return cc.remember(p_key, cc.write_redo(cc.begin_verb('redo', p_case, p_version), p_reason));
end $$;

-- Every citizen is called back before a case is archived: reached in this round, or tried often enough (setting
-- call_attempts); who was reached and is not content needs a supervisor's word.
create or replace function cc.write_archive(c cc.cases) returns cc.cases
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    missing integer;
    unhappy integer;
begin
    select count(*) filter (where f.reached is not true and not coalesce(n.calls >= cc.setting('call_attempts'), false)),
           count(*) filter (where f.reached and not (f.solved and f.satisfied <> '不满意'))
    into missing, unhappy
    from cc.reports p
    left join lateral (select * from cc.follow_ups f where f.district_id = c.district_id and f.case_id = c.id
                       and f.report_id = p.id and f.round = c.redos order by f.reached desc, f.at desc, f.id desc limit 1) f on true
    cross join lateral (select count(*) as calls from cc.follow_ups f where f.district_id = c.district_id and f.case_id = c.id
                        and f.report_id = p.id and f.round = c.redos) n
    where p.district_id = c.district_id and p.case_id = c.id;
    if missing > 0 then
        raise exception '% citizens are not called back', missing using errcode = 'CC010', detail = 'missing:' || missing;
    end if;
    if unhappy > 0 and cc.my_role() = 'cc_followup' then
        raise exception '% citizens are not content', unhappy using errcode = 'CC010', detail = 'unhappy:' || unhappy;
    end if;
    update cc.assignments set ended_at = cc.now(), end_reason = 'archive'
    where district_id = c.district_id and case_id = c.id and ended_at is null;
    update cc.cases x set verb = 'archive', state = 7, archived_at = cc.now(), holder = '', held_at = null,
        detail = case when unhappy > 0 then jsonb_build_object('not_content', unhappy) else '{}' end
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return c;
end $$;

create or replace function cc.archive(p_case bigint, p_version integer, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'archive');
begin
    if r.case_id is not null then return r; end if;
    return cc.remember(p_key, cc.write_archive(cc.begin_verb('archive', p_case, p_version)));
end $$;

create or replace function cc.void(p_case bigint, p_version integer, p_reason text, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'void');
    c cc.cases;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('void', p_case, p_version);
    perform cc.need(p_reason, 'reason');
    update cc.assignments set ended_at = cc.now(), end_reason = 'void'
    where district_id = c.district_id and case_id = c.id and ended_at is null;
    update cc.cases x set verb = 'void', state = 9, archived_at = cc.now(), holder = '', held_at = null,
        detail = jsonb_build_object('reason', p_reason)
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;

create or replace function cc.note(p_case bigint, p_version integer, p_text text, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'note');
    c cc.cases;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('note', p_case, p_version);
    perform cc.need(p_text, 'text');
    update cc.cases x set verb = 'note', detail = jsonb_build_object('text', p_text)
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;

-- Taking: a case that waits for the centre's hand belongs to one desk. Held too long without a deed, it is free again.
create or replace function cc.take_next(p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    r cc.case_change := cc.replay(p_key, 'take');
    c cc.cases;
    lo text collate "C" := cc.me_lo();
    me text := cc.my_role();
    moment timestamptz := cc.now();
    expired timestamptz := moment - cc.setting('hold_minutes') * interval '1 minute';
begin
    if r.case_id is not null then return r; end if;
    if not exists (select from cc.transitions t where t.district_id = cc.home_district() and t.verb = 'take' and t.role = me) then
        raise exception '% takes no cases', me using errcode = 'CC001';
    end if;
    -- By starts_with, and not as a range: whatever the place, the order of urgency is the way in, so that one plan is kept.
    -- What was taken and left lying comes first; follow-up clerks take what waits for a call, the centre what waits for it.
    select * into c from cc.cases x
    where x.district_id = cc.home_district() and x.holder <> '' and x.held_at <= expired and starts_with(x.path, lo)
      and case me when 'cc_followup' then x.state = 6 else x.state in (0, 1, 4) end
    order by x.grade, x.received_at, x.id limit 1 for update skip locked;
    if not found and me = 'cc_followup' then
        select * into c from cc.cases x
        where x.district_id = cc.home_district() and x.holder = '' and x.state = 6 and starts_with(x.path, lo)
        order by x.grade, x.finished_at, x.id limit 1 for update skip locked;
    elsif not found then
        select * into c from cc.cases x
        where x.district_id = cc.home_district() and x.holder = '' and x.state in (0, 1, 4) and starts_with(x.path, lo)
        order by x.grade, x.received_at, x.id limit 1 for update skip locked;
    end if;
    if c.id is null then
        return (null, null, null, null, null, false)::cc.case_change;
    end if;
    update cc.cases x set verb = 'take', holder = session_user, held_at = moment, detail = '{}'
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;

create or replace function cc.take(p_case bigint, p_version integer, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'take');
    c cc.cases;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('take', p_case, p_version);
    if c.holder not in ('', session_user) and c.held_at > cc.now() - cc.setting('hold_minutes') * interval '1 minute' then
        raise exception 'somebody else is working on it' using errcode = 'CC011', detail = c.holder;
    end if;
    update cc.cases x set verb = 'take', holder = session_user, held_at = cc.now(), detail = '{}'
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;

create or replace function cc.release(p_case bigint, p_version integer, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'release');
    c cc.cases;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('release', p_case, p_version);
    if c.holder <> session_user and cc.my_role() <> 'cc_supervisor' then
        raise exception 'you do not hold it' using errcode = 'CC011', detail = c.holder;
    end if;
    update cc.cases x set verb = 'release', holder = '', held_at = null, detail = '{}'
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;
