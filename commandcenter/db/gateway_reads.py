"""What the gateway asks: services, places, its own reports; and an administrator about its keys."""

from typing import Final

from commandcenter.db.reads import AREAS, CATEGORIES, CENTRE, CHANNELS, OUTLINES, WHO, rows

__all__ = ["AREAS", "CATEGORIES", "CENTRE", "CHANNELS", "OUTLINES", "WHO", "rows"]

DELIVERED: Final = """
    select * from cc.delivered(p_numbers => cast(:numbers as text[]), p_categories => cast(:categories as integer[]),
        p_since => cast(:since as timestamptz), p_until => cast(:until as timestamptz), p_open => cast(:open as boolean),
        p_token => cast(:token as text), p_skip => cast(:skip as integer), p_most => cast(:most as integer))
"""
API_KEYS: Final = "select * from cc.api_key_list()"
JURISDICTION: Final = "select cc.home_district()"
LIMITS: Final = """
    select name, (value #>> '{}')::integer as value from cc.settings
    where name in ('gateway_photos', 'gateway_photo_mb', 'gateway_page_hour', 'gateway_same_minutes')
"""
