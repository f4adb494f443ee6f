-- The gateway: keys of the apps that deliver, what citizens look back with, what they say of the result. Words: design glossary.

create table cc.api_keys (  -- of an app or another system; the key itself is shown once and kept nowhere
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    key_hash bytea not null,
    channel_id integer not null,
    label text not null check (label <> '' and length(label) <= 100),
    hour_limit integer not null check (hour_limit > 0),
    active boolean not null default true,
    made_at timestamptz not null,
    made_by text not null,
    primary key (district_id, id),
    unique (district_id, key_hash),
    foreign key (district_id, channel_id) references cc.channels (district_id, id)
);

create table cc.report_tokens (  -- one row a delivery: what makes it recognisable, and opens it to whoever made it
    district_id integer not null default cc.home_district(),
    report_id bigint not null,
    login text not null,
    key uuid not null,
    token_hash bytea not null,
    number text not null,  -- as the citizen was told, whatever the case is called later
    digest bytea not null,  -- of what was delivered: the same key with other words is no retry
    source bytea not null,  -- keyed hash of the API key, or of the address and the day
    api_key_id integer,
    at timestamptz not null,
    primary key (district_id, report_id),
    unique (district_id, key),
    unique (district_id, token_hash),
    foreign key (district_id, api_key_id) references cc.api_keys (district_id, id)
);
create index report_tokens_source on cc.report_tokens (district_id, source, at);
create index report_tokens_number on cc.report_tokens (district_id, number);
create index report_tokens_at on cc.report_tokens (district_id, login, at);

create table cc.ratings (  -- the citizen's own word; the centre calls back all the same
    district_id integer not null default cc.home_district(),
    report_id bigint not null,
    case_id bigint not null,
    at timestamptz not null,
    solved boolean not null,
    satisfied text not null check (satisfied in ('满意', '基本满意', '不满意')),
    words text not null default '' check (length(words) <= 500),
    primary key (district_id, report_id)
);
create index ratings_case on cc.ratings (district_id, case_id);

insert into cc.secrets (name, value) values ('gateway', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
insert into cc.channels (id, code, name, online) values (16, 'qr', '一楼一码', true) on conflict do nothing;
insert into cc.settings (name, value, note) values
    ('gateway_channel', '16', '扫码页面（码上办）登记的诉求所用的渠道编号 [D]'),
    ('gateway_page_hour', '20', '扫码页面：同一来源每小时最多提交几件 [D]'),
    ('gateway_photos', '3', '网关：一件诉求最多几张照片 [D]'),
    ('gateway_photo_mb', '8', '网关：一张照片最大几 MB（最多 20） [D]'),
    ('gateway_decimals', '3', '网关公开查询给出的坐标保留几位小数；3 位约 100 米 [D]'),
    ('gateway_same_minutes', '10', '网关：没有写明标识的重复提交，几分钟内视为同一件 [D]');
