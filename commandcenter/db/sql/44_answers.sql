-- 直办: a question that is answered while the citizen is on the line is over with that: what was said stands where a unit's work
-- would, the citizen's word where a call's would, and the centre itself led it. Whoever is not content, and whatever is
-- urgent, goes the usual way and is registered. Rights: 99_learning_rights.sql.

drop function if exists cc.write_answer(cc.cases, text, boolean, text, text);

-- Whoever calls this has begun the verb.
create or replace function cc.write_answer(c cc.cases, p_answer text, p_solved boolean, p_satisfied text, p_words text)
returns cc.cases
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    home constant integer := cc.home_district();
    moment constant timestamptz := cc.now();
    own integer := (select p.unit_id from cc.people p where p.login = session_user);
    report bigint;
    d cc.deadlines;
begin
    perform cc.need(p_answer, 'answer');
    perform cc.need(p_solved::text, 'solved');
    perform cc.need(p_satisfied, 'satisfied');
    if not p_solved or p_satisfied = '不满意' then
        raise exception 'who is not content is not answered' using errcode = 'CC090', detail = 'unhappy';
    end if;
    if c.grade < cc.setting('answer_now_grade') then
        raise exception 'too urgent for an answer' using errcode = 'CC090', detail = 'grade';
    end if;
    if not exists (select from cc.settings s where s.district_id = home and s.name = 'answer_now_kinds' and s.value ? c.kind) then
        raise exception 'not answered on the spot: %', c.kind using errcode = 'CC090', detail = 'kind';
    end if;
    if c.holder not in ('', session_user) and c.held_at > moment - cc.setting('hold_minutes') * interval '1 minute' then
        raise exception 'somebody else is working on it' using errcode = 'CC011', detail = c.holder;
    end if;
    select r.id into report from cc.reports r where r.district_id = home and r.case_id = c.id;
    if c.reports <> 1 or report is null then
        raise exception 'several citizens wait for it' using errcode = 'CC090', detail = 'several';
    end if;
    d := cc.deadlines_of(c.grade, moment, cc.hours_of(own));
    insert into cc.assignments (case_id, unit_id, part, assigned_at, assigned_by, accept_due_at, due_at, accepted_at, accepted_by,
        ended_at, end_reason)
    values (c.id, own, 'lead', moment, session_user, d.accept_due_at, d.due_at, moment, session_user, moment, 'answer_now');
    insert into cc.finishes (case_id, at, actor, discussed_with, discussed_at, done, done_by)
    values (c.id, moment, session_user, '诉求人', moment, p_answer, moment);
    insert into cc.follow_ups (case_id, report_id, round, at, actor, reached, contacted, solved, satisfied, words)
    values (c.id, report, 0, moment, session_user, true, true, true, p_satisfied, coalesce(p_words, ''));
    update cc.cases x set verb = 'answer_now', state = 7, unit_id = own, dispatched_at = moment, finished_at = moment,
        archived_at = moment, accept_due_at = d.accept_due_at, return_until = d.return_until, soon_at = d.soon_at, due_at = d.due_at,
        holder = '', held_at = null,
        flags = x.flags | 32 | case when d.provisional then 8 else 0 end | case when d.working then 16 else 0 end,
        detail = jsonb_build_object('unit', own, 'report', report, 'satisfied', p_satisfied)
    where x.district_id = home and x.id = c.id returning * into c;
    return c;
end $$;

-- A report that waits already, from an app or another system.
create or replace function cc.answer_now(p_case bigint, p_version integer, p_answer text, p_solved boolean, p_satisfied text,
    p_words text, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'answer_now');
begin
    if r.case_id is not null then return r; end if;
    return cc.remember(p_key, cc.write_answer(cc.begin_verb('answer_now', p_case, p_version), p_answer, p_solved, p_satisfied,
                                              p_words));
end $$;

-- A report that is taken in now: registered as always, and answered, in one.
create or replace function cc.answer_now(p_channel integer, p_content text, p_title text, p_kind text, p_category integer,
    p_grade smallint, p_area integer, p_lon double precision, p_lat double precision, p_place text, p_foreign_number text,
    p_name text, p_phone text, p_address text, p_confidential boolean, p_answer text, p_solved boolean, p_satisfied text,
    p_words text, p_key uuid, p_received_at timestamptz default null) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'answer_now');
begin
    if r.case_id is not null then return r; end if;
    -- its own key comes from this one: a retry is seen above, and never reaches it
    r := cc.register(p_channel, p_content, p_title, p_kind, p_category, p_grade, p_area, p_lon, p_lat, p_place, p_foreign_number,
        p_name, p_phone, p_address, p_confidential, md5('register ' || p_key::text)::uuid, p_received_at);
    return cc.remember(p_key, cc.write_answer(cc.begin_verb('answer_now', r.case_id, r.version), p_answer, p_solved, p_satisfied,
                                              p_words));
end $$;
