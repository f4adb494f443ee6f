-- Verbs while a unit has the case: returned, handed over, extended, paused.

create or replace function cc.return_case(p_case bigint, p_version integer, p_reason text, p_suggested integer, p_key uuid)
returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'return');
    c cc.cases;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('return', p_case, p_version);
    perform cc.need_own_assignment(c);
    perform cc.need(p_reason, 'reason');
    if cc.now() > c.return_until then
        raise exception 'the return limit has passed' using errcode = 'CC005', detail = c.return_until::text;
    end if;
    if p_suggested is not null then
        perform cc.hours_of(p_suggested);
    end if;
    update cc.cases x set verb = 'return', state = 4, returns = x.returns + 1, holder = '', held_at = null,
        flags = case when x.returns + 1 >= cc.setting('problem_returns') then x.flags | 1 else x.flags end,
        detail = jsonb_strip_nulls(jsonb_build_object('unit', c.unit_id, 'reason', p_reason, 'suggested', p_suggested))
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;

-- A new lead unit with its own limit for signing; the citizen's clock (due_at) goes on from the first dispatch.
create or replace function cc.hand_over(c cc.cases, p_unit integer, p_verb text, p_detail jsonb, p_key uuid)
returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    d cc.deadlines := cc.deadlines_of(c.grade, cc.now(), cc.hours_of(p_unit));
begin
    perform cc.unassign(c, p_verb);
    update cc.assignments set ended_at = cc.now(), end_reason = p_verb  -- who assisted and now leads does not do both
    where district_id = c.district_id and case_id = c.id and unit_id = p_unit and ended_at is null;
    perform cc.assign(c, p_unit, 'lead');
    update cc.cases x set verb = p_verb, state = 2, unit_id = p_unit, accept_due_at = d.accept_due_at,
        return_until = d.return_until, flags = x.flags & ~(2 | 32), extension_days = null, holder = '', held_at = null,
        detail = p_detail
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;

create or replace function cc.review_return(p_case bigint, p_version integer, p_approved boolean, p_unit integer, p_reason text,
    p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'review_return');
    c cc.cases;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('review_return', p_case, p_version);
    perform cc.need(p_approved::text, 'approved');
    if p_approved then
        perform cc.need(p_unit::text, 'unit');
        if p_unit = c.unit_id then
            raise exception 'an approved return goes to another unit' using errcode = 'CC004', detail = 'unit';
        end if;
        return cc.hand_over(c, p_unit, 'review_return', jsonb_strip_nulls(jsonb_build_object(
            'approved', true, 'was', c.unit_id, 'unit', p_unit, 'reason', nullif(p_reason, ''))), p_key);
    end if;
    perform cc.need(p_reason, 'reason');
    -- Back to the same unit on the same assignment: its limits for signing and returning run on, and what it signed is signed.
    update cc.cases x set verb = 'review_return', state = 2, flags = x.flags & ~2, extension_days = null, holder = '', held_at = null,
        detail = jsonb_build_object('approved', false, 'was', c.unit_id, 'unit', c.unit_id, 'reason', p_reason)
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;

create or replace function cc.reassign(p_case bigint, p_version integer, p_unit integer, p_reason text, p_key uuid)
returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'reassign');
    c cc.cases;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('reassign', p_case, p_version);
    perform cc.need(p_reason, 'reason');
    perform cc.need(p_unit::text, 'unit');
    if p_unit = c.unit_id then  -- or it would be a way to give a unit its limits anew
        raise exception 'a case is reassigned to another unit' using errcode = 'CC004', detail = 'unit';
    end if;
    return cc.hand_over(c, p_unit, 'reassign',
        jsonb_build_object('was', c.unit_id, 'unit', p_unit, 'reason', p_reason), p_key);
end $$;

create or replace function cc.apply_extension(p_case bigint, p_version integer, p_days integer, p_reason text, p_key uuid)
returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'apply_extension');
    c cc.cases;
    most integer;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('apply_extension', p_case, p_version);
    perform cc.need_own_assignment(c);
    perform cc.need(p_reason, 'reason');
    select extension_days into most from cc.grade_limits where district_id = c.district_id and grade = c.grade;
    if p_days is null or p_days not between 1 and most then
        raise exception 'at most % days', most using errcode = 'CC004', detail = 'days:' || most;
    end if;
    if c.flags & 4 <> 0 then
        raise exception 'extended once already' using errcode = 'CC004', detail = 'extended';
    end if;
    update cc.cases x set verb = 'apply_extension', extension_days = p_days, flags = x.flags | 2,
        detail = jsonb_build_object('days', p_days, 'reason', p_reason)
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;

create or replace function cc.review_extension(p_case bigint, p_version integer, p_approved boolean, p_reason text, p_key uuid)
returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'review_extension');
    c cc.cases;
    hours integer;
    longer timestamptz;
    sooner timestamptz;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('review_extension', p_case, p_version);
    if c.extension_days is null then
        raise exception 'nothing was applied for' using errcode = 'CC004', detail = 'extension';
    end if;
    perform cc.need(p_approved::text, 'approved');
    longer := c.due_at;
    sooner := c.soon_at;
    if p_approved then
        hours := cc.hours_of(c.unit_id);
        longer := cc.extended(c.due_at, c.extension_days, c.flags & 16 <> 0, hours);
        sooner := cc.moved(c.soon_at, c.due_at, longer, c.flags & 16 <> 0, hours);
    else
        perform cc.need(p_reason, 'reason');
    end if;
    update cc.cases x set verb = 'review_extension', due_at = longer, soon_at = sooner, extension_days = null,
        flags = (x.flags & ~2) | case when p_approved then 4 else 0 end
                | case when p_approved and c.flags & 16 <> 0 and cc.is_provisional(c.due_at, longer) then 8 else 0 end,
        detail = jsonb_strip_nulls(jsonb_build_object('approved', p_approved, 'days', c.extension_days, 'reason', nullif(p_reason, '')))
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    update cc.assignments set due_at = c.due_at where district_id = c.district_id and case_id = c.id and ended_at is null;
    return cc.remember(p_key, c);
end $$;

create or replace function cc.pause(p_case bigint, p_version integer, p_reason text, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'pause');
    c cc.cases;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('pause', p_case, p_version);
    perform cc.need(p_reason, 'reason');
    update cc.cases x set verb = 'pause', state = 5, paused_at = cc.now(), detail = jsonb_build_object('reason', p_reason)
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;

create or replace function cc.resume(p_case bigint, p_version integer, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'resume');
    c cc.cases;
    hours integer;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('resume', p_case, p_version);
    hours := cc.hours_of(c.unit_id);
    update cc.cases x set verb = 'resume', state = 3,
        due_at = cc.moved(x.due_at, x.paused_at, cc.now(), x.flags & 16 <> 0, hours),
        soon_at = cc.moved(x.soon_at, x.paused_at, cc.now(), x.flags & 16 <> 0, hours),
        return_until = case when x.return_until < x.paused_at then x.return_until
                            else cc.moved(x.return_until, x.paused_at, cc.now(), x.flags & 16 <> 0, hours) end,
        paused_at = null,
        flags = x.flags | case when x.flags & 16 <> 0 and cc.is_provisional(
            x.due_at, cc.moved(x.due_at, x.paused_at, cc.now(), true, hours)) then 8 else 0 end,
        detail = jsonb_build_object('paused_at', x.paused_at, 'was_due_at', x.due_at)
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    update cc.assignments set due_at = c.due_at where district_id = c.district_id and case_id = c.id and ended_at is null;
    return cc.remember(p_key, c);
end $$;
