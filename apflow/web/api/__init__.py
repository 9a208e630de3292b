"""The JSON API under /api/v1: what the pages do, for programs. Every change goes through the same door as theirs."""

from litestar import Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from apflow import __version__
from apflow.web.api import (
    approved_list,
    cases,
    codes,
    events,
    files,
    history,
    marks,
    overrides,
    placed,
    registers,
    tasks,
    workflows,
)
from apflow.web.api.asking import knows_parameters, signed_in
from apflow.web.identity import SESSION_COOKIE

_ABOUT = (
    "Cases, their history, their files, the tasks, and attendance, for programs: what is done on the pages of a case, "
    "or where attendance is marked, is done here. Records (pupils, schools, sites, attendance plans), reports and "
    "returns are on the pages only. A token acts as the person it was made for, sees what they see and may do what "
    "they may. Begin at `/api/v1/workflows`, `/api/v1/tasks` or `/api/v1/attendance`; a case says in `offers` what can "
    "be done to it, and the `href` of each says what it asks. Errors are application/problem+json; what is refused has "
    "changed nothing."
)


def router() -> Router:
    """Every route of the API."""
    modules = (workflows, cases, events, overrides, history, tasks, files, registers, placed, codes, marks)
    return Router(
        path="/api/v1",
        route_handlers=[route for module in modules for route in module.ROUTES],
        guards=[signed_in, knows_parameters],
        security=[{"token": []}, {"session": []}],
    )


def open_router() -> Router:
    """What anybody may ask."""
    return Router(path="/api/v1", route_handlers=approved_list.ROUTES, security=[{}])


def description() -> OpenAPIConfig:
    """What /schema/openapi.json says."""
    token = SecurityScheme(
        type="http", scheme="bearer", description="An API token, apflow_…: `apflow token` makes one."
    )
    session = SecurityScheme(type="apiKey", name=SESSION_COOKIE, security_scheme_in="cookie")
    return OpenAPIConfig(
        title="apflow",
        version=__version__,
        description=_ABOUT,
        path="/schema",
        use_handler_docstrings=True,
        render_plugins=[JsonRenderPlugin()],
        components=Components(security_schemes={"token": token, "session": session}),
    )
