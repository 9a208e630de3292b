"""States compared, each with its deadlines, tasks and events."""

from collections.abc import Iterator, Mapping

from apflow.core.compare.deadlines import compare_deadlines
from apflow.core.compare.events import compare_events
from apflow.core.compare.grammar import (
    Saying,
    behind_the_scenes,
    differences,
    keyed,
    listed,
    optional_label,
    relabelled,
    same,
)
from apflow.core.compare.names import Names
from apflow.core.compare.tasks import compare_tasks
from apflow.core.definition.labels import Label
from apflow.core.definition.workflow import StateSpec

_NOT_SAID = "it is not said where cases in it go"


def compare_states(
    names: Names,
    old: Mapping[str, StateSpec],
    new: Mapping[str, StateSpec],
    renames: Mapping[str, str],
) -> Iterator[str]:
    """The sentences for where a case can be; `renames` are the new names of states, whatever else changes in them."""
    was_called = {now: was for was, now in renames.items()}

    def changed(name: str, before: StateSpec, after: StateSpec) -> Iterator[str]:
        if name not in was_called:
            return _changed(names, before, after)
        return _renamed(names, was_called[name], name, before, after)

    return keyed(
        old,
        new,
        added=lambda _, spec: _added(names, spec),
        removed=lambda name, spec: [f"{_removed(spec)}{_rest(names, name, spec)}."],
        changed=changed,
        called=_the,
        order="The states are listed in another order.",
        renames=renames,
    )


def _the(spec: StateSpec) -> str:
    return f"The state “{spec.label.staff}”"


def _renamed(names: Names, was: str, now: str, old: StateSpec, new: StateSpec) -> Iterator[str]:
    told = [f"{_the(old)} is now called “{new.label.staff}”"]
    if old.label.staff == new.label.staff:
        told = [behind_the_scenes(_the(new), was, now)]
    if was in names.new.migrate:
        told.append("cases in it move there")
    elif not old.final:
        told.append(_NOT_SAID)
    if same(old, new):
        told.append("for people nothing changes")
    yield f"{'; '.join(told)}."
    heard = old.label.provider or (old.label.staff if new.label.provider else None)
    label = Label(staff=new.label.staff, provider=heard)
    yield from _changed(names, old.model_copy(update={"label": label}), new)


def _rest(names: Names, name: str, spec: StateSpec) -> str:
    """What becomes of the cases in a state that is gone."""
    if name in names.new.migrate:
        return f"; cases in it move to {names.state(names.new.migrate[name])}"
    return "" if spec.final else f"; {_NOT_SAID}"


def _added(names: Names, spec: StateSpec) -> Iterator[str]:
    provider = f" (the provider reads “{spec.label.provider}”)" if spec.label.provider else ""
    end = ", in which a case ends" if spec.final else f", where {_who(names, spec.awaiting)} is awaited"
    yield f"A state is added: “{spec.label.staff}”{provider}{end}."
    yield from _inside(names, f"{spec.label.staff}: ", StateSpec(label=spec.label), spec)


def _removed(spec: StateSpec) -> str:
    counted = (
        (len(spec.deadlines), "deadline"),
        (len(spec.tasks), "task"),
        (len(spec.events), "thing that can be done there"),
    )
    held = [how_many(count, what) for count, what in counted if count]
    return f"{_the(spec)} is taken away{f', with {listed(held)}' if held else ''}"


def how_many(count: int, what: str) -> str:
    """1 task, 2 tasks, 3 things that can be done there."""
    if count == 1:
        return f"1 {what}"
    return f"{count} {what.replace('thing ', 'things ')}" if what.startswith("thing ") else f"{count} {what}s"


def _changed(names: Names, old: StateSpec, new: StateSpec) -> Iterator[str]:
    subject = f"“{new.label.staff}”"
    sayings: dict[str, Saying] = {
        "label": lambda before, after: relabelled("", "The state ", before, after),
        "step": lambda before, after: optional_label(subject, "its name as a step", before, after),
        "help": lambda before, after: optional_label(subject, "the help text", before, after),
        "do_now": lambda _, after: (
            [
                f"{subject}: {_who(names, role)} now reads “{said}” when it is their move."
                for role, said in after.items()
            ]
            or [f"{subject}: everybody reads the help text, also when it is their move."]
        ),
        "awaiting": lambda before, after: [
            f"{subject}: {_who(names, after)} is now awaited, {_who(names, before)} was before."
        ],
        "final": lambda _, after: [f"A case {'now ends' if after else 'no longer ends'} in {subject}."],
        "outcome": lambda before, after: [f"{subject} is now a {after or 'neutral'} end, was {before or 'neutral'}."],
    }
    shallow = {"tasks": old.tasks, "deadlines": old.deadlines, "events": old.events}
    yield from differences(subject, old, new.model_copy(update=shallow), sayings)
    yield from _inside(names, f"{new.label.staff}: ", old, new)


def _who(names: Names, role: str | None) -> str:
    return names.role(role) if role else "nobody"


def _inside(names: Names, where: str, old: StateSpec, new: StateSpec) -> Iterator[str]:
    yield from compare_deadlines(names, where, old.deadlines, new.deadlines)
    yield from compare_tasks(names, where, old.tasks, new.tasks)
    yield from compare_events(names, where, old.events, new.events)
