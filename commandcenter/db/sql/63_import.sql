-- Runs of imports: which file, how far, what became of its rows. A batch and the run's line about it are one transaction, so
-- that what was committed and what the run says are always the same. Rights: 99_import_rights.sql.

insert into cc.transitions (from_state, verb, to_state, role)
select s, 'update', s, r
from generate_series(0, 6) s, unnest('{cc_duty,cc_supervisor,cc_intake,cc_admin,system}'::text[]) r
on conflict do nothing;

-- When a report of another system can have been received: the reader asks, for a whole file at once.
insert into cc.settings (name, value, note) values
    ('import_ahead_hours', '24', '导入的诉求，时间最多可以比现在晚多少小时；更晚的不导入 [D]'),
    ('import_old_days', '1826', '导入的诉求，时间早于多少天以前就提醒核对；照样导入 [D]')
on conflict do nothing;

create or replace function cc.need_importer() returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(cc.my_role(), '') not in ('cc_duty', 'cc_supervisor', 'cc_intake', 'cc_admin', 'system') then
        raise exception '% may not import', cc.my_role() using errcode = 'CC001', detail = '{"verb": "import"}';
    end if;
end $$;

-- Begins a run, or goes on with the one that stopped: the same file read the same way. The connection holds a lock of that
-- file until it ends, so that nobody takes it in twice at once, and a run whose program died is free at once.
create or replace function cc.begin_import(p_file_name text, p_hash bytea, p_size bigint, p_way bytea, p_channel integer,
    p_profile text, p_machine text) returns cc.import_runs
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s'
as $$
declare
    r cc.import_runs;
begin
    perform cc.need_importer();
    perform cc.need(p_file_name, 'name');
    -- a moment's patience: the server needs one to notice that a program was killed
    begin
        perform pg_advisory_lock(371084, hashtext(encode(p_hash, 'hex')));
    exception when lock_not_available then
        raise exception 'somebody is taking this file in' using errcode = 'CC095', detail = coalesce((
            select i.actor || ' ' || i.machine from cc.import_runs i where i.district_id = cc.home_district()
            and i.file_hash = p_hash and i.state = 'running' order by i.began_at desc limit 1), '');
    end;
    update cc.import_runs i set state = 'running', actor = session_user, machine = left(p_machine, 100), beat_at = clock_timestamp(),
        ended_at = null
    where i.district_id = cc.home_district() and i.file_hash = p_hash and i.way = p_way and i.state <> 'done' returning * into r;
    if found then return r; end if;
    insert into cc.import_runs (file_name, file_hash, file_size, way, channel_id, profile, machine, actor, began_at, beat_at, state)
    values (left(p_file_name, 300), p_hash, p_size, p_way, p_channel, coalesce(p_profile, ''), left(p_machine, 100), session_user,
            clock_timestamp(), clock_timestamp(), 'running') returning * into r;
    return r;
end $$;

-- Takes the lock of a watched folder for this connection, unless another one has it.
create or replace function cc.hold_folder(p_folder text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform cc.need_importer();
    return pg_try_advisory_lock(371085, hashtext(p_folder));
end $$;

-- A batch has been taken in, in the caller's transaction.
create or replace function cc.import_batch(p_run bigint, p_last_row integer, p_accepted integer, p_duplicates integer,
    p_updated integer, p_untouched integer, p_unplaced integer) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform cc.need_importer();
    update cc.import_runs i set last_row = greatest(i.last_row, p_last_row), accepted = i.accepted + p_accepted,
        duplicates = i.duplicates + p_duplicates, updated = i.updated + p_updated, untouched = i.untouched + p_untouched,
        unplaced = i.unplaced + p_unplaced, beat_at = clock_timestamp()
    where i.district_id = cc.home_district() and i.id = p_run and i.state = 'running' and i.actor = session_user;
    if not found then
        raise exception 'not a run of yours' using errcode = 'CC096';
    end if;
end $$;

-- A run is over (p_done), or stopped and may go on another time. Only counts go to the journal.
create or replace function cc.end_import(p_run bigint, p_done boolean, p_rows integer, p_rejected integer) returns cc.import_runs
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.import_runs;
begin
    perform cc.need_importer();
    update cc.import_runs i set state = case when p_done then 'done' else 'stopped' end, ended_at = clock_timestamp(),
        beat_at = clock_timestamp(), rows = coalesce(p_rows, i.rows), rejected = coalesce(p_rejected, i.rejected)
    where i.district_id = cc.home_district() and i.id = p_run and i.state = 'running' and i.actor = session_user returning * into r;
    if not found then
        raise exception 'not a run of yours' using errcode = 'CC096';
    end if;
    insert into cc.journal (at, actor, entity, entity_id, verb, paths, detail, row_hash)
    values (cc.now(), session_user, 'import', r.id, case when p_done then 'import' else 'stop' end, array['01.'],
            jsonb_strip_nulls(jsonb_build_object('rows', r.rows, 'accepted', r.accepted, 'duplicates', r.duplicates, 'updated', r.updated,
                               'untouched', r.untouched, 'rejected', r.rejected, 'channel', r.channel_id)), '');
    perform pg_advisory_unlock(371084, hashtext(encode(r.file_hash, 'hex')));
    return r;
end $$;

-- Which deliveries are here already, and as which case: for trying a file without taking it in.
create or replace function cc.known_marks(p_marks bytea[]) returns table (mark bytea, case_id bigint, number text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform cc.need_importer();
    return query
    select p.fingerprint, p.case_id, coalesce(c.number, a.number)
    from unnest(p_marks) m
    join cc.reports p on p.district_id = cc.home_district() and p.fingerprint = m
    left join cc.cases c on c.district_id = p.district_id and c.id = p.case_id
    left join cc.cases_archive a on a.district_id = p.district_id and a.id = p.case_id;
end $$;
