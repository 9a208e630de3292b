"""The public list compared: what anybody can read, and of which cases."""

from collections.abc import Iterable, Iterator, Mapping

from apflow.core.compare.grammar import Saying, differences, keyed, listed
from apflow.core.compare.names import Names
from apflow.core.definition.workflow import Checked, PublicList


def compare_public_list(names: Names, old: PublicList | None, new: PublicList | None) -> Iterator[str]:
    """At least one sentence for every difference; who may now read more comes from `shows` and `states`."""
    if old is None and new is not None:
        shown = listed(f"“{heading}”" for heading in new.shows.values())
        yield f"A public list is added: “{new.title}”. Anybody can read {shown} of cases in {_states(names, new)}."
    elif new is None and old is not None:
        yield f"The public list “{old.title}” is taken away."
    elif old is not None and new is not None:
        yield from differences(f"The public list “{new.title}”", old, new, _sayings(names, new))


def _sayings(names: Names, new: PublicList) -> Mapping[str, Saying]:
    where = f"The public list “{new.title}”:"
    return {
        "title": lambda was, now: [f"The public list “{was}” is now called “{now}”."],
        "about": lambda was, now: [f"{where} what it says of itself now reads “{now}”, was “{was}”."],
        "filters": lambda was, now: [
            f"{where} it can now be filtered by {_fields(names, now)}, was by {_fields(names, was)}."
        ],
        "searched": lambda was, now: [
            f"{where} words are now looked for in {_fields(names, now)}, were in {_fields(names, was)}."
        ],
        "words": lambda *_: [f"{where} it says some answers in other words."],
        "checked": lambda was, now: [
            f"{where} what counts as checked is now {_checked(names, now)}, was {_checked(names, was)}."
        ],
        "states": lambda was, now: keyed(
            was,
            now,
            added=lambda state, says: [f"{where} cases in {names.state(state)} are now on it, as “{says}”."],
            removed=lambda state, _: [f"{where} cases in {names.state(state)} are no longer on it."],
            changed=lambda state, before, after: [
                f"{where} of cases in {names.state(state)} it now says “{after}”, not “{before}”."
            ],
        ),
        "shows": lambda was, now: keyed(
            was,
            now,
            added=lambda field, _: [f"{where} anybody can now read {names.field(field)}."],
            removed=lambda field, _: [f"{where} it no longer shows {names.field(field)}."],
            changed=lambda field, before, after: [
                f"{where} {names.field(field)} now stands under “{after}”, not “{before}”."
            ],
            order=f"{where} what it shows comes in another order.",
        ),
    }


def _fields(names: Names, fields: Iterable[str]) -> str:
    return listed(names.field(field) for field in fields)


def _checked(names: Names, checked: Checked | None) -> str:
    if checked is None:
        return "nothing"
    statuses = listed(names.status(checked.collection, status) for status in checked.statuses)
    return f"{statuses} of {names.collection(checked.collection)}"


def _states(names: Names, public_list: PublicList) -> str:
    return listed(names.state(state) for state in public_list.states)
