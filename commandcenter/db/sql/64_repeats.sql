-- Finding repeats (一事多投). The database finds reports that may be of one matter: by rare words, by the same citizen, by
-- place; services/repeats.py weighs them. Runs as the owner, as cc.search does, and applies the asker's sight itself.

do $$ begin
    create type cc.repeat_candidate as (report_id bigint, case_id bigint, case_number text, case_version integer, state smallint,
        grade smallint, unit_id integer, reports integer, title text, own_title text, own_category integer, channel_id integer,
        content text, place text, lon double precision, lat double precision, received_at timestamptz, photos integer,
        same_citizen boolean, crowd double precision);
exception when duplicate_object then null; end $$;

-- Who may have a phone number compared, and whether with those of confidential reports. A number typed by whoever is not to
-- look at citizens' data would otherwise tell whether its owner complained.
create or replace function cc.may_match_citizens(p_confidential boolean) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select coalesce((select cc.my_role()) in ('cc_duty', 'cc_supervisor', 'cc_followup', 'system'), false)
        or coalesce((select cc.my_role()) = 'cc_caller' and not p_confidential, false)
$$;

-- Reports since p_since that share words, citizen or place with what is asked. A probe is a set of character pairs
-- (cc.grams) that must all be there; p_ends says where in p_probes each one ends, p_weights what it counts. The citizen is
-- that of a phone number, or of a report; only whether they are the same is told. p_case and what it is merged with are left
-- out. At most p_most by words, as many by place, half as many by citizen. Of each case only what the asker may see. p_at is
-- when it was said: what came about then is looked at first, and a crowd is counted as it was then. With p_turn, reports that
-- came here after p_report and still wait to be compared are left out: in their turn they find this one, so that each pair is
-- weighed once, and a backlog is gone through as if it came one by one.
drop function if exists cc.repeat_candidates(integer[], integer[], double precision[], text, bigint, double precision,
    double precision, integer, bigint, timestamptz, integer);
create or replace function cc.repeat_candidates(p_probes integer[], p_ends integer[], p_weights double precision[], p_phone text,
    p_report bigint, p_lon double precision, p_lat double precision, p_category integer, p_case bigint, p_since timestamptz,
    p_most integer, p_at timestamptz default null, p_turn boolean default false) returns setof cc.repeat_candidate
language plpgsql stable rows 100 security definer set search_path = pg_catalog, pg_temp
set enable_seqscan = off set jit = off set max_parallel_workers_per_gather = 0
as $$
declare
    home constant integer := cc.home_district();
    moment timestamptz := coalesce(p_at, cc.now());
    turn constant boolean := coalesce(p_turn and p_report is not null, false);
    most integer := least(greatest(p_most, 1), 200);
    lo text collate "C" := cc.me_lo();
    hi text collate "C" := cc.me_hi();
    county boolean := lo = '01.';
    scope bigint[] := case when not county then array(select i from cc.cases_in_scope() i) else '{}' end;
    own bigint := cc.case_now(p_case);
    who bytea;
    spot integer[] := array[floor(p_lon * 400)::integer, floor(p_lat * 400)::integer];
    found bigint[] := '{}';
    crowds jsonb;
begin
    if coalesce(cc.my_role(), '') in ('', 'cc_wall', 'cc_intake') or lo is null then
        return;
    end if;
    if coalesce(p_phone, '') <> '' then
        who := cc.keyed_hash(p_phone);
    elsif p_report is not null then
        select z.phone_hash into who from cc.citizens z join cc.reports r on (r.district_id, r.id) = (z.district_id, z.report_id)
        where z.district_id = home and z.report_id = p_report and cc.may_see_case(r.home_id)
          and cc.may_match_citizens(r.confidential);
    end if;

    -- By words: what shares the most that is rare. The age is no matter for an index here: the probes find few enough.
    if cardinality(p_ends) > 0 then
        select array_agg(w.id) into found from (
            select h.id from (
                select f.id, f.case_id, f.home_id, f.received_at, sum(p.weight) as weight
                from (select p_probes[coalesce(p_ends[i - 1], 0) + 1 : p_ends[i]] as grams, p_weights[i] as weight
                      from generate_subscripts(p_ends, 1) i) p
                cross join lateral (
                    select r.id, r.case_id, r.home_id, r.received_at from cc.reports r
                    where r.district_id = home and r.grams @> p.grams and (r.received_at >= p_since) is not false
                    limit 5000) f
                group by f.id, f.case_id, f.home_id, f.received_at) h
            where h.case_id is distinct from own
              and not (turn and h.id > p_report and exists (select from cc.repeats_due d
                  where d.district_id = home and d.case_id = h.home_id and d.tries = 0))
              and (county or h.case_id = any (scope)
                or exists (select from cc.cases c where c.district_id = home and c.id = h.case_id and c.path >= lo and c.path < hi)
                or exists (select from cc.cases_archive c where c.district_id = home and c.id = h.case_id and c.path >= lo and c.path < hi))
            order by h.weight desc, h.received_at desc limit most) w;
        found := coalesce(found, '{}');
    end if;

    -- By the citizen.
    if who is not null then
        found := found || array(
            select r.id from (select z.report_id from cc.citizens z where z.district_id = home and z.phone_hash = who
                              order by z.report_id desc limit most) z
            join cc.reports r on r.district_id = home and r.id = z.report_id
            where r.received_at >= p_since and cc.may_match_citizens(r.confidential)
              and not (turn and r.id > p_report and exists (select from cc.repeats_due d
                  where d.district_id = home and d.case_id = r.home_id and d.tries = 0))
            order by r.received_at desc limit (most + 1) / 2);
    end if;

    -- By place: what came about that time to the cell and its neighbours; of the same kind first, the nearest of each.
    if p_lon is not null and p_lat is not null then
        with near as materialized (
            select n.*, h.category_id from generate_series(spot[1] - 1, spot[1] + 1) x, generate_series(spot[2] - 1, spot[2] + 1) y
            cross join lateral (
                select t.*, 111195 * sqrt(((t.lon - p_lon) * cosd((t.lat + p_lat) / 2)) ^ 2 + (t.lat - p_lat) ^ 2) as metres
                from (
                    (select r.id, r.case_id, r.home_id, r.lon, r.lat, r.received_at from cc.reports r
                     where r.district_id = home and floor(r.lon * 400) = x::double precision
                       and floor(r.lat * 400) = y::double precision and r.lon is not null
                       and r.received_at >= p_since and r.received_at <= moment
                     order by r.received_at desc limit 2 * most)
                    union all
                    (select r.id, r.case_id, r.home_id, r.lon, r.lat, r.received_at from cc.reports r
                     where r.district_id = home and floor(r.lon * 400) = x::double precision
                       and floor(r.lat * 400) = y::double precision and r.lon is not null
                       and r.received_at >= p_since and r.received_at > moment
                     order by r.received_at limit 2 * most)) t
                where not (turn and t.id > p_report and exists (select from cc.repeats_due d
                    where d.district_id = home and d.case_id = t.home_id and d.tries = 0))) n
            cross join lateral (
                select c.category_id, c.path from cc.cases c where c.district_id = home and c.id = n.home_id
                union all
                select c.category_id, c.path from cc.cases_archive c where c.district_id = home and c.id = n.home_id) h
            where county or h.path >= lo and h.path < hi or n.case_id = any (scope)
        ), ranked as (
            select n.*, row_number() over (partition by n.category_id is not distinct from p_category order by n.metres, n.received_at desc) as place_in_line
            from near n where n.metres < 1000 and n.case_id is distinct from own
        )
        select found || coalesce((select array_agg(r.id) from ranked r
                    where r.place_in_line <= case when r.category_id is not distinct from p_category then most - most / 3 else most / 3 end), '{}'),
               (select jsonb_object_agg(s.spot, s.many) from (
                    select concat_ws(' ', n.category_id, round(n.lon::numeric, 4), round(n.lat::numeric, 4)) as spot,
                           sum(exp(-ln(2) / 14 * extract(epoch from moment - n.received_at) / 86400)) as many
                    from near n where n.case_id is distinct from own and n.received_at <= moment
                    group by 1 having count(*) > 1) s)
        into found, crowds;
    end if;

    return query
    select r.id, r.case_id, k.number, k.version, k.state, k.grade, k.unit_id, k.reports, k.title, h.title, h.category_id,
           r.channel_id, r.content, r.place, r.lon, r.lat, r.received_at,
           (select count(*)::integer from cc.attachments a where a.district_id = home and a.case_id = r.case_id
            and (a.report_id is null or a.report_id = r.id) and a.media_type like 'image/%'),
           who is not null and cc.may_match_citizens(r.confidential) and exists (
               select from cc.citizens z where z.district_id = home and z.report_id = r.id and z.phone_hash = who),
           coalesce((crowds ->> concat_ws(' ', h.category_id, round(r.lon::numeric, 4), round(r.lat::numeric, 4)))::double precision,
                    case when r.lon is null then 0 else 1 end)
    from (select distinct i from unnest(found) i) f
    join cc.reports r on r.district_id = home and r.id = f.i
    cross join lateral (
        select c.number, c.version, c.state, c.grade, c.unit_id, c.reports, c.title, c.path from cc.cases c
        where c.district_id = home and c.id = r.case_id
        union all
        select c.number, c.version, c.state, c.grade, c.unit_id, c.reports, c.title, c.path from cc.cases_archive c
        where c.district_id = home and c.id = r.case_id) k
    cross join lateral (
        select c.title, c.category_id from cc.cases c where c.district_id = home and c.id = r.home_id
        union all
        select c.title, c.category_id from cc.cases_archive c where c.district_id = home and c.id = r.home_id) h
    where r.case_id is distinct from own and k.state <> 9
      and (county or k.path >= lo and k.path < hi or r.case_id = any (scope))
    order by r.id;
end $$;

-- Cases that come are noted, to be compared with others when there is time (services/repeat_keeping.py).
create or replace function cc.note_repeats_due() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into cc.repeats_due (district_id, case_id, at)
    select n.district_id, n.id, n.changed_at from new_rows n where n.verb in ('register', 'import');
    return null;
end $$;

drop trigger if exists repeats_due on cc.cases;
create trigger repeats_due after insert on cc.cases referencing new table as new_rows
    for each statement execute function cc.note_repeats_due();

-- The next cases to compare, those that failed last, and what is asked about each: what its first report says. Cases that
-- are over, or part of another by now, need none.
drop function if exists cc.repeats_next(integer);
create function cc.repeats_next(p_most integer) returns table (case_id bigint, number text, report_id bigint, content text, title text,
    category_id integer, area_id integer, place text, lon double precision, lat double precision, received_at timestamptz, state smallint)
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform cc.need_keeper();
    with next as (
        select d.case_id from cc.repeats_due d where d.district_id = cc.home_district() and d.tries < 5
        order by d.tries, d.at, d.case_id limit p_most
    )
    delete from cc.repeats_due d using next n where d.district_id = cc.home_district() and d.case_id = n.case_id
      and not exists (select from cc.cases c where c.district_id = d.district_id and c.id = d.case_id and c.state <= 5);
    return query
    select c.id, c.number, r.id, r.content, c.title, c.category_id, c.area_id, c.place, c.lon, c.lat, c.received_at, c.state
    from (select d.case_id, d.tries, d.at from cc.repeats_due d where d.district_id = cc.home_district() and d.tries < 5
          order by d.tries, d.at, d.case_id limit p_most) d
    join cc.cases c on c.district_id = cc.home_district() and c.id = d.case_id
    cross join lateral (select x.id, x.content from cc.reports x where x.district_id = c.district_id and x.case_id = c.id
                        order by x.home_id <> c.id, x.received_at, x.id limit 1) r
    order by d.tries, d.at, d.case_id;
end $$;

-- A case was compared, or it could not be this time and comes again after the others.
create or replace function cc.repeats_done(p_case bigint, p_failed boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform cc.need_keeper();
    if p_failed then
        update cc.repeats_due d set tries = d.tries + 1 where d.district_id = cc.home_district() and d.case_id = p_case;
    else
        delete from cc.repeats_due d where d.district_id = cc.home_district() and d.case_id = p_case;
    end if;
    return found;
end $$;

-- How far that is: how many wait, how many were given up, and since when the oldest waits.
create or replace function cc.repeats_left() returns table (waiting integer, failed integer, since timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select (count(*) filter (where d.tries < 5))::integer, (count(*) filter (where d.tries >= 5))::integer,
           min(d.at) filter (where d.tries < 5)
    from cc.repeats_due d where d.district_id = cc.home_district()
$$;

-- Other reports of cases: what else a case says that a repeat may join, its first ones and its newest, in order of time.
drop function if exists cc.repeat_speakers(bigint[], integer, integer);
create function cc.repeat_speakers(p_cases bigint[], p_first integer, p_newest integer)
returns table (report_id bigint, case_id bigint, own_title text, own_category integer, channel_id integer, content text, place text,
    lon double precision, lat double precision, received_at timestamptz, photos integer)
language plpgsql stable rows 50 security definer set search_path = pg_catalog, pg_temp
as $$
declare
    home constant integer := cc.home_district();
begin
    if coalesce(cc.my_role(), '') in ('', 'cc_wall', 'cc_intake') then
        return;
    end if;
    return query
    select s.id, s.case_id, h.title, h.category_id, s.channel_id, s.content, s.place, s.lon, s.lat, s.received_at,
           (select count(*)::integer from cc.attachments a where a.district_id = home and a.case_id = s.case_id
            and (a.report_id is null or a.report_id = s.id) and a.media_type like 'image/%')
    from (select distinct i from unnest(p_cases) i where cc.may_see_case(i)) f
    cross join lateral (
        select x.* from (
            select r.*, row_number() over (order by r.received_at, r.id) as from_first,
                   row_number() over (order by r.received_at desc, r.id desc) as from_last
            from cc.reports r where r.district_id = home and r.case_id = f.i) x
        where x.from_first <= p_first or x.from_last <= p_newest) s
    cross join lateral (
        select c.title, c.category_id from cc.cases c where c.district_id = home and c.id = s.home_id
        union all
        select c.title, c.category_id from cc.cases_archive c where c.district_id = home and c.id = s.home_id) h
    order by s.case_id, s.received_at, s.id;
end $$;

-- Two cases that want the opposite belong together, and are never one: noted by the system, once, whatever people make of it.
create or replace function cc.note_opposites(p_case bigint, p_other bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    pair bigint[] := array(select i from unnest(array[cc.case_now(p_case), cc.case_now(p_other)]) i order by i);
    x cc.relations;
    one bigint;
begin
    perform cc.need_keeper();
    if pair[1] = pair[2] or exists (select from cc.relations r where r.district_id = cc.home_district()
                                    and r.case_id = pair[1] and r.other_id = pair[2]) then
        return false;
    end if;
    insert into cc.relations (case_id, other_id, kind, words, at, actor)
    values (pair[1], pair[2], 'opposite', '', cc.now(), 'cc_system') returning * into x;
    foreach one in array array[x.case_id, x.other_id] loop
        perform cc.tell_of_merging('relation', x.id, one, 'relate', jsonb_build_object('kind', x.kind,
            'other', case one when x.case_id then x.other_id else x.case_id end));
    end loop;
    return true;
end $$;
