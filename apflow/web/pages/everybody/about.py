"""The front page and the pages that say what the service is."""

from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect

from apflow.core.days.calendar import local_date
from apflow.core.definition.document import PRIVACY_NOTICE
from apflow.web.render import is_staff, page
from apflow.web.site import Site


@get("/", sync_to_thread=True, include_in_schema=False)
def front(request: Request[Any, Any, Any]) -> Response[Any]:
    """Where to begin; people who are signed in go to their own work."""
    site: Site = request.app.state.site
    if request.user:
        return Redirect("/work" if is_staff(site, request.user) else "/home", status_code=303)
    closed = site.council.applications.closed_because(local_date(site.now()))
    return page(request, "front.html", closed=closed, can_report=site.started_by("report_concern") is not None)


@get("/accessibility", sync_to_thread=True, include_in_schema=False)
def accessibility(request: Request[Any, Any, Any]) -> Response[Any]:
    """How accessible the service is, and whom to tell where it is not."""
    return page(request, "accessibility.html")


@get("/privacy", sync_to_thread=True, include_in_schema=False)
def privacy(request: Request[Any, Any, Any]) -> Response[Any]:
    """What is kept about whom, as the council words it, and what stays in the browser."""
    site: Site = request.app.state.site
    return page(request, "privacy.html", notice=site.library.documents.get(PRIVACY_NOTICE))


ROUTES = [front, accessibility, privacy]
