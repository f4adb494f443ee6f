-- Calling units: who has to come, until when, and by which words.

do $$ begin
    create type cc.whistle_clocks as (answer_due_at timestamptz, arrive_due_at timestamptz, finish_due_at timestamptz);
exception when duplicate_object then null; end $$;

-- The clocks of a unit called at a moment: answering and arriving in natural minutes, shorter in danger; finishing as the
-- level counts it.
create or replace function cc.whistle_clocks_of(w cc.whistles, p_unit integer, p_at timestamptz) returns cc.whistle_clocks
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    l cc.whistle_levels;
    k cc.whistle_clocks;
begin
    select * into strict l from cc.whistle_levels where district_id = w.district_id and level = w.level;
    k.answer_due_at := p_at + case when w.danger then l.danger_answer_minutes else l.answer_minutes end * interval '1 minute';
    k.arrive_due_at := p_at + case when w.danger then l.danger_arrive_minutes else l.arrive_minutes end * interval '1 minute';
    k.finish_due_at := case l.finish_clock
        when 'natural' then p_at + l.finish_amount * interval '1 minute'
        when 'working' then cc.end_of_working_day(p_at, l.finish_amount,
            (select u.hours_id from cc.units u where u.district_id = w.district_id and u.id = p_unit))  -- closed since then or not
        else coalesce(w.plan_until, p_at + l.finish_amount * interval '1 day') end;
    return k;
end $$;

create or replace function cc.call_unit(w cc.whistles, p_unit integer, p_part text, p_ground text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    k cc.whistle_clocks;
    u cc.units;
begin
    select * into u from cc.units where district_id = w.district_id and id = p_unit;
    if not found or not u.active then
        raise exception 'this unit cannot be called' using errcode = 'CC023', detail = 'closed:' || coalesce(u.name, '');
    end if;
    if exists (select from cc.whistle_parties p where p.district_id = w.district_id and p.whistle_id = w.id and p.unit_id = p_unit) then
        raise exception 'this unit is called already' using errcode = 'CC023', detail = 'twice:' || u.name;
    end if;
    k := cc.whistle_clocks_of(w, p_unit, cc.now());
    insert into cc.case_scope (case_id, path, reason)
    select w.case_id, u.path, 'whistle' from cc.cases c
    where c.district_id = w.district_id and c.id = w.case_id and not starts_with(c.path, u.path)  -- its place is sight enough
    on conflict do nothing;
    insert into cc.whistle_parties (whistle_id, case_id, unit_id, part, ground, state, called_at, answer_due_at, arrive_due_at,
        finish_due_at, changed_at, verb, actor, detail)
    values (w.id, w.case_id, p_unit, p_part, p_ground, 0, cc.now(), k.answer_due_at, k.arrive_due_at, k.finish_due_at, cc.now(),
        'call', session_user, jsonb_build_object('part', p_part, 'ground', p_ground, 'level', w.level));
end $$;

-- Who is called and has not answered is called again at the whistle's present level, with its clocks from now.
create or replace function cc.call_again(w cc.whistles, p_actor text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update cc.whistle_parties p set verb = 'call_again', actor = p_actor, called_at = cc.now(),
        (answer_due_at, arrive_due_at, finish_due_at) = (select k.answer_due_at, k.arrive_due_at, k.finish_due_at
            from cc.whistle_clocks_of(w, p.unit_id, cc.now()) k),
        detail = jsonb_build_object('level', w.level)
    where p.district_id = w.district_id and p.whistle_id = w.id and p.state = 0;
end $$;

-- Who need not come any more has no business with the case, unless another whistle of it called them.
create or replace function cc.end_scope(p cc.whistle_parties) returns void
language sql security definer set search_path = pg_catalog, pg_temp
as $$
    delete from cc.case_scope s using cc.units u
    where s.district_id = p.district_id and s.case_id = p.case_id and s.reason = 'whistle'
      and (u.district_id, u.id) = (p.district_id, p.unit_id) and s.path = u.path
      and not exists (select from cc.whistle_parties o where o.district_id = p.district_id and o.case_id = p.case_id
                      and o.unit_id = p.unit_id and o.id <> p.id and o.state < 7)
$$;

-- The unit of a kind that the place belongs to; where there is none, the town, or whoever blew it.
create or replace function cc.convener_of(w cc.whistles) returns integer
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (select u.id from cc.units u, cc.whistle_levels l where u.district_id = w.district_id and u.active
            and (l.district_id, l.level) = (w.district_id, w.level) and u.kind = l.convener_kind and starts_with(w.path, u.path)
         order by length(u.path) desc limit 1),
        (select u.id from cc.units u where u.district_id = w.district_id and u.active and u.kind = 'town'
            and starts_with(w.path, u.path) limit 1),
        w.caller_unit_id)
$$;

create or replace function cc.begin_round(w cc.whistles, p_by text, p_cause text, p_reason text) returns void
language sql security definer set search_path = pg_catalog, pg_temp
as $$
    insert into cc.whistle_rounds (whistle_id, round, case_id, level, convener_unit_id, began_at, began_by, cause, reason)
    select w.id, (select count(*) + 1 from cc.whistle_rounds r where r.district_id = w.district_id and r.whistle_id = w.id),
           w.case_id, w.level, w.convener_unit_id, cc.now(), p_by, p_cause, coalesce(p_reason, '')
$$;

-- When the next report of progress is due at its level; none where the level asks for none.
create or replace function cc.next_report(p_level smallint) returns timestamptz
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select cc.now() + l.report_days * interval '1 day' from cc.whistle_levels l
    where l.district_id = cc.home_district() and l.level = p_level and l.report_days > 0
$$;

-- What the responsibility list says about an item today, for a place: who leads, who assists, and its words.
do $$ begin
    create type cc.duty_citation as (lead_unit_id integer, assist_unit_ids integer[], ground text, words text);
exception when duplicate_object then null; end $$;

create or replace function cc.cite_duty(p_item integer, p_town integer) returns cc.duty_citation
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    i cc.duty_list;
    d cc.duty_citation;
    today date := (cc.now() at time zone 'Asia/Shanghai')::date;
begin
    select * into i from cc.duty_list where district_id = cc.home_district() and id = p_item;
    if not found or i.valid_from > today or i.valid_to < today then
        raise exception 'the item is not in force' using errcode = 'CC023', detail = 'item:' || coalesce(i.code, '');
    end if;
    d.ground := i.ground;
    d.lead_unit_id := coalesce(i.lead_unit_id, (select u.id from cc.units u where u.district_id = i.district_id and u.kind = 'town'
                                                and u.active and u.area_id = p_town limit 1));
    if d.lead_unit_id is null then
        raise exception 'no town to lead' using errcode = 'CC023', detail = 'town:';
    end if;
    d.assist_unit_ids := array(select a from (select distinct a from unnest(i.assist_unit_ids) a where a <> d.lead_unit_id) x
                               order by array_position(i.assist_unit_ids, a));
    d.words := format('%s %s·%s（%s）主责：%s', i.code, i.field, i.matter, i.ground, cc.unit_names(array[d.lead_unit_id]))
        || case when cardinality(d.assist_unit_ids) > 0 then '；配合：' || cc.unit_names(d.assist_unit_ids) else '' end;
    return d;
end $$;

create or replace function cc.unit_names(p_units integer[]) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select string_agg(u.short_name, '、' order by array_position(p_units, u.id)) from cc.units u
    where u.district_id = cc.home_district() and u.id = any (p_units)
$$;
