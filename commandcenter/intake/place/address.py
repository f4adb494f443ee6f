"""What an address consists of besides names: administrative prefixes, house numbers, buildings and units."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

BREAK = "|"
"""Stands where nothing may be read across."""

_BLANK = re.compile(r"\s+")
_MARKS = re.compile(r"[，,。.；;：:、（）()\[\]【】“”\"'‘’《》<>?？!！|/\\]+")
_PROVINCE = re.compile(r"[^|\d]{2,3}省|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区")
_CITY = re.compile(r"[^|\d省市区县镇乡村路街]{2,4}(?:市|州|盟|地区)(?!场|民|政|委|府|里|内|区)")
_COUNTY = re.compile(r"[^|\d省市区县镇乡村路街]{1,4}(?<!小)(?<!社)(?<!园)[市县区](?!场|民|政|委|府|里|内|区|医|直)")
_DIGITS = "零一二三四五六七八九"
_DOOR = re.compile(
    r"(?:门牌)?(?:(\d{1,5})|([一二三四五六七八九十百零]{1,6}))(?:[-—之]\d{1,4})?号(?!楼|院|线|桥|井|机|门|库|厂)"
)
_BUILDING = re.compile(
    r"[A-Za-z]?\d{1,4}[A-Za-z]?(?:号楼|号院|栋|幢|座|单元|号|室|户|层|楼|#)|[A-Za-z](?:栋|幢|座|区)"
    r"|[东西南北中]单元|\d{1,4}(?:[-—]\d{1,4}){1,3}|[一二三四五六七八九十]{1,3}(?:号楼|栋|幢|单元|楼)|\d+"
)
_NEAR = re.compile(r"附近|门口|[东西南北]门|对面|旁边?|路口|交叉口|交汇处|[东南西北]侧|处$")
CROSSING = re.compile(r"[与和、跟\-—~|]")
"""What stands between two roads that meet."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address made plain: narrow characters, no blanks, marks as `BREAK`, without province, city and county."""

    text: str
    outside: bool
    """It begins with a city and a county, and neither is ours."""
    elsewhere: bool
    """It begins with one city or county that is not ours: it may be the city we lie in."""


def read_address(texts: tuple[str, ...], county: tuple[str, ...], is_known: Callable[[str], bool]) -> Address:
    """Make parts of an address plain and take the administrative prefixes off.

    `county` are our own county's names; `is_known` tells whether a text begins with a name of ours: 大都市花园 is no city.
    """
    joined = BREAK.join(text for text in texts if text)
    text = _BLANK.sub("", unicodedata.normalize("NFKC", joined))
    text = _MARKS.sub(BREAK, text).strip(BREAK)
    return _without_prefix(text, county, is_known)


def plain_text(text: str) -> Address:
    """Make a longer text plain that may mention places."""
    return Address(
        _MARKS.sub(BREAK, _BLANK.sub("", unicodedata.normalize("NFKC", text))), outside=False, elsewhere=False
    )


def _without_prefix(text: str, county: tuple[str, ...], is_known: Callable[[str], bool]) -> Address:
    strangers = 0
    ours = False
    while text:
        own = next((name for name in county if text.startswith(name)), "")
        if own:
            ours, text = True, text[len(own) :].lstrip(BREAK)
            continue
        found = (
            None
            if ours or is_known(text)
            else _PROVINCE.match(text) or _CITY.match(text) or (strangers and _COUNTY.match(text))
        )
        if not found:
            break
        strangers += not found[0].endswith(("省", "自治区"))
        text = text[found.end() :].lstrip(BREAK)
    return Address(text, not ours and strangers > 1, not ours and strangers == 1)


def door_after(text: str, end: int) -> tuple[int, int] | None:
    """Return (house number, where it ends) of a number that stands right behind `end`: 12号, 十二号, 12-3号."""
    found = _DOOR.match(text, end)
    if not found:
        return None
    number = int(found[1]) if found[1] else _counted(found[2])
    return (number, found.end()) if number else None


def without_buildings(text: str) -> str:
    """Return the text with buildings, units, rooms and words like 附近 each replaced by `BREAK`s of the same length."""
    text = _BUILDING.sub(lambda found: BREAK * len(found[0]), text)
    return _NEAR.sub(lambda found: BREAK * len(found[0]), text)


def _counted(word: str) -> int:
    """十二 → 12, 一百零八 → 108; 0 for what is no number."""
    hundreds, _, rest = word.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    if any(len(part.strip("零")) > 1 for part in (hundreds, tens, ones)):
        return 0
    value = [max(_DIGITS.find(part.strip("零") or "零"), 0) for part in (hundreds, tens, ones)]
    return value[0] * 100 + (value[1] or bool(ten)) * 10 + value[2]
