-- Roles of the cluster, made by a superuser before the first migration; safe to run again.
do $$
declare
    name text;
begin
    if not exists (select from pg_roles where rolname = 'cc_owner') then
        create role cc_owner nologin createrole;
    end if;
    foreach name in array array['cc_duty', 'cc_caller', 'cc_responder', 'cc_supervisor', 'cc_followup', 'cc_analyst', 'cc_wall',
                                'cc_intake', 'cc_admin'] loop
        if not exists (select from pg_roles where rolname = name) then
            execute format('create role %I nologin', name);
        end if;
        execute format('grant %I to cc_owner with admin option', name);
    end loop;
end $$;
