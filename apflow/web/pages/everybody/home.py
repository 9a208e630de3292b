"""What an outsider has with the council, over all their cases: to do now, waiting for whom, and done."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial
from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect

from apflow.core.deadlines.kept import kept_by
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.errors import NotFound
from apflow.core.firing.items import adds
from apflow.core.firing.offers import Offer
from apflow.core.people.actor import Actor
from apflow.store.reading.items import Standing, standing_of
from apflow.store.reading.queues import CaseFilter, CaseRowView, list_cases, running_of, sides_of
from apflow.web.case.in_sight import in_sight
from apflow.web.case.opened import Opened, open_case
from apflow.web.case.own_part import can_wait_for, items_to_do, parts_to_write, to_write
from apflow.web.case.pupil import pupils_in_list
from apflow.web.case.signatures import to_sign
from apflow.web.case.told_apart import key_facts_line
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.render import is_staff, page
from apflow.web.sides import other_side
from apflow.web.site import Site

Look = Callable[[], Opened | None]
_MOST = 200
DO_NOW, OTHERS, WAITING, DONE = "Do now", "Waiting for others", "Waiting for the council", "Done"


@get("/home", include_in_schema=False)
@threaded
def home(request: Request[Any, Any, Any]) -> Response[Any]:
    """Their one case, or the list of them; staff go to their work."""
    site: Site = request.app.state.site
    user = require(request)
    if is_staff(site, user):
        return Redirect("/work", status_code=303)
    with site.store.reading() as connection:
        theirs = list_cases(connection, CaseFilter(party=user.actor.id), limit=_MOST)
        references = [row.reference for row in theirs]
        sides, standing = sides_of(connection, user.actor.id or 0, references), standing_of(connection, references)
        running = running_of(connection, references)
        seen = in_sight(site, connection, theirs, user.actor)
    if len(seen) == 1:
        return Redirect(f"/cases/{seen[0][1].reference}", status_code=303)
    groups: dict[str, list[tuple[CaseRowView, str, str, str]]] = {DO_NOW: [], OTHERS: [], WAITING: [], DONE: []}
    for definition, row in seen:
        label = definition.state(row.state).label.to(definition.audience(definition.workflow.party_role))
        side = sides[row.reference]
        look = cache(partial(_opened, site, user.actor, row))
        in_part = _in_part(look, definition, row, side, standing.get(row.reference, frozenset()))
        to_do = [*_next(look, definition, row, side), *in_part]
        shown = (row, label, other_side(definition, row.fields, user.actor), " · ".join(dict.fromkeys(to_do)))
        groups[DO_NOW if in_part else _group(definition, row, side)].append(shown)
    listed = [(definition, row, sides[row.reference]) for definition, row in seen]
    world = site.handler.world(site.now())
    return page(
        request,
        "provider/home.html",
        groups=groups,
        due={
            row.reference: _due(made, row, sides[row.reference], running.get(row.reference, {})) for made, row in seen
        },
        pupils=pupils_in_list(site, user.actor, "Home: placements", listed),
        key_facts={row.reference: key_facts_line(definition, row.fields, user.actor) for definition, row in seen},
        is_empty=not seen,
        is_open=world.facts["applications_open"],
        is_provider=site.current().workflow.party_role in user.actor.roles,
        applications={row.reference for _, row in seen if row.workflow == site.current().name},
    )


def _group(definition: Definition, row: CaseRowView, sides: frozenset[str]) -> str:
    if definition.state(row.state).outcome is not None:
        return DONE
    if row.awaiting not in definition.workflow.party_roles:
        return WAITING
    return DO_NOW if row.awaiting in sides else OTHERS


def _due(
    definition: Definition, row: CaseRowView, sides: frozenset[str], running: Mapping[str, datetime]
) -> datetime | None:
    """The earliest of the deadlines that are theirs to keep."""
    theirs = kept_by(definition, row.state, sides)
    return min((at for name, at in running.items() if name in theirs), default=None)


def _next(look: Look, definition: Definition, row: CaseRowView, sides: frozenset[str]) -> list[str]:
    """What it is mainly their turn to do and can be done now, in the words of its buttons, which often say more than
    the label of a state. A case is opened only where that decides it."""
    if row.awaiting not in sides:
        return []
    audience = definition.audience(row.awaiting)
    events = definition.events[row.state].items()
    mine = {
        event: spec
        for event, spec in events
        if spec.emphasis == "main" and row.awaiting in spec.by and _is_of_the_case(definition, spec)
    }
    opened = look() if any(spec.signs or spec.requires for spec in mine.values()) else None
    wanted = mine if opened is None else {offer.event for offer in opened.offers() if _is_wanted(opened, offer)}
    return [spec.label.to(audience) for event, spec in mine.items() if event in wanted]


def _in_part(
    look: Look, definition: Definition, row: CaseRowView, sides: frozenset[str], standing: Standing
) -> list[str]:
    """What is their side's to do though the case waits for another, whose move a state's `awaiting` names but once."""
    signs = row.awaiting not in sides and _can_sign(definition, row.state, sides)
    writes = to_write(definition, row.state, row.fields, sides)
    opened = look() if signs or writes or can_wait_for(definition, row.state, sides, standing) else None
    if opened is None:
        return []
    offers = opened.offers()
    own = [*(to_sign(offers) if signs else ()), *parts_to_write(opened, offers)]
    return [*(offer.spec.label.to(opened.audience) for offer in own), *(one.label for one in items_to_do(opened))]


def _can_sign(definition: Definition, state: str, sides: frozenset[str]) -> bool:
    signing = (spec for spec in definition.events[state].values() if spec.signs and not sides.isdisjoint(spec.by))
    return any(spec.emphasis == "main" for spec in signing)


def _is_wanted(opened: Opened, offer: Offer) -> bool:
    """Whether it can be done now, and is not what their side has signed already."""
    is_signed = offer.spec.signs and offer.item is not None and opened.snapshot.item(*offer.item) is not None
    return offer.is_possible and not is_signed


def _opened(site: Site, actor: Actor, row: CaseRowView) -> Opened | None:
    """None when it has gone out of their sight since the list was read."""
    try:
        return open_case(site, actor, row.reference)
    except NotFound:
        return None


def _is_of_the_case(definition: Definition, spec: EventSpec) -> bool:
    """Whether it is done to the case, or as one's own part in it, and not to one item that is chosen there."""
    of = spec.item.of if spec.item else None
    return of is None or adds(definition, spec) or definition.collection(of).keyed_by == "actor"


ROUTES = [home]
