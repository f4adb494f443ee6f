"""What goes wrong, as an HTTP answer: for apps in the format they asked in, for people as a page or a sentence."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from commandcenter.errors import NotNow, NotVisible, PersonError, Refused, TooMany, Unreachable, UsedBefore
from commandcenter.gateway.pages import message_page
from commandcenter.gateway.reception import AWAY, RETRY_SECONDS
from commandcenter.gateway.rendering import rendered

log = logging.getLogger(__name__)

API = "/open311/"


class TooLarge(PersonError):
    """More than is read at all."""


class NotAForm(PersonError):
    """A body of another kind: JSON, plain text."""


_STATUS: tuple[tuple[type[PersonError], int], ...] = (
    (NotNow, 503),
    (TooMany, 429),
    (UsedBefore, 409),
    (NotVisible, 404),
    (Refused, 403),
    (Unreachable, 503),
    (TooLarge, 413),
    (NotAForm, 415),
    (PersonError, 400),
)
_WORDS: Mapping[int, str] = {404: "没有这个地址。", 405: "这个地址不能这样用。", 413: "提交的内容太大。"}


def failed(request: Request, status: int, words: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to `request` that did not go well; `words` never quote what was sent."""
    path = request.url.path
    if path.startswith(API):
        form = "xml" if path.endswith(".xml") else "json"
        return rendered(form, "errors", [{"code": status, "description": words}], status, headers)
    if wants_json(request) or path == "/healthz":
        return JSONResponse({"error": words}, status, headers)
    return message_page(words, status, headers)


def wants_json(request: Request) -> bool:
    """Whether our page's script asks, and not a browser."""
    return "application/json" in request.headers.get("accept", "")


async def person_error(request: Request, error: Exception) -> Response:
    """A sentence for people."""
    assert isinstance(error, PersonError)  # noqa: S101 - registered for nothing else
    status = next(code for kind, code in _STATUS if isinstance(error, kind))
    if isinstance(error, AWAY):  # what it says is for desks
        error = Unreachable("系统暂时不能登记。", "请稍后再试，急事请拨打 12345。")
    headers = {}
    if status in {429, 503}:
        headers["Retry-After"] = str(error.seconds if isinstance(error, TooMany) else RETRY_SECONDS)
    return failed(request, status, str(error), headers)


async def not_valid(request: Request, error: Exception) -> Response:
    """Which fields are wrong, never what was in them."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    fields: list[Any] = sorted({str(each["loc"][-1]) for each in error.errors() if each["loc"]})
    return failed(request, 400, f"没有提供或不正确：{'、'.join(field[:60] for field in fields)}。")


async def http_error(request: Request, error: Exception) -> Response:
    """No such address, no such way to use it."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    words = _WORDS.get(error.status_code, "请求不正确。")
    return failed(request, error.status_code, words, error.headers)


async def our_fault(request: Request, _: Exception) -> Response:
    """A bug: logged by the server, told calmly."""
    return failed(request, 500, "系统出了错，已记录。请稍后再试。")
