"""A workflow made ready to decide with: its forms resolved, its machine built, its calendar and council beside it."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from apflow.core.days.calendar import Calendar
from apflow.core.days.duration import Unit
from apflow.core.days.school import SchoolDays
from apflow.core.definition.asked import Asked, asked_in, of_people
from apflow.core.definition.catalogue import Catalogue, CatalogueItem
from apflow.core.definition.clocks import Clock, Counted
from apflow.core.definition.conditions import Condition, reads_answers
from apflow.core.definition.council import Council
from apflow.core.definition.events import UNTOUCHED, AllExcept, EventSpec
from apflow.core.definition.fields import OF_PEOPLE, FieldSpec, FieldType, FieldUse, no_further_ahead
from apflow.core.definition.labels import STAFF
from apflow.core.definition.linked import OtherCases
from apflow.core.definition.records import RecordSource
from apflow.core.definition.timing import DeadlineSpec
from apflow.core.definition.together import together
from apflow.core.definition.words import day
from apflow.core.definition.workflow import Collection, Party, StateSpec, Workflow
from apflow.core.machine import START, Machine


@dataclass(frozen=True)
class Definition:
    """What one case is decided by: the workflow text it pins (`digest`), with the council's present settings."""

    workflow: Workflow
    council: Council
    calendar: Calendar
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)
    digest: str = ""
    records: Mapping[str, RecordSource] = field(default_factory=dict)
    clocks: Mapping[str, Clock] = field(default_factory=dict)

    def counted_by(self, school: SchoolDays) -> "Definition":
        """The same, its school days those of one school; what is worked out of it is so once, for all schools."""
        for name in _WORKED_OUT:
            getattr(self, name)
        other = copy(self)
        object.__setattr__(other, "calendar", replace(self.calendar, school=school))
        return other

    @property
    def name(self) -> str:
        return self.workflow.workflow

    @cached_property
    def machine(self) -> Machine:
        """The one machine of this definition, shared by every case and thread."""
        return Machine(self.workflow.states, self._arrows())

    @cached_property
    def events(self) -> Mapping[str, Mapping[str, EventSpec]]:
        """The events each state offers, `START` included; a state's own event hides a shared one of its name."""
        offered = {START: dict(self.workflow.start)}
        for name, state in self.workflow.states.items():
            shared = {event: spec for event, spec in self.workflow.events.items() if name in self.sources(spec)}
            offered[name] = {**state.events, **shared, **state.events}
        return offered

    @cached_property
    def deadlines(self) -> Mapping[str, Mapping[str, DeadlineSpec]]:
        """The deadlines that can run in each state: its own, then those of the whole case that run through it.

        One that is counted from another which stands still, or is not wanted, goes with it.
        """
        wide = self.workflow.deadlines.items()
        return {
            name: together(dict(state.deadlines) | {key: spec for key, spec in wide if name in spec.while_in})
            for name, state in self.workflow.states.items()
        }

    @cached_property
    def unless(self) -> Mapping[str, Mapping[str, Condition]]:
        """For each state with such, its deadlines that are not wanted while a condition holds."""
        found = {
            state: {name: spec.unless for name, spec in specs.items() if spec.unless}
            for state, specs in self.deadlines.items()
        }
        return {state: conditions for state, conditions in found.items() if conditions}

    @cached_property
    def event_names(self) -> frozenset[str]:
        return frozenset(name for events in self.events.values() for name in events)

    @cached_property
    def watched_events(self) -> frozenset[str]:
        """The events of which it is remembered who last did them, as some other may not be done by the same person."""
        return frozenset(name for events in self.events.values() for spec in events.values() for name in spec.not_by)

    @cached_property
    def forms(self) -> Mapping[tuple[str, str], Mapping[str, FieldSpec]]:
        """The resolved form of each (state, event)."""
        return {
            (state, event): self._resolve(spec)
            for state, events in self.events.items()
            for event, spec in events.items()
        }

    @cached_property
    def asked(self) -> Mapping[tuple[str, str], Asked]:
        """What there is to see to of each form's questions."""
        return {key: asked_in(form, self.workflow.fields) for key, form in self.forms.items()}

    @cached_property
    def people(self) -> tuple[str, ...]:
        """The fields of the case that are somebody, or several people."""
        return of_people(self.workflow.fields)

    @cached_property
    def parties(self) -> tuple[Party, ...]:
        """The outsiders a case is about: none, one, or two."""
        return self.workflow.parties

    @cached_property
    def party_roles(self) -> frozenset[str]:
        """The roles of all outsiders a case is about."""
        return self.workflow.party_roles

    @cached_property
    def guards_of_answers(self) -> frozenset[str]:
        """The guards that look at what is being submitted."""
        return frozenset(name for name, guard in self.workflow.guards.items() if reads_answers(guard.when))

    @cached_property
    def chosen_roles(self) -> frozenset[str]:
        """The roles whose people some question offers to choose from, or of whom each does a part of some work."""
        asked = (spec for form in self.forms.values() for spec in form.values())
        tasks = (task for state in self.workflow.states.values() for task in state.tasks.values())
        chosen = (spec.role for spec in asked if spec.type in OF_PEOPLE and spec.role)
        return frozenset(chosen) | {task.for_ for task in tasks if task.each}

    @cached_property
    def chosen_records(self) -> frozenset[str]:
        """The sources whose records some question offers to choose from."""
        asked = (spec for form in self.forms.values() for spec in form.values())
        return frozenset(spec.records for spec in asked if spec.records)

    @cached_property
    def taken(self) -> Mapping[str, tuple[str, str]]:
        """The fields that say what a chosen record said: which question that was the answer to, and what of it."""
        fields = self.workflow.fields.items()
        split = {name: spec.taken_from.split(".") for name, spec in fields if spec.taken_from}
        return {name: (question, fact) for name, (question, fact) in split.items()}

    @cached_property
    def counted(self) -> Mapping[str, Counted]:
        """The fields that clocks count, in the order in which they are counted."""
        return {name: spec.counted for name, spec in self.workflow.fields.items() if spec.counted}

    @cached_property
    def numbers(self) -> Mapping[str, str]:
        """The fields that are the number of choices in another, each with that other."""
        return {name: spec.number_of for name, spec in self.workflow.fields.items() if spec.number_of}

    @cached_property
    def asks_for_people(self) -> bool:
        """Whether conditions may have to know who the people are that some question was answered with."""
        return any(spec.type is FieldType.PEOPLE for form in self.forms.values() for spec in form.values())

    @cached_property
    def of_cases(self) -> Mapping[str, OtherCases]:
        """The collections whose items are other cases, and which those can be."""
        collections = self.workflow.collections.items()
        return {name: spec.cases for name, spec in collections if spec.keyed_by == "case" and spec.cases}

    @cached_property
    def untouched(self) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        """By collection and key, the facts of each catalogue item that nobody has touched."""
        return {name: self._untouched(name) for name in self.workflow.collections}

    @cached_property
    def drawn_in(self) -> Mapping[str, frozenset[str]]:
        """By state, the sources that some event there draws items from."""
        return {
            state: frozenset(self.source_name(name) for spec in events.values() for name in spec.draws) - {""}
            for state, events in self.events.items()
        }

    def source_name(self, collection: str) -> str:
        """The source that the collection's items are drawn from; empty for any other collection."""
        known = self.workflow.collections.get(collection)
        return (known.drawn_from or "") if known else ""

    def drawn_facts(self, collection: str) -> Mapping[str, FieldSpec]:
        """What there is to say of an item of the collection because it was drawn."""
        source = self.records.get(self.source_name(collection))
        return source.facts if source else {}

    def shown_facts(self, collection: str) -> Mapping[str, FieldSpec]:
        """Those of them that are said beside the item's label."""
        source = self.records.get(self.source_name(collection))
        return {name: source.facts[name] for name in source.shown} if source else {}

    def _untouched(self, collection: str) -> Mapping[str, Mapping[str, Any]]:
        status = self.collection(collection).starts or UNTOUCHED
        return {
            key: {
                "key": key,
                "label": item.label,
                "section": item.section,
                "required": item.required,
                "not_applicable": item.not_applicable,
                "expiry": item.expiry_kind,
                "status": status,
            }
            for key, item in self.catalogue_of(collection).items()
        }

    def sources(self, spec: EventSpec) -> frozenset[str]:
        """The states in which an event that is shared between states is possible."""
        if not isinstance(spec.from_, AllExcept):
            return frozenset(spec.from_)
        open_states = {name for name, state in self.workflow.states.items() if not state.final}
        return frozenset(open_states - set(spec.from_.all_except))

    def signed_fields(self, spec: EventSpec) -> frozenset[str]:
        """The fields that a document shows which the event signs: whoever signs has to have seen them as they are."""
        made = self.workflow.documents.get(spec.signs or "")
        return frozenset(name for section in made.sections for name in section.shows) if made else frozenset()

    def state(self, name: str) -> StateSpec:
        return self.workflow.states[name]

    def now_called(self, state: str) -> str:
        """What the state is called here that a case may have been in under an earlier version."""
        return state if state in self.workflow.states else self.workflow.migrate.get(state, state)

    def question(self, name: str) -> FieldSpec | None:
        """The case's field of this name, else the first question of any form."""
        asked = (form[name] for form in self.forms.values() if name in form)
        return self.workflow.fields.get(name) or next(asked, None)

    def collection(self, name: str) -> Collection:
        return self.workflow.collections[name]

    def unit_of(self, state: str, task: str) -> Unit:
        """What the time of a task, or of an alert, is counted in: its own, or that of the deadline it goes by."""
        spec = self.workflow.states[state].tasks.get(task) or self.workflow.alerts.get(task)
        deadline = self.deadlines[state].get(spec.deadline or "") if spec else None
        span = (spec.due if spec else None) or (deadline.span if deadline else None)
        return span.unit if span else Unit.WORKING_DAY

    def catalogue_of(self, collection: str) -> Mapping[str, CatalogueItem]:
        """The items a collection starts with; empty for one keyed by actor."""
        name = self.workflow.collections[collection].catalogue
        return self.catalogues[name].items if name else {}

    def said_of_items(self, collection: str) -> Iterator[tuple[str, FieldSpec]]:
        """All there is to say of the collection's items: what was drawn or brought, then as each event asks it."""
        yield from self.drawn_facts(collection).items()
        yield from self.collection(collection).brought.items()
        for (state, event), form in self.forms.items():
            if (item := self.events[state][event].item) is not None and item.of == collection:
                yield from form.items()

    @cached_property
    def called_by_day(self) -> frozenset[str]:
        """The collections whose items are called by a day."""
        return frozenset(
            name
            for name, kept in self.workflow.collections.items()
            if any(spec.type is FieldType.DATE for said, spec in self.said_of_items(name) if said == kept.called)
        )

    @cached_property
    def alerts_of_items(self) -> Mapping[str, frozenset[str]]:
        """The alerts that events on items do, with the collections of those items: each is about one of them."""
        moved = {event: spec.item.of for events in self.events.values() for event, spec in events.items() if spec.item}
        return {
            name: frozenset(moved[event] for event in alert.done_by if event in moved)
            for name, alert in self.workflow.alerts.items()
        }

    def audience(self, role: str) -> str:
        """Which audience's words the role reads."""
        known = self.council.roles.get(role)
        return known.audience if known else STAFF

    def title_of(self, fields: Mapping[str, object]) -> str:
        """What the case is called: the value of its naming field, a day or a choice in words."""
        name, called = self._called
        named = str(fields.get(name) or "")
        if not named or called is None:
            return named or "Not yet named"
        return day(date.fromisoformat(named)) if called.type is FieldType.DATE else called.options.get(named, named)

    @cached_property
    def _called(self) -> tuple[str, FieldSpec | None]:
        """The naming field, and what it is where it says a day or a choice."""
        name = self.workflow.called
        spec = self.workflow.fields.get(name)
        return name, spec if spec is not None and spec.type in (FieldType.DATE, FieldType.CHOICE) else None

    def _arrows(self) -> Iterator[tuple[str, str, str | None]]:
        for state, events in self.events.items():
            for event, spec in events.items():
                yield event, state, spec.to

    def _resolve(self, spec: EventSpec) -> Mapping[str, FieldSpec]:
        fields, shared = self.workflow.fields, self.workflow.forms
        entries = {name: entry for form in spec.asks if form in shared for name, entry in shared[form].items()}
        form = {
            name: entry.of(fields[name]) if isinstance(entry, FieldUse) else entry
            for name, entry in (entries | dict(spec.form)).items()
            if isinstance(entry, FieldSpec) or name in fields
        }
        furthest = self.council.furthest_date
        return no_further_ahead(form, furthest.ahead) if furthest else form


_WORKED_OUT = tuple(name for name, kept in vars(Definition).items() if isinstance(kept, cached_property))
