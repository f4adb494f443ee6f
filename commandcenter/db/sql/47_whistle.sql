-- 吹哨报到: what every verb of whistles stands on. Which step is lawful is data (cc.steps) and refused by the tables' triggers,
-- whoever asks; a whistle's state follows from its parties' (cc.settle). What time brings about has the actor 'cc_system'.

do $$ begin
    create type cc.whistle_change as (whistle_id bigint, number text, state smallint, version integer, replayed boolean);
exception when duplicate_object then null; end $$;
do $$ begin
    create type cc.party_change as (party_id bigint, whistle_id bigint, state smallint, version integer, replayed boolean);
exception when duplicate_object then null; end $$;

-- The key remembers a whistle or a party in the columns it has for cases.
create or replace function cc.replay_whistle(p_key uuid, p_verb text) returns cc.whistle_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, p_verb);
begin
    return case when r.case_id is not null then (r.case_id, r.number, r.state, r.version, true)::cc.whistle_change end;
end $$;

create or replace function cc.remember_whistle(p_key uuid, w cc.whistles) returns cc.whistle_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    select * into w from cc.whistles where district_id = w.district_id and id = w.id;  -- settling may have moved it
    update cc.write_keys set case_id = w.id, number = w.number, state = w.state, version = w.version
    where district_id = cc.home_district() and key = p_key;
    return (w.id, w.number, w.state, w.version, false)::cc.whistle_change;
end $$;

create or replace function cc.replay_party(p_key uuid, p_verb text) returns cc.party_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, p_verb);
begin
    return case when r.case_id is not null then (r.case_id, r.number::bigint, r.state, r.version, true)::cc.party_change end;
end $$;

create or replace function cc.remember_party(p_key uuid, p cc.whistle_parties) returns cc.party_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update cc.write_keys set case_id = p.id, number = p.whistle_id::text, state = p.state, version = p.version
    where district_id = cc.home_district() and key = p_key;
    return (p.id, p.whistle_id, p.state, p.version, false)::cc.party_change;
end $$;

-- The law of steps, and the journal, for whistles and parties.
create or replace function cc.stepping() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'UPDATE' then
        new.version := old.version + 1;
    end if;
    new.changed_at := cc.now();
    new.actor := case new.actor when 'cc_system' then 'cc_system' else session_user end;
    return new;
end $$;

create or replace function cc.need_step(p_entity text, p_from smallint, p_verb text, p_to smallint, p_actor text) returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    me text := case p_actor when 'cc_system' then 'system' else coalesce(cc.my_role(), '') end;
begin
    if not exists (select from cc.steps s where s.district_id = cc.home_district() and s.entity = p_entity
                   and s.from_state = p_from and s.verb = p_verb and s.role = me and (p_to is null or s.to_state = p_to)) then
        raise exception '% may not % a % in state %', me, p_verb, p_entity, p_from using errcode = 'CC021',
            detail = jsonb_build_object('entity', p_entity, 'verb', p_verb, 'state', p_from, 'role', me)::text;
    end if;
end $$;

create or replace function cc.whistle_stepped() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    was smallint := case when tg_op = 'UPDATE' then old.state end;
begin
    perform cc.need_step('whistle', coalesce(was, -1::smallint), new.verb, new.state, new.actor);
    insert into cc.journal (at, actor, entity, entity_id, case_id, verb, from_state, to_state, paths, detail, row_hash)
    select cc.now(), new.actor, 'whistle', new.id, new.case_id, new.verb, was, new.state, cc.whistle_paths(new, null), new.detail, '';
    return null;
end $$;

create or replace function cc.party_stepped() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    was smallint := case when tg_op = 'UPDATE' then old.state end;
    w cc.whistles;
begin
    perform cc.need_step('party', coalesce(was, -1::smallint), new.verb, new.state, new.actor);
    select * into w from cc.whistles where district_id = new.district_id and id = new.whistle_id;
    insert into cc.journal (at, actor, entity, entity_id, case_id, verb, from_state, to_state, paths, detail, row_hash)
    select cc.now(), new.actor, 'party', new.id, new.case_id, new.verb, was, new.state, cc.whistle_paths(w, new.unit_id),
           jsonb_build_object('unit', new.unit_id) || new.detail, '';
    return null;
end $$;

create or replace function cc.score_written() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    w cc.whistles;
begin
    select * into w from cc.whistles where district_id = new.district_id and id = new.whistle_id;
    insert into cc.journal (at, actor, entity, entity_id, case_id, verb, paths, detail, row_hash)
    select cc.now(), session_user, 'score', new.party_id, new.case_id,
           case tg_op when 'INSERT' then 'score' else 'answer_score' end, cc.whistle_paths(w, new.unit_id),
           case tg_op when 'INSERT' then jsonb_strip_nulls(jsonb_build_object('unit', new.unit_id, 'speed', new.speed,
               'proposed', new.proposed_speed, 'quality', new.quality, 'met', new.met, 'finished', new.finished,
               'satisfied', new.satisfied, 'words', nullif(new.words, '')))
           else jsonb_build_object('unit', new.unit_id, 'answer', new.answer) end, '';
    return null;
end $$;

-- Whom an event of a whistle concerns: its place, who blew it, who is called, and p_unit, which may just have been released.
create or replace function cc.whistle_paths(w cc.whistles, p_unit integer) returns text[]
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select array_agg(distinct path) from (
        select w.path
        union all select c.path from cc.cases c where c.district_id = w.district_id and c.id = w.case_id
        union all select u.path from cc.units u where u.district_id = w.district_id and (u.id in (w.caller_unit_id, p_unit)
            or u.id in (select p.unit_id from cc.whistle_parties p where p.district_id = w.district_id and p.whistle_id = w.id
                        and p.state < 7))
    ) as concerned (path)
$$;

do $$
declare
    name text;
begin
    foreach name in array array['whistles', 'whistle_parties'] loop
        execute format('create or replace trigger stepping before insert or update on cc.%I
                        for each row execute function cc.stepping()', name);
    end loop;
end $$;
create or replace trigger whistle_stepped after insert or update on cc.whistles for each row execute function cc.whistle_stepped();
create or replace trigger party_stepped after insert or update on cc.whistle_parties for each row execute function cc.party_stepped();
create or replace trigger score_written after insert or update on cc.whistle_scores for each row execute function cc.score_written();

create or replace function cc.my_unit() returns integer
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$ begin return (select unit_id from cc.people where login = session_user and active); end $$;

create or replace function cc.has_post(p_post text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$ begin return exists (select from cc.people where login = session_user and active and post = p_post); end $$;

-- Who a person acts for: their own unit, and outside the centre those below it. The centre acts for itself alone.
create or replace function cc.acts_for(p_unit integer) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select p_unit = cc.my_unit() or (cc.my_path() <> '01.' and cc.is_mine(p_unit))
$$;

-- May they approve it: the head of the town, and for the centre's own a supervisor.
create or replace function cc.may_approve(p_approver_unit integer) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select case when (select kind from cc.units where district_id = cc.home_district() and id = p_approver_unit) = 'centre'
        then cc.my_role() = 'cc_supervisor'
        else cc.my_unit() = p_approver_unit and cc.my_role() = 'cc_caller' and cc.has_post('town_head') end
$$;

create or replace function cc.need_caller(w cc.whistles) returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not coalesce(cc.my_role() = 'cc_supervisor' or cc.acts_for(w.caller_unit_id), false) then
        raise exception 'not the unit that blew it' using errcode = 'CC022', detail = 'caller';
    end if;
end $$;

create or replace function cc.need_caller_or_convener(w cc.whistles) returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not coalesce(cc.acts_for(w.convener_unit_id), false) then
        perform cc.need_caller(w);
    end if;
end $$;

-- Locks the whistle for a verb, or says why not.
create or replace function cc.begin_whistle(p_verb text, p_whistle bigint, p_version integer) returns cc.whistles
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    w cc.whistles;
begin
    select * into w from cc.whistles where district_id = cc.home_district() and id = p_whistle for update;
    if not found or not cc.may_see(w.path, w.case_id) then
        raise exception 'no such whistle for you' using errcode = 'CC020';
    end if;
    perform cc.need_step('whistle', w.state, p_verb, null, session_user);
    if p_version is null or w.version <> p_version then
        raise exception 'the whistle has changed' using errcode = 'CC002',
            detail = jsonb_build_object('entity', 'whistle', 'version', w.version, 'actor', w.actor, 'verb', w.verb)::text;
    end if;
    return w;
end $$;

-- Locks a party, and its whistle before it, so that no two wait for each other.
create or replace function cc.begin_party(p_verb text, p_party bigint, p_version integer) returns cc.whistle_parties
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    w cc.whistles;
    p cc.whistle_parties;
begin
    select x.* into w from cc.whistles x where x.district_id = cc.home_district()
       and x.id = (select y.whistle_id from cc.whistle_parties y where y.district_id = cc.home_district() and y.id = p_party) for update;
    if not found or not cc.may_see(w.path, w.case_id) then
        raise exception 'no such party for you' using errcode = 'CC020';
    end if;
    select * into p from cc.whistle_parties where district_id = cc.home_district() and id = p_party for update;
    perform cc.need_step('party', p.state, p_verb, null, session_user);
    if p_version is null or p.version <> p_version then
        raise exception 'the party has changed' using errcode = 'CC002',
            detail = jsonb_build_object('entity', 'party', 'version', p.version, 'actor', p.actor, 'verb', p.verb)::text;
    end if;
    return p;
end $$;

create or replace function cc.need_party(p cc.whistle_parties) returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not coalesce(cc.acts_for(p.unit_id), false) then
        raise exception 'not your unit''s' using errcode = 'CC022', detail = 'party';
    end if;
end $$;

-- The whistle's state, from its parties': the earliest of what any of them still has to do.
create or replace function cc.settle(p_whistle bigint) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    w cc.whistles;
    becomes smallint;
begin
    select * into strict w from cc.whistles where district_id = cc.home_district() and id = p_whistle;
    select case when bool_or(p.state <= 3) then 3 when bool_or(p.state = 4) then 4 when bool_or(p.state = 5) then 5 else 6 end
    into becomes from cc.whistle_parties p where p.district_id = w.district_id and p.whistle_id = w.id;
    if w.state between 3 and 5 and becomes <> w.state then
        update cc.whistles x set verb = 'settle', actor = session_user, state = becomes, detail = '{}',
            confirmed_at = case when becomes >= 5 then coalesce(x.confirmed_at, cc.now()) end,
            closed_at = case when becomes = 6 then cc.now() end,
            report_due_at = case when becomes = 3 then coalesce(x.report_due_at, cc.next_report(x.level)) end
        where x.district_id = w.district_id and x.id = w.id;
    end if;
end $$;
