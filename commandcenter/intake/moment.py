"""Dates and times as other systems write them, read into aware UTC datetimes.

Text without a zone is local time in Asia/Shanghai. Numbers are Excel serials (20000 to 80000 days), compact dates
(``20240308090500``) or Unix seconds and milliseconds, told apart by size.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from commandcenter.intake.value import Cell

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_YEAR, LAST_YEAR = 1970, 2100
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a serial counts local days
_FREQUENT = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?", re.ASCII)
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}

_CLOCK = r"""
    (?P<half>am|pm|上午|下午|早上|早晨|晚上|中午|凌晨|傍晚|夜间)?\s*
    (?P<hour>\d{1,2})\s*[:.时点h]\s*
    (?:(?P<minute>\d{1,2})\s*(?:[:.分m'′]\s*)?
       (?:(?P<second>\d{1,2})(?:[.,:](?P<fraction>\d{1,9}))?\s*[秒s"″]?)?)?
    \s*(?P<half_after>am|pm|上午|下午)?
"""
_ZONE = r"\s*(?P<zone>z|utc|gmt|cst|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?)?"
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
    rf"[\s\-]+(?P<year>\d{{4}}){_TAIL}",
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
_SHAPES = (_YEAR_FIRST, _COMPACT, _YEAR_LAST, _MONTH_NAME, _JAVA)
_WEEKDAY = re.compile(
    r"[(\[]?(?:星期|周|礼拜)[一二三四五六日天][)\]]?|^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b[,.]?"
)
_ONLY_CLOCK = re.compile(_CLOCK, re.VERBOSE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_AFTERNOON = frozenset({"pm", "下午", "晚上", "傍晚", "夜间"})


def read_moment(value: Cell, dates: str = "") -> datetime | None:
    """Return the moment a cell means as aware UTC, or None where it means none (or lies outside 1970 to 2100).

    ``dates`` says what ``3/8/2024`` means: ``us`` the month first, ``dmy`` the day; without it the month, as spreadsheets
    write it. What can be read only the other way round is.
    """
    if isinstance(value, str):
        moment = _from_text(value, day_first=dates == "dmy")
    elif isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime.combine(value, time())
    elif isinstance(value, int | float) and not isinstance(value, bool):
        moment = _from_number(float(value))
    else:
        return None
    return _to_utc(moment)


def read_clock(value: Cell) -> time | None:
    """Return the time of day a cell means when it holds nothing but a time of day (``9:05``, 9时5分, 0.378)."""
    if isinstance(value, time):
        return value.replace(tzinfo=None)
    if isinstance(value, timedelta) and timedelta() <= value < timedelta(days=1):
        return (_EXCEL_EPOCH + value).time()
    if isinstance(value, float) and 0 <= value < 1:
        return (_EXCEL_EPOCH + timedelta(seconds=round(value * 86400))).time()
    if isinstance(value, str):
        found = _ONLY_CLOCK.fullmatch(_folded(value))
        clock = _clock(found) if found else None
        return (_EXCEL_EPOCH + clock).time() if clock is not None and clock < timedelta(days=1) else None
    return None


def at_clock(day: datetime, clock: time) -> datetime | None:
    """Return the moment at a local time of day on the local day of a moment (date and time in two columns)."""
    return _to_utc(datetime.combine(day.astimezone(SHANGHAI).date(), clock))


def _to_utc(moment: datetime | None) -> datetime | None:
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def is_ambiguous(value: Cell) -> bool:
    """Tell whether month and day of a cell could be meant either way (``3/8/2024``)."""
    if not isinstance(value, str):
        return False
    found = _YEAR_LAST.fullmatch(_folded(value))
    return found is not None and found["month"] != found["day"] and max(int(found["month"]), int(found["day"])) <= 12


def _from_text(text: str, *, day_first: bool = False) -> datetime | None:
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
    for shape in _SHAPES:
        found = shape.fullmatch(text)
        if found:
            moment = _assemble(found, day_first=day_first)
            if moment is not None:
                return moment
    return _from_number(float(text)) if _NUMBER.fullmatch(text) else None


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("\x00", "").strip().lower()
    text = _WEEKDAY.sub(" ", text).strip().lstrip("'`")
    return text.replace("点半", "点30").replace("时半", "时30").replace("整", "")


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


def _assemble(found: re.Match[str], *, day_first: bool = False) -> datetime | None:
    part = found.groupdict()
    name = part.get("name") or part.get("name_after")
    month = _MONTHS.get(name, 0) if name else int(part["month"])
    day = int(part.get("day") or part.get("day_before") or 0)
    year = int(part["year"])
    if found.re is _YEAR_LAST and ((day_first and day <= 12) or month > 12):  # 25/3/2024 can only be day first
        month, day = day, month
    clock = timedelta()
    if part.get("hour"):
        read = _clock(found)
        if read is None:
            return None
        clock = read
    try:
        moment = datetime(year + 2000 if year < 100 else year, month, day) + clock  # noqa: DTZ001  # zone below
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=_zone(part["zone"]))


def _clock(found: re.Match[str]) -> timedelta | None:
    part = found.groupdict()
    hour, minute, second = (int(part.get(name) or 0) for name in ("hour", "minute", "second"))
    half = part.get("half") or part.get("half_after")
    if (half in _AFTERNOON and hour < 12) or (half == "中午" and hour < 3):  # clock face
        hour += 12
    elif half in {"am", "上午", "凌晨"} and hour == 12:  # clock face
        hour = 0
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):  # clock face
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
