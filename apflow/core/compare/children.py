"""Child cases compared: which kinds there are, what begins one, what it is told, and what its ends do."""

from collections.abc import Iterator, Mapping

from apflow.core.compare.grammar import Saying, differences, keyed, listed, relabelled
from apflow.core.compare.linked import signalling_words
from apflow.core.compare.names import Names, in_words
from apflow.core.compare.said import condition_words
from apflow.core.definition.linked import Beside, Signalling
from apflow.core.definition.workflow import Brings, ChildSpec, Each

_Begun = Mapping[str, Mapping[str, str]]


def compare_children(names: Names, old: Mapping[str, ChildSpec], new: Mapping[str, ChildSpec]) -> Iterator[str]:
    """The sentences for the kinds of child cases."""
    return keyed(
        old,
        new,
        added=lambda _, spec: [
            f"A kind of child case is added: “{spec.label.staff}”, run by the workflow “{in_words(spec.workflow)}”."
        ],
        removed=lambda _, spec: [f"The kind of child case “{spec.label.staff}” is taken away."],
        changed=lambda _, was, now: _child(names, was, now),
        called=lambda spec: f"The kind of child case “{spec.label.staff}”",
    )


def _child(names: Names, old: ChildSpec, new: ChildSpec) -> Iterator[str]:
    subject = f"The child case “{new.label.staff}”"
    sayings: Mapping[str, Saying] = {
        "label": lambda was, now: relabelled("", "The kind of child case ", was, now),
        "workflow": lambda was, now: [
            f"{subject} is now run by the workflow “{in_words(now)}”, was by “{in_words(was)}”."
        ],
        "start": lambda was, now: [f"{subject} now begins with “{in_words(now)}”, did with “{in_words(was)}”."],
        "each": lambda was, now: [f"{subject} is now begun {_each(names, now)}, was {_each(names, was)}."],
        "ends": lambda was, now: _ends(names, subject, was, now),
        "brings": lambda was, now: _brings(names, subject, was, now),
        "beside": lambda was, now: [
            f"{subject} now has {_beside(names, now)} beside it; before, {_beside(names, was)}."
        ],
    }
    return differences(subject, old, new, sayings)


def _each(names: Names, each: Each | None) -> str:
    if each is None:
        return "once"
    which = f" where {condition_words(names, each.where)}" if each.where else ""
    return f"for each of {names.collection(each.items)}{which}"


def _beside(names: Names, beside: Beside | None) -> str:
    if beside is None:
        return "nothing of this case"
    return f"“{beside.title}” ({listed(names.field(shown) for shown in beside.shows)})"


def _ends(names: Names, subject: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for state in [*old, *(state for state in new if state not in old)]:
        was, now = (f"{names.event(ends[state])} happens" if state in ends else "nothing does" for ends in (old, new))
        if was != now:
            yield f"{subject}: when it ends as “{in_words(state)}”, {now} on this case; before, {was}."


def _brings(names: Names, subject: str, old: Mapping[str, Brings], new: Mapping[str, Brings]) -> Iterator[str]:
    def told(brings: Brings) -> str:
        takes = [f"“{in_words(ours)}” as “{in_words(theirs)}”" for theirs, ours in brings.takes.items()]
        states = listed(f"“{in_words(state)}”" for state in brings.in_)
        whence = f"the newest case of {names.child(brings.of)} that stands in {states}"
        return f"{listed(takes)}, of “{in_words(brings.items)}” in {whence}"

    return keyed(
        old,
        new,
        added=lambda name, one: [f"{subject}: its “{in_words(name)}” now begin with {told(one)}."],
        removed=lambda name, one: [f"{subject}: its “{in_words(name)}” no longer begin with {told(one)}."],
        changed=lambda name, was, now: [
            f"{subject}: its “{in_words(name)}” now begin with {told(now)}; before, with {told(was)}."
        ],
    )


def compare_begun(names: Names, subject: str, old: _Begun, new: _Begun) -> Iterator[str]:
    """The sentences for what one event begins."""
    return keyed(
        old,
        new,
        added=lambda kind, copied: [f"{subject} now also opens a case of {names.child(kind)}{_taking(names, copied)}."],
        removed=lambda kind, _: [f"{subject} no longer opens a case of {names.child(kind)}."],
        changed=lambda kind, was, now: [
            f"{subject} now opens a case of {names.child(kind)}{_taking(names, now)}; before,{_taking(names, was)[1:]}."
        ],
    )


def _taking(names: Names, copied: Mapping[str, str]) -> str:
    pairs = [f"{names.field(ours)} as “{in_words(theirs)}”" for theirs, ours in copied.items()]
    return f", which takes over {listed(pairs)}"


def compare_told(
    names: Names, subject: str, old: Mapping[str, Signalling], new: Mapping[str, Signalling]
) -> Iterator[str]:
    """The sentences for what one event tells the children that are open."""
    for kind in dict.fromkeys([*old, *new]):
        was, now = (signalling_words(names, told[kind]) if kind in told else "nothing" for told in (old, new))
        if was != now:
            yield f"{subject} now tells every open case of {names.child(kind)} to do {now}; before, {was}."
