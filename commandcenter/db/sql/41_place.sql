-- Where a case is: set or put right by those who look at the county's map, while the case is open; and taken back.

-- How far a point lies outside an area, in metres: 0 within it, null where its outline is not known. Enclaves count as inside.
-- Flat around the point: off by a thousandth at a county's size.
create or replace function cc.metres_off(p_outline jsonb, p_lon double precision, p_lat double precision) returns double precision
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select min(point(0, 0) <-> (select ('(' || string_agg(point(((corner ->> 0)::double precision - p_lon) * 111195 * cosd(p_lat),
                                                               ((corner ->> 1)::double precision - p_lat) * 111195)::text, ','
                                                         order by nth) || ')')::polygon
                                from jsonb_array_elements(part -> 0) with ordinality as ring (corner, nth)))
    from jsonb_array_elements(case p_outline ->> 'type' when 'Polygon' then jsonb_build_array(p_outline -> 'coordinates')
                                                        when 'MultiPolygon' then p_outline -> 'coordinates' end) as part
$$;

-- Whoever works on a case goes on seeing it at another place, by a scope where that no longer is enough. Before the change, so that
-- its line in the journal reaches them. Returns the scopes that were made.
create or replace function cc.keep_sight(c cc.cases, p_path text) returns jsonb
language sql security definer set search_path = pg_catalog, pg_temp
as $$
    with made as (
        insert into cc.case_scope (case_id, path, reason)
        select c.id, u.path, w.reason
        from (select a.unit_id, 'assignment' as reason from cc.assignments a
              where a.district_id = c.district_id and a.case_id = c.id and a.ended_at is null
              union
              select p.unit_id, 'whistle' from cc.whistle_parties p
              where p.district_id = c.district_id and p.case_id = c.id and p.state < 7) w
        join cc.units u on u.district_id = c.district_id and u.id = w.unit_id
        where not starts_with(p_path, u.path)
        on conflict do nothing returning path, reason
    )
    select coalesce(jsonb_agg(to_jsonb(m)), '[]') from made m
$$;

-- All that a place is of a case, as it is kept to be given back.
create or replace function cc.place_of(c cc.cases) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object('area_id', c.area_id, 'town_id', c.town_id, 'path', c.path, 'lon', c.lon, 'lat', c.lat, 'place', c.place)
$$;

create or replace function cc.begin_placing(p_verb text, p_case bigint, p_version integer) returns cc.cases
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    c cc.cases := cc.begin_verb(p_verb, p_case, p_version);
begin
    if cc.my_role() = 'cc_duty' and c.holder not in ('', session_user)
       and c.held_at > cc.now() - cc.setting('hold_minutes') * interval '1 minute' then
        raise exception 'somebody else is working on it' using errcode = 'CC011', detail = c.holder;
    end if;
    return c;
end $$;

-- A caller places, and takes back, within their own area.
create or replace function cc.need_own_place(c cc.cases, p_path text) returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    lo text collate "C" := cc.me_lo();
begin
    if cc.my_role() = 'cc_caller' and not (p_path collate "C" >= lo and p_path collate "C" < cc.me_hi()) then
        raise exception 'a caller places in their own area' using errcode = 'CC001',
            detail = jsonb_build_object('verb', 'place', 'state', c.state, 'role', 'cc_caller')::text;
    end if;
end $$;

-- p_area: the smallest area that is known (left out: as it was); p_lon, p_lat: WGS-84, both or neither (neither: as it was, but
-- for a point that is not in the new area); p_place in words, '' leaves them. Its town follows from the area, and with it who
-- sees the case. No clock depends on a place (the hours are the unit's), and the unit stays: another one is another deed.
create or replace function cc.place(p_case bigint, p_version integer, p_area integer, p_lon double precision,
    p_lat double precision, p_place text, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'place');
    c cc.cases;
    a cc.areas;
    was jsonb;
    scopes jsonb;
    off double precision;
    said text := btrim(regexp_replace(coalesce(p_place, ''), '[[:cntrl:]]+', ' ', 'g'));
    new_path text collate "C";
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_placing('place', p_case, p_version);
    was := cc.place_of(c);
    if (p_lon is null) <> (p_lat is null) or not (coalesce(p_lon, 0) between -180 and 180 and coalesce(p_lat, 0) between -90 and 90) then
        raise exception 'no point on this earth' using errcode = 'CC004', detail = 'point';
    end if;
    select * into a from cc.areas x where x.district_id = c.district_id and x.id = coalesce(p_area, c.area_id);
    if p_area is not null and a.id is null or p_area is null and p_lon is null then
        raise exception 'no such area' using errcode = 'CC004', detail = 'area';
    end if;
    if p_area is not null and a.level = 'county' then
        raise exception 'the county is no place' using errcode = 'CC004', detail = 'area:county';
    end if;
    new_path := case when p_area is null then c.path else a.path end;
    perform cc.need_own_place(c, new_path);
    -- the map of a desk may be an older one, and a person's hand may slip
    off := cc.metres_off(a.outline, coalesce(p_lon, c.lon), coalesce(p_lat, c.lat));
    if p_lon is not null and off > cc.setting('place_off_m') then
        raise exception 'the point is elsewhere' using errcode = 'CC097', detail = round(off) || ':' || a.name;
    end if;
    scopes := cc.keep_sight(c, new_path);
    update cc.cases x set verb = 'place', area_id = coalesce(p_area, x.area_id), path = new_path,
        town_id = (select t.id from cc.areas t where t.district_id = x.district_id and t.level = 'town' and starts_with(new_path, t.path)),
        lon = case when p_lon is not null or off > cc.setting('place_off_m') then p_lon else x.lon end,
        lat = case when p_lon is not null or off > cc.setting('place_off_m') then p_lat else x.lat end,
        place = case said when '' then x.place else said end,
        detail = jsonb_strip_nulls(jsonb_build_object('area', p_area, 'was_area', c.area_id, 'point', p_lon is not null))
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    insert into cc.placings (case_id, version, at, actor, seq, was, became, scopes)
    values (c.id, c.version, cc.now(), session_user, cc.last_seq(c.id), was, cc.place_of(c), scopes);
    return cc.remember(p_key, c);
end $$;

-- Takes a placing back: the case is where it was, seen by those who saw it. p_placed: the version the placing gave the case; what
-- was only written or said since is no matter. Refused where the place is another by now, and where work was given out by it.
create or replace function cc.unplace(p_case bigint, p_placed integer, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'unplace');
    c cc.cases;
    p cc.placings;
    deed text;
begin
    if r.case_id is not null then return r; end if;
    perform cc.lock_cases(array[p_case]);
    c := cc.begin_placing('unplace', p_case, (select x.version from cc.cases x where x.district_id = cc.home_district() and x.id = p_case));
    select * into p from cc.placings x where x.district_id = c.district_id and x.case_id = c.id and x.version = p_placed for update;
    if not found or p.undone_at is not null then
        raise exception 'no such placing' using errcode = 'CC098', detail = case when found then 'undone' else 'missing' end;
    end if;
    perform cc.need_own_place(c, p.was ->> 'path');
    if p.became <> cc.place_of(c) or exists (select from cc.placings x where x.district_id = c.district_id and x.case_id = c.id
                                             and x.version > p.version and x.undone_at is null) then
        raise exception 'placed anew since' using errcode = 'CC098', detail = 'moved';
    end if;
    select j.verb into deed from cc.journal j where j.district_id = c.district_id and j.case_id = c.id and j.seq > p.seq
       and (j.entity = 'case' and (j.verb in ('dispatch', 'reassign') or j.verb = 'review_return' and (j.detail ->> 'approved')::boolean)
            or j.entity = 'whistle' and j.verb = 'blow') order by j.seq limit 1;
    if found then
        raise exception 'work was given out by this place' using errcode = 'CC098', detail = deed;
    end if;
    perform cc.keep_sight(c, p.was ->> 'path');
    update cc.cases x set verb = 'unplace', area_id = (p.was ->> 'area_id')::integer, town_id = (p.was ->> 'town_id')::integer,
        path = p.was ->> 'path', lon = (p.was ->> 'lon')::double precision, lat = (p.was ->> 'lat')::double precision,
        place = p.was ->> 'place', detail = jsonb_strip_nulls(jsonb_build_object('area', p.was -> 'area_id', 'was_area', c.area_id))
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    delete from cc.case_scope s using jsonb_to_recordset(p.scopes) as g (path text, reason text)
    where s.district_id = c.district_id and s.case_id = c.id and s.path = g.path and s.reason = g.reason and starts_with(c.path, s.path);
    update cc.placings x set undone_at = cc.now(), undone_by = session_user
    where x.district_id = c.district_id and x.case_id = c.id and x.version = p.version;
    return cc.remember(p_key, c);
end $$;
