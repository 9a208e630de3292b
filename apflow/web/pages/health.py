"""Whether the process lives and can reach its database, for whoever watches it."""

from typing import Any

from litestar import Request, Response, get
from sqlalchemy import text

from apflow.web.site import Site


@get("/health", sync_to_thread=True, include_in_schema=False)
def health(request: Request[Any, Any, Any]) -> Response[dict[str, str]]:
    """200 while the database answers; 503, by way of StoreUnavailable, when it does not."""
    site: Site = request.app.state.site
    with site.store.reading() as connection:
        connection.execute(text("SELECT 1"))
    return Response({"status": "ok"})


ROUTES = [health]
