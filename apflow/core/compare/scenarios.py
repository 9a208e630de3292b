"""Scenarios compared: stories that are checked, told step by step."""

from collections.abc import Iterator, Mapping

from apflow.core.compare.grammar import Saying, differences, gained_and_lost, keyed, listed, say
from apflow.core.compare.names import Names, email, in_words
from apflow.core.definition.promises import Does, Scenario, Step


def compare_scenarios(names: Names, old: Mapping[str, Scenario], new: Mapping[str, Scenario]) -> Iterator[str]:
    """The sentences for the stories."""
    return keyed(
        old,
        new,
        added=lambda _, spec: [f"A story to be checked is added: “{spec.says}”."],
        removed=lambda _, spec: [f"The story “{spec.says}” is no longer checked."],
        changed=lambda _, was, now: _scenario(names, was, now),
        called=lambda spec: f"The story “{spec.says}”",
    )


def _scenario(names: Names, old: Scenario, new: Scenario) -> Iterator[str]:
    subject = f"The story “{new.says}”"
    sayings: Mapping[str, Saying] = {
        "says": lambda was, now: [f"The story “{was}” is now told as “{now}”."],
        "steps": lambda was, now: _steps(names, subject, was, now),
        "ends": lambda was, now: [f"{subject} must now end in {names.state(now)}, was in {names.state(was)}."],
        "emails": lambda was, now: _emails(subject, was, now),
    }
    return differences(subject, old, new, sayings)


def _emails(subject: str, old: tuple[str, ...] | None, new: tuple[str, ...] | None) -> Iterator[str]:
    if new is None:
        yield f"{subject} may now send whatever e-mails it does."
        return
    more, less = gained_and_lost(old or (), new)
    if less:
        yield f"{subject} must now no longer send {listed(email(notice) for notice in less)}."
    if more:
        yield f"{subject} must now {'also ' if old else ''}send {listed(email(notice) for notice in more)}."
    if not more and not less:
        yield f"{subject} must now send just these, in this order: {listed(email(notice) for notice in new)}."


def _steps(names: Names, subject: str, old: tuple[Step, ...], new: tuple[Step, ...]) -> Iterator[str]:
    """What is left out and what is put in; the whole of it when the steps only come in another order."""
    before, after = ([_step(names, step) for step in steps] for steps in (old, new))
    more, less = gained_and_lost(before, after)
    if less:
        yield f"{subject} is now told without this: {'; '.join(less)}."
    if more:
        yield f"{subject} is now also told with this: {'; '.join(more)}."
    if not more and not less:
        yield f"{subject} is now told in this order: {'; '.join(after)}."


def _step(names: Names, step: Step) -> str:
    if not isinstance(step, Does):
        return f"{step.wait} pass"
    who = (
        f"{names.role(step.who)} does" if step.people == 1 else f"{step.people} people, as {names.any_of(step.who)}, do"
    )
    item = f", for {'every required item' if step.item == 'every required' else f'“{in_words(step.item)}”'}"
    pairs = step.answers.items()
    answers = listed(f"{names.field(name)}: {names.answer(name, value) or say(value)}" for name, value in pairs)
    given = f", answering {answers}" if step.answers else ""
    refused = f", and is refused because “{step.refused}”" if step.refused else ""
    return f"{who} {names.event(step.does)}{item if step.item else ''}{given}{refused}"
