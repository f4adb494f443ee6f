-- Numbers of cases: RCyyyymmdd-nnnnn, counted by day in Shanghai, none twice and none left out.
-- A counter that all of a day's registrations lock until they are safe on disk would send them there one by one. So a day has
-- lanes: lane l of n gives l + 1, l + 1 + n, l + 1 + 2n, … Whoever registers takes the smallest number of a lane that nobody
-- holds, so that numbers follow time, and one that was rolled back is given to the next.

create or replace function cc.number_lanes() returns integer
language sql immutable
as $$ select 8 $$;

create or replace function cc.begin_day(p_day date) returns void
language sql security definer set search_path = pg_catalog, pg_temp
as $$
    insert into cc.day_numbers (day, lane, next)
    select p_day, l, l + 1 from generate_series(0, cc.number_lanes() - 1) l on conflict do nothing
$$;

create or replace function cc.next_serial(p_day date) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '20s'
as $$
declare
    given integer;
begin
    loop
        update cc.day_numbers n set next = n.next + cc.number_lanes()
        where n.district_id = cc.home_district() and n.day = p_day and n.lane = (
            select x.lane from cc.day_numbers x where x.district_id = cc.home_district() and x.day = p_day
            order by x.next limit 1 for update skip locked)
        returning n.next - cc.number_lanes() into given;
        if found then
            return given;
        end if;
        perform cc.begin_day(p_day);
        -- Where all are held, by more people than there are lanes or by an import: wait for one, by turns.
        perform from cc.day_numbers n where n.district_id = cc.home_district() and n.day = p_day
            and n.lane = pg_backend_pid() % cc.number_lanes() for update;
    end loop;
end $$;

create or replace function cc.next_number(p_at timestamptz, p_count integer) returns text[]
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    on_day date := (p_at at time zone 'Asia/Shanghai')::date;
begin
    return array(select 'RC' || to_char(on_day, 'YYYYMMDD') || '-' || lpad(n::text, greatest(5, length(n::text)), '0')
                 from (select cc.next_serial(on_day) as n from generate_series(1, p_count)) g);
end $$;

-- The case of a number, for who sees it; by a function, because a number is no key to a row before its reader is known to see it.
create or replace function cc.case_by_number(p_number text) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select c.id from (
        select x.id, x.path from cc.cases x where x.district_id = cc.home_district() and x.number = p_number
        union all
        select x.id, x.path from cc.cases_archive x where x.district_id = cc.home_district() and x.number = p_number) c
    where cc.my_role() not in ('cc_wall', 'cc_intake') and cc.may_see(c.path, c.id)
$$;

drop function if exists cc.day_bases(date[], integer[]);

-- Gives every day's cases their numbers in one step per day: the smallest that are left. The nth of a day is holes[n] and, where
-- those have run out, top + n - cardinality(holes). Holes are few: what registrations under way have passed by.
create or replace function cc.day_blocks(p_days date[], p_counts integer[]) returns table (day date, holes integer[], top integer)
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    home constant integer := cc.home_district();
    lanes constant integer := cc.number_lanes();
begin
    insert into cc.day_numbers (day, lane, next)
    select d, l, l + 1 from unnest(p_days) d, generate_series(0, lanes - 1) l
    where not exists (select from cc.day_numbers x where x.district_id = home and x.day = d)
    order by d, l on conflict do nothing;
    perform from cc.day_numbers x where x.district_id = home and x.day = any (p_days) order by x.day, x.lane for update;
    return query
    with now as materialized (
        select x.day, x.lane, x.next, max(x.next) over (partition by x.day) - lanes as last
        from cc.day_numbers x where x.district_id = home and x.day = any (p_days)
    ), left_out as (
        select n.day, array_agg(s order by s) as serials from now n, generate_series(n.next, n.last, lanes) s group by n.day
    ), blocks as materialized (
        select a.d, n.last, coalesce(o.serials, '{}') as serials,
               case when a.c <= coalesce(cardinality(o.serials), 0) then o.serials[a.c]
                    else n.last + a.c - coalesce(cardinality(o.serials), 0) end as upto
        from unnest(p_days, p_counts) as a (d, c)
        join now n on n.day = a.d and n.lane = 0 left join left_out o on o.day = a.d
    ), given as (
        update cc.day_numbers x set next = x.next + ((b.upto - x.next) / lanes + 1) * lanes
        from blocks b where x.district_id = home and x.day = b.d and x.next <= b.upto returning 1
    )
    select b.d, b.serials, b.last from blocks b order by b.d;
end $$;
