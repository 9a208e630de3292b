"""Which providers take no new placements as their case stands: said beside their name wherever their pupils are."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from apflow.beyond.taking import PLACEMENTS
from apflow.core.days.calendar import local_date
from apflow.core.definition.labels import STAFF
from apflow.core.definition.words import short_day
from apflow.core.definition.workflow import Workflow
from apflow.core.people.actor import Actor
from apflow.store.records.sites import states_at, states_of
from apflow.web.case.opened import audience_of
from apflow.web.site import Site

_ELSE = "Not taking placements"
_NOT_LISTED = "Not on the approved list"


class Stopped(NamedTuple):
    """How it is said, and in which colour."""

    text: str
    colour: str


def stopped(site: Site, connection: Connection, actor: Actor, references: Iterable[str]) -> dict[str, Stopped]:
    """Those of the providers' cases that take no placements, in words for staff or for whoever is outside."""
    return {row.reference: said for row in states_of(connection, references) if (said := _said(site, actor, row))}


def stopped_at(site: Site, connection: Connection, actor: Actor, numbers: Iterable[int]) -> dict[int, Stopped]:
    """The same by the numbers of their sites."""
    return {row.site_id: said for row in states_at(connection, numbers) if (said := _said(site, actor, row))}


def _said(site: Site, actor: Actor, row: Row[Any]) -> Stopped | None:
    workflow = site.library.current(row.workflow).workflow if row.workflow in site.library.sources else None
    state = workflow.states.get(row.state) if workflow else None
    if workflow is None or state is None or _takes(workflow, row.state):
        return None
    colour = "red" if state.final else "orange"
    if audience_of(site, actor) != STAFF:
        return Stopped(_to_outsiders(workflow, row.state), colour)
    since = f", {short_day(local_date(row.entered_at))}" if state.final else ""
    return Stopped(f"{state.label.staff}{since}", colour)


def _takes(workflow: Workflow, state: str) -> bool:
    taking = workflow.takes.get(PLACEMENTS)
    return taking is None or state in taking.while_in


def _to_outsiders(workflow: Workflow, state: str) -> str:
    """What anybody can read of it, and no more: a removal that is proposed is not theirs to know."""
    if workflow.public_list is None:
        return _ELSE
    return workflow.public_list.states.get(state, _NOT_LISTED)
