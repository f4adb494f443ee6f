-- 并单: links between cases, themes, what may be a repeat. Words: design glossary.

-- The case it is merged into; null: a case of its own. A source keeps its row, and its history.
alter table cc.cases add column merged_into bigint;
alter table cc.cases_archive add column merged_into bigint;
create index cases_merged_into on cc.cases (district_id, merged_into) where merged_into is not null;
create index cases_archive_merged_into on cc.cases_archive (district_id, merged_into) where merged_into is not null;

-- The case it was registered with, whatever its case is merged into: reports.case_id is always the root of reports.home_id.
alter table cc.reports add column home_id bigint;
update cc.reports set home_id = case_id;
alter table cc.reports alter column home_id set not null;

alter table cc.case_scope drop constraint case_scope_reason_check;
alter table cc.case_scope add constraint case_scope_reason_check check (reason in ('assignment', 'whistle', 'merge'));

alter table cc.write_keys add column answer jsonb;  -- of a deed that answers with more than one case

create table cc.merges (  -- one row a link; undone ones are kept
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    kept_id bigint not null,
    source_id bigint not null,
    at timestamptz not null,
    actor text not null,  -- cc_system: the machine
    cause text not null check (cause in ('person', 'machine')),
    score double precision check (score between 0 and 1),
    reasons jsonb not null default '[]' check (jsonb_typeof(reasons) = 'array'),
    words text not null default '' check (length(words) <= 500),
    undone_at timestamptz,
    undone_by text,
    undo_reason text not null default '',
    -- what the source gave the kept case
    seq bigint not null,  -- the kept case's journal when it was linked: what is younger came after it
    grade smallint not null check (grade between 0 and 4),
    accept_due_at timestamptz,
    soon_at timestamptz,
    due_at timestamptz,
    provisional boolean not null default false,
    joined bigint[] not null default '{}',  -- assignments of the source's units that were made on the kept case
    whistle_id bigint,  -- live, and carried along
    -- what the source had, to be given back
    source_state smallint not null check (source_state between 0 and 5),
    source_holder text not null default '',
    source_held_at timestamptz,
    ended bigint[] not null default '{}',  -- assignments that the merge ended
    whistle_path text collate "C",
    primary key (district_id, id),
    check ((undone_at is null) = (undone_by is null)),
    check (kept_id <> source_id)
);
create index merges_kept on cc.merges (district_id, kept_id);
create index merges_source on cc.merges (district_id, source_id);
create unique index merges_standing on cc.merges (district_id, source_id) where undone_at is null;
create index merges_at on cc.merges (district_id, at);

create table cc.merge_bases (  -- grade and clocks that a case with standing links would have without them
    district_id integer not null default cc.home_district(),
    case_id bigint not null,
    seq bigint not null,  -- its journal at the first link
    grade smallint not null,
    flags integer not null,
    accept_due_at timestamptz,
    return_until timestamptz,
    soon_at timestamptz,
    due_at timestamptz,
    became jsonb not null,  -- the clocks it was given by the last link: others mean that they were moved since
    moved boolean not null default false,
    primary key (district_id, case_id)
);

create table cc.relations (  -- 关联: belong together without being one matter
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    case_id bigint not null,  -- the smaller id of the two
    other_id bigint not null,
    kind text not null check (kind in ('opposite', 'related')),
    words text not null default '' check (length(words) <= 500),
    at timestamptz not null,
    actor text not null,
    ended_at timestamptz,
    ended_by text,
    primary key (district_id, id),
    check (case_id < other_id)
);
create unique index relations_standing on cc.relations (district_id, case_id, other_id) where ended_at is null;
create index relations_other on cc.relations (district_id, other_id);

create table cc.themes (  -- 聚合: cases under one title, each still handled by itself
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    title text not null check (btrim(title) <> '' and length(title) <= 60),
    opened_at timestamptz not null,
    opened_by text not null,
    closed_at timestamptz,
    closed_by text,
    primary key (district_id, id)
);
create unique index themes_title on cc.themes (district_id, title) where closed_at is null;

create table cc.theme_cases (
    district_id integer not null default cc.home_district(),
    theme_id bigint not null,
    case_id bigint not null,
    added_at timestamptz not null,
    added_by text not null,
    primary key (district_id, theme_id, case_id),
    foreign key (district_id, theme_id) references cc.themes (district_id, id)
);
create index theme_cases_case on cc.theme_cases (district_id, case_id);

create table cc.repeat_hints (  -- 疑似重复: found by the machine for cases at rest; one row a pair
    district_id integer not null default cc.home_district(),
    case_id bigint not null,
    other_id bigint not null,
    score double precision not null check (score between 0 and 1),
    verdict text not null check (verdict in ('same', 'likely', 'related', 'weak')),
    reasons jsonb not null default '[]' check (jsonb_typeof(reasons) = 'array'),
    found_at timestamptz not null,
    state text not null default 'open' check (state in ('open', 'merged', 'dismissed')),
    at timestamptz,  -- decided
    actor text,
    words text not null default '' check (length(words) <= 500),
    primary key (district_id, case_id, other_id),
    check (case_id <> other_id),
    check ((state = 'open') = (at is null))
);
create unique index repeat_hints_pair on cc.repeat_hints (district_id, least(case_id, other_id), greatest(case_id, other_id));
create index repeat_hints_other on cc.repeat_hints (district_id, other_id);
create index repeat_hints_open on cc.repeat_hints (district_id, score desc, found_at) where state = 'open';

-- The source goes, the kept case takes it up, undone both are as they were; 'split' takes one report out.
insert into cc.transitions (from_state, verb, to_state, role)
select s, 'merge', 8, r from generate_series(0, 5) s, unnest('{cc_duty,cc_supervisor,system}'::text[]) r
union all  -- 8: into a case that is itself merged, for a later report that names it
select s, 'absorb', s, r from unnest('{0,1,2,3,4,5,8}'::integer[]) s, unnest('{cc_duty,cc_supervisor,system}'::text[]) r
union all
select 8, 'unmerge', s, r from generate_series(0, 5) s, unnest('{cc_duty,cc_supervisor}'::text[]) r
union all
select s, 'unmerge', s, r from generate_series(0, 9) s, unnest('{cc_duty,cc_supervisor}'::text[]) r
union all
select s, 'split', s, r from generate_series(0, 6) s, unnest('{cc_duty,cc_supervisor}'::text[]) r
union all
select -1, 'split', s, r from generate_series(0, 1) s, unnest('{cc_duty,cc_supervisor}'::text[]) r;

-- A live whistle of the source goes along, and comes back.
insert into cc.steps (entity, from_state, verb, to_state, role)
select e, s, 'carry', s, r from unnest('{whistle,party}'::text[]) e, generate_series(0, 7) s,
    unnest('{cc_duty,cc_supervisor,system}'::text[]) r;

insert into cc.settings (name, value, note) values
    -- Off in a new centre, until it has seen for some weeks what the machine would merge (DECISIONS).
    ('auto_merge', '0', '疑似重复达到自动并单的把握时由系统并单：1 开，0 关 [D]');

-- Finding repeats (64_repeats.sql): reports by where they are, to a quarter of a hundredth of a degree, and by who told them,
-- the newest of each at hand; and the cases that came and were not yet compared with others.
create index reports_cell on cc.reports (district_id, floor(lon * 400), floor(lat * 400), received_at desc)
    where lon is not null;
drop index cc.citizens_phone;
create index citizens_phone on cc.citizens (district_id, phone_hash, report_id) where phone_hash is not null;

create table cc.repeats_due (
    district_id integer not null default cc.home_district(),
    case_id bigint not null,
    at timestamptz not null,
    tries smallint not null default 0,
    primary key (district_id, case_id)
);
create index repeats_due_at on cc.repeats_due (district_id, tries, at, case_id);

insert into cc.settings (name, value, note) values
    ('repeat_days', '90', '找疑似重复时，往前看多少天的诉求 [D]'),
    ('repeat_suggest', '0.25', '疑似重复：把握（0–1）达到多少时提示人 [D]'),
    ('repeat_auto', '0.69', '疑似重复：把握（0–1）达到多少、且用词或诉求人也支持时，系统可以并单（见 auto_merge） [D]'),
    ('repeat_weights', '{}', '疑似重复：改动的权重，如 {"citizen": 1.6}；没有写的按程序自带的 [D]');
