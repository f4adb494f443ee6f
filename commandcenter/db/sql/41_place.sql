-- Where a case is: set or put right by those who look at the county's map, while the case is open.

insert into cc.transitions (from_state, verb, to_state, role)
select s, 'place', s, r from generate_series(0, 6) s, unnest('{cc_duty,cc_supervisor,cc_caller}'::text[]) r
on conflict do nothing;

-- p_area: the smallest area that is known (left out: as it was); p_lon, p_lat: WGS-84, both or neither (neither: as it was);
-- p_place in words, '' leaves them. Its town follows from the area, and with it who sees the case: whoever works on it
-- goes on seeing it, by a scope where the place no longer is enough. No clock depends on a place (the hours are the unit's),
-- and the unit stays: another one is another deed.
create or replace function cc.place(p_case bigint, p_version integer, p_area integer, p_lon double precision,
    p_lat double precision, p_place text, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'place');
    c cc.cases;
    me text := cc.my_role();
    lo text collate "C" := cc.me_lo();
    said text := btrim(regexp_replace(coalesce(p_place, ''), '[[:cntrl:]]+', ' ', 'g'));
    new_path text collate "C";
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('place', p_case, p_version);
    if me = 'cc_duty' and c.holder not in ('', session_user)
       and c.held_at > cc.now() - cc.setting('hold_minutes') * interval '1 minute' then
        raise exception 'somebody else is working on it' using errcode = 'CC011', detail = c.holder;
    end if;
    if (p_lon is null) <> (p_lat is null) or not (coalesce(p_lon, 0) between -180 and 180 and coalesce(p_lat, 0) between -90 and 90) then
        raise exception 'no point on this earth' using errcode = 'CC004', detail = 'point';
    end if;
    new_path := c.path;
    if p_area is not null then
        select a.path into new_path from cc.areas a where a.district_id = c.district_id and a.id = p_area;
    end if;
    if new_path is null or (p_area is null and p_lon is null) then
        raise exception 'no such area' using errcode = 'CC004', detail = 'area';
    end if;
    if me = 'cc_caller' and not (new_path >= lo and new_path < cc.me_hi()) then
        raise exception 'a caller places in their own area' using errcode = 'CC001',
            detail = jsonb_build_object('verb', 'place', 'state', c.state, 'role', me)::text;
    end if;
    -- before the update, so that its line in the journal reaches them
    insert into cc.case_scope (case_id, path, reason)
    select c.id, u.path, w.reason
    from (select a.unit_id, 'assignment' as reason from cc.assignments a
          where a.district_id = c.district_id and a.case_id = c.id and a.ended_at is null
          union
          select p.unit_id, 'whistle' from cc.whistle_parties p
          where p.district_id = c.district_id and p.case_id = c.id and p.state < 7) w
    join cc.units u on u.district_id = c.district_id and u.id = w.unit_id
    where not starts_with(new_path, u.path)
    on conflict do nothing;
    update cc.cases x set verb = 'place', area_id = coalesce(p_area, x.area_id), path = new_path,
        town_id = (select t.id from cc.areas t where t.district_id = x.district_id and t.level = 'town' and starts_with(new_path, t.path)),
        lon = coalesce(p_lon, x.lon), lat = coalesce(p_lat, x.lat), place = case said when '' then x.place else said end,
        detail = jsonb_strip_nulls(jsonb_build_object('area', p_area, 'was_area', c.area_id, 'point', p_lon is not null))
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;
