-- Who may see whistles, slips, calls and alarms, in the manner of 95_policies.sql. Writes go through functions alone, but for
-- the rules that an administrator edits. Rights on the functions: 97_whistle_rights.sql and after.

do $$
declare
    name text;
begin
    -- A whistle is seen from its place, and by those it calls (cc.case_scope, reason 'whistle').
    drop policy if exists sight on cc.whistles;
    create policy sight on cc.whistles for select using (
        district_id = cc.home_district()
        and ((path >= (select cc.me_lo()) and path < (select cc.me_hi())) or case_id in (select i from cc.cases_in_scope() i)));
    foreach name in array array['whistle_rounds', 'whistle_parties', 'whistle_scores'] loop
        execute format('drop policy if exists sight on cc.%I', name);
        execute format($p$create policy sight on cc.%1$I for select using (
            district_id = cc.home_district() and exists (select from cc.whistles w where w.id = %1$I.whistle_id))$p$, name);
    end loop;
    drop policy if exists sight on cc.duty_candidates;
    create policy sight on cc.duty_candidates for select using ((select cc.my_role()) in ('cc_duty', 'cc_supervisor', 'cc_admin'));

    -- A slip is the centre's until it is signed; then it is its unit's as well.
    drop policy if exists sight on cc.slips;
    create policy sight on cc.slips for select using (
        district_id = cc.home_district() and ((select cc.my_role()) in ('cc_supervisor', 'cc_admin')
        or (state between 2 and 6 or state = 8) and path >= (select cc.me_lo()) and path < (select cc.me_hi())));
    foreach name in array array['slip_facts', 'slip_signatures', 'slip_copies', 'slip_files'] loop
        execute format('drop policy if exists sight on cc.%I', name);
        execute format($p$create policy sight on cc.%1$I for select using (
            district_id = cc.home_district() and exists (select from cc.slips s where s.id = %1$I.slip_id))$p$, name);
    end loop;

    drop policy if exists sight on cc.second_calls;  -- who is checked must not know beforehand
    create policy sight on cc.second_calls for select using (
        (select cc.my_role()) in ('cc_admin', 'cc_analyst')  -- who call nobody
        or (select cc.my_role()) in ('cc_followup', 'cc_supervisor') and first_caller <> session_user);
    drop policy if exists sight on cc.appeals;
    create policy sight on cc.appeals for select using (
        district_id = cc.home_district() and (exists (select from cc.cases c where c.id = appeals.case_id)
        or exists (select from cc.cases_archive c where c.id = appeals.case_id)));
    drop policy if exists sight on cc.alarm_marks;
    create policy sight on cc.alarm_marks for select using (  -- a reason is for one's own unit, as its alarms are
        district_id = cc.home_district() and ((select cc.me_lo()) = '01.' or login in (
            select o.login from cc.people o join cc.people me on me.unit_id = o.unit_id where me.login = session_user)));

    foreach name in array array['steps', 'whistle_levels', 'slip_kinds', 'slip_rules', 'schemes', 'timekeeper'] loop
        execute format('drop policy if exists sight on cc.%I', name);
        execute format('create policy sight on cc.%I for select using ((select cc.my_role()) is not null)', name);
    end loop;
    foreach name in array array['whistle_levels', 'slip_kinds', 'slip_rules', 'schemes'] loop
        execute format('drop policy if exists edit on cc.%I', name);
        execute format($p$create policy edit on cc.%I to cc_admin using ((select cc.my_role()) = 'cc_admin')
                          with check ((select cc.my_role()) = 'cc_admin')$p$, name);
    end loop;
end $$;

grant select on cc.steps, cc.whistle_levels, cc.timekeeper
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_wall, cc_admin;
grant select on cc.slip_kinds, cc.slip_rules, cc.schemes, cc.alarm_marks, cc.whistles, cc.whistle_rounds, cc.whistle_parties,
    cc.whistle_scores, cc.appeals, cc.slips, cc.slip_facts, cc.slip_signatures, cc.slip_copies, cc.slip_files
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_admin;
grant select on cc.duty_candidates to cc_duty, cc_supervisor, cc_admin;
grant select on cc.second_calls to cc_followup, cc_supervisor, cc_analyst, cc_admin;
-- The wall: which units are missing where, no words and no names.
grant select (district_id, id, number, case_id, path, state, level, gather, caller_unit_id, danger, blown_at, rule_due_at, pushed_at,
              changed_at) on cc.whistles to cc_wall;
grant select (district_id, id, whistle_id, case_id, unit_id, part, state, called_at, answer_due_at, arrive_due_at, finish_due_at,
              answered_at, checked_in_at, done_at, lon, lat) on cc.whistle_parties to cc_wall;
grant insert, update, delete on cc.whistle_levels, cc.slip_kinds, cc.slip_rules, cc.schemes to cc_admin;
