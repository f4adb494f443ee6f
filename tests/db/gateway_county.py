"""A gateway on the small county: the real application, asked by a real client, on a login of role cc_intake."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
from PIL import Image

from commandcenter.clock import Clock, SystemClock
from commandcenter.db.engine import Database
from commandcenter.gateway.app import make_app
from commandcenter.gateway.reception import Reception
from commandcenter.gateway.shelf import Shelf
from commandcenter.services import api_keys, delivering
from commandcenter.services.delivering import Delivery
from tests.db.county import CATEGORY, COMMUNITY_A

MOST_BYTES = 4_000_000
BASE = "http://gateway.test"


@asynccontextmanager
async def gateway(
    url: str,
    *,
    clock: Clock | None = None,
    shelf: Shelf | None = None,
    address: str = "203.0.113.7",
    base_url: str = "",
) -> AsyncIterator[tuple[httpx.AsyncClient, Reception]]:
    """A client of an opened gateway; `address` is where the client comes from."""
    db = await Database.connect(url)
    try:
        reception = Reception(db, clock or SystemClock(), shelf)
        await reception.open()
        transport = httpx.ASGITransport(make_app(reception, MOST_BYTES, base_url), client=(address, 4711))
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            yield client, reception
    finally:
        await db.close()


async def new_key(admin_url: str, *, channel: str = "app", hour_limit: int = 3000) -> str:
    """A key handed out by an administrator."""
    db = await Database.connect(admin_url)
    try:
        return (await api_keys.add(db, label="测试应用", channel=channel, hour_limit=hour_limit)).secret
    finally:
        await db.close()


def photo(size: tuple[int, int] = (640, 480), form: str = "JPEG", *, exif: bool = False) -> bytes:
    """A picture, with a camera's name and place in it if wanted."""
    out = BytesIO()
    picture = Image.new("RGB", size, (30, 90, 160))
    if exif:
        data = Image.Exif()
        data[0x0110] = "SECRET-CAMERA"
        data[0x0112] = 6  # turned by a quarter
        picture.save(out, form, exif=data)
    else:
        picture.save(out, form)
    return out.getvalue()


def delivery(**facts: Any) -> Delivery:
    """What a citizen says of a dark staircase."""
    known: dict[str, Any] = {
        "key": uuid4(), "named": True, "content": "张三说：楼道灯不亮，电话 13800138000", "source": "203.0.113.9",
        "category_id": CATEGORY, "place": "甲一小区 3号楼", "area_id": COMMUNITY_A, "lon": 122.41234, "lat": 37.16789,
        "name": "张三", "phone": "13800138000",
    }  # fmt: skip
    return Delivery(**(known | facts))


class Gateway:
    """The gateway's own connection."""

    def __init__(self, db: Database, secret: bytes) -> None:
        self.db = db
        self.secret = secret

    async def deliver(self, **facts: Any) -> delivering.Delivered:
        return await delivering.deliver(self.db, self.secret, delivery(**facts))
