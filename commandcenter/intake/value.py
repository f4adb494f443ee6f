"""Single cells as other systems write them: nulls, numbers that were text, phones that became floats, bodies."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

Cell = str | int | float | bool | datetime | date | time | timedelta | None

NULLS = frozenset(
    {
        *("", "-", "--", "---", "—", "——", "/", "//", "\\", "\\n", ".", "。", "?", "?", "*", "**", "***"),
        *("不详", "保密", "空", "无", "未知", "暂无", "未填", "未填写", "(空)", "(无)", "没有"),
        *("null", "none", "nil", "nan", "n/a", "na", "<null>", "(null)", "[null]", "undefined"),
        *("#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!"),
    }
)
SECRET = frozenset({"保密", "不公开", "匿名", "要求保密", "隐藏"})
_YES = frozenset({"是", "y", "yes", "true", "t", "1", "1.0", "√", "✓", "有", "需要", "保密", "不公开", "要求保密"})
_NO = frozenset({"否", "n", "no", "false", "f", "0", "0.0", "×", "x", "不保密", "公开", "不需要"})

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufeff\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]")
_BLANK_LINES = re.compile(r"\n{3,}")
_EXCEL_RETURN = re.compile(r"_x000[Dd]_\n?")
_SHORT = 64
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d{1,3}")
_WHOLE_FLOAT = re.compile(r"(\d+)\.0*")
_LAST_EXACT = 10**15  # Excel keeps 15 significant digits; longer numbers have lost their tail


def plain(value: Cell) -> str:
    """Return the cell as one string with nothing removed but NUL; whole floats lose their ``.0``."""
    if isinstance(value, str):
        return value.replace("\x00", "") if "\x00" in value else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return str(value)


def is_null(text: str) -> bool:
    """Tell whether trimmed text stands for nothing (荣成 exports: ``-`` 不详 保密 空 无 NULL)."""
    return len(text) <= 11 and text.lower() in NULLS  # no longer word stands for nothing


def line(value: Cell) -> str:
    """Return the cell as one trimmed line, inner whitespace collapsed; ``""`` where it stands for nothing."""
    text = value if isinstance(value, str) else plain(value)
    return _short_line(text) if len(text) <= _SHORT else _line(text)


def _line(text: str) -> str:
    if not text.isprintable() or "  " in text:
        text = " ".join(_CONTROL.sub(" ", text.replace("\x00", "")).split())
    text = text.strip()
    return "" if is_null(text) else text


_short_line = lru_cache(maxsize=8192)(_line)  # the same units, towns and kinds come again in every row


def body(value: Cell) -> str:
    """Return a readable body: no leading breaks or tabs, lines kept, control characters gone; ``""`` for null."""
    text = plain(value)
    if "_x000" in text:
        text = _EXCEL_RETURN.sub("\n", text)
    if not text.isprintable():
        text = "\n".join([" ".join(part.split()) for part in text.strip().splitlines()])
        if not text.replace("\n", "").isprintable():
            text = _CONTROL.sub("", text)
        if "\n\n\n" in text:
            text = _BLANK_LINES.sub("\n\n", text)
    text = text.strip()
    return "" if is_null(text) else text


def narrow(value: Cell) -> str:
    """Return the cell as one line with full-width digits and letters made narrow (NFKC)."""
    text = line(value)
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def identifier(value: Cell) -> tuple[str, bool]:
    """Return (number of another system, whether it survived exactly).

    A long number that a spreadsheet turned into a float, or into ``2.02403E+17``, has lost its tail: many rows
    then share one number, so it must not decide what is a duplicate.
    """
    if isinstance(value, float) and not isinstance(value, bool) and abs(value) >= _LAST_EXACT:
        return f"{value:.0f}", False
    text = narrow(value).lstrip("'`")
    if text.isdecimal():
        return text, True
    if _SCIENTIFIC.fullmatch(text):
        return text, False
    whole = _WHOLE_FLOAT.fullmatch(text)
    return (whole[1] if whole else text), True


def phone(value: Cell) -> str:
    """Return a phone number as people dial it; floats, ``1.38E+10``, full-width digits and ``+86`` are undone."""
    text = narrow(value).lstrip("'`")
    if not text or text.isdecimal():
        return text
    whole = _WHOLE_FLOAT.fullmatch(text)
    if whole:
        return whole[1]
    if _SCIENTIFIC.fullmatch(text):
        try:
            return f"{Decimal(text):.0f}"
        except InvalidOperation:
            return text
    digits = re.sub(r"[\s\-().]", "", text)
    mobile = re.fullmatch(r"(?:\+?86|0086)?(1\d{10})", digits)
    return mobile[1] if mobile else text


def truth(value: Cell) -> bool | None:
    """Return yes or no as forms write it (是 否 Y 1 √ 保密 公开), None where the cell says neither."""
    if isinstance(value, bool):
        return value
    text = plain(value).strip().lower()
    if text in _YES:
        return True
    return False if text in _NO else None


def is_secret(value: Cell) -> bool:
    """Tell whether a person's cell holds the wish to stay unnamed (保密, 匿名) in place of the name."""
    return isinstance(value, str) and value.strip() in SECRET
