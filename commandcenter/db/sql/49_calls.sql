-- Follow-up: a call and what follows from it in one transaction, and the review of calls: second calls 抽查, exclusions 剔除
-- and appeals 申诉. The call itself is in 45_outcome.sql. Rights: 99_call_rights.sql.

-- The call, and at once what it leads to: 'redo' for who is not both solved and content (domain.md §6 [S]: 二次办理), or
-- 'archive' where it was the last one.
create or replace function cc.follow_up_then(p_case bigint, p_version integer, p_report bigint, p_reached boolean,
    p_contacted boolean, p_solved boolean, p_satisfied text, p_words text, p_then text, p_reason text, p_key uuid)
returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'follow_up_then');
    c cc.cases;
begin
    if r.case_id is not null then return r; end if;
    if p_then is null or p_then not in ('redo', 'archive') then
        raise exception 'nothing that follows from a call' using errcode = 'CC004', detail = 'then';
    end if;
    if p_then = 'redo' and (p_reached is not true or (p_solved and p_satisfied <> '不满意') is not false) then
        raise exception 'nobody asks for it' using errcode = 'CC041';
    end if;
    c := cc.write_call(cc.begin_verb('follow_up', p_case, p_version), p_report, p_reached, p_contacted, p_solved, p_satisfied,
                       p_words);
    c := cc.begin_verb(p_then, c.id, c.version);
    if p_then = 'redo' then
        c := cc.write_redo(c, p_reason);
    else
        c := cc.write_archive(c);
    end if;
    return cc.remember(p_key, c);
end $$;

-- The result of a deed on something that is no case, kept for a retry; its id stands where a case's would.
create or replace function cc.remember_id(p_key uuid, p_id bigint) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update cc.write_keys set case_id = p_id where district_id = cc.home_district() and key = p_key;
    return (p_id, null, null, null, null, false)::cc.case_change;
end $$;

-- Of these reports of cases that wait for a call: how many other reports the same citizen has made within so many days. For
-- those who call, and only a number: whose they are stays behind the hash.
create or replace function cc.other_reports(p_reports bigint[], p_days integer) returns table (report_id bigint, others integer)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    lo text collate "C" := cc.me_lo();
    hi text collate "C" := cc.me_hi();
begin
    if coalesce(cc.my_role(), '') not in ('cc_followup', 'cc_supervisor') then
        raise exception '% calls nobody', cc.my_role() using errcode = 'CC001', detail = '{"verb": "follow_up"}';
    end if;
    return query
        with asked as materialized (
            select w.district_id, w.report_id, w.phone_hash from unnest(p_reports) r
            join cc.citizens w on w.district_id = cc.home_district() and w.report_id = r
            join cc.reports p on (p.district_id, p.id) = (w.district_id, w.report_id)
            join cc.cases c on (c.district_id, c.id) = (p.district_id, p.case_id)
            where w.phone_hash is not null and c.state = 6 and c.path >= lo and c.path < hi
        )
        select a.report_id, count(*)::integer
        from asked a
        join cc.citizens o on o.district_id = a.district_id and o.phone_hash = a.phone_hash and o.report_id <> a.report_id
        join cc.reports q on (q.district_id, q.id) = (o.district_id, o.report_id)
                         and q.received_at >= cc.now() - p_days * interval '1 day'
        group by a.report_id;
end $$;
