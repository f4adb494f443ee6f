"""What requests of the API share: whom they are answered by, formats, moments, jurisdictions, how errors are described."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from pydantic import AfterValidator

from commandcenter.errors import NotVisible
from commandcenter.gateway.reception import Reception
from commandcenter.gateway.rendering import Format
from commandcenter.gateway.shapes import ErrorOut
from commandcenter.gateway.text import Cleaned, EmptyIsNone, published


async def reception_of(request: Request) -> Reception:
    """The process's one reception. Async, because a plain function would be sent to a thread each time."""
    reception: Reception = request.app.state.reception
    return reception


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a zone is needed")
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
    409: "The same key was used for another delivery",
    413: "Too large",
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
    published("string", format="date-time"),
]


async def need_jurisdiction(reception: Reception, wanted: str) -> None:
    """Raise NotVisible for a jurisdiction that is not ours; none named is ours."""
    if wanted and wanted != (await reception.reference()).jurisdiction:
        raise NotVisible("没有这个 jurisdiction_id。")
