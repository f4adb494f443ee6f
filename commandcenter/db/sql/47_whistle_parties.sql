-- Verbs on a called unit's part: 应哨, 异议, 报到, 处置, 申请销哨 by its own people; 销哨, 退回, 评哨 by who called it.

create or replace function cc.answer_whistle(p_party bigint, p_version integer, p_key uuid) returns cc.party_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.party_change := cc.replay_party(p_key, 'answer_whistle');
    p cc.whistle_parties;
    late boolean;
begin
    if r.party_id is not null then return r; end if;
    p := cc.begin_party('answer', p_party, p_version);
    perform cc.need_party(p);
    late := cc.now() > p.answer_due_at;
    update cc.whistle_parties x set verb = 'answer', actor = session_user, state = 2, answered_at = cc.now(),
        answered_by = session_user,
        answer_missed_at = case when late then coalesce(x.answer_missed_at, cc.now()) else x.answer_missed_at end,
        detail = jsonb_build_object('in_time', not late)
    where x.district_id = p.district_id and x.id = p.id returning * into p;
    return cc.remember_party(p_key, p);
end $$;

-- Once; who was told to come after all has to.
create or replace function cc.object_to_whistle(p_party bigint, p_version integer, p_reason text, p_key uuid) returns cc.party_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.party_change := cc.replay_party(p_key, 'object_to_whistle');
    p cc.whistle_parties;
begin
    if r.party_id is not null then return r; end if;
    p := cc.begin_party('object', p_party, p_version);
    perform cc.need_party(p);
    perform cc.need(p_reason, 'reason');
    if p.ruled_at is not null then
        raise exception 'ruled already' using errcode = 'CC027', detail = 'ruled';
    end if;
    update cc.whistle_parties x set verb = 'object', actor = session_user, state = 1, objected_at = cc.now(),
        objected_by = session_user, objection = p_reason,
        ruling_due_at = cc.now() + cc.setting('ruling_minutes') * interval '1 minute',
        answer_missed_at = case when cc.now() > x.answer_due_at then coalesce(x.answer_missed_at, cc.now()) else x.answer_missed_at end,
        detail = jsonb_build_object('reason', p_reason)
    where x.district_id = p.district_id and x.id = p.id returning * into p;
    return cc.remember_party(p_key, p);
end $$;

-- Upheld: the unit need not come, and another may be called in its place. Refused: it is called anew; the work's limit runs on.
create or replace function cc.rule_objection(p_party bigint, p_version integer, p_upheld boolean, p_reason text, p_instead integer,
    p_key uuid) returns cc.party_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.party_change := cc.replay_party(p_key, 'rule_objection');
    p cc.whistle_parties;
    w cc.whistles;
    k cc.whistle_clocks;
begin
    if r.party_id is not null then return r; end if;
    p := cc.begin_party('rule', p_party, p_version);
    perform cc.need(p_upheld::text, 'approved');
    perform cc.need(p_reason, 'reason');
    if not p_upheld and p_instead is not null then
        raise exception 'nobody comes instead of who has to come' using errcode = 'CC004', detail = 'unit';
    end if;
    select * into strict w from cc.whistles where district_id = p.district_id and id = p.whistle_id;
    k := cc.whistle_clocks_of(w, p.unit_id, cc.now());
    update cc.whistle_parties x set verb = 'rule', actor = session_user, state = case when p_upheld then 7 else 0 end,
        ruled_at = cc.now(), ruled_by = session_user, ruling = p_reason,
        answer_due_at = case when p_upheld then x.answer_due_at else k.answer_due_at end,
        arrive_due_at = case when p_upheld then x.arrive_due_at else k.arrive_due_at end,
        detail = jsonb_strip_nulls(jsonb_build_object('upheld', p_upheld, 'reason', p_reason, 'instead', p_instead))
    where x.district_id = p.district_id and x.id = p.id returning * into p;
    if p_upheld then
        perform cc.end_scope(p);
        if p_instead is not null then
            perform cc.call_unit(w, p_instead, p.part, '指定');
        end if;
        perform cc.settle(p.whistle_id);
    end if;
    return cc.remember_party(p_key, p);
end $$;

-- 报到: who came, when, and where or with a photo, which becomes a file of the case.
create or replace function cc.check_in(p_party bigint, p_version integer, p_came text, p_place text, p_lon double precision,
    p_lat double precision, p_photo_name text, p_photo_type text, p_photo bytea, p_key uuid) returns cc.party_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.party_change := cc.replay_party(p_key, 'check_in');
    p cc.whistle_parties;
    file bigint;
begin
    if r.party_id is not null then return r; end if;
    p := cc.begin_party('check_in', p_party, p_version);
    perform cc.need_party(p);
    perform cc.need(p_came, 'came');
    if p_photo is null then
        perform cc.need(p_place, 'check_in_place');
    end if;
    if (p_lon is null) <> (p_lat is null) or p_lon not between -180 and 180 or p_lat not between -90 and 90 then
        raise exception 'no position' using errcode = 'CC004', detail = 'position';
    end if;
    if p_photo is not null then
        perform cc.need(p_photo_name, 'file_name');
        if length(p_photo) not between 1 and 20971520 then
            raise exception 'a file has 1 byte to 20 MB' using errcode = 'CC004', detail = 'file:size';
        end if;
        insert into cc.attachments (case_id, name, media_type, size, sha256, content, added_at, added_by)
        values (p.case_id, regexp_replace(left(p_photo_name, 200), '[[:cntrl:]]+', ' ', 'g'), coalesce(p_photo_type, ''),
                length(p_photo), sha256(p_photo), p_photo, cc.now(), session_user) returning id into file;
    end if;
    update cc.whistle_parties x set verb = 'check_in', actor = session_user, state = 3, checked_in_at = cc.now(),
        checked_in_by = session_user, came = p_came, check_in_place = coalesce(p_place, ''), lon = p_lon, lat = p_lat, photo_id = file,
        arrive_missed_at = case when cc.now() > x.arrive_due_at then coalesce(x.arrive_missed_at, cc.now()) else x.arrive_missed_at end,
        detail = jsonb_strip_nulls(jsonb_build_object('in_time', cc.now() <= x.arrive_due_at, 'photo', file))
    where x.district_id = p.district_id and x.id = p.id returning * into p;
    return cc.remember_party(p_key, p);
end $$;

-- A note of progress; the lead's is the report that a level may ask for.
create or replace function cc.progress(p_party bigint, p_version integer, p_text text, p_key uuid) returns cc.party_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.party_change := cc.replay_party(p_key, 'progress');
    p cc.whistle_parties;
begin
    if r.party_id is not null then return r; end if;
    p := cc.begin_party('progress', p_party, p_version);
    perform cc.need_party(p);
    perform cc.need(p_text, 'text');
    update cc.whistle_parties x set verb = 'progress', actor = session_user, detail = jsonb_build_object('text', p_text)
    where x.district_id = p.district_id and x.id = p.id returning * into p;
    if p.part = 'lead' then
        update cc.whistles x set verb = 'settle', actor = session_user, report_due_at = cc.next_report(x.level),
            detail = jsonb_build_object('report_due_at', cc.next_report(x.level))
        where x.district_id = p.district_id and x.id = p.whistle_id and x.report_due_at is not null
          and x.report_due_at <> cc.next_report(x.level);
    end if;
    return cc.remember_party(p_key, p);
end $$;

create or replace function cc.stand_down(p_party bigint, p_version integer, p_done text, p_met boolean, p_key uuid) returns cc.party_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.party_change := cc.replay_party(p_key, 'stand_down');
    p cc.whistle_parties;
begin
    if r.party_id is not null then return r; end if;
    p := cc.begin_party('stand_down', p_party, p_version);
    perform cc.need_party(p);
    perform cc.need(p_done, 'done');
    perform cc.need(p_met::text, 'met');
    update cc.whistle_parties x set verb = 'stand_down', actor = session_user, state = 4, done_at = cc.now(), done_by = session_user,
        done_words = p_done, met = p_met,
        finish_missed_at = case when cc.now() > x.finish_due_at then coalesce(x.finish_missed_at, cc.now()) else x.finish_missed_at end,
        detail = jsonb_build_object('done', p_done, 'met', p_met, 'in_time', cc.now() <= x.finish_due_at)
    where x.district_id = p.district_id and x.id = p.id returning * into p;
    perform cc.settle(p.whistle_id);
    return cc.remember_party(p_key, p);
end $$;

create or replace function cc.confirm_party(p_party bigint, p_version integer, p_key uuid) returns cc.party_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.party_change := cc.replay_party(p_key, 'confirm_party');
    p cc.whistle_parties;
begin
    if r.party_id is not null then return r; end if;
    p := cc.begin_party('confirm', p_party, p_version);
    perform cc.need_caller(w) from cc.whistles w where w.district_id = p.district_id and w.id = p.whistle_id;
    update cc.whistle_parties x set verb = 'confirm', actor = session_user, state = 5, confirmed_at = cc.now(),
        confirmed_by = session_user, detail = '{}'
    where x.district_id = p.district_id and x.id = p.id returning * into p;
    perform cc.settle(p.whistle_id);
    return cc.remember_party(p_key, p);
end $$;

-- Not done after all: its limit runs on from when it was called. Once the case is finished, it is the follow-up that sends back.
create or replace function cc.send_back_party(p_party bigint, p_version integer, p_reason text, p_key uuid) returns cc.party_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    c cc.cases;
    r cc.party_change := cc.replay_party(p_key, 'send_back_party');
    p cc.whistle_parties;
begin
    if r.party_id is not null then return r; end if;
    select y.* into c from cc.cases y join cc.whistle_parties x on (x.district_id, x.case_id) = (y.district_id, y.id)
    where x.district_id = cc.home_district() and x.id = p_party for share of y;  -- before the whistle, as those who end a case
    p := cc.begin_party('send_back', p_party, p_version);
    perform cc.need_caller(w) from cc.whistles w where w.district_id = p.district_id and w.id = p.whistle_id;
    perform cc.need(p_reason, 'reason');
    if c.state is null or c.state >= 6 then  -- reported as finished, or archived
        raise exception 'the case is finished' using errcode = 'CC026', detail = 'send_back:';
    end if;
    update cc.whistle_parties x set verb = 'send_back', actor = session_user, state = 3, done_at = null, done_by = null, met = null,
        sent_back = x.sent_back + 1, sent_back_words = p_reason, detail = jsonb_build_object('reason', p_reason)
    where x.district_id = p.district_id and x.id = p.id returning * into p;
    perform cc.settle(p.whistle_id);
    return cc.remember_party(p_key, p);
end $$;

-- The speed score that the measured times propose; the same as domain/whistle.py.
create or replace function cc.proposed_speed(p cc.whistle_parties) returns integer
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select greatest(0, least(100,
        case when p.answer_missed_at is null and p.answered_at <= p.answer_due_at then cc.setting('speed_answer') else 0 end
        + case when p.checked_in_at <= p.arrive_due_at then cc.setting('speed_arrive') else 0 end
        + case when p.done_at <= p.finish_due_at then cc.setting('speed_finish') else 0 end))
$$;

-- 评哨, 一事一考: nobody scores their own unit, one below it, or a part that was done by themselves.
create or replace function cc.score_party(p_party bigint, p_version integer, p_speed integer, p_quality integer, p_met boolean,
    p_finished boolean, p_satisfied boolean, p_words text, p_key uuid) returns cc.party_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.party_change := cc.replay_party(p_key, 'score_party');
    p cc.whistle_parties;
begin
    if r.party_id is not null then return r; end if;
    p := cc.begin_party('score', p_party, p_version);
    perform cc.need_caller(w) from cc.whistles w where w.district_id = p.district_id and w.id = p.whistle_id;
    if cc.acts_for(p.unit_id) or session_user in (p.answered_by, p.checked_in_by, p.done_by) then
        raise exception 'nobody scores themselves' using errcode = 'CC022', detail = 'own_score';
    end if;
    if p_speed is null or p_speed not between 0 and 100 then
        raise exception 'a score is 0 to 100' using errcode = 'CC004', detail = 'speed';
    end if;
    if p_quality is null or p_quality not between 0 and 100 then
        raise exception 'a score is 0 to 100' using errcode = 'CC004', detail = 'quality';
    end if;
    perform cc.need(p_met::text, 'met');
    perform cc.need(p_finished::text, 'finished');
    if least(p_speed, p_quality) < cc.setting('score_low') then
        perform cc.need(p_words, 'score_words');
    end if;
    insert into cc.whistle_scores (party_id, whistle_id, case_id, unit_id, scored_at, scored_by, scorer_unit_id, proposed_speed, speed,
        quality, met, finished, satisfied, words)
    values (p.id, p.whistle_id, p.case_id, p.unit_id, cc.now(), session_user, cc.my_unit(), cc.proposed_speed(p), p_speed, p_quality,
        p_met, p_finished, p_satisfied, coalesce(p_words, ''));
    update cc.whistle_parties x set verb = 'score', actor = session_user, state = 6, detail = '{}'
    where x.district_id = p.district_id and x.id = p.id returning * into p;
    perform cc.settle(p.whistle_id);
    return cc.remember_party(p_key, p);
end $$;

-- What the scored say to it, once.
create or replace function cc.answer_score(p_party bigint, p_version integer, p_text text, p_key uuid) returns cc.party_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.party_change := cc.replay_party(p_key, 'answer_score');
    p cc.whistle_parties;
begin
    if r.party_id is not null then return r; end if;
    p := cc.begin_party('answer_score', p_party, p_version);
    perform cc.need_party(p);
    perform cc.need(p_text, 'text');
    update cc.whistle_scores s set answer = p_text, answered_at = cc.now(), answered_by = session_user
    where s.district_id = p.district_id and s.party_id = p.id and s.answered_at is null;
    if not found then
        raise exception 'answered once already' using errcode = 'CC027', detail = 'answered';
    end if;
    update cc.whistle_parties x set verb = 'answer_score', actor = session_user, detail = '{}'
    where x.district_id = p.district_id and x.id = p.id returning * into p;
    return cc.remember_party(p_key, p);
end $$;
