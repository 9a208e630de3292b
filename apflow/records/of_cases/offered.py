"""What a decision reads of records beside a case: those that a form offers, and what is known of the one it keeps."""

from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date
from types import MappingProxyType
from typing import Any

from msgspec import structs
from sqlalchemy import Connection, Row

from apflow.beyond.taking import PLACEMENTS
from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import FieldSpec
from apflow.core.definition.workflow import Workflow
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot, World
from apflow.loader import Library
from apflow.provision.ages import compulsory_school_age, school_year
from apflow.provision.drawn import KNOWN_PROVIDERS, LISTED_SITES, OWN_PUPILS, SITES_BESIDE, TYPED
from apflow.records.of_cases.known import asked_of_record, known_of_record
from apflow.records.people.alike import told_apart
from apflow.records.placements.other_sites import address_of, called_with_address
from apflow.records.placements.stays import planned_stay
from apflow.records.providers.registered import look_up
from apflow.store.records.offered import known_providers, listed_sites, own_pupils
from apflow.store.records.sites import PROVIDER, PROVIDERS, sites_beside

Offered = Mapping[int, Mapping[str, Any]]
NO_ANSWERS: Mapping[str, Any] = MappingProxyType({})
_APPROVED, _REGISTERED = "On the approved list", "Registered, not on the approved list: URN {urn}"
# E-mails say who commissions, and a parent's surname is often the child's.
_NOT_NAMED = {"parent": "A parent with a personal budget", "learner": "A learner with a personal budget"}


def with_records(
    connection: Connection,
    library: Library,
    definition: Definition,
    snapshot: Snapshot,
    actor: Actor,
    world: World,
    answers: Mapping[str, Any] = NO_ANSWERS,
    events: Set[str] | None = None,
) -> World:
    """The world with the records that the case's forms offer this actor now, and what is known of the one it keeps.

    Of those that are typed it has the one that the answers name, or why that cannot be had. Where no more than some
    `events` can come of it, no more is read than those ask.
    """
    asked = sorted({str(spec.records) for spec in _asked_in(definition, snapshot.state, events)})
    of_record = asked_of_record(definition, snapshot.state, events)
    if not asked and not of_record:
        return world
    chosen = {name: _OFFERED[name](connection, library, actor, world.today) for name in asked if name in _OFFERED}
    if SITES_BESIDE in asked:
        chosen[SITES_BESIDE] = _sites_beside(connection, definition, snapshot, world.today)
    refused = {}
    for name in TYPED.intersection(asked):
        typed = _typed(definition, snapshot.state, name, answers)
        chosen[name], refused[name] = look_up(connection, library, typed, world.today)
    names = {name: {number: str(said["label"]) for number, said in found.items()} for name, found in chosen.items()}
    record = known_of_record(connection, library, definition, snapshot, world.today, of_record) if of_record else {}
    people = {**world.people, **names}
    return structs.replace(world, chosen=chosen, people=people, record=record, refused=refused)


def _asked_in(definition: Definition, state: str, events: Set[str] | None) -> Iterator[FieldSpec]:
    """The questions of these events there, or of any, that a record answers."""
    for event in definition.events[state].keys() if events is None else definition.events[state].keys() & events:
        yield from definition.asked[state, event].of_records


def _typed(definition: Definition, state: str, source: str, answers: Mapping[str, Any]) -> set[str]:
    """What was typed into the questions that this source answers."""
    forms = (form for (where, _), form in definition.forms.items() if where == state)
    asked = {name for form in forms for name, spec in form.items() if spec.records == source}
    return {str(answers[name]).strip() for name in asked & answers.keys()}


def _own_pupils(connection: Connection, _library: Library, actor: Actor, today: date) -> Offered:
    """Those on the roll of, or placed by, a commissioner for whom the actor acts; whom we write to asks for them."""
    rows = [] if actor.id is None else own_pupils(connection, actor.id, today)
    apart = told_apart(rows, "id")
    return {
        row.id: {
            "label": f"{row.surname}, {row.forename} (Year {school_year(row.born, row.years_out, today)}"
            f"{apart.get(row.id, '')})",
            "commissioner": _NOT_NAMED.get(row.commissioner_kind, row.commissioner),
            "commissioner_number": row.commissioner_id,
            "school_number": row.commissioner_id,
            **said_of_pupil(row, today),
            "asked_by": row.contact_name,
            "asked_by_email": row.contact_email,
        }
        for row in rows
    }


def said_of_pupil(row: Row[Any], today: date) -> dict[str, Any]:
    """What a case takes of the pupil's record alone, whoever commissions; so also once that has been put right."""
    school = {"school_number": row.home_school_id} if row.home_school_id else {}
    year = school_year(row.born, row.years_out, today)
    return {
        **school,
        "leaves_school_on": compulsory_school_age(row.born).last.isoformat(),
        "school_year": f"Year {year}" if year > 0 else "Reception",
    }


def said_of_site(row: Row[Any]) -> dict[str, Any]:
    """What a case takes of the site's record alone; so also once that has been changed."""
    return {"site": row.name, "address": address_of(row) or None}


def _listed_sites(connection: Connection, library: Library, _actor: Actor, today: date) -> Offered:
    """The sites of every provider that stands where it takes placements; one that is listed is not offered twice."""
    offered: dict[int, dict[str, Any]] = {}
    listed: set[str] = set()
    for name in PROVIDERS:
        workflow = library.current(name).workflow if name in library.sources else None
        taking = workflow.takes.get(PLACEMENTS) if workflow else None
        if workflow is None:
            continue
        for row in listed_sites(connection, name, taking.while_in if taking else tuple(workflow.states), today):
            urn, is_registered = row.fields.get("urn"), taking is not None and taking.standing == "registered"
            if is_registered and urn in listed:
                continue
            listed |= {urn} if urn else set()
            offered[row.id] = _site(workflow, row, is_registered=is_registered)
    return offered


def _site(workflow: Workflow, row: Row[Any], *, is_registered: bool) -> dict[str, Any]:
    name = row.provider if row.name == row.provider else f"{row.provider}: {row.name}"
    return {
        "label": f"{name} (registered, not on the approved list)" if is_registered else name,
        "provider": row.provider,
        "contact_name": row.fields.get(workflow.party_name),
        "contact_email": row.fields.get(workflow.party_email),
        **said_of_site(row),
        "standing": _REGISTERED.format(urn=row.fields.get("urn")) if is_registered else _APPROVED,
        "ages": _chosen(workflow, row, "ages"),
    }


def _chosen(workflow: Workflow, row: Row[Any], name: str) -> str | None:
    """What the provider has chosen of a question, in its words; None where nobody has asked it, or answered."""
    spec = workflow.fields.get(name)
    words = [spec.options[one] for one in row.fields.get(name) or () if one in spec.options] if spec else []
    return ", ".join(words) or None


def _sites_beside(connection: Connection, definition: Definition, snapshot: Snapshot, today: date) -> Offered:
    """Where else the pupil may be, beside the site that the case's placement is at."""
    at = planned_stay(connection, definition, snapshot).site
    rows = sites_beside(connection, at, today) if at is not None else []
    return {row.id: {"label": called_with_address(row), "where": called_with_address(row)} for row in rows}


def _known_providers(connection: Connection, library: Library, _actor: Actor, _today: date) -> Offered:
    """The open case of every provider, whether it is on the list, has only applied, or is a registered one."""
    rows = [row for row in known_providers(connection) if row.workflow in library.sources]
    return {row.id: _known_provider(library.current(row.workflow).workflow, row) for row in rows}


def _known_provider(workflow: Workflow, row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    beside = row.reference if row.workflow == PROVIDER else f"{row.reference}, registered, not on the approved list"
    return {
        "label": f"{row.title} ({beside})",
        "provider": row.title,
        "reference": row.reference,
        "contact_name": row.fields.get(workflow.party_name),
        "contact_email": row.fields.get(workflow.party_email),
    }


_OFFERED: Mapping[str, Callable[[Connection, Library, Actor, date], Offered]] = {
    OWN_PUPILS: _own_pupils,
    LISTED_SITES: _listed_sites,
    KNOWN_PROVIDERS: _known_providers,
}
