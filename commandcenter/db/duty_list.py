"""Reading the rulings that may become items of the responsibility list."""

CANDIDATES = """
    select c.id, coalesce(w.number, '') as number, c.matter, c.category_id, c.lead_unit_id, c.assist_unit_ids, c.reason,
           c.ruled_at, c.ruled_by, c.decision, c.decided_by
    from cc.duty_candidates c
    left join cc.whistles w on (w.district_id, w.id) = (c.district_id, c.whistle_id)
    where c.district_id = cc.home_district()
    order by c.decision <> '', c.ruled_at desc, c.id
"""
