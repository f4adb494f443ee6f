"""The questions about links, relations, themes and hints; every one runs under the asker's own sight."""

_NAMED = """
    left join lateral (select c.number, c.title, c.state, c.grade, c.path from cc.cases c
                       where c.district_id = {0}.district_id and c.id = {0}.{1}
                       union all select c.number, c.title, c.state, c.grade, c.path from cc.cases_archive c
                       where c.district_id = {0}.district_id and c.id = {0}.{1}) {2} on true
"""
LINKS = f"""
    select m.id, m.kept_id, coalesce(k.number, '') as kept_number, m.source_id, coalesce(s.number, '') as source_number,
           coalesce(s.title, '') as source_title, m.at, m.actor, m.cause, m.score, m.reasons::text as reasons, m.words,
           m.undone_at, coalesce(m.undone_by, '') as undone_by, m.undo_reason
    from cc.merges m {_NAMED.format("m", "kept_id", "k")} {_NAMED.format("m", "source_id", "s")}
    where m.district_id = cc.home_district()
      and (m.kept_id in (select cc.case_family(cc.case_now(:case_id))) or m.source_id in (select cc.case_family(cc.case_now(:case_id))))
    order by m.at, m.id
"""  # noqa: S608 - our own constants
RELATED = f"""
    select r.id, o.id as case_id, coalesce(c.number, '') as number, coalesce(c.title, '') as title, c.state, r.kind, r.words, r.at, r.actor
    from cc.relations r
    cross join lateral (select r.district_id, case when r.case_id in (select cc.case_family(cc.case_now(:case_id)))
                               then r.other_id else r.case_id end as id) o
    {_NAMED.format("o", "id", "c")}
    where r.district_id = cc.home_district() and r.ended_at is null
      and (r.case_id in (select cc.case_family(cc.case_now(:case_id))) or r.other_id in (select cc.case_family(cc.case_now(:case_id))))
    order by r.at, r.id
"""  # noqa: S608 - our own constants
_THEMES = """
    select t.id, t.title, t.opened_at, t.opened_by, t.closed_at, coalesce(t.closed_by, '') as closed_by,
           coalesce((select array_agg(x.case_id order by x.added_at, x.case_id) from cc.theme_cases x
                     where x.district_id = t.district_id and x.theme_id = t.id), '{}') as case_ids
    from cc.themes t where t.district_id = cc.home_district()
"""
THEMES = _THEMES + " and (not :open_only or t.closed_at is null) order by t.opened_at desc, t.id desc"
THEMES_OF = (
    _THEMES
    + """ and exists (select from cc.theme_cases x where x.district_id = t.district_id and x.theme_id = t.id
                      and x.case_id in (select cc.case_family(cc.case_now(:case_id)))) order by t.opened_at, t.id"""
)
_HINTS = f"""
    select h.case_id, coalesce(c.number, '') as number, coalesce(c.title, '') as title, c.state as case_state,
           h.other_id, coalesce(o.number, '') as other_number, coalesce(o.title, '') as other_title, o.state as other_state,
           h.score, h.verdict, h.reasons::text as reasons, h.found_at, h.state, h.at, coalesce(h.actor, '') as actor, h.words
    from cc.repeat_hints h {_NAMED.format("h", "case_id", "c")} {_NAMED.format("h", "other_id", "o")}
    where h.district_id = cc.home_district()
"""  # noqa: S608 - our own constants
HINTS_OF = _HINTS + " and :case_id in (h.case_id, h.other_id) order by h.state <> 'open', h.score desc, h.found_at"
OPEN_HINTS = (
    _HINTS
    + """ and h.state = 'open' and c.state < 6 and o.state < 6
          order by h.score desc, h.found_at, h.case_id, h.other_id limit :most"""
)
"""The queue 疑似重复: pairs of which both can still be merged."""
DISMISSED = f"""
    select d.*, r.id as relation_id, coalesce(r.kind, '') as relation_kind from (
        {_HINTS} and h.state = 'dismissed' and h.at >= :since and h.at < :until) d
    left join cc.relations r on r.district_id = cc.home_district() and r.ended_at is null
      and (r.case_id, r.other_id) = (least(d.case_id, d.other_id), greatest(d.case_id, d.other_id))
    order by d.at desc, d.case_id, d.other_id limit :most
"""  # noqa: S608 - our own constants
"""What persons said are no repeats, with the relation that stands between the two where there is one."""
SHARE = "select channel_id, received, merged, by_machine from cc.merged_share(:since, :until)"
FAMILY = "select f as case_id from cc.case_family(:case_id) f order by f <> :case_id, f"
NOW = "select cc.case_now(:case_id) as case_id"
