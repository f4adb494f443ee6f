-- Who may see what is learned and answered: models, answers and templates every desk that takes reports in; corrections who
-- sees the case. Answers and templates are edited by administrators with plain statements, like the gazetteer; models and
-- corrections come by functions alone.

do $$
declare
    name text;
begin
    foreach name in array array['models', 'answers', 'templates'] loop
        execute format('drop policy if exists sight on cc.%I', name);
        execute format('create policy sight on cc.%I for select using ((select cc.my_role()) is not null)', name);
    end loop;
    foreach name in array array['answers', 'templates'] loop
        execute format('drop policy if exists edit on cc.%I', name);
        execute format($p$create policy edit on cc.%I to cc_admin using ((select cc.my_role()) = 'cc_admin')
                          with check ((select cc.my_role()) = 'cc_admin')$p$, name);
    end loop;
    drop policy if exists sight on cc.corrections;
    create policy sight on cc.corrections for select using (
        district_id = cc.home_district() and (exists (select from cc.cases c where c.id = corrections.case_id)
        or exists (select from cc.cases_archive c where c.id = corrections.case_id)));
end $$;

grant select on cc.models, cc.answers, cc.templates
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_intake, cc_admin;
grant select on cc.corrections to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_admin;
grant insert, update, delete on cc.answers, cc.templates to cc_admin;
