-- People: each is a login of the server. Administrators make and change them through these functions, which run as the
-- owner (who may create roles) and touch nobody who is not in cc.people.

create or replace function cc.need_admin() returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(cc.my_role(), '') not in ('cc_admin', 'system') then
        raise exception 'only an administrator' using errcode = 'CC001', detail = '{"verb": "people"}';
    end if;
end $$;

-- p_verifier: a SCRAM-SHA-256 verifier made by the client, so that no password travels or is logged.
-- How many connections one login may have at once, so that no person takes all that the server has: several desks, and work.
create or replace function cc.most_connections(p_role text) returns integer
language sql immutable
as $$ select case p_role when 'cc_intake' then -1 else 64 end $$;

create or replace function cc.add_person(p_login text, p_name text, p_role text, p_unit integer, p_verifier text, p_demo boolean)
returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    person integer;
begin
    perform cc.need_admin();
    perform cc.need(p_name, 'name');
    if p_verifier is not null and p_verifier !~ '^SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' then
        raise exception 'not a verifier' using errcode = 'CC004', detail = 'verifier';
    end if;
    if p_demo and (cc.my_role() <> 'system' or not coalesce((select demo from cc.centre), false)) then
        raise exception 'demo accounts are made by the demo' using errcode = 'CC001', detail = '{"verb": "people"}';
    end if;
    if starts_with(p_login, 'cc_') then  -- the names of groups, and of the timekeeper in the journal
        raise exception 'a name of the system' using errcode = 'CC004', detail = 'login:reserved';
    end if;
    if exists (select from cc.people where login = p_login) then
        raise exception 'login exists' using errcode = 'CC004', detail = 'login:exists';
    end if;
    insert into cc.people (login, name, role, unit_id, demo)
    values (p_login, p_name, p_role, p_unit, p_demo) returning id into person;
    if exists (select from pg_roles where rolname = p_login) then
        -- a login may serve several databases of one cluster, but only if a centre made it
        if not exists (select from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles r on r.oid = m.member
                       where r.rolname = p_login and g.rolname like 'cc\_%')
           or cc.my_role() <> 'system'  -- or an administrator here could take over a login of another database
           or exists (select from pg_roles where rolname = p_login and (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls)) then
            raise exception 'login exists' using errcode = 'CC004', detail = 'login:exists';
        end if;
        if p_verifier is not null then
            execute format('alter role %I login password %L', p_login, p_verifier);
        end if;
    else
        execute format('create role %I login password %L connection limit %s', p_login, p_verifier, cc.most_connections(p_role));
    end if;
    execute format('grant %I to %I', p_role, p_login);
    return person;
end $$;

create or replace function cc.set_person_active(p_login text, p_active boolean) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform cc.need_admin();
    update cc.people set active = p_active where district_id = cc.home_district() and login = p_login;
    if not found then
        raise exception 'no such person' using errcode = 'CC004', detail = 'login:missing';
    end if;
    execute format('alter role %I %s', p_login, case when p_active then 'login' else 'nologin' end);
end $$;

create or replace function cc.set_person_password(p_login text, p_verifier text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if p_login <> session_user then
        perform cc.need_admin();
    end if;
    if p_verifier is null or p_verifier !~ '^SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' then
        raise exception 'not a verifier' using errcode = 'CC004', detail = 'verifier';
    end if;
    if not exists (select from cc.people where district_id = cc.home_district() and login = p_login) then
        raise exception 'no such person' using errcode = 'CC004', detail = 'login:missing';
    end if;
    execute format('alter role %I password %L', p_login, p_verifier);
    insert into cc.journal (at, actor, entity, entity_id, verb, paths, row_hash)  -- that it was set, and by whom
    select cc.now(), session_user, 'people', id, 'password', '{01.}', '' from cc.people
    where district_id = cc.home_district() and login = p_login;
end $$;

create or replace function cc.move_person(p_login text, p_name text, p_role text, p_unit integer) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    was text;
begin
    perform cc.need_admin();
    perform cc.need(p_name, 'name');
    select role into was from cc.people where district_id = cc.home_district() and login = p_login;
    if not found then
        raise exception 'no such person' using errcode = 'CC004', detail = 'login:missing';
    end if;
    update cc.people set name = p_name, role = p_role, unit_id = p_unit
    where district_id = cc.home_district() and login = p_login;
    if was <> p_role then
        execute format('revoke %I from %I', was, p_login);
        execute format('grant %I to %I', p_role, p_login);
    end if;
end $$;

-- 职务: what a person approves or signs for, beyond the role.
create or replace function cc.set_person_post(p_login text, p_post text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform cc.need_admin();
    if coalesce(p_post, '-') not in ('', 'town_head', 'section_head', 'director', 'leader') then
        raise exception 'no such post' using errcode = 'CC004', detail = 'post';
    end if;
    update cc.people set post = p_post where district_id = cc.home_district() and login = p_login;
    if not found then
        raise exception 'no such person' using errcode = 'CC004', detail = 'login:missing';
    end if;
end $$;
