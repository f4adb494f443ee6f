-- What a desk may know of the number that is on the line: how often it called lately, by the keyed hash of the number. Only
-- reports of cases the asker sees are counted, and none of a citizen who asked to be kept secret. Rights: 99_caller_rights.sql.
create or replace function cc.caller(p_phone text)
returns table (days integer, calls integer, open integer, case_id bigint, number text, title text, state smallint, last_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    home constant integer := cc.home_district();
    span constant integer := cc.setting('caller_days');
    digest constant bytea := cc.keyed_hash(p_phone);
begin
    if coalesce(cc.my_role(), '') not in ('cc_duty', 'cc_supervisor', 'cc_caller') then
        raise exception 'who registers nothing asks for no number' using errcode = 'CC001', detail = '{"verb": "register"}';
    end if;
    return query
    with told as (
        select r.received_at, c.id, c.number, c.title, c.state, c.path
        from cc.citizens z join cc.reports r on (r.district_id, r.id) = (z.district_id, z.report_id)
        join (select x.district_id, x.id, x.number, x.title, x.state, x.path from cc.cases x
              union all select a.district_id, a.id, a.number, a.title, a.state, a.path from cc.cases_archive a) c
            on (c.district_id, c.id) = (r.district_id, r.case_id)
        where z.district_id = home and z.phone_hash = digest and not r.confidential
          and r.received_at > cc.now() - span * interval '1 day'
        order by r.received_at desc limit 200
    ), seen as materialized (
        select t.* from told t where cc.may_see(t.path, t.id)
    )
    select span, count(*)::integer, (count(distinct s.id) filter (where s.state < 7))::integer,
           (array_agg(s.id order by s.received_at desc))[1], (array_agg(s.number order by s.received_at desc))[1],
           (array_agg(s.title order by s.received_at desc))[1], (array_agg(s.state order by s.received_at desc))[1],
           max(s.received_at)
    from seen s;
end $$;
