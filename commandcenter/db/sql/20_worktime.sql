-- Working time: the same arithmetic as commandcenter/domain/worktime.py, held equal by a property test.
-- A day counts its working minutes once; nth(day) is the number of working days up to and including the day.

create or replace function cc.calendar_renumber() returns void
language sql security definer set search_path = pg_catalog, pg_temp
as $$
    update cc.calendar c set nth = n.nth
    from (select district_id, day, (sum(working::integer) over (partition by district_id order by day))::integer as nth
          from cc.calendar) n
    where (c.district_id, c.day) = (n.district_id, n.day) and c.nth <> n.nth
$$;

-- Whoever edits a day, the count follows: a calendar that is not renumbered would give wrong deadlines in silence.
create or replace function cc.calendar_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform cc.calendar_renumber();
    return null;
end $$;

create or replace trigger calendar_changed_insert after insert on cc.calendar
    for each statement execute function cc.calendar_changed();
create or replace trigger calendar_changed_update after update of day, working on cc.calendar
    for each statement execute function cc.calendar_changed();
create or replace trigger calendar_changed_delete after delete on cc.calendar
    for each statement execute function cc.calendar_changed();

create or replace function cc.calendar_day(p_day date) returns cc.calendar
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    found_day cc.calendar;
begin
    select * into found_day from cc.calendar where district_id = cc.home_district() and day = p_day;
    if not found then
        raise exception 'the work calendar does not cover %', p_day using errcode = 'CC007', detail = p_day::text;
    end if;
    return found_day;
end $$;

create or replace function cc.day_length(p_hours integer) returns bigint  -- microseconds of work in a working day
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select sum((h.periods[i + 1] - h.periods[i]) * 60000000::bigint)::bigint
    from cc.work_hours h, generate_series(1, cardinality(h.periods), 2) i
    where h.district_id = cc.home_district() and h.id = p_hours
$$;

-- Microseconds of working time from the calendar's beginning to a moment.
create or replace function cc.worked(p_at timestamptz, p_hours integer) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    local_at timestamp := p_at at time zone 'Asia/Shanghai';
    today cc.calendar := cc.calendar_day(local_at::date);
    since_midnight bigint := (extract(epoch from local_at - local_at::date) * 1000000)::bigint;
    periods integer[];
    whole bigint := 0;
    part bigint := 0;
    i integer;
begin
    select h.periods into periods from cc.work_hours h where h.district_id = cc.home_district() and h.id = p_hours;
    for i in 1 .. cardinality(periods) by 2 loop
        whole := whole + (periods[i + 1] - periods[i]) * 60000000::bigint;
        part := part + greatest(0, least(since_midnight, periods[i + 1] * 60000000::bigint) - periods[i] * 60000000::bigint);
    end loop;
    if today.working then
        return (today.nth - 1) * whole + part;
    end if;
    return today.nth * whole;
end $$;

-- The earliest moment at which that much has been worked since the calendar's beginning.
create or replace function cc.moment_of(p_worked bigint, p_hours integer) returns timestamptz
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    periods integer[];
    whole bigint := cc.day_length(p_hours);
    wanted integer := ((p_worked + whole - 1) / whole)::integer;
    rest bigint := p_worked - (wanted - 1) * whole;
    on_day date;
    i integer;
    length bigint;
begin
    select h.periods into periods from cc.work_hours h where h.district_id = cc.home_district() and h.id = p_hours;
    select c.day into on_day from cc.calendar c
    where c.district_id = cc.home_district() and c.working and c.nth = wanted;
    if not found then
        raise exception 'the work calendar has no working day number %', wanted using errcode = 'CC007';
    end if;
    for i in 1 .. cardinality(periods) by 2 loop
        length := (periods[i + 1] - periods[i]) * 60000000::bigint;
        if rest <= length then
            return (on_day::timestamp + (periods[i] * 60000000::bigint + rest) * interval '1 microsecond')
                   at time zone 'Asia/Shanghai';
        end if;
        rest := rest - length;
    end loop;
    raise exception 'work hours % have no length', p_hours using errcode = 'CC007';
end $$;
create index if not exists calendar_nth on cc.calendar (district_id, nth) where working;

create or replace function cc.advance(p_at timestamptz, p_amount bigint, p_hours integer) returns timestamptz
language sql stable set search_path = pg_catalog, pg_temp
as $$ select case when p_amount = 0 then p_at else cc.moment_of(cc.worked(p_at, p_hours) + p_amount, p_hours) end $$;

-- The end of working hours of the p_days-th working day after the day of a moment.
create or replace function cc.end_of_working_day(p_at timestamptz, p_days integer, p_hours integer) returns timestamptz
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select cc.moment_of(((cc.calendar_day((p_at at time zone 'Asia/Shanghai')::date)).nth + p_days)
                        * cc.day_length(p_hours), p_hours)
$$;

create or replace function cc.is_provisional(p_from timestamptz, p_to timestamptz) returns boolean
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select exists (select from cc.calendar where district_id = cc.home_district() and provisional
                   and day between (p_from at time zone 'Asia/Shanghai')::date and (p_to at time zone 'Asia/Shanghai')::date)
$$;

do $$ begin
    create type cc.deadlines as (accept_due_at timestamptz, return_until timestamptz, soon_at timestamptz,
                                 due_at timestamptz, working boolean, provisional boolean);
exception when duplicate_object then null; end $$;

-- All deadlines of a case dispatched at a moment (domain.md 3): red and orange in natural hours, the others in working time.
create or replace function cc.deadlines_of(p_grade smallint, p_at timestamptz, p_hours integer) returns cc.deadlines
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    l cc.grade_limits;
    d cc.deadlines;
    amount bigint;
    day bigint;
    margin bigint;
begin
    select * into strict l from cc.grade_limits where district_id = cc.home_district() and grade = p_grade;
    d.working := l.clock = 'working';
    if not d.working then
        d.accept_due_at := p_at + l.accept_minutes * interval '1 minute';
        d.return_until := p_at + l.return_minutes * interval '1 minute';
        amount := l.finish_amount * 60000000::bigint * case l.finish_unit when 'days' then 1440 else 1 end;
        d.due_at := p_at + amount * interval '1 microsecond';
        d.soon_at := d.due_at - floor(amount * l.soon_share)::bigint * interval '1 microsecond';
    else
        d.accept_due_at := cc.advance(p_at, l.accept_minutes * 60000000::bigint, p_hours);
        d.return_until := cc.advance(p_at, l.return_minutes * 60000000::bigint, p_hours);
        if l.finish_unit = 'days' then
            day := cc.day_length(p_hours);
            d.due_at := cc.end_of_working_day(p_at, l.finish_amount, p_hours);
            margin := case when l.finish_amount > 1 then day else floor(day * l.soon_share)::bigint end;
        else
            amount := l.finish_amount * 60000000::bigint;
            d.due_at := cc.advance(p_at, amount, p_hours);
            margin := floor(amount * l.soon_share)::bigint;
        end if;
        d.soon_at := cc.moment_of(cc.worked(d.due_at, p_hours) - margin, p_hours);
    end if;
    d.provisional := d.working and cc.is_provisional(p_at, d.due_at);
    return d;
end $$;

-- A deadline put off by whole days: to the end of working hours of the p_days-th working day after it, or to the same minute.
create or replace function cc.extended(p_due timestamptz, p_days integer, p_working boolean, p_hours integer) returns timestamptz
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select case when p_working
        then cc.end_of_working_day(p_due - interval '1 microsecond', p_days, p_hours)  -- due at 24:00 lies on the next day already
        else p_due + p_days * interval '1 day' end
$$;

-- A deadline moved by a pause: by exactly the natural or working time that was paused.
create or replace function cc.moved(p_deadline timestamptz, p_from timestamptz, p_to timestamptz,
                                    p_working boolean, p_hours integer) returns timestamptz
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select case when p_working
        then cc.advance(p_deadline, cc.worked(p_to, p_hours) - cc.worked(p_from, p_hours), p_hours)
        else p_deadline + (p_to - p_from) end
$$;
