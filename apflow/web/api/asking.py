"""What every request to the API is asked first: who sends it, in what form, and which version of a case they saw."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import ResponseHeader
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import Operation
from litestar.openapi.spec import Parameter as OpenAPIParameter
from litestar.params import HeaderParameter, PathParameter, QueryParameter

from apflow.beyond.keys import Key
from apflow.core.people.actor import Actor
from apflow.web.api.problems import IfMatchMissing, IfMatchUnreadable, UnknownParameter, WrongContentType
from apflow.web.identity import SignedIn, SignInNeeded
from apflow.web.site import Site

Connection = ASGIConnection[Any, Any, Any, Any]

BY_A_PROGRAM = "by a program"  # How a look at a pupil's record is noted, beside what was read.
_NAME = r"^[a-z][a-z0-9_]*$"
Reference = Annotated[str, PathParameter(max_length=20, description="The case's reference, like `AP-7K3M-Q9TX`.")]
Name = Annotated[str, PathParameter(max_length=60, pattern=_NAME, description="A name from the workflow file.")]
Cursor = Annotated[
    str | None, QueryParameter(name="cursor", pattern=r"^[0-9]{1,9}$", description="The `next` of the page before.")
]
Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=200, description="How many to answer with at most.")]
IfMatch = Annotated[
    str | None,
    HeaderParameter(name="If-Match", max_length=200, description="The ETag of the case as you saw it, or `*` for any."),
]
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        max_length=120,
        description="A name of your own for this request: sent again, it is answered and not done twice.",
    ),
]
ETAG = ResponseHeader(
    name="etag", value='"3"', documentation_only=True, description="The version of the case, to send as If-Match."
)
_ETAG = re.compile(r'^"([0-9]{1,9})"$')


@dataclass
class Conditional(Operation):
    """Says in the OpenAPI description that If-Match must be sent; we answer 428 without it, the framework would 400."""

    def __post_init__(self) -> None:
        for parameter in self.parameters or ():
            if isinstance(parameter, OpenAPIParameter) and parameter.name == "If-Match":
                parameter.required = True


def signed_in(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Refuse whoever has neither a token nor a session."""
    if connection.scope.get("user") is None:
        raise SignInNeeded


def knows_parameters(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse a parameter in the address that the route does not ask for: nobody would notice that it does nothing."""
    kinds = (field.kwarg_definition for field in handler.parsed_fn_signature.parameters.values())
    refuse_unknown(connection, [kind.name for kind in kinds if isinstance(kind, QueryParameter) and kind.name])


def refuse_unknown(connection: Connection, asked: Collection[str]) -> None:
    """Refuse the parameters of the address that are not among those asked for."""
    if unknown := sorted(set(connection.query_params) - set(asked)):
        raise UnknownParameter(unknown, asked)


def takes_json(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Refuse a body that does not say it is JSON: a page of another site cannot make a browser send one that does."""
    if connection.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise WrongContentType


def site_of(request: Request[Any, Any, Any]) -> Site:
    site: Site = request.app.state.site
    return site


def actor_of(request: Request[Any, Any, Any]) -> Actor:
    """Who asks; routes are guarded by `signed_in`."""
    user: SignedIn = request.scope["user"]
    return user.actor


def key_of(header: str | None) -> Key | None:
    return None if header is None else Key(header)


def etag(version: int) -> str:
    """A case's version as an ETag."""
    return f'"{version}"'


def versions_seen(header: str | None) -> frozenset[int] | None:
    """The versions that If-Match allows, None for any; refused where none of it is an ETag as a case has it."""
    if header is None:
        raise IfMatchMissing
    if header.strip() == "*":
        return None
    found = [match for part in header.split(",") if (match := _ETAG.match(part.strip()))]
    if not found:
        raise IfMatchUnreadable
    return frozenset(int(match[1]) for match in found)
