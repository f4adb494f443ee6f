-- 撤销并单 and 拆单. Undone, both cases are as if they had never been linked: the source as it was, its clocks run on; the
-- kept case as it was, where nothing changed it since, and otherwise by its own journal. What stays as it is, is said.

-- The grade that a case would have without its links, and the journal's number of the decision by which it has it since the
-- first of them (0: none).
create or replace function cc.own_grade(p_case bigint, out grade smallint, out seq bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select coalesce(j.grade, b.grade, e.grade), coalesce(j.seq, 0)
    from (select c.grade from cc.cases c where c.district_id = cc.home_district() and c.id = p_case
          union all
          select c.grade from cc.cases_archive c where c.district_id = cc.home_district() and c.id = p_case) e
    left join cc.merge_bases b on b.district_id = cc.home_district() and b.case_id = p_case
    left join lateral (
        select (j.detail ->> 'grade')::smallint as grade, j.seq from cc.journal j
        where j.district_id = b.district_id and j.case_id = p_case and j.entity = 'case' and j.verb = 'grade' and j.seq > b.seq
        order by j.seq desc limit 1
    ) j on true
$$;

-- A case's grade: the highest of its own and of what is merged into it, each source with its own sources. What a person decided
-- goes before what had reached the case by then, by any link on its way; a link taken out of that way takes what it brought.
create or replace function cc.grade_with_links(p_case bigint) returns smallint
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with recursive reaching (id, grade, counts, after) as (  -- after: the decision that some link on the way must be younger than
        select p_case, o.grade, true, o.seq from cc.own_grade(p_case) o
        union all
        select m.source_id, o.grade, m.seq > r.after, greatest(case when m.seq <= r.after then r.after end, o.seq)
        from reaching r
        join cc.merges m on m.district_id = cc.home_district() and m.kept_id = r.id and m.undone_at is null
        cross join lateral cc.own_grade(m.source_id) o
    )
    select min(r.grade) from reaching r where r.counts
$$;

-- What a case with one link less comes to: grade and deadlines, and whether they had to be worked out anew.
create or replace function cc.without_link(c cc.cases, out grade smallint, out d cc.deadlines, out regraded boolean, out anew boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    b cc.merge_bases;
begin
    select * into strict b from cc.merge_bases x where x.district_id = c.district_id and x.case_id = c.id;
    regraded := (select o.grade <> b.grade from cc.own_grade(c.id) o);
    grade := cc.grade_with_links(c.id);
    anew := c.dispatched_at is not null and (b.moved or b.became <> to_jsonb(cc.clocks_of(c)));
    if c.dispatched_at is null then
        d := cc.clocks_of(c);
    elsif anew or grade <> b.grade then
        d := cc.with_links(c, cc.running_deadlines(c, grade));
    else
        d := cc.with_links(c, row(b.accept_due_at, b.return_until, b.soon_at, b.due_at, b.flags & 16 <> 0, b.flags & 8 <> 0)::cc.deadlines);
    end if;
end $$;

-- Units that joined with a link go; who has signed since (p_ended: as they stood before) keeps the line that says so. Returns the units of which one stays.
create or replace function cc.part_units(p_joined bigint[], p_ended bigint[], p_since timestamptz) returns integer[]
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    a cc.assignments;
    stay integer[] := '{}';
begin
    for a in select * from cc.assignments x where x.district_id = cc.home_district() and x.id = any (p_joined) order by x.id loop
        if (a.ended_at is null or a.end_reason = 'merge') and (a.accepted_at is null or a.accepted_at < p_since or exists (
                select from cc.assignments e where e.district_id = a.district_id and e.id = any (p_ended) and e.unit_id = a.unit_id
                   and e.accepted_at = a.accepted_at)) then
            delete from cc.assignments x where x.district_id = a.district_id and x.id = a.id;
        else
            update cc.assignments x set ended_at = coalesce(x.ended_at, cc.now()), end_reason = coalesce(x.end_reason, 'unmerge')
            where x.district_id = a.district_id and x.id = a.id;
            stay := stay || a.unit_id;
        end if;
        delete from cc.case_scope s using cc.units u
        where s.district_id = a.district_id and s.case_id = a.case_id and s.reason = 'assignment'
          and u.district_id = a.district_id and u.id = a.unit_id and s.path = u.path
          and not exists (select from cc.assignments o join cc.units v on (v.district_id, v.id) = (o.district_id, o.unit_id)
                          where o.district_id = a.district_id and o.case_id = a.case_id and v.path = s.path
                            and (o.ended_at is null or o.end_reason in ('merge', 'archive')));
    end loop;
    return stay;
end $$;

-- Takes link m apart; everything it touches is locked. Returns what stays as it is, for people to be told.
create or replace function cc.unlink_cases(m cc.merges, p_chain bigint[], p_reason text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    root constant bigint := p_chain[cardinality(p_chain)];
    said jsonb := '[]';
    k cc.cases;
    s cc.cases;
    c cc.cases;
    w cc.whistles;
    l cc.merges;
    n record;
    family bigint[] := array(select cc.family_of(m.source_id));
    moved bigint[];
    stay integer[];
    one bigint;
    many integer;
begin
    select * into k from cc.cases x where x.district_id = m.district_id and x.id = root;
    update cc.merges x set undone_at = cc.now(), undone_by = session_user, undo_reason = left(btrim(coalesce(p_reason, '')), 500)
    where x.district_id = m.district_id and x.id = m.id;
    if m.whistle_id is not null then
        select * into w from cc.whistles x where x.district_id = m.district_id and x.id = m.whistle_id for update;
        if w.case_id = any (p_chain) then  -- one that had ended stayed where it was when that case was merged itself
            perform cc.carry_whistle(w, m.source_id, m.whistle_path, session_user::text);
        end if;
        update cc.merges x set whistle_id = null, whistle_path = null
        where x.district_id = m.district_id and x.source_id = any (p_chain) and x.undone_at is null and x.whistle_id = m.whistle_id;
    end if;
    moved := cc.move_reports(root, m.source_id, family);
    update cc.cases x set verb = 'unmerge', state = m.source_state, merged_into = null, archived_at = null,
        holder = m.source_holder, held_at = m.source_held_at, reports = cardinality(moved),
        detail = jsonb_strip_nulls(jsonb_build_object('merge', m.id, 'from', root, 'number', k.number, 'reason', nullif(p_reason, '')))
    where x.district_id = m.district_id and x.id = m.source_id returning * into s;
    update cc.assignments a set ended_at = null, end_reason = null, due_at = s.due_at,
        accept_due_at = case a.part when 'lead' then s.accept_due_at else a.accept_due_at end
    where a.district_id = m.district_id and a.id = any (m.ended);
    stay := cc.part_units(m.joined, m.ended, m.at);
    foreach one in array p_chain loop
        select * into c from cc.cases x where x.district_id = m.district_id and x.id = one;
        select * into n from cc.without_link(c);
        select count(*) into many from cc.reports r where r.district_id = m.district_id and r.case_id = one;
        update cc.cases x set verb = 'unmerge', grade = n.grade, reports = many,
            accept_due_at = (n.d).accept_due_at, return_until = (n.d).return_until, soon_at = (n.d).soon_at, due_at = (n.d).due_at,
            flags = (x.flags & case x.state when 8 then ~(8 | 16 | 64) else ~(8 | 16 | 64 | 128) end)
                | case when x.state <> 8 and cc.has_double_no(x.id) then 128 else 0 end | case when (n.d).provisional then 8 else 0 end | case when (n.d).working then 16 else 0 end
                | case when cc.is_confidential(x.id) then 64 else 0 end,
            detail = jsonb_strip_nulls(jsonb_build_object('merge', m.id, 'source', s.id, 'number', s.number,
                'reason', nullif(p_reason, ''), 'was', x.grade, 'grade', n.grade))
        where x.district_id = m.district_id and x.id = one returning * into c;
        update cc.assignments a set due_at = c.due_at, accept_due_at = case a.part when 'lead' then c.accept_due_at else a.accept_due_at end
        where a.district_id = c.district_id and a.case_id = c.id and a.ended_at is null;
        if one = root then
            if n.regraded then
                said := said || jsonb_build_object('what', 'grade', 'number', c.number, 'grade', c.grade);
            end if;
            if n.anew then
                said := said || jsonb_build_object('what', 'clock', 'number', c.number, 'due_at', c.due_at);
            end if;
        end if;
        update cc.merge_bases x set became = to_jsonb(cc.clocks_of(c)), moved = x.moved or n.anew
        where x.district_id = c.district_id and x.case_id = c.id;
        delete from cc.merge_bases x where x.district_id = c.district_id and x.case_id = c.id
           and not exists (select from cc.merges o where o.district_id = c.district_id and o.kept_id = c.id and o.undone_at is null);
        -- what this one gave to where it went itself
        select * into l from cc.merges x where x.district_id = m.district_id and x.source_id = one and x.undone_at is null;
        if found then
            update cc.merges x set (accept_due_at, soon_at, due_at) = (select
                case when x.accept_due_at is not null then g.accept_due_at end, g.soon_at, g.due_at from cc.limits_given(c, l.at) g), provisional = c.flags & 8 <> 0
            where x.district_id = l.district_id and x.id = l.id;
            stay := stay || cc.part_units(array(
                select y.id from cc.assignments y where y.district_id = l.district_id and y.id = any (l.joined) and y.unit_id not in (
                    select e.unit_id from cc.assignments e where e.district_id = l.district_id and e.id = any (l.ended))), m.ended, l.at);
        end if;
    end loop;
    perform cc.share_sight(m.source_id);
    perform cc.share_sight(root);
    said := said || coalesce((select jsonb_agg(jsonb_build_object('what', 'unit', 'number', k.number, 'unit', u.short_name) order by u.id)
                              from cc.units u where u.district_id = m.district_id and u.id = any (stay)), '[]');
    select count(*) into many from cc.follow_ups f
    where f.district_id = m.district_id and f.case_id = root and f.report_id = any (moved) and f.at >= m.at;
    if many > 0 then
        said := said || jsonb_build_object('what', 'calls', 'number', k.number, 'calls', many);
    end if;
    -- never again by the machine
    insert into cc.repeat_hints as h (case_id, other_id, score, verdict, found_at, state, at, actor, words)
    values (m.source_id, m.kept_id, coalesce(m.score, 0), 'weak', cc.now(), 'dismissed', cc.now(), session_user, left(coalesce(p_reason, ''), 500))
    on conflict (district_id, least(case_id, other_id), greatest(case_id, other_id)) do update set state = 'dismissed', at = excluded.at,
        actor = excluded.actor, words = excluded.words;
    return said;
end $$;

-- Of its own reports and of all that was merged into it, wherever they are handled now.
create or replace function cc.is_confidential(p_case bigint) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select exists (select from cc.reports r where r.district_id = cc.home_district() and r.case_id = cc.case_now(p_case)
                   and r.confidential and r.home_id in (select cc.family_of(p_case)))
$$;

create or replace function cc.undo_merge(p_merge bigint, p_reason text, p_key uuid) returns cc.merge_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'undo_merge');
    m cc.merges;
    chain bigint[];
    c cc.cases;
begin
    if r.case_id is not null then return cc.merge_replayed(p_key); end if;
    perform cc.need_merger('unmerge', 'person');
    select * into m from cc.merges x where x.district_id = cc.home_district() and x.id = p_merge;
    if not found or not cc.may_see_case(m.kept_id) or not cc.may_see_case(m.source_id) then
        raise exception 'no such link for you' using errcode = 'CC084';
    end if;
    chain := cc.cases_above(m.kept_id);
    perform cc.lock_cases(m.source_id || chain);
    select * into m from cc.merges x where x.district_id = m.district_id and x.id = m.id for update;
    if m.undone_at is not null then
        raise exception 'undone already' using errcode = 'CC085';
    end if;
    if cc.cases_above(m.kept_id) <> chain then
        raise exception 'the case has changed' using errcode = 'CC002', detail = '{}';
    end if;
    if exists (select from cc.cases_archive a where a.district_id = m.district_id and a.id = any (m.source_id || chain)) then
        raise exception 'in the archive' using errcode = 'CC086';
    end if;
    select * into c from cc.cases x where x.district_id = m.district_id and x.id = chain[cardinality(chain)];
    if cc.my_role() = 'cc_duty' and c.holder not in ('', session_user)
       and c.held_at > cc.now() - cc.setting('hold_minutes') * interval '1 minute' then
        raise exception 'somebody else is working on it' using errcode = 'CC011', detail = c.holder;
    end if;
    return cc.remember_merge(p_key, m, c.id, cc.unlink_cases(m, chain, p_reason));
end $$;

-- One report out of a case, into one of its own where it was registered; one that came alone with its source goes back there.
create or replace function cc.split(p_case bigint, p_version integer, p_report bigint, p_reason text, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'split');
    c cc.cases;
    x cc.cases;
    m cc.merges;
    p cc.reports;
begin
    if r.case_id is not null then return r; end if;
    select * into p from cc.reports y where y.district_id = cc.home_district() and y.id = p_report;
    perform cc.lock_cases(p_case || cc.cases_above(coalesce(p.home_id, p_case)));
    c := cc.begin_verb('split', p_case, p_version);
    perform cc.need(p_reason, 'reason');
    select * into p from cc.reports y where y.district_id = c.district_id and y.id = p_report and y.case_id = c.id;
    if not found then
        raise exception 'no such report in this case' using errcode = 'CC004', detail = 'report';
    end if;
    if (select count(*) from cc.reports y where y.district_id = c.district_id and y.case_id = c.id) < 2 then
        raise exception 'the only one' using errcode = 'CC087';
    end if;
    select * into m from cc.merges y where y.district_id = c.district_id and y.source_id = p.home_id and y.undone_at is null;
    if found and p.home_id <> c.id and (select count(*) from cc.reports y where y.district_id = c.district_id and y.case_id = c.id
                                        and y.home_id in (select cc.family_of(p.home_id))) = 1 then
        perform cc.unlink_cases(m, cc.cases_above(m.kept_id), p_reason);
        select * into x from cc.cases y where y.district_id = c.district_id and y.id = p.home_id;
        return cc.remember(p_key, x);
    end if;
    select * into x from cc.cases y where y.district_id = c.district_id and y.id = p.home_id;
    x.id := cc.new_id();
    x.number := (cc.next_number(cc.now(), 1))[1];
    x.version := 1;
    x.state := case c.state when 0 then 0 else 1 end;
    x.flags := case when p.confidential then 64 else 0 end;
    x.kind := p.kind;
    x.channel_id := p.channel_id;
    x.title := regexp_replace(left(btrim(p.content, E' \t\r\n　'), 40), '[[:cntrl:]]+', ' ', 'g');
    x.place := p.place;
    x.lon := p.lon;
    x.lat := p.lat;
    x.unit_id := null;
    x.received_at := p.received_at;
    x.dispatched_at := null;
    x.accept_due_at := null;
    x.return_until := null;
    x.soon_at := null;
    x.due_at := null;
    x.paused_at := null;
    x.finished_at := null;
    x.archived_at := null;
    x.changed_at := cc.now();
    x.extension_days := null;
    x.holder := '';
    x.held_at := null;
    x.returns := 0;
    x.redos := 0;
    x.reports := 1;
    x.merged_into := null;
    x.verb := 'split';
    x.actor := session_user;
    x.detail := jsonb_build_object('from', c.id, 'number', c.number, 'report', p.id, 'reason', p_reason);
    insert into cc.cases select x.*;
    update cc.reports y set case_id = x.id, home_id = x.id where y.district_id = p.district_id and y.id = p.id;
    update cc.attachments a set case_id = x.id where a.district_id = p.district_id and a.case_id = c.id and a.report_id = p.id;
    update cc.ratings g set case_id = x.id where g.district_id = p.district_id and g.case_id = c.id and g.report_id = p.id;
    update cc.cases y set verb = 'split', reports = y.reports - 1,
        flags = (y.flags & ~(64 | 128)) | case when cc.is_confidential(y.id) then 64 else 0 end
            | case when cc.has_double_no(y.id) then 128 else 0 end,
        detail = jsonb_build_object('into', x.id, 'number', x.number, 'report', p.id, 'reason', p_reason)
    where y.district_id = c.district_id and y.id = c.id;
    return cc.remember(p_key, x);
end $$;
