"""What the demo's players look at before they act, each question under the asker's own sight; and the simulated month's tally."""

SEED = "select (value)::text::bigint as seed from cc.settings where name = 'demo_seed'"
RECENT = """
    select c.id, c.version, c.state, c.grade, c.unit_id, c.flags, c.redos, c.path, c.category_id, c.changed_at, c.due_at,
           exists (select from cc.whistles w where w.district_id = c.district_id and w.case_id = c.id and w.state < 5) as whistled,
           coalesce((select d.lead_unit_id from cc.duty_list d where d.district_id = c.district_id
                     and d.category_id = c.category_id order by d.id limit 1),
                    (select u.id from cc.units u where u.district_id = c.district_id and u.kind = 'town'
                     and u.area_id = c.town_id)) as lead,
           array(select r.id from cc.reports r where r.district_id = c.district_id and r.case_id = c.id
                 and (select bool_or(f.reached) or count(*) >= (select (s.value)::text::integer from cc.settings s
                                                                where s.name = 'call_attempts')
                      from cc.follow_ups f where f.district_id = c.district_id and f.case_id = c.id
                      and f.report_id = r.id and f.round = c.redos) is not true) as uncalled,
           array(select f.report_id from cc.follow_ups f where f.district_id = c.district_id and f.case_id = c.id
                 and not f.reached and f.at > cc.now() - (select (s.value)::text::integer from cc.settings s
                     where s.name = 'call_gap_minutes') * interval '1 minute') as resting
    from (select * from cc.cases where district_id = cc.home_district() and state = :state order by id desc limit 40) c
"""
"""Some of the newest cases in a state, with the unit that should lead the reports that still have to be called back, and those
of them that were tried a moment ago."""
REPORTS = "select id from cc.reports where district_id = cc.home_district() and case_id = :case_id order by id"

TO_BLOW_FOR = """
    select id, version, path, category_id from (
        select c.*, row_number() over (partition by c.town_id order by c.grade, c.id) as turn
        from cc.cases c where c.district_id = cc.home_district() and c.state = 3 and c.dispatched_at < :since
          and c.due_at > :since) c
    order by turn, grade, id desc limit least(:most, greatest(1, (select count(*) / 20 from cc.cases o
        where o.district_id = cc.home_district() and o.state < 7)))
"""
"""Cases in work for which somebody may have blown a whistle since, from every town; of a small county, fewer."""
TOLD_AGAIN = """
    select c.id from cc.cases c
    where c.district_id = cc.home_district() and c.state <= 5 and exists (
        select from cc.cases o where o.district_id = c.district_id and o.id < c.id and o.state <= 5 and o.place = c.place
                                 and o.category_id = c.category_id and o.area_id = c.area_id)
    order by c.id
"""
"""Open cases at the very place of an older one, and of its category."""
TO_COMPARE = """
    insert into cc.repeats_due (district_id, case_id, at) select cc.home_district(), id, cc.now() from unnest($1::bigint[]) id
    on conflict do nothing
"""
SIDES = """
    select id, state, dispatched_at, received_at, place from cc.cases
    where district_id = cc.home_district() and id in (:one, :other) order by id
"""
"""The two cases of a pair."""
CROWDED = """
    select t.name as town, k.name as category, (array_agg(c.id order by c.received_at desc, c.id))[1 : cast(:each as integer)] as case_ids
    from cc.cases c
    join cc.areas t on (t.district_id, t.id) = (c.district_id, c.town_id)
    join cc.categories k on (k.district_id, k.id) = (c.district_id, c.category_id)
    where c.district_id = cc.home_district() and c.state < 6
    group by t.id, t.name, k.id, k.name having count(*) > 2 order by count(*) desc, t.id, k.id limit :most
"""
AUTO_MERGE = "select (value)::text as value from cc.settings where name = 'auto_merge'"
SET_AUTO_MERGE = "update cc.settings set value = $1::jsonb where name = 'auto_merge'"
STOPPED = "select fixed_now is not null from cc.centre"
QUICK_COMMITS = """
    do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$
"""
"""For connections made from now on: what a power cut takes from a simulation is simulated again."""
STOP_CLOCK = "update cc.centre set fixed_now = $1"
TALLY = """
    select 'cases' as what, state::text as kind, count(*) as number from (
        select state from cc.cases union all select state from cc.cases_archive) c group by state
    union all select 'whistles', state::text, count(*) from cc.whistles group by state
    union all select 'levels', level::text, count(*) from cc.whistles group by level
    union all select 'rounds', cause, count(*) from cc.whistle_rounds group by cause
    union all select 'parties', state::text, count(*) from cc.whistle_parties group by state
    union all select 'parties', case when upheld then 'upheld' else 'refused' end, count(*) from (
        select state = 7 as upheld from cc.whistle_parties where ruled_at is not null) p group by upheld
    union all select 'parties', 'called', count(*) from cc.whistle_parties
    union all select 'parties', 'answer_missed', count(*) from cc.whistle_parties where answer_missed_at is not null
    union all select 'parties', 'arrive_missed', count(*) from cc.whistle_parties where arrive_missed_at is not null
    union all select 'parties', 'finish_missed', count(*) from cc.whistle_parties where finish_missed_at is not null
    union all select 'parties', 'scored', count(*) from cc.whistle_scores
    union all select 'slips', kind || ':' || state, count(*) from cc.slips group by kind, state
    union all select 'numbers', kind || ':' || year, last from cc.slip_numbers
    union all select 'follow_ups', case when reached then 'reached' else 'unreached' end, count(*) from cc.follow_ups group by reached
    union all select 'follow_ups', 'redo', count(*) from cc.journal where entity = 'case' and verb = 'redo'
    union all select 'second_calls', case when called_at is null then 'open' when agrees then 'agrees'
        when agrees is null then 'unreached' else 'differs' end, count(*) from cc.second_calls group by 2
    union all select 'appeals', kind || ':' || coalesce(granted::text, 'open'), count(*) from cc.appeals group by kind, granted
    union all select 'journal', 'rows', count(*) from cc.journal
    union all select 'journal', 'seals', count(*) from cc.journal_seals
"""
"""How many of what there are, as the system sees them."""
