"""Every way the API says no: application/problem+json (RFC 9457), with a code that programs can rely on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import ClientException, HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from pydantic import BaseModel, Field

from apflow.committing import TooBusy
from apflow.core.errors import Invalid, Refusal, Stale
from apflow.store.driver.faults import StoreUnavailable
from apflow.uploads import FileTooLarge
from apflow.watching import logs
from apflow.web import problems
from apflow.web.security import HEADERS

PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"
_STATUS: Mapping[type[Refusal], int] = {**problems.STATUS, Stale: 412, FileTooLarge: 413}
CODES = {
    400: "malformed",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "wrong-method",
    413: "too-large",
    415: "wrong-content-type",
    428: "if-match-missing",
    429: "too-many-requests",
    503: "unavailable",
}
_DETAILS = {
    401: "Send an API token in the Authorization header (Bearer apflow_…), or sign in.",
    404: "There is nothing at this address.",
    405: "This address does not take that method; see the Allow header.",
    413: "More was sent than is taken here.",
    415: "Send this as JSON, and say so: Content-Type: application/json.",
    428: "Say which version of the case you saw: send the ETag that came with it as If-Match, or * for any.",
}
_NO_OBJECT = "Input should be a valid dictionary"
_IN_WORDS = {
    _NO_OBJECT: "Send a JSON object here.",
    "Extra inputs are not permitted": "This is not asked for here: /schema/openapi.json says what is.",
    "Field required": "This is missing.",
    "Invalid RFC3339 encoded date": "Write a day as 2026-11-30.",
}
_AS_SENT = {"idempotency_key": "Idempotency-Key", "if_match": "If-Match"}
_TRY_AGAIN_AFTER = "30"

log = structlog.get_logger()

Handler = Callable[[Request[Any, Any, Any], Any], Response[Any]]


class Problem(BaseModel):
    """Why a request was refused. What does not apply is left out."""

    type: str = Field(description="A name for this kind of problem: `urn:apflow:problem:` and the code.")
    title: str = Field(description="The kind of problem in a few words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened and how to mend it, in words that can be shown to a person.")
    code: str = Field(description="What programs should look at.")
    errors: dict[str, str] | None = Field(default=None, description="What is wrong with each answer or parameter.")
    reasons: list[str] | None = Field(default=None, description="What must be done first.")
    changes: list[str] | None = Field(default=None, description="What has changed since the version you saw.")


class IfMatchMissing(ClientException):
    """Say which version you saw: send the case's ETag as If-Match."""

    status_code = 428


class Malformed(ClientException):
    """What was sent beside the body cannot be read: what is wrong with each part of it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(status_code=400)


class UnknownParameter(Malformed):
    """What stands in the address beside what is asked there: a filter with a slip in it would choose everything."""

    def __init__(self, names: Iterable[str], known: Iterable[str]) -> None:
        are = ", ".join(known)
        said = f"This address takes {are or 'no parameter'}."
        super().__init__({name: f'"{name}" is not asked for here. {said}' for name in names})


class IfMatchUnreadable(Malformed):
    """No part of If-Match is an ETag of ours: nobody has changed anything, so 412 would mislead."""

    def __init__(self) -> None:
        says = 'Send the ETag as it came with the case, in its quotes ("3") and without W/ before it, or * for any.'
        super().__init__({"If-Match": says})


class WrongContentType(ClientException):
    """Send this as application/json, or as what is said instead."""

    def __init__(self, says: str = _DETAILS[415]) -> None:
        super().__init__(detail=says, status_code=415)


def in_place_of(pages: Mapping[Any, Any]) -> dict[Any, Any]:
    """The pages' handlers, with a problem instead of a page for whatever is asked under the API's prefix."""
    return {kind: _by_path(page) for kind, page in pages.items()}


def documented(*statuses: int) -> dict[int, ResponseSpec]:
    """The problems an operation can answer with, for the OpenAPI description."""
    return {
        status: ResponseSpec(Problem, generate_examples=False, description=_title(status), media_type=MEDIA_TYPE)
        for status in statuses
    }


def _by_path(page: Handler) -> Handler:
    def handle(request: Request[Any, Any, Any], fault: Exception) -> Response[Any]:
        response = answer(request, fault) if request.url.path.startswith(PREFIX) else page(request, fault)
        # Where there is no route no middleware runs, and nothing else would add these.
        for name, value in {**HEADERS, "cache-control": "no-store"}.items():
            response.headers.setdefault(name, value)
        return response

    return handle


def answer(request: Request[Any, Any, Any], fault: Exception) -> Response[Any]:
    """The problem for whatever went wrong; the details of a fault of ours go to the log only."""
    match fault:
        case Refusal():
            return _refused(fault)
        case StoreUnavailable() | TooBusy():
            log.error("store unavailable", **logs.fault(fault.__cause__ or fault))
            return _respond(503, "unavailable", fault.message, {"retry-after": _TRY_AGAIN_AFTER})
        case HTTPException():
            return _refused_by_the_framework(fault)
        case RecursionError():
            return _respond(400, "malformed", "The JSON is nested too deeply.")
        case UnicodeDecodeError():
            return _respond(400, "malformed", "The JSON is not in UTF-8.")
        case _:
            log.error("unexpected fault", route=request.scope.get("path_template", ""), **logs.fault(fault))
            return _respond(500, "fault", "Something went wrong on our side. It has been recorded.")


def _refused(refusal: Refusal) -> Response[Any]:
    status = next((_STATUS[kind] for kind in type(refusal).__mro__ if kind in _STATUS), 409)
    return _respond(
        status,
        refusal.code,
        refusal.message,
        title=(type(refusal).__doc__ or "").strip().rstrip("."),
        errors=refusal.errors if isinstance(refusal, Invalid) else None,
        reasons=getattr(refusal, "reasons", None),
        changes=getattr(refusal, "changes", None),
    )


def _refused_by_the_framework(fault: HTTPException) -> Response[Any]:
    status = fault.status_code
    headers = {name.lower(): value for name, value in (fault.headers or {}).items()}
    if status == 401:
        headers["www-authenticate"] = 'Bearer realm="apflow"'
    errors = _errors(fault)
    said = fault.detail if isinstance(fault, WrongContentType) else _DETAILS.get(status)
    detail = said or (_all_of(errors) if errors else fault.detail)
    return _respond(status, CODES.get(status, "refused"), detail or _title(status), headers, errors)


def _errors(fault: HTTPException) -> dict[str, str] | None:
    """What is wrong with each part of the body or each parameter, by name."""
    if isinstance(fault, Malformed):
        return fault.errors
    if not isinstance(fault, ValidationException):
        return None
    found = fault.extra if isinstance(fault.extra, list) else []
    return dict(_error(str(one.get("key") or "body"), str(one.get("message"))) for one in found)


def _error(name: str, message: str) -> tuple[str, str]:
    """One of the framework's, by the name under which it was sent and in words that say how to mend it."""
    if name == "data" or (name == "body" and message.startswith(_NO_OBJECT)):
        return "body", "Send a JSON object."
    said = next((ours for theirs, ours in _IN_WORDS.items() if message.startswith(theirs)), message)
    return _AS_SENT.get(name, name), said


def _all_of(errors: Mapping[str, str]) -> str:
    """All that is wrong in one line, each with its name where the words do not say it."""
    return " ".join(
        said if name == "body" or f'"{name}"' in said else f"{name}: {said}" for name, said in errors.items()
    )


def _respond(
    status: int,
    code: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    reasons: Sequence[str] | None = None,
    changes: Sequence[str] | None = None,
    title: str | None = None,
) -> Response[Any]:
    problem = Problem(
        type=f"urn:apflow:problem:{code}",
        title=title or _title(status),
        status=status,
        detail=detail,
        code=code,
        errors=dict(errors) if errors else None,
        reasons=list(reasons) if reasons else None,
        changes=list(changes) if changes else None,
    )
    content = problem.model_dump(exclude_none=True)
    return Response(content, status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def _title(status: int) -> str:
    return HTTPStatus(status).phrase
