"""Collections compared: what each item can be, and who sees it."""

from collections.abc import Iterator, Mapping

from apflow.core.compare.grammar import Saying, differences, keyed, listed, relabelled
from apflow.core.compare.names import Names, in_words
from apflow.core.compare.questions import compare_brought
from apflow.core.definition.events import UNTOUCHED
from apflow.core.definition.linked import OtherCases
from apflow.core.definition.workflow import Collection, ItemStatus

_KEYED = {"actor": "one for everyone who acts", "number": "as many as are added", "case": "other cases"}
_DRAWN = "one for each record of “{}”"


def compare_collections(names: Names, old: Mapping[str, Collection], new: Mapping[str, Collection]) -> Iterator[str]:
    """The sentences for the sets of items on a case."""
    return keyed(
        old,
        new,
        added=lambda _, spec: [f"Cases now also have “{spec.label.staff}”, {_kind(spec)}, each {_each(spec)}."],
        removed=lambda _, spec: [f"Cases no longer have “{spec.label.staff}”."],
        changed=lambda _, before, after: _changed(names, before, after),
        called=lambda spec: f"What cases have as “{spec.label.staff}”",
        order="The sets of items come in another order.",
    )


def _kind(spec: Collection) -> str:
    if spec.drawn_from:
        return _DRAWN.format(in_words(spec.drawn_from))
    return f"from the catalogue “{in_words(spec.catalogue)}”" if spec.catalogue else _KEYED.get(spec.keyed_by or "", "")


def _cases(cases: OtherCases | None) -> str:
    if cases is None:
        return "no other cases"
    return f"cases of “{in_words(cases.workflow)}” in {listed(f'“{in_words(state)}”' for state in cases.states)}"


def _each(spec: Collection) -> str:
    *most, last = [f"“{status.label.staff}”" for status in spec.statuses.values()]
    return f"{', '.join(most)} or {last}" if most else last


def _changed(names: Names, old: Collection, new: Collection) -> Iterator[str]:
    subject = f"“{new.label.staff}”"
    known = {**old.statuses, **new.statuses}

    def status(key: str | None) -> str:
        return f"“{known[key].label.staff}”" if key in known else f"“{in_words(key or UNTOUCHED)}”"

    kind = [f"{subject} are now {_kind(new)}, were {_kind(old)}."]
    sayings: dict[str, Saying] = {
        "label": lambda before, after: relabelled("", "", before, after),
        "catalogue": lambda *_: kind,
        "keyed_by": lambda *_: kind,
        "drawn_from": lambda *_: kind,
        "ended_within": lambda before, after: [
            f"{subject} now go back {after or 'no time'}, did {before or 'no time'}."
        ],
        "cases": lambda before, after: [f"{subject} can now be {_cases(after)}, could be {_cases(before)}."],
        "called": lambda before, after: [
            f"{subject}: an item is now named by {names.field(after)}, was by {names.field(before)}."
        ],
        "starts": lambda before, after: [f"{subject}: an item now begins as {status(after)}, was {status(before)}."],
        "statuses": lambda before, after: _statuses(subject, before, after),
        "seen_by": lambda before, after: [
            f"{subject} may now be seen by {_seers(names, after)}, was by {_seers(names, before)}."
        ],
        "brought": lambda before, after: compare_brought(names, subject, before, after),
    }
    return differences(subject, old, new, sayings)


def _seers(names: Names, roles: tuple[str, ...]) -> str:
    return names.roles(roles) if roles else "all who see the case"


def _statuses(subject: str, old: Mapping[str, ItemStatus], new: Mapping[str, ItemStatus]) -> Iterator[str]:
    def changed(_: str, before: ItemStatus, after: ItemStatus) -> Iterator[str]:
        name = f"{subject}: “{after.label.staff}”"
        sayings: dict[str, Saying] = {
            "label": lambda was, now: relabelled(f"{subject}: ", "", was, now),
            "colour": lambda was, now: [f"{name} is now shown in {now}, was in {was}."],
        }
        return differences(name, before, after, sayings)

    return keyed(
        old,
        new,
        added=lambda _, spec: [f"{subject}: an item can now be “{spec.label.staff}”."],
        removed=lambda _, spec: [f"{subject}: an item can no longer be “{spec.label.staff}”."],
        changed=changed,
        called=lambda spec: f"{subject}: “{spec.label.staff}”",
        order=f"{subject}: what an item can be is listed in another order.",
    )
