-- Slips from the signature on: number, receipt, reply, verdict; and the clocks they are held to.

-- The posts that may sign, the higher after the lower; 0 signs nothing.
create or replace function cc.post_rank(p_post text) returns integer
language sql immutable set search_path = pg_catalog, pg_temp
as $$ select coalesce(array_position(array['section_head', 'director', 'leader'], p_post), 0) $$;

-- The next number of a kind and year. The row is held until the signer's transaction ends: who signs meanwhile waits, and
-- a number that is not committed was never given.
create or replace function cc.next_slip_serial(p_kind smallint, p_year integer) returns integer
language sql security definer set search_path = pg_catalog, pg_temp
as $$
    insert into cc.slip_numbers (kind, year, last) values (p_kind, p_year, 1)
    on conflict (district_id, kind, year) do update set last = cc.slip_numbers.last + 1 returning last
$$;

-- One signature; with the last of them the number, and the clocks begin.
create or replace function cc.sign_slip(p_slip bigint, p_version integer, p_key uuid) returns cc.slip_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.slip_change := cc.slip_replay(p_key, 'sign');
    s cc.slips;
    k cc.slip_kinds;
    me cc.people;
    turn smallint;
    hours integer;
    moment timestamptz := cc.now();
begin
    if r.slip_id is not null then return r; end if;
    s := cc.begin_slip('sign', p_slip, p_version);
    select * into strict k from cc.slip_kinds where district_id = s.district_id and kind = s.kind;
    select * into me from cc.people where login = session_user;
    select count(*) + 1 into turn from cc.slip_signatures where district_id = s.district_id and slip_id = s.id;
    turn := least(turn, cardinality(k.signers));
    if cc.post_rank(me.post) < cc.post_rank(k.signers[turn]) then
        raise exception 'it is a %''s to sign', k.signers[turn] using errcode = 'CC033', detail = k.signers[turn];
    end if;
    if exists (select from cc.slip_signatures where district_id = s.district_id and slip_id = s.id and login = session_user) then
        raise exception 'you have signed it already' using errcode = 'CC035';
    end if;
    hours := cc.hours_of(s.unit_id);
    insert into cc.slip_signatures (slip_id, place, post, login, name, signed_at)
    select s.id, count(*) + 1, me.post, session_user, me.name, moment
    from cc.slip_signatures where district_id = s.district_id and slip_id = s.id;
    if turn < cardinality(k.signers) then
        update cc.slips x set verb = 'sign', actor = session_user, state = 1, detail = jsonb_build_object('place', turn, 'post', me.post)
        where x.district_id = s.district_id and x.id = s.id returning * into s;
        return cc.slip_remember(p_key, s);
    end if;
    s.receipt_due_at := cc.advance(moment, k.receipt_minutes * 60000000::bigint, hours);
    s.reply_due_at := coalesce(s.reply_due_at, cc.end_of_working_day(moment, k.reply_days, hours));
    if s.reply_due_at <= s.receipt_due_at then  -- set by hand, and the draft lay too long since
        raise exception 'the reply would be due before the receipt' using errcode = 'CC004', detail = 'reply_due_at';
    end if;
    s.year := extract(year from moment at time zone 'Asia/Shanghai');
    s.serial := cc.next_slip_serial(s.kind, s.year);
    s.number := replace(replace(replace(k.style, '{word}', k.word), '{year}', s.year::text), '{serial}', s.serial::text);
    update cc.slips x set verb = 'sign', actor = session_user, state = 2, number = s.number, year = s.year, serial = s.serial,
        signed_at = moment, receipt_due_at = s.receipt_due_at, reply_due_at = s.reply_due_at,
        detail = jsonb_build_object('place', turn, 'post', me.post, 'number', s.number, 'kind', s.kind, 'unit', s.unit_id)
    where x.district_id = s.district_id and x.id = s.id returning * into s;
    return cc.slip_remember(p_key, s);
end $$;

create or replace function cc.receive_slip(p_slip bigint, p_version integer, p_key uuid) returns cc.slip_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.slip_change := cc.slip_replay(p_key, 'receive');
    s cc.slips;
begin
    if r.slip_id is not null then return r; end if;
    s := cc.begin_slip('receive', p_slip, p_version);
    update cc.slips x set verb = 'receive', actor = session_user, state = 3, received_at = cc.now(), received_by = session_user,
        detail = jsonb_build_object('in_time', cc.now() <= x.receipt_due_at)
    where x.district_id = s.district_id and x.id = s.id returning * into s;
    return cc.slip_remember(p_key, s);
end $$;

-- The files' names, kinds and contents lie side by side in three arrays: a reply is one deed, with all of them or none.
create or replace function cc.reply_slip(p_slip bigint, p_version integer, p_text text, p_plan text, p_names text[],
    p_media_types text[], p_contents bytea[], p_key uuid) returns cc.slip_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.slip_change := cc.slip_replay(p_key, 'reply');
    s cc.slips;
    files integer := coalesce(cardinality(p_contents), 0);
begin
    if r.slip_id is not null then return r; end if;
    s := cc.begin_slip('reply', p_slip, p_version);
    perform cc.need(p_text, 'reply');
    if s.kind = 3 then
        perform cc.need(p_plan, 'plan');
    end if;
    if coalesce(cardinality(p_names), 0) <> files or coalesce(cardinality(p_media_types), 0) <> files then
        raise exception 'every file has a name and a kind' using errcode = 'CC004', detail = 'file_name';
    end if;
    for i in 1 .. files loop
        perform cc.need(p_names[i], 'file_name');
        if coalesce(length(p_contents[i]), 0) not between 1 and 20971520 then
            raise exception 'a file has 1 byte to 20 MB' using errcode = 'CC004', detail = 'file:size';
        end if;
        insert into cc.slip_files (slip_id, name, media_type, size, sha256, content, added_at, added_by)
        values (s.id, regexp_replace(left(p_names[i], 200), '[[:cntrl:]]+', ' ', 'g'), coalesce(p_media_types[i], ''),
                length(p_contents[i]), sha256(p_contents[i]), p_contents[i], cc.now(), session_user);
    end loop;
    update cc.slips x set verb = 'reply', actor = session_user, state = 4, replied_at = cc.now(), replied_by = session_user,
        reply = btrim(p_text), plan = coalesce(btrim(p_plan), ''),
        detail = jsonb_build_object('in_time', cc.now() <= x.reply_due_at, 'files', files, 'round', x.sent_back + 1,
                                    'reply', btrim(p_text))  -- the words of this round: the row keeps the last round's only
    where x.district_id = s.district_id and x.id = s.id returning * into s;
    return cc.slip_remember(p_key, s);
end $$;

-- The centre's verdict: closed, or sent back with words and a new clock.
create or replace function cc.judge_slip(p_slip bigint, p_version integer, p_passed boolean, p_words text, p_key uuid)
returns cc.slip_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.slip_change := cc.slip_replay(p_key, 'judge');
    s cc.slips;
    said text := coalesce(btrim(p_words), '');
    due timestamptz;
begin
    if r.slip_id is not null then return r; end if;
    s := cc.begin_slip('judge', p_slip, p_version);
    perform cc.need(p_passed::text, 'verdict');
    due := s.reply_due_at;
    if not p_passed then
        perform cc.need(said, 'reason');
        select cc.end_of_working_day(cc.now(), k.reply_days, u.hours_id) into strict due
        from cc.slip_kinds k, cc.units u
        where (k.district_id, k.kind) = (s.district_id, s.kind) and (u.district_id, u.id) = (s.district_id, s.unit_id);
    end if;
    update cc.slips x set verb = case when p_passed then 'pass' else 'send_back' end, actor = session_user,
        state = case when p_passed then 6 else 5 end, verdict = said, judged_at = cc.now(), judged_by = session_user,
        reply_due_at = due, sent_back = x.sent_back + case when p_passed then 0 else 1 end,
        detail = jsonb_strip_nulls(jsonb_build_object('words', nullif(said, '')))
    where x.district_id = s.district_id and x.id = s.id returning * into s;
    return cc.slip_remember(p_key, s);
end $$;

-- A void slip keeps its number: the next one is the next.
create or replace function cc.void_slip(p_slip bigint, p_version integer, p_reason text, p_key uuid) returns cc.slip_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.slip_change := cc.slip_replay(p_key, 'void');
    s cc.slips;
begin
    if r.slip_id is not null then return r; end if;
    s := cc.begin_slip('void', p_slip, p_version);
    perform cc.need(p_reason, 'reason');
    update cc.slips x set verb = 'void', actor = session_user, state = 8, ended_words = btrim(p_reason),
        detail = jsonb_build_object('reason', btrim(p_reason), 'number', x.number)
    where x.district_id = s.district_id and x.id = s.id returning * into s;
    return cc.slip_remember(p_key, s);
end $$;

-- That a copy went out, and was filed.
create or replace function cc.copy_slip(p_slip bigint, p_version integer, p_recipient text, p_key uuid) returns cc.slip_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.slip_change := cc.slip_replay(p_key, 'copy');
    s cc.slips;
begin
    if r.slip_id is not null then return r; end if;
    s := cc.begin_slip('copy', p_slip, p_version);
    if not coalesce(p_recipient = any (s.copies), false) then
        raise exception 'no copy goes there' using errcode = 'CC004', detail = 'recipient';
    end if;
    insert into cc.slip_copies (slip_id, recipient, sent_at, sent_by) values (s.id, p_recipient, cc.now(), session_user)
    on conflict do nothing;
    if not found then
        raise exception 'this copy is recorded' using errcode = 'CC036', detail = p_recipient;
    end if;
    update cc.slips x set verb = 'copy', actor = session_user, detail = jsonb_build_object('recipient', p_recipient)
    where x.district_id = s.district_id and x.id = s.id returning * into s;
    return cc.slip_remember(p_key, s);
end $$;

-- The timekeeper's: what was neither received nor answered by its limit is marked, once a limit. A reply that was sent back
-- runs against a new limit; the mark then tells of the newest that was missed. Called by cc.keep only.
create or replace function cc.watch_slips() returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    moment timestamptz := cc.now();
    marked integer;
begin
    with late as (
        select s.id, s.state = 2 and s.receipt_due_at < moment and s.receipt_missed_at is null as receipt,
               s.reply_due_at < moment and coalesce(s.reply_missed_at < s.reply_due_at, true) as reply
        from cc.slips s
        where s.district_id = cc.home_district() and s.state in (2, 3, 5)
          and (s.state = 2 and s.receipt_due_at < moment and s.receipt_missed_at is null
               or s.reply_due_at < moment and coalesce(s.reply_missed_at < s.reply_due_at, true))
        for update skip locked  -- who is at it just now is looked at next time
    )
    update cc.slips x set verb = 'missed', actor = 'cc_system',
        receipt_missed_at = case when l.receipt then moment else x.receipt_missed_at end,
        reply_missed_at = case when l.reply then moment else x.reply_missed_at end,
        detail = jsonb_build_object('missed', array_remove(array[case when l.receipt then 'receipt' end,
                                                                 case when l.reply then 'reply' end], null))
    from late l where x.district_id = cc.home_district() and x.id = l.id;
    get diagnostics marked = row_count;
    return marked;
end $$;
