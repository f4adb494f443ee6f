-- Alarms are no rows: desks work them out of cases, whistles and slips (commandcenter/live/alarms.py). Kept is who acknowledged
-- one, or shelved it and until when and why. A key names kind, thing and the deadline that passed (`unsigned:123:1764000000`,
-- in seconds since 1970), so that a new deadline is a new alarm.

-- The case of an alarm (null for a slip) and the path of its thing, for somebody who may answer it, or why not.
create or replace function cc.begin_alarm(p_alarm text, out case_id bigint, out path text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    me text := coalesce(cc.my_role(), '');
    kind text := split_part(p_alarm, ':', 1);
    thing bigint;
    slip_state smallint;
    seen boolean;
begin
    if me not in ('cc_duty', 'cc_supervisor', 'cc_caller', 'cc_responder') then
        raise exception '% answers no alarms', me using errcode = 'CC001', detail = '{"verb": "alarm"}';
    end if;
    if p_alarm is null or p_alarm !~ '^[a-z_]+:[0-9]{1,18}:[0-9]{1,11}$' then
        raise exception 'no key of an alarm' using errcode = 'CC055';
    end if;
    thing := split_part(p_alarm, ':', 2)::bigint;
    if kind in ('unsent', 'unsigned', 'overdue') then
        select c.id, c.path into case_id, path from cc.cases c where c.district_id = cc.home_district() and c.id = thing;
        seen := found and cc.may_see(path, case_id);
    elsif kind in ('unanswered', 'objection') then
        select w.case_id, w.path into case_id, path from cc.whistle_parties p
        join cc.whistles w on (w.district_id, w.id) = (p.district_id, p.whistle_id)
        where p.district_id = cc.home_district() and p.id = thing;
        seen := found and cc.may_see(path, case_id);
    elsif kind = 'unruled' then
        select w.case_id, w.path into case_id, path from cc.whistles w where w.district_id = cc.home_district() and w.id = thing;
        seen := found and cc.may_see(path, case_id);
    elsif kind in ('unreceived', 'unreplied') then
        select s.path, s.state into path, slip_state from cc.slips s where s.district_id = cc.home_district() and s.id = thing;
        seen := found and (me = 'cc_supervisor' or (slip_state between 2 and 6 or slip_state = 8)
                           and path >= cc.me_lo() and path < cc.me_hi());
    end if;
    if seen is not true then
        raise exception 'no such alarm for you' using errcode = 'CC055';
    end if;
    if to_timestamp(split_part(p_alarm, ':', 3)::bigint) > cc.now() then
        raise exception 'its time has not come' using errcode = 'CC057';
    end if;
end $$;

create or replace function cc.mark_alarm(p_alarm text, p_mark text, p_until timestamptz, p_reason text, p_verb text, p_key uuid)
returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    thing record;
    made bigint;
begin
    thing := cc.begin_alarm(p_alarm);
    insert into cc.alarm_marks (key, mark, until, reason, at, login)
    values (p_alarm, p_mark, p_until, left(btrim(coalesce(p_reason, ''), E' \t\r\n　'), 200), cc.now(), session_user)
    returning id into made;
    insert into cc.journal (at, actor, entity, entity_id, case_id, verb, paths, detail, row_hash)
    values (cc.now(), session_user, 'alarm', made, thing.case_id, p_verb, array[thing.path, cc.my_path()],
            jsonb_strip_nulls(jsonb_build_object('alarm', p_alarm, 'until', p_until, 'reason', nullif(p_reason, ''))), '');
    update cc.write_keys set case_id = made where district_id = cc.home_district() and key = p_key;
    return made;
end $$;

-- 确认: somebody has heard it and sees to it. Returns the mark's id.
create or replace function cc.acknowledge_alarm(p_alarm text, p_key uuid) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'acknowledge_alarm');
begin
    if r.case_id is not null then return r.case_id; end if;
    return cc.mark_alarm(p_alarm, 'acknowledged', null, '', 'acknowledge_alarm', p_key);
end $$;

-- 搁置: put aside for a time, with a reason; afterwards it is back.
create or replace function cc.shelve_alarm(p_alarm text, p_until timestamptz, p_reason text, p_key uuid) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'shelve_alarm');
begin
    if r.case_id is not null then return r.case_id; end if;
    perform cc.need(p_reason, 'reason');
    if p_until is null or p_until <= cc.now() or p_until > cc.now() + cc.setting('shelve_minutes') * interval '1 minute' then
        raise exception 'shelved for too long, or not at all' using errcode = 'CC056', detail = cc.setting('shelve_minutes')::text;
    end if;
    return cc.mark_alarm(p_alarm, 'shelved', p_until, p_reason, 'shelve_alarm', p_key);
end $$;
