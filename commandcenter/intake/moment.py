"""Dates and times as other systems write them, read into aware UTC datetimes.

Text without a zone is local time in Asia/Shanghai. Numbers are Excel serials (20000 to 80000 days), compact dates
(``20240308090500``) or Unix seconds and milliseconds, told apart by size.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from commandcenter.intake.chinese_time import HALVES, NIGHT, hour_of, in_digits, visible
from commandcenter.intake.value import Cell

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_YEAR, LAST_YEAR = 1970, 2100
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a serial counts local days
_FREQUENT = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?", re.ASCII)
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}

_CLOCK = rf"""
    (?P<half>{HALVES})?\s*
    (?P<hour>\d{{1,2}})\s*[:.时点h]\s*
    (?:(?P<minute>\d{{1,2}})\s*(?:[:.分m'′]\s*)?
       (?:(?P<second>\d{{1,2}})(?:[.,:](?P<fraction>\d{{1,9}}))?\s*[秒s"″]?)?)?
    \s*(?P<half_after>am|pm|上午|下午)?
"""
_ZONE = (
    r"\s*(?P<zone>z|utc|gmt|cst|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?)?"
    r"(?(zone)(?:\s+\(?(?:utc|gmt|cst|中国标准时间|china\s+standard\s+time)\)?)?)"
)
_TAIL = rf"(?:[\s,;t_\-]*{_CLOCK})?{_ZONE}"
_YEAR_FIRST = re.compile(
    rf"""(?P<year>\d{{4}}|\d{{2}}(?=\s*年))\s*[-/.年\\_\s]\s*(?P<month>\d{{1,2}})\s*[-/.月\\_\s]\s*
    (?P<day>\d{{1,2}})\s*[日号]?{_TAIL}""",
    re.VERBOSE,
)
_YEAR_LAST = re.compile(
    rf"(?P<month>\d{{1,2}})\s*[-/.]\s*(?P<day>\d{{1,2}})\s*[-/.]\s*(?P<year>\d{{4}}){_TAIL}", re.VERBOSE
)
_MONTH_NAME = re.compile(
    rf"(?:(?P<name>[a-z]{{3}})[a-z]*\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?|"
    rf"(?P<day_before>\d{{1,2}})[\s\-]+(?P<name_after>[a-z]{{3}})[a-z]*\.?,?)"
    rf"[\s\-]+(?P<year>\d{{4}}|\d{{2}}){_TAIL}",
    re.VERBOSE,
)
_JAVA = re.compile(  # Fri Mar 08 09:05:00 CST 2024
    rf"(?P<name>[a-z]{{3}})\s+(?P<day>\d{{1,2}})\s+{_CLOCK}{_ZONE}\s+(?P<year>\d{{4}})", re.VERBOSE
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:[\st_\-]?(?P<hour>\d{2})(?::?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.]?(?P<fraction>\d{1,6}))?)?)?)?"
    r"\s*(?P<zone>z|[+-]\d{2}:?\d{2})?"
)
_SHORT_YEAR = re.compile(rf"(?P<a>\d{{1,2}})(?P<mark>[-/])(?P<b>\d{{1,2}})(?P=mark)(?P<c>\d{{1,2}}){_TAIL}", re.VERBOSE)
_CLOCK_FIRST = re.compile(r"((?:[^\d\s]{1,2}\s*)?\d{1,2}\s*[:点时]\S*(?:\s*[ap]m)?),?\s+(\d{1,4}[-/.年]\S.*)")
_SHAPES = (_YEAR_FIRST, _COMPACT, _YEAR_LAST, _MONTH_NAME, _JAVA, _SHORT_YEAR)
_WEEKDAY = re.compile(
    r"[(\[]?(?:星期|周|礼拜)[一二三四五六日天][)\]]?|^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b[,.]?"
)
_ONLY_CLOCK = re.compile(_CLOCK, re.VERBOSE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DAY_FIRST, _MONTH_FIRST = ("cba", "cab", "abc"), ("cab", "abc", "cba")
"""Which of three short numbers is year, month and day: the first that makes a date holds."""


def read_moment(value: Cell, dates: str = "") -> datetime | None:
    """Return the moment a cell means as aware UTC, or None where it means none (or lies outside 1970 to 2100).

    ``dates`` says what ``3/8/2024`` means: ``us`` the month first, ``dmy`` the day; without it the month, as spreadsheets
    write it. What can be read only the other way round is. Of years of two digits the same; ``25/3/8`` begins with its year.
    """
    if isinstance(value, str):
        moment = _from_text(value, dates)
    elif isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime.combine(value, time())
    elif isinstance(value, int | float) and not isinstance(value, bool):
        moment = _from_number(float(value))
    else:
        return None
    return _to_utc(moment)


def read_clock(value: Cell) -> timedelta | None:
    """Return how long after midnight a cell is that holds nothing but a time of day (``9:05``, 9时5分, 0.378).

    晚上12点 is the midnight that ends the day, 24 hours.
    """
    if isinstance(value, datetime):
        return read_clock(value.time()) if value.year <= 1900 else None  # Excel's day zero: only a time
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    if isinstance(value, timedelta) and timedelta() <= value < timedelta(days=1):
        return value
    if isinstance(value, float) and 0 <= value < 1:
        return timedelta(seconds=round(value * 86400))
    if isinstance(value, str):
        found = _ONLY_CLOCK.fullmatch(_folded(value))
        return _clock(found) if found else None
    return None


def at_clock(day: datetime, clock: timedelta) -> datetime | None:
    """Return the moment so long after midnight on the local day of a moment (date and time in two columns)."""
    return _to_utc(datetime.combine(day.astimezone(SHANGHAI).date(), time()) + clock)


def _to_utc(moment: datetime | None) -> datetime | None:
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def is_ambiguous(value: Cell) -> bool:
    """Tell whether month and day of a cell could be meant either way (``3/8/2024``), or its year (``25/3/8``)."""
    if not isinstance(value, str):
        return False
    text = _folded(value)
    found = _YEAR_LAST.fullmatch(text)
    if found is None:
        found = _SHORT_YEAR.fullmatch(text)
        return found is not None and len(set(_short_dates(found, ""))) > 1
    return found["month"] != found["day"] and max(int(found["month"]), int(found["day"])) <= 12


def _from_text(text: str, dates: str) -> datetime | None:
    frequent = _FREQUENT.fullmatch(text)
    if frequent:
        year, month, day, hour, minute, second = frequent.groups("0")
        try:
            return datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=SHANGHAI)
        except ValueError:
            pass  # 24:00, second 60: the patient way below decides
    text = _folded(text)
    if not text:
        return None
    moment = _shaped(text, dates)
    if moment is None and (turned := _CLOCK_FIRST.fullmatch(text)):
        moment = _shaped(f"{turned[2]} {turned[1]}", dates)
    return _from_number(float(text)) if moment is None and _NUMBER.fullmatch(text) else moment


def _shaped(text: str, dates: str) -> datetime | None:
    for shape in _SHAPES:
        found = shape.fullmatch(text)
        if found:
            moment = _assemble(found, dates)
            if moment is not None:
                return moment
    return None


def _folded(text: str) -> str:
    simple = text.isascii()
    if not simple:
        text = visible(unicodedata.normalize("NFKC", text))
    text = _WEEKDAY.sub(" ", text.replace("\x00", "").strip().lower()).strip().lstrip("'`")
    return text if simple else in_digits(text)


def _from_number(number: float) -> datetime | None:
    if 20000 <= number < 80000:  # Excel serials of 1954 to 2119
        return _EXCEL_EPOCH + timedelta(seconds=round(number * 86400))
    compact = _COMPACT.fullmatch(f"{number:.0f}")
    moment = _assemble(compact) if compact and number.is_integer() else None
    if moment is not None and FIRST_YEAR <= moment.year <= LAST_YEAR:
        return moment
    if 1e9 <= number < 4.1e9:  # Unix seconds of 2001 to 2099
        return datetime.fromtimestamp(number, UTC)
    if 1e12 <= number < 4.1e12:  # Unix milliseconds
        return datetime.fromtimestamp(number / 1000, UTC)
    return None


def _assemble(found: re.Match[str], dates: str = "") -> datetime | None:
    day = next(_short_dates(found, dates), None) if found.re is _SHORT_YEAR else _long_date(found, dates)
    part = found.groupdict()
    clock = _clock(found) if part.get("hour") else timedelta()
    if day is None or clock is None:
        return None
    try:
        return (datetime.combine(day, time()) + clock).replace(tzinfo=_zone(part["zone"]))
    except OverflowError:
        return None


def _long_date(found: re.Match[str], dates: str) -> date | None:
    part = found.groupdict()
    name = part.get("name") or part.get("name_after")
    month = _MONTHS.get(name, 0) if name else int(part["month"])
    day = int(part.get("day") or part.get("day_before") or 0)
    if found.re is _YEAR_LAST and ((dates == "dmy" and day <= 12) or month > 12):  # 25/3/2024 can only be day first
        month, day = day, month
    return _date(int(part["year"]), month, day)


def _short_dates(found: re.Match[str], dates: str) -> Iterator[date]:
    """Yield what ``3/8/24`` can mean, the likeliest first."""
    for order in _DAY_FIRST if dates == "dmy" else _MONTH_FIRST:
        year, month, day = (int(found[each]) for each in order)
        meant = _date(year, month, day)
        if meant is not None:
            yield meant


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year if year > 99 else year + (2000 if year < 70 else 1900), month, day)
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> timedelta | None:
    part = found.groupdict()
    hour, minute, second = (int(part.get(name) or 0) for name in ("hour", "minute", "second"))
    half = part.get("half") or part.get("half_after") or ""
    if half:
        hour = hour_of(half, hour)
    ends = hour == 24 and half not in NIGHT  # half past twelve at night is half an hour into the next day
    if hour > 24 or minute > 59 or second > 60 or (ends and (minute or second)):  # clock face
        return None
    micro = int((part.get("fraction") or "0")[:6].ljust(6, "0"))
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)


def _zone(text: str | None) -> ZoneInfo | timezone | None:
    if not text or text == "cst":
        return None
    digits = text.removeprefix("utc").removeprefix("gmt")
    if digits in {"", "z"}:
        return UTC
    hours, minutes = int(digits[1:3].rstrip(":")), int(digits[-2:]) if len(digits) > 3 else 0  # +08
    if hours > 14 or minutes > 59:  # no such zone on earth
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if digits[0] == "-" else offset)
