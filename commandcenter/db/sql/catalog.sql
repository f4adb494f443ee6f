-- What only a superuser changes, in this database (but for logins); safe to run again. Nothing here touches a table.

-- A comparison that the server holds for leakproof may be made before a row-level policy is asked. Its answer never reaches who may
-- not see the row, but EXPLAIN ANALYZE tells whether the policy was asked at all, and so, comparison by comparison, what
-- stands in rows of others. Only ids (bigint) and moments keep the mark: rows are looked up by them, and their
-- indexes need it. What can be learned so is that an id is taken, and when something happened to it; also, as for every
-- database, whether a value is there at all.
do $$
declare
    f regprocedure;
begin
    for f in
        select p.oid::regprocedure from pg_proc p
        where p.proleakproof and p.pronamespace = 'pg_catalog'::regnamespace
          and p.proargtypes::text <> all (array[format('%s %s', 'int8'::regtype::oid, 'int8'::regtype::oid),
                                                format('%s %s', 'timestamptz'::regtype::oid, 'timestamptz'::regtype::oid)])
    loop
        execute format('alter function %s not leakproof', f);
    end loop;
end $$;

-- Locks by number are agreements between our own functions, which take them for whoever may.
do $$
declare
    f regprocedure;
begin
    for f in
        select p.oid::regprocedure from pg_proc p
        where p.pronamespace = 'pg_catalog'::regnamespace and p.proname ~ '^pg_(try_)?advisory_(xact_)?lock(_shared)?$'
    loop
        execute format('revoke execute on function %s from public', f);
        execute format('grant execute on function %s to cc_owner', f);
    end loop;
end $$;

-- Logins that were made before there was a limit, or by a backup.
do $$
declare
    limited text;
begin
    if to_regclass('cc.people') is not null and to_regprocedure('cc.most_connections(text)') is not null then
        for limited in execute 'select format(''alter role %I connection limit %s'', r.rolname, cc.most_connections(p.role))
            from cc.people p join pg_roles r on r.rolname = p.login
            where r.rolconnlimit <> cc.most_connections(p.role) and not r.rolsuper' loop
            execute limited;
        end loop;
    end if;
end $$;
