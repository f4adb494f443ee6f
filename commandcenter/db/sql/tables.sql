-- Tables of the centre. Every key begins with the district, so that a province can distribute by it (Citus) and a city
-- can subscribe to its counties; ids are unique without a sequence shared between districts. Words: design glossary.
-- Needs nothing but plpgsql (PostgreSQL >= 15).

create schema if not exists cc;

-- The county this database belongs to. A literal, so that it costs nothing in defaults and keys.
create function cc.home_district() returns integer language sql immutable parallel safe return 371082;

create sequence cc.ids as bigint;
create sequence cc.reference_ids as integer start 100001;

-- 2^31 ids per district: below 2^53, so that JSON and JavaScript can hold them exactly.
create function cc.new_id() returns bigint language sql volatile
return (cc.home_district()::bigint << 31) + nextval('cc.ids');

create table cc.centre (
    district_id integer primary key default cc.home_district(),
    name text not null,
    feed_epoch uuid not null default gen_random_uuid(),  -- changes on restore: every mirror starts anew
    demo boolean not null default false,
    fixed_now timestamptz  -- simulations and tests stop the clock here; null is the real time
);

-- Keys for keyed hashes. Nobody but definer functions reads it.
create table cc.secrets (
    district_id integer not null default cc.home_district(),
    name text not null,
    value bytea not null,
    primary key (district_id, name)
);

create table cc.areas (
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    parent_id integer,
    level text not null check (level in ('county', 'town', 'community', 'grid', 'estate')),
    code text,
    name text not null,
    path text collate "C" not null check (path ~ '^([0-9]{2,4}\.)+$'),
    population integer not null default 0 check (population >= 0),
    lon double precision,
    lat double precision,
    outline jsonb,
    primary key (district_id, id),
    unique (district_id, path),
    unique (district_id, code),
    foreign key (district_id, parent_id) references cc.areas (district_id, id)
);

-- Periods worked on a day: from and to in turn, ascending, not touching, within the day.
create function cc.are_periods(p_periods integer[]) returns boolean language sql immutable parallel safe
return cardinality(p_periods) >= 2 and cardinality(p_periods) % 2 = 0 and array_position(p_periods, null) is null
       and p_periods[1] >= 0 and p_periods[cardinality(p_periods)] <= 1440
       and not exists (select from generate_series(2, cardinality(p_periods)) i where p_periods[i] <= p_periods[i - 1]);

create table cc.work_hours (
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    name text not null,
    periods integer[] not null check (cc.are_periods(periods)),  -- minutes of the day
    primary key (district_id, id)
);

create table cc.units (
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    parent_id integer,
    kind text not null check (kind in ('centre', 'department', 'town', 'community', 'grid_team', 'utility')),
    name text not null,
    short_name text not null,
    path text collate "C" not null check (path ~ '^([0-9]{2,4}\.)+$'),
    area_id integer,
    group_no integer,  -- assessment group: towns 1-3, departments 1-4
    hours_id integer not null,
    active boolean not null default true,
    primary key (district_id, id),
    unique (district_id, path),
    unique (district_id, name),
    foreign key (district_id, parent_id) references cc.units (district_id, id),
    foreign key (district_id, area_id) references cc.areas (district_id, id),
    foreign key (district_id, hours_id) references cc.work_hours (district_id, id)
);

create table cc.people (
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    login text not null check (login ~ '^[a-z][a-z0-9_]{1,40}$'),
    name text not null,
    role text not null check (role in ('cc_duty', 'cc_caller', 'cc_responder', 'cc_supervisor', 'cc_followup',
                                       'cc_analyst', 'cc_wall', 'cc_intake', 'cc_admin')),
    unit_id integer not null,
    active boolean not null default true,
    demo boolean not null default false,
    primary key (district_id, id),
    unique (login),
    foreign key (district_id, unit_id) references cc.units (district_id, id)
);

create table cc.channels (
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    code text not null,
    name text not null,
    online boolean not null,
    primary key (district_id, id),
    unique (district_id, code),
    unique (district_id, name)
);

create table cc.categories (
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    parent_id integer,
    name text not null,
    path_name text not null,
    default_grade smallint not null default 4 check (default_grade between 0 and 4),
    primary key (district_id, id),
    unique (district_id, path_name),
    foreign key (district_id, parent_id) references cc.categories (district_id, id)
);

create table cc.duty_list (  -- responsibility list, one row an item
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    code text not null,
    field text not null,
    matter text not null,
    category_id integer,
    lead_unit_id integer,  -- null: the town of the place leads
    assist_unit_ids integer[] not null default '{}',
    ground text not null check (ground in ('法定', '商定', '指定')),
    valid_from date not null,
    valid_to date,
    primary key (district_id, id),
    unique (district_id, code, valid_from),
    foreign key (district_id, category_id) references cc.categories (district_id, id),
    foreign key (district_id, lead_unit_id) references cc.units (district_id, id)
);

create table cc.calendar (
    district_id integer not null default cc.home_district(),
    day date not null,
    working boolean not null,
    nth integer not null default 0,  -- working days from the first row up to and including this day
    name text not null default '',
    provisional boolean not null default false,
    primary key (district_id, day)
);

create table cc.grade_limits (
    district_id integer not null default cc.home_district(),
    grade smallint not null check (grade between 0 and 4),
    clock text not null check (clock in ('natural', 'working')),
    accept_minutes integer not null check (accept_minutes > 0),
    finish_amount integer not null check (finish_amount > 0),
    finish_unit text not null check (finish_unit in ('minutes', 'days')),
    return_minutes integer not null check (return_minutes > 0),
    extension_days integer not null check (extension_days >= 0),
    soon_share numeric(4, 3) not null default 0.25 check (soon_share > 0 and soon_share < 1),
    primary key (district_id, grade)
);

create table cc.settings (
    district_id integer not null default cc.home_district(),
    name text not null,
    value jsonb not null,
    note text not null default '',
    primary key (district_id, name)
);

create table cc.transitions (  -- from_state -1: the case does not exist yet
    district_id integer not null default cc.home_district(),
    from_state smallint not null,
    verb text not null,
    to_state smallint not null,
    role text not null,
    primary key (district_id, from_state, verb, to_state, role)
);

create table cc.day_numbers (  -- the last case number given on a day
    district_id integer not null default cc.home_district(),
    day date not null,
    last integer not null,
    primary key (district_id, day)
);

create table cc.cases (  -- open and recent
    district_id integer not null default cc.home_district(),
    id bigint not null,
    number text not null,
    version integer not null default 1,
    grade smallint not null check (grade between 0 and 4),
    state smallint not null check (state between 0 and 9),
    flags integer not null default 0,
    kind text not null,
    category_id integer,
    channel_id integer not null,
    title text not null check (title !~ '[[:cntrl:]]'),
    place text not null default '' check (place !~ '[[:cntrl:]]'),
    area_id integer,
    town_id integer,
    path text collate "C" not null,
    lon double precision,
    lat double precision,
    unit_id integer,
    received_at timestamptz not null,
    dispatched_at timestamptz,
    accept_due_at timestamptz,
    return_until timestamptz,
    soon_at timestamptz,
    due_at timestamptz,
    paused_at timestamptz,
    finished_at timestamptz,
    archived_at timestamptz,
    changed_at timestamptz not null,
    extension_days smallint,  -- asked for, not yet reviewed
    holder text not null default '',
    held_at timestamptz,
    returns smallint not null default 0,
    redos smallint not null default 0,
    reports integer not null default 1,
    verb text not null,
    actor text not null,
    detail jsonb not null default '{}',
    primary key (district_id, id),
    unique (district_id, number)
);
create index cases_path on cc.cases (district_id, path) where state < 7;
create index cases_queue on cc.cases (district_id, grade, due_at, id) include (path) where state < 7;  -- path: for the policy
create index cases_due on cc.cases (district_id, due_at, id) where state < 7;
create index cases_take on cc.cases (district_id, grade, received_at, id) where holder = '' and state in (0, 1, 4);
create index cases_call on cc.cases (district_id, grade, finished_at, id) where holder = '' and state = 6;
create index cases_held on cc.cases (district_id, held_at) where holder <> '';
create index cases_received on cc.cases (district_id, received_at desc);

create table cc.cases_archive (like cc.cases including defaults including constraints);
alter table cc.cases_archive add primary key (district_id, id);
create unique index cases_archive_number on cc.cases_archive (district_id, number);
create index cases_archive_received on cc.cases_archive (district_id, received_at desc);
create index cases_archive_path on cc.cases_archive (district_id, path);

-- Children of a case name it without a foreign key: the case may be in the hot table or in the archive.
create table cc.case_scope (  -- who sees a case beyond those of its place: assigned or whistled units
    district_id integer not null default cc.home_district(),
    case_id bigint not null,
    path text collate "C" not null,
    reason text not null check (reason in ('assignment', 'whistle')),
    primary key (district_id, case_id, path, reason)
);
create index case_scope_path on cc.case_scope (district_id, path, case_id);

create table cc.reports (
    district_id integer not null default cc.home_district(),
    id bigint not null,
    case_id bigint not null,
    channel_id integer not null,
    foreign_number text,
    fingerprint bytea not null,  -- what makes a second delivery of the same report recognisable
    kind text not null,
    content text not null check (content <> ''),
    place text not null default '',
    lon double precision,
    lat double precision,
    received_at timestamptz not null,
    registered_at timestamptz not null,
    registered_by text not null,
    name_masked text not null default '',
    phone_masked text not null default '',
    confidential boolean not null default false,
    raw jsonb,  -- the untouched source row; may hold personal data, so nobody selects it but definer functions
    grams integer[] not null,  -- pairs of characters, see cc.grams
    primary key (district_id, id),
    unique (district_id, fingerprint)
);
create index reports_case on cc.reports (district_id, case_id);
create index reports_grams on cc.reports using gin (grams);
create index reports_received on cc.reports (district_id, received_at desc);

create table cc.citizens (
    district_id integer not null default cc.home_district(),
    report_id bigint not null,
    name text not null default '',
    phone text not null default '',
    address text not null default '',
    phone_hash bytea,
    primary key (district_id, report_id)
);
create index citizens_phone on cc.citizens (district_id, phone_hash) where phone_hash is not null;

create table cc.access_log (  -- every look at a citizen's data
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    at timestamptz not null,
    xid xid8 not null default pg_current_xact_id(),
    actor text not null,
    report_id bigint not null,
    case_id bigint not null,
    reason text not null,
    primary key (district_id, id)
);
create index access_log_case on cc.access_log (district_id, case_id);

create table cc.assignments (
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    case_id bigint not null,
    unit_id integer not null,
    part text not null check (part in ('lead', 'assist')),
    assigned_at timestamptz not null,
    assigned_by text not null,
    accept_due_at timestamptz,
    due_at timestamptz,
    accepted_at timestamptz,
    accepted_by text,
    ended_at timestamptz,
    end_reason text,
    primary key (district_id, id),
    foreign key (district_id, unit_id) references cc.units (district_id, id)
);
create index assignments_case on cc.assignments (district_id, case_id);
create unique index assignments_lead on cc.assignments (district_id, case_id) where part = 'lead' and ended_at is null;

create table cc.finishes (  -- the four elements of work done, one row a round
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    case_id bigint not null,
    at timestamptz not null,
    actor text not null,
    discussed_with text not null,
    discussed_at timestamptz not null,
    done text not null,
    done_by timestamptz not null,
    primary key (district_id, id)
);
create index finishes_case on cc.finishes (district_id, case_id);

create table cc.follow_ups (
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    case_id bigint not null,
    report_id bigint not null,
    round smallint not null,  -- the case's redos at that time
    at timestamptz not null,
    actor text not null,
    reached boolean not null,
    contacted boolean,
    solved boolean,
    satisfied text check (satisfied in ('满意', '基本满意', '不满意')),
    words text not null default '',
    primary key (district_id, id),
    check (not reached or (solved is not null and satisfied is not null))
);
create index follow_ups_case on cc.follow_ups (district_id, case_id);

create table cc.attachments (
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    case_id bigint not null,
    report_id bigint,
    name text not null,
    media_type text not null,
    size integer not null check (size between 0 and 20971520),
    sha256 bytea not null,
    content bytea not null,
    added_at timestamptz not null,
    added_by text not null,
    primary key (district_id, id)
);
create index attachments_case on cc.attachments (district_id, case_id);

create table cc.journal (  -- timeline, audit and outbox in one; append-only
    district_id integer not null default cc.home_district(),
    seq bigint generated always as identity,
    xid xid8 not null default pg_current_xact_id(),
    at timestamptz not null,
    actor text not null,
    entity text not null,
    entity_id bigint not null,
    case_id bigint,
    verb text not null,
    from_state smallint,
    to_state smallint,
    paths text[] collate "C" not null default '{}',  -- who must hear of it: old and new places and units
    detail jsonb not null default '{}',
    row_hash bytea not null,
    primary key (district_id, seq)
);
create index journal_xid on cc.journal (xid);
create index journal_case on cc.journal (district_id, case_id, seq) where case_id is not null;

create table cc.journal_seals (
    district_id integer not null default cc.home_district(),
    id bigint generated always as identity,
    from_seq bigint not null,
    to_seq bigint not null,
    rows integer not null,
    hash bytea not null,
    sealed_at timestamptz not null,
    primary key (district_id, id)
);

create table cc.write_keys (  -- a retried write is not done twice
    district_id integer not null default cc.home_district(),
    key uuid not null,
    actor text not null,
    verb text not null,
    at timestamptz not null,
    case_id bigint,
    number text,
    state smallint,
    version integer,
    due_at timestamptz,
    primary key (district_id, key)
);
create index write_keys_at on cc.write_keys (at);

-- Where bulk intake lands by COPY (which an RLS table refuses): insert-only for loaders, nobody reads it, emptied in
-- the same transaction. Unlogged: what a crash loses here was never committed anywhere else either.
create unlogged table cc.staging (
    batch uuid not null,
    loader text not null default session_user,
    row_no integer not null,
    matter integer not null,  -- rows of one matter become one case
    channel_id integer not null,
    foreign_number text,
    fingerprint bytea not null,
    kind text not null,
    category_id integer,
    grade smallint,
    title text not null,
    content text not null,
    place text not null,
    area_id integer,
    lon double precision,
    lat double precision,
    received_at timestamptz not null,
    name text not null,
    phone text not null,
    address text not null,
    confidential boolean not null,
    grams text not null,  -- an array's text: an array costs the loader several times as much
    raw jsonb,
    -- history, read only by cc.load_history
    state smallint,
    unit_id integer,
    dispatched_at timestamptz,
    accepted_at timestamptz,
    accept_due_at timestamptz,
    return_until timestamptz,
    soon_at timestamptz,
    due_at timestamptz,
    paused_at timestamptz,
    finished_at timestamptz,
    archived_at timestamptz,
    flags integer,
    returns smallint,
    redos smallint,
    reached boolean,
    solved boolean,
    satisfied text
) with (toast_tuple_target = 8160);  -- compressing what is read once and deleted would cost more than it saves
create unique index staging_batch on cc.staging (batch, row_no);
