"""Open311 GeoReport v2, what is read: services, definitions, requests, tokens; JSON and XML."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from commandcenter.errors import NotVisible, PersonError
from commandcenter.gateway.asked import (
    Jurisdiction,
    Moment,
    TheFormat,
    TheReception,
    address_of,
    answers,
    need_jurisdiction,
)
from commandcenter.gateway.rendering import rendered
from commandcenter.gateway.shapes import ATTRIBUTES, DefinitionOut, RequestOut, ServiceOut, TokenOut
from commandcenter.gateway.text import Cleaned

DAYS = timedelta(days=90)
"""The longest span that may be asked for, and the one that is meant where none is named (GeoReport v2)."""
EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
MOST = 1000
"""Requests in one answer (GeoReport v2)."""


router = APIRouter(prefix="/open311/v2", tags=["GeoReport v2"])
discovery = APIRouter(prefix="/open311", tags=["Service discovery"])


@discovery.get("/discovery.{media}", summary="Service discovery", responses=answers(404))
async def discover(request: Request, media: TheFormat, reception: TheReception) -> Response:
    """Where the endpoints are, and which formats they speak."""
    base = address_of(request, "") or str(request.base_url).rstrip("/")  # the standard wants a whole address
    reference = await reception.reference()
    found = {
        "changeset": "2026-11-22T00:00:00Z",
        "contact": reference.centre_name,
        "key_service": reference.centre_name,
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": f"{base}/open311/v2",
                "changeset": "2026-11-22T00:00:00Z",
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return rendered(media, "discovery", found)


@router.get("/services.{media}", summary="GET Service List", response_model=list[ServiceOut], responses=answers(404))
async def services(media: TheFormat, reception: TheReception, jurisdiction_id: Jurisdiction = "") -> Response:
    """The kinds of matters that can be reported."""
    await need_jurisdiction(reception, jurisdiction_id)
    found = [ServiceOut.of(service).model_dump() for service in (await reception.reference()).services]
    return rendered(media, "services", found)


@router.get(
    "/services/{service_code}.{media}",
    summary="GET Service Definition",
    response_model=DefinitionOut,
    responses=answers(404),
)
async def definition(
    service_code: Annotated[str, Path(max_length=20)],
    media: TheFormat,
    reception: TheReception,
    jurisdiction_id: Jurisdiction = "",
) -> Response:
    """The further fields of a service."""
    await need_jurisdiction(reception, jurisdiction_id)
    if (await reception.reference()).service(service_code) is None:
        raise NotVisible("没有这个 service_code。")
    found = DefinitionOut(service_code=service_code, attributes=ATTRIBUTES)
    return rendered(media, "service_definition", found.model_dump())


@router.get(
    "/requests.{media}", summary="GET Service Requests", response_model=list[RequestOut], responses=answers(404)
)
async def requests(
    request: Request,
    media: TheFormat,
    reception: TheReception,
    service_request_id: Annotated[str, Query(max_length=4000), Cleaned] = "",
    service_code: Annotated[str, Query(max_length=1000, pattern=r"^([0-9]{1,9}(,[0-9]{1,9})*)?$")] = "",
    start_date: Moment = None,
    end_date: Moment = None,
    status: Annotated[str, Query(pattern=r"^((open|closed)(,(open|closed))?)?$")] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=MOST)] = MOST,
    jurisdiction_id: Jurisdiction = "",
) -> Response:
    """How reports delivered here stand, newest first. Those who asked to be kept secret are not among them.

    The header Link names the next page where there is one.
    """
    await need_jurisdiction(reception, jurisdiction_id)
    if service_request_id:  # overrides all other arguments (GeoReport v2)
        asked: dict[str, object] = {"numbers": [part.strip() for part in service_request_id.split(",")][:MOST]}
    else:
        since, until = _span(start_date, end_date, reception.now())  # type: ignore[arg-type]  # moments by now
        wanted = set(filter(None, status.split(",")))
        asked = {
            "categories": [int(code) for code in service_code.split(",")] if service_code else None,
            "since": since,
            "until": until,
            "still_open": None if len(wanted) != 1 else wanted == {"open"},
        }
    found = await reception.delivered(**asked, skip=(page - 1) * page_size, most=page_size + 1)
    headers = {}
    if len(found) > page_size:
        following = request.url.include_query_params(page=page + 1)
        headers["Link"] = f'<{address_of(request, f"{following.path}?{following.query}")}>; rel="next"'
    shown = [RequestOut.of(each).model_dump() for each in found[:page_size]]
    return rendered(media, "service_requests", shown, headers=headers)


def _span(since: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    if since is None:
        until = until or now
        return (until - DAYS if until - EARLIEST > DAYS else EARLIEST), until
    if until is None:
        until = since + DAYS if now - since > DAYS else now
    if until - since > DAYS:
        raise PersonError("start_date 到 end_date 不能超过 90 天。")
    return since, until


@router.get(
    "/requests/{service_request_id}.{media}",
    summary="GET Service Request",
    response_model=list[RequestOut],
    responses=answers(404),
)
async def one_request(
    service_request_id: Annotated[str, Path(max_length=100), Cleaned],
    media: TheFormat,
    reception: TheReception,
    jurisdiction_id: Jurisdiction = "",
) -> Response:
    """How one report stands."""
    await need_jurisdiction(reception, jurisdiction_id)
    found = await reception.delivered(numbers=[service_request_id])
    if not found:
        raise NotVisible("没有这个 service_request_id。")
    return rendered(media, "service_requests", [RequestOut.of(each).model_dump() for each in found])


@router.get(
    "/tokens/{token}.{media}",
    summary="GET service_request_id from a token",
    response_model=list[TokenOut],
    responses=answers(404),
)
async def token_number(
    token: Annotated[str, Path(max_length=64), Field(pattern=r"^[A-Za-z0-9_-]+$")],
    media: TheFormat,
    reception: TheReception,
    jurisdiction_id: Jurisdiction = "",
) -> Response:
    """The number of a delivery that was answered with a token; none while it still waits."""
    await need_jurisdiction(reception, jurisdiction_id)
    found = await reception.progress(token)
    answer = TokenOut(service_request_id=None if found is None else found.number, token=token)
    return rendered(media, "service_requests", [answer.model_dump()])
