"""What people call the things a definition names: by their label where they have one, else by their key in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from apflow.core.compare.grammar import listed
from apflow.core.definition.council import Council
from apflow.core.definition.workflow import CLOCK, AllExcept, Workflow


@dataclass(frozen=True)
class Names:
    """The names in two versions of one workflow; the newer label wins."""

    old: Workflow
    new: Workflow
    council: Council
    events: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, old: Workflow, new: Workflow, council: Council) -> "Names":
        """The names, with every event's label looked up once."""
        return cls(old, new, council, {**_event_labels(old), **_event_labels(new)})

    def role(self, name: str) -> str:
        """The role inside a sentence: “the officer”, “the panel member”."""
        return role_words(self.council, name)

    def roles(self, names: Iterable[str]) -> str:
        return listed(self.role(name) for name in names)

    def state(self, name: str | None) -> str:
        known = {**self.old.states, **self.new.states}
        return f"“{known[name].label.staff}”" if name in known else f"“{_words(name)}”"

    def states(self, names: Iterable[str]) -> str:
        return listed(self.state(name) for name in names)

    def event(self, name: str) -> str:
        return f"“{self.events.get(name, _words(name))}”"

    def field(self, name: str) -> str:
        known = {**self.old.fields, **self.new.fields}
        return f"“{known[name].label}”" if name in known else f"“{_words(name)}”"

    def guard(self, name: str) -> str:
        known = {**self.old.guards, **self.new.guards}
        return f"“{known[name].reason.rstrip('.')}”" if name in known else f"“{_words(name)}”"

    def deadline(self, name: str) -> str:
        for workflow in (self.new, self.old):
            for specs in (*(state.deadlines for state in workflow.states.values()), workflow.deadlines):
                if name in specs:
                    return f"“{specs[name].label}”"
        return f"“{_words(name)}”"

    def collection(self, name: str) -> str:
        known = {**self.old.collections, **self.new.collections}
        return f"“{known[name].label.staff}”" if name in known else f"“{_words(name)}”"

    def alert(self, name: str) -> str:
        known = {**self.old.alerts, **self.new.alerts}
        return f"“{known[name].title}”" if name in known else f"“{_words(name)}”"

    def sources(self, given: AllExcept | tuple[str, ...]) -> str:
        """The states an event is possible in."""
        if not isinstance(given, AllExcept):
            return self.states(given)
        return f"every open state except {self.states(given.all_except)}" if given.all_except else "every open state"


def role_words(council: Council, name: str) -> str:
    """The role inside a sentence: “the officer” of the team, “the panel member”, “anyone”."""
    key = _words(name)
    title = council.roles[name].title if name in council.roles else key
    if name == CLOCK or title.lower().endswith(key):
        return f"the {key}"
    return "anyone" if title == "Anyone" else f"the {title}"


def _event_labels(workflow: Workflow) -> dict[str, str]:
    groups = (*(state.events for state in workflow.states.values()), workflow.events, workflow.start)
    return {name: spec.label.staff for group in groups for name, spec in group.items()}


def _words(name: str | None) -> str:
    return (name or "nowhere").replace("_", " ")
