-- Verbs on a whistle until units are called: blown, put right, approved or sent back, ruled on.

-- Who is called by the whistle is called now, at its level.
create or replace function cc.push(w cc.whistles, p_lead integer, p_assist integer[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    unit integer;
begin
    perform cc.begin_round(w, w.caller, 'blow', '');
    perform cc.call_unit(w, p_lead, 'lead', w.ground);
    foreach unit in array coalesce(p_assist, '{}') loop
        perform cc.call_unit(w, unit, 'assist', w.ground);
    end loop;
end $$;

-- What is asked for, checked and filled in from the list: for a new whistle and for one that was sent back.
create or replace function cc.fill_whistle(w cc.whistles, p_town integer) returns cc.whistles
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    l cc.whistle_levels;
    d cc.duty_citation;
begin
    perform cc.need(w.matter, 'matter');
    perform cc.need(w.demand, 'demand');
    select * into l from cc.whistle_levels where district_id = w.district_id and level = w.level;
    if not found then
        raise exception 'no such level' using errcode = 'CC004', detail = 'level';
    end if;
    if (select kind from cc.units where district_id = w.district_id and id = w.caller_unit_id) <> all (l.caller_kinds) then
        raise exception 'not a caller of this level' using errcode = 'CC024', detail = 'caller';
    end if;
    if w.plan_until is not null then
        if l.finish_clock <> 'plan' then
            raise exception 'this level has limits and no plan' using errcode = 'CC024', detail = 'plan';
        end if;
        if w.plan_until <= cc.now() or w.plan_until > cc.now() + l.finish_amount * interval '1 day' then
            raise exception 'no moment to plan for' using errcode = 'CC004', detail = 'plan_until';
        end if;
    end if;
    w.ground := null;
    w.ground_words := '';
    w.gather := false;
    if w.duty_item_id is not null then
        d := cc.cite_duty(w.duty_item_id, p_town);
        w.ground := d.ground;
        w.ground_words := d.words;
        w.gather := cardinality(d.assist_unit_ids) > 0;
    end if;
    return w;
end $$;

-- 一键吹哨. In danger, or blown by who would approve it, the units are called at once.
create or replace function cc.blow(p_case bigint, p_case_version integer, p_level integer, p_matter text, p_demand text,
    p_duty_item integer, p_danger boolean, p_danger_words text, p_meeting_at timestamptz, p_meeting_place text,
    p_plan_until timestamptz, p_key uuid) returns cc.whistle_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.whistle_change := cc.replay_whistle(p_key, 'blow');
    c cc.cases;
    w cc.whistles;
    d cc.duty_citation;
    me cc.units;
    other text;
begin
    if r.whistle_id is not null then return r; end if;
    select * into c from cc.cases where district_id = cc.home_district() and id = p_case for update;
    if not found or not cc.may_see(c.path, c.id) then
        raise exception 'no such case for you' using errcode = 'CC003';
    end if;
    perform cc.need_step('whistle', -1::smallint, 'blow', null, session_user);
    if p_case_version is null or c.version <> p_case_version then
        raise exception 'the case has changed' using errcode = 'CC002',
            detail = jsonb_build_object('version', c.version, 'actor', c.actor, 'verb', c.verb)::text;
    end if;
    if c.state > 4 then
        raise exception 'no whistle for a case in state %', c.state using errcode = 'CC025', detail = 'state:' || c.state;
    end if;
    select number into other from cc.whistles where district_id = c.district_id and case_id = c.id and state < 6;
    if found then
        raise exception 'the case has a whistle' using errcode = 'CC025', detail = 'live:' || other;
    end if;
    select * into me from cc.units where district_id = c.district_id and id = cc.my_unit();
    w.district_id := c.district_id;
    w.id := cc.new_id();
    w.version := 1;
    w.number := c.number || '-S' || (select count(*) + 1 from cc.whistles x where x.district_id = c.district_id and x.case_id = c.id
                                     and starts_with(x.number, c.number));  -- not those of cases merged into it
    w.case_id := c.id;
    w.path := c.path;
    w.level := p_level;
    w.caller := session_user;
    w.caller_unit_id := me.id;
    w.approver_unit_id := coalesce(
        (select id from cc.units where district_id = c.district_id and kind = 'town' and starts_with(me.path, path)),
        (select id from cc.units where district_id = c.district_id and kind = 'centre' order by path limit 1));
    w.duty_item_id := p_duty_item;
    w.matter := p_matter;
    w.demand := p_demand;
    w.danger := coalesce(p_danger, false);
    w.danger_words := case when w.danger then cc.need(p_danger_words, 'danger_words') else '' end;
    if p_meeting_at < cc.now() then
        raise exception 'a meeting lies ahead' using errcode = 'CC004', detail = 'meeting_at';
    end if;
    w.meeting_at := p_meeting_at;
    w.meeting_place := coalesce(p_meeting_place, '');
    w.plan_until := p_plan_until;
    w := cc.fill_whistle(w, c.town_id);
    w.convener_unit_id := cc.convener_of(w);
    w.blown_at := cc.now();
    if cc.may_approve(w.approver_unit_id) then
        w.approved_at := cc.now();
        w.approved_by := session_user;
    end if;
    w.approval_skipped := w.danger and w.approved_at is null;
    w.state := case when w.approved_at is null and not w.danger then 1 when w.duty_item_id is null then 2 else 3 end;
    w.rule_due_at := case w.state when 2 then cc.now() + cc.setting('ruling_minutes') * interval '1 minute' end;
    w.pushed_at := case w.state when 3 then cc.now() end;
    w.report_due_at := case w.state when 3 then cc.next_report(w.level) end;
    w.verb := 'blow';
    w.actor := session_user;
    w.changed_at := cc.now();
    w.detail := jsonb_strip_nulls(jsonb_build_object('level', w.level, 'item', w.duty_item_id, 'ground', nullif(w.ground_words, ''),
        'danger', nullif(w.danger_words, ''), 'approval_skipped', nullif(w.approval_skipped, false)));
    insert into cc.whistles select w.*;
    if w.state = 3 then
        d := cc.cite_duty(w.duty_item_id, c.town_id);
        perform cc.push(w, d.lead_unit_id, d.assist_unit_ids);
    end if;
    return cc.remember_whistle(p_key, w);
end $$;

-- A whistle that was sent back is put right and handed in again.
create or replace function cc.amend_whistle(p_whistle bigint, p_version integer, p_level integer, p_matter text, p_demand text,
    p_duty_item integer, p_key uuid) returns cc.whistle_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.whistle_change := cc.replay_whistle(p_key, 'amend_whistle');
    w cc.whistles;
    level cc.whistle_levels;
begin
    if r.whistle_id is not null then return r; end if;
    w := cc.begin_whistle('amend', p_whistle, p_version);
    perform cc.need_caller(w);
    w.level := p_level;
    w.matter := p_matter;
    w.demand := p_demand;
    w.duty_item_id := p_duty_item;
    select * into level from cc.whistle_levels l where l.district_id = w.district_id and l.level = p_level;
    if level.finish_clock is distinct from 'plan' or w.plan_until <= cc.now() then
        w.plan_until := null;
    end if;
    w := cc.fill_whistle(w, cc.town_of(w.case_id));
    update cc.whistles x set verb = 'amend', actor = session_user, state = 1, level = w.level, matter = w.matter,
        demand = w.demand, duty_item_id = w.duty_item_id, ground = w.ground, ground_words = w.ground_words, gather = w.gather,
        plan_until = w.plan_until, convener_unit_id = cc.convener_of(w),
        detail = jsonb_strip_nulls(jsonb_build_object('level', w.level, 'item', w.duty_item_id, 'ground', nullif(w.ground_words, '')))
    where x.district_id = w.district_id and x.id = w.id;
    return cc.remember_whistle(p_key, w);
end $$;

create or replace function cc.town_of(p_case bigint) returns integer
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select town_id from cc.cases where district_id = cc.home_district() and id = p_case $$;

create or replace function cc.need_approver(w cc.whistles) returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not coalesce(cc.may_approve(w.approver_unit_id), false) then
        raise exception 'not yours to approve' using errcode = 'CC022', detail = 'approver';
    end if;
end $$;

-- Approved: the units that the list names are called as it reads today; without an item the centre rules.
create or replace function cc.approve_whistle(p_whistle bigint, p_version integer, p_key uuid) returns cc.whistle_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.whistle_change := cc.replay_whistle(p_key, 'approve_whistle');
    w cc.whistles;
    d cc.duty_citation;
begin
    if r.whistle_id is not null then return r; end if;
    w := cc.begin_whistle('approve', p_whistle, p_version);
    perform cc.need_approver(w);
    if w.duty_item_id is not null then
        d := cc.cite_duty(w.duty_item_id, cc.town_of(w.case_id));
    end if;
    update cc.whistles x set verb = 'approve', actor = session_user, approved_at = cc.now(), approved_by = session_user,
        state = case when w.duty_item_id is null then 2 else 3 end,
        rule_due_at = case when w.duty_item_id is null then cc.now() + cc.setting('ruling_minutes') * interval '1 minute' end,
        pushed_at = case when w.duty_item_id is not null then cc.now() end,
        report_due_at = case when w.duty_item_id is not null then cc.next_report(w.level) end,
        ground = d.ground, ground_words = coalesce(d.words, ''), gather = coalesce(cardinality(d.assist_unit_ids), 0) > 0,
        plan_until = case when x.plan_until > cc.now() then x.plan_until end,
        detail = jsonb_strip_nulls(jsonb_build_object('ground', d.words))
    where x.district_id = w.district_id and x.id = w.id returning * into w;
    if w.state = 3 then
        perform cc.push(w, d.lead_unit_id, d.assist_unit_ids);
    end if;
    return cc.remember_whistle(p_key, w);
end $$;

create or replace function cc.decline_whistle(p_whistle bigint, p_version integer, p_reason text, p_key uuid) returns cc.whistle_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.whistle_change := cc.replay_whistle(p_key, 'decline_whistle');
    w cc.whistles;
begin
    if r.whistle_id is not null then return r; end if;
    w := cc.begin_whistle('decline', p_whistle, p_version);
    perform cc.need_approver(w);
    perform cc.need(p_reason, 'reason');
    update cc.whistles x set verb = 'decline', actor = session_user, state = 0, detail = jsonb_build_object('reason', p_reason)
    where x.district_id = w.district_id and x.id = w.id;
    return cc.remember_whistle(p_key, w);
end $$;

-- 指定: the centre says who comes where no item of the list does; the ruling may become one.
create or replace function cc.rule_whistle(p_whistle bigint, p_version integer, p_lead integer, p_assist integer[], p_reason text,
    p_key uuid) returns cc.whistle_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.whistle_change := cc.replay_whistle(p_key, 'rule_whistle');
    w cc.whistles;
    assist integer[] := array(select distinct a from unnest(p_assist) a where a <> p_lead);
begin
    if r.whistle_id is not null then return r; end if;
    w := cc.begin_whistle('rule', p_whistle, p_version);
    perform cc.need(p_lead::text, 'unit');
    perform cc.need(p_reason, 'reason');
    update cc.whistles x set verb = 'rule', actor = session_user, state = 3, pushed_at = cc.now(), ground = '指定',
        rule_missed_at = coalesce(x.rule_missed_at, case when cc.now() > x.rule_due_at then cc.now() end),
        ground_words = p_reason, gather = cardinality(assist) > 0, report_due_at = cc.next_report(x.level),
        plan_until = case when x.plan_until > cc.now() then x.plan_until end,
        detail = jsonb_build_object('lead', p_lead, 'assist', to_jsonb(assist), 'reason', p_reason)
    where x.district_id = w.district_id and x.id = w.id returning * into w;
    perform cc.push(w, p_lead, assist);
    insert into cc.duty_candidates (whistle_id, case_id, matter, category_id, lead_unit_id, assist_unit_ids, reason, ruled_at, ruled_by)
    select w.id, w.case_id, w.matter, c.category_id, p_lead, assist, p_reason, cc.now(), session_user
    from cc.cases c where c.district_id = w.district_id and c.id = w.case_id;
    return cc.remember_whistle(p_key, w);
end $$;
