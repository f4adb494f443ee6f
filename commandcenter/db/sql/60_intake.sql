-- Bulk intake: COPY into cc.staging, then one set-based statement per table.

-- The pairs of neighbouring characters of a text, each as one number: fifteen bits of the first and sixteen of the second.
-- Rare characters share a number with others, and pairs with a punctuation mark are left out, which are an eighth of all and
-- find nothing: a search looks at the text itself afterwards.
create or replace function cc.grams(p_text text) returns integer[]
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(distinct (ascii(a[i]) & 32767) << 16 | (ascii(a[i + 1]) & 65535)), '{}')
    from (select string_to_array(lower(regexp_replace(p_text collate "C", '\s+', '', 'g')), null) as a,
                 string_to_array('，。、；：！？（）“”《》,.;:!?()-', null) as marks) t,
         generate_series(1, cardinality(a) - 1) i
    where a[i] <> all (marks) and a[i + 1] <> all (marks)
$$;

create or replace function cc.take_in(p_batch uuid, p_history boolean)
returns table (row_no integer, duplicate boolean, case_id bigint, report_id bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp
-- A plan made while the tables were still empty is kept for the session: it must not scan what has grown since.
set enable_seqscan = off set jit = off set gin_pending_list_limit = '64MB'
as $$
declare
    me text := cc.my_role();
    moment timestamptz := cc.now();
    phone_key bytea := (select s.value from cc.secrets s where s.district_id = cc.home_district() and s.name = 'phone');
begin
    if (p_history and me is distinct from 'system') or coalesce(me, '') not in ('cc_duty', 'cc_supervisor', 'cc_intake', 'cc_admin', 'system') then
        raise exception '% may not import', me using errcode = 'CC001', detail = '{"verb": "import"}';
    end if;
    -- one import at a time: two that bring the same report at once would not see each other's
    perform pg_advisory_xact_lock(371082, 60);
    -- Everything that relates rows to one another is said by window functions over narrow rows, and the wide rows are
    -- fetched from where they lie: staging has no statistics, and joins guessed from none are quadratic.
    return query
    with mine as materialized (
        select s.ctid as place_of_row, s.row_no, s.matter, s.fingerprint, s.received_at, s.confidential, k.report_id as known_report,
               k.case_id as known_case,
               k.report_id is null and row_number() over (partition by s.fingerprint order by s.row_no) = 1 as fresh
        from cc.staging s
        left join lateral (select p.id as report_id, p.case_id from cc.reports p where p.district_id = cc.home_district()
                           and p.fingerprint = s.fingerprint limit 1) k on true
        where s.batch = p_batch and s.loader = session_user
    ), numbered as materialized (
        select m.*, case when m.fresh then cc.new_id() end as report_id,
               case when m.fresh and row_number() over (partition by m.matter, m.fresh order by m.row_no) = 1
                    then cc.new_id() end as own_case
        from mine m
    ), rows as materialized (
        select n.*, case when n.fresh then max(n.own_case) over of_matter end as case_id,
               count(*) filter (where n.fresh) over of_matter as reports,
               bool_or(n.confidential and n.fresh) over of_matter as any_confidential,
               min(n.received_at) filter (where n.fresh) over of_matter as case_received_at
        from numbered n window of_matter as (partition by n.matter)
    ), firsts as materialized (
        select r.*, (r.case_received_at at time zone 'Asia/Shanghai')::date as day from rows r where r.own_case is not null
    ), days as materialized (
        select f.day, count(*)::integer as n from firsts f group by f.day
    ), bases as materialized (
        select b.*, 'RC' || to_char(b.day, 'YYYYMMDD') || '-' as prefix from (select array_agg(d.day order by d.day) as a, array_agg(d.n order by d.day) as c from days d) x,
             lateral cc.day_blocks(x.a, x.c) b
    ), serials as materialized (
        select f.*, b.prefix, coalesce(b.holes[f.nth], b.top + f.nth - cardinality(b.holes)) as serial
        from (select x.*, row_number() over (partition by x.day order by x.case_received_at, x.row_no)::integer as nth from firsts x) f
        join bases b on b.day = f.day
    ), new_cases as (
        insert into cc.cases (id, number, grade, state, flags, kind, category_id, channel_id, title, place, area_id, town_id, path,
            lon, lat, unit_id, received_at, dispatched_at, accept_due_at, return_until, soon_at, due_at, paused_at, finished_at,
            archived_at, changed_at, returns, redos, reports, verb, actor, detail)
        select n.own_case, n.prefix || lpad(n.serial::text, greatest(5, length(n.serial::text)), '0'),
            coalesce(f.grade, k.default_grade, 4), case when p_history then f.state else 0 end,
            case when p_history then coalesce(f.flags, 0) else 0 end | case when n.any_confidential then 64 else 0 end,
            f.kind, f.category_id, f.channel_id, f.title, f.place, f.area_id, t.id, coalesce(a.path, '01.'), f.lon, f.lat,
            case when p_history then f.unit_id end, n.case_received_at, case when p_history then f.dispatched_at end,
            case when p_history then f.accept_due_at end, case when p_history then f.return_until end,
            case when p_history then f.soon_at end, case when p_history then f.due_at end,
            case when p_history then f.paused_at end, case when p_history then f.finished_at end,
            case when p_history then f.archived_at end,
            case when p_history then coalesce(f.archived_at, f.finished_at, f.dispatched_at, n.case_received_at) else moment end,
            case when p_history then coalesce(f.returns, 0) else 0 end, case when p_history then coalesce(f.redos, 0) else 0 end,
            n.reports, case when p_history then 'load' else 'import' end, session_user,
            jsonb_build_object('channel', f.channel_id, 'reports', n.reports)
        from serials n
        join cc.staging f on f.ctid = n.place_of_row
        left join cc.categories k on k.district_id = cc.home_district() and k.id = f.category_id
        left join cc.areas a on a.district_id = cc.home_district() and a.id = f.area_id
        left join cc.areas t on t.district_id = cc.home_district() and t.level = 'town' and t.path = left(a.path, 6)
        returning 1
    ), new_reports as (
        insert into cc.reports (id, case_id, home_id, channel_id, foreign_number, fingerprint, kind, content, place, lon, lat, received_at,
            registered_at, registered_by, name_masked, phone_masked, confidential, raw, grams, source)
        select r.report_id, r.case_id, r.case_id, f.channel_id, f.foreign_number, f.fingerprint, f.kind, f.content, f.place, f.lon, f.lat,
            f.received_at, moment, session_user, cc.mask_name(f.name, f.confidential), cc.mask_phone(f.phone, f.confidential),
            f.confidential, f.raw, f.grams::integer[], f.source
        from rows r join cc.staging f on f.ctid = r.place_of_row where r.fresh
        returning 1
    ), new_citizens as (
        insert into cc.citizens (report_id, name, phone, address, phone_hash)
        select r.report_id, f.name, f.phone, f.address, cc.keyed_digest(phone_key, f.phone)
        from rows r join cc.staging f on f.ctid = r.place_of_row
        where r.fresh and (f.name <> '' or f.phone <> '' or f.address <> '')
        returning 1
    ), new_assignments as (
        insert into cc.assignments (case_id, unit_id, part, assigned_at, assigned_by, accept_due_at, due_at, accepted_at,
            accepted_by, ended_at, end_reason)
        select r.own_case, f.unit_id, 'lead', f.dispatched_at, session_user, f.accept_due_at, f.due_at, f.accepted_at,
            case when f.accepted_at is not null then session_user end, f.archived_at, case when f.archived_at is not null then 'archive' end
        from firsts r join cc.staging f on f.ctid = r.place_of_row where p_history and f.unit_id is not null
        returning 1
    ), new_scope as (
        insert into cc.case_scope (case_id, path, reason, open)
        select r.own_case, u.path, 'assignment', f.state < 7 from firsts r join cc.staging f on f.ctid = r.place_of_row
        join cc.units u on u.district_id = cc.home_district() and u.id = f.unit_id
        left join cc.areas a on a.district_id = cc.home_district() and a.id = f.area_id
        where p_history and not starts_with(coalesce(a.path, '01.'), u.path)
        returning 1
    ), new_follow_ups as (
        insert into cc.follow_ups (case_id, report_id, round, at, actor, reached, contacted, solved, satisfied)
        select r.case_id, r.report_id, coalesce(f.redos, 0), f.archived_at, session_user, f.reached,
            case when f.reached then true end, case when f.reached then f.solved end, case when f.reached then f.satisfied end
        from rows r join cc.staging f on f.ctid = r.place_of_row
        where p_history and r.fresh and f.archived_at is not null and f.reached is not null
        returning 1
    )
    select o.row_no, not o.fresh,
           coalesce(o.known_case, first_value(o.case_id) over (partition by o.fingerprint order by o.row_no)),
           coalesce(o.known_report, first_value(o.report_id) over (partition by o.fingerprint order by o.row_no))
    from rows o order by o.row_no;
    delete from cc.staging s where s.batch = p_batch and s.loader = session_user;
end $$;

-- The numbers of cases that a loader's duplicates belong to: intake accounts see no cases, but say which one it was.
create or replace function cc.case_numbers(p_ids bigint[]) returns table (id bigint, number text)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select c.id, c.number from cc.cases c where c.district_id = cc.home_district() and c.id = any (p_ids)
    union all
    select c.id, c.number from cc.cases_archive c where c.district_id = cc.home_district() and c.id = any (p_ids)
$$;

-- Cases that ended long ago go to the archive, oldest first, so that the hot table stays small; and with each of them what was
-- merged into it, whenever that was. Granted to nobody.
create or replace function cc.archive_older(p_days integer, p_most integer) returns integer
language sql security definer set search_path = pg_catalog, pg_temp
as $$
    with recursive ended as (
        select c.id from cc.cases c where c.district_id = cc.home_district() and c.state >= 7 and c.state <> 8
          and c.archived_at < cc.now() - p_days * interval '1 day' order by c.archived_at limit p_most
    ), due as (
        select e.id from ended e
        union
        select c.id from due d join cc.cases c on c.district_id = cc.home_district() and c.merged_into = d.id
    ), old as (
        delete from cc.cases c using due where c.district_id = cc.home_district() and c.id = due.id returning c.*
    ), kept as (
        insert into cc.cases_archive select * from old returning id
    )
    select count(*)::integer from kept
$$;

-- All of them at once, for loaders.
create or replace function cc.move_to_archive(p_days integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if cc.my_role() is distinct from 'system' then
        raise exception 'only the system archives' using errcode = 'CC001', detail = '{"verb": "move_to_archive"}';
    end if;
    return cc.archive_older(p_days, null);
end $$;
