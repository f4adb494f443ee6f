-- Who is asking. Identity is the login (session_user): a setting that a client can set itself is none.
-- In plpgsql, which keeps its plans for the session: every verb asks these several times, and planning took most of its time.

create or replace function cc.now() returns timestamptz
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return coalesce((select fixed_now from cc.centre), now()); end $$;

-- The role of the person behind the connection; 'system' for the owner's own work (timekeeper, loaders), null for nobody.
create or replace function cc.my_role() returns text
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        (select p.role from cc.people p where p.login = session_user and p.active
         and (not p.demo or (select c.demo from cc.centre c))),  -- demo accounts open demo centres only
        case when pg_has_role(session_user, 'cc_owner', 'member') then 'system' end);
end $$;

create or replace function cc.my_path() returns text
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        (select u.path from cc.people p join cc.units u on (u.district_id, u.id) = (p.district_id, p.unit_id)
         where p.login = session_user and p.active and (not p.demo or (select c.demo from cc.centre c))),
        case when pg_has_role(session_user, 'cc_owner', 'member') then '01.' end);
end $$;

-- Everything below a path sorts between the path and the path with its last dot replaced by the next character, '/'.
create or replace function cc.me_lo() returns text
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return cc.my_path(); end $$;

create or replace function cc.me_hi() returns text
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return left(cc.my_path(), -1) || '/'; end $$;

-- Cases seen through an assignment or a whistle, beyond those of one's own place; none for those who see the county.
-- A set and not an array, so that a policy hashes it once.
create or replace function cc.cases_in_scope() returns setof bigint
language sql stable parallel safe rows 5000 security definer set search_path = pg_catalog, pg_temp
as $$
    select s.case_id from cc.case_scope s
    where s.district_id = cc.home_district() and (select cc.me_lo()) <> '01.'
      and s.path >= (select cc.me_lo()) and s.path < (select cc.me_hi())
$$;

-- The same of cases that are not over: a department's are few, while those that ever were its own grow for ever.
create or replace function cc.open_cases_in_scope() returns setof bigint
language sql stable parallel safe rows 2000 security definer set search_path = pg_catalog, pg_temp
as $$
    select s.case_id from cc.case_scope s
    where s.district_id = cc.home_district() and s.open and (select cc.me_lo()) <> '01.'
      and s.path >= (select cc.me_lo()) and s.path < (select cc.me_hi())
$$;

create or replace function cc.may_see(p_path text, p_case bigint) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    lo text collate "C" := cc.me_lo();
    hi text collate "C" := cc.me_hi();
begin
    -- never null: somebody who is nobody here has no path to compare with
    return coalesce(p_path >= lo and p_path < hi, false)
        or exists (select from cc.case_scope s where s.district_id = cc.home_district() and s.case_id = p_case
                   and s.path >= lo and s.path < hi);
end $$;

-- Whether a unit is the person's own or below it.
create or replace function cc.is_mine(p_unit integer) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select exists (select from cc.units u where u.district_id = cc.home_district() and u.id = p_unit
                   and u.path >= cc.me_lo() and u.path < cc.me_hi())
$$;
