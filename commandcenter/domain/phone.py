"""Whether something typed can be a telephone number in China; full-width digits, spaces, hyphens and +86 are understood."""

import re
import unicodedata

_MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:\+?86)?0?(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}|[2-9]\d{6,7}")
_SERVICE = re.compile(r"[48]00\d{7}|1\d{2,4}|9\d{4,5}")
_EXTENSION = re.compile(r"(?:转|分机|[xX#])\d{1,6}$")


def plain_phone(typed: str) -> str:
    """The number without what only makes it readable; an extension stays."""
    return re.sub(r"[\s()\-—.·]", "", unicodedata.normalize("NFKC", typed))


def is_phone(typed: str) -> bool:
    """Whether it is a mobile number, a landline with or without area code (and extension), or a service number."""
    number = _EXTENSION.sub("", plain_phone(typed))
    return any(shape.fullmatch(number) for shape in (_MOBILE, _LANDLINE, _SERVICE))
