"""Deliveries of the last minutes that nobody named: the same words from the same source are one report.

The database knows this too (``cc.deliver``), but a token is given while it is away, and has to be the report's own for ever.
"""

from datetime import datetime, timedelta
from uuid import UUID

from commandcenter.services.delivering import Delivery


class Recent:
    """Their keys, by what was said and where it came from."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes | str, bytes], tuple[datetime, UUID]] = {}

    def key_of(self, delivery: Delivery, now: datetime, within: timedelta) -> UUID:
        """The key of the first of the same words `within` the time before `now`; else the delivery's own, now the first."""
        while self._known:
            oldest = next(iter(self._known))
            if now - self._known[oldest][0] < within:
                break
            del self._known[oldest]
        return self._known.setdefault(_mark(delivery), (now, delivery.key))[1]

    def correct(self, delivery: Delivery, key: UUID) -> None:
        """The database knew an earlier one, which came through another gateway."""
        known = self._known.get(_mark(delivery))
        if known is not None:
            self._known[_mark(delivery)] = known[0], key

    def forget(self, delivery: Delivery) -> None:
        """It was refused. Where its key is an earlier one's, that stays: somebody may have a token of it."""
        known = self._known.get(_mark(delivery))
        if known is not None and known[1] == delivery.key:
            del self._known[_mark(delivery)]


def _mark(delivery: Delivery) -> tuple[bytes | str, bytes]:
    return delivery.api_key or delivery.source, delivery.digest()
