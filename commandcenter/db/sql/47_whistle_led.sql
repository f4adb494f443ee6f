-- Verbs on a whistle under way: escalated, a meeting, a plan; and how it ends before its time.

-- One level up: case, parties and history stay; who has not answered is called again.
create or replace function cc.raise_level(w cc.whistles, p_actor text, p_cause text, p_reason text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    w.level := w.level + 1;
    w.convener_unit_id := cc.convener_of(w);
    w.report_due_at := cc.next_report(w.level);
    update cc.whistles x set verb = 'escalate', actor = p_actor, level = w.level, convener_unit_id = w.convener_unit_id,
        report_due_at = w.report_due_at,
        detail = jsonb_strip_nulls(jsonb_build_object('was', x.level, 'level', w.level, 'cause', p_cause, 'reason', nullif(p_reason, '')))
    where x.district_id = w.district_id and x.id = w.id;
    perform cc.begin_round(w, p_actor, p_cause, p_reason);
    perform cc.call_again(w, p_actor);
end $$;

create or replace function cc.escalate_whistle(p_whistle bigint, p_version integer, p_reason text, p_key uuid) returns cc.whistle_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.whistle_change := cc.replay_whistle(p_key, 'escalate_whistle');
    w cc.whistles;
begin
    if r.whistle_id is not null then return r; end if;
    w := cc.begin_whistle('escalate', p_whistle, p_version);
    perform cc.need_caller_or_convener(w);
    perform cc.need(p_reason, 'reason');
    if w.level = 4 then
        raise exception 'no level above' using errcode = 'CC024', detail = 'top';
    end if;
    if (select u.kind from cc.units u where u.district_id = w.district_id and u.id = cc.my_unit()) <> all (
        (select l.caller_kinds from cc.whistle_levels l where l.district_id = w.district_id and l.level = w.level + 1)::text[]) then
        raise exception 'not a caller of that level' using errcode = 'CC024', detail = 'caller';
    end if;
    perform cc.raise_level(w, session_user::text, 'by_hand', p_reason);
    return cc.remember_whistle(p_key, w);
end $$;

create or replace function cc.meet_whistle(p_whistle bigint, p_version integer, p_at timestamptz, p_place text, p_key uuid)
returns cc.whistle_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.whistle_change := cc.replay_whistle(p_key, 'meet_whistle');
    w cc.whistles;
begin
    if r.whistle_id is not null then return r; end if;
    w := cc.begin_whistle('meet', p_whistle, p_version);
    perform cc.need_caller_or_convener(w);
    perform cc.need(p_place, 'meeting_place');
    if p_at is null or p_at < cc.now() then
        raise exception 'a meeting lies ahead' using errcode = 'CC004', detail = 'meeting_at';
    end if;
    update cc.whistles x set verb = 'meet', actor = session_user, meeting_at = p_at, meeting_place = p_place,
        detail = jsonb_build_object('at', p_at, 'place', p_place)
    where x.district_id = w.district_id and x.id = w.id;
    return cc.remember_whistle(p_key, w);
end $$;

-- Until when the units shall be done, at a level without limits of its own; at most its longest since the level began.
create or replace function cc.plan_whistle(p_whistle bigint, p_version integer, p_until timestamptz, p_key uuid)
returns cc.whistle_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.whistle_change := cc.replay_whistle(p_key, 'plan_whistle');
    w cc.whistles;
    l cc.whistle_levels;
begin
    if r.whistle_id is not null then return r; end if;
    w := cc.begin_whistle('plan', p_whistle, p_version);
    perform cc.need_caller_or_convener(w);
    select * into strict l from cc.whistle_levels where district_id = w.district_id and level = w.level;
    if l.finish_clock <> 'plan' then
        raise exception 'this level has limits and no plan' using errcode = 'CC024', detail = 'plan';
    end if;
    if p_until is null or p_until <= cc.now() or p_until > l.finish_amount * interval '1 day' + (
        select max(began_at) from cc.whistle_rounds where district_id = w.district_id and whistle_id = w.id) then
        raise exception 'no moment to plan for' using errcode = 'CC004', detail = 'plan_until';
    end if;
    update cc.whistles x set verb = 'plan', actor = session_user, plan_until = p_until,
        detail = jsonb_strip_nulls(jsonb_build_object('was', x.plan_until, 'until', p_until))
    where x.district_id = w.district_id and x.id = w.id;
    update cc.whistle_parties p set verb = 'plan', actor = session_user, finish_due_at = p_until, detail = jsonb_build_object('until', p_until)
    where p.district_id = w.district_id and p.whistle_id = w.id and p.state <= 3;
    return cc.remember_whistle(p_key, w);
end $$;

-- Called off; nobody has to come any more.
create or replace function cc.end_whistle(w cc.whistles, p_actor text, p_reason text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    p cc.whistle_parties;
begin
    for p in update cc.whistle_parties x set verb = 'withdraw', actor = p_actor, state = 7,
                 detail = jsonb_strip_nulls(jsonb_build_object('reason', nullif(p_reason, '')))
             where x.district_id = w.district_id and x.whistle_id = w.id and x.state <= 5 returning x.* loop
        perform cc.end_scope(p);
    end loop;
    update cc.whistles x set verb = 'withdraw', actor = p_actor, state = 7, closed_at = cc.now(), report_due_at = null,
        detail = jsonb_strip_nulls(jsonb_build_object('reason', nullif(p_reason, '')))
    where x.district_id = w.district_id and x.id = w.id;
end $$;

create or replace function cc.withdraw_whistle(p_whistle bigint, p_version integer, p_reason text, p_key uuid) returns cc.whistle_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.whistle_change := cc.replay_whistle(p_key, 'withdraw_whistle');
    w cc.whistles;
begin
    if r.whistle_id is not null then return r; end if;
    w := cc.begin_whistle('withdraw', p_whistle, p_version);
    perform cc.need_caller(w);
    perform cc.need(p_reason, 'reason');
    perform cc.end_whistle(w, session_user::text, p_reason);
    return cc.remember_whistle(p_key, w);
end $$;

-- A case does not end over the heads of those who were called: reported as finished when all of them stood down, archived when
-- that is confirmed. A whistle that was sent back, and not handed in again, lapses with it. Declared invalid, its whistle is
-- called off, by who may call it off.
create or replace function cc.case_ends() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    w cc.whistles;
begin
    select * into w from cc.whistles where district_id = new.district_id and case_id = new.id
       and state < case new.state when 6 then 4 when 9 then 6 else 5 end for update;
    if not found then
        return null;
    end if;
    if w.state = 0 and new.state <> 9 then
        perform cc.end_whistle(w, 'cc_system', '');
        return null;
    end if;
    if new.state <> 9 then
        raise exception 'the case has a whistle' using errcode = 'CC026',
            detail = case when w.state < 3 then 'pending:' when new.state = 6 then 'finish:' else 'archive:' end || w.number;
    end if;
    if not exists (select from cc.steps s where s.district_id = w.district_id and s.entity = 'whistle' and s.from_state = w.state
                   and s.verb = 'withdraw' and s.role = cc.my_role()) then
        raise exception 'the case has a whistle' using errcode = 'CC026', detail = 'void:' || w.number;
    end if;
    perform cc.end_whistle(w, session_user::text, coalesce(new.detail ->> 'reason', ''));
    return null;
end $$;

create or replace trigger whistle_ends after update on cc.cases
    for each row when (new.state >= 6 and new.state <> old.state) execute function cc.case_ends();
