-- A day's counter becomes lanes (sql/39_numbers.sql): who registers holds one of them until the commit, and not all.

alter table cc.day_numbers rename to day_counters;
create table cc.day_numbers (  -- the next case number of each lane of a day
    district_id integer not null default cc.home_district(),
    day date not null,
    lane smallint not null,
    next integer not null,
    primary key (district_id, day, lane)
);
insert into cc.day_numbers (district_id, day, lane, next)
select d.district_id, d.day, l, l + 1 + (d.last + 7 - l) / 8 * 8 from cc.day_counters d, generate_series(0, 7) l;
drop table cc.day_counters;
