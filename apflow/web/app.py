"""The web application: every route in one list, and what stands around them all."""

from pathlib import Path
from typing import Any

from litestar import Litestar, Request
from litestar.concurrency import set_asyncio_executor
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.static_files import create_static_files_router

from apflow.watching.tracing import Tracing
from apflow.web import api, problems
from apflow.web.api.problems import in_place_of
from apflow.web.concurrency import THREADS
from apflow.web.identity import Identify
from apflow.web.pages import routes
from apflow.web.pages.installation import health, metrics
from apflow.web.security import asked_by_another_site, with_headers
from apflow.web.site import Site
from apflow.web.watched import watched

STATIC = Path(__file__).parent / "static"
BODY_LIMIT = 2_000_000
_LONGEST_NAME = 255


async def refuse_other_sites(request: Request[Any, Any, Any]) -> None:
    """Stop a change that another site makes a browser ask for."""
    if asked_by_another_site(request):
        raise problems.AskedByAnotherSite


async def refuse_impossible_names(request: Request[Any, Any, Any]) -> None:
    """Stop the name of a file that no disk could have, before one is asked for it."""
    path = request.scope["path"]
    if "\0" in path or len(path.encode()) > _LONGEST_NAME:
        raise NotFoundException


def create_app(site: Site, tracing: Tracing | None = None) -> Litestar:
    """The application for one installation; with a span a request where there is tracing."""
    set_asyncio_executor(THREADS)
    return Litestar(
        route_handlers=[
            *routes(site),
            api.router(),
            api.open_router(),
            create_static_files_router("/static", [STATIC], before_request=refuse_impossible_names),
        ],
        state=State({"site": site}),
        middleware=[watched(tracing), with_headers, Identify],
        before_request=refuse_other_sites,
        exception_handlers=in_place_of(problems.HANDLERS),
        request_max_body_size=BODY_LIMIT,
        openapi_config=api.description(),
        logging_config=None,
    )


def create_watch_app(site: Site) -> Litestar:
    """What a worker answers: how it is, and nothing of any case."""
    set_asyncio_executor(THREADS)
    return Litestar(
        route_handlers=[*health.ROUTES, *metrics.ROUTES],
        state=State({"site": site}),
        middleware=[with_headers],
        openapi_config=None,
        logging_config=None,
    )
