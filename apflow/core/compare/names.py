"""What people call the things a definition names: by their label where they have one, else by their key in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from apflow.core.compare.grammar import listed
from apflow.core.definition.council import Council
from apflow.core.definition.events import CLOCK, UNTOUCHED, AllExcept, EventSpec
from apflow.core.definition.fields import FieldSpec, Form
from apflow.core.definition.workflow import Workflow

Labels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Names:
    """The names in two versions of one workflow; the newer label wins. `questions` are all that is ever asked."""

    new: Workflow
    council: Council
    labels: Labels
    questions: Mapping[str, FieldSpec]

    @classmethod
    def of(cls, old: Workflow, new: Workflow, council: Council) -> "Names":
        """The names, with every label looked up once."""
        before, after = _labels(old), _labels(new)
        labels = {kind: {**before.get(kind, {}), **after.get(kind, {})} for kind in {**before, **after}}
        return cls(new, council, labels, dict([*_questions(old), *_questions(new)]))

    def _known(self, kind: str, name: str | None) -> str:
        return f"“{self.labels[kind].get(name or '') or in_words(name)}”"

    def role(self, name: str) -> str:
        """The role inside a sentence: “the officer”, “the panel member”."""
        return role_words(self.council, name)

    def any_of(self, role: str) -> str:
        """Somebody of the role, after “each”, “any” or “as”."""
        return self.role(role).removeprefix("the ")

    def roles(self, names: Iterable[str]) -> str:
        return listed(self.role(name) for name in names) if names else "nobody"

    def state(self, name: str | None) -> str:
        return self._known("state", name)

    def states(self, names: Iterable[str]) -> str:
        return listed(self.state(name) for name in names)

    def event(self, name: str) -> str:
        return self._known("event", name)

    def field(self, name: str | None) -> str:
        """The field, or the question of a form, by its label."""
        asked = self.questions.get(name or "")
        return f"“{asked.label if asked else in_words(name)}”"

    def answer(self, question: str, value: object) -> str | None:
        """An answer by the label of the choice it is; None when it is none of the choices of the question."""
        asked = self.questions.get(question)
        return f"“{asked.options[value]}”" if asked and isinstance(value, str) and value in asked.options else None

    def guard(self, name: str) -> str:
        return self._known("guard", name)

    def deadline(self, name: str | None) -> str:
        return self._known("deadline", name)

    def collection(self, name: str) -> str:
        return self._known("collection", name)

    def status(self, collection: str | None, name: str) -> str:
        """The status of an item; of any collection when it is not said of which."""
        if name == UNTOUCHED:
            return "“nothing yet”"
        return self._known(f"status of {collection}" if f"status of {collection}" in self.labels else "status", name)

    def alert(self, name: str) -> str:
        return self._known("alert", name)

    def child(self, name: str) -> str:
        return self._known("child", name)

    def sources(self, given: AllExcept | tuple[str, ...]) -> str:
        """The states an event is possible in."""
        if not isinstance(given, AllExcept):
            return self.states(given) if given else "the state it stands in"
        return f"every open state except {self.states(given.all_except)}" if given.all_except else "every open state"


def role_words(council: Council, name: str) -> str:
    """The role inside a sentence: “the officer” of the team, “the panel member”, “anyone”."""
    key = in_words(name)
    title = council.roles[name].title if name in council.roles else key
    if name == CLOCK or title.lower().endswith(key):
        return f"the {key}"
    if title == "Anyone":
        return "anyone"
    said = title.lower() if title[1:].islower() else title
    return said if said.startswith("the ") else f"the {said}"


def in_words(name: str | None) -> str:
    """A name as it would be said where nobody has given a label."""
    return (name or "nowhere").replace("_", " ")


def email(notice: str) -> str:
    """An e-mail inside a sentence."""
    return f"the e-mail “{in_words(notice)}”"


def _labels(workflow: Workflow) -> dict[str, dict[str, str]]:
    states = workflow.states.values()
    deadlines = (workflow.deadlines, *(state.deadlines for state in states))
    statuses = {
        f"status of {name}": {status: spec.label.staff for status, spec in collection.statuses.items()}
        for name, collection in workflow.collections.items()
    }
    return {
        "state": {name: state.label.staff for name, state in workflow.states.items()},
        "event": {name: event.label.staff for group in _events(workflow) for name, event in group.items()},
        "guard": {name: reason_words(guard.reason).rstrip(".") for name, guard in workflow.guards.items()},
        "deadline": {name: spec.label for group in deadlines for name, spec in group.items()},
        "collection": {name: collection.label.staff for name, collection in workflow.collections.items()},
        "alert": {name: task.title for name, task in workflow.alerts.items()},
        "child": {name: child.label.staff for name, child in workflow.children.items()},
        "status": {status: label for named in statuses.values() for status, label in named.items()},
        **statuses,
    }


def reason_words(reason: str) -> str:
    """A guard's reason as it reads before it is known which items it speaks of."""
    return reason.replace("{which}", "…").replace("….", "…")


def _questions(workflow: Workflow) -> Iterator[tuple[str, FieldSpec]]:
    """Every question of a form by name, then the case's own fields, which count if both have the name."""
    forms: list[Form] = [*workflow.forms.values(), *(e.form for group in _events(workflow) for e in group.values())]
    for form in forms:
        yield from ((name, entry) for name, entry in form.items() if isinstance(entry, FieldSpec))
    yield from workflow.fields.items()


def _events(workflow: Workflow) -> tuple[Mapping[str, EventSpec], ...]:
    return (*(state.events for state in workflow.states.values()), workflow.events, workflow.start)
