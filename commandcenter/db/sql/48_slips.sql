-- Verbs on slips 三单, in the manner of cases: one named deed each, safe to retry, lawful by cc.steps, written in the journal.
-- What the timekeeper does here says so itself (actor cc_system); people's verbs set session_user.

do $$ begin
    create type cc.slip_change as (slip_id bigint, state smallint, version integer, number text, replayed boolean);
exception when duplicate_object then null; end $$;

-- What a rule finds (48_slips_found.sql).
do $$ begin
    create type cc.slip_finding as (unit_id integer, key text, case_id bigint, whistle_id bigint, of_slip_id bigint, fact jsonb);
exception when duplicate_object then null; end $$;

create or replace function cc.slip_replay(p_key uuid, p_verb text) returns cc.slip_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'slip_' || p_verb);
begin
    return (r.case_id, r.state, r.version, r.number, r.replayed)::cc.slip_change;
end $$;

create or replace function cc.slip_remember(p_key uuid, s cc.slips) returns cc.slip_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update cc.write_keys set case_id = s.id, number = coalesce(s.number, ''), state = s.state, version = s.version
    where district_id = cc.home_district() and key = p_key;
    return (s.id, s.state, s.version, coalesce(s.number, ''), false)::cc.slip_change;
end $$;

-- Locks the slip for a verb, or says why not. Sight as the policy on cc.slips has it.
create or replace function cc.begin_slip(p_verb text, p_slip bigint, p_version integer) returns cc.slips
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    s cc.slips;
    me text := cc.my_role();
begin
    select * into s from cc.slips where district_id = cc.home_district() and id = p_slip for update;
    if not found or not (coalesce(me in ('cc_supervisor', 'cc_admin'), false)
                         or (s.state between 2 and 6 or s.state = 8) and cc.may_see(s.path, null)) then
        raise exception 'no such slip for you' using errcode = 'CC030';
    end if;
    if not exists (select from cc.steps t where t.district_id = s.district_id and t.entity = 'slip' and t.from_state = s.state
                   and t.verb = any (case p_verb when 'judge' then array['pass', 'send_back'] else array[p_verb] end)
                   and t.role = me) then
        raise exception '% may not % a slip in state %', me, p_verb, s.state using errcode = 'CC031',
            detail = jsonb_build_object('verb', p_verb, 'state', s.state, 'role', me)::text;
    end if;
    if p_verb in ('receive', 'reply') and not cc.is_mine(s.unit_id) then
        raise exception 'the slip is not addressed to your unit' using errcode = 'CC034';
    end if;
    if p_version is null or s.version <> p_version then
        raise exception 'the slip has changed' using errcode = 'CC002',
            detail = jsonb_build_object('entity', 'slip', 'version', s.version, 'actor', s.actor, 'verb', s.verb)::text;
    end if;
    return s;
end $$;

create or replace function cc.slips_before_update() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    new.version := old.version + 1;
    new.changed_at := cc.now();
    new.actor := case when new.actor = 'cc_system' then 'cc_system' else session_user end;
    return new;
end $$;

-- Which change is lawful is data (cc.steps); this refuses what it does not list, whoever asks, and writes the journal for
-- what it lists. Who sees a case reads the journal of it, and may be neither the centre nor the addressed unit: a draft's
-- entries hang on no case, nor do those with words in them.
create or replace function cc.slips_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    was smallint := case when tg_op = 'UPDATE' then old.state else -1 end;
    hand text := case when new.actor = 'cc_system' then 'system' else cc.my_role() end;
    issued boolean := new.state between 2 and 6 or new.state = 8;
begin
    if not exists (select from cc.steps t where t.district_id = new.district_id and t.entity = 'slip' and t.from_state = was
                   and t.verb = new.verb and t.to_state = new.state and t.role = hand) then
        raise exception '% may not lead a slip from state % to % by %', hand, was, new.state, new.verb using errcode = 'CC031',
            detail = jsonb_build_object('verb', new.verb, 'state', was, 'role', hand)::text;
    end if;
    insert into cc.journal (district_id, at, actor, entity, entity_id, case_id, verb, from_state, to_state, paths, detail, row_hash)
    select new.district_id, new.changed_at, new.actor, 'slip', new.id,
           case when issued and not new.detail ?| array['words', 'reply', 'reason'] and count(distinct f.case_id) = 1
                then max(f.case_id) end,  -- of one case; of many, none's own
           new.verb, nullif(was, -1), new.state,
           case when issued and new.path <> '01.' then array[new.path, '01.'] else array['01.'] end, new.detail, ''
    from cc.slip_facts f where f.district_id = new.district_id and f.slip_id = new.id;
    return null;
end $$;

create or replace trigger slips_before_update before update on cc.slips
    for each row execute function cc.slips_before_update();
create or replace trigger slips_changed after insert or update on cc.slips
    for each row execute function cc.slips_changed();

-- What a case was when somebody took it as a ground; nothing of a citizen's, and nothing that may change.
-- Without a path of its own, to be put in line: a round of the timekeeper may ask it for many thousands.
create or replace function cc.fact_of(c cc.cases) returns jsonb
language sql stable
as $$
    select jsonb_strip_nulls(jsonb_build_object('number', c.number, 'title', c.title, 'grade', c.grade, 'state', c.state,
        'received_at', c.received_at, 'dispatched_at', c.dispatched_at, 'due_at', c.due_at, 'finished_at', c.finished_at,
        'returns', c.returns, 'redos', c.redos, 'reports', c.reports))
$$;

create or replace function cc.case_fact(p_case bigint) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (select cc.fact_of(c) from cc.cases c where c.district_id = cc.home_district() and c.id = p_case),
        (select cc.fact_of(jsonb_populate_record(null::cc.cases, to_jsonb(a))) from cc.cases_archive a
         where a.district_id = cc.home_district() and a.id = p_case))
$$;

-- A draft by hand, on a leader's note 领导批示, with the cases it is about.
create or replace function cc.draft_slip(p_kind integer, p_unit integer, p_subject text, p_wrong text, p_demand text,
    p_cases bigint[], p_urgency text, p_key uuid) returns cc.slip_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.slip_change := cc.slip_replay(p_key, 'draft');
    me text := cc.my_role();
    k cc.slip_kinds;
    s cc.slips;
    chosen bigint;
    place text;
begin
    if r.slip_id is not null then return r; end if;
    if not exists (select from cc.steps t where t.district_id = cc.home_district() and t.entity = 'slip'
                   and t.from_state = -1 and t.verb = 'draft' and t.role = me) then
        raise exception '% drafts no slips', me using errcode = 'CC031', detail = '{"verb": "draft"}';
    end if;
    select * into k from cc.slip_kinds where district_id = cc.home_district() and kind = p_kind;
    if not found then
        raise exception 'no such kind' using errcode = 'CC004', detail = 'kind';
    end if;
    perform cc.hours_of(p_unit);
    perform cc.need(p_subject, 'subject');
    perform cc.need(p_wrong, 'wrong');
    s.id := cc.new_id();
    foreach chosen in array coalesce(p_cases, '{}') loop
        select path into place from cc.cases where district_id = cc.home_district() and id = chosen
        union all select path from cc.cases_archive where district_id = cc.home_district() and id = chosen;
        if not found or not cc.may_see(place, chosen) then
            raise exception 'no such case for you' using errcode = 'CC003';
        end if;
        insert into cc.slip_facts (rule_id, key, slip_id, case_id, at, fact)
        values (0, s.id || ':' || chosen, s.id, chosen, cc.now(), cc.case_fact(chosen)) on conflict do nothing;
    end loop;
    insert into cc.slips (id, kind, state, trigger, day, unit_id, path, urgency, addressee, copies, subject, wrong, demand, edited,
        drafted_at, drafted_by, changed_at, verb, actor, detail)
    select s.id, k.kind, 0, 'leader_note', (cc.now() at time zone 'Asia/Shanghai')::date, u.id, u.path,
           coalesce(nullif(p_urgency, ''), '一般'), k.addressee, k.copies, btrim(p_subject), btrim(p_wrong),
           coalesce(nullif(btrim(p_demand), ''), k.demand), true, cc.now(), session_user, cc.now(), 'draft', session_user,
           jsonb_build_object('kind', k.kind, 'unit', u.id, 'trigger', 'leader_note')
    from cc.units u where u.district_id = cc.home_district() and u.id = p_unit returning * into s;
    return cc.slip_remember(p_key, s);
end $$;

-- A person's hand on a draft: no facts are gathered into it any more, and who had signed has to sign again.
create or replace function cc.edit_slip(p_slip bigint, p_version integer, p_subject text, p_wrong text, p_demand text,
    p_addressee text, p_copies text[], p_urgency text, p_contact text, p_reply_due_at timestamptz, p_key uuid)
returns cc.slip_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.slip_change := cc.slip_replay(p_key, 'edit');
    s cc.slips;
    voided integer;
    recipients text[];
begin
    if r.slip_id is not null then return r; end if;
    s := cc.begin_slip('edit', p_slip, p_version);
    perform cc.need(p_subject, 'subject');
    perform cc.need(p_wrong, 'wrong');
    perform cc.need(p_demand, 'demand');
    perform cc.need(p_addressee, 'addressee');
    if p_reply_due_at <= cc.now() then
        raise exception 'the limit lies in the past' using errcode = 'CC004', detail = 'reply_due_at';
    end if;
    recipients := array(select btrim(c) from unnest(p_copies) with ordinality as given (c, n)
                        where btrim(c) <> '' group by btrim(c) order by min(n));
    with gone as (delete from cc.slip_signatures where district_id = s.district_id and slip_id = s.id returning 1)
    select count(*) into voided from gone;
    update cc.slips x set verb = 'edit', actor = session_user, state = 0, edited = true, subject = btrim(p_subject),
        wrong = btrim(p_wrong), demand = btrim(p_demand), addressee = btrim(p_addressee), copies = recipients,
        urgency = coalesce(nullif(p_urgency, ''), '一般'), contact = coalesce(btrim(p_contact), ''), reply_due_at = p_reply_due_at,
        detail = jsonb_strip_nulls(jsonb_build_object('voided', nullif(voided, 0), 'fields', to_jsonb(array(
            select name from (values ('subject', x.subject <> btrim(p_subject)), ('wrong', x.wrong <> btrim(p_wrong)),
                ('demand', x.demand <> btrim(p_demand)), ('addressee', x.addressee <> btrim(p_addressee)),
                ('copies', x.copies <> recipients), ('reply_due_at', x.reply_due_at is distinct from p_reply_due_at)
            ) as field (name, differs) where differs))))
    where x.district_id = s.district_id and x.id = s.id returning * into s;
    return cc.slip_remember(p_key, s);
end $$;

create or replace function cc.dismiss_slip(p_slip bigint, p_version integer, p_reason text, p_key uuid) returns cc.slip_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.slip_change := cc.slip_replay(p_key, 'dismiss');
    s cc.slips;
begin
    if r.slip_id is not null then return r; end if;
    s := cc.begin_slip('dismiss', p_slip, p_version);
    perform cc.need(p_reason, 'reason');
    update cc.slips x set verb = 'dismiss', actor = session_user, state = 7, ended_words = btrim(p_reason),
        detail = jsonb_build_object('reason', btrim(p_reason))
    where x.district_id = s.district_id and x.id = s.id returning * into s;
    return cc.slip_remember(p_key, s);
end $$;
