-- What time does, once for all desks. Whoever keeps the time holds an advisory lock of the database; the lock is the truth,
-- and it dies with its holder. The row in cc.timekeeper tells the name behind it. Each deed is one call of cc.keep, so one
-- transaction; what it changes was brought about by time, and is recorded as the system's by the functions that change it.

-- Takes the lock for this connection, unless another one has it.
create or replace function cc.try_keeping() returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(cc.my_role(), '') not in ('cc_duty', 'cc_supervisor', 'system') then
        raise exception '% keeps no time', cc.my_role() using errcode = 'CC050';
    end if;
    return pg_try_advisory_lock(371082, 7);
end $$;

-- Whether this connection holds it.
create or replace function cc.keeps_time() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select exists (select from pg_locks l where l.locktype = 'advisory' and l.classid = 371082 and l.objid = 7 and l.objsubid = 2
                   and l.pid = pg_backend_pid() and l.granted
                   and l.database = (select d.oid from pg_database d where d.datname = current_database()))
$$;

create or replace function cc.need_keeper() returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(cc.my_role(), '') not in ('cc_duty', 'cc_supervisor', 'system') then
        raise exception '% keeps no time', cc.my_role() using errcode = 'CC050';
    end if;
    if not cc.keeps_time() then
        raise exception 'somebody else keeps the time' using errcode = 'CC051';
    end if;
end $$;

-- The holder's name, told at the beginning; real time, because it says whether a program is alive and not what the law says.
create or replace function cc.begin_keeping(p_holder text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform cc.need_keeper();
    perform cc.need(p_holder, 'name');
    insert into cc.timekeeper as t (holder, pid, since, beat_at)
    values (left(p_holder, 100), pg_backend_pid(), clock_timestamp(), clock_timestamp())
    on conflict (district_id) do update set holder = excluded.holder, pid = excluded.pid, since = excluded.since,
        beat_at = excluded.beat_at;
end $$;

create or replace function cc.beat() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform cc.need_keeper();
    update cc.timekeeper set beat_at = clock_timestamp() where district_id = cc.home_district();
end $$;

-- What lies about no longer than it is of use: keys of writes that nobody retries any more.
create or replace function cc.prune(p_most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    gone integer;
begin
    with old as (
        select k.ctid as place_of_row from cc.write_keys k
        where k.at < cc.now() - cc.setting('key_days') * interval '1 day' order by k.at limit p_most
    )
    delete from cc.write_keys k using old where k.ctid = old.place_of_row;
    get diagnostics gone = row_count;
    return gone;
end $$;

-- A person's connection that stands in an open transaction, or keeps others waiting by one, for longer than idle_seconds, is
-- ended: what it locks, a number or a case, nobody else can take. Its transaction is rolled back, as if it had been cut off.
insert into cc.settings (name, value, note) values
    ('idle_seconds', '120', '一个连接停在没有提交的事务里，或因此让别人等待，超过多少秒就断开它 [D]')
on conflict do nothing;

create or replace function cc.end_idle() returns integer
language sql security definer set search_path = pg_catalog, pg_temp
as $$
    with waited_for as materialized (
        select distinct unnest(pg_blocking_pids(w.pid)) as pid from pg_stat_activity w
        where w.datname = current_database() and w.wait_event_type = 'Lock'
    )
    select count(*) filter (where pg_terminate_backend(a.pid))::integer
    from pg_stat_activity a
    where a.datname = current_database() and a.pid <> pg_backend_pid() and a.usename in (select p.login from cc.people p)
      and (a.state like 'idle in transaction%' and a.state_change < clock_timestamp() - cc.setting('idle_seconds') * interval '1 second'
           or a.xact_start < clock_timestamp() - cc.setting('idle_seconds') * interval '1 second' and a.pid in (select w.pid from waited_for w))
$$;

-- One deed, by its name; how many things it changed. At most 5,000 rows are moved or forgotten at a time, so that no deed
-- keeps others waiting; what is left comes with the next round. Done too early or twice, each of them changes nothing.
create or replace function cc.keep(p_deed text) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s'
as $$
begin
    perform cc.need_keeper();
    case p_deed
        when 'whistles' then return cc.watch_whistles();
        when 'slips' then return cc.watch_slips();
        when 'drafts' then return cc.draft_slips();
        when 'second_calls' then return cc.draw_second_calls();
        when 'seal' then return cc.seal_journal();
        when 'archive' then return cc.archive_older(cc.setting('hot_days'), 5000);
        when 'prune' then return cc.prune(5000);
        when 'idle' then return cc.end_idle();
        else raise exception 'no such deed: %', p_deed using errcode = 'CC052';
    end case;
end $$;
