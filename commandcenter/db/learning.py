"""What is learned from and what was learned; every question under the asker's own sight."""

from typing import Final

ACTIVE: Final = """
    select id, version, made_at, sha256 from cc.models where district_id = cc.home_district() and kind = :kind and active
"""
CONTENT: Final = "select content, sha256 from cc.models where district_id = cc.home_district() and id = :model_id"
VERSIONS: Final = """
    select id, kind, version, made_at, made_by, octet_length(content) as size, encode(sha256, 'hex') as sha256,
           figures::text as figures, training::text as training, active
    from cc.models where district_id = cc.home_district() and (cast(:kind as text) is null or kind = :kind)
    order by kind, version desc
"""
NUMBERS: Final = """
    select name, (value #>> '{}')::integer as value from cc.settings
    where district_id = cc.home_district() and name in ('model_samples', 'model_correction_weight', 'model_corrections')
"""
FRESH_CORRECTIONS: Final = """
    select distinct on (k.report_id) k.at, k.chosen, r.content, coalesce(c.title, o.title, '') as title
    from cc.corrections k
    join cc.reports r on r.district_id = k.district_id and r.id = k.report_id
    left join cc.cases c on c.district_id = r.district_id and c.id = r.case_id
    left join cc.cases_archive o on o.district_id = r.district_id and o.id = r.case_id
    where k.district_id = cc.home_district() and k.id in (
        select id from cc.corrections where district_id = cc.home_district() and at > :since order by at desc, id desc limit :most)
    order by k.report_id, k.at desc, k.id desc
"""
CORRECTIONS: Final = """
    select count(*) as number, count(*) filter (where at > :since) as fresh from cc.corrections
    where district_id = cc.home_district()
"""
# Confirmed is what a person has graded (state 1 and after) and nobody declared void; of merged cases the reports hang on the kept one.
# What an officer put right comes first, whatever its age.
CONFIRMED: Final = """
    with sure as (
        select id, category_id, title from cc.cases
        where district_id = cc.home_district() and category_id is not null and state between 1 and 7
        union all
        select id, category_id, title from cc.cases_archive
        where district_id = cc.home_district() and category_id is not null and state between 1 and 7
    )
    select r.id, r.content, r.received_at, r.channel_id, s.title, s.category_id, k.report_id is not null as corrected
    from cc.reports r
    join sure s on s.id = r.case_id
    left join (
        select distinct on (report_id) report_id, chosen from cc.corrections where district_id = cc.home_district()
        order by report_id, at desc, id desc
    ) k on k.report_id = r.id and k.chosen = s.category_id
    where r.district_id = cc.home_district()
    order by corrected desc, r.received_at desc, r.id desc
    limit :most
"""
EVERY_TEXT: Final = """
    select content, received_at from cc.reports where district_id = cc.home_district() order by received_at desc, id desc limit :most
"""
