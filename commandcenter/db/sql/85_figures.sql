-- Figures of the day: counts only, no citizen's word in them, so that the wall may ask as well.

-- received: reports of the day; merged: those of them that are handled together with another one (as in cc.merged_share).
create or replace function cc.today() returns table (
    received integer, merged integer, finished integer, in_time integer, called integer, reached integer, content integer)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with bounds as (
        select (date_trunc('day', cc.now() at time zone 'Asia/Shanghai')) at time zone 'Asia/Shanghai' as midnight,
               cc.me_lo() as lo, cc.me_hi() as hi
    ), mine as (
        select c.* from cc.cases c, bounds b where c.district_id = cc.home_district() and c.path >= b.lo and c.path < b.hi
          and c.finished_at >= b.midnight
    ), told as (
        select r.home_id <> r.case_id or c.reports > 1 and exists (
                   select from cc.reports o where o.district_id = r.district_id and o.case_id = r.case_id and o.home_id = r.home_id
                      and (o.received_at, o.id) < (r.received_at, r.id)) as is_merged
        from bounds b
        join cc.reports r on r.district_id = cc.home_district() and r.received_at >= b.midnight
        join cc.cases c on (c.district_id, c.id) = (r.district_id, r.case_id)
        where c.path >= b.lo and c.path < b.hi
    ), calls as (
        select f.* from cc.follow_ups f join cc.cases c on (c.district_id, c.id) = (f.district_id, f.case_id), bounds b
        where f.at >= b.midnight and c.path >= b.lo and c.path < b.hi
    )
    select (select count(*)::integer from told), (select (count(*) filter (where t.is_merged))::integer from told t),
           (select count(*)::integer from mine m),
           (select count(*)::integer from mine m where m.finished_at <= m.due_at),
           (select count(*)::integer from calls), (select count(*) filter (where c.reached)::integer from calls c),
           (select count(*) filter (where c.satisfied <> '不满意')::integer from calls c)
$$;

-- Cases received hour by hour: today, and the mean of the same weekday over the eight weeks before.
create or replace function cc.flow() returns table (hour integer, today integer, usual numeric)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with bounds as (
        select (cc.now() at time zone 'Asia/Shanghai')::date as day, cc.me_lo() as lo, cc.me_hi() as hi
    ), days as (
        select b.day - 7 * w as day, w from bounds b, generate_series(0, 8) w
    ), counted as (
        select d.w, extract(hour from c.received_at at time zone 'Asia/Shanghai')::integer as hour, count(*)::integer as n
        from days d, bounds b, lateral (
            select received_at, path from cc.cases where district_id = cc.home_district()
              and received_at >= d.day::timestamp at time zone 'Asia/Shanghai'
              and received_at < (d.day + 1)::timestamp at time zone 'Asia/Shanghai'
            union all
            select received_at, path from cc.cases_archive where district_id = cc.home_district()
              and received_at >= d.day::timestamp at time zone 'Asia/Shanghai'
              and received_at < (d.day + 1)::timestamp at time zone 'Asia/Shanghai') c
        where c.path >= b.lo and c.path < b.hi
        group by 1, 2
    ), weeks as (select count(distinct w)::numeric as n from counted where w > 0)
    select h, coalesce((select n from counted where w = 0 and hour = h), 0),
           coalesce((select sum(c.n) from counted c where c.w > 0 and c.hour = h), 0) / nullif((select n from weeks), 0)
    from generate_series(0, 23) h order by h
$$;
