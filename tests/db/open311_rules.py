"""The rules of the published Open311 JSON schemas (open311/schema-validation, georeport-v2), written down anew as checks."""

import re
from collections.abc import Callable, Mapping
from typing import Any

Rule = Callable[[Any], bool]
W3 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


def text(value: Any) -> bool:
    return isinstance(value, str)


def moment(value: Any) -> bool:
    return text(value) and W3.fullmatch(value) is not None


def flag(value: Any) -> bool:
    return isinstance(value, bool)


def number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def null_or(rule: Rule) -> Rule:
    return lambda value: value is None or rule(value)


def one_of(*words: str) -> Rule:
    return lambda value: value in words


SERVICE: Mapping[str, Rule] = {
    "service_code": text, "service_name": text, "description": null_or(text), "metadata": flag,
    "type": one_of("realtime", "batch", "blackbox"), "keywords": null_or(text), "group": null_or(text),
}  # fmt: skip
SERVICE_NEEDS = {"service_code", "service_name", "metadata", "type"}
ATTRIBUTE: Mapping[str, Rule] = {
    "variable": flag, "code": text, "required": flag, "datatype_description": null_or(text), "description": null_or(text),
    "datatype": one_of("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"),
    "order": null_or(lambda value: isinstance(value, int)),
    "values": lambda value: all(text(each["key"]) and text(each["name"]) for each in value),
}  # fmt: skip
ATTRIBUTE_NEEDS = {"variable", "code", "datatype", "required"}
REQUEST: Mapping[str, Rule] = {
    "service_request_id": text, "status": one_of("open", "closed"), "status_notes": null_or(text),
    "service_name": null_or(text), "service_code": text, "description": null_or(text), "agency_responsible": null_or(text),
    "service_notice": null_or(text), "requested_datetime": moment, "updated_datetime": null_or(moment),
    "expected_datetime": null_or(moment), "address": null_or(text), "address_id": null_or(text), "zipcode": null_or(text),
    "lat": null_or(number), "long": null_or(number), "media_url": null_or(text),
}  # fmt: skip
REQUEST_NEEDS = {"service_request_id", "status", "service_code", "requested_datetime"}


def check(found: Mapping[str, Any], rules: Mapping[str, Rule], needs: set[str]) -> None:
    """Every field there must be, none the standard does not know, each as it must be."""
    assert needs <= set(found) <= set(rules), found
    wrong = {name: value for name, value in found.items() if not rules[name](value)}
    assert wrong == {}
