-- What a link does to the kept case: the highest grade, the earliest limits, the source's reports, units, whistle and sight.

-- The limits that a case gives to what it is merged into at a moment: a pause has moved them until then.
create or replace function cc.limits_given(s cc.cases, p_at timestamptz, out accept_due_at timestamptz, out soon_at timestamptz,
    out due_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    hours integer;
begin
    if s.dispatched_at is null then
        return;
    end if;
    accept_due_at := case when s.flags & 32 = 0 then s.accept_due_at end;  -- signed for: a thing of the past
    soon_at := s.soon_at;
    due_at := s.due_at;
    if s.paused_at < p_at then
        hours := (select u.hours_id from cc.units u where u.district_id = s.district_id and u.id = s.unit_id);
        soon_at := cc.moved(soon_at, s.paused_at, p_at, s.flags & 16 <> 0, hours);
        due_at := cc.moved(due_at, s.paused_at, p_at, s.flags & 16 <> 0, hours);
    end if;
end $$;

-- A case's own deadlines, and those its standing links gave it: the earliest. What was decided since of the whole matter, a
-- person's grade or a redo, goes before; a pause or an extension since has moved what was given as it moved the case's own.
create or replace function cc.with_links(c cc.cases, d cc.deadlines) returns cc.deadlines
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    hours constant integer := (select u.hours_id from cc.units u where u.district_id = c.district_id and u.id = c.unit_id);
    decided bigint;
    handed bigint;
    m cc.merges;
    past record;
    longer timestamptz;
begin
    select coalesce(max(j.seq) filter (where j.verb in ('grade', 'redo')), 0),
           coalesce(max(j.seq) filter (where j.verb in ('dispatch', 'reassign') or j.verb = 'review_return' and (j.detail ->> 'approved')::boolean), 0)
    into decided, handed
    from cc.journal j where j.district_id = c.district_id and j.case_id = c.id and j.entity = 'case'
      and j.verb in ('grade', 'redo', 'dispatch', 'reassign', 'review_return');
    for m in
        select * from cc.merges x where x.district_id = c.district_id and x.kept_id = c.id and x.undone_at is null
           and x.due_at is not null and x.seq > decided
    loop
        for past in
            select j.verb, (j.detail ->> 'paused_at')::timestamptz as began, j.at as ended, (j.detail ->> 'days')::integer as days
            from cc.journal j where j.district_id = c.district_id and j.case_id = c.id and j.entity = 'case' and j.seq > m.seq
              and (j.verb = 'resume' or j.verb = 'review_extension' and (j.detail ->> 'approved')::boolean) order by j.seq
        loop
            if past.verb = 'review_extension' then
                longer := cc.extended(m.due_at, past.days, d.working, hours);
                m.soon_at := cc.moved(m.soon_at, m.due_at, longer, d.working, hours);
                m.due_at := longer;
            else
                m.soon_at := cc.moved(m.soon_at, past.began, past.ended, d.working, hours);
                m.due_at := cc.moved(m.due_at, past.began, past.ended, d.working, hours);
            end if;
        end loop;
        if m.due_at < d.due_at then
            d.provisional := d.working and (m.provisional or d.provisional);
        end if;
        d.soon_at := least(d.soon_at, m.soon_at);
        d.due_at := least(d.due_at, m.due_at);
        if m.seq > handed then
            d.accept_due_at := least(d.accept_due_at, m.accept_due_at);
        end if;
    end loop;
    return d;
end $$;

create or replace function cc.clocks_of(c cc.cases) returns cc.deadlines
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select row(c.accept_due_at, c.return_until, c.soon_at, c.due_at, c.flags & 16 <> 0, c.flags & 8 <> 0)::cc.deadlines
$$;

-- The last line of a case's journal: links are put in order with what else was done to it.
create or replace function cc.last_seq(p_case bigint) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select coalesce(max(j.seq), 0) from cc.journal j where j.district_id = cc.home_district() and j.case_id = p_case
$$;

-- Whoever sees a source, by its place or by work on it, sees what becomes of it: all that it was merged into. Whoever sees the
-- case that is handled sees all that was merged into it, with what was known there before; not one source's place the other
-- source. Undone, each is seen as before.
create or replace function cc.share_sight(p_root bigint) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    with recursive family as materialized (
        select c.id, c.path, c.state, c.merged_into from cc.family_of(p_root) f
        join cc.cases c on c.district_id = cc.home_district() and c.id = f
    ), eyes as materialized (
        select f.id, f.path from family f
        union
        select f.id, s.path from family f
        join cc.case_scope s on s.district_id = cc.home_district() and s.case_id = f.id and s.reason <> 'merge'
    ), upward (source, id) as (
        select f.id, f.merged_into from family f where f.id <> p_root
        union all
        select u.source, f.merged_into from upward u join family f on f.id = u.id where u.id <> p_root
    ), wanted as materialized (
        select distinct f.id, e.path, f.state < 7 as open
        from (select u.id, e.path from upward u join eyes e on e.id = u.source
              union
              select f.id, e.path from family f, eyes e where f.id <> p_root and e.id = p_root) e
        join family f on f.id = e.id
        where not starts_with(f.path, e.path)  -- its place is sight enough
    ), gone as (
        delete from cc.case_scope s using family f
        where s.district_id = cc.home_district() and s.case_id = f.id and s.reason = 'merge'
          and not exists (select from wanted w where w.id = s.case_id and w.path = s.path)
    )
    insert into cc.case_scope (case_id, path, reason, open)
    select w.id, w.path, 'merge', w.open from wanted w
    where not exists (select from cc.case_scope s where s.district_id = cc.home_district() and s.case_id = w.id and s.path = w.path
                      and s.reason = 'merge');
end $$;

-- Whoever is given the kept case, or called to it, sees the sources, and not before.
create or replace function cc.scope_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    one bigint;
begin
    if not exists (select from cc.merges) then
        return null;  -- a centre being loaded
    end if;
    for one in select distinct r.case_id from changed_rows r where r.reason <> 'merge' loop  -- one by one, by their keys
        if exists (select from cc.cases c where c.district_id = cc.home_district() and c.merged_into = one) then
            perform cc.share_sight(cc.case_now(one));
        elsif exists (select from cc.cases c where c.district_id = cc.home_district() and c.id = one and c.merged_into is not null) then
            perform cc.share_sight(cc.case_now(one));
        end if;
    end loop;
    return null;
end $$;

create or replace trigger scope_added after insert on cc.case_scope referencing new table as changed_rows
    for each statement execute function cc.scope_changed();
create or replace trigger scope_removed after delete on cc.case_scope referencing old table as changed_rows
    for each statement execute function cc.scope_changed();

create or replace function cc.case_placed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from cc.cases c where c.district_id = new.district_id and c.merged_into = new.id) then
        perform cc.share_sight(new.id);
    end if;
    return null;
end $$;

create or replace trigger case_placed after update of path on cc.cases
    for each row when (old.path <> new.path) execute function cc.case_placed();

-- A whistle goes from one case to another with all that belongs to it; p_path: the place by which it is seen from now on.
create or replace function cc.carry_whistle(w cc.whistles, p_to bigint, p_path text, p_actor text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into cc.case_scope (case_id, path, reason, open)
    select distinct p_to, u.path, 'whistle', c.state < 7
    from cc.whistle_parties p join cc.units u on (u.district_id, u.id) = (p.district_id, p.unit_id)
    join cc.cases c on c.district_id = p.district_id and c.id = p_to
    where p.district_id = w.district_id and p.whistle_id = w.id and p.state < 7 and not starts_with(c.path, u.path)
    on conflict do nothing;
    delete from cc.case_scope s where s.district_id = w.district_id and s.case_id = w.case_id and s.reason = 'whistle'
       and s.path in (select u.path from cc.whistle_parties p join cc.units u on (u.district_id, u.id) = (p.district_id, p.unit_id)
                      where p.district_id = w.district_id and p.whistle_id = w.id)
       and not exists (select from cc.whistle_parties o join cc.units u on (u.district_id, u.id) = (o.district_id, o.unit_id)
                       where o.district_id = w.district_id and o.case_id = w.case_id and o.whistle_id <> w.id and o.state < 7
                         and u.path = s.path);
    update cc.attachments a set case_id = p_to from cc.whistle_parties p
    where p.district_id = w.district_id and p.whistle_id = w.id and a.district_id = p.district_id and a.id = p.photo_id;
    update cc.whistle_rounds x set case_id = p_to where x.district_id = w.district_id and x.whistle_id = w.id;
    update cc.whistle_scores x set case_id = p_to where x.district_id = w.district_id and x.whistle_id = w.id;
    update cc.duty_candidates x set case_id = p_to where x.district_id = w.district_id and x.whistle_id = w.id;
    update cc.whistles x set verb = 'carry', actor = p_actor, case_id = p_to, path = p_path,
        detail = jsonb_build_object('from', w.case_id, 'to', p_to)
    where x.district_id = w.district_id and x.id = w.id;
    update cc.whistle_parties p set verb = 'carry', actor = p_actor, case_id = p_to,
        detail = jsonb_build_object('from', w.case_id, 'to', p_to)
    where p.district_id = w.district_id and p.whistle_id = w.id;
end $$;

-- Reports that were registered with p_homes (null: all) go with what belongs to them; how many there were.
create or replace function cc.move_reports(p_from bigint, p_to bigint, p_homes bigint[]) returns bigint[]
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    moved bigint[];
begin
    with gone as (
        update cc.reports r set case_id = p_to
        where r.district_id = cc.home_district() and r.case_id = p_from and (p_homes is null or r.home_id = any (p_homes))
        returning r.id
    )
    select coalesce(array_agg(id), '{}') into moved from gone;
    update cc.attachments a set case_id = p_to
    where a.district_id = cc.home_district() and a.case_id = p_from and a.report_id = any (moved);
    update cc.ratings g set case_id = p_to
    where g.district_id = cc.home_district() and g.case_id = p_from and g.report_id = any (moved);
    return moved;
end $$;

-- The source's units go on as assisting ones; p_due: the kept case's limit. Returns the assignments that were made.
create or replace function cc.join_units(k cc.cases, p_ended bigint[], p_by text) returns bigint[]
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    made bigint[];
begin
    with their as (
        select distinct on (a.unit_id) a.* from cc.assignments a where a.district_id = k.district_id and a.id = any (p_ended)
        order by a.unit_id, a.part desc, a.id  -- as lead before as assisting, where a unit is both
    ), new_ones as (
        insert into cc.assignments (case_id, unit_id, part, assigned_at, assigned_by, accept_due_at, due_at, accepted_at, accepted_by)
        select k.id, t.unit_id, 'assist', cc.now(), p_by, t.accept_due_at, k.due_at, t.accepted_at, t.accepted_by from their t
        where not exists (select from cc.assignments o where o.district_id = k.district_id and o.case_id = k.id
                          and o.unit_id = t.unit_id and o.ended_at is null)
        returning id, unit_id
    )
    select coalesce(array_agg(n.id order by n.id), '{}') into made from new_ones n;
    insert into cc.case_scope (case_id, path, reason)
    select k.id, u.path, 'assignment' from cc.assignments a join cc.units u on (u.district_id, u.id) = (a.district_id, a.unit_id)
    where a.district_id = k.district_id and a.id = any (made) and not starts_with(k.path, u.path)
    on conflict do nothing;
    return made;
end $$;

-- The kept case takes up what link m gives: grade and limits now, and the reports where it is the one that is worked on.
create or replace function cc.absorb(p_case bigint, m cc.merges, s cc.cases, p_reports integer) returns cc.cases
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    c cc.cases;
    b cc.merge_bases;
    d cc.deadlines;
    g smallint;
begin
    select * into c from cc.cases x where x.district_id = m.district_id and x.id = p_case;
    select * into b from cc.merge_bases x where x.district_id = c.district_id and x.case_id = c.id;
    if not found then
        insert into cc.merge_bases (case_id, seq, grade, flags, accept_due_at, return_until, soon_at, due_at, became)
        values (c.id, cc.last_seq(c.id), c.grade, c.flags, c.accept_due_at, c.return_until, c.soon_at, c.due_at, to_jsonb(cc.clocks_of(c)));
    elsif not b.moved and b.became <> to_jsonb(cc.clocks_of(c)) then
        update cc.merge_bases x set moved = true where x.district_id = c.district_id and x.case_id = c.id;
    end if;
    d := cc.clocks_of(c);
    g := least(c.grade, m.grade);
    if c.dispatched_at is not null then
        if g <> c.grade then  -- of that grade all along, as cc.grade has it; and of what other links gave, the earliest
            d := cc.with_links(c, cc.running_deadlines(c, g));
        end if;
        if m.due_at < d.due_at then
            d.provisional := d.working and (m.provisional or d.provisional);
        end if;
        d.soon_at := least(d.soon_at, m.soon_at);
        d.due_at := least(d.due_at, m.due_at);
        d.accept_due_at := least(d.accept_due_at, m.accept_due_at);
    end if;
    update cc.cases x set verb = 'absorb', grade = g, reports = x.reports + p_reports,
        accept_due_at = d.accept_due_at, return_until = d.return_until, soon_at = d.soon_at, due_at = d.due_at,
        flags = (x.flags & ~(8 | 16)) | (s.flags & 64) | case when d.provisional then 8 else 0 end | case when d.working then 16 else 0 end,
        detail = jsonb_strip_nulls(jsonb_build_object('merge', m.id, 'source', s.id, 'number', s.number, 'cause', m.cause,
            'words', nullif(m.words, ''), 'was', c.grade, 'grade', g, 'accept_due_at', m.accept_due_at, 'soon_at', m.soon_at,
            'due_at', m.due_at))
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    update cc.merge_bases x set became = to_jsonb(cc.clocks_of(c)) where x.district_id = c.district_id and x.case_id = c.id;
    update cc.assignments a set due_at = c.due_at, accept_due_at = case a.part when 'lead' then c.accept_due_at else a.accept_due_at end
    where a.district_id = c.district_id and a.case_id = c.id and a.ended_at is null;
    return c;
end $$;

-- Links s under p_under, which is k or merged into it; all of them are locked and looked at.
create or replace function cc.link_cases(k cc.cases, p_under bigint, s cc.cases, p_cause text, p_score double precision,
    p_reasons jsonb, p_words text) returns cc.merges
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    m cc.merges;
    outer_link cc.merges;
    w cc.whistles;
    one bigint;
    moved integer;
begin
    m.district_id := k.district_id;
    m.id := cc.new_id();
    m.kept_id := p_under;
    m.source_id := s.id;
    m.at := cc.now();
    m.actor := case p_cause when 'machine' then 'cc_system' else session_user end;
    m.cause := p_cause;
    m.score := p_score;
    m.reasons := coalesce(p_reasons, '[]');
    m.words := left(btrim(coalesce(p_words, '')), 500);
    m.undo_reason := '';
    m.grade := s.grade;
    select g.accept_due_at, g.soon_at, g.due_at into m.accept_due_at, m.soon_at, m.due_at from cc.limits_given(s, m.at) g;
    m.provisional := s.flags & 8 <> 0;
    if (select c.flags & 32 <> 0 from cc.cases c where c.district_id = s.district_id and c.id = p_under) then
        m.accept_due_at := null;  -- whose unit has signed is not late for what came afterwards
    end if;
    m.source_state := s.state;
    m.source_holder := s.holder;
    m.source_held_at := s.held_at;
    select * into w from cc.whistles x where x.district_id = s.district_id and x.case_id = s.id and x.state < 6 for update;
    if found then
        m.whistle_id := w.id;
        m.whistle_path := w.path;
        perform cc.carry_whistle(w, k.id, k.path, m.actor);
    end if;
    with gone as (
        update cc.assignments a set ended_at = m.at, end_reason = 'merge'
        where a.district_id = s.district_id and a.case_id = s.id and a.ended_at is null returning a.id
    )
    select coalesce(array_agg(id order by id), '{}') into m.ended from gone;
    m.joined := cc.join_units(k, m.ended, m.actor);
    moved := cardinality(cc.move_reports(s.id, k.id, null));
    update cc.cases x set verb = 'merge', state = 8, merged_into = p_under, archived_at = m.at, holder = '', held_at = null,
        reports = 0,
        detail = jsonb_strip_nulls(jsonb_build_object('merge', m.id, 'into', k.id, 'number', k.number, 'cause', m.cause,
            'words', nullif(m.words, ''), 'score', m.score))
    where x.district_id = s.district_id and x.id = s.id;
    perform cc.share_sight(k.id);
    m.seq := 0;
    insert into cc.merges select m.*;
    foreach one in array cc.cases_above(p_under) loop
        perform cc.absorb(one, m, s, case one when k.id then moved else 0 end);
        if one = p_under then
            update cc.merges x set seq = cc.last_seq(one) where x.district_id = m.district_id and x.id = m.id;
        end if;
    end loop;
    update cc.repeat_hints h set state = 'merged', at = m.at, actor = m.actor
    where h.district_id = m.district_id and h.state = 'open'
      and least(h.case_id, h.other_id) in (s.id, k.id, p_under) and greatest(h.case_id, h.other_id) in (s.id, k.id, p_under);
    select * into m from cc.merges x where x.district_id = m.district_id and x.id = m.id;
    return m;
end $$;
