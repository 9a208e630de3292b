"""The list of cases: filtered by what the address says, a page at a time, and as a file of the same view."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.response import Redirect
from sqlalchemy import Connection

from apflow.core.days.calendar import local_date
from apflow.core.definition.compiled import Definition
from apflow.core.definition.labels import STAFF
from apflow.core.definition.workflow import StateSpec, Workflow
from apflow.core.errors import NotFound
from apflow.core.people.actor import Actor
from apflow.store.people import people
from apflow.store.reading.queues import COUNTED, CaseFilter, CaseRowView, count_by_state, count_cases, list_cases
from apflow.web.case.opened import audience_of
from apflow.web.case.sought import case_called, sides_told
from apflow.web.case.told_apart import key_facts_cells, key_facts_headings, key_facts_lines
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.lists.case_filter import Chosen, awaited, chosen_of, seen_states
from apflow.web.lists.files import AskedFor, Table, files_of
from apflow.web.lists.paging import Paging, page_number
from apflow.web.lists.saved import listed_as
from apflow.web.lists.searching import search_of, searching_of, to_search
from apflow.web.lists.spreadsheet import Cells
from apflow.web.lists.view import MOST_ROWS, TYPED, View
from apflow.web.pages.work.reported import reported_by
from apflow.web.render import page
from apflow.web.sides import beside_titles
from apflow.web.site import Site

A_PAGE = 25
_PATH = "/cases"
_OUTCOMES = {"good": "green", "bad": "red", "neutral": "grey"}
_HEADINGS = ("Reference", "Case", "State", "Waiting for", "Who has it")
_WITH = ("With",)
_TIMES = ("Next deadline", "Opened", "Last changed")


@dataclass(frozen=True)
class _View:
    """What one person asked to see of the cases they may see."""

    site: Site
    actor: Actor
    workflow: Workflow
    chosen: Chosen
    wanted: CaseFilter
    kinds: Mapping[str, Workflow]

    @property
    def roles(self) -> dict[str, str]:
        known = self.site.council.roles
        return {role: known[role].title for role in awaited(self.workflow) if role in known}

    @property
    def states(self) -> dict[str, StateSpec]:
        """The states the person can choose from."""
        seen = self.wanted.seen_states
        return {name: state for name, state in self.workflow.states.items() if seen is None or name in seen}


@get(_PATH, include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """The list."""
    view, params = _view(request), request.query_params
    if view is None:
        return Redirect("/home", status_code=303)
    if TYPED in params:
        return to_search(request, _PATH, params.get(TYPED, ""), urlencode(params.dict(), doseq=True))
    if reference := case_called(view.site, view.actor, view.chosen.text):
        return Redirect(f"/cases/{reference}", status_code=303)
    with view.site.store.reading() as connection:
        count = count_cases(connection, view.wanted)
        paging = Paging(page_number(request.query_params), min(count, COUNTED), A_PAGE)
        rows = list_cases(connection, view.wanted, limit=A_PAGE, offset=paging.first)
        counts = count_by_state(connection, view.wanted)
        definitions = _definitions_of(view.site, connection, rows)
        states = _states_of(definitions, rows)
        beside = beside_titles(connection, definitions, rows, view.actor)
        key_facts = key_facts_lines(connection, definitions, rows, view.actor)
        elsewhere = [] if rows else _elsewhere(connection, view)
        reported = len(reported_by(view.site, connection, view.actor))
    labels = {name: state.label.staff for name, state in view.states.items()}
    return page(
        request,
        "work/cases.html",
        chosen=view.chosen,
        kinds=[(workflow.title, view.chosen.of_kind(name)) for name, workflow in view.kinds.items()],
        kind_title=view.workflow.title,
        elsewhere=elsewhere,
        reported=reported,
        chips=view.chosen.chips(labels, view.roles),
        rows=rows,
        beside=beside,
        key_facts=key_facts,
        shown=states,
        colours={row.reference: _OUTCOMES.get(states[row.reference].outcome or "", "blue") for row in rows},
        states=list(_counted(labels, counts).items()),
        roles=view.roles,
        paging=paging,
        is_cut=count > COUNTED,
        **listed_as(request, View(_PATH, min(count, COUNTED), view.chosen.query, is_more=count > COUNTED)),
        pages=paging.shown(f"{view.chosen.address}&" if view.chosen.query else f"{_PATH}?"),
    )


def _table(asked: AskedFor) -> Table | Response[Any]:
    """Every case of the same view."""
    view = _view(asked.request)
    if view is None:
        return Redirect("/home", status_code=303)
    with view.site.store.reading() as connection:
        rows = list_cases(connection, view.wanted, limit=MOST_ROWS)
        definitions = _definitions_of(view.site, connection, rows)
        beside = beside_titles(connection, definitions, rows, view.actor)
        facts = key_facts_cells(connection, definitions, rows, view.actor)
    columns = key_facts_headings([view.site.library.current(view.workflow.workflow), *definitions.values()], view.actor)
    headings = (*_HEADINGS, *(_WITH if beside else ()), *_TIMES, *columns.values())
    cells = _cells(view, rows, _states_of(definitions, rows), beside, columns, facts)
    return Table(f"cases-{local_date(view.site.now()).isoformat()}", "Cases", headings, list(cells))


def _view(request: Request[Any, Any, Any]) -> _View | None:
    """What is asked for; None for someone who is not of the staff."""
    site: Site = request.app.state.site
    actor = require(request).actor
    if audience_of(site, actor) != STAFF:
        return None
    kinds = _kinds(site, actor)
    usual = site.current().workflow
    workflow = kinds.get(request.query_params.get("kind", ""), usual)
    search = search_of(request, _PATH)
    chosen = chosen_of(request.query_params, search, workflow, usual.workflow, _colleagues(site, actor))
    wanted = _wanted(site, actor, chosen)
    return _View(site, actor, workflow, chosen, wanted, kinds)


def _staff(request: Request[Any, Any, Any]) -> None:
    """Refuse whoever is not of the staff."""
    if audience_of(request.app.state.site, require(request).actor) != STAFF:
        raise NotFound("There is no such page.")


def _wanted(site: Site, actor: Actor, chosen: Chosen) -> CaseFilter:
    """What is asked for of the cases that the actor may see, as they see them."""
    definition = site.library.current(chosen.workflow)
    wanted = chosen.wanted(actor, site.now(), seen_states(definition.workflow, actor))
    return replace(wanted, sides=sides_told(definition, actor))


def _colleagues(site: Site, actor: Actor) -> dict[str, str]:
    """Who else can have cases, by number: those to whom the work of a role goes that follows the case."""
    with site.store.reading() as connection:
        roles = [name for name, role in site.council.roles.items() if role.mail == "assigned"]
        holding = people.holding(connection, roles)
    found = {str(id): name for held in holding.values() for id, name in held.items() if id != actor.id}
    return dict(sorted(found.items(), key=lambda one: one[1]))


def _elsewhere(connection: Connection, view: _View) -> list[tuple[str, int, Chosen]]:
    """Where else the same search finds something: the kind of case, how many, and the search there."""
    if not (view.chosen.text or view.chosen.assigned):
        return []
    found = []
    for name, workflow in view.kinds.items():
        chosen = view.chosen.of_kind(name)
        wanted = _wanted(view.site, view.actor, chosen)
        count = 0 if name == view.chosen.workflow else count_cases(connection, wanted, most=A_PAGE)
        if count:
            found.append((workflow.title, count, chosen))
    return found


def _kinds(site: Site, actor: Actor) -> dict[str, Workflow]:
    """The workflows of which the person may see a case, the providers' own first."""
    names = sorted(site.library.sources, key=lambda name: (name != site.current().name, name))
    workflows = {name: site.library.current(name).workflow for name in names}
    return {name: workflow for name, workflow in workflows.items() if seen_states(workflow, actor) != ()}


def _counted(labels: Mapping[str, str], counts: Mapping[str, int] | None) -> Mapping[str, str]:
    """Each state's label, with how many cases are in it where they were not too many to count."""
    return labels if counts is None else {name: f"{label} ({counts.get(name, 0)})" for name, label in labels.items()}


def _definitions_of(site: Site, connection: Connection, rows: Sequence[CaseRowView]) -> dict[str, Definition]:
    """The texts that the cases pin."""
    return {digest: site.handler.definition(connection, digest) for digest in dict.fromkeys(row.digest for row in rows)}


def _states_of(definitions: Mapping[str, Definition], rows: Sequence[CaseRowView]) -> dict[str, StateSpec]:
    """The state of each case, as the text it pins has it."""
    return {row.reference: definitions[row.digest].state(row.state) for row in rows}


def _cells(
    view: _View,
    rows: Sequence[CaseRowView],
    states: Mapping[str, StateSpec],
    beside: Mapping[str, str],
    columns: Iterable[str],
    facts: Mapping[str, Mapping[str, Any]],
) -> Iterator[Cells]:
    """What every list has, then the key facts of such cases."""
    for row in rows:
        told = facts.get(row.reference, {})
        yield (
            row.reference,
            row.title,
            states[row.reference].label.staff,
            view.roles.get(row.awaiting or "", ""),
            row.assigned_name or "",
            *([beside.get(row.reference, "")] if beside else ()),
            _date(row.due_at),
            _date(row.opened_at),
            _date(row.changed_at),
            *(told.get(name) for name in columns),
        )


def _date(at: datetime | None) -> date | None:
    return local_date(at) if at else None


ROUTES = [show, searching_of(_PATH, _staff), *files_of(_PATH, _table)]
