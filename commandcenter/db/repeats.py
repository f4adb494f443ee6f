"""What finding repeats asks (sql/64_repeats.sql); every question under the asker's own sight."""

from typing import Final

import asyncpg

Row = asyncpg.Record
"""A row as the driver gives it."""

CANDIDATES: Final = "select * from cc.repeat_candidates($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
SPEAKERS: Final = "select * from cc.repeat_speakers($1, $2, $3)"
NEXT: Final = "select * from cc.repeats_next($1)"
DONE: Final = "select cc.repeats_done($1, $2)"
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
