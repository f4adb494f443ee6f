-- The journal: written by triggers in the writer's own transaction, never changed, hashed row by row, sealed in a chain.

-- Everything but xid, which a restore into another cluster has to set anew. Of single values, each used once, and without a
-- path of its own: so it is put in line where it is called for every row ever written, by functions that pin theirs.
create or replace function cc.journal_digest(p_district integer, p_seq bigint, p_at timestamptz, p_actor text, p_entity text,
    p_entity_id bigint, p_case bigint, p_verb text, p_from smallint, p_to smallint, p_paths text[], p_detail jsonb) returns bytea
language sql stable
as $$
    select sha256(convert_to(concat_ws(E'\x1f', p_district, p_seq, extract(epoch from p_at), p_actor, p_entity,
        p_entity_id, coalesce(p_case, 0), p_verb, coalesce(p_from, -1), coalesce(p_to, -1),
        p_paths::text, p_detail::text), 'UTF8'))
$$;

create or replace function cc.journal_hash(j cc.journal) returns bytea
language sql stable
as $$
    select cc.journal_digest(j.district_id, j.seq, j.at, j.actor, j.entity, j.entity_id, j.case_id, j.verb, j.from_state,
                             j.to_state, j.paths, j.detail)
$$;

create or replace function cc.journal_before_insert() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    -- Only functions of the owner write here: what they say the timekeeper did, it did, whoever's desk keeps the time.
    new.actor := case when new.actor = 'cc_system' then 'cc_system' else session_user end;
    if new.at is distinct from now() then  -- looked up only where it may be another: a stopped clock, or a row with a past
        new.at := coalesce((select c.fixed_now from cc.centre c), now());
    end if;
    new.xid := pg_current_xact_id();
    new.row_hash := cc.journal_digest(new.district_id, new.seq, new.at, new.actor, new.entity, new.entity_id, new.case_id,
                                      new.verb, new.from_state, new.to_state, new.paths, new.detail);
    return new;
end $$;

-- The hint. A NOTIFY is given when the transaction commits, and holds a lock of the whole database until it is safe on disk:
-- commits that notify go to disk one by one. A connection that says it hints by itself (cc.hints, db/engine.py) is told that
-- something is to be hinted at, and does so after its commit; anyone else's hint goes with it. Who says so and does not
-- makes others wait for their own next look, at most two seconds later (live/desk.py), and no longer. It is told by its own
-- application_name, which the server reports with its answer and takes back with a rollback; a notice would be a message of
-- its own, and have two programs wake each other in the middle of a transaction.
create or replace function cc.journal_hint() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if current_setting('cc.hints', true) = 'self' then
        perform set_config('application_name', 'commandcenter ' || pg_current_xact_id(), false);
    else
        perform pg_notify('cc_feed', '');  -- an empty hint: anyone may listen, so it says nothing
    end if;
    return null;
end $$;

create or replace function cc.journal_refuse() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'the journal is append-only' using errcode = 'CC001';
end $$;

create or replace trigger journal_before_insert before insert on cc.journal
    for each row execute function cc.journal_before_insert();
drop trigger if exists journal_hint on cc.journal;
create trigger journal_hint after insert on cc.journal
    for each statement execute function cc.journal_hint();
create or replace trigger journal_refuse before update or delete on cc.journal
    for each row execute function cc.journal_refuse();
create or replace trigger journal_refuse_truncate before truncate on cc.journal
    for each statement execute function cc.journal_refuse();

-- Cases: which change is lawful is data (cc.transitions); this refuses what it does not list, whoever asks, and writes
-- the journal for what it lists. Statement-level, so that bulk intake costs one check and one insert.
create or replace function cc.cases_after_insert() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    bad record;
    me text := cc.my_role();
begin
    select n.verb, n.state into bad from new_rows n
    where not exists (select from cc.transitions t where t.district_id = n.district_id and t.from_state = -1
                      and t.verb = n.verb and t.to_state = n.state and t.role = me) limit 1;
    if found then
        raise exception '% may not begin a case in state % by %', me, bad.state, bad.verb using errcode = 'CC001';
    end if;
    insert into cc.journal (district_id, at, actor, entity, entity_id, case_id, verb, to_state, paths, detail, row_hash)
    select n.district_id, n.changed_at, n.actor, 'case', n.id, n.id, n.verb, n.state, array[n.path], n.detail, '' from new_rows n;
    return null;
end $$;

create or replace function cc.cases_before_update() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    new.version := old.version + 1;
    new.changed_at := cc.now();
    -- what the machine merged it merged, whoever's desk keeps the time: only functions of the owner write a detail
    new.actor := case when new.verb in ('merge', 'absorb') and new.detail ->> 'cause' = 'machine' then 'cc_system' else session_user end;
    return new;
end $$;

create or replace function cc.cases_after_update() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    bad record;
    me text := cc.my_role();
begin
    select o.state as was, n.verb, n.state into bad
    from new_rows n join old_rows o using (district_id, id)
    where not exists (select from cc.transitions t where t.district_id = n.district_id and t.from_state = o.state
                      and t.verb = n.verb and t.to_state = n.state
                      and t.role = case n.actor when 'cc_system' then 'system' else me end) limit 1;
    if found then
        raise exception '% may not lead a case from state % to % by %', me, bad.was, bad.state, bad.verb
            using errcode = 'CC001';
    end if;
    insert into cc.journal (district_id, at, actor, entity, entity_id, case_id, verb, from_state, to_state, paths, detail,
                            row_hash)
    select n.district_id, n.changed_at, n.actor, 'case', n.id, n.id, n.verb, o.state, n.state,
           array(select distinct p from (values (n.path), (o.path), (nu.path), (ou.path)) as v (p) where p is not null
                 union select s.path from cc.case_scope s where s.district_id = n.district_id and s.case_id = n.id),
           n.detail, ''
    from new_rows n
    join old_rows o using (district_id, id)
    left join cc.units nu on (nu.district_id, nu.id) = (n.district_id, n.unit_id)
    left join cc.units ou on (ou.district_id, ou.id) = (o.district_id, o.unit_id);
    return null;
end $$;

-- A case that is over leaves the set of open ones that its units see, and one that is opened again comes back.
create or replace function cc.case_over() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update cc.case_scope s set open = new.state < 7 where s.district_id = new.district_id and s.case_id = new.id;
    return null;
end $$;

create or replace trigger case_over after update of state on cc.cases
    for each row when ((old.state < 7) is distinct from (new.state < 7)) execute function cc.case_over();
create or replace trigger cases_after_insert after insert on cc.cases referencing new table as new_rows
    for each statement execute function cc.cases_after_insert();
create or replace trigger cases_before_update before update on cc.cases
    for each row execute function cc.cases_before_update();
create or replace trigger cases_after_update after update on cc.cases referencing old table as old_rows new table as new_rows
    for each statement execute function cc.cases_after_update();

-- Reference data: every change is journalled with what it was and what it became.
create or replace function cc.reference_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    was jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - '{outline,nth}'::text[] end;  -- long, or computed
    becomes jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - '{outline,nth}'::text[] end;
begin
    if was is distinct from becomes then
        insert into cc.journal (district_id, at, actor, entity, entity_id, verb, paths, detail, row_hash)
        values (cc.home_district(), cc.now(), session_user, tg_table_name,
                coalesce((coalesce(becomes, was) ->> 'id')::bigint, 0), lower(tg_op), array['01.'],
                jsonb_strip_nulls(jsonb_build_object('was', was, 'becomes', becomes)), '');
    end if;
    return null;
end $$;

do $$
declare
    name text;
begin
    foreach name in array array['centre', 'work_hours', 'units', 'people', 'channels', 'categories', 'duty_list', 'calendar',
                                'grade_limits', 'settings', 'transitions', 'areas', 'steps', 'whistle_levels', 'slip_kinds',
                                'slip_rules', 'schemes', 'places', 'answers', 'templates'] loop
        execute format('create or replace trigger reference_changed after insert or update or delete on cc.%I
                        for each row execute function cc.reference_changed()', name);
    end loop;
end $$;

-- Seals what has been written since the last seal. The short share lock waits for writers under way, so that no row with a
-- smaller number can appear behind the seal; the caller sets lock_timeout and tries again later.
create or replace function cc.seal_journal() returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    last cc.journal_seals;
    sealed integer;
    upto bigint;
    hash bytea;
begin
    lock table cc.journal in share mode;
    select * into last from cc.journal_seals where district_id = cc.home_district() order by id desc limit 1;
    select count(*), max(seq), sha256(coalesce(last.hash, '') || string_agg(row_hash, '' order by seq)) into sealed, upto, hash
    from cc.journal where district_id = cc.home_district() and seq > coalesce(last.to_seq, 0);
    if sealed > 0 then
        insert into cc.journal_seals (from_seq, to_seq, rows, hash, sealed_at)
        values (coalesce(last.to_seq, 0) + 1, upto, sealed, hash, cc.now());
    end if;
    return sealed;
end $$;

-- What does not fit: altered rows by their own hash, removed, added or re-hashed rows by their seal. Empty means whole.
create or replace function cc.check_journal() returns table (kind text, seq bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select 'row', j.seq from cc.journal j
    where j.district_id = cc.home_district() and j.row_hash is distinct from cc.journal_hash(j)
    union all
    select 'seal', s.to_seq
    from (select *, lag(hash, 1, ''::bytea) over (order by id) as before, lag(to_seq, 1, 0::bigint) over (order by id) as last_seq
          from cc.journal_seals where district_id = cc.home_district()) s
    where s.from_seq <> s.last_seq + 1
       or s.hash is distinct from (
            select sha256(s.before || string_agg(j.row_hash, ''::bytea order by j.seq)) from cc.journal j
            where j.district_id = cc.home_district() and j.seq between s.from_seq and s.to_seq)
    order by 2
$$;
