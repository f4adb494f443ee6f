-- What is learned from the archive: versions of models, one of a kind in use, and the corrections that teach the next one.
-- The database keeps and compares; learning itself is done by the program. Rights: 99_learning_rights.sql.

create or replace function cc.need_model_keeper() returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(cc.my_role(), '') not in ('cc_admin', 'system') then
        raise exception 'only an administrator' using errcode = 'CC001', detail = '{"verb": "model"}';
    end if;
end $$;

-- One of a kind comes into use, and the one before goes out of it. One that suggests worse on texts it had not seen, by more
-- than chance explains (two standard errors of the mean over its categories: each version is judged on an archive of its
-- own), is taken only by who says so: macro-F1 of both is told (CC092).
create or replace function cc.begin_model(p_model bigint, p_despite boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    m cc.models;
    before cc.models;
    f1 numeric;
    used_f1 numeric;
    chance numeric;
begin
    select * into m from cc.models where district_id = cc.home_district() and id = p_model for update;
    if not found then
        raise exception 'no such model' using errcode = 'CC091';
    end if;
    if m.active then
        return false;
    end if;
    select * into before from cc.models o where o.district_id = m.district_id and o.kind = m.kind and o.active for update;
    f1 := (m.figures ->> 'macro_f1')::numeric;
    used_f1 := (case when before.id is null then m.figures ->> 'cold_f1' else before.figures ->> 'macro_f1' end)::numeric;
    chance := (select 2 * stddev_samp((l ->> 'f1')::numeric) / sqrt(count(l ->> 'f1'))
               from jsonb_array_elements(case when jsonb_typeof(m.figures -> 'labels') = 'array' then m.figures -> 'labels' else '[]' end) l);
    if not coalesce(p_despite, false) and f1 + coalesce(chance, 0) < used_f1 then
        raise exception 'version % is worse than what is in use', m.version using errcode = 'CC092',
            detail = jsonb_build_object('version', m.version, 'f1', f1, 'used', coalesce(before.version, 0), 'used_f1', used_f1)::text;
    end if;
    update cc.models o set active = false where o.district_id = m.district_id and o.kind = m.kind and o.active;
    update cc.models o set active = true where o.district_id = m.district_id and o.id = m.id;
    insert into cc.journal (district_id, at, actor, entity, entity_id, verb, paths, detail, row_hash)
    values (m.district_id, cc.now(), session_user, 'model', m.id, 'use', array['01.'], jsonb_strip_nulls(jsonb_build_object(
        'kind', m.kind, 'version', m.version, 'before', before.version, 'f1', m.figures -> 'macro_f1',
        'before_f1', before.figures -> 'macro_f1')), '');
    return true;
end $$;

-- A model that was just learned, as the next version of its kind; with p_use it comes into use where it is no worse than what
-- is. The answer's id is the model's, its version the version's number, its state 1 where it is in use. Figures and training are JSON text.
create or replace function cc.save_model(p_kind text, p_content bytea, p_figures text, p_training text, p_use boolean, p_key uuid)
returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change;
    m cc.models;
begin
    perform cc.need_model_keeper();
    r := cc.replay(p_key, 'save_model');
    if r.case_id is not null then return r; end if;
    if p_kind is null or p_kind not in ('category', 'repeats') then
        raise exception 'no such kind of model' using errcode = 'CC004', detail = 'kind';
    end if;
    if coalesce(octet_length(p_content), 0) not between 1 and 134217728 then
        raise exception 'no size for a model' using errcode = 'CC093';
    end if;
    perform pg_advisory_xact_lock(371082, 62);  -- versions are counted one by one
    insert into cc.models (kind, version, made_at, made_by, content, sha256, figures, training)
    values (p_kind, coalesce((select max(o.version) from cc.models o where o.district_id = cc.home_district() and o.kind = p_kind), 0) + 1,
            cc.now(), session_user, p_content, sha256(p_content), coalesce(p_figures, '{}')::jsonb, coalesce(p_training, '{}')::jsonb)
    returning * into m;
    insert into cc.journal (district_id, at, actor, entity, entity_id, verb, paths, detail, row_hash)
    values (m.district_id, m.made_at, session_user, 'model', m.id, 'train', array['01.'], jsonb_strip_nulls(jsonb_build_object(
        'kind', m.kind, 'version', m.version, 'size', octet_length(m.content), 'sha256', encode(m.sha256, 'hex'),
        'f1', m.figures -> 'macro_f1', 'samples', m.training -> 'samples')), '');
    if p_use then
        begin
            perform cc.begin_model(m.id, false);
        exception when sqlstate 'CC092' then  -- kept, and not used: who trained it is told both figures
            null;
        end;
    end if;
    return cc.remember_model(p_key, m.id);
end $$;

create or replace function cc.use_model(p_model bigint, p_despite boolean, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change;
begin
    perform cc.need_model_keeper();
    r := cc.replay(p_key, 'use_model');
    if r.case_id is not null then return r; end if;
    perform cc.begin_model(p_model, p_despite);
    return cc.remember_model(p_key, p_model);
end $$;

create or replace function cc.remember_model(p_key uuid, p_model bigint) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    m cc.models;
begin
    select * into m from cc.models where district_id = cc.home_district() and id = p_model;
    update cc.write_keys set case_id = m.id, number = m.kind, state = m.active::integer, version = m.version
    where district_id = cc.home_district() and key = p_key;
    return (m.id, m.kind, m.active::integer, m.version, null, false)::cc.case_change;
end $$;

-- An officer's register or grade set another category than the one proposed. Called in the same transaction: it counts only
-- for a case on which this person did just that in it, and what they chose is read from the case, not from the caller. False
-- where there is nothing to learn; a retry, whose deed was done before, teaches nothing twice.
create or replace function cc.correct(p_case bigint, p_proposed integer) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    home constant integer := cc.home_district();
    chosen integer;
    done boolean;
    report bigint;
    made bigint;
begin
    if coalesce(cc.my_role(), '') not in ('cc_duty', 'cc_supervisor') or p_proposed is null then
        return false;
    end if;
    perform cc.need_category(p_proposed);
    -- of a report that was merged as it came: the one it was registered with, wherever it hangs now
    select true, (j.detail ->> 'report')::bigint into done, report from cc.journal j
    where j.district_id = home and j.case_id = p_case and j.entity = 'case' and j.xid = pg_current_xact_id()
      and j.actor = session_user and j.verb in ('register', 'grade') order by j.seq limit 1;
    if done is null then
        return false;
    end if;
    select c.category_id into chosen from cc.cases c where c.district_id = home and c.id = p_case;
    if report is null then
        select r.id into report from cc.reports r where r.district_id = home and r.case_id = p_case order by r.received_at, r.id limit 1;
    end if;
    if chosen is null or report is null or chosen = p_proposed
       or exists (select from cc.corrections k where k.district_id = home and k.report_id = report and k.at = cc.now()) then
        return false;
    end if;
    insert into cc.corrections (at, actor, case_id, report_id, proposed, chosen)
    values (cc.now(), session_user, p_case, report, p_proposed, chosen) returning id into made;
    insert into cc.journal (district_id, at, actor, entity, entity_id, verb, paths, detail, row_hash)
    values (home, cc.now(), session_user, 'correction', made, 'correct', array['01.'], jsonb_build_object(
        'case', p_case, 'report', report, 'proposed', p_proposed, 'chosen', chosen), '');
    return true;
end $$;
