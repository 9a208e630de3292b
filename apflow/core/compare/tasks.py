"""Tasks and alerts compared: whose work, by when, and what finishes it."""

from collections.abc import Iterator, Mapping

from apflow.core.compare.grammar import Saying, capital, differences, keyed, listed
from apflow.core.compare.names import Names
from apflow.core.definition.timing import TaskSpec


def compare_tasks(
    names: Names, where: str, old: Mapping[str, TaskSpec], new: Mapping[str, TaskSpec], *, what: str = "task"
) -> Iterator[str]:
    """The sentences for the tasks of one place; an alert is a task that stands on its own."""
    article = "An" if what[0] in "aeiou" else "A"
    return keyed(
        old,
        new,
        added=lambda _, spec: [f"{where}{article} {what} is added: {_whole(names, spec)}."],
        removed=lambda _, spec: [f"{where}{capital(names.role(spec.for_))} no longer has the {what} “{spec.title}”."],
        changed=lambda _, before, after: _changed(names, where, before, after),
        called=lambda spec: f"{where}The {what} “{spec.title}”",
        order=f"{where}The {what}s come in another order." if where else "",
    )


def _changed(names: Names, where: str, old: TaskSpec, new: TaskSpec) -> Iterator[str]:
    subject = f"{where}“{new.title}”"
    due = [f"{subject} is now due {_due(names, new)}, was {_due(names, old)}."]
    sayings: dict[str, Saying] = {
        "title": lambda before, after: [f"{where}“{before}” is now called “{after}”."],
        "for_": lambda before, after: [f"{subject} is now for {names.role(after)}, was for {names.role(before)}."],
        "person": lambda *_: [f"{subject} is now for {_person(names, new)}, was for {_person(names, old)}."],
        "deadline": lambda *_: due,
        "due": lambda *_: due,
        "each": lambda *_: [f"{subject} is now {_each(names, new)}, was {_each(names, old)}."],
        "done_by": lambda *_: [f"{subject} is now finished by {_done(names, new)}, was by {_done(names, old)}."],
    }
    return differences(subject, old, new, sayings)


def _due(names: Names, spec: TaskSpec) -> str:
    if spec.due:
        return f"within {spec.due}"
    return f"with the deadline {names.deadline(spec.deadline)}" if spec.deadline else "at no set time"


def _person(names: Names, spec: TaskSpec) -> str:
    return f"the person in {names.field(spec.person)}" if spec.person else f"any {names.any_of(spec.for_)}"


def _each(names: Names, spec: TaskSpec) -> str:
    return f"for each {names.any_of(spec.for_)}, in {names.collection(spec.each)}" if spec.each else "for one of them"


def _done(names: Names, spec: TaskSpec) -> str:
    if not spec.done_by:
        return f"whatever moves the case, done by {names.role(spec.for_)}"
    return listed(names.event(event) for event in spec.done_by)


def _whole(names: Names, spec: TaskSpec) -> str:
    each = ", everyone for themselves" if spec.each else ""
    return f"“{spec.title}”, for {names.role(spec.for_)}, due {_due(names, spec)}{each}"
