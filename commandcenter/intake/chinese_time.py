"""Dates and times in Chinese words (二〇二五年三月七日下午三点一刻) turned into digits, and what a half of the day means."""

import re
import unicodedata

AFTERNOON = frozenset({"pm", "下午", "午后", "傍晚"})
NIGHT = frozenset({"晚上", "晚间", "晚", "夜间", "夜里", "夜晚", "深夜", "半夜", "午夜", "夜"})
NOON = frozenset({"中午", "正午"})
FROM_MIDNIGHT = frozenset({"am", "上午", "午前", "凌晨"})
"""12 o'clock of these is 0:00, as Windows and Excel write it."""
HALVES = "|".join(
    sorted(
        AFTERNOON | NIGHT | NOON | FROM_MIDNIGHT | {"早上", "早晨", "清晨", "清早", "早"}, key=lambda word: -len(word)
    )
)
_EVENING = 5  # 晚上 from five on is before midnight; one to four is after it, on the day that is written

_DIGITS = {sign: str(at % 10) for at, sign in enumerate("〇一二三四五六七八九零")} | {"○": "0", "◯": "0", "两": "2"}
_NUMBER = re.compile(f"[{''.join(_DIGITS)}十]+")
_QUARTER = re.compile(r"([123])刻钟?")
_ABOUT = re.compile(r"许|左右|大约|约|整|(?<=点)钟")


def hour_of(half: str, hour: int) -> int:
    """Return the hour of the day, 24 for the midnight that ends it; hours past 12 are left as they are written."""
    if half in NIGHT:
        return hour + 12 if _EVENING <= hour <= 12 else hour
    if (half in AFTERNOON and hour < 12) or (half in NOON and hour < 3):  # clock face
        return hour + 12
    return 0 if half in FROM_MIDNIGHT and hour == 12 else hour  # clock face


def visible(text: str) -> str:
    """Return text without format characters, such as the direction marks that Windows copies along."""
    if text.isprintable():
        return text
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def in_digits(text: str) -> str:
    """Return text whose Chinese numbers are digits, and whose halves and quarters of hours are minutes."""
    text = _NUMBER.sub(_number, _ABOUT.sub("", text).replace("二o二", "二〇二"))
    text = _QUARTER.sub(lambda found: f"{15 * int(found[1])}分", text)
    return text.replace("点半", "点30").replace("时半", "时30")


def _number(found: re.Match[str]) -> str:
    text = found[0]
    tens, ten, ones = text.partition("十")
    if not ten:
        return "".join(_DIGITS[sign] for sign in text)
    if len(tens) > 1 or len(ones) > 1 or ones == "十":
        return text
    return (_DIGITS[tens] if tens else "1") + (_DIGITS[ones] if ones else "0")
