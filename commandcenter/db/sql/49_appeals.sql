-- 剔除 and 申诉: applied for with a reason, reviewed by somebody else, and counted both ways (domain.md §6 [P]).

create or replace function cc.apply_appeal(p_kind text, p_case bigint, p_follow_up bigint, p_unit integer, p_reason text, p_key uuid)
returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'apply_appeal');
    me text := cc.my_role();
    home text;
    appeal bigint := cc.new_id();
begin
    if r.case_id is not null then return r; end if;
    if coalesce(me, '') not in ('cc_responder', 'cc_caller', 'cc_followup') then
        raise exception '% applies for nothing', me using errcode = 'CC001', detail = '{"verb": "apply_appeal"}';
    end if;
    select path into home from cc.cases where district_id = cc.home_district() and id = p_case
    union all
    select path from cc.cases_archive where district_id = cc.home_district() and id = p_case;
    if home is null or not cc.may_see(home, p_case) then
        raise exception 'no such case for you' using errcode = 'CC003';
    end if;
    if p_kind is null or p_kind not in ('exclusion', 'appeal') then
        raise exception 'no such kind' using errcode = 'CC004', detail = 'kind';
    end if;
    perform cc.need(p_reason, 'reason');
    if not exists (select from cc.assignments a where a.district_id = cc.home_district() and a.case_id = p_case
                   and a.unit_id = p_unit) then
        raise exception 'not a unit of this case' using errcode = 'CC004', detail = 'unit';
    end if;
    if me <> 'cc_followup' and not cc.is_mine(p_unit) then
        raise exception 'not your unit' using errcode = 'CC009';
    end if;
    -- What was not heard does not count, and what does not count needs no review.
    if not exists (select from cc.follow_ups f where f.district_id = cc.home_district() and f.case_id = p_case and f.reached
                   and (p_follow_up is null or f.id = p_follow_up)) then
        raise exception 'no answer to review' using errcode = 'CC044';
    end if;
    begin
        insert into cc.appeals (id, kind, case_id, follow_up_id, unit_id, reason, applied_at, applied_by)
        values (appeal, p_kind, p_case, p_follow_up, p_unit, p_reason, cc.now(), session_user);
    exception when unique_violation then
        raise exception 'one is waiting already' using errcode = 'CC045';
    end;
    return cc.remember_id(p_key, appeal);
end $$;

create or replace function cc.review_appeal(p_appeal bigint, p_granted boolean, p_words text, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'review_appeal');
    a cc.appeals;
begin
    if r.case_id is not null then return r; end if;
    if cc.my_role() is distinct from 'cc_supervisor' then
        raise exception '% reviews nothing', cc.my_role() using errcode = 'CC001', detail = '{"verb": "review_appeal"}';
    end if;
    select * into a from cc.appeals where district_id = cc.home_district() and id = p_appeal for update;
    if not found then
        raise exception 'no such application' using errcode = 'CC048';
    end if;
    if a.applied_by = session_user then
        raise exception 'nobody reviews their own' using errcode = 'CC046';
    end if;
    if a.granted is not null then
        raise exception 'reviewed already' using errcode = 'CC047';
    end if;
    perform cc.need(p_granted::text, 'approved');
    perform cc.need(p_words, 'reason');
    update cc.appeals x set granted = p_granted, words = p_words, reviewed_at = cc.now(), reviewed_by = session_user
    where x.district_id = a.district_id and x.id = a.id;
    return cc.remember_id(p_key, a.id);
end $$;

create or replace function cc.appeals_after() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into cc.journal (district_id, at, actor, entity, entity_id, case_id, verb, paths, detail, row_hash)
    values (new.district_id, cc.now(), session_user, 'appeal', new.id, new.case_id,
            case tg_op when 'INSERT' then 'apply_' else 'review_' end || new.kind,
            array(select distinct p from (
                      select path from cc.cases where district_id = new.district_id and id = new.case_id
                      union all select path from cc.cases_archive where district_id = new.district_id and id = new.case_id
                      union all select path from cc.units where district_id = new.district_id and id = new.unit_id
                      union all select cc.my_path()) as v (p) where p is not null),
            jsonb_strip_nulls(jsonb_build_object('kind', new.kind, 'unit', new.unit_id, 'follow_up', new.follow_up_id,
                'reason', coalesce(nullif(new.words, ''), new.reason), 'approved', new.granted)), '');
    return null;
end $$;

create or replace trigger appeals_after after insert or update on cc.appeals
    for each row execute function cc.appeals_after();
