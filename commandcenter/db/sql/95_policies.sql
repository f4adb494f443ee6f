-- Who may see what. Policies know the login only; owners are not exempt (force); the owner role, whose functions check for
-- themselves, has a policy of its own. Writes to cases go through functions alone: nobody is granted them here.

do $$
declare
    name text;
    -- Without row-level security, each with its reason: COPY refuses an RLS table (staging: insert-only,
    -- nobody reads it); alembic_version is one word that every login may read.
    exempt constant text[] := array['staging', 'alembic_version'];
begin
    for name in select c.relname from pg_class c where c.relnamespace = 'cc'::regnamespace and c.relkind = 'r'
                and c.relname <> all (exempt) loop
        execute format('alter table cc.%I enable row level security', name);
        execute format('alter table cc.%I force row level security', name);
        execute format('drop policy if exists owner_all on cc.%I', name);
        execute format('create policy owner_all on cc.%I to cc_owner using (true) with check (true)', name);
    end loop;

    -- Each says first that the row is of this district: the key of most indexes begins with it, and what the asker compares
    -- himself is no key to a row before he is known to see it (catalog.sql).
    -- By its place or by its scope. From the functions: read at one go, and hashed, not row by row; each set is built at the
    -- first case that asks for it, so that who looks through open cases never pays for all that ever ended.
    drop policy if exists sight on cc.cases;
    create policy sight on cc.cases for select using (
        district_id = cc.home_district() and ((path >= (select cc.me_lo()) and path < (select cc.me_hi()))
        or case when state < 7 then id in (select i from cc.open_cases_in_scope() i)
                else id in (select i from cc.cases_in_scope() i) end));
    drop policy if exists sight on cc.cases_archive;
    create policy sight on cc.cases_archive for select using (
        district_id = cc.home_district()
        and ((path >= (select cc.me_lo()) and path < (select cc.me_hi())) or id in (select i from cc.cases_in_scope() i)));

    foreach name in array array['reports', 'assignments', 'finishes', 'follow_ups', 'attachments'] loop
        execute format('drop policy if exists sight on cc.%I', name);
        execute format($p$create policy sight on cc.%1$I for select using (
            district_id = cc.home_district() and (exists (select from cc.cases c where c.id = %1$I.case_id)
            or exists (select from cc.cases_archive c where c.id = %1$I.case_id)))$p$, name);
    end loop;

    drop policy if exists sight on cc.journal;
    create policy sight on cc.journal for select using (
        district_id = cc.home_district() and (case_id is null and (select cc.my_role()) in ('cc_admin', 'cc_supervisor')
        or exists (select from cc.cases c where c.id = journal.case_id)
        or exists (select from cc.cases_archive c where c.id = journal.case_id)));

    drop policy if exists sight on cc.access_log;
    create policy sight on cc.access_log for select using ((select cc.my_role()) in ('cc_admin', 'cc_supervisor')
                                                           or actor = session_user);
    drop policy if exists sight on cc.case_scope;
    create policy sight on cc.case_scope for select using (path >= (select cc.me_lo()) and path < (select cc.me_hi()));

    foreach name in array array['centre', 'areas', 'work_hours', 'units', 'people', 'channels', 'categories', 'duty_list',
                                'calendar', 'grade_limits', 'settings', 'transitions', 'journal_seals'] loop
        execute format('drop policy if exists sight on cc.%I', name);
        execute format('create policy sight on cc.%I for select using ((select cc.my_role()) is not null)', name);
    end loop;

    -- What an administrator edits directly. People and transitions are not among them: the former are logins, the latter law.
    foreach name in array array['areas', 'work_hours', 'units', 'channels', 'categories', 'calendar',
                                'grade_limits', 'settings'] loop
        execute format('drop policy if exists edit on cc.%I', name);
        execute format($p$create policy edit on cc.%I to cc_admin using ((select cc.my_role()) = 'cc_admin')
                          with check ((select cc.my_role()) = 'cc_admin')$p$, name);
    end loop;
end $$;

revoke all on schema cc from public;
revoke all on all tables in schema cc from public, cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst,
    cc_wall, cc_intake, cc_admin;
revoke all on all functions in schema cc from public;
revoke all on all sequences in schema cc from public;
grant usage on schema cc to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_wall, cc_intake, cc_admin;

grant select on cc.alembic_version, cc.centre, cc.areas, cc.work_hours, cc.units, cc.channels, cc.categories, cc.calendar, cc.grade_limits,
    cc.settings, cc.transitions
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_wall, cc_intake, cc_admin;
grant select on cc.people, cc.duty_list, cc.cases, cc.cases_archive, cc.case_scope, cc.assignments, cc.finishes, cc.follow_ups,
    cc.attachments, cc.journal, cc.journal_seals, cc.access_log
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_admin;
-- Reports without the raw row, which may hold what masking hides.
grant select (district_id, id, case_id, home_id, channel_id, foreign_number, kind, content, place, lon, lat, received_at, registered_at,
              registered_by, name_masked, phone_masked, confidential) on cc.reports
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_admin;
-- The wall is read by everybody in the hall: no words of citizens, no places, no names.
grant select (district_id, id, number, version, grade, state, flags, kind, category_id, channel_id, area_id, town_id, path, lon, lat,
              unit_id, received_at, dispatched_at, accept_due_at, soon_at, due_at, paused_at, finished_at, archived_at, changed_at,
              returns, redos, reports) on cc.cases to cc_wall;
grant insert, update, delete on cc.areas, cc.work_hours, cc.units, cc.channels, cc.categories, cc.calendar,
    cc.grade_limits, cc.settings to cc_admin;
grant usage on sequence cc.reference_ids to cc_admin;
grant execute on function cc.are_periods(integer[]) to cc_admin;
grant insert (batch, row_no, matter, channel_id, foreign_number, fingerprint, kind, category_id, grade, title, content, place,
              area_id, lon, lat, received_at, name, phone, address, confidential, grams, raw) on cc.staging
    to cc_duty, cc_supervisor, cc_intake, cc_admin;

grant execute on function cc.home_district(), cc.now(), cc.my_role(), cc.my_path(), cc.me_lo(), cc.me_hi(), cc.cases_in_scope(),
    cc.open_cases_in_scope(), cc.calendar_day(date), cc.day_length(integer), cc.worked(timestamptz, integer), cc.moment_of(bigint, integer),
    cc.advance(timestamptz, bigint, integer), cc.end_of_working_day(timestamptz, integer, integer),
    cc.is_provisional(timestamptz, timestamptz), cc.deadlines_of(smallint, timestamptz, integer),
    cc.moved(timestamptz, timestamptz, timestamptz, boolean, integer), cc.feed_since(xid8), cc.grams(text),
    cc.search(text, integer), cc.case_by_number(text), cc.today(), cc.flow(), cc.set_person_password(text, text)
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_wall, cc_intake, cc_admin;
-- Which role may use which verb in which state is said by cc.transitions and checked inside.
grant execute on function
    cc.register(integer, text, text, text, integer, smallint, integer, double precision, double precision, text, text, text, text,
                text, boolean, uuid, timestamptz),
    cc.grade(bigint, integer, smallint, integer, text, uuid), cc.dispatch(bigint, integer, integer, integer[], text, uuid),
    cc.accept(bigint, integer, uuid), cc.return_case(bigint, integer, text, integer, uuid),
    cc.review_return(bigint, integer, boolean, integer, text, uuid), cc.reassign(bigint, integer, integer, text, uuid),
    cc.apply_extension(bigint, integer, integer, text, uuid), cc.review_extension(bigint, integer, boolean, text, uuid),
    cc.pause(bigint, integer, text, uuid), cc.resume(bigint, integer, uuid),
    cc.finish(bigint, integer, text, timestamptz, text, timestamptz, uuid),
    cc.follow_up(bigint, integer, bigint, boolean, boolean, boolean, text, text, uuid), cc.redo(bigint, integer, text, uuid),
    cc.archive(bigint, integer, uuid), cc.void(bigint, integer, text, uuid), cc.note(bigint, integer, text, uuid),
    cc.attach(bigint, integer, bigint, text, text, bytea, uuid),
    cc.take_next(uuid), cc.take(bigint, integer, uuid), cc.release(bigint, integer, uuid),
    cc.ask_citizen(bigint, text), cc.look(bigint)
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_intake, cc_admin;
grant execute on function cc.take_in(uuid, boolean), cc.case_numbers(bigint[]) to cc_duty, cc_supervisor, cc_intake, cc_admin;
grant execute on function cc.calendar_renumber(), cc.check_journal(), cc.add_person(text, text, text, integer, text, boolean),
    cc.set_person_active(text, boolean), cc.move_person(text, text, text, integer) to cc_admin;
