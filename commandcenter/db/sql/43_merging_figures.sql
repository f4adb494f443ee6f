-- 合并率: of the reports received, how many are handled together with another one. A case's first own report stands for the
-- case; every other report of it is merged, whether it was linked, or came in as one matter with the first. cc.today counts alike.

create or replace function cc.merged_share(p_since timestamptz, p_until timestamptz)
returns table (channel_id integer, received integer, merged integer, by_machine integer)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    lo text collate "C" := cc.me_lo();
    hi text collate "C" := cc.me_hi();
begin
    return query
    with mine as (
        select r.channel_id as channel, r.home_id <> r.case_id as linked, r.home_id,
               r.home_id <> r.case_id or c.reports > 1 and exists (
                   select from cc.reports o where o.district_id = r.district_id and o.case_id = r.case_id and o.home_id = r.home_id
                      and (o.received_at, o.id) < (r.received_at, r.id)) as is_merged
        from cc.reports r
        cross join lateral (
            select x.path, x.reports from cc.cases x where x.district_id = r.district_id and x.id = r.case_id
            union all
            select x.path, x.reports from cc.cases_archive x where x.district_id = r.district_id and x.id = r.case_id) c
        where r.district_id = cc.home_district() and r.received_at >= p_since and r.received_at < p_until
          and c.path >= lo and c.path < hi
    )
    select m.channel, count(*)::integer, (count(*) filter (where m.is_merged))::integer,
           (count(*) filter (where m.linked and exists (select from cc.merges l where l.district_id = cc.home_district()
               and l.source_id = m.home_id and l.undone_at is null and l.cause = 'machine')))::integer
    from mine m group by m.channel order by m.channel;
end $$;
