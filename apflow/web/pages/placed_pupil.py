"""Which pupil a placement is about, for those on both sides of it; and a school's own pupils, to refer one of them."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from apflow.core.actor import Actor
from apflow.core.calendar import local_date
from apflow.core.definition.compiled import Definition
from apflow.core.errors import NotFound
from apflow.core.permission import acts_as, reads_pupils
from apflow.provision.ages import usual_year
from apflow.store.offered import own_pupils
from apflow.store.pupils import names_of_pupils, pupil
from apflow.store.queues import CaseFilter, CaseRowView, list_cases
from apflow.web.concurrency import threaded
from apflow.web.looks import note_looks
from apflow.web.opened import Opened, open_case
from apflow.web.pages.pupils import tags
from apflow.web.pages.sign_in import require
from apflow.web.render import page
from apflow.web.site import Site

REFER = "refer_a_pupil"
_MOST = 200


@get("/cases/{reference:str}/pupil", include_in_schema=False)
@threaded
def of_case(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """The pupil, as far as whoever asks needs to know; the council's own staff go to the record."""
    site: Site = request.app.state.site
    opened = open_case(site, require(request).actor, reference)
    number = pupil_of(opened)
    if number is None or not may_look_up(opened):
        raise NotFound
    if reads_pupils(site.council, opened.actor):
        return Redirect(f"/pupils/{number}", status_code=303)
    with site.store.reading() as connection:
        row = pupil(connection, number)
    if row is None:
        raise NotFound
    note_looks(site, opened.actor, f"Placement {opened.reference}", [number])
    year = row.year if row.year is not None else usual_year(row.born, local_date(site.now()))
    return page(request, "provider/pupil.html", opened=opened, row=row, year=year, tags=tags(row))


@get("/my-pupils", include_in_schema=False)
@threaded
def mine(request: Request[Any, Any, Any]) -> Response[Any]:
    """The pupils of the commissioner for whom whoever asks acts, each with a way to refer them, and with cases."""
    site: Site = request.app.state.site
    user = require(request)
    if REFER not in site.can_start(user.actor.roles):
        raise NotFound
    with site.store.reading() as connection:
        rows = own_pupils(connection, user.actor.id or 0, local_date(site.now()))
        cases = list_cases(connection, CaseFilter(party=user.actor.id, workflow="placement"), limit=_MOST)
    note_looks(site, user.actor, "Pupils of a school", [row.id for row in rows])
    placed: dict[int, list[tuple[Opened, str]]] = {}
    for case in cases:
        with suppress(NotFound):  # One that another school writes to them as a provider is out of their sight.
            opened = open_case(site, user.actor, case.reference)
            label = opened.definition.state(opened.snapshot.state).label.to(opened.audience)
            placed.setdefault(pupil_of(opened) or 0, []).append((opened, label))
    return page(request, "provider/pupils.html", rows=rows, placed=placed, refer=REFER)


def may_look_up(opened: Opened) -> bool:
    """Whether a role of theirs on this case lets them know, where it stands now, which pupil it is about."""
    roles = _who_look_up(opened.definition, opened.snapshot.state)
    return acts_as(opened.definition, opened.snapshot, roles, opened.actor)


def _who_look_up(definition: Definition, state: str) -> tuple[str, ...]:
    kept = definition.workflow.keeps
    seen_by = kept.pupil_seen_by.items() if kept else ()
    return tuple(role for role, states in seen_by if not states or state in states)


def pupil_of(opened: Opened) -> int | None:
    """The number of the pupil whom the case is about, for those who may look them up and for noting looks."""
    return _number_in(opened.definition, opened.snapshot.fields)


def _number_in(definition: Definition, fields: Mapping[str, Any]) -> int | None:
    kept = definition.workflow.keeps
    return fields.get(kept.as_.get("pupil", "")) if kept else None


def pupils_in_list(
    site: Site, actor: Actor, where: str, rows: Iterable[tuple[Definition, CaseRowView, AbstractSet[str]]]
) -> dict[str, str]:
    """By reference, whom each case is about, where a side that they are on lets them look it up; noted as any look."""
    numbers = {
        row.reference: number
        for definition, row, sides in rows
        if not sides.isdisjoint(_who_look_up(definition, row.state))
        and (number := _number_in(definition, row.fields)) is not None
    }
    if not numbers:
        return {}
    with site.store.reading() as connection:
        names = names_of_pupils(connection, numbers.values())
    note_looks(site, actor, where, names)
    return {reference: names[number] for reference, number in numbers.items() if number in names}


ROUTES = [of_case, mine]
