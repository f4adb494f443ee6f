-- 核查 of links between cases, in the manner of 93_audit_cases.sql.

create or replace function cc.audit_merging() returns setof cc.audit_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with recursive every as materialized (
        select id, number, state, grade, merged_into from cc.cases where district_id = cc.home_district()
        union all
        select id, number, state, grade, merged_into from cc.cases_archive where district_id = cc.home_district()
    ), climbed (id, at, steps) as (  -- from what is merged up to where it is handled; a circle ends nowhere
        select e.id, e.merged_into, 1 from every e where e.merged_into is not null
        union all
        select c.id, e.merged_into, c.steps + 1 from climbed c join every e on e.id = c.at
        where e.merged_into is not null and c.steps < 1000
    ), roots as materialized (
        select distinct on (c.id) c.id, c.at as root, c.steps from climbed c order by c.id, c.steps desc
    ), standing as materialized (
        select m.* from cc.merges m where m.district_id = cc.home_district() and m.undone_at is null
    )
    -- every report on exactly one case, and that is where the one it was registered with is handled
    select 'merge_report', p.id, ''
    from cc.reports p left join roots r on r.id = p.home_id left join every h on h.id = p.home_id
    where p.district_id = cc.home_district() and (h.id is null or p.case_id <> coalesce(r.root, p.home_id))
    union all
    select found.code, e.id, e.number
    from every e left join standing s on s.source_id = e.id left join roots r on r.id = e.id left join every k on k.id = r.root
    cross join lateral (values
        ('merge_link', (e.state = 8) <> (e.merged_into is not null) or s.kept_id is distinct from e.merged_into),
        ('merge_circle', r.steps >= 1000 or e.merged_into is not null and (k.id is null or k.state = 8 or k.merged_into is not null))
    ) as found (code, wrong)
    where found.wrong
    union all
    select 'merge_grade', k.id, k.number
    from every k
    where exists (select from standing s where s.kept_id = k.id) and k.grade <> cc.grade_with_links(k.id)
    union all
    select 'merge_base', k.id, k.number
    from every k
    where exists (select from standing s where s.kept_id = k.id)
          <> exists (select from cc.merge_bases b where b.district_id = cc.home_district() and b.case_id = k.id)
    union all
    -- files and ratings are where their reports are
    select 'merge_file', a.id, '' from cc.attachments a join cc.reports p on (p.district_id, p.id) = (a.district_id, a.report_id)
    where a.district_id = cc.home_district() and a.case_id <> p.case_id
    union all
    select 'merge_file', g.report_id, '' from cc.ratings g join cc.reports p on (p.district_id, p.id) = (g.district_id, g.report_id)
    where g.district_id = cc.home_district() and g.case_id <> p.case_id
    union all
    -- who sees the one sees the other
    select distinct 'merge_sight', e.id, e.number
    from roots r join cc.cases e on e.district_id = cc.home_district() and e.id = r.id
    join cc.cases k on k.district_id = cc.home_district() and k.id = r.root
    cross join lateral (values (e.id, e.path, k.path), (k.id, k.path, e.path)) as sight (of, place, eye)
    where not starts_with(sight.place, sight.eye) and not exists (
        select from cc.case_scope o where o.district_id = cc.home_district() and o.case_id = sight.of and o.path = sight.eye)
$$;
