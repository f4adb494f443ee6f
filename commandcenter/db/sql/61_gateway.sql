-- What the gateway may do, with a login of role cc_intake: deliver, and read back what it delivered itself, without any
-- personal data. It has no other sight of cases. Rights: 99_gateway_rights.sql.

create or replace function cc.need_gateway() returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if cc.my_role() is distinct from 'cc_intake' then
        raise exception '% is no gateway', cc.my_role() using errcode = 'CC001', detail = '{"verb": "gateway"}';
    end if;
end $$;

-- With this the gateway makes a token from a delivery's key: a retry gets the same one, and only its hash is kept.
create or replace function cc.gateway_secret() returns bytea
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform cc.need_gateway();
    return (select s.value from cc.secrets s where s.district_id = cc.home_district() and s.name = 'gateway');
end $$;

-- Takes in one report. p_api_key: the hash of an app's; without one it comes from the page. p_source: the sender's address, hashed
-- together with the day, so that nobody can be followed. p_named: the key is the sender's own; one that was made up here
-- tells no retry from a new report, and the same words from the same source within some minutes are taken for a retry.
-- p_digest is of all that was delivered. Answers with the key of the first delivery where it is a repeated one.
create or replace function cc.deliver(p_api_key bytea, p_source text, p_named boolean, p_digest bytea, p_token text,
    p_category integer, p_content text, p_place text, p_area integer, p_lon double precision, p_lat double precision,
    p_name text, p_phone text, p_address text, p_confidential boolean, p_foreign_number text, p_received_at timestamptz,
    p_photos bytea[], p_key uuid)
returns table (number text, key uuid, replayed boolean)
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    home constant integer := cc.home_district();
    moment constant timestamptz := cc.now();
    secret constant bytea := (select s.value from cc.secrets s where s.district_id = home and s.name = 'gateway');
    k cc.api_keys;
    t cc.report_tokens;
    r cc.case_change;
    channel integer := cc.setting('gateway_channel');
    most integer := cc.setting('gateway_page_hour');
    whose text := to_char(moment, 'YYYYMMDD') || ' ' || coalesce(p_source, '');
    hashed bytea;
    full_since timestamptz;
    report bigint;
begin
    perform cc.need_gateway();
    perform cc.need(p_content, 'content');
    if p_digest is null or coalesce(length(p_token), 0) < 32 then
        raise exception 'no token to look back with' using errcode = 'CC004', detail = 'key';
    end if;
    if p_api_key is not null then
        select * into k from cc.api_keys a
        where a.district_id = home and a.key_hash = p_api_key and a.active;
        if not found then
            raise exception 'no such key' using errcode = 'CC070';
        end if;
        channel := k.channel_id;
        most := k.hour_limit;
        whose := 'key ' || k.id;
    end if;
    hashed := sha256(secret || sha256(secret || convert_to(whose, 'UTF8')));
    -- two at once would not see each other: of a page's source all, of an app the same words
    perform pg_advisory_xact_lock(hashtextextended(encode(hashed || case when p_api_key is null then '' else p_digest end, 'hex'), 0));
    select * into t from cc.report_tokens x where x.district_id = home and x.key = p_key;
    if not found and not p_named then
        select * into t from cc.report_tokens x where x.district_id = home and x.source = hashed
           and x.at > moment - cc.setting('gateway_same_minutes') * interval '1 minute' and x.digest = p_digest
        order by x.at limit 1;
    end if;
    if found then
        if t.login <> session_user or t.digest <> p_digest then
            raise exception 'key used for another delivery' using errcode = 'CC074';
        end if;
        return query select t.number, t.key, true;
        return;
    end if;
    select x.at into full_since from cc.report_tokens x
    where x.district_id = home and x.source = hashed and x.at > moment - interval '1 hour' order by x.at desc offset most - 1 limit 1;
    if found then
        raise exception 'too many' using errcode = 'CC071',
            detail = ceil(extract(epoch from full_since + interval '1 hour' - moment))::integer;
    end if;
    if cardinality(p_photos) > 0 then
        if cardinality(p_photos) > cc.setting('gateway_photos') then
            raise exception 'too many photos' using errcode = 'CC004', detail = 'photos:' || cc.setting('gateway_photos');
        end if;
        if exists (select from unnest(p_photos) f where coalesce(length(f), 0)
                   not between 1 and least(20, cc.setting('gateway_photo_mb')) * 1048576) then
            raise exception 'a photo too large' using errcode = 'CC004', detail = 'file:size';
        end if;
    end if;
    r := cc.register(p_channel => channel, p_foreign_number => p_foreign_number, p_content => p_content, p_title => '',
        p_kind => '其他', p_category => p_category, p_grade => null, p_area => p_area, p_lon => p_lon, p_lat => p_lat,
        p_place => p_place, p_name => p_name, p_phone => p_phone, p_address => p_address, p_confidential => p_confidential,
        p_key => p_key, p_received_at => p_received_at);
    select p.id into strict report from cc.reports p
    where p.district_id = home and p.case_id = r.case_id and p.registered_by = session_user;
    if cardinality(p_photos) > 0 then
        insert into cc.attachments (case_id, report_id, name, media_type, size, sha256, content, added_at, added_by)
        select r.case_id, report, '照片' || n || '.jpg', 'image/jpeg', length(f), sha256(f), f, moment, session_user
        from unnest(p_photos) with ordinality as photo (f, n);
    end if;
    insert into cc.report_tokens (report_id, login, key, token_hash, number, digest, source, api_key_id, at)
    values (report, session_user, p_key, sha256(convert_to(p_token, 'UTF8')), r.number, p_digest, hashed, k.id, moment);
    return query select r.number, p_key, false;
end $$;

-- Its own reports as anybody may know them: no words, names, phones or addresses of citizens, a point of some hundred
-- metres, and nothing of those who asked to be kept secret, whom only their token finds.
create or replace function cc.delivered(p_numbers text[], p_categories integer[], p_since timestamptz, p_until timestamptz,
    p_open boolean, p_token text, p_skip integer, p_most integer)
returns table (number text, state smallint, category_id integer, category text, unit text, received_at timestamptz,
    changed_at timestamptz, dispatched_at timestamptz, finished_at timestamptz, archived_at timestamptz,
    expected_at timestamptz, area text, lon double precision, lat double precision, solved boolean, satisfied text)
language plpgsql stable rows 100 security definer set search_path = pg_catalog, pg_temp
as $$
declare
    home constant integer := cc.home_district();
    decimals constant integer := cc.setting('gateway_decimals');
begin
    perform cc.need_gateway();
    return query
    select t.number, c.state, c.category_id, k.path_name, u.name, p.received_at, c.changed_at, c.dispatched_at, c.finished_at,
           c.archived_at, c.due_at,
           (select string_agg(a.name, '' order by length(a.path)) from cc.areas a
            where a.district_id = home and a.path in (left(c.path, 6), left(c.path, 9)) and a.level in ('town', 'community')),
           round(p.lon::numeric, decimals)::double precision, round(p.lat::numeric, decimals)::double precision,
           g.solved, g.satisfied
    from cc.report_tokens t
    join cc.reports p on (p.district_id, p.id) = (t.district_id, t.report_id)
    join lateral (
        select h.state, h.category_id, h.unit_id, h.path, h.changed_at, h.dispatched_at, h.finished_at, h.archived_at, h.due_at
        from cc.cases h where h.district_id = home and h.id = p.case_id
        union all
        select h.state, h.category_id, h.unit_id, h.path, h.changed_at, h.dispatched_at, h.finished_at, h.archived_at, h.due_at
        from cc.cases_archive h where h.district_id = home and h.id = p.case_id) c on true
    left join cc.categories k on (k.district_id, k.id) = (home, c.category_id)
    left join cc.units u on (u.district_id, u.id) = (home, c.unit_id)
    left join cc.ratings g on (g.district_id, g.report_id) = (home, t.report_id)
    where t.district_id = home and t.login = session_user
      and case when p_token is not null then t.token_hash = sha256(convert_to(p_token, 'UTF8')) else not p.confidential end
      and (p_numbers is null or t.number = any (p_numbers))
      and (p_categories is null or coalesce(c.category_id, 0) = any (p_categories))
      and (p_since is null or p.received_at >= p_since) and (p_until is null or p.received_at <= p_until)
      and (p_open is null or p_open = (c.state not in (7, 9)))
    order by p.received_at desc, t.report_id desc offset p_skip limit p_most;
end $$;

-- What the citizen says of the result, once it is there, and once. For the centre to read; the call back is made all the same.
create or replace function cc.rate(p_token text, p_solved boolean, p_satisfied text, p_words text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    home constant integer := cc.home_district();
    t cc.report_tokens;
    c record;
    was cc.ratings;
begin
    perform cc.need_gateway();
    select * into t from cc.report_tokens x where x.district_id = home and x.login = session_user
       and x.token_hash = sha256(convert_to(p_token, 'UTF8')) for update;
    if not found then
        raise exception 'no such report' using errcode = 'CC075';
    end if;
    if p_solved is null or p_satisfied is null or p_satisfied not in ('满意', '基本满意', '不满意') then
        raise exception 'a rating says both' using errcode = 'CC004', detail = case when p_solved is null then 'solved' else 'satisfied' end;
    end if;
    select * into was from cc.ratings g where g.district_id = home and g.report_id = t.report_id;
    if found then
        if (was.solved, was.satisfied, was.words) is distinct from (p_solved, p_satisfied, left(coalesce(p_words, ''), 500)) then
            raise exception 'rated before' using errcode = 'CC072';
        end if;
        return true;
    end if;
    select h.id, h.path, h.state, u.path as unit_path into c
    from (select x.id, x.path, x.state, x.unit_id from cc.cases x join cc.reports p on (p.district_id, p.case_id) = (x.district_id, x.id)
          where p.district_id = home and p.id = t.report_id
          union all
          select x.id, x.path, x.state, x.unit_id from cc.cases_archive x join cc.reports p on (p.district_id, p.case_id) = (x.district_id, x.id)
          where p.district_id = home and p.id = t.report_id) h
    left join cc.units u on (u.district_id, u.id) = (home, h.unit_id);
    if c.state is null or c.state not in (6, 7) then
        raise exception 'nothing to rate yet' using errcode = 'CC073';
    end if;
    insert into cc.ratings (report_id, case_id, at, solved, satisfied, words)
    values (t.report_id, c.id, cc.now(), p_solved, p_satisfied, left(coalesce(p_words, ''), 500));
    insert into cc.journal (at, actor, entity, entity_id, case_id, verb, paths, detail, row_hash)
    values (cc.now(), session_user, 'rating', t.report_id, c.id, 'rate',
            array(select distinct x from unnest(array[c.path, c.unit_path]) x where x is not null),
            jsonb_build_object('solved', p_solved, 'satisfied', p_satisfied), '');
    return false;
end $$;
