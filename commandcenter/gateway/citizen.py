"""The citizen's way 码上办: scan, report with photo and place, keep the number, look how it stands, say how it was.

Every step works without a script; with ours, a report that found no network is sent again with the same key.
"""

import re
from collections.abc import Mapping
from typing import Final
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from commandcenter.errors import NotVisible, PersonError
from commandcenter.gateway.asked import TheReception
from commandcenter.gateway.failing import wants_json
from commandcenter.gateway.form import Form, photos_in, read_form
from commandcenter.gateway.pages import asset, page
from commandcenter.gateway.reception import Reception, Shelved, named_key
from commandcenter.gateway.source import source_of
from commandcenter.gateway.text import clean
from commandcenter.gateway.wording import may_rate, notes, steps
from commandcenter.services.delivering import Delivery
from commandcenter.services.gateway_reference import GatewayReference, Spot

router = APIRouter(include_in_schema=False)

LONGEST: Final[Mapping[str, int]] = {
    "content": 2000, "place": 200, "name": 50, "phone": 30, "key": 100, "code": 30, "category": 20, "lat": 30, "lon": 30,
    "words": 500, "solved": 3, "satisfied": 10, "website": 200, "confidential": 3,
}  # fmt: skip
"""Characters of each field."""
_BUILDING: Final = re.compile("[0-9A-Za-z]{1,6}")
SATISFIED: Final = ("满意", "基本满意", "不满意")


@router.get("/static/{name}")
async def static(name: str) -> Response:
    """Our style and our script."""
    return asset(name)


@router.get("/q")
@router.get("/q/")
@router.get("/q/{code}")
async def report_page(reception: TheReception, code: str = "", b: str = "") -> Response:
    """The form; behind a poster's code it knows the place, and with ``b`` the building."""
    reference = await reception.reference()
    spot = reference.spots.get(code)
    if code and spot is None:
        raise NotVisible("没有这个二维码对应的地点。", "请联系物业或社区。")
    return _form(reference, spot, {"place": f"{b}号楼" if _BUILDING.fullmatch(b) else ""})


def _form(
    reference: GatewayReference, spot: Spot | None, values: Mapping[str, str], problem: str = "", status: int = 200
) -> Response:
    groups: dict[str, list[tuple[int, str]]] = {}
    for service in reference.services:
        groups.setdefault(service.group, []).append((service.code, service.name))
    return page(
        "report.html",
        status,
        centre=reference.centre_name,
        spot=spot,
        values=dict.fromkeys(LONGEST, "")
        | {"key": str(uuid4())}
        | {name: said for name, said in values.items() if said},
        groups=groups,
        photos=reference.photos,
        photo_mb=reference.photo_bytes // 1048576,
        problem=problem,
    )


def _field(form: Form, name: str) -> str:
    text = clean(form.text(name))
    if len(text) > LONGEST[name]:
        raise PersonError("有一项写得太长。", f"最多 {LONGEST[name]} 字。")
    return text


def _degrees(text: str, most: float) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if -most <= found <= most else None


@router.post("/q")
async def report(request: Request, reception: TheReception) -> Response:
    """Take a report from the page."""
    reference = await reception.reference()
    form = await read_form(request)
    values: dict[str, str] = {}
    spot = None
    try:
        values = {name: _field(form, name) for name in LONGEST}
        spot = reference.spots.get(values["code"])
        photos = await photos_in(form, "photos", reference)
        taken = await reception.take(_delivery(values, reference, spot, photos, _source(request)))
    except PersonError as error:
        if type(error) is not PersonError or wants_json(request):
            raise
        return _form(reference, spot, values, str(error), 400)
    if wants_json(request):
        number = None if isinstance(taken, Shelved) else taken.number
        return JSONResponse({"number": number, "url": f"/r/{taken.token}"}, 202 if number is None else 201)
    return RedirectResponse(f"/r/{taken.token}", 303)


def _source(request: Request) -> str:
    return source_of(request.client.host) if request.client is not None else ""


def _delivery(
    values: Mapping[str, str], reference: GatewayReference, spot: Spot | None, photos: tuple[bytes, ...], source: str
) -> Delivery:
    if values["website"]:  # a field that people do not see
        raise PersonError("没有收下。", "请从二维码重新打开页面。")
    service = reference.service(values["category"])
    lat, lon = _degrees(values["lat"], 90), _degrees(values["lon"], 180)
    if lat is None or lon is None:
        lat = lon = None
    if len(values["content"]) < 4:
        raise PersonError("请写明是什么问题。", "至少 4 个字。")
    if spot is None and not values["place"] and lat is None:
        raise PersonError("请写明在哪里。", "写地址，或用手机定位。")
    if values["phone"] and sum(letter.isdigit() for letter in values["phone"]) < 7:
        raise PersonError("电话号码不完整。", "请填写 11 位手机号，或区号和座机号；不愿留电话可以不填。")
    return Delivery(
        key=named_key(None, values["key"]) if values["key"] else uuid4(),
        named=bool(values["key"]),
        content=values["content"],
        source=source,
        category_id=(service.code or None) if service is not None else None,
        place=f"{spot.full_name if spot else ''} {values['place']}".strip(),
        area_id=spot.id if spot is not None else reference.locator.at(lon, lat),
        lon=lon,
        lat=lat,
        name=values["name"],
        phone=values["phone"],
        confidential=bool(values["confidential"]),
        photos=photos,
    )


@router.get("/r/{token}")
async def look_back(token: str, reception: TheReception) -> Response:
    """How a report stands, for whoever has its address; the rating when there is a result."""
    return await _progress(reception, token)


async def _progress(reception: Reception, token: str, problem: str = "", status: int = 200) -> Response:
    found = await reception.progress(token)
    return page(
        "progress.html",
        status,
        centre=(await reception.reference()).centre_name,
        found=found,
        notes="" if found is None else notes(found),
        steps=() if found is None else steps(found),
        may_rate=found is not None and may_rate(found),
        satisfied=SATISFIED,
        token=token,
        problem=problem,
    )


@router.post("/r/{token}/rating")
async def rate(request: Request, token: str, reception: TheReception) -> Response:
    """Take the citizen's word on the result."""
    form = await read_form(request)
    solved, satisfied, words = (_field(form, name) for name in ("solved", "satisfied", "words"))
    if solved not in {"yes", "no"} or satisfied not in SATISFIED:
        return await _progress(reception, token, "请选择问题是否解决、是否满意。", 400)
    await reception.rate(token, solved=solved == "yes", satisfied=satisfied, words=words)
    return RedirectResponse(f"/r/{token}", 303)
