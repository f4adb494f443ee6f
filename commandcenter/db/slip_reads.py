"""The questions about slips; every one runs under the asker's own sight."""

_COLUMNS = """
    s.id, s.version, s.kind, s.state, s.rule_id, s.trigger, s.day, s.unit_id, s.path, coalesce(s.number, '') as number, s.year,
    s.serial, s.urgency, s.addressee, s.copies, s.subject, s.wrong, s.demand, s.contact, s.edited, s.drafted_at, s.drafted_by,
    s.signed_at, s.receipt_due_at, s.reply_due_at, s.received_at, coalesce(s.received_by, '') as received_by, s.replied_at,
    coalesce(s.replied_by, '') as replied_by, s.reply, s.plan, s.verdict, s.judged_at, coalesce(s.judged_by, '') as judged_by,
    s.sent_back, s.ended_words, s.receipt_missed_at, s.reply_missed_at, s.changed_at, s.verb, s.actor,
    u.name as unit_name, u.short_name as unit_short_name, k.name as kind_name, coalesce(r.name, '') as rule_name
"""
_FROM = """
    from cc.slips s
    join cc.units u on (u.district_id, u.id) = (s.district_id, s.unit_id)
    join cc.slip_kinds k on (k.district_id, k.kind) = (s.district_id, s.kind)
    left join cc.slip_rules r on (r.district_id, r.id) = (s.district_id, s.rule_id)
    where s.district_id = cc.home_district()
"""
OPEN = f"select {_COLUMNS} {_FROM} and s.state < 6 order by s.kind desc, s.drafted_at, s.id"
ONE = f"select {_COLUMNS} {_FROM} and s.id = :slip_id"
OF_CASE = f"""
    select {_COLUMNS} {_FROM} and s.id in (select f.slip_id from cc.slip_facts f
                                           where f.district_id = cc.home_district() and f.case_id = :case_id)
    order by s.drafted_at, s.id
"""  # noqa: S608 - our own constants
REGISTER = f"""
    select {_COLUMNS} {_FROM} and s.year = :year and (cast(:kind as smallint) is null or s.kind = :kind)
      and (cast(:unit_id as integer) is null or s.unit_id = :unit_id)
    order by s.kind, s.serial
"""
FACTS = """
    select slip_id, key, at, case_id, whistle_id, of_slip_id, fact from cc.slip_facts
    where district_id = cc.home_district() and slip_id = any (:slip_ids) order by slip_id, at, key
"""
SIGNATURES = """
    select slip_id, place, post, login, name, signed_at from cc.slip_signatures
    where district_id = cc.home_district() and slip_id = any (:slip_ids) order by slip_id, place
"""
COPIES = """
    select slip_id, recipient, sent_at, sent_by from cc.slip_copies
    where district_id = cc.home_district() and slip_id = any (:slip_ids) order by slip_id, sent_at, recipient
"""
FILES = """
    select slip_id, id, name, media_type, size, added_at, added_by from cc.slip_files
    where district_id = cc.home_district() and slip_id = any (:slip_ids) order by slip_id, added_at, id
"""
FILE_CONTENT = "select content from cc.slip_files where district_id = cc.home_district() and id = :file_id"
THIS_YEAR = "select extract(year from cc.now() at time zone 'Asia/Shanghai')::integer as year"
