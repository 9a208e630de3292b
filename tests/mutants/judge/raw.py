"""A workflow as plain values, and what can be looked up in it without any model."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apflow.provision.drawn import SOURCES
from tests.mutants.judge.reading import Policy, Raw

START = "start"
CLOCK = "clock"
PUBLIC = "public"


def many(value: Any) -> list[Any]:
    """A list, whether it was written as one or not."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def part(raw: Raw, name: str) -> Raw:
    """The mapping under a key, empty if there is none."""
    found = raw.get(name)
    return found if isinstance(found, dict) else {}


def signalled(event: Raw) -> dict[str, str]:
    """By kind of child, the event that it is told to do, whether or not with answers."""
    return {
        kind: str(told["event"]) if isinstance(told, dict) else told for kind, told in part(event, "signals").items()
    }


@dataclass(frozen=True)
class Flow:
    """One workflow of a policy."""

    policy: Policy
    raw: Raw

    @property
    def name(self) -> str:
        return str(self.raw["workflow"])

    @property
    def roles(self) -> Raw:
        return part(self.policy.council, "roles")

    @property
    def outsiders(self) -> set[str]:
        """The roles of those whom a case is about, or whom it is between."""
        found = {str(part(self.raw, one).get("role", "")) for one in ("party", "other_party")}
        return found - {""}

    @property
    def by_link(self) -> str:
        """The role of those who read a case by a link of their own, if there are any."""
        return str(part(self.raw, "read_by_link").get("role", ""))

    @property
    def fields(self) -> Raw:
        return part(self.raw, "fields")

    @property
    def states(self) -> Raw:
        return part(self.raw, "states")

    @property
    def guards(self) -> Raw:
        return part(self.raw, "guards")

    @property
    def collections(self) -> Raw:
        return part(self.raw, "collections")

    @property
    def wide(self) -> Raw:
        return part(self.raw, "deadlines")

    @property
    def children(self) -> Raw:
        return part(self.raw, "children")

    @cached_property
    def open_states(self) -> list[str]:
        return [name for name, state in self.states.items() if not is_final(state)]

    def sources(self, spec: Raw) -> list[str]:
        """The states of a shared event."""
        said = spec.get("from")
        if isinstance(said, dict):
            return [name for name in self.open_states if name not in many(said["all_except"])]
        return many(said)

    @cached_property
    def events(self) -> dict[str, Raw]:
        """By state, with the start as one, every event that is possible there by the file's own words."""
        found: dict[str, Raw] = {START: dict(part(self.raw, "start"))}
        for name, state in self.states.items():
            shared = {key: one for key, one in part(self.raw, "events").items() if name in self.sources(one)}
            found[name] = shared | part(state, "events")
        return found

    @cached_property
    def event_names(self) -> set[str]:
        return {event for events in self.events.values() for event in events} | set(part(self.raw, "events"))

    @cached_property
    def told_by_others(self) -> set[str]:
        """The events that another workflow's do on such a case, with answers: a child, an item, or keeper of one."""
        others = [Flow(self.policy, raw) for raw in self.policy.workflows]
        called = {
            str(call.get("event"))
            for other in others
            for _, event in other.written_events()
            for call in part(event, "calls").values()
            if call.get("workflow") == self.name
        }
        given = {
            str(told["event"])
            for other in others
            for _, event in other.written_events()
            for kind, told in part(event, "signals").items()
            if isinstance(told, dict) and part(other.children, kind).get("workflow") == self.name
        }
        drawn = {collection.get("drawn_from") for collection in self.collections.values()}
        if self.raw.get("keeps"):
            drawn |= {field.get("records") for field in self.fields.values()}
        return (
            called
            | given
            | {event for name, source in SOURCES.items() if name in drawn for event in source.tells}
            | {
                str(telling.get("event"))
                for other in others
                for _, event in other.written_events()
                for name, telling in part(event, "tells").items()
                if part(part(other.collections, name), "cases").get("workflow") == self.name
            }
        )

    def each_event(self) -> Iterator[tuple[str, str, Raw]]:
        """State, name and event, a shared one once for each of its states."""
        for state, events in self.events.items():
            yield from ((state, name, spec) for name, spec in events.items())

    def written_events(self) -> Iterator[tuple[str, Raw]]:
        """Every event as it is written, once each."""
        for home in (part(self.raw, "start"), part(self.raw, "events")):
            yield from home.items()
        for state in self.states.values():
            yield from part(state, "events").items()

    def deadlines(self, state: str) -> Raw:
        """Those of the state itself, and those of the whole case that run in it."""
        own = dict(part(self.states.get(state, {}), "deadlines"))
        return own | {name: spec for name, spec in self.wide.items() if state in many(spec.get("while_in"))}

    def each_deadline(self) -> Iterator[tuple[str, list[str], Raw]]:
        """Every deadline once, with the states it runs in."""
        for state, spec in self.states.items():
            yield from ((name, [state], one) for name, one in part(spec, "deadlines").items())
        yield from ((name, many(one.get("while_in")), one) for name, one in self.wide.items())

    def is_always_wanted(self, state: str, name: str) -> bool:
        """Whether neither the deadline nor any that it is counted from says when it is not wanted."""
        there_are, seen, at = self.deadlines(state), set[str](), name
        while at in there_are and at not in seen:
            if there_are[at].get("unless"):
                return False
            seen.add(at)
            at = str(there_are[at].get("after_deadline"))
        return True

    def each_task(self) -> Iterator[tuple[str | None, str, Raw]]:
        for state, spec in self.states.items():
            yield from ((state, name, task) for name, task in part(spec, "tasks").items())
        yield from ((None, name, task) for name, task in part(self.raw, "alerts").items())

    def form(self, spec: Raw) -> dict[str, Raw]:
        """The questions an event asks, each with what its field says; one that is nothing is left out."""
        forms = part(self.raw, "forms")
        asked: dict[str, Any] = {}
        for name in many(spec.get("asks")):
            asked |= forms.get(name) or {}
        asked |= part(spec, "form")
        whole = {
            name: one if one and "type" in one else {**self.fields.get(name, {}), **(one or {})}
            for name, one in asked.items()
        }
        return {name: one for name, one in whole.items() if one.get("type")}

    def items_of(self, collection: str) -> Raw:
        """The catalogue's items."""
        catalogue = self.policy.catalogues.get(str(part(self.collections, collection).get("catalogue")), {})
        return part(catalogue, "items")

    def said_of(self, collection: str) -> set[str]:
        """What events on the items ask, the day a paper runs out on, and the day one was last changed."""
        events = (event for _, event in self.written_events() if part(event, "item").get("of") == collection)
        return {"expires_on", "changed_on", *(question for event in events for question in self.form(event))}

    # Who there is.

    def is_held(self, role: str) -> bool:
        return role in self.roles and self.roles[role].get("least") != 0

    def sees(self, role: str, state: str) -> bool:
        """Whether somebody of the role can come to see a case in this state at all."""
        if state == START:
            # Of two, either may begin it; whoever reads by a link has none before there is a case.
            return role != self.by_link and (role not in self.outsiders or len(self.outsiders) > 1)
        rule = part(self.raw, "seen_by").get(role)
        if rule is None or rule == "all":
            return rule == "all"
        own = rule == "own" or rule.get("own")
        states = [] if rule == "own" else many(rule.get("states"))
        return (not own or role in {*self.outsiders, self.by_link}) and (not states or state in states)

    def doers(self, state: str, spec: Raw) -> list[str]:
        """The roles of the event that somebody holds who sees a case in this state."""
        return [role for role in many(spec["by"]) if self.is_held(role) and self.sees(role, state)]


def is_final(state: Raw) -> bool:
    return state.get("final") is True


def people(spec: Raw) -> list[str]:
    """Whom an event is for, beside the clock."""
    return [role for role in many(spec.get("by")) if role != CLOCK]


def conditions_in(value: Any) -> Iterator[Raw]:
    """Every condition within a condition, itself first."""
    yield value
    inner = [
        *many(value.get("all")),
        *many(value.get("any")),
        value.get("not"),
        value.get("where"),
        value.get("has"),
        value.get("of"),
    ]
    for one in inner:
        if isinstance(one, dict):
            yield from conditions_in(one)
