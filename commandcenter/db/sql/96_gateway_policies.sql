-- Who may see what the gateway keeps: its keys and tokens nobody, not even their hashes; ratings whoever sees the case.

do $$
begin
    drop policy if exists sight on cc.ratings;
    create policy sight on cc.ratings for select using (
        district_id = cc.home_district() and (exists (select from cc.cases c where c.id = ratings.case_id)
        or exists (select from cc.cases_archive c where c.id = ratings.case_id)));
end $$;

grant select on cc.ratings to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_admin;
