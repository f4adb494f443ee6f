"""What finding repeats asks (sql/64_repeats.sql); every question under the asker's own sight."""

from typing import Final

import asyncpg

Row = asyncpg.Record
"""A row as the driver gives it."""

# Of many at once: the probes of all stand in one list, each one's from where to where (likewise their ends and weights).
CANDIDATES: Final = """
    select q.place::integer as asked, c.* from unnest($4::integer[], $5::integer[], $6::integer[], $7::integer[], $8::text[], $9::bigint[],
        $10::double precision[], $11::double precision[], $12::integer[], $13::bigint[], $14::timestamptz[], $15::timestamptz[])
        with ordinality as q (first, last, begins, stops, phone, report, lon, lat, category, own, since, at, place)
    cross join lateral cc.repeat_candidates(($1::integer[])[q.first : q.last], ($2::integer[])[q.begins : q.stops],
        ($3::double precision[])[q.begins : q.stops], q.phone, q.report, q.lon, q.lat, q.category, q.own, q.since, $16, q.at, $17) c
"""
SPEAKERS: Final = "select * from cc.repeat_speakers($1, $2, $3)"
NEXT: Final = "select * from cc.repeats_next($1)"
DONE: Final = "select cc.repeats_done($1, $2)"
FAILED: Final = "select cc.repeats_done($1, true)"
ALL_DONE: Final = "select count(cc.repeats_done(c, false)) from unnest($1::bigint[]) c"
HINTS: Final = "select count(cc.save_hints(h.case_id, h.said)) from unnest($1::bigint[], $2::jsonb[]) h (case_id, said)"
OPPOSITE: Final = "select cc.note_opposites($1, $2)"
LEFT: Final = "select waiting, failed, since from cc.repeats_left()"
SETTINGS: Final = """
    select name, value #>> '{}' as value from cc.settings where district_id = cc.home_district()
    and name in ('repeat_days', 'repeat_suggest', 'repeat_auto', 'repeat_weights', 'auto_merge')
"""
# As the server last counted, or as many as fill the table's pages, two thousand bytes each, about.
SIZE: Final = """
    select greatest(reltuples::bigint, pg_relation_size(oid) / 2000) as reports from pg_class where oid = 'cc.reports'::regclass
"""
NEWEST: Final = """
    select content from cc.reports where district_id = cc.home_district() order by received_at desc limit :most
"""
