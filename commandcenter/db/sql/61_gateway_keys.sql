-- Keys of apps, an administrator's business. The key is made by whoever calls: only its hash comes here.
create or replace function cc.need_key_keeper() returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(cc.my_role(), '') not in ('cc_admin', 'system') then
        raise exception '% hands out no keys', cc.my_role() using errcode = 'CC001', detail = '{"verb": "api_key"}';
    end if;
end $$;

create or replace function cc.add_api_key(p_hash bytea, p_channel integer, p_label text, p_hour_limit integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    made integer;
begin
    perform cc.need_key_keeper();
    perform cc.need(p_label, 'label');
    if coalesce(length(p_hash), 0) <> 32 then
        raise exception 'no hash of a key' using errcode = 'CC004', detail = 'key';
    end if;
    if not exists (select from cc.channels where district_id = cc.home_district() and id = p_channel) then
        raise exception 'no such channel' using errcode = 'CC004', detail = 'channel';
    end if;
    if coalesce(p_hour_limit, 0) < 1 then
        raise exception 'no such limit' using errcode = 'CC004', detail = 'hour_limit';
    end if;
    insert into cc.api_keys (key_hash, channel_id, label, hour_limit, made_at, made_by)
    values (p_hash, p_channel, left(p_label, 100), p_hour_limit, cc.now(), session_user) returning id into made;
    insert into cc.journal (at, actor, entity, entity_id, verb, paths, detail, row_hash)
    values (cc.now(), session_user, 'api_key', made, 'insert', array['01.'],
            jsonb_build_object('label', left(p_label, 100), 'channel', p_channel, 'hour_limit', p_hour_limit), '');
    return made;
end $$;

create or replace function cc.api_key_list() returns table (id integer, label text, channel text, hour_limit integer,
    active boolean, made_at timestamptz, made_by text, last_at timestamptz, deliveries bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform cc.need_key_keeper();
    return query
    select k.id, k.label, c.name, k.hour_limit, k.active, k.made_at, k.made_by, max(t.at), count(t.report_id)
    from cc.api_keys k join cc.channels c on (c.district_id, c.id) = (k.district_id, k.channel_id)
    left join cc.report_tokens t on (t.district_id, t.api_key_id) = (k.district_id, k.id)
    group by k.district_id, k.id, c.name order by k.active desc, k.id;
end $$;

create or replace function cc.revoke_api_key(p_id integer) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    k cc.api_keys;
begin
    perform cc.need_key_keeper();
    update cc.api_keys a set active = false where a.district_id = cc.home_district() and a.id = p_id returning * into k;
    if not found then
        raise exception 'no such key' using errcode = 'CC076';
    end if;
    insert into cc.journal (at, actor, entity, entity_id, verb, paths, detail, row_hash)
    values (cc.now(), session_user, 'api_key', k.id, 'update', array['01.'],
            jsonb_build_object('label', k.label, 'active', false), '');
    return k.label;
end $$;
