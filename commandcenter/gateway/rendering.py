"""Answers of the API in both formats of GeoReport v2: JSON, and the same as XML without a namespace."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal
from xml.etree import ElementTree as ET

from starlette.responses import Response

Format = Literal["json", "xml"]

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "json": "application/json; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
}
_ITEMS: Final = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What an element of a list is called."""


def rendered(form: str, root: str, value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`value` as `form` says; `root` names the whole in XML, where JSON has no name for it."""
    if form == "xml":
        top = ET.Element(root)
        _fill(top, value)
        body = ET.tostring(top, encoding="utf-8", xml_declaration=True)
    else:
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, status, headers, media_type=MEDIA_TYPES.get(form, MEDIA_TYPES["json"]))


def _fill(element: ET.Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _fill(ET.SubElement(element, name), inner)
    elif isinstance(value, list):
        for inner in value:
            _fill(ET.SubElement(element, _ITEMS[element.tag]), inner)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = str(value)


def w3(moment: datetime | None) -> str | None:
    """A moment in W3C's form, to the second, in UTC: ``2026-11-22T01:30:00Z``."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
