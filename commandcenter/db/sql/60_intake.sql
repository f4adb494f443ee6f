-- Bulk intake: COPY into cc.staging, then one set-based statement per table.

create or replace function cc.grams(p_text text) returns text[]
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(distinct a[i] || a[i + 1]), '{}')
    from (select string_to_array(lower(regexp_replace(p_text, '\s+', '', 'g')), null) as a) t,
         generate_series(1, cardinality(a) - 1) i
$$;

-- Gives every day's cases their numbers in one step per day.
create or replace function cc.day_bases(p_days date[], p_counts integer[]) returns table (day date, base integer)
language sql security definer set search_path = pg_catalog, pg_temp
as $$
    insert into cc.day_numbers as n (day, last)
    select d, c from unnest(p_days, p_counts) as t (d, c) order by d
    on conflict (district_id, day) do update set last = n.last + excluded.last
    returning n.day, n.last - (p_counts)[array_position(p_days, n.day)]
$$;

create or replace function cc.take_in(p_batch uuid, p_history boolean)
returns table (row_no integer, duplicate boolean, case_id bigint, report_id bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    me text := cc.my_role();
    moment timestamptz := cc.now();
begin
    if (p_history and me is distinct from 'system') or coalesce(me, '') not in ('cc_duty', 'cc_supervisor', 'cc_intake', 'cc_admin', 'system') then
        raise exception '% may not import', me using errcode = 'CC001', detail = '{"verb": "import"}';
    end if;
    -- one import at a time: two that bring the same report at once would not see each other's
    perform pg_advisory_xact_lock(371082, 60);
    return query
    with mine as materialized (
        select s.*, row_number() over (partition by s.fingerprint order by s.row_no) as nth_copy
        from cc.staging s where s.batch = p_batch and s.loader = session_user
    ), known as materialized (
        select m.fingerprint, p.id as report_id, p.case_id from mine m
        join cc.reports p on p.district_id = cc.home_district() and p.fingerprint = m.fingerprint where m.nth_copy = 1
    ), fresh as materialized (
        select m.*, cc.new_id() as report_id from mine m
        where m.nth_copy = 1 and not exists (select from known k where k.fingerprint = m.fingerprint)
    ), matters as materialized (
        select f.matter, min(f.row_no) as first_row, count(*)::integer as reports, bool_or(f.confidential) as confidential,
               min(f.received_at) as received_at, cc.new_id() as case_id
        from fresh f group by f.matter
    ), days as materialized (
        select (m.received_at at time zone 'Asia/Shanghai')::date as day, count(*)::integer as n from matters m group by 1
    ), bases as materialized (
        select b.* from (select array_agg(d.day order by d.day) as a, array_agg(d.n order by d.day) as c from days d) x,
             lateral cc.day_bases(x.a, x.c) b
    ), numbered as materialized (
        select m.*, b.day, b.base + row_number() over (partition by b.day order by m.received_at, m.first_row) as serial
        from matters m join bases b on b.day = (m.received_at at time zone 'Asia/Shanghai')::date
    ), new_cases as (
        insert into cc.cases (id, number, grade, state, flags, kind, category_id, channel_id, title, place, area_id, town_id, path,
            lon, lat, unit_id, received_at, dispatched_at, accept_due_at, return_until, soon_at, due_at, paused_at, finished_at,
            archived_at, changed_at, returns, redos, reports, verb, actor, detail)
        select n.case_id, 'RC' || to_char(n.day, 'YYYYMMDD') || '-' || lpad(n.serial::text, greatest(5, length(n.serial::text)), '0'),
            coalesce(f.grade, k.default_grade, 4), case when p_history then f.state else 0 end,
            case when p_history then coalesce(f.flags, 0) else 0 end | case when n.confidential then 64 else 0 end,
            f.kind, f.category_id, f.channel_id, f.title, f.place, f.area_id, t.id, coalesce(a.path, '01.'), f.lon, f.lat,
            h.unit_id, n.received_at, h.dispatched_at, h.accept_due_at, h.return_until, h.soon_at, h.due_at, h.paused_at,
            h.finished_at, h.archived_at, case when p_history then coalesce(h.archived_at, h.finished_at, h.dispatched_at, n.received_at) else moment end,
            coalesce(h.returns, 0), coalesce(h.redos, 0), n.reports, case when p_history then 'load' else 'import' end, session_user,
            jsonb_build_object('channel', f.channel_id, 'reports', n.reports)
        from numbered n
        join fresh f on f.row_no = n.first_row
        left join fresh h on p_history and h.row_no = f.row_no
        left join cc.categories k on k.district_id = cc.home_district() and k.id = f.category_id
        left join cc.areas a on a.district_id = cc.home_district() and a.id = f.area_id
        left join cc.areas t on t.district_id = cc.home_district() and t.level = 'town'
            and t.path = split_part(a.path, '.', 1) || '.' || split_part(a.path, '.', 2) || '.'
        returning id
    ), new_reports as (
        insert into cc.reports (id, case_id, channel_id, foreign_number, fingerprint, kind, content, place, lon, lat, received_at,
            registered_at, registered_by, name_masked, phone_masked, confidential, raw, grams)
        select f.report_id, m.case_id, f.channel_id, f.foreign_number, f.fingerprint, f.kind, f.content, f.place, f.lon, f.lat,
            f.received_at, moment, session_user, cc.mask_name(f.name, f.confidential), cc.mask_phone(f.phone, f.confidential),
            f.confidential, f.raw, f.grams
        from fresh f join matters m using (matter)
        returning id
    ), new_citizens as (
        insert into cc.citizens (report_id, name, phone, address, phone_hash)
        select f.report_id, f.name, f.phone, f.address, cc.keyed_hash(f.phone) from fresh f
        where f.name <> '' or f.phone <> '' or f.address <> ''
        returning 1
    ), new_assignments as (
        insert into cc.assignments (case_id, unit_id, part, assigned_at, assigned_by, accept_due_at, due_at, accepted_at,
            accepted_by, ended_at, end_reason)
        select m.case_id, f.unit_id, 'lead', f.dispatched_at, session_user, f.accept_due_at, f.due_at, f.accepted_at,
            case when f.accepted_at is not null then session_user end, f.archived_at, case when f.archived_at is not null then 'archive' end
        from fresh f join matters m on m.first_row = f.row_no where p_history and f.unit_id is not null
        returning 1
    ), new_scope as (
        insert into cc.case_scope (case_id, path, reason)
        select m.case_id, u.path, 'assignment' from fresh f join matters m on m.first_row = f.row_no
        join cc.units u on u.district_id = cc.home_district() and u.id = f.unit_id where p_history
        returning 1
    ), new_follow_ups as (
        insert into cc.follow_ups (case_id, report_id, round, at, actor, reached, contacted, solved, satisfied)
        select m.case_id, f.report_id, coalesce(f.redos, 0), f.archived_at, session_user, f.reached,
            case when f.reached then true end, case when f.reached then f.solved end, case when f.reached then f.satisfied end
        from fresh f join matters m using (matter) where p_history and f.archived_at is not null and f.reached is not null
        returning 1
    )
    select m.row_no, f.report_id is null, coalesce(w.case_id, k.case_id, fw.case_id), coalesce(f.report_id, k.report_id, ff.report_id)
    from mine m
    left join fresh f on f.row_no = m.row_no
    left join matters w on w.matter = f.matter
    left join known k on k.fingerprint = m.fingerprint
    left join fresh ff on ff.fingerprint = m.fingerprint
    left join matters fw on fw.matter = ff.matter
    order by m.row_no;
    delete from cc.staging s where s.batch = p_batch and s.loader = session_user;
end $$;

-- Cases that ended long ago go to the archive, so that the hot table stays small.
create or replace function cc.move_to_archive(p_days integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    moved integer;
begin
    if cc.my_role() is distinct from 'system' then
        raise exception 'only the system archives' using errcode = 'CC001', detail = '{"verb": "move_to_archive"}';
    end if;
    with old as (
        delete from cc.cases where district_id = cc.home_district() and state >= 7
          and archived_at < cc.now() - p_days * interval '1 day' returning *
    ), kept as (
        insert into cc.cases_archive select * from old returning id
    ), unscoped as (
        delete from cc.write_keys where at < cc.now() - interval '7 days'
    )
    select count(*) into moved from kept;
    return moved;
end $$;
