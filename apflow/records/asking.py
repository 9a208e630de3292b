"""What the forms of records have in common: making their questions, and finding whom or what an answer names."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.definition.fields import FieldSpec
from apflow.core.errors import Invalid
from apflow.store.records.commissioners import named_so
from apflow.store.records.sites import providers_named, sites_of

_SOME = 4
Named = dict[tuple[str, ...], Row[Any]] | None
_A_NUMBER = re.compile(r"[0-9]|^[A-Z]{2}-[A-Z]{4}-[A-Z]{4}$")  # A reference may have no digit in it.
_IN_BRACKETS = re.compile(r"\(([^()]+)\)\s*$")


def question(kind: str, label: str, **more: Any) -> FieldSpec:
    """One question as a workflow file would write it."""
    return FieldSpec.model_validate({"type": kind, "label": label, **more})


def day(answers: Mapping[str, Any], name: str) -> date | None:
    """The date that was answered, or None."""
    return date.fromisoformat(answers[name]) if name in answers else None


def commissioner(connection: Connection, question: str, text: str, kind: str = "", *, named: Named = None) -> Row[Any]:
    """Who is meant by a name or URN; Invalid, with those it might be, when that is nobody or several."""

    def find() -> Row[Any]:
        found = named_so(connection, precise(text), limit=_SOME, kind=kind)
        what = "school" if kind == "school" else "school or other commissioner"
        return _only(question, text, found, what, lambda row: called(row.name, row.urn))

    return _once(named, ("commissioner", text, kind), find)


def provider(connection: Connection, text: str) -> Row[Any]:
    """The case of the provider meant by a name or reference; Invalid when that is none or several."""
    found = providers_named(connection, precise(text), limit=_SOME)
    return _only("provider", text, found, "provider", lambda row: called(row.title, row.reference))


def site(connection: Connection, of: str, name: str, named: Named = None) -> Row[Any]:
    """The site of a provider by name; its only one when no name is given."""
    return _once(named, ("site", of, name), lambda: _site(connection, of, name))


def _site(connection: Connection, of: str, name: str) -> Row[Any]:
    case = provider(connection, of)
    sites = sites_of(connection, case.id)
    if not sites:
        raise Invalid({"provider": f"{case.title} has no site yet. Add one on its page first"})
    wanted = [one for one in sites if one.name.casefold() == name.casefold()] if name else list(sites)
    if len(wanted) != 1:
        known = ", ".join(one.name for one in sites)
        raise Invalid({"site": f"Say which site of {case.title} it is. It has: {known}"})
    return wanted[0]


def _once(named: Named, key: tuple[str, ...], find: Callable[[], Row[Any]]) -> Row[Any]:
    """What was found under this name before, where that is kept."""
    if named is None:
        return find()
    if key not in named:
        named[key] = find()
    return named[key]


def called(name: str, number: str | None) -> str:
    """How a form names another record, so that it is found again whoever shares the name."""
    return f"{name} ({number})" if number else name


def precise(text: str) -> str:
    """The number in "Hill School (999901)", or the reference of a case in brackets, else the text as it is."""
    found = _IN_BRACKETS.search(text)
    return found[1] if found and _A_NUMBER.search(found[1]) else text


def _only(
    question: str, text: str, found: Sequence[Row[Any]], what: str, saying: Callable[[Row[Any]], str]
) -> Row[Any]:
    if len(found) == 1:
        return found[0]
    if not found:
        raise Invalid({question: f"We know no {what} called “{text}”. Check the spelling, or add it first"})
    several = "; ".join(saying(row) for row in found[: _SOME - 1])
    more = "; and others" if len(found) >= _SOME else ""
    raise Invalid({question: f"“{text}” could be more than one {what}: {several}{more}. Give the one in brackets"})
