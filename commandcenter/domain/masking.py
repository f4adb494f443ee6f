"""What others may see of a citizen (domain.md §9): 王*, 138****1234, 保密; and free text without numbers of persons.

Masking is for display. It is idempotent, and it never makes a readable number out of an unreadable one.
"""

import re
import unicodedata

CONFIDENTIAL = "保密"

_UNNAMED = frozenset({"保密", "匿名", "不详", "未知", "-"})
_AREA_CODE = r"(?:010|02\d|0[3-9]\d{2})"
_HALF_WIDTH = {ord("０") + digit: str(digit) for digit in range(10)} | {ord("Ｘ"): "X", ord("ｘ"): "x", ord("－"): "-"}

_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d)(\d{4})(\d{4})")
_LANDLINE = re.compile(rf"({_AREA_CODE})([1-9])(\d{{4}})(\d{{2,3}})")

_MASKED = re.compile(r"1\d\d\*{4}\d{4}|0\d{2,3}-\d\*{4}\d{2,3}|\*{4}")
_EXTENSION = re.compile(r"(?<=\d{7})\s*(?:-|转|分机)\s*\d{1,6}$")

_TEXT_ID_CARD = re.compile(
    r"(?<!\d)([1-9]\d{5})(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])"
)
_TEXT_MOBILE = re.compile(r"(?<!\d)((?:\+?86[- ]?)?1[3-9]\d[- ]?)(\d{4})([- ]?\d{4})(?!\d)")
_TEXT_LANDLINE = re.compile(rf"(?<!\d)(\(?{_AREA_CODE}\)?[- ]?[1-9])(\d{{4}})(\d{{2,3}})(?!\d)")
_TEXT_LOCAL = re.compile(r"((?:电话|座机|固话|联系方式|号码)[是为:： ]{0,3}[1-9])(\d{4})(\d{2,3})(?!\d)")


def mask_name(name: str, *, confidential: bool = False) -> str:
    """Keep the first character and add one star: 王*. Empty stays empty; confidential gives 保密."""
    if confidential:
        return CONFIDENTIAL
    name = name.strip()
    if not name or name in _UNNAMED:
        return name
    return f"{name[0]}*"


def mask_phone(phone: str, *, confidential: bool = False) -> str:
    """Hide four digits so that 10,000 numbers fit: 138****1234, 0631-7****23. Any other number: ****.

    Full-width digits, +86, separators and the ``.0`` of a number read as a float are understood; an extension is cut.
    Without any digit (不详, -) the result is empty; confidential gives 保密.
    """
    if confidential or phone.strip() == CONFIDENTIAL:
        return CONFIDENTIAL
    plain = unicodedata.normalize("NFKC", phone).strip()
    if _MASKED.fullmatch(plain):
        return plain
    plain = re.sub(r"[\s()\-—]", "", _EXTENSION.sub("", re.sub(r"\.0+$", "", plain)))
    if not any(character.isdigit() for character in plain):
        return ""
    if mobile := _MOBILE.fullmatch(plain):
        return f"{mobile[1]}****{mobile[3]}"
    if landline := _LANDLINE.fullmatch(plain):
        return f"{landline[1]}-{landline[2]}****{landline[4]}"
    return "****"


def mask_text(text: str) -> str:
    """Mask the phone and identity-card numbers in the text, for those who may not see the citizen.

    Found: mobile numbers (also grouped by spaces or hyphens, also +86), landlines with area code, seven or eight digits
    after 电话 and the like, 18-digit identity cards (only the region's six digits stay). Full-width digits become
    half-width; all else is untouched and lengths are kept. Not found: numbers written in characters, and 15-digit
    cards, void since 2013 and of the same shape as a grid code.
    """
    plain = text.translate(_HALF_WIDTH)
    plain = _TEXT_ID_CARD.sub(r"\1" + "*" * 12, plain)
    for pattern in (_TEXT_MOBILE, _TEXT_LANDLINE, _TEXT_LOCAL):
        plain = pattern.sub(r"\1****\3", plain)
    return plain
