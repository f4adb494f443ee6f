-- Who may read and edit the gazetteer, in the manner of 96_loop_policies.sql: every desk that takes reports in reads it, and
-- an administrator edits it by plain statements.

do $$
begin
    drop policy if exists sight on cc.places;
    create policy sight on cc.places for select using ((select cc.my_role()) is not null);
    drop policy if exists edit on cc.places;
    create policy edit on cc.places to cc_admin using ((select cc.my_role()) = 'cc_admin')
        with check ((select cc.my_role()) = 'cc_admin');
end $$;

grant select on cc.places to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_intake, cc_admin;
grant insert, update, delete on cc.places to cc_admin;
