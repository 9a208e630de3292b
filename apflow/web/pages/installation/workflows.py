"""The workflows as pictures and in words, for staff; and where one case is in its own."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from markupsafe import Markup

from apflow.core.definition.labels import STAFF
from apflow.core.diagram import NOWHERE, Chart, Way, chart_of, diagram
from apflow.core.diagram.order import ends_of, spine_of
from apflow.core.errors import NotFound
from apflow.store.reading.ways import way_of
from apflow.web.case.opened import audience_of, open_case
from apflow.web.case.timeline import event_label
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.render import page
from apflow.web.site import Site


@get("/workflows", include_in_schema=False)
@threaded
def listed(request: Request[Any, Any, Any]) -> Response[Any]:
    """Every workflow as new cases start under it."""
    site = _site_of_staff(request)
    workflows = [site.library.current(name).workflow for name in site.library.sources]
    return page(request, "workflow/list.html", workflows=workflows)


@get("/workflows/{name:str}", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[Any]:
    """One workflow: the picture, then the same in words."""
    site = _site_of_staff(request)
    if name not in site.library.sources:
        raise NotFound
    definition = site.library.current(name)
    chart = chart_of(definition)
    return page(request, "workflow/show.html", workflow=definition.workflow, **_shown(chart, NOWHERE))


@get("/cases/{reference:str}/diagram", include_in_schema=False)
@threaded
def of_case(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """Where a case is in the workflow it started under, and the way it came."""
    opened = open_case(request.app.state.site, require(request).actor, reference)
    if opened.audience != STAFF:
        raise NotFound
    with opened.site.store.reading() as connection:
        way = way_of(connection, opened.definition, opened.snapshot)
    said = [
        (passage, event_label(opened.definition, passage.from_state, passage.event, STAFF)) for passage in way.passages
    ]
    return page(request, "workflow/case.html", opened=opened, said=said, **_shown(chart_of(opened.definition), way))


def _shown(chart: Chart, way: Way) -> dict[str, Any]:
    boxes = [chart.box(name) for name in (*spine_of(chart), *ends_of(chart))]
    titles = {box.name: box.title for box in boxes}
    return {"chart": chart, "way": way, "boxes": boxes, "titles": titles, "picture": Markup(diagram(chart, way))}


def _site_of_staff(request: Request[Any, Any, Any]) -> Site:
    """The installation; to anyone but staff these pages do not exist."""
    site: Site = request.app.state.site
    if audience_of(site, require(request).actor) != STAFF:
        raise NotFound
    return site


ROUTES = [listed, show, of_case]
