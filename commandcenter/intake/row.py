"""One row of another system's file, understood: canonical values next to the untouched original."""

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from commandcenter.intake.value import Cell


@dataclass(frozen=True, slots=True)
class ImportRow:
    """What one citizen said once, as another system recorded it (domain.md §2).

    Texts are ``""`` where the file says nothing. ``received_at`` is aware UTC; ``lon``/``lat`` are WGS-84 degrees or
    both None. ``more`` holds the other understood facts as text, by field name; ``raw`` is the row as it stood, by
    unique column name.
    """

    content: str
    received_at: datetime
    title: str = ""
    channel_name: str = ""
    foreign_number: str = ""
    kind: str = ""
    category: str = ""
    place: str = ""
    town: str = ""
    community: str = ""
    lon: float | None = None
    lat: float | None = None
    citizen_name: str = ""
    citizen_phone: str = ""
    citizen_address: str = ""
    confidential: bool = False
    unit_name: str = ""
    status: str = ""
    reply: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, Cell] = field(default_factory=dict)

    def raw_json(self) -> str:
        """Return the untouched row as JSON that a jsonb column takes (NUL, which it refuses, is shown as ␀)."""
        try:
            text = _PLAIN.encode(self.raw)
        except ValueError:  # a number that JSON has no word for
            text = _PLAIN.encode({name: _json(value) for name, value in self.raw.items()})
        return text.replace("\\u0000", "␀")


def fingerprint(row: ImportRow, *, channel: str = "") -> bytes:
    """Return 32 bytes that are equal for rows saying the same thing once; ``channel`` stands in where a row has none.

    With a number of the other system: (channel, number). Without, or where the number is a bare ordinal of up to four
    digits that any other file may use again: content without spaces and punctuation, minute of receipt, channel (and
    the ordinal).
    """
    where = _folded(row.channel_name or channel)
    number = _folded(row.foreign_number)
    if number and not (number.isdigit() and len(number) <= 4):
        return _hash("number", where, number)
    minute = row.received_at.astimezone(UTC).strftime("%Y%m%d%H%M")
    return _hash("content", where, number, minute, _folded(row.content))


def _hash(*parts: str) -> bytes:
    # Lengths keep ("a", "bc") apart from ("ab", "c").
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "replace")).digest()


def _folded(text: str) -> str:
    """Return text for comparing: width and case aside, only letters and digits (all of it, where it has none)."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return _SILENT.sub("", text) or "".join(text.split())


def _json(value: Cell) -> str | int | float | bool | None:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


_PLAIN = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_json)
_SILENT = re.compile(r"[\W_]+")  # all but letters and digits, as str.isalnum has them


def raw_of(names: Sequence[str], cells: Sequence[Cell]) -> dict[str, Cell]:
    """Return unique column name → original cell; every name present, cells beyond the header included by letter."""
    from commandcenter.intake.header import letters

    raw: dict[str, Cell] = dict(zip(names, cells, strict=False))
    if len(cells) > len(names):
        for index in range(len(names), len(cells)):
            if cells[index] not in {"", None}:
                raw[f"列{letters(index)}"] = cells[index]
    elif len(cells) < len(names):
        raw.update(dict.fromkeys(names[len(cells) :], ""))
    return raw
