"""Guards and invariants compared: what is refused and why, who may set it aside, and what must always be true."""

from collections.abc import Iterator, Mapping
from typing import Any

from apflow.core.compare.grammar import Saying, differences, keyed
from apflow.core.compare.names import Names
from apflow.core.compare.said import condition_words
from apflow.core.definition.timing import GuardSpec, Override
from apflow.core.definition.workflow import Invariant


def compare_guards(names: Names, old: Mapping[str, GuardSpec], new: Mapping[str, GuardSpec]) -> Iterator[str]:
    """The sentences for the conditions by name."""
    return keyed(
        old,
        new,
        added=lambda _, spec: [_added(names, spec)],
        removed=lambda _, spec: [f"The condition “{spec.reason}” is taken away."],
        changed=lambda _, before, after: _changed(names, before, after),
    )


def _changed(names: Names, old: GuardSpec, new: GuardSpec) -> Iterator[str]:
    subject = f"The condition “{new.reason}”"
    sayings: dict[str, Saying] = {
        "when": lambda before, after: [
            f"{subject} now asks that {condition_words(after)}; before, that {condition_words(before)}."
        ],
        "reason": lambda before, after: [f"The reason “{before}” now reads “{after}”."],
        "unknown": lambda before, after: [_unknown(subject, before, after)],
        "override": lambda before, after: [f"{subject} {_may(names, after)}; before, it {_may(names, before)}."],
    }
    return differences(subject, old, new, sayings)


def _unknown(subject: str, old: str | None, new: str | None) -> str:
    said = f"now says “{new}”" if new else "now says only its reason"
    return f"{subject} {said} when it cannot be known, {f'was “{old}”' if old else 'said only its reason'} before."


def _added(names: Names, spec: GuardSpec) -> str:
    aside = f"; it {_may(names, spec.override)}" if spec.override else ""
    return f"A condition is added: “{spec.reason}”, unless {condition_words(spec.when)}{aside}."


def _may(names: Names, override: Override | None) -> str:
    if override is None:
        return "cannot be set aside"
    told = "".join(f", telling {names.role(role)} by “{notice}”" for role, notice in override.tell.items())
    claims = "".join(f" ({key}: {said})" for key in ("source", "assumed") if (said := getattr(override, key)))
    return f"may be set aside by {names.roles(override.by)} for at most {override.at_most}{told}{claims}"


def compare_invariants(names: Names, old: Mapping[str, Invariant], new: Mapping[str, Invariant]) -> Iterator[str]:
    """The sentences for what must be true of every case."""

    def changed(_: str, before: Invariant, after: Invariant) -> Iterator[str]:
        subject = f"The promise “{after.says}”"
        sayings: dict[str, Saying] = {
            "says": lambda was, now: [f"The promise “{was}” now reads “{now}”."],
            "holds": lambda was, now: [
                f"{subject} now means that {condition_words(now)}, was: {condition_words(was)}."
            ],
            "on_entry_to": lambda was, now: [f"{subject} now holds {_when(names, now)}, was {_when(names, was)}."],
            "always": lambda _was, now: [f"{subject} now holds {'always' if now else 'on entry only'}."],
        }
        return differences(subject, before, after, sayings)

    return keyed(
        old,
        new,
        added=lambda _, spec: [f"A promise is added: “{spec.says}”, {_when(names, spec.on_entry_to)}."],
        removed=lambda _, spec: [f"The promise “{spec.says}” is taken away."],
        changed=changed,
    )


def _when(names: Names, states: Any) -> str:
    return f"on entering {names.states(states)}" if states else "always"
