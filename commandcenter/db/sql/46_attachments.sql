-- Files of a case: kept in the database, so that who may see the case may see them, and a backup has them.

create or replace function cc.attach(p_case bigint, p_version integer, p_report bigint, p_name text, p_media_type text,
    p_content bytea, p_key uuid) returns cc.case_change
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    r cc.case_change := cc.replay(p_key, 'attach');
    c cc.cases;
begin
    if r.case_id is not null then return r; end if;
    c := cc.begin_verb('attach', p_case, p_version);
    perform cc.need(p_name, 'file_name');
    if p_report is not null and not exists (
        select from cc.reports where district_id = c.district_id and id = p_report and case_id = c.id) then
        raise exception 'no such report in this case' using errcode = 'CC004', detail = 'report';
    end if;
    if coalesce(length(p_content), 0) not between 1 and 20971520 then
        raise exception 'a file has 1 byte to 20 MB' using errcode = 'CC004', detail = 'file:size';
    end if;
    insert into cc.attachments (case_id, report_id, name, media_type, size, sha256, content, added_at, added_by)
    values (c.id, p_report, regexp_replace(left(p_name, 200), '[[:cntrl:]]+', ' ', 'g'), coalesce(p_media_type, ''),
            length(p_content), sha256(p_content), p_content, cc.now(), session_user);
    update cc.cases x set verb = 'attach', detail = jsonb_build_object('size', length(p_content))
    where x.district_id = c.district_id and x.id = c.id returning * into c;
    return cc.remember(p_key, c);
end $$;
