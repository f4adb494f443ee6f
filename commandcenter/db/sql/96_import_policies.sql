-- Who may see and edit what imports remember: whoever imports reads it and keeps profiles; an administrator says which
-- folders are watched and what a later export may change. Runs are written by functions alone.

do $$
declare
    name text;
begin
    foreach name in array array['import_profiles', 'watched_folders', 'import_fields'] loop
        execute format('drop policy if exists sight on cc.%I', name);
        execute format($p$create policy sight on cc.%I for select using (
            (select cc.my_role()) in ('cc_duty', 'cc_supervisor', 'cc_admin', 'cc_intake'))$p$, name);
        execute format('create or replace trigger reference_changed after insert or update or delete on cc.%I
                        for each row execute function cc.reference_changed()', name);
    end loop;
    -- their deeds are journalled by their functions
    drop policy if exists sight on cc.import_runs;
    create policy sight on cc.import_runs for select using (
        (select cc.my_role()) in ('cc_duty', 'cc_supervisor', 'cc_admin') or actor = session_user);
    drop policy if exists edit on cc.import_profiles;
    create policy edit on cc.import_profiles to cc_duty, cc_supervisor, cc_admin
        using ((select cc.my_role()) in ('cc_duty', 'cc_supervisor', 'cc_admin'))
        with check ((select cc.my_role()) in ('cc_duty', 'cc_supervisor', 'cc_admin'));
    foreach name in array array['watched_folders', 'import_fields'] loop
        execute format('drop policy if exists edit on cc.%I', name);
        execute format($p$create policy edit on cc.%I to cc_admin using ((select cc.my_role()) = 'cc_admin')
                          with check ((select cc.my_role()) = 'cc_admin')$p$, name);
    end loop;
end $$;

grant select on cc.import_profiles, cc.watched_folders, cc.import_fields, cc.import_runs
    to cc_duty, cc_supervisor, cc_intake, cc_admin;
grant insert, update, delete on cc.import_profiles to cc_duty, cc_supervisor, cc_admin;
grant usage on sequence cc.reference_ids to cc_duty, cc_supervisor;
grant insert, update, delete on cc.watched_folders, cc.import_fields to cc_admin;
grant insert (source) on cc.staging to cc_duty, cc_supervisor, cc_intake, cc_admin;
grant select (source) on cc.reports to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_admin;
