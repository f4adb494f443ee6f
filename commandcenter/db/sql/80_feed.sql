-- The feed: what changed since a snapshot, for those it concerns. The reader keeps the smallest transaction still running
-- at its last read and asks for everything from there on: sequence numbers alone lose what commits late.

create or replace function cc.feed_since(p_from xid8) returns table (seq bigint, tx bigint, entity text, case_id bigint, at timestamptz)
-- few rows, so that the reader's join goes by key; expecting many it hashes every open case at each read
language plpgsql stable rows 10 security definer set search_path = pg_catalog, pg_temp
as $$
declare
    lo text collate "C" := cc.me_lo();
    hi text collate "C" := cc.me_hi();
begin
    if lo is null then
        return;
    end if;
    if lo = '01.' then
        return query select j.seq, j.xid::text::bigint, j.entity, j.case_id, j.at from cc.journal j where j.xid >= p_from;
    else
        return query select j.seq, j.xid::text::bigint, j.entity, j.case_id, j.at from cc.journal j
                     where j.xid >= p_from
                       and (j.case_id is null or exists (select from unnest(j.paths) p where p >= lo and p < hi));
    end if;
end $$;
