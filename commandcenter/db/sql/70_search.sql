-- Search by words in Chinese text: bigrams under a GIN index. Runs as the owner (the operators of arrays are not leakproof,
-- so that row-level security would keep the index unused) and applies the asker's sight itself.

create or replace function cc.search(p_text text, p_limit integer) returns setof bigint
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    wanted text := lower(regexp_replace(p_text, '\s+', '', 'g'));
    needed integer[] := cc.grams(p_text);
    lo text collate "C" := cc.me_lo();
    hi text collate "C" := cc.me_hi();
    hits bigint[];
begin
    if cc.my_role() is null or cc.my_role() in ('cc_wall', 'cc_intake') or length(wanted) < 2 then
        return;
    end if;
    -- A frequent word is found soonest among the newest.
    select array_agg(distinct found.case_id) into hits from (
        select n.case_id from (
            select p.case_id, p.content, p.received_at from cc.reports p where p.district_id = cc.home_district()
            order by p.received_at desc limit 3000) n
        join cc.cases c on c.district_id = cc.home_district() and c.id = n.case_id
        where position(wanted in lower(regexp_replace(n.content, '\s+', '', 'g'))) > 0
          and ((c.path >= lo and c.path < hi) or c.id in (select i from cc.cases_in_scope() i))
        order by n.received_at desc limit p_limit) found;
    if coalesce(cardinality(hits), 0) < p_limit then
        select array_agg(distinct h.case_id) into hits from (
            select p.case_id from cc.reports p
            left join cc.cases c on (c.district_id, c.id) = (p.district_id, p.case_id)
            left join cc.cases_archive o on (o.district_id, o.id) = (p.district_id, p.case_id)
            where p.district_id = cc.home_district() and p.grams @> needed
              and position(wanted in lower(regexp_replace(p.content, '\s+', '', 'g'))) > 0
              and ((coalesce(c.path, o.path) >= lo and coalesce(c.path, o.path) < hi) or p.case_id in (select i from cc.cases_in_scope() i))
            order by p.received_at desc limit p_limit) h;
    end if;
    return query select i from unnest(hits) i order by i desc limit p_limit;
end $$;
