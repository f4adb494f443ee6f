"""Open311 GeoReport v2: services, definitions, requests, tokens; JSON and XML."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Form, Header, Path, Query, Request
from pydantic import AfterValidator, Field
from starlette.responses import Response

from commandcenter.errors import NotVisible, PersonError, Refused
from commandcenter.gateway.reception import Reception, Shelved, named_key
from commandcenter.gateway.rendering import Format, rendered
from commandcenter.gateway.shapes import (
    ATTRIBUTES,
    CreatedOut,
    DefinitionOut,
    ErrorOut,
    RequestIn,
    RequestOut,
    ServiceOut,
    TokenOut,
)
from commandcenter.gateway.text import Cleaned, EmptyIsNone, published
from commandcenter.services.api_keys import hashed
from commandcenter.services.delivering import Delivery

DAYS = timedelta(days=90)
"""The longest span that may be asked for, and the one that is meant where none is named (GeoReport v2)."""
EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
MOST = 1000
"""Requests in one answer (GeoReport v2)."""


async def _reception(request: Request) -> Reception:  # a plain function would be sent to a thread each time
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


_XML: dict[str, Any] = {"text/xml": {"schema": {"type": "string"}}}


def _answers(*codes: int) -> dict[int | str, dict[str, Any]]:
    errors: dict[int | str, dict[str, Any]] = {
        code: {"model": list[ErrorOut], "content": _XML, "description": _WHY[code]} for code in (400, *codes, 503)
    }
    return errors | {200: {"content": _XML}}


_WHY = {
    400: "A parameter is missing or wrong",
    403: "The api_key is missing or wrong",
    404: "No such service, request, token or jurisdiction",
    409: "The same key was used for another delivery",
    413: "Too large",
    429: "Too many deliveries from this source; see Retry-After",
    503: "The database is away; see Retry-After",
}

TheReception = Annotated[Reception, Depends(_reception)]
TheFormat = Annotated[Format, Path(description="The format of the answer")]
Jurisdiction = Annotated[str, Query(max_length=100), Cleaned]
Moment = Annotated[
    str | None,
    Query(max_length=40),
    AfterValidator(_moment),
    EmptyIsNone,
    published("string", format="date-time"),
]

router = APIRouter(prefix="/open311/v2", tags=["GeoReport v2"])
discovery = APIRouter(prefix="/open311", tags=["Service discovery"])


async def _right_jurisdiction(reception: Reception, wanted: str) -> None:
    if wanted and wanted != (await reception.reference()).jurisdiction:
        raise NotVisible("没有这个 jurisdiction_id。")


@discovery.get("/discovery.{media}", summary="Service discovery", responses=_answers(404))
async def discover(request: Request, media: TheFormat, reception: TheReception) -> Response:
    """Where the endpoints are, and which formats they speak."""
    base = str(request.base_url).rstrip("/")
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


@router.get("/services.{media}", summary="GET Service List", response_model=list[ServiceOut], responses=_answers(404))
async def services(media: TheFormat, reception: TheReception, jurisdiction_id: Jurisdiction = "") -> Response:
    """The kinds of matters that can be reported."""
    await _right_jurisdiction(reception, jurisdiction_id)
    found = [ServiceOut.of(service).model_dump() for service in (await reception.reference()).services]
    return rendered(media, "services", found)


@router.get(
    "/services/{service_code}.{media}",
    summary="GET Service Definition",
    response_model=DefinitionOut,
    responses=_answers(404),
)
async def definition(
    service_code: Annotated[str, Path(max_length=20)],
    media: TheFormat,
    reception: TheReception,
    jurisdiction_id: Jurisdiction = "",
) -> Response:
    """The further fields of a service."""
    await _right_jurisdiction(reception, jurisdiction_id)
    if (await reception.reference()).service(service_code) is None:
        raise NotVisible("没有这个 service_code。")
    found = DefinitionOut(service_code=service_code, attributes=ATTRIBUTES)
    return rendered(media, "service_definition", found.model_dump())


@router.post(
    "/requests.{media}",
    summary="POST Service Request",
    status_code=201,
    response_model=list[CreatedOut],
    responses={
        **{code: said for code, said in _answers(403, 404, 409, 413, 429).items() if code != 200},
        201: {"content": _XML, "description": "Registered and safe"},
        202: {
            "model": list[CreatedOut],
            "content": _XML,
            "description": "Kept and safe; the number comes by the token",
        },
    },
)
async def create(
    media: TheFormat,
    reception: TheReception,
    request: Request,
    report: Annotated[RequestIn, Form()],
    api_key: Annotated[str, Query(max_length=200), Cleaned] = "",
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """Deliver a report; answered when it is committed. The same Idempotency-Key or external_id again is the same report.

    The address under which the citizen looks back is in the header Location.
    """
    secret = report.api_key or api_key
    if not secret:
        raise Refused("没有提供 api_key。", "请向中心的管理员索取。")
    await _right_jurisdiction(reception, report.jurisdiction_id)
    delivery = await delivery_of(reception, report, hashed(secret), idempotency_key)
    taken = await reception.take(delivery)
    found = (
        CreatedOut(token=taken.token, service_notice="已收到，正在登记。请稍后用 token 查询编号。")
        if isinstance(taken, Shelved)
        else CreatedOut(service_request_id=taken.number, service_notice="已收到，可凭编号查询进展。")
    )
    headers = {"Location": str(request.base_url).rstrip("/") + f"/r/{taken.token}"}
    status = 202 if isinstance(taken, Shelved) else 201
    return rendered(media, "service_requests", [found.model_dump(exclude_none=True)], status, headers)


async def delivery_of(
    reception: Reception, report: RequestIn, key_hash: bytes, idempotency_key: str | None
) -> Delivery:
    """The report with what its codes stand for. Raises PersonError."""
    reference = await reception.reference()
    service = reference.service(report.service_code)
    if service is None:
        raise NotVisible("没有这个 service_code。")
    spot = reference.spots.get(report.address_id)
    if report.address_id and spot is None:
        raise NotVisible("没有这个 address_id。")
    if (report.lat is None) != (report.long is None):
        raise PersonError("lat 和 long 要一起提供。")
    if report.lat is None and not report.address_string and spot is None:
        raise PersonError("没有提供地点。", "请提供 lat 和 long、address_string 或 address_id。")
    name = f"key {idempotency_key}" if idempotency_key else report.external_id and f"id {report.external_id}"
    return Delivery(
        key=named_key(key_hash, name) if name else uuid4(),
        named=bool(name),
        content="\n".join(
            filter(None, [report.description or service.name, report.media_url and f"照片或附件：{report.media_url}"])
        ),
        api_key=key_hash,
        category_id=service.code or None,
        place=report.address_string or (spot.full_name if spot else ""),
        area_id=spot.id if spot else reference.locator.at(report.long, report.lat),
        lon=report.long,
        lat=report.lat,
        name=report.name,
        phone=report.phone,
        address=report.email and f"电子邮箱 {report.email}",
        confidential=report.confidential == "yes",
        foreign_number=report.external_id,
    )


@router.get(
    "/requests.{media}", summary="GET Service Requests", response_model=list[RequestOut], responses=_answers(404)
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
    await _right_jurisdiction(reception, jurisdiction_id)
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
        headers["Link"] = f'<{request.url.include_query_params(page=page + 1)}>; rel="next"'
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
    responses=_answers(404),
)
async def one_request(
    service_request_id: Annotated[str, Path(max_length=100), Cleaned],
    media: TheFormat,
    reception: TheReception,
    jurisdiction_id: Jurisdiction = "",
) -> Response:
    """How one report stands."""
    await _right_jurisdiction(reception, jurisdiction_id)
    found = await reception.delivered(numbers=[service_request_id])
    if not found:
        raise NotVisible("没有这个 service_request_id。")
    return rendered(media, "service_requests", [RequestOut.of(each).model_dump() for each in found])


@router.get(
    "/tokens/{token}.{media}",
    summary="GET service_request_id from a token",
    response_model=list[TokenOut],
    responses=_answers(404),
)
async def token_number(
    token: Annotated[str, Path(max_length=64), Field(pattern=r"^[A-Za-z0-9_-]+$")],
    media: TheFormat,
    reception: TheReception,
    jurisdiction_id: Jurisdiction = "",
) -> Response:
    """The number of a delivery that was answered with a token; none while it still waits."""
    await _right_jurisdiction(reception, jurisdiction_id)
    found = await reception.progress(token)
    answer = TokenOut(service_request_id=None if found is None else found.number, token=token)
    return rendered(media, "service_requests", [answer.model_dump()])
