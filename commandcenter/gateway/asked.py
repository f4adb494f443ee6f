"""What requests of the API share: whom they are answered by, formats, moments, jurisdictions, how errors are described."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query, Request
from pydantic import AfterValidator

from commandcenter.errors import NotVisible
from commandcenter.gateway.reception import Reception
from commandcenter.gateway.rendering import Format
from commandcenter.gateway.shapes import ErrorOut
from commandcenter.gateway.text import Cleaned, EmptyIsNone, published_or_empty


async def reception_of(request: Request) -> Reception:
    """The process's one reception. Async, because a plain function would be sent to a thread each time."""
    reception: Reception = request.app.state.reception
    return reception


_DATE_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
"""RFC 3339, which is W3C's form of a moment with its seconds (GeoReport v2)."""


def address_of(request: Request, path: str) -> str:
    """The address of a path of ours: a whole one where we were told how the world names us, else a relative one.

    Never by the header Host, which anybody may write.
    """
    base: str = request.app.state.base_url
    return base + path


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    if _DATE_TIME.fullmatch(text) is None:  # Python reads much more than that
        raise ValueError("not as RFC 3339 says")
    found = datetime.fromisoformat(text.upper())
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise ValueError("before the first or after the last year") from None


XML: dict[str, Any] = {"text/xml": {"schema": {"type": "string"}}}


def answers(*codes: int) -> dict[int | str, dict[str, Any]]:
    """What the OpenAPI says of an operation's answers: 200, the errors every one may give, and `codes`."""
    errors: dict[int | str, dict[str, Any]] = {
        code: {"model": list[ErrorOut], "content": XML, "description": _WHY[code]} for code in (400, *codes, 503)
    }
    return errors | {200: {"content": XML}}


_WHY = {
    400: "A parameter is missing or wrong",
    403: "The api_key is missing or wrong",
    404: "No such service, request, token or jurisdiction",
    409: "The same key or external_id was used for another delivery",
    413: "Too large",
    415: "The body is no form",
    429: "Too many deliveries from this source; see Retry-After",
    503: "The database is away; see Retry-After",
}

TheReception = Annotated[Reception, Depends(reception_of)]
TheFormat = Annotated[Format, Path(description="The format of the answer")]
Jurisdiction = Annotated[str, Query(max_length=100), Cleaned]
Moment = Annotated[
    str | None,
    Query(max_length=40),
    AfterValidator(_moment),
    EmptyIsNone,
    published_or_empty({"type": "string", "format": "date-time"}),
]


async def need_jurisdiction(reception: Reception, wanted: str) -> None:
    """Raise NotVisible for a jurisdiction that is not ours; none named is ours."""
    if wanted and wanted != (await reception.reference()).jurisdiction:
        raise NotVisible("没有这个 jurisdiction_id。")
