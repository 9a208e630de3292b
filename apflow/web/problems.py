"""Every way a page can say no: the right status, what happened and how to mend it; never a bare 500."""

from typing import Any
from urllib.parse import quote

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from apflow.committing import TooBusy
from apflow.core.errors import Blocked, Invalid, KeyReused, NotAllowed, NotFound, NotOpen, Refusal, Stale, UnknownEvent
from apflow.records.files.sheets import UnreadableFile
from apflow.store.driver.faults import StoreUnavailable, Unstorable
from apflow.watching import logs
from apflow.web.identity import SignInNeeded
from apflow.web.render import page

log = structlog.get_logger()

STATUS: dict[type[Refusal], int] = {
    NotFound: 404,
    UnknownEvent: 404,
    NotAllowed: 403,
    NotOpen: 409,
    Blocked: 409,
    Stale: 409,
    Invalid: 422,
    KeyReused: 422,
    Unstorable: 400,
    UnreadableFile: 422,
}
HEADINGS = {
    400: "We could not understand that",
    403: "You do not have permission to do that",
    404: "Page not found",
    405: "That cannot be done here",
    409: "That cannot be done now",
    413: "That is too large",
    415: "That kind of file or form cannot be read here",
    422: "Some answers need another look",
    429: "Too many tries",
    503: "Sorry, the service cannot do this at the moment",
}


class AskedByAnotherSite(HTTPException):
    """This change was asked for by another site, so it was not made."""

    status_code = 403


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal, or of the kind of refusal it is."""
    return next((STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS), 409)


def refusal_page(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """A refusal that no form could show beside its question."""
    status = status_of(refusal)
    return problem_page(request, status, refusal.message, getattr(refusal, "changes", ()))


def sign_in_page(request: Request[Any, Any, Any], _problem: SignInNeeded) -> Response[Any]:
    """Off to sign in, and back to where they were going."""
    url = request.url
    target = f"{url.path}?{url.query}".removesuffix("?") if request.method == "GET" else "/"
    return Redirect(f"/sign-in?next={quote(target)}", status_code=303)


def http_page(request: Request[Any, Any, Any], problem: HTTPException) -> Response[Any]:
    """What the framework refuses: an unknown address, a wrong method, a body that is too large or malformed."""
    detail = "" if problem.status_code in (404, 405) else problem.detail
    return problem_page(request, problem.status_code, detail)


def unavailable_page(request: Request[Any, Any, Any], fault: StoreUnavailable | TooBusy) -> Response[Any]:
    """The database cannot be written at the moment; the fault says whether anything was changed."""
    log.error("store unavailable", **logs.fault(fault.__cause__ or fault))
    response = problem_page(request, 503, f"{fault.message} Try again in a minute.")
    response.headers["retry-after"] = "30"
    return response


def fault_page(request: Request[Any, Any, Any], fault: Exception) -> Response[Any]:
    """Something is broken; the log has the details, the page has none."""
    # The route, not the address: an address can carry a sign-in link.
    log.error("unexpected fault", route=request.scope.get("path_template", ""), **logs.fault(fault))
    return problem_page(request, 500, "Something went wrong on our side. It has been recorded. Try again later.")


def problem_page(request: Request[Any, Any, Any], status: int, detail: str, changes: Any = ()) -> Response[Any]:
    heading = HEADINGS.get(status, "Sorry, something went wrong")
    return page(request, "problem.html", status=status, heading=heading, detail=detail, changes=changes)


HANDLERS: dict[Any, Any] = {
    Refusal: refusal_page,
    SignInNeeded: sign_in_page,
    HTTPException: http_page,
    StoreUnavailable: unavailable_page,
    TooBusy: unavailable_page,
    Exception: fault_page,
}
