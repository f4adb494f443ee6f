-- What time does to whistles: a clock that ran out is written down once, and a whistle that is not answered goes up one level,
-- once for each clock, however late anybody looks. Called by the timekeeper (92_timekeeper.sql).

create or replace function cc.watch_whistles() returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    w cc.whistles;
    p cc.whistle_parties;
    moment timestamptz := cc.now();
    done integer := 0;
    unanswered integer;
begin
    for w in
        select x.* from cc.whistles x where x.district_id = cc.home_district() and x.state in (2, 3)
          and (x.state = 2 and x.rule_due_at < moment and x.rule_missed_at is null
               or exists (select from cc.whistle_parties y where y.district_id = x.district_id and y.whistle_id = x.id
                          and cc.clock_missed(y, moment) is not null))
        order by x.id for update skip locked  -- who is at it just now is looked at next time
    loop
        if w.state = 2 then
            update cc.whistles x set verb = 'missed', actor = 'cc_system', rule_missed_at = moment,
                detail = jsonb_build_object('clock', 'rule', 'due', x.rule_due_at)
            where x.district_id = w.district_id and x.id = w.id;
            done := done + 1;
            continue;
        end if;
        unanswered := 0;
        for p in select y.* from cc.whistle_parties y where y.district_id = w.district_id and y.whistle_id = w.id order by y.id for update loop
            while cc.clock_missed(p, moment) is not null loop  -- arriving and finishing may both be over
                update cc.whistle_parties y set verb = 'missed', actor = 'cc_system',
                    noted_due_at = case y.state when 0 then y.answer_due_at when 1 then y.ruling_due_at else y.noted_due_at end,
                    answer_missed_at = case when y.state = 0 then coalesce(y.answer_missed_at, moment) else y.answer_missed_at end,
                    arrive_missed_at = case when cc.clock_missed(p, moment) = 'arrive' then moment else y.arrive_missed_at end,
                    finish_missed_at = case when cc.clock_missed(p, moment) = 'finish' then moment else y.finish_missed_at end,
                    detail = jsonb_build_object('clock', cc.clock_missed(p, moment), 'level', w.level, 'due',
                        case cc.clock_missed(p, moment) when 'answer' then y.answer_due_at when 'ruling' then y.ruling_due_at
                             when 'arrive' then y.arrive_due_at else y.finish_due_at end)
                where y.district_id = p.district_id and y.id = p.id returning * into p;
                unanswered := unanswered + (p.state = 0)::integer;
                done := done + 1;
            end loop;
        end loop;
        if unanswered > 0 and w.level < 4 then
            perform cc.raise_level(w, 'cc_system', 'unanswered', '');
        end if;
    end loop;
    return done;
end $$;

-- Which clock of a party ran out and has not been written down yet.
create or replace function cc.clock_missed(p cc.whistle_parties, p_at timestamptz) returns text
language sql immutable security definer set search_path = pg_catalog, pg_temp
as $$
    select case
        when p.state = 0 and p.answer_due_at < p_at and p.noted_due_at is distinct from p.answer_due_at then 'answer'
        when p.state = 1 and p.ruling_due_at < p_at and p.noted_due_at is distinct from p.ruling_due_at then 'ruling'
        when p.state = 2 and p.arrive_due_at < p_at and p.arrive_missed_at is null then 'arrive'
        when p.state in (2, 3) and p.finish_due_at < p_at and p.finish_missed_at is null then 'finish' end
$$;
