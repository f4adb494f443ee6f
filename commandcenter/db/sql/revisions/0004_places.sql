-- The county's gazetteer 地名: what an address may name besides the areas themselves. Words: design glossary.

create table cc.places (
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    name text not null check (name <> '' and length(name) <= 60),
    aliases text[] not null default '{}',
    kind text not null check (kind in ('estate', 'village', 'road', 'school', 'hospital', 'market', 'landmark')),
    area_id integer not null,  -- the smallest area it lies in as a whole: of a road through several communities, their town
    lon double precision check (lon between -180 and 180),
    lat double precision check (lat between -90 and 90),
    doors jsonb not null default '[]' check (jsonb_typeof(doors) = 'array'),  -- of a road: [[number, lon, lat], …], ascending
    source text not null default 'hand' check (source in ('hand', 'import', 'learned', 'demo')),
    primary key (district_id, id),
    unique (district_id, area_id, kind, name),
    foreign key (district_id, area_id) references cc.areas (district_id, id),
    check ((lon is null) = (lat is null))
);

insert into cc.settings (name, value, note) values
    ('place_threshold', '0.75', '按地址认定区域的最低把握（0 至 1）；不到的列入待定位 [D]'),
    ('place_learn_cases', '3', '从档案学一个地名，至少要有几件工单都在那里 [D]'),
    ('place_learn_metres', '300', '从档案学一个地名，这些工单离它们的中心不超过多少米 [D]');
