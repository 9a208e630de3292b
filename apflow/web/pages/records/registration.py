"""Registration: every proprietor's light; one provider's, with its reasons and arithmetic; the forms of its sites."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from sqlalchemy import Connection, Row

from apflow.core.days.calendar import local_date
from apflow.core.errors import NotFound
from apflow.provision.registration import Light
from apflow.records.providers.lights import Lit, lights, standing_of
from apflow.records.providers.sites import SITE, answers_of_site
from apflow.store.records.establishments import count_establishments, establishment
from apflow.store.records.red_lights import cases_of_red
from apflow.store.records.sites import PROVIDERS, site, sites_of, without_sites
from apflow.web.case.opened import Opened, open_case
from apflow.web.concurrency import threaded
from apflow.web.lists.files import AskedFor, Table, files_of
from apflow.web.lists.spreadsheet import Cells
from apflow.web.lists.view import View
from apflow.web.records.recording import Keeping, Sheet, changes, here, keep, keeping, needed, sheet_page, take
from apflow.web.records.stopped import stopped
from apflow.web.render import page

LIGHTS = {Light.RED: ("Red", "red"), Light.AMBER: ("Amber", "yellow"), Light.GREEN: ("Green", "green")}
_APPROVED = "approved"
_HEADINGS = ("Light", "Proprietor", "Providers", "Why", "Would be", "Red since", "Case")


@get("/registration", include_in_schema=False)
@threaded
def listed(request: Request[Any, Any, Any]) -> Response[Any]:
    """Everyone who runs a site, the red ones first."""
    keeper = keeping(request)
    with keeper.site.store.reading() as connection:
        lit = _lights(keeper, connection)
        followed = cases_of_red(connection)
        unknown = without_sites(connection, _APPROVED)
        has_register = count_establishments(connection) > 0
        tags = stopped(keeper.site, connection, keeper.actor, [name for one in lit for name in one.providers])
    return page(
        request,
        "records/lights.html",
        stopped=tags,
        lit=lit,
        lights=LIGHTS,
        followed=followed,
        unknown=unknown,
        has_register=has_register,
        has_law=_has_law(keeper),
        view=View("/registration", len(lit)),
        **here(request),
    )


def _table(asked: AskedFor) -> Table:
    """Everyone who runs a site, as they are listed."""
    keeper = keeping(asked.request)
    with keeper.site.store.reading() as connection:
        lit, followed = _lights(keeper, connection), cases_of_red(connection)
    cells = [_cells(one, followed.get(one.id) if one.assessment.light is Light.RED else None) for one in lit]
    return Table(f"registration-{keeper.by.today.isoformat()}", "Registration", _HEADINGS, cells)


def _cells(one: Lit, red: Row[Any] | None) -> Cells:
    why = one.assessment.reasons[0].text if one.assessment.reasons else "Nothing to note."
    coming = "; ".join(f"{LIGHTS[each.light][0]} under the {each.wording.title}" for each in one.coming)
    followed = (red.since, red.reference) if red else (None, None)
    return (LIGHTS[one.assessment.light][0], one.proprietor, "; ".join(one.providers.values()), why, coming, *followed)


@get("/cases/{reference:str}/registration", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """One provider: its sites, and the light of whoever runs them."""
    keeper = keeping(request)
    opened = _provider(keeper, reference)
    fields = opened.snapshot.fields
    with keeper.site.store.reading() as connection:
        places = sites_of(connection, opened.snapshot.id or 0)
        lit = _lights(keeper, connection, {place.proprietor_id for place in places})
        followed = cases_of_red(connection)
        has_register = count_establishments(connection) > 0
        standing = standing_of(connection, fields, has_register=has_register)
        registered = establishment(connection, str(fields.get("urn", "")))
        tags = stopped(keeper.site, connection, keeper.actor, [reference])
        happened = [change for place in places for change in changes(connection, SITE, place.id)]
    keeper.note(f"Registration of {opened.title}", [row.pupil_id for one in lit for row in one.stays])
    return page(
        request,
        "records/registration.html",
        opened=opened,
        stopped=tags,
        sites=places,
        lit=lit,
        lights=LIGHTS,
        followed=followed,
        names={row.pupil_id: f"{row.forename} {row.surname}" for one in lit for row in one.stays},
        standing=standing,
        registered=registered,
        has_law=_has_law(keeper),
        changes=happened,
        **here(request),
    )


@get("/cases/{reference:str}/sites/new", include_in_schema=False)
@threaded
def ask_new(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """The empty form of a site, run by the provider itself unless said otherwise."""
    keeper = keeping(request)
    return sheet_page(request, _new(_provider(keeper, reference)))


@post("/cases/{reference:str}/sites/new", include_in_schema=False)
async def add_new(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """Add it."""
    return await take(request, lambda keeper: _new(_provider(keeper, reference)))


@get("/sites/{number:int}/change", include_in_schema=False)
@threaded
def ask_change(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """The form with what we have."""
    return sheet_page(request, _known(keeping(request), number))


@post("/sites/{number:int}/change", include_in_schema=False)
async def make_change(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Change it."""
    return await take(request, lambda keeper: _known(keeper, number), _put_right)


def _put_right(keeper: Keeping, sheet: Sheet) -> str:
    address = keep(keeper, sheet)
    keeper.recount_site(sheet.number)
    return address


def _lights(keeper: Keeping, connection: Connection, run_by: set[int] | None = None) -> list[Lit]:
    registration = keeper.site.library.registration
    today = local_date(keeper.site.now())
    return lights(connection, registration, today, run_by) if registration else []


def _has_law(keeper: Keeping) -> bool:
    registration = keeper.site.library.registration
    return registration is not None and registration.in_force(local_date(keeper.site.now())) is not None


def _provider(keeper: Keeping, reference: str) -> Opened:
    opened = open_case(keeper.site, keeper.actor, reference)
    if opened.definition.name not in PROVIDERS:
        raise NotFound
    return opened


def _new(opened: Opened) -> Sheet:
    base = f"/cases/{opened.reference}"
    answers = {
        "name": "Main site",
        "proprietor": opened.title,
        "postcode": opened.snapshot.fields.get("postcode", ""),
    }
    address, back, within = f"{base}/sites/new", f"{base}/registration", {"case_id": opened.snapshot.id or 0}
    return Sheet(SITE, "Add a site", address, back, opened.title, answers=answers, within=within)


def _known(keeper: Keeping, number: int) -> Sheet:
    with keeper.site.store.reading() as connection:
        row: Row[Any] = needed(site(connection, number))
    back = f"/cases/{row.reference}/registration"
    return Sheet(
        SITE,
        f"Change {row.name}",
        f"/sites/{number}/change",
        back,
        row.provider,
        row.version,
        answers_of_site(row),
        number,
    )


ROUTES = [listed, *files_of("/registration", _table), show, ask_new, add_new, ask_change, make_change]
