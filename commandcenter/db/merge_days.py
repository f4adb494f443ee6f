"""The merges of some days, as the asker may see them: standing and undone, by persons and by the machine."""

MERGES = """
    select m.id, m.at, m.actor, m.cause, m.score, m.words, m.undone_at, m.undone_by, m.undo_reason,
           m.kept_id, k.number as kept_number, k.title as kept_title,
           m.source_id, s.number as source_number, s.title as source_title
    from cc.merges m
    left join lateral (
        select c.number, c.title from cc.cases c where c.district_id = m.district_id and c.id = m.kept_id
        union all
        select a.number, a.title from cc.cases_archive a where a.district_id = m.district_id and a.id = m.kept_id) k on true
    left join lateral (
        select c.number, c.title from cc.cases c where c.district_id = m.district_id and c.id = m.source_id
        union all
        select a.number, a.title from cc.cases_archive a where a.district_id = m.district_id and a.id = m.source_id) s on true
    where m.district_id = cc.home_district() and m.at >= :since and m.at < :until
    order by m.at desc, m.id desc limit :most
"""
