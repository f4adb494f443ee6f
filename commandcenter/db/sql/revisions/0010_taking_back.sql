-- Taking back: what a case's place was before it was placed; what was dismissed lately.

create table cc.placings (  -- one row a placing; those taken back are kept
    district_id integer not null default cc.home_district(),
    case_id bigint not null,
    version integer not null,  -- the case's, which the placing gave it
    at timestamptz not null,
    actor text not null,
    seq bigint not null,  -- the case's journal when it was placed: what is younger came after it
    was jsonb not null,  -- as cc.place_of has it
    became jsonb not null,
    scopes jsonb not null default '[]',  -- the sight it gave to who works on the case
    undone_at timestamptz,
    undone_by text,
    primary key (district_id, case_id, version),
    check ((undone_at is null) = (undone_by is null))
);

create index repeat_hints_dismissed on cc.repeat_hints (district_id, at) where state = 'dismissed';

insert into cc.transitions (from_state, verb, to_state, role)
select s, v, s, r
from generate_series(0, 6) s, unnest('{place,unplace}'::text[]) v, unnest('{cc_duty,cc_supervisor,cc_caller}'::text[]) r
on conflict do nothing;  -- place was there before, written by sql/41_place.sql

insert into cc.settings (name, value, note) values
    ('place_off_m', '200', '定位时，坐标最多可以在所选区域的边界以外多少米；更远的须改选区域或重新点图 [D]');
