"""Pages as they are sent: templates of resources/gateway, escaped, with our own style and script and nothing from elsewhere."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from commandcenter.clock import SHANGHAI
from commandcenter.errors import NotVisible

FOLDER: Final = Path(__file__).parents[2] / "resources" / "gateway"
_ASSETS: Final[Mapping[str, str]] = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["moment"] = _moment
    return made


def _moment(at: datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def page(template: str, status: int = 200, headers: Mapping[str, str] | None = None, **facts: Any) -> Response:
    """A template with its facts."""
    return HTMLResponse(_templates().get_template(template).render(**facts), status, dict(headers or {}))


def message_page(words: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """A sentence on a page of its own."""
    return page("message.html", status, headers, words=words)


@cache
def _content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def asset(name: str) -> Response:
    """The page's style or script. Raises NotVisible."""
    if name not in _ASSETS:
        raise NotVisible("没有这个地址。")
    return Response(_content(name), media_type=_ASSETS[name], headers={"Cache-Control": "max-age=300"})
