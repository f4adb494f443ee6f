-- 导入: profiles, runs, watched folders, and what a later export of the same cases may change. Words: design glossary.

create table cc.import_profiles (  -- how one source's files are read; recognised again by their header
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    name text not null check (name <> '' and length(name) <= 60),
    channel_id integer,
    crs text not null default '' check (crs in ('', 'wgs84', 'gcj02', 'bd09')),
    dates text not null default '' check (dates in ('', 'us', 'dmy')),  -- what 3/8/2024 means: month first, day first
    header text[] not null default '{}',  -- folded names of the columns of the file it was made from
    columns jsonb not null default '{}' check (jsonb_typeof(columns) = 'object'),  -- column's name -> field; '' leaves it alone
    words jsonb not null default '{}' check (jsonb_typeof(words) = 'object'),  -- field -> the source's word -> ours
    primary key (district_id, id),
    unique (district_id, name),
    foreign key (district_id, channel_id) references cc.channels (district_id, id)
);

create table cc.import_runs (  -- one row a file on its way in, from its first row to its last
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    file_name text not null,
    file_hash bytea not null,
    file_size bigint not null,
    way bytea not null,  -- digest of how it is read: the same file read otherwise is another run
    channel_id integer,
    profile text not null default '',
    machine text not null,
    actor text not null,
    began_at timestamptz not null,
    beat_at timestamptz not null,
    ended_at timestamptz,
    state text not null check (state in ('running', 'stopped', 'done')),
    last_row integer not null default 0,  -- of the file: up to here all is committed
    rows integer,
    accepted integer not null default 0,
    duplicates integer not null default 0,
    updated integer not null default 0,
    untouched integer not null default 0,
    unplaced integer not null default 0,
    rejected integer,
    primary key (district_id, id),
    foreign key (district_id, channel_id) references cc.channels (district_id, id)
);
create unique index import_runs_open on cc.import_runs (district_id, file_hash, way) where state <> 'done';
create index import_runs_began on cc.import_runs (district_id, began_at desc);

create table cc.watched_folders (  -- a folder of one machine, whose files are taken in as they come
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    machine text not null check (machine <> ''),
    folder text not null check (folder <> ''),
    channel_id integer not null,
    profile text not null default '',
    crs text not null default '' check (crs in ('', 'wgs84', 'gcj02', 'bd09')),
    active boolean not null default true,
    primary key (district_id, id),
    unique (district_id, machine, folder),
    foreign key (district_id, channel_id) references cc.channels (district_id, id)
);

-- What a later export of a case that is here already may change. source: it is the other system's own word, kept beside
-- ours; missing: where we have nothing; untouched: while nobody here has decided anything; never: told, and left.
create table cc.import_fields (
    district_id integer not null default cc.home_district(),
    field text not null,
    rule text not null check (rule in ('source', 'missing', 'untouched', 'never')),
    note text not null default '',
    primary key (district_id, field)
);
insert into cc.import_fields (field, rule, note) values
    ('status', 'source', '对方系统的办理状态，另存，不动本中心的状态 [D]'),
    ('reply', 'source', '对方系统的办理结果，另存 [D]'),
    ('unit', 'source', '对方系统的承办单位，另存，不动本中心的派单 [D]'),
    ('assist_units', 'source', '对方系统的协办单位，另存 [D]'),
    ('finished_at', 'source', '对方系统的办结时间，另存 [D]'),
    ('satisfied', 'source', '对方系统的满意情况，另存；回访由本中心进行 [D]'),
    ('place', 'missing', '地点为空时补上 [D]'),
    ('point', 'missing', '没有坐标时补上 [D]'),
    ('area', 'missing', '没有区域时补上 [D]'),
    ('category', 'untouched', '待受理且无人经手时随对方改 [D]'),
    ('kind', 'untouched', '待受理且无人经手时随对方改 [D]'),
    ('grade', 'untouched', '待受理且无人经手时随对方改 [D]'),
    ('content', 'never', '登记后的原话不改 [D]'),
    ('received_at', 'never', '登记后的诉求时间不改 [D]');

alter table cc.staging add column source jsonb;  -- canonical field -> the other system's word, of the fields ruled 'source'
alter table cc.reports add column source jsonb;
