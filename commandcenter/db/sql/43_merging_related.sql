-- 关联: two cases that belong together without being one matter. 聚合: cases under one title. 疑似重复: what the machine found
-- for cases at rest, to be merged or dismissed by a person. None of them changes a case.

create or replace function cc.tell_of_merging(p_entity text, p_id bigint, p_case bigint, p_verb text, p_detail jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into cc.journal (at, actor, entity, entity_id, case_id, verb, paths, detail, row_hash)
    select cc.now(), session_user, p_entity, p_id, p_case, p_verb,
           case when p_case is null or p_entity = 'hint' then array['01.']
                else array(select c.path from cc.cases c where c.district_id = cc.home_district() and c.id = p_case
                           union select a.path from cc.cases_archive a where a.district_id = cc.home_district() and a.id = p_case
                           union select s.path from cc.case_scope s where s.district_id = cc.home_district() and s.case_id = p_case) end,
           jsonb_strip_nulls(p_detail), '';
end $$;

create or replace function cc.need_seen(p_case bigint) returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not cc.may_see_case(p_case) then
        raise exception 'no such case for you' using errcode = 'CC003';
    end if;
end $$;

-- Returns the relation's id; said again, the same one with the new words.
create or replace function cc.relate(p_case bigint, p_other bigint, p_kind text, p_words text, p_key uuid) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'relate');
    x cc.relations;
    one bigint;
begin
    if r.case_id is not null then return r.case_id; end if;
    perform cc.need_merger('relate', 'person');
    perform cc.need_seen(p_case);
    perform cc.need_seen(p_other);
    if p_case = p_other then
        raise exception 'not with itself' using errcode = 'CC082';
    end if;
    if p_kind is null or p_kind not in ('opposite', 'related') then
        raise exception 'no such kind' using errcode = 'CC004', detail = 'kind';
    end if;
    insert into cc.relations as o (case_id, other_id, kind, words, at, actor)
    values (least(p_case, p_other), greatest(p_case, p_other), p_kind, left(btrim(coalesce(p_words, '')), 500), cc.now(), session_user)
    on conflict (district_id, case_id, other_id) where ended_at is null
        do update set kind = excluded.kind, words = excluded.words, at = excluded.at, actor = excluded.actor
    returning * into x;
    foreach one in array array[x.case_id, x.other_id] loop
        perform cc.tell_of_merging('relation', x.id, one, 'relate', jsonb_build_object('kind', p_kind, 'words', nullif(x.words, ''),
            'other', case one when x.case_id then x.other_id else x.case_id end));
    end loop;
    update cc.write_keys set case_id = x.id where district_id = cc.home_district() and key = p_key;
    return x.id;
end $$;

create or replace function cc.unrelate(p_relation bigint, p_key uuid) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'unrelate');
    x cc.relations;
    one bigint;
begin
    if r.case_id is not null then return r.case_id; end if;
    perform cc.need_merger('relate', 'person');
    select * into x from cc.relations o where o.district_id = cc.home_district() and o.id = p_relation for update;
    if not found or not cc.may_see_case(x.case_id) or not cc.may_see_case(x.other_id) then
        raise exception 'no such relation for you' using errcode = 'CC084';
    end if;
    if x.ended_at is not null then
        raise exception 'undone already' using errcode = 'CC085';
    end if;
    update cc.relations o set ended_at = cc.now(), ended_by = session_user where o.district_id = x.district_id and o.id = x.id;
    foreach one in array array[x.case_id, x.other_id] loop
        perform cc.tell_of_merging('relation', x.id, one, 'unrelate', jsonb_build_object(
            'other', case one when x.case_id then x.other_id else x.case_id end));
    end loop;
    update cc.write_keys set case_id = x.id where district_id = cc.home_district() and key = p_key;
    return x.id;
end $$;

-- An open theme, locked, or why not.
create or replace function cc.begin_theme(p_theme bigint) returns cc.themes
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    t cc.themes;
begin
    perform cc.need_merger('theme', 'person');
    select * into t from cc.themes x where x.district_id = cc.home_district() and x.id = p_theme for update;
    if not found then
        raise exception 'no such theme' using errcode = 'CC089', detail = 'missing';
    end if;
    if t.closed_at is not null then
        raise exception 'the theme is closed' using errcode = 'CC089', detail = 'closed';
    end if;
    return t;
end $$;

create or replace function cc.put_in_theme(p_theme bigint, p_cases bigint[]) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    one bigint;
    many integer := 0;
begin
    foreach one in array coalesce(p_cases, '{}') loop
        perform cc.need_seen(one);
        insert into cc.theme_cases (theme_id, case_id, added_at, added_by) values (p_theme, one, cc.now(), session_user)
        on conflict do nothing;
        if found then
            many := many + 1;
            perform cc.tell_of_merging('theme', p_theme, one, 'add', '{}');
        end if;
    end loop;
    return many;
end $$;

create or replace function cc.open_theme(p_title text, p_cases bigint[], p_key uuid) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'open_theme');
    made bigint;
begin
    if r.case_id is not null then return r.case_id; end if;
    perform cc.need_merger('theme', 'person');
    insert into cc.themes (title, opened_at, opened_by) values (btrim(cc.need(p_title, 'title')), cc.now(), session_user)
    on conflict do nothing returning id into made;
    if made is null then
        raise exception 'there is one of that title' using errcode = 'CC089', detail = 'title';
    end if;
    perform cc.tell_of_merging('theme', made, null, 'open', jsonb_build_object('title', btrim(p_title)));
    perform cc.put_in_theme(made, p_cases);
    update cc.write_keys set case_id = made where district_id = cc.home_district() and key = p_key;
    return made;
end $$;

create or replace function cc.add_to_theme(p_theme bigint, p_cases bigint[], p_key uuid) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'add_to_theme');
    many integer;
begin
    if r.case_id is not null then return r.version; end if;
    many := cc.put_in_theme((cc.begin_theme(p_theme)).id, p_cases);
    update cc.write_keys set case_id = p_theme, version = many where district_id = cc.home_district() and key = p_key;
    return many;
end $$;

create or replace function cc.remove_from_theme(p_theme bigint, p_case bigint, p_key uuid) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'remove_from_theme');
    many integer;
begin
    if r.case_id is not null then return r.version; end if;
    perform cc.begin_theme(p_theme);
    perform cc.need_seen(p_case);
    delete from cc.theme_cases x where x.district_id = cc.home_district() and x.theme_id = p_theme and x.case_id = p_case;
    get diagnostics many = row_count;
    if many > 0 then
        perform cc.tell_of_merging('theme', p_theme, p_case, 'remove', '{}');
    end if;
    update cc.write_keys set case_id = p_theme, version = many where district_id = cc.home_district() and key = p_key;
    return many;
end $$;

create or replace function cc.rename_theme(p_theme bigint, p_title text, p_key uuid) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'rename_theme');
    t cc.themes;
begin
    if r.case_id is not null then return r.case_id; end if;
    t := cc.begin_theme(p_theme);
    if exists (select from cc.themes x where x.district_id = t.district_id and x.closed_at is null and x.id <> t.id
               and x.title = btrim(cc.need(p_title, 'title'))) then
        raise exception 'there is one of that title' using errcode = 'CC089', detail = 'title';
    end if;
    update cc.themes x set title = btrim(p_title) where x.district_id = t.district_id and x.id = t.id;
    perform cc.tell_of_merging('theme', t.id, null, 'rename', jsonb_build_object('was', t.title, 'title', btrim(p_title)));
    update cc.write_keys set case_id = t.id where district_id = cc.home_district() and key = p_key;
    return t.id;
end $$;

create or replace function cc.close_theme(p_theme bigint, p_key uuid) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'close_theme');
    t cc.themes;
begin
    if r.case_id is not null then return r.case_id; end if;
    t := cc.begin_theme(p_theme);
    update cc.themes x set closed_at = cc.now(), closed_by = session_user where x.district_id = t.district_id and x.id = t.id;
    perform cc.tell_of_merging('theme', t.id, null, 'close', jsonb_build_object('title', t.title));
    update cc.write_keys set case_id = t.id where district_id = cc.home_district() and key = p_key;
    return t.id;
end $$;

-- What was found for one case: [{"other", "score", "verdict", "reasons"}, …]. A pair that a person has decided on, or that
-- is one case by now, is left alone; an open one gets what was found last. How many are open for it now.
create or replace function cc.save_hints(p_case bigint, p_hints jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    me text := coalesce(cc.my_role(), '');
    changed integer;
begin
    if me not in ('cc_duty', 'cc_supervisor', 'system') then
        raise exception '% may not', me using errcode = 'CC001', detail = '{"verb": "merge"}';
    end if;
    perform cc.need_seen(p_case);
    with said as (
        select distinct on (h.other) h.* from jsonb_to_recordset(coalesce(p_hints, '[]')) as h (other bigint, score double precision, verdict text, reasons jsonb)
        where h.other <> p_case and cc.may_see_case(h.other) order by h.other, h.score desc
    )
    insert into cc.repeat_hints as x (case_id, other_id, score, verdict, reasons, found_at)
    select p_case, s.other, least(1, greatest(0, s.score)), s.verdict, coalesce(s.reasons, '[]'), cc.now() from said s
    where cc.case_now(s.other) <> cc.case_now(p_case)
    on conflict (district_id, least(case_id, other_id), greatest(case_id, other_id)) do update
        set score = excluded.score, verdict = excluded.verdict, reasons = excluded.reasons, found_at = excluded.found_at
        where x.state = 'open' and (x.score, x.verdict, x.reasons) is distinct from (excluded.score, excluded.verdict, excluded.reasons);
    get diagnostics changed = row_count;
    if changed > 0 then
        perform cc.tell_of_merging('hint', p_case, p_case, 'find', jsonb_build_object('hints', changed));
    end if;
    return (select count(*)::integer from cc.repeat_hints x where x.district_id = cc.home_district() and x.state = 'open'
            and p_case in (x.case_id, x.other_id));
end $$;

-- It is none: never shown again, and never merged by the machine.
create or replace function cc.dismiss_hint(p_case bigint, p_other bigint, p_reason text, p_key uuid) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'dismiss_hint');
    one bigint;
begin
    if r.case_id is not null then return r.case_id; end if;
    perform cc.need_merger('dismiss_hint', 'person');
    perform cc.need_seen(p_case);
    perform cc.need_seen(p_other);
    perform cc.need(p_reason, 'reason');
    if p_case = p_other then
        raise exception 'not with itself' using errcode = 'CC082';
    end if;
    insert into cc.repeat_hints as h (case_id, other_id, score, verdict, found_at, state, at, actor, words)
    values (p_case, p_other, 0, 'weak', cc.now(), 'dismissed', cc.now(), session_user, left(btrim(p_reason), 500))
    on conflict (district_id, least(case_id, other_id), greatest(case_id, other_id)) do update
        set state = 'dismissed', at = excluded.at, actor = excluded.actor, words = excluded.words;
    foreach one in array array[p_case, p_other] loop
        perform cc.tell_of_merging('hint', one, one, 'dismiss', jsonb_build_object('reason', btrim(p_reason),
            'other', case one when p_case then p_other else p_case end));
    end loop;
    update cc.write_keys set case_id = p_case where district_id = cc.home_district() and key = p_key;
    return p_case;
end $$;

-- It may be one after all: as it was before it was dismissed. A pair the machine had found waits again, with what was found; one that
-- was only dismissed is forgotten, to be found like any other.
create or replace function cc.reopen_hint(p_case bigint, p_other bigint, p_key uuid) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'reopen_hint');
    h cc.repeat_hints;
    one bigint;
begin
    if r.case_id is not null then return r.case_id; end if;
    perform cc.need_merger('dismiss_hint', 'person');
    perform cc.need_seen(p_case);
    perform cc.need_seen(p_other);
    select * into h from cc.repeat_hints x where x.district_id = cc.home_district()
       and (x.case_id, x.other_id) in ((p_case, p_other), (p_other, p_case)) for update;
    if not found or h.state <> 'dismissed' then
        raise exception 'it is not dismissed' using errcode = 'CC099';
    end if;
    if h.score = 0 and h.reasons = '[]' then
        delete from cc.repeat_hints x where x.district_id = h.district_id and x.case_id = h.case_id and x.other_id = h.other_id;
    else
        update cc.repeat_hints x set state = 'open', at = null, actor = null, words = ''
        where x.district_id = h.district_id and x.case_id = h.case_id and x.other_id = h.other_id;
    end if;
    foreach one in array array[h.case_id, h.other_id] loop
        perform cc.tell_of_merging('hint', one, one, 'reopen', jsonb_build_object(
            'other', case one when h.case_id then h.other_id else h.case_id end));
    end loop;
    update cc.write_keys set case_id = p_case where district_id = cc.home_district() and key = p_key;
    return p_case;
end $$;
