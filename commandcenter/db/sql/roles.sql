-- Roles of the cluster, made by a superuser before the first migration; safe to run again, and changes nothing then: two
-- databases of a server may be upgraded at once.
do $$
declare
    name text;
begin
    if not exists (select from pg_roles where rolname = 'cc_owner') then
        create role cc_owner nologin createrole;
    end if;
    -- Functions of ours check for themselves who asks. Policies for their owner would say nothing more, and would keep the
    -- planner from using what it knows of the tables.
    if not (select rolbypassrls from pg_roles where rolname = 'cc_owner') then
        alter role cc_owner bypassrls;
    end if;
    -- The timekeeper ends connections that keep others waiting (92_timekeeper.sql): it must see them, and may.
    if not pg_has_role('cc_owner', 'pg_signal_backend', 'member') or not pg_has_role('cc_owner', 'pg_read_all_stats', 'member') then
        grant pg_read_all_stats, pg_signal_backend to cc_owner;
    end if;
    foreach name in array array['cc_duty', 'cc_caller', 'cc_responder', 'cc_supervisor', 'cc_followup', 'cc_analyst', 'cc_wall',
                                'cc_intake', 'cc_admin'] loop
        if not exists (select from pg_roles where rolname = name) then
            execute format('create role %I nologin', name);
        end if;
        if not pg_has_role('cc_owner', name, 'member with admin option') then
            execute format('grant %I to cc_owner with admin option', name);
        end if;
    end loop;
end $$;
