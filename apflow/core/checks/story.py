"""Names in invariants, scenarios and the migration map: what a story speaks of must be there."""

from collections.abc import Iterator

from apflow.core.checks.condition import Vocabulary, check_condition
from apflow.core.checks.findings import Finding, Path, Subject, each_known, known, known_key
from apflow.core.definition.conditions import facts_read
from apflow.core.definition.events import CLOCK, EventSpec
from apflow.core.definition.promises import Does, Invariant, Scenario


def check_stories(subject: Subject, words: Vocabulary) -> Iterator[Finding]:
    """Every finding about names in invariants, scenarios and the migration map."""
    for name, invariant in subject.workflow.invariants.items():
        yield from _invariant(subject, words, ("invariants", name), invariant)
    for name, scenario in subject.workflow.scenarios.items():
        yield from _scenario(subject, ("scenarios", name), scenario)
    yield from _migration(subject)


def _invariant(subject: Subject, words: Vocabulary, path: Path, invariant: Invariant) -> Iterator[Finding]:
    yield from each_known((*path, "on_entry_to"), "state", invariant.on_entry_to, subject.workflow.states)
    yield from check_condition(words, (*path, "holds"), invariant.holds)
    answer = next((fact for fact in sorted(facts_read(invariant.holds)) if fact.startswith("answer.")), None)
    if answer is not None:
        field = answer.removeprefix("answer.")
        message = f'"{answer}" is gone once it is given; write "{field}", if that is a field of the case'
        yield Finding((*path, "holds"), "not-kept", message)


def _scenario(subject: Subject, path: Path, scenario: Scenario) -> Iterator[Finding]:
    for number, step in enumerate(scenario.steps):
        if isinstance(step, Does):
            yield from _step(subject, (*path, "steps", number), step)
    yield from known((*path, "ends"), "state", scenario.ends, subject.workflow.states)
    for number, notice in enumerate(scenario.emails or ()):
        yield from subject.notice((*path, "emails", number), notice)


def _step(subject: Subject, path: Path, step: Does) -> Iterator[Finding]:
    yield from known((*path, "who"), "role", step.who, subject.roles)
    yield from known((*path, "does"), "event", step.does, subject.definition.event_names)
    specs = _all_of(subject, step.does)
    if not specs:
        return
    may = {role for _, spec in specs for role in spec.by}
    if {step.who, *may} <= subject.roles and step.who not in {*may, CLOCK} and step.refused is None:
        message = f'"{step.who}" may not do "{step.does}"; name one of {", ".join(sorted(may))}, or say refused: …'
        yield Finding((*path, "who"), "may-not", message)
    asked = {question for key, _ in specs for question in subject.definition.forms[key]}
    for question in step.answers:
        yield from known_key((*path, "answers", question), "question", asked)
    if step.item is not None and step.item != "every required":
        items = [item for _, spec in specs if spec.item for item in _items(subject, spec.item.of)]
        if not (step.item.isdecimal() and any(_is_counted_up(subject, spec) for _, spec in specs)):
            yield from known((*path, "item"), "item", step.item, items)


def _is_counted_up(subject: Subject, spec: EventSpec) -> bool:
    kept = subject.workflow.collections.get(spec.item.of) if spec.item else None
    return kept is not None and kept.grows


def _all_of(subject: Subject, name: str) -> list[tuple[tuple[str, str], EventSpec]]:
    """The event as each state that has it offers it."""
    offered = subject.definition.events
    return [((state, name), events[name]) for state, events in offered.items() if name in events]


def _items(subject: Subject, collection: str) -> list[str]:
    spec = subject.workflow.collections.get(collection)
    catalogue = subject.definition.catalogues.get(spec.catalogue or "") if spec else None
    return list(catalogue.items) if catalogue else []


def _migration(subject: Subject) -> Iterator[Finding]:
    states = subject.workflow.states
    for gone, to in subject.workflow.migrate.items():
        yield from known(("migrate", gone), "state", to, states)
        if gone in states:
            message = f'"{gone}" is still a state, so no case has to leave it; leave this out'
            yield Finding(("migrate", gone), "still-here", message, True)
