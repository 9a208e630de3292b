"""Guards, flags and invariants compared: what is refused and why, what is shown, and what must always be true."""

from collections.abc import Iterator, Mapping
from typing import Any

from apflow.core.compare.grammar import Saying, differences, keyed
from apflow.core.compare.names import Names, email, reason_words
from apflow.core.compare.said import condition_words
from apflow.core.definition.promises import Invariant
from apflow.core.definition.timing import GuardSpec, Override
from apflow.core.definition.workflow import Flag


def compare_guards(names: Names, old: Mapping[str, GuardSpec], new: Mapping[str, GuardSpec]) -> Iterator[str]:
    """The sentences for the conditions by name."""
    return keyed(
        old,
        new,
        added=lambda _, spec: [_added(names, spec)],
        removed=lambda _, spec: [f"{_condition(spec)} is taken away."],
        changed=lambda _, before, after: _changed(names, before, after),
        called=_condition,
    )


def _condition(spec: GuardSpec) -> str:
    return f"The condition “{reason_words(spec.reason)}”"


def _changed(names: Names, old: GuardSpec, new: GuardSpec) -> Iterator[str]:
    subject = _condition(new)
    sayings: dict[str, Saying] = {
        "when": lambda before, after: [
            f"{subject} now asks that {condition_words(names, after)}; before, that {condition_words(names, before)}."
        ],
        "reason": lambda before, after: [f"The reason “{reason_words(before)}” now reads “{reason_words(after)}”."],
        "unknown": lambda before, after: [_unknown(subject, before, after)],
        "override": lambda before, after: [f"{subject} {_may(names, after)}; so far, it {_may(names, before)}."],
    }
    return differences(subject, old, new, sayings)


def _unknown(subject: str, old: str | None, new: str | None) -> str:
    said = f"“{reason_words(new)}”" if new else "its usual reason"
    return (
        f"{subject}: when it cannot be told yet, people now read {said}, was {f'“{old}”' if old else 'the usual one'}."
    )


def _added(names: Names, spec: GuardSpec) -> str:
    aside = f"; it {_may(names, spec.override)}" if spec.override else ""
    reason = reason_words(spec.reason)
    return f"A condition is added: “{reason}”, unless {condition_words(names, spec.when)}{aside}."


def _may(names: Names, override: Override | None) -> str:
    if override is None:
        return "cannot be set aside"
    told = "".join(f", telling {names.role(role)} by {email(notice)}" for role, notice in override.tell.items())
    claims = "".join(f" ({key}: {said})" for key in ("source", "assumed") if (said := getattr(override, key)))
    return f"may be set aside by {names.roles(override.by)} for at most {override.at_most}{told}{claims}"


def compare_flags(names: Names, old: Mapping[str, Flag], new: Mapping[str, Flag]) -> Iterator[str]:
    """The sentences for what is shown while a condition holds."""

    def changed(_: str, before: Flag, after: Flag) -> Iterator[str]:
        subject = _flag(after)
        sayings: dict[str, Saying] = {
            "says": lambda was, now: [f"The flag “{was}” now reads “{now}”."],
            "when": lambda was, now: [
                f"{subject} is now shown while {condition_words(names, now)}; before, {condition_words(names, was)}."
            ],
            "seen_by": lambda was, now: [f"{subject} is now for {_whom(names, now)}, was for {_whom(names, was)}."],
        }
        return differences(subject, before, after, sayings)

    return keyed(
        old,
        new,
        added=lambda _, flag: [_flag_added(names, flag)],
        removed=lambda _, flag: [f"{_flag(flag)} is taken away."],
        changed=changed,
        called=_flag,
    )


def _flag(flag: Flag) -> str:
    return f"The flag “{flag.says}”"


def _flag_added(names: Names, flag: Flag) -> str:
    return (
        f"A flag is added, for {_whom(names, flag.seen_by)}: “{flag.says}”, while {condition_words(names, flag.when)}."
    )


def _whom(names: Names, roles: tuple[str, ...]) -> str:
    return names.roles(roles) if roles else "all who see the case"


def compare_invariants(names: Names, old: Mapping[str, Invariant], new: Mapping[str, Invariant]) -> Iterator[str]:
    """The sentences for what must be true of every case."""

    def changed(_: str, before: Invariant, after: Invariant) -> Iterator[str]:
        subject = f"The promise “{after.says}”"
        when = [f"{subject} now holds {_when(names, after.on_entry_to)}, was {_when(names, before.on_entry_to)}."]
        sayings: dict[str, Saying] = {
            "says": lambda was, now: [f"The promise “{was}” now reads “{now}”."],
            "holds": lambda was, now: [
                f"{subject} now means that {condition_words(names, now)}; before, that {condition_words(names, was)}."
            ],
            "on_entry_to": lambda *_: when,
            "always": lambda *_: when,
        }
        return differences(subject, before, after, sayings)

    return keyed(
        old,
        new,
        added=lambda _, spec: [f"A promise is added: “{spec.says}”, {_when(names, spec.on_entry_to)}."],
        removed=lambda _, spec: [f"The promise “{spec.says}” is taken away."],
        changed=changed,
        called=lambda spec: f"The promise “{spec.says}”",
    )


def _when(names: Names, states: Any) -> str:
    return f"on entering {names.states(states)}" if states else "always"
