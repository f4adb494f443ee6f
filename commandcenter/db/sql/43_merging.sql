-- 并单: one matter that came several times is handled once. A link that can be undone: the source keeps its row, its number
-- and its history, its reports are worked on with the kept case. What a link does is in 43_merging_effects.sql, how it is
-- undone in 43_merging_undone.sql. Rights: 99_merging_rights.sql.

do $$ begin
    create type cc.merge_change as (merge_id bigint,
        kept_id bigint, kept_number text, kept_state smallint, kept_version integer, kept_due_at timestamptz,
        source_id bigint, source_number text, source_state smallint, source_version integer, source_due_at timestamptz,
        remaining jsonb, replayed boolean);
exception when duplicate_object then null; end $$;

-- Where a case is handled now: itself, or what it was merged into at last.
create or replace function cc.case_now(p_case bigint) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    here bigint := p_case;
    above bigint;
begin
    for step in 1..1000 loop  -- links make no circle; a damaged table shall not make one either
        select c.merged_into into above from cc.cases c where c.district_id = cc.home_district() and c.id = here;
        if not found then
            select c.merged_into into above from cc.cases_archive c where c.district_id = cc.home_district() and c.id = here;
        end if;
        exit when above is null;
        here := above;
    end loop;
    return here;
end $$;

-- The case and all that was merged into it, at whatever remove; the archive among them.
create or replace function cc.family_of(p_case bigint) returns setof bigint
language sql stable rows 5 security definer set search_path = pg_catalog, pg_temp
as $$
    with recursive family (id) as (
        select p_case
        union
        select x.id from family f cross join lateral (
            select c.id from cc.cases c where c.district_id = cc.home_district() and c.merged_into = f.id
            union all
            select c.id from cc.cases_archive c where c.district_id = cc.home_district() and c.merged_into = f.id) x
    )
    select id from family
$$;

create or replace function cc.may_see_case(p_case bigint) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    place text;
begin
    select c.path into place from cc.cases c where c.district_id = cc.home_district() and c.id = p_case;
    if not found then
        select c.path into place from cc.cases_archive c where c.district_id = cc.home_district() and c.id = p_case;
    end if;
    return place is not null and cc.may_see(place, p_case);
end $$;

-- The same for those who ask: only what they may see.
create or replace function cc.case_family(p_case bigint) returns setof bigint
language sql stable rows 5 security definer set search_path = pg_catalog, pg_temp
as $$ select f from cc.family_of(p_case) f where cc.may_see_case(f) $$;

-- Which of two is kept: what units work on before what waits, the earlier dispatched, the earlier received. The same rule as
-- commandcenter/domain/merge.py, held equal by a test.
create or replace function cc.keep_of(a cc.cases, b cc.cases) returns bigint
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select case when (a.state >= 2) <> (b.state >= 2) then case when a.state >= 2 then a.id else b.id end
                when a.state >= 2 and a.dispatched_at <> b.dispatched_at
                then case when a.dispatched_at < b.dispatched_at then a.id else b.id end
                when a.received_at <> b.received_at then case when a.received_at < b.received_at then a.id else b.id end
                else least(a.id, b.id) end
$$;

-- Always in the same order, so that two deeds that cross wait for one another instead of locking one another out.
create or replace function cc.lock_cases(p_cases bigint[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform from cc.cases c where c.district_id = cc.home_district() and c.id = any (p_cases) order by c.id for update;
end $$;

-- What was answered to the first of two writes with one key.
create or replace function cc.merge_replayed(p_key uuid) returns cc.merge_change
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select jsonb_populate_record(null::cc.merge_change, k.answer || '{"replayed": true}') from cc.write_keys k
    where k.district_id = cc.home_district() and k.key = p_key
$$;

create or replace function cc.remember_merge(p_key uuid, m cc.merges, p_kept bigint, p_remaining jsonb) returns cc.merge_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    k cc.cases;
    s cc.cases;
    r cc.merge_change;
begin
    select * into k from cc.cases c where c.district_id = m.district_id and c.id = p_kept;
    select * into s from cc.cases c where c.district_id = m.district_id and c.id = m.source_id;
    r := (m.id, k.id, k.number, k.state, k.version, k.due_at, s.id, s.number, s.state, s.version, s.due_at, p_remaining, false);
    update cc.write_keys x set case_id = m.id, number = k.number, state = k.state, version = k.version, due_at = k.due_at,
        answer = to_jsonb(r)
    where x.district_id = m.district_id and x.key = p_key;
    return r;
end $$;

-- Who merges: the centre's own hand, or the machine, by the hand of whoever keeps the time.
create or replace function cc.need_merger(p_verb text, p_cause text) returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    me text := coalesce(cc.my_role(), '');
begin
    if me not in ('cc_duty', 'cc_supervisor') and not (me = 'system' and p_cause = 'machine') then
        raise exception '% may not %', me, p_verb using errcode = 'CC001', detail = jsonb_build_object('verb', p_verb)::text;
    end if;
    if p_cause is null or p_cause not in ('person', 'machine') then
        raise exception 'no such cause' using errcode = 'CC004', detail = 'cause';
    end if;
    if p_cause = 'machine' then
        if not exists (select from pg_locks l join pg_stat_activity a on a.pid = l.pid
                       where l.locktype = 'advisory' and l.classid = 371082 and l.objid = 7 and l.objsubid = 2 and l.granted
                         and l.database = (select d.oid from pg_database d where d.datname = current_database())
                         and a.usename = session_user) then
            raise exception 'only who keeps the time lets the machine merge' using errcode = 'CC051';
        end if;
        if cc.setting('auto_merge') is distinct from 1 then
            raise exception 'the machine is not to merge' using errcode = 'CC088', detail = 'off';
        end if;
    end if;
end $$;

-- A case that may be part of a merge, locked before, or why not.
create or replace function cc.need_mergeable(p_case bigint, p_version integer) returns cc.cases
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    c cc.cases;
begin
    select * into c from cc.cases x where x.district_id = cc.home_district() and x.id = p_case;
    if not found or not cc.may_see(c.path, c.id) then
        raise exception 'no such case for you' using errcode = 'CC003';
    end if;
    if c.state = 8 then
        raise exception 'it is merged already' using errcode = 'CC080', detail = 'merged:' || c.number || ':' || (
            select number from cc.cases where district_id = c.district_id and id = cc.case_now(c.id));
    end if;
    if c.state > 5 then
        raise exception 'it is over' using errcode = 'CC080', detail = 'state:' || c.number || ':' || c.state;
    end if;
    if p_version is not null and c.version <> p_version then
        raise exception 'the case has changed' using errcode = 'CC002',
            detail = jsonb_build_object('version', c.version, 'actor', c.actor, 'verb', c.verb)::text;
    end if;
    if coalesce(cc.my_role(), '') <> 'cc_supervisor' and c.holder not in ('', session_user)
       and c.held_at > cc.now() - cc.setting('hold_minutes') * interval '1 minute' then
        raise exception 'somebody else is working on it' using errcode = 'CC011', detail = c.holder;
    end if;
    return c;
end $$;

-- Merges p_source into p_kept. Versions may be left out where nobody looked at the cases before.
create or replace function cc.merge(p_kept bigint, p_kept_version integer, p_source bigint, p_source_version integer,
    p_cause text, p_score double precision, p_reasons jsonb, p_words text, p_key uuid) returns cc.merge_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'merge');
    k cc.cases;
    s cc.cases;
    others text;
begin
    if r.case_id is not null then return cc.merge_replayed(p_key); end if;
    perform cc.need_merger('merge', p_cause);
    if p_kept = p_source then
        raise exception 'not into itself' using errcode = 'CC082';
    end if;
    perform cc.lock_cases(array[p_kept, p_source]);
    k := cc.need_mergeable(p_kept, p_kept_version);
    s := cc.need_mergeable(p_source, p_source_version);
    if s.state >= 2 and cc.keep_of(k, s) = s.id then
        raise exception 'the other way round' using errcode = 'CC081', detail = k.number || ':' || s.number;
    end if;
    if p_cause = 'machine' and (
        exists (select from cc.merges m where m.district_id = k.district_id and m.undone_at is not null
                and (m.kept_id, m.source_id) in ((k.id, s.id), (s.id, k.id)))
        or exists (select from cc.repeat_hints h where h.district_id = k.district_id and h.state = 'dismissed'
                   and (h.case_id, h.other_id) in ((k.id, s.id), (s.id, k.id)))) then
        raise exception 'a person has said that it is not' using errcode = 'CC088', detail = 'refused';
    end if;
    select string_agg(w.number, '、' order by w.id) into others from cc.whistles w
    where w.district_id = k.district_id and w.case_id in (k.id, s.id) and w.state < 6 having count(*) > 1;
    if others is not null then
        raise exception 'both have a whistle' using errcode = 'CC083', detail = others;
    end if;
    return cc.remember_merge(p_key, cc.link_cases(k, k.id, s, p_cause, p_score, p_reasons, p_words), k.id, '[]');
end $$;

-- A report that comes for a case that is there: registered as a case of its own, whose number the citizen gets, and linked
-- in the same transaction. Named may be a case that is itself merged: undone, this one goes along with it.
create or replace function cc.register_into(p_channel integer, p_content text, p_title text, p_kind text, p_category integer,
    p_grade smallint, p_area integer, p_lon double precision, p_lat double precision, p_place text, p_foreign_number text,
    p_name text, p_phone text, p_address text, p_confidential boolean, p_received_at timestamptz, p_kept bigint,
    p_score double precision, p_reasons jsonb, p_words text, p_key uuid) returns cc.merge_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'register_into');
    root bigint := cc.case_now(p_kept);
    above bigint[];
    k cc.cases;
    s cc.cases;
begin
    if r.case_id is not null then return cc.merge_replayed(p_key); end if;
    perform cc.need_merger('merge', 'person');
    if not cc.may_see_case(p_kept) then
        raise exception 'no such case for you' using errcode = 'CC003';
    end if;
    above := cc.cases_above(p_kept);
    perform cc.lock_cases(above);
    if cc.cases_above(p_kept) <> above then
        raise exception 'the case has changed' using errcode = 'CC002', detail = '{}';
    end if;
    k := cc.need_mergeable(root, null);
    r := cc.register(p_channel => p_channel, p_content => p_content, p_title => p_title, p_kind => p_kind, p_category => p_category,
        p_grade => p_grade, p_area => p_area, p_lon => p_lon, p_lat => p_lat, p_place => p_place,
        p_foreign_number => p_foreign_number, p_name => p_name, p_phone => p_phone, p_address => p_address,
        p_confidential => p_confidential, p_received_at => p_received_at, p_key => md5(p_key::text || ' register')::uuid);
    select * into s from cc.cases c where c.district_id = k.district_id and c.id = r.case_id for update;
    return cc.remember_merge(p_key, cc.link_cases(k, p_kept, s, 'person', p_score, p_reasons, p_words), k.id, '[]');
end $$;

-- The case and what it was merged into, step by step up to where it is handled now.
create or replace function cc.cases_above(p_case bigint) returns bigint[]
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    chain bigint[] := array[p_case];
    above bigint;
begin
    for step in 1..1000 loop
        select c.merged_into into above from cc.cases c
        where c.district_id = cc.home_district() and c.id = chain[cardinality(chain)];
        exit when above is null;
        chain := chain || above;
    end loop;
    return chain;
end $$;
