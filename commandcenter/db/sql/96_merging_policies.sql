-- Who may see links, relations, themes and hints, in the manner of 95_policies.sql. Writes go through functions alone.
-- Reasons and words may quote either side, so that both must be seen; a standing link shares the sight of its family.

do $$
declare
    name text;
begin
    foreach name in array array['merges(kept_id,source_id)', 'relations(case_id,other_id)', 'repeat_hints(case_id,other_id)'] loop
        execute format('drop policy if exists sight on cc.%I', split_part(name, '(', 1));
        execute format($p$create policy sight on cc.%1$I for select using (
            district_id = cc.home_district() and ((select cc.me_lo()) = '01.' or
            (exists (select from cc.cases c where c.id = %1$I.%2$I) or exists (select from cc.cases_archive c where c.id = %1$I.%2$I))
            and (exists (select from cc.cases c where c.id = %1$I.%3$I) or exists (select from cc.cases_archive c where c.id = %1$I.%3$I))))$p$,
            split_part(name, '(', 1), split_part(split_part(name, '(', 2), ',', 1), rtrim(split_part(name, ',', 2), ')'));
    end loop;
    drop policy if exists sight on cc.themes;
    create policy sight on cc.themes for select using (  -- a title tells of its cases
        district_id = cc.home_district() and ((select cc.me_lo()) = '01.' or exists (select from cc.theme_cases t where t.theme_id = themes.id)));
    drop policy if exists sight on cc.theme_cases;
    create policy sight on cc.theme_cases for select using (
        district_id = cc.home_district() and (exists (select from cc.cases c where c.id = theme_cases.case_id)
        or exists (select from cc.cases_archive c where c.id = theme_cases.case_id)));
end $$;

grant select (district_id, id, kept_id, source_id, at, actor, cause, score, reasons, words, undone_at, undone_by, undo_reason)
    on cc.merges to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_admin;
grant select on cc.relations, cc.themes, cc.theme_cases
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_admin;
grant select on cc.repeat_hints to cc_duty, cc_supervisor, cc_analyst, cc_admin;
