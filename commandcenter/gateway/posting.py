"""POST Service Request: a report as an app delivers it, from its form to its number."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import Response

from commandcenter.errors import NotVisible, PersonError, Refused
from commandcenter.gateway.asked import XML, TheFormat, address_of, answers, need_jurisdiction, reception_of
from commandcenter.gateway.form import ESCAPED, IN_PARTS, Form, photos_in, read_form
from commandcenter.gateway.reception import Reception, Shelved, named_key
from commandcenter.gateway.rendering import rendered
from commandcenter.gateway.shapes import CreatedOut, RequestIn
from commandcenter.services.api_keys import hashed
from commandcenter.services.delivering import Delivery

KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 200
PHOTOS = "media"
"""The field of photos (GeoReport v2)."""

router = APIRouter(prefix="/open311/v2", tags=["GeoReport v2"])


def _report(request: Request, form: Form) -> RequestIn:
    """What the form says; an api_key of the address counts where the form has none. Raises RequestValidationError."""
    said = dict(form.fields)
    if not said.get("api_key"):
        said["api_key"] = request.query_params.get("api_key", "")
    try:
        return RequestIn.model_validate(said)
    except ValidationError as error:
        raise RequestValidationError(
            error.errors(include_url=False, include_context=False, include_input=False)
        ) from None


def _bodies() -> dict[str, Any]:
    """What may be sent, as the OpenAPI says it: photos come in parts only."""
    fields = RequestIn.model_json_schema()
    photos = {"type": "array", "items": {"type": "string", "format": "binary"}, "description": "Photos"}
    return {
        ESCAPED: {"schema": fields},
        IN_PARTS: {"schema": fields | {"properties": fields["properties"] | {PHOTOS: photos}}},
    }


@router.post(
    "/requests.{media}",
    summary="POST Service Request",
    status_code=201,
    openapi_extra={
        "parameters": [
            {"name": "api_key", "in": "query", "required": False, "schema": {"type": "string", "maxLength": 200}},
            {
                "name": KEY_HEADER,
                "in": "header",
                "required": False,
                "schema": {"type": "string", "maxLength": LONGEST_KEY},
            },
        ],
        "requestBody": {"required": True, "content": _bodies()},
    },
    response_model=list[CreatedOut],
    responses={
        **{code: said for code, said in answers(403, 404, 409, 413, 415, 429).items() if code != 200},
        201: {"content": XML, "description": "Registered and safe"},
        202: {
            "model": list[CreatedOut],
            "content": XML,
            "description": "Kept and safe; the number comes by the token",
        },
    },
)
async def create(media: TheFormat, request: Request) -> Response:
    """Deliver a report; answered when it is committed. The same Idempotency-Key or external_id again is the same report.

    The address under which the citizen looks back is in the header Location.
    """
    # Read here and not by FastAPI, which asks of each field at each report what kind it is: 0.4 ms, a third of all.
    form = await read_form(request)
    report, key = _report(request, form), request.headers.get(KEY_HEADER)
    if key is not None and len(key) > LONGEST_KEY:
        raise PersonError("Idempotency-Key 太长。", f"最多 {LONGEST_KEY} 个字符。")
    if not report.api_key:
        raise Refused("没有提供 api_key。", "请向中心的管理员索取。")
    reception = await reception_of(request)
    await need_jurisdiction(reception, report.jurisdiction_id)
    delivery = await delivery_of(reception, report, hashed(report.api_key), key)
    photos = await photos_in(form, PHOTOS, await reception.reference())
    taken = await reception.take(replace(delivery, photos=photos))
    found = (
        CreatedOut(token=taken.token, service_notice="已收到，正在登记。请稍后用 token 查询编号。")
        if isinstance(taken, Shelved)
        else CreatedOut(service_request_id=taken.number, service_notice="已收到，可凭编号查询进展。")
    )
    headers = {"Location": address_of(request, f"/r/{taken.token}")}
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
