-- 抽查: of each day's citizens who said they were content some are called once more, by somebody else.

-- 满意 2, 基本满意 1, 不满意 0.
create or replace function cc.content_rank(p_satisfied text) returns integer
language sql immutable
return array_position(array['不满意', '基本满意', '满意'], p_satisfied) - 1;

-- Draws for every day of the last week that is over and has none yet; how many were drawn. Of the day's answers 双是, the
-- last of each citizen, a share (setting second_call_share), and at least one where there is any. Whose turn it is follows
-- from a keyed hash: nobody can pick it, foresee it, or draw again. The timekeeper's deed.
create or replace function cc.draw_second_calls() returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    today date := (cc.now() at time zone 'Asia/Shanghai')::date;
    share numeric := (select (value)::text::numeric from cc.settings
                      where district_id = cc.home_district() and name = 'second_call_share');
    secret bytea := (select value from cc.secrets where district_id = cc.home_district() and name = 'phone');
    drawn integer;
begin
    if not coalesce(share > 0, false) then
        return 0;
    end if;
    with answers as (
        select distinct on (f.report_id, d.day) d.day, f.* from (
            select (cc.now() at time zone 'Asia/Shanghai')::date - n as day from generate_series(1, 7) n) d
        join cc.follow_ups f on f.district_id = cc.home_district() and f.reached
            and f.at >= d.day::timestamp at time zone 'Asia/Shanghai'
            and f.at < (d.day + 1)::timestamp at time zone 'Asia/Shanghai'
        where d.day < today
          and not exists (select from cc.second_calls s where s.district_id = f.district_id and s.day = d.day)
        order by f.report_id, d.day, f.at desc, f.id desc
    ), ranked as (
        select a.*, row_number() over (partition by a.day order by sha256(secret || convert_to('second_call:' || a.id, 'UTF8'))) as turn,
               count(*) over (partition by a.day) as content
        from answers a where a.solved and a.satisfied <> '不满意'
    )
    insert into cc.second_calls (follow_up_id, case_id, report_id, first_caller, day, drawn_at)
    select r.id, r.case_id, r.report_id, r.actor, r.day, cc.now() from ranked r
    where r.turn <= greatest(1, ceil(r.content * least(share, 1)))
    on conflict do nothing;
    get diagnostics drawn = row_count;
    return drawn;
end $$;

-- Who was not reached stays on the list until tried as often as any other citizen (call_attempts), with the same gap.
create or replace function cc.second_call(p_follow_up bigint, p_reached boolean, p_solved boolean, p_satisfied text, p_words text,
    p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'second_call');
    s cc.second_calls;
    f cc.follow_ups;
    me text := cc.my_role();
begin
    if r.case_id is not null then return r; end if;
    select * into s from cc.second_calls where district_id = cc.home_district() and follow_up_id = p_follow_up for update;
    if coalesce(me, '') not in ('cc_followup', 'cc_supervisor') or s.first_caller = session_user then  -- as if it were not there
        raise exception '% checks no calls, or not their own', me using errcode = 'CC042';
    end if;
    if s.follow_up_id is null then
        raise exception 'no such second call' using errcode = 'CC042';
    end if;
    if s.called_at is not null then
        raise exception 'called already' using errcode = 'CC043';
    end if;
    perform cc.need(p_reached::text, 'reached');
    if p_reached then
        perform cc.need(p_solved::text, 'solved');
        if cc.content_rank(p_satisfied) is null then
            raise exception 'no such answer' using errcode = 'CC004', detail = 'satisfied';
        end if;
    elsif s.tried_at + cc.setting('call_gap_minutes') * interval '1 minute' > cc.now() then
        raise exception 'tried a moment ago' using errcode = 'CC040',
            detail = to_char((s.tried_at + cc.setting('call_gap_minutes') * interval '1 minute') at time zone 'Asia/Shanghai', 'HH24:MI');
    end if;
    select * into f from cc.follow_ups where district_id = s.district_id and id = s.follow_up_id;
    update cc.second_calls x set tries = x.tries + 1, tried_at = cc.now(), called_by = session_user,
        called_at = case when p_reached or x.tries + 1 >= cc.setting('call_attempts') then cc.now() end,
        reached = p_reached, solved = case when p_reached then p_solved end, satisfied = case when p_reached then p_satisfied end,
        agrees = case when p_reached then p_solved >= f.solved
                      and cc.content_rank(p_satisfied) >= cc.content_rank(f.satisfied) end,
        words = coalesce(p_words, '')
    where x.district_id = s.district_id and x.follow_up_id = s.follow_up_id;
    return cc.remember_id(p_key, s.follow_up_id);
end $$;

-- Journalled without the case, and of the draw only that it was made: whoever reads the case's timeline, or the journal as a
-- supervisor, may have been the first caller, and must not learn of it beforehand.
create or replace function cc.second_calls_after() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        insert into cc.journal (district_id, at, actor, entity, entity_id, verb, paths, detail, row_hash)
        values (new.district_id, cc.now(), 'cc_system', 'second_call', 0, 'draw', array['01.'],
                jsonb_build_object('day', new.day), '');
    else
        insert into cc.journal (district_id, at, actor, entity, entity_id, verb, paths, detail, row_hash)
        values (new.district_id, cc.now(), session_user, 'second_call', new.follow_up_id, 'second_call', array['01.'],
                jsonb_strip_nulls(jsonb_build_object('day', new.day, 'reached', new.reached, 'solved', new.solved,
                    'satisfied', new.satisfied, 'agrees', new.agrees)), '');
    end if;
    return null;
end $$;

create or replace trigger second_calls_after after insert or update on cc.second_calls
    for each row execute function cc.second_calls_after();
