"""The things of GeoReport v2, as the published OpenAPI describes them and as they are read and answered.

Names are the standard's (https://wiki.open311.org/GeoReport_v2).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from commandcenter.gateway.rendering import w3
from commandcenter.gateway.text import Cleaned, EmptyIsNone, published_or_empty
from commandcenter.gateway.wording import is_closed, notes
from commandcenter.services.delivering import Progress
from commandcenter.services.gateway_reference import UNKNOWN, Service


class ServiceOut(BaseModel):
    """A kind of matter that can be reported."""

    service_code: str
    service_name: str
    description: str
    metadata: bool
    type: Literal["realtime"]
    keywords: str
    group: str

    @classmethod
    def of(cls, service: Service) -> "ServiceOut":
        """As the standard says it."""
        return cls(
            service_code=str(service.code),
            service_name=service.name,
            description=service.path_name,
            metadata=True,
            type="realtime",
            keywords=",".join(part.strip() for part in service.path_name.split("›")),
            group=service.group,
        )


class ValueOut(BaseModel):
    """An option of an attribute."""

    key: str
    name: str


class AttributeOut(BaseModel):
    """A further field of a service."""

    variable: bool
    code: str
    datatype: Literal["string", "singlevaluelist"]
    required: bool
    datatype_description: str
    order: int
    description: str
    values: list[ValueOut]


class DefinitionOut(BaseModel):
    """The further fields of a service."""

    service_code: str
    attributes: list[AttributeOut]


ATTRIBUTES = [
    AttributeOut(
        variable=True,
        code="confidential",
        datatype="singlevaluelist",
        required=False,
        datatype_description="",
        order=1,
        description="是否要求对承办单位保密",
        values=[ValueOut(key="no", name="否"), ValueOut(key="yes", name="是")],
    ),
    AttributeOut(
        variable=True,
        code="external_id",
        datatype="string",
        required=False,
        datatype_description="最多 100 字",
        order=2,
        description="您的系统里这件诉求的编号；再次提交同一编号视为同一件",
        values=[],
    ),
]
"""The same for every service."""


class RequestOut(BaseModel):
    """How a report stands. No words, names, phones or addresses of citizens: those fields are null."""

    service_request_id: str
    status: Literal["open", "closed"]
    status_notes: str
    service_name: str
    service_code: str
    description: None = None
    agency_responsible: str | None
    service_notice: None = None
    requested_datetime: str = Field(json_schema_extra={"format": "date-time"})
    updated_datetime: str = Field(json_schema_extra={"format": "date-time"})
    expected_datetime: str | None
    address: str | None
    """The town and community, never what the citizen wrote."""
    address_id: None = None
    zipcode: None = None
    lat: float | None
    long: float | None
    media_url: None = None

    @classmethod
    def of(cls, found: Progress) -> "RequestOut":
        """As the standard says it."""
        return cls(
            service_request_id=found.number,
            status="closed" if is_closed(found) else "open",
            status_notes=notes(found),
            service_name=(found.category or UNKNOWN.name).rpartition("›")[2].strip(),
            service_code=str(found.category_id or UNKNOWN.code),
            agency_responsible=found.unit or None,
            requested_datetime=w3(found.received_at) or "",
            updated_datetime=w3(found.archived_at or found.changed_at) or "",
            expected_datetime=w3(found.expected_at),
            address=found.area or None,
            lat=found.lat,
            long=found.lon,
        )


class CreatedOut(BaseModel):
    """What a delivery is answered with: a number, or a token while it waits for one."""

    service_request_id: str | None = None
    token: str | None = None
    service_notice: str | None = None
    account_id: None = None


class TokenOut(BaseModel):
    """The number of a token; none while it waits for one."""

    service_request_id: str | None
    token: str


class ErrorOut(BaseModel):
    """What is wrong, for people."""

    code: int
    description: str


class RequestIn(BaseModel):
    """A report as an app delivers it. Needs a place: lat and long, an address_string or an address_id."""

    model_config = ConfigDict(populate_by_name=False)

    service_code: Annotated[str, Field(max_length=20, pattern=r"^[0-9]+$")]
    description: Annotated[str, Field(max_length=4000), Cleaned] = ""
    lat: Annotated[
        float | None,
        Field(ge=-90, le=90, allow_inf_nan=False),
        EmptyIsNone,
        published_or_empty({"type": "number", "minimum": -90, "maximum": 90}),
    ] = None
    long: Annotated[
        float | None,
        Field(ge=-180, le=180, allow_inf_nan=False),
        EmptyIsNone,
        published_or_empty({"type": "number", "minimum": -180, "maximum": 180}),
    ] = None
    address_string: Annotated[str, Field(max_length=200), Cleaned] = ""
    address_id: Annotated[str, Field(max_length=30), Cleaned] = ""
    first_name: Annotated[str, Field(max_length=50), Cleaned] = ""
    last_name: Annotated[str, Field(max_length=50), Cleaned] = ""
    phone: Annotated[str, Field(max_length=30), Cleaned] = ""
    email: Annotated[str, Field(max_length=100), Cleaned] = ""
    media_url: Annotated[str, Field(max_length=500, pattern=r"^(https?://[^\W_]\S*)?$"), Cleaned] = ""
    device_id: Annotated[str, Field(max_length=200), Cleaned] = ""
    account_id: Annotated[str, Field(max_length=200), Cleaned] = ""
    jurisdiction_id: Annotated[str, Field(max_length=100), Cleaned] = ""
    api_key: Annotated[str, Field(max_length=200), Cleaned] = ""
    confidential: Annotated[
        Literal["yes", "no"] | None,
        Field(alias="attribute[confidential]"),
        EmptyIsNone,
        published_or_empty({"type": "string", "enum": ["yes", "no"]}),
    ] = None
    external_id: Annotated[str, Field(alias="attribute[external_id]", max_length=100), Cleaned] = ""

    @property
    def name(self) -> str:
        """First and last name as they are written where they come from."""
        foreign = (self.first_name + self.last_name).isascii()
        return f"{self.first_name} {self.last_name}".strip() if foreign else self.last_name + self.first_name
