-- 核查 of what was learned and answered: models are what was saved, corrections hang on reports, and a question that was answered
-- on the spot has its answer and its citizen's word.

create or replace function cc.audit_learning() returns setof cc.audit_finding
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select 'model_damaged', m.id, m.version::text from cc.models m
    where m.district_id = cc.home_district() and m.sha256 <> sha256(m.content)
    union all
    select 'correction_of_none', k.id, '' from cc.corrections k
    where k.district_id = cc.home_district()
      and not exists (select from cc.reports r where r.district_id = k.district_id and r.id = k.report_id)
    union all
    select 'answered_without', c.id, c.number
    from cc.journal j
    join (select id, number from cc.cases where district_id = cc.home_district()
          union all select id, number from cc.cases_archive where district_id = cc.home_district()) c on c.id = j.case_id
    where j.district_id = cc.home_district() and j.entity = 'case' and j.verb = 'answer_now'
      and (not exists (select from cc.finishes f where f.district_id = j.district_id and f.case_id = j.case_id and f.at = j.at)
           or not exists (select from cc.follow_ups f where f.district_id = j.district_id and f.case_id = j.case_id and f.at = j.at
                          and f.reached and f.solved and f.satisfied <> '不满意'))
$$;
