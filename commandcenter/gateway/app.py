"""The ASGI application: the API, the citizen's page, its health. Cookies and sessions it has none."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from commandcenter.errors import PersonError
from commandcenter.gateway import citizen, failing, open311, posting
from commandcenter.gateway.asked import TheReception
from commandcenter.gateway.guard import Guard
from commandcenter.gateway.reception import RETRY_SECONDS, Reception

BESIDE_PHOTOS: Final = 1024 * 1024
"""Bytes of a request that are no photos."""


class Health(BaseModel):
    """Whether reports can be registered just now."""

    database: bool


def make_app(reception: Reception, most_bytes: int, base_url: str = "") -> Guard:
    """The application around a reception that is open; `most_bytes` of a request are read.

    `base_url`: as gateway/base_url.py gives it; empty where nobody said it.
    """
    app = FastAPI(
        title="社会治理服务中心网关 · Open311 GeoReport v2",
        description="Apps and other systems deliver citizens' reports and read how they stand.",
        version="1",
        docs_url=None,  # FastAPI's pages of documentation fetch their scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # to whatever host the request names
        exception_handlers={
            PersonError: failing.person_error,
            RequestValidationError: failing.not_valid,
            HTTPException: failing.http_error,
            Exception: failing.our_fault,
        },
    )
    app.state.reception = reception
    app.state.base_url = base_url
    app.include_router(
        posting.router
    )  # first, because routes are tried in their order and most requests are deliveries
    app.include_router(open311.discovery)
    app.include_router(open311.router)
    app.include_router(citizen.router)

    @app.get("/healthz", response_model=Health, responses={503: {"model": Health}}, tags=["Health"])
    async def healthz(reception: TheReception) -> JSONResponse:
        """200 while the database answers, 503 while it does not."""
        if await reception.healthy():
            return JSONResponse({"database": True})
        return JSONResponse({"database": False}, 503, {"Retry-After": str(RETRY_SECONDS)})

    described = app.openapi

    def openapi() -> dict[str, Any]:
        """What FastAPI says, without the 422 that it answers nowhere here."""
        found = described()
        for operations in found["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)
        return found

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's guide does
    return Guard(app, most_bytes)
