"""What has been published, and what each edition changed: for the staff, newest first."""

from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect

from apflow.core.compare import NOTHING
from apflow.store.editions import count_editions, list_editions
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.lists.paging import Paging, page_number
from apflow.web.render import is_staff, page
from apflow.web.site import Site

A_PAGE = 20


@get("/policy", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """The editions."""
    site: Site = request.app.state.site
    if not is_staff(site, require(request)):
        return Redirect("/home", status_code=303)
    with site.store.reading() as connection:
        paging = Paging(page_number(request.query_params), count_editions(connection), A_PAGE)
        editions = list_editions(connection, limit=A_PAGE, offset=paging.first)
    live = editions[0].id if editions and paging.number == 1 else None
    return page(request, "policy.html", editions=editions, live=live, paging=paging, nothing=NOTHING)


ROUTES = [show]
