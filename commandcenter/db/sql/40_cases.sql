-- Verbs on cases. The tables grant no writes: these functions are the only way, and each is one named deed that checks who
-- asks, whether they see the case, whether state and role allow it, that nobody changed it meanwhile, and that a retry is
-- not a second deed. Error codes (CC…) are translated for people in commandcenter/db/errors.py.

do $$ begin
    create type cc.case_change as (case_id bigint, number text, state smallint, version integer, due_at timestamptz,
                                   replayed boolean);
exception when duplicate_object then null; end $$;

create or replace function cc.replay(p_key uuid, p_verb text) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    k cc.write_keys;
begin
    if p_key is null then
        raise exception 'a write needs a key' using errcode = 'CC004', detail = 'key';
    end if;
    insert into cc.write_keys (key, actor, verb, at) values (p_key, session_user, p_verb, cc.now()) on conflict do nothing;
    if found then
        return null;
    end if;
    select * into k from cc.write_keys where district_id = cc.home_district() and key = p_key;
    if k.actor <> session_user or k.verb <> p_verb then
        raise exception 'key used for another deed' using errcode = 'CC006';
    end if;
    return (k.case_id, k.number, k.state, k.version, k.due_at, true)::cc.case_change;
end $$;

create or replace function cc.remember(p_key uuid, c cc.cases) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update cc.write_keys set case_id = c.id, number = c.number, state = c.state, version = c.version, due_at = c.due_at
    where district_id = cc.home_district() and key = p_key;
    return (c.id, c.number, c.state, c.version, c.due_at, false)::cc.case_change;
end $$;

-- Locks the case for a verb, or says why not.
create or replace function cc.begin_verb(p_verb text, p_case bigint, p_version integer) returns cc.cases
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    c cc.cases;
    me text := cc.my_role();
begin
    select * into c from cc.cases where district_id = cc.home_district() and id = p_case for update;
    if not found or not cc.may_see(c.path, c.id) then
        raise exception 'no such case for you' using errcode = 'CC003';
    end if;
    if not exists (select from cc.transitions t where t.district_id = c.district_id and t.from_state = c.state
                   and t.verb = p_verb and t.role = me) then
        raise exception '% may not % a case in state %', me, p_verb, c.state using errcode = 'CC001',
            detail = jsonb_build_object('verb', p_verb, 'state', c.state, 'role', me)::text;
    end if;
    if p_version is null or c.version <> p_version then
        raise exception 'the case has changed' using errcode = 'CC002',
            detail = jsonb_build_object('version', c.version, 'actor', c.actor, 'verb', c.verb)::text;
    end if;
    if p_verb in ('grade', 'dispatch', 'review_return') and me = 'cc_duty' and c.holder not in ('', session_user)
       and c.held_at > cc.now() - cc.setting('hold_minutes') * interval '1 minute' then
        raise exception 'somebody else is working on it' using errcode = 'CC011', detail = c.holder;
    end if;
    return c;
end $$;

create or replace function cc.need(p_value text, p_what text) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(btrim(p_value, E' \t\r\n　'), '') = '' then
        raise exception '% is missing', p_what using errcode = 'CC004', detail = p_what;
    end if;
    return p_value;
end $$;

create or replace function cc.hours_of(p_unit integer) returns integer
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    hours integer;
begin
    select u.hours_id into hours from cc.units u where u.district_id = cc.home_district() and u.id = p_unit and u.active;
    if not found then
        raise exception 'no such unit' using errcode = 'CC004', detail = 'unit';
    end if;
    return hours;
end $$;

create or replace function cc.need_category(p_category integer) returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if p_category is not null
       and not exists (select from cc.categories where district_id = cc.home_district() and id = p_category) then
        raise exception 'no such category' using errcode = 'CC004', detail = 'category';
    end if;
end $$;

create or replace function cc.setting(p_name text) returns integer
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return (select (value)::text::integer from cc.settings where district_id = cc.home_district() and name = p_name);
end $$;

-- What a unit needs to work on a case: the assignment with its own clock, and sight of it.
create or replace function cc.assign(c cc.cases, p_unit integer, p_part text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    d cc.deadlines := cc.deadlines_of(c.grade, cc.now(), cc.hours_of(p_unit));
begin
    insert into cc.assignments (case_id, unit_id, part, assigned_at, assigned_by, accept_due_at, due_at)
    values (c.id, p_unit, p_part, cc.now(), session_user, d.accept_due_at, coalesce(c.due_at, d.due_at));
    insert into cc.case_scope (case_id, path, reason)
    select c.id, u.path, 'assignment' from cc.units u where u.district_id = cc.home_district() and u.id = p_unit
      and not starts_with(c.path, u.path)  -- its place is sight enough: scopes stay few, and sight of them quick
    on conflict do nothing;
end $$;

create or replace function cc.unassign(c cc.cases, p_reason text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update cc.assignments set ended_at = cc.now(), end_reason = p_reason
    where district_id = c.district_id and case_id = c.id and part = 'lead' and ended_at is null;
    delete from cc.case_scope s where s.district_id = c.district_id and s.case_id = c.id and s.reason = 'assignment'
      and not exists (select from cc.assignments a join cc.units u on (u.district_id, u.id) = (a.district_id, a.unit_id)
                      where a.district_id = c.district_id and a.case_id = c.id and a.ended_at is null and u.path = s.path);
end $$;

-- The person acts for a unit that is assigned to the case.
create or replace function cc.need_own_assignment(c cc.cases) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    found_id bigint;
begin
    select a.id into found_id from cc.assignments a where a.district_id = c.district_id and a.case_id = c.id
       and a.ended_at is null and a.part = 'lead' and cc.is_mine(a.unit_id);
    if not found then
        raise exception 'the case is not your unit''s to lead' using errcode = 'CC009';
    end if;
    return found_id;
end $$;

drop function if exists cc.register(integer, text, text, text, integer, smallint, integer, double precision, double precision,
    text, text, text, text, text, boolean, uuid);

-- p_received_at: when it was taken in, where the database was away then; left out, now.
create or replace function cc.register(p_channel integer, p_content text, p_title text, p_kind text, p_category integer,
    p_grade smallint, p_area integer, p_lon double precision, p_lat double precision, p_place text, p_foreign_number text,
    p_name text, p_phone text, p_address text, p_confidential boolean, p_key uuid, p_received_at timestamptz default null)
returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'register');
    c cc.cases;
    report bigint := cc.new_id();
    me text := cc.my_role();
    my_path text := cc.my_path();
begin
    if r.case_id is not null then
        return r;
    end if;
    perform cc.need(p_content, 'content');
    if me is null then
        raise exception 'not a person of this centre' using errcode = 'CC001', detail = '{"verb": "register"}';
    end if;
    if p_channel is null or not exists (select from cc.channels where district_id = cc.home_district() and id = p_channel) then
        raise exception 'no such channel' using errcode = 'CC004', detail = 'channel';
    end if;
    if p_area is not null and not exists (select from cc.areas where district_id = cc.home_district() and id = p_area) then
        raise exception 'no such area' using errcode = 'CC004', detail = 'area';
    end if;
    if me = 'cc_caller' and coalesce(p_foreign_number, '') <> '' then
        -- a number given here would keep out the report that another system delivers under it
        raise exception 'a caller gives no number of another system' using errcode = 'CC001', detail = '{"verb": "register"}';
    end if;
    perform cc.need_category(p_category);
    if p_received_at > cc.now() or p_received_at < cc.now() - cc.setting('late_hours') * interval '1 hour' then
        raise exception 'no moment to have received it at' using errcode = 'CC004', detail = 'received_at';
    end if;
    c.district_id := cc.home_district();
    c.id := cc.new_id();
    c.version := 1;
    c.grade := coalesce(p_grade, (select default_grade from cc.categories k
                                  where k.district_id = c.district_id and k.id = p_category), 4);
    c.state := case when p_grade is not null and me in ('cc_duty', 'cc_supervisor', 'system') then 1 else 0 end;
    c.flags := case when p_confidential then 64 else 0 end;
    c.kind := coalesce(nullif(p_kind, ''), '其他');
    c.category_id := p_category;
    c.channel_id := p_channel;
    c.title := regexp_replace(left(coalesce(nullif(btrim(p_title), ''), btrim(p_content, E' \t\r\n　')), 40), '[[:cntrl:]]+', ' ', 'g');
    c.place := regexp_replace(coalesce(p_place, ''), '[[:cntrl:]]+', ' ', 'g');
    c.area_id := p_area;
    c.path := coalesce((select path from cc.areas where district_id = c.district_id and id = p_area),
                       case when my_path is not null and me = 'cc_caller' then my_path end, '01.');
    c.town_id := (select id from cc.areas where district_id = c.district_id and level = 'town' and c.path like path || '%');
    if me = 'cc_caller' and not (c.path >= my_path and c.path < left(my_path, -1) || '/') then
        raise exception 'a caller registers in their own area' using errcode = 'CC001';
    end if;
    c.lon := p_lon;
    c.lat := p_lat;
    c.received_at := coalesce(p_received_at, cc.now());
    c.changed_at := cc.now();
    c.verb := 'register';
    c.actor := session_user;
    c.detail := jsonb_strip_nulls(jsonb_build_object('channel', p_channel, 'report', report, 'late', p_received_at));
    c.holder := '';
    c.returns := 0;
    c.redos := 0;
    c.reports := 1;
    c.number := (cc.next_number(cc.now(), 1))[1];
    insert into cc.cases select c.*;
    begin
        insert into cc.reports (id, case_id, home_id, channel_id, foreign_number, fingerprint, kind, content, place, lon, lat, received_at,
            registered_at, registered_by, name_masked, phone_masked, confidential, grams)
        values (report, c.id, c.id, p_channel, nullif(p_foreign_number, ''),
            case when coalesce(p_foreign_number, '') <> ''
                 then sha256(convert_to('number' || E'\x1f' || p_channel || E'\x1f' || p_foreign_number, 'UTF8'))
                 else sha256(uuid_send(p_key)) end,
            c.kind, p_content, c.place, p_lon, p_lat, c.received_at, c.changed_at, session_user,
            cc.mask_name(p_name, p_confidential), cc.mask_phone(p_phone, p_confidential), coalesce(p_confidential, false),
            cc.grams(p_content));
    exception when unique_violation then
        raise exception 'this report is registered already' using errcode = 'CC008', detail = p_foreign_number;
    end;
    insert into cc.citizens (report_id, name, phone, address, phone_hash)
    values (report, coalesce(p_name, ''), coalesce(p_phone, ''), coalesce(p_address, ''), cc.keyed_hash(p_phone));
    return cc.remember(p_key, c);
end $$;

create or replace function cc.grade(p_case bigint, p_version integer, p_grade smallint, p_category integer, p_reason text,
    p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'grade');
    c cc.cases;
    d cc.deadlines;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('grade', p_case, p_version);
    if p_grade is null or p_grade not between 0 and 4 then
        raise exception 'no such grade' using errcode = 'CC004', detail = 'grade';
    end if;
    if p_grade > c.grade and c.state > 0 then  -- a downgrade needs words; raising the alarm does not
        perform cc.need(p_reason, 'reason');
    end if;
    perform cc.need_category(p_category);
    if c.dispatched_at is not null and p_grade <> c.grade then  -- the clock has run from dispatch all along
        d := cc.running_deadlines(c, p_grade);
    end if;
    update cc.cases x set verb = 'grade', state = case x.state when 0 then 1 else x.state end, grade = p_grade,
        category_id = coalesce(p_category, x.category_id),
        accept_due_at = coalesce(d.accept_due_at, x.accept_due_at), return_until = coalesce(d.return_until, x.return_until),
        soon_at = coalesce(d.soon_at, x.soon_at), due_at = coalesce(d.due_at, x.due_at),
        extension_days = case when d.due_at is null then x.extension_days end,
        flags = case when d.due_at is null then x.flags
                     else (x.flags & ~(2 | 8 | 16)) | case when d.provisional then 8 else 0 end | case when d.working then 16 else 0 end end,
        detail = jsonb_strip_nulls(jsonb_build_object('was', c.grade, 'grade', p_grade, 'reason', nullif(p_reason, '')))
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    if d.due_at is not null then
        update cc.assignments set due_at = c.due_at,
            accept_due_at = case part when 'lead' then c.accept_due_at else accept_due_at end
        where district_id = c.district_id and case_id = c.id and ended_at is null;
    end if;
    return cc.remember(p_key, c);
end $$;

-- The deadlines a case would have, had it been of another grade from the start: from its first dispatch, or its last redo,
-- moved by every pause and by what was granted since, in their order; the limits for signing and returning from the day its present unit got it.
create or replace function cc.running_deadlines(c cc.cases, p_grade smallint) returns cc.deadlines
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    hours integer := (select hours_id from cc.units where district_id = c.district_id and id = c.unit_id);
    since timestamptz := coalesce((select max(at) from cc.journal where district_id = c.district_id and case_id = c.id
                                   and entity = 'case' and verb = 'redo'), c.dispatched_at);
    given timestamptz := coalesce((select assigned_at from cc.assignments where district_id = c.district_id
                                   and case_id = c.id and part = 'lead'
                                   and (ended_at is null or c.state = 8 and end_reason = 'merge')), since);
    d cc.deadlines := cc.deadlines_of(p_grade, since, hours);
    unit cc.deadlines := cc.deadlines_of(p_grade, given, hours);
    past record;
    longer timestamptz;
begin
    d.accept_due_at := unit.accept_due_at;
    d.return_until := unit.return_until;
    for past in
        select verb, (detail ->> 'paused_at')::timestamptz as began, at as ended, (detail ->> 'days')::integer as days from cc.journal
        where district_id = c.district_id and case_id = c.id and entity = 'case' and at >= since
          and (verb = 'resume' or verb = 'review_extension' and (detail ->> 'approved')::boolean) order by seq
    loop
        if past.verb = 'review_extension' then
            longer := cc.extended(d.due_at, past.days, d.working, hours);
            d.soon_at := cc.moved(d.soon_at, d.due_at, longer, d.working, hours);
            d.due_at := longer;
        else
            d.due_at := cc.moved(d.due_at, past.began, past.ended, d.working, hours);
            d.soon_at := cc.moved(d.soon_at, past.began, past.ended, d.working, hours);
            if past.began >= given and past.began <= d.return_until then
                d.return_until := cc.moved(d.return_until, past.began, past.ended, d.working, hours);
            end if;
        end if;
    end loop;
    d.provisional := d.working and cc.is_provisional(since, d.due_at);
    return d;
end $$;

create or replace function cc.dispatch(p_case bigint, p_version integer, p_unit integer, p_assist integer[], p_note text,
    p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'dispatch');
    c cc.cases;
    d cc.deadlines;
    other integer;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('dispatch', p_case, p_version);
    d := cc.deadlines_of(c.grade, cc.now(), cc.hours_of(p_unit));
    c.due_at := d.due_at;
    perform cc.assign(c, p_unit, 'lead');
    for other in select distinct a from unnest(p_assist) a where a <> p_unit loop
        perform cc.assign(c, other, 'assist');
    end loop;
    update cc.cases x set verb = 'dispatch', state = 2, unit_id = p_unit, dispatched_at = cc.now(),
        accept_due_at = d.accept_due_at, return_until = d.return_until, soon_at = d.soon_at, due_at = d.due_at, holder = '',
        held_at = null,
        flags = (x.flags & ~(8 | 16 | 32)) | case when d.provisional then 8 else 0 end | case when d.working then 16 else 0 end,
        detail = jsonb_strip_nulls(jsonb_build_object('unit', p_unit, 'assist', to_jsonb(p_assist), 'note', nullif(p_note, '')))
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;

-- The lead unit's signature sets the case to work; an assisting unit signs for its own part, and the case stays as it is.
create or replace function cc.accept(p_case bigint, p_version integer, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'accept');
    c cc.cases;
    own cc.assignments;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('accept', p_case, p_version);
    select * into own from cc.assignments a where a.district_id = c.district_id and a.case_id = c.id and a.ended_at is null
       and cc.is_mine(a.unit_id) and case a.part when 'lead' then c.state = 2 else a.accepted_at is null end
    order by a.part desc, a.id limit 1;  -- the lead's before the assisting one's, where a person acts for both
    if not found then
        raise exception 'nothing here waits for your unit''s signature' using errcode = 'CC012';
    end if;
    update cc.assignments set accepted_at = coalesce(accepted_at, cc.now()), accepted_by = coalesce(accepted_by, session_user)
    where district_id = c.district_id and id = own.id;
    update cc.cases x set verb = 'accept', state = case own.part when 'lead' then 3 else x.state end,
        flags = case own.part when 'lead' then x.flags | 32 else x.flags end,
        detail = case own.part when 'lead' then '{}' else jsonb_build_object('assist', array[own.unit_id]) end
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;
