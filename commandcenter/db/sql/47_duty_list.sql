-- The responsibility list 事项清单, kept by an administrator. An item that a whistle went by is never rewritten: a change of it
-- ends the old version and begins a new one of the same code, so that a whistle's ground can be read as it was.

create or replace function cc.need_list_keeper() returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(cc.my_role(), '') not in ('cc_admin', 'system') then
        raise exception 'only an administrator' using errcode = 'CC001', detail = '{"verb": "duty_list"}';
    end if;
end $$;

-- An item as a person sees it before changing it; what no longer reads so has been changed by somebody else.
create or replace function cc.duty_item_words(d cc.duty_list) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object('code', d.code, 'field', d.field, 'matter', d.matter, 'category_id', d.category_id,
        'lead_unit_id', d.lead_unit_id, 'assist_unit_ids', d.assist_unit_ids, 'ground', d.ground, 'valid_from', d.valid_from,
        'valid_to', d.valid_to)
$$;

create or replace function cc.need_duty_item(p_code text, p_field text, p_matter text, p_category integer, p_lead integer,
    p_assist integer[], p_ground text, p_from date, p_to date) returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    unit integer;
begin
    perform cc.need(p_code, 'code');
    perform cc.need(p_field, 'field');
    perform cc.need(p_matter, 'matter');
    perform cc.need_category(p_category);
    if p_ground is null or p_ground not in ('法定', '商定', '指定') then
        raise exception 'no ground' using errcode = 'CC004', detail = 'ground';
    end if;
    if p_from is null or p_to < p_from then
        raise exception 'no time in which it holds' using errcode = 'CC061';
    end if;
    foreach unit in array array_remove(coalesce(p_assist, '{}') || p_lead, null) loop
        perform cc.hours_of(unit);  -- an active unit
    end loop;
    if p_lead = any (p_assist) or (select count(*) > count(distinct u) from unnest(p_assist) u) then
        raise exception 'a unit is named twice' using errcode = 'CC062';
    end if;
end $$;

-- p_id null: a new item. Otherwise p_was is the item as it was read (cc.duty_item_words, as JSON text). Returns the id of the row that holds.
create or replace function cc.save_duty_item(p_id integer, p_was text, p_code text, p_field text, p_matter text,
    p_category integer, p_lead integer, p_assist integer[], p_ground text, p_from date, p_to date) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    d cc.duty_list;
    today date := (cc.now() at time zone 'Asia/Shanghai')::date;
    begins date := p_from;
    made integer;
begin
    perform cc.need_list_keeper();
    if p_id is not null then
        select * into d from cc.duty_list where district_id = cc.home_district() and id = p_id for update;
        if not found or cc.duty_item_words(d) is distinct from p_was::jsonb then
            raise exception 'the item has changed' using errcode = 'CC060';
        end if;
        if (d.code, d.field, d.matter, d.category_id, d.lead_unit_id, d.assist_unit_ids, d.ground, d.valid_from)
           is not distinct from (p_code, p_field, p_matter, p_category, p_lead, p_assist, p_ground, p_from) then
            if p_to < p_from then
                raise exception 'no time in which it holds' using errcode = 'CC061';
            end if;
            update cc.duty_list set valid_to = p_to where district_id = d.district_id and id = d.id;  -- units may be gone by now
            return d.id;
        end if;
    end if;
    perform cc.need_duty_item(p_code, p_field, p_matter, p_category, p_lead, p_assist, p_ground, p_from, p_to);
    if p_id is not null and (
        exists (select from cc.whistles w where w.district_id = d.district_id and w.duty_item_id = d.id)
        or exists (select from cc.duty_candidates c where c.district_id = d.district_id and c.item_id = d.id)) then
        if p_code <> d.code then
            raise exception 'a used item keeps its code' using errcode = 'CC064';
        end if;
        begins := case when p_from > d.valid_from then p_from else greatest(today, d.valid_from + 1) end;
        if p_to < begins then
            raise exception 'no time in which it holds' using errcode = 'CC061';
        end if;
        update cc.duty_list set valid_to = begins - 1 where district_id = d.district_id and id = d.id;
        p_id := null;
    end if;
    if p_id is null then
        if exists (select from cc.duty_list o where o.district_id = cc.home_district() and o.code = p_code
                   and daterange(o.valid_from, o.valid_to, '[]') && daterange(begins, p_to, '[]')) then
            raise exception 'the code is taken at that time' using errcode = 'CC063', detail = p_code;
        end if;
        insert into cc.duty_list (code, field, matter, category_id, lead_unit_id, assist_unit_ids, ground, valid_from, valid_to)
        values (p_code, p_field, p_matter, p_category, p_lead, coalesce(p_assist, '{}'), p_ground, begins, p_to)
        returning id into made;
        return made;
    end if;
    if exists (select from cc.duty_list o where o.district_id = cc.home_district() and o.code = p_code and o.id <> p_id
               and daterange(o.valid_from, o.valid_to, '[]') && daterange(p_from, p_to, '[]')) then
        raise exception 'the code is taken at that time' using errcode = 'CC063', detail = p_code;
    end if;
    update cc.duty_list set code = p_code, field = p_field, matter = p_matter, category_id = p_category, lead_unit_id = p_lead,
        assist_unit_ids = coalesce(p_assist, '{}'), ground = p_ground, valid_from = p_from, valid_to = p_to
    where district_id = d.district_id and id = p_id;
    return p_id;
end $$;

create or replace function cc.open_candidate(p_candidate integer) returns cc.duty_candidates
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    c cc.duty_candidates;
begin
    perform cc.need_list_keeper();
    select * into c from cc.duty_candidates where district_id = cc.home_district() and id = p_candidate for update;
    if not found or c.decision <> '' then
        raise exception 'it waits for no decision' using errcode = 'CC060';
    end if;
    return c;
end $$;

-- A ruling becomes an item, from today on. Returns the item's id.
create or replace function cc.take_candidate(p_candidate integer, p_code text, p_field text, p_matter text, p_category integer)
returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    c cc.duty_candidates := cc.open_candidate(p_candidate);
    item integer;
begin
    item := cc.save_duty_item(null, null, p_code, p_field, p_matter, p_category, c.lead_unit_id, c.assist_unit_ids, '指定',
                              (cc.now() at time zone 'Asia/Shanghai')::date, null);
    update cc.duty_candidates set decision = 'taken', decided_at = cc.now(), decided_by = session_user, item_id = item
    where district_id = c.district_id and id = c.id;
    return item;
end $$;

create or replace function cc.dismiss_candidate(p_candidate integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    c cc.duty_candidates := cc.open_candidate(p_candidate);
begin
    update cc.duty_candidates set decision = 'dismissed', decided_at = cc.now(), decided_by = session_user
    where district_id = c.district_id and id = c.id;
    return c.id;
end $$;

-- Decisions on candidates are journalled as other reference data is; a candidate itself comes with its whistle's ruling.
create or replace trigger reference_changed after update on cc.duty_candidates
    for each row execute function cc.reference_changed();
