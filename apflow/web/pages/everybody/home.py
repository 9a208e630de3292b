"""What an outsider has with the council, over all their cases: to do now, waiting for whom, and done."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache, partial
from operator import attrgetter
from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect

from apflow.core.deadlines.kept import asked_of, kept_by
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.errors import NotFound
from apflow.core.firing.items import adds
from apflow.core.firing.offers import Offer
from apflow.core.people.actor import Actor
from apflow.store.reading.items import Standing, standing_of
from apflow.store.reading.queues import (
    CaseFilter,
    CaseRowView,
    RunningView,
    running_of,
    sides_of,
    those_that_go_on_first,
)
from apflow.web.case.in_sight import in_sight
from apflow.web.case.opened import Opened, open_case
from apflow.web.case.own_part import can_wait_for, items_to_do, parts_done, parts_to_write, to_write
from apflow.web.case.pupil import pupils_in_list
from apflow.web.case.signatures import to_sign
from apflow.web.case.told_apart import key_facts_line
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.records.to_attend import to_attend
from apflow.web.render import is_staff, page
from apflow.web.sides import other_side
from apflow.web.site import Site

Look = Callable[[], Opened | None]
_MOST = 200
DO_NOW, OTHERS, WAITING, DONE = "Do now", "Waiting for others", "Waiting for the council", "Done"


@dataclass(frozen=True, slots=True)
class Line:
    """One case of theirs, what it is called to them, with whom, what comes next, and by when that is due.

    `asked` says what is due where that is for another side to do.
    """

    row: CaseRowView
    label: str
    beside: str
    next: str
    due: RunningView | None = None
    asked: str = ""


@get("/home", include_in_schema=False)
@threaded
def home(request: Request[Any, Any, Any]) -> Response[Any]:
    """Their one case, or the list of them; staff go to their work."""
    site: Site = request.app.state.site
    user = require(request)
    if is_staff(site, user):
        return Redirect("/work", status_code=303)
    with site.store.reading() as connection:
        found = those_that_go_on_first(connection, CaseFilter(party=user.actor.id), limit=_MOST + 1)
        theirs = found[:_MOST]
        references = [row.reference for row in theirs]
        sides, standing = sides_of(connection, user.actor.id or 0, references), standing_of(connection, references)
        running = running_of(connection, references)
        seen = in_sight(site, connection, theirs, user.actor)
        attend = to_attend(site, connection, user.actor)
    if len(seen) == 1 and not attend:
        return Redirect(f"/cases/{seen[0][1].reference}", status_code=303)
    groups: dict[str, list[Line]] = {DO_NOW: [], OTHERS: [], WAITING: [], DONE: []}
    for definition, row in seen:
        look = cache(partial(_opened, site, user.actor, row))
        in_part = _in_part(look, definition, row, sides[row.reference], standing.get(row.reference, frozenset()))
        group = DO_NOW if in_part else _group(definition, row, sides[row.reference])
        to_do = dict.fromkeys([*_next(look, definition, row, sides[row.reference]), *in_part])
        label = definition.state(row.state).label.to(definition.audience(definition.workflow.party_role))
        line = Line(row, label, other_side(definition, row.fields, user.actor), " · ".join(to_do))
        groups[group].append(_dated(line, group, definition, sides[row.reference], running.get(row.reference, {})))
    listed = [(definition, row, sides[row.reference]) for definition, row in seen]
    world = site.handler.world(site.now())
    return page(
        request,
        "provider/home.html",
        groups={heading: _in_order(heading, lines) for heading, lines in groups.items()},
        attend=attend,
        most=_MOST if len(found) > _MOST else 0,
        pupils=pupils_in_list(site, user.actor, "Home: placements", listed),
        key_facts={row.reference: key_facts_line(definition, row.fields, user.actor) for definition, row in seen},
        is_empty=not seen and not attend,
        is_open=world.facts["applications_open"],
        is_provider=site.current().workflow.party_role in user.actor.roles,
        applications={row.reference for _, row in seen if row.workflow == site.current().name},
    )


def _in_order(heading: str, lines: Sequence[Line]) -> list[Line]:
    """What is due first comes first, and what is on no day last; of what is over, the last to be so."""
    if heading == DONE:
        return list(lines)
    return sorted(lines, key=lambda line: (line.due is None, line.due.due_at if line.due else line.row.changed_at))


def _group(definition: Definition, row: CaseRowView, sides: frozenset[str]) -> str:
    if definition.state(row.state).outcome is not None:
        return DONE
    if row.awaiting not in definition.workflow.party_roles:
        return WAITING
    return DO_NOW if row.awaiting in sides else OTHERS


def _dated(
    line: Line, group: str, definition: Definition, sides: frozenset[str], running: Mapping[str, RunningView]
) -> Line:
    """With the earliest of the deadlines that are theirs to keep, or that another outsider is asked to keep.

    By when the council does something they are not told.
    """
    state = line.row.state
    if group == DO_NOW:
        return replace(line, due=_earliest(running, kept_by(definition, state, sides)))
    others = definition.workflow.party_roles & {line.row.awaiting or ""}
    due = _earliest(running, asked_of(definition, state, others)) if group == OTHERS else None
    return replace(line, due=due, asked=definition.deadlines[state][due.name].label) if due else line


def _earliest(running: Mapping[str, RunningView], names: Set[str]) -> RunningView | None:
    found = (one for name, one in running.items() if name in names)
    return min(found, key=attrgetter("due_at"), default=None)


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
    wanted = set(mine) if opened is None else _wanted(opened)
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


def _wanted(opened: Opened) -> set[str]:
    offers = opened.offers()
    done = parts_done(opened, offers)
    return {offer.event for offer in offers if offer not in done and _is_wanted(opened, offer)}


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
