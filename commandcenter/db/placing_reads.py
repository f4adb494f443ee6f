"""Open cases whose place is not known, as the asker may see them."""

UNPLACED = """
    select c.id, c.number, c.version, c.grade, c.state, c.title, c.place, c.area_id, c.town_id, c.lon, c.lat, c.channel_id,
           c.received_at, c.holder, r.content
    from cc.cases c
    left join lateral (select p.content from cc.reports p where p.district_id = c.district_id and p.case_id = c.id
                       order by p.received_at, p.id limit 1) r on true
    where c.district_id = cc.home_district() and c.state < 7
      and case when cast(:case_id as bigint) is null
               then c.area_id is null or c.town_id is null or (:pointless and c.lon is null) else c.id = :case_id end
    order by c.grade, c.received_at, c.id limit :most
"""
