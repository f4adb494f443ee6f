"""The address under which the world knows this gateway."""

import re
from typing import Final
from urllib.parse import urlsplit

from commandcenter.errors import PersonError

_PLAIN: Final = re.compile(r"https?://[^\s/?#@\\]+/?", re.ASCII | re.IGNORECASE)


def base_url(text: str) -> str:
    """It, without a slash at its end; empty stays empty. Raises PersonError for what is none.

    Scheme, host and port alone: the pages lie at the root.
    """
    try:
        parts = urlsplit(text)
        known = not text or (_PLAIN.fullmatch(text) and parts.hostname and (parts.port or 1) > 0)
    except ValueError:
        known = False
    if not known:
        raise PersonError("--base-url 不是网址。", "应形如 https://12345.example.gov.cn，不带路径。")
    return text.rstrip("/")
