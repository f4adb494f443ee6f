-- Citizens' data: hashed for matching, masked for reading, shown only by a look that was recorded first.

-- Stable, as convert_to is: said to be more, it would be called row by row instead of being put in line.
create or replace function cc.keyed_digest(p_key bytea, p_phone text) returns bytea
language sql stable
return case when length(regexp_replace(p_phone, '\D', '', 'g')) >= 5
            then sha256(p_key || sha256(p_key || convert_to(regexp_replace(p_phone, '\D', '', 'g'), 'UTF8'))) end;

create or replace function cc.keyed_hash(p_phone text) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select cc.keyed_digest(s.value, p_phone) from cc.secrets s where s.district_id = cc.home_district() and s.name = 'phone'
$$;

-- Without a path of their own, so that a whole batch is masked without a call a row; their callers pin it.
create or replace function cc.mask_name(p_name text, p_confidential boolean) returns text
language sql immutable
as $$
    select case when p_confidential then '保密' when coalesce(p_name, '') = '' then ''
                else left(p_name, 1) || repeat('*', greatest(1, least(length(p_name) - 1, 2))) end
$$;

create or replace function cc.mask_phone(p_phone text, p_confidential boolean) returns text
language sql immutable
as $$
    select case when p_confidential or coalesce(p_phone, '') = '' then ''
                when length(p_phone) >= 11 then left(p_phone, 3) || '****' || right(p_phone, 4)
                when length(p_phone) >= 7 then left(p_phone, length(p_phone) - 6) || '****' || right(p_phone, 2)
                else '****' end
$$;

-- First half of a look: says why, and is written down. Must be committed before the second half answers: a look inside a
-- transaction that is rolled back afterwards would leave no trace.
create or replace function cc.ask_citizen(p_report bigint, p_reason text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    me text := cc.my_role();
    p cc.reports;
    home text;
    lead integer;
    look bigint;
begin
    perform cc.need(p_reason, 'reason');
    select * into p from cc.reports where district_id = cc.home_district() and id = p_report;
    select path, unit_id into home, lead from cc.cases where district_id = cc.home_district() and id = p.case_id
    union all
    select path, unit_id from cc.cases_archive where district_id = cc.home_district() and id = p.case_id;
    if p.id is null or home is null or not cc.may_see(home, p.case_id) then
        raise exception 'no such report for you' using errcode = 'CC003';
    end if;
    if me is null or me in ('cc_wall', 'cc_analyst', 'cc_intake', 'cc_admin')
       or (p.confidential and me in ('cc_responder', 'cc_caller')) then
        raise exception '% does not see citizens'' data', me using errcode = 'CC001',
            detail = jsonb_build_object('verb', 'look', 'role', me, 'confidential', p.confidential)::text;
    end if;
    insert into cc.access_log (at, actor, report_id, case_id, reason)
    values (cc.now(), session_user, p.id, p.case_id, p_reason) returning id into look;
    return look;
end $$;

-- Second half: answers for a few minutes, to the one who asked, once the record is committed.
create or replace function cc.look(p_look bigint) returns table (name text, phone text, address text, confidential boolean)
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    l cc.access_log;
begin
    select * into l from cc.access_log a where a.district_id = cc.home_district() and a.id = p_look;
    if not found or cc.my_role() is null or l.actor <> session_user or l.at < cc.now() - interval '5 minutes'
       or l.xid = pg_current_xact_id() or pg_xact_status(l.xid) is distinct from 'committed' then
        raise exception 'this look is not recorded' using errcode = 'CC001', detail = '{"verb": "look"}';
    end if;
    return query select c.name, c.phone, c.address, p.confidential
                 from cc.citizens c join cc.reports p on (p.district_id, p.id) = (c.district_id, c.report_id)
                 where c.district_id = l.district_id and c.report_id = l.report_id;
end $$;
