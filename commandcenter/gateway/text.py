"""Texts of strangers, before anything else sees them."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BeforeValidator, WithJsonSchema

_HARMFUL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Control characters and what is no character: neither the database nor XML can hold them."""


def clean(text: str) -> str:
    """Without such characters, with plain line ends, without white space around it."""
    return _HARMFUL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _clean(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _given(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Cleaned: Final = BeforeValidator(_clean)
"""A text as `clean` leaves it; stands behind the limits, which are then published."""
EmptyIsNone: Final = BeforeValidator(_given)
"""GeoReport: a parameter that is passed and empty is one that is not passed."""


def published_or_empty(schema: Mapping[str, Any]) -> WithJsonSchema:
    """What the OpenAPI says of a value that may be left out: in a form or an address there is no null, but an empty text."""
    return WithJsonSchema({"anyOf": [dict(schema), {"type": "string", "maxLength": 0}]})
