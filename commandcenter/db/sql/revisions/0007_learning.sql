-- 研习: models and corrections; 直办: knowledge and templates. Words: design glossary.

alter table cc.categories add column keywords text[] not null default '{}';  -- what people call it: suggests without an archive

create table cc.models (  -- what was learned from the archive, version by version
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    kind text not null check (kind in ('category', 'repeats')),
    version integer not null check (version > 0),
    made_at timestamptz not null,
    made_by text not null,
    content bytea not null check (octet_length(content) between 1 and 134217728),
    sha256 bytea not null,  -- of the content: what was damaged is not read
    figures jsonb not null check (jsonb_typeof(figures) = 'object'),
    training jsonb not null check (jsonb_typeof(training) = 'object'),
    active boolean not null default false,
    primary key (district_id, id),
    unique (district_id, kind, version)
);
alter table cc.models alter column content set storage external;  -- packed already
create unique index models_active on cc.models (district_id, kind) where active;

create table cc.corrections (  -- an officer set another category than the one proposed
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    at timestamptz not null,
    actor text not null,
    case_id bigint not null,
    report_id bigint not null,
    proposed integer not null,
    chosen integer not null,
    primary key (district_id, id),
    foreign key (district_id, proposed) references cc.categories (district_id, id),
    foreign key (district_id, chosen) references cc.categories (district_id, id),
    check (proposed <> chosen)
);
create index corrections_at on cc.corrections (district_id, at);
create index corrections_report on cc.corrections (district_id, report_id, at);

create table cc.answers (  -- 常见问题
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    question text not null check (question <> '' and length(question) <= 200),
    answer text not null check (answer <> '' and length(answer) <= 4000),
    category_id integer,
    keywords text[] not null default '{}',
    unit_id integer,  -- who answers for it, and is asked when it has to be renewed
    valid_until date,  -- the last day
    primary key (district_id, id),
    unique (district_id, question),
    foreign key (district_id, category_id) references cc.categories (district_id, id),
    foreign key (district_id, unit_id) references cc.units (district_id, id)
);

create table cc.templates (  -- 话术: words that are typed again and again
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    name text not null check (name <> '' and length(name) <= 40),
    part text not null check (part in ('content', 'answer', 'note')),
    words text not null check (words <> '' and length(words) <= 4000),
    place integer not null default 0,  -- in what order they are offered
    primary key (district_id, id),
    unique (district_id, part, name)
);

insert into cc.transitions (from_state, verb, to_state, role) values
    (0, 'answer_now', 7, 'cc_duty'), (0, 'answer_now', 7, 'cc_supervisor'),
    (1, 'answer_now', 7, 'cc_duty'), (1, 'answer_now', 7, 'cc_supervisor');
insert into cc.settings (name, value, note) values
    ('model_samples', '30000', '训练智能受理模型时，最多取最近多少件已确认分类的诉求 [D]'),
    ('model_correction_weight', '3', '训练时，一次人工纠正顶多少件普通诉求 [D]'),
    ('model_corrections', '500', '还没有训练进去的纠正，最多记住最近多少次 [D]'),
    ('answer_now_grade', '3', '直办：最急到哪一级（0 红 1 橙 2 黄 3 蓝 4 绿）；更急的须登记派单 [D]'),
    ('answer_now_kinds', '["咨询", "建议", "表扬"]', '直办：哪些类型的诉求可以当场答复办结 [D]'),
    ('caller_days', '30', '受理时，数这个电话号码最近多少天的来电 [D]');
