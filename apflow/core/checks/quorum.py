"""Whether there are enough people: a quorum for the least staff and the most conflicts, and a second pair of eyes."""

from collections.abc import Iterator

from apflow.core.checks.condition import Vocabulary
from apflow.core.checks.findings import Finding, Path, Subject
from apflow.core.checks.order import most_done_before
from apflow.core.conditions import Facts, holds
from apflow.core.definition.conditions import All, Condition, Count
from apflow.core.definition.events import CLOCK, EventSpec
from apflow.core.explore.domains import TODAY
from apflow.core.explore.exploring import Exploration

Here = tuple[Path, Count]


def check_quorums(subject: Subject, exploration: Exploration) -> Iterator[Finding]:
    """Counts of people that cannot be met, and steps kept apart that one person alone would have to do."""
    for name, guard in subject.workflow.guards.items():
        for path, count in _counts(("guards", name, "when"), guard.when):
            yield from _quorum(subject, path, count)
    for path, name, event in subject.events():
        yield from _second_person(subject, exploration, path, name, event)


def _counts(path: Path, condition: Condition) -> Iterator[Here]:
    """The counts that must be reached for the condition to hold."""
    if isinstance(condition, Count):
        yield path, condition
    if isinstance(condition, All):
        for number, part in enumerate(condition.all):
            yield from _counts((*path, "all", number), part)


def _quorum(subject: Subject, path: Path, count: Count) -> Iterator[Finding]:
    there_are = _counted_on(subject, count)
    if there_are is None:
        return
    most, what = there_are, "people"
    if count.distinct == "agency" and len(subject.definition.council.agencies) < there_are:
        most, what = len(subject.definition.council.agencies), "agencies"
    if most < count.at_least:
        message = f"{count.at_least} are needed, and with the least staff and most conflicts there are {most} {what}"
        yield Finding((*path, "at_least"), "quorum", f"{message}; see least: and most_conflicts: in council.yaml")


def _counted_on(subject: Subject, count: Count) -> int | None:
    """How many of those counted there can be at the least; None when it is not people, or the council does not say."""
    question = Vocabulary(subject).people.get(count.count)
    if question is not None:
        role = subject.definition.council.roles.get(question.role or "")
        return None if role is None or role.least is None else max(0, role.least - role.most_conflicts)
    collection = subject.workflow.collections.get(count.count)
    if collection is None or collection.keyed_by != "actor":
        return None
    giving = [(name, event) for _, name, event in subject.events() if _gives(event, count)]
    return _people(subject, giving) if giving else None


def _gives(event: EventSpec, count: Count) -> bool:
    """Whether doing the event makes the actor one of those counted."""
    if event.item is None or event.item.of != count.count or event.item.drops:
        return False
    facts = Facts({}, TODAY, item={"status": event.item.to})
    return count.where is None or holds(count.where, facts) is not False


def _people(subject: Subject, giving: list[tuple[str, EventSpec]]) -> int | None:
    """How many can be counted on to do one of the events; None when the council does not say how many there are.

    Whoever is kept from one of them by what they did to their own item is no fewer: they are counted already, or said
    themselves that they stand aside, as `most_conflicts` allows for.
    """
    events = [event for _, event in giving]
    own = {event.item.of for event in events if event.item is not None}
    names = {name for _, name, event in subject.events() if event.item is not None and event.item.of in own}
    roles = {role for event in events for role in event.by if role != CLOCK}
    known = [subject.definition.council.roles.get(role) for role in roles]
    held = [(role.least, role.most_conflicts) for role in known if role is not None and role.least is not None]
    if len(held) < len(known):
        return None
    before = {earlier for event in events for earlier in event.not_by if earlier not in names}
    kept_out = [earlier for earlier in before if roles & _by(subject, earlier)]
    return sum(max(0, least - conflicts) for least, conflicts in held) - len(kept_out)


def _by(subject: Subject, name: str) -> set[str]:
    return {role for _, event, spec in subject.events() if event == name for role in spec.by}


def _second_person(
    subject: Subject, exploration: Exploration, path: Path, name: str, event: EventSpec
) -> Iterator[Finding]:
    """When whoever is left over may be nobody: each earlier step can have been done by another of the same people."""
    roles = [role for role in event.by if role != CLOCK]
    known = [subject.definition.council.roles.get(role) for role in roles]
    least = [role.least for role in known if role is not None and role.least is not None]
    kept_out = [earlier for earlier in event.not_by if _by(subject, earlier) & set(roles)]
    if len(least) < len(known) or sum(least) > len(kept_out):
        return
    if kept_out and sum(least) <= most_done_before(subject, exploration, event, kept_out):
        message = f'with the least staff, everybody who may do "{name}" can have done what keeps them from it'
        yield Finding((*path, "not_by"), "same-person", message)
