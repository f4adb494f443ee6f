-- A later export of reports that are here already: what cc.import_fields lets it change is changed, the rest is told and left.
-- p_rows: one object a row, {row_no, mark, source, kind, category_id, grade, content, place, area_id, lon, lat, received_at (µs
-- since 1970)}; null and '' are silence. Of several rows about one report the last counts. Without p_keep nothing is changed, only told.
-- Answers with the rows for which there is something to tell. Personal data are not compared: see the privacy part of domain.md.

create or replace function cc.renew(p_run bigint, p_rows jsonb, p_keep boolean)
returns table (row_no integer, number text, updated text[], untouched text[])
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    home constant integer := cc.home_district();
    rules constant jsonb := (select jsonb_object_agg(f.field, f.rule) from cc.import_fields f where f.district_id = home);
    one record;
    fresh boolean;   -- nobody here has decided anything about the case
    field text;
    may boolean;
    said jsonb;
    c cc.cases;
    place_of cc.areas;
begin
    perform cc.need_importer();
    for one in
        select distinct on (p.id) g.*, p.id as report_id, p.case_id, p.source as had_source, p.content as had_content,
               p.received_at as had_received_at, p.kind as had_kind, p.place as had_place, p.lon as had_lon
        from jsonb_to_recordset(p_rows) as g (row_no integer, mark text, source jsonb, kind text, category_id integer, grade smallint,
             content text, place text, area_id integer, lon double precision, lat double precision, received_at bigint)
        join cc.reports p on p.district_id = home and p.fingerprint = decode(g.mark, 'hex')
        order by p.id, g.row_no desc
    loop
        select * into c from cc.cases x where x.district_id = home and x.id = one.case_id;
        fresh := c.id is not null and c.state = 0 and c.reports = 1 and c.holder = '' and not exists (
            select from cc.journal j where j.district_id = home and j.case_id = c.id and j.entity = 'case'
            and j.verb not in ('register', 'import', 'take', 'release', 'note', 'attach', 'update'));
        updated := '{}';
        untouched := '{}';
        -- the other system's own words
        select coalesce(jsonb_object_agg(s.key, s.value), '{}') into said from jsonb_each(coalesce(one.source, '{}')) s
        where rules ->> s.key = 'source' and s.value is distinct from coalesce(one.had_source, '{}') -> s.key;
        updated := array(select jsonb_object_keys(said) order by 1);
        -- ours
        for field, may in
            select d.name, case rules ->> d.name when 'missing' then d.empty and c.id is not null and c.state < 7
                                when 'untouched' then fresh else false end
            from (values
                ('place', one.place <> '' and one.place is distinct from coalesce(c.place, one.had_place), coalesce(c.place, one.had_place) = ''),
                ('point', one.lon is not null and c.id is not null and (one.lon, one.lat) is distinct from (c.lon, c.lat), c.lon is null),
                ('area', one.area_id is not null and c.id is not null and c.area_id is distinct from one.area_id, c.area_id is null),
                ('category', one.category_id is not null and c.id is not null and c.category_id is distinct from one.category_id, false),
                ('kind', one.kind <> '其他' and one.kind is distinct from one.had_kind, false),
                ('grade', one.grade is not null and c.id is not null and c.grade is distinct from one.grade, false),
                ('content', one.content is distinct from one.had_content, false),
                ('received_at', one.received_at is distinct from (extract(epoch from one.had_received_at) * 1000000)::bigint, false)
            ) as d (name, differs, empty) where d.differs
        loop
            if may then updated := updated || field; else untouched := untouched || field; end if;
        end loop;
        if p_keep and cardinality(updated) > 0 then
            update cc.reports p set source = coalesce(p.source, '{}') || said,
                kind = case when 'kind' = any (updated) then one.kind else p.kind end,
                place = case when 'place' = any (updated) then one.place else p.place end,
                lon = case when 'point' = any (updated) then one.lon else p.lon end,
                lat = case when 'point' = any (updated) then one.lat else p.lat end
            where p.district_id = home and p.id = one.report_id;
            if updated && array['place', 'point', 'area', 'category', 'kind', 'grade'] then
                select a.* into place_of from cc.areas a where a.district_id = home and a.id = one.area_id and 'area' = any (updated);
                update cc.cases x set verb = 'update', detail = jsonb_build_object('run', p_run, 'fields', updated),
                    kind = case when 'kind' = any (updated) then one.kind else x.kind end,
                    category_id = case when 'category' = any (updated) then one.category_id else x.category_id end,
                    grade = case when 'grade' = any (updated) then one.grade else x.grade end,
                    place = case when 'place' = any (updated) then one.place else x.place end,
                    lon = case when 'point' = any (updated) then one.lon else x.lon end,
                    lat = case when 'point' = any (updated) then one.lat else x.lat end,
                    area_id = coalesce(place_of.id, x.area_id), path = coalesce(place_of.path, x.path),
                    town_id = case when place_of.id is null then x.town_id else (select t.id from cc.areas t where t.district_id = home
                        and t.level = 'town' and starts_with(place_of.path, t.path)) end
                where x.district_id = home and x.id = c.id;
            else
                insert into cc.journal (at, actor, entity, entity_id, case_id, verb, paths, detail, row_hash)
                select cc.now(), session_user, 'report', one.report_id, one.case_id, 'update',
                       array(select coalesce(c.path, (select a.path from cc.cases_archive a where a.district_id = home and a.id = one.case_id), '01.')
                             union select s.path from cc.case_scope s where s.district_id = home and s.case_id = one.case_id),
                       jsonb_build_object('run', p_run, 'fields', updated), '';
            end if;
        end if;
        if cardinality(updated) + cardinality(untouched) > 0 then
            row_no := one.row_no;
            number := coalesce(c.number, (select a.number from cc.cases_archive a where a.district_id = home and a.id = one.case_id));
            return next;
        end if;
    end loop;
end $$;
