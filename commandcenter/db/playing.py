"""What the demo's players look at before they act; each question under the asker's own sight."""

SEED = "select (value)::text::bigint as seed from cc.settings where name = 'demo_seed'"
RESPONDERS = """
    select p.unit_id, min(p.login) as login from cc.people p
    where p.active and p.demo and p.role in ('cc_responder', 'cc_caller') group by p.unit_id
"""
RECENT = """
    select c.id, c.version, c.state, c.grade, c.unit_id, c.flags, c.redos,
           coalesce((select d.lead_unit_id from cc.duty_list d where d.district_id = c.district_id
                     and d.category_id = c.category_id order by d.id limit 1),
                    (select u.id from cc.units u where u.district_id = c.district_id and u.kind = 'town'
                     and u.area_id = c.town_id)) as lead,
           array(select r.id from cc.reports r where r.district_id = c.district_id and r.case_id = c.id
                 and (select bool_or(f.reached) or count(*) >= (select (s.value)::text::integer from cc.settings s
                                                                where s.name = 'call_attempts')
                      from cc.follow_ups f where f.district_id = c.district_id and f.case_id = c.id
                      and f.report_id = r.id and f.round = c.redos) is not true) as uncalled
    from (select * from cc.cases where district_id = cc.home_district() and state = :state order by id desc limit 40) c
"""
"""Some of the newest cases in a state, with the unit that should lead and the reports that still have to be called back."""
