"""Cases by the outsiders that they name: found from the people and schools, which are few beside the cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, or_, select, union

from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.people import people
from apflow.store.tables.places import commissioners, sites

_PEOPLE_OF_SCHOOLS = people.join(commissioners, people.c.email == func.lower(commissioners.c.email))


@dataclass(frozen=True, slots=True)
class Side:
    """An outsider of cases, as whoever searches is told of them: in which role, and the fields that say who they are.

    `acts_for` is the field with the school or firm they act for; empty where the case's title says it, or nothing does.
    """

    role: str
    email: str
    acts_for: str = ""


def naming(words: Sequence[str], sides: Sequence[Side]) -> CompoundSelect[Any]:
    """The ids of cases that name somebody with every word in their name or address, or in whom they act for."""
    each = [_by_person(words, side) for side in sides]
    each += [_by_organisation(words, side) for side in sides if side.acts_for]
    return union(*each)


def has(word: str, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the word is in any of these columns, in capitals or small letters; no sign in it is a wildcard."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(*(column.ilike(f"%{escaped}%", escape="\\") for column in columns))


def _by_person(words: Sequence[str], side: Side) -> Select[Any]:
    # What the case itself says decides: somebody can be there whom its page does not name.
    named = people.alias("named")
    found = select(people.c.id).where(*(has(word, people.c.name, people.c.email) for word in words))
    of_case = case_parties.join(cases, cases.c.id == case_parties.c.case_id)
    return (
        select(case_parties.c.case_id)
        .select_from(
            of_case.join(named, named.c.id == func.coalesce(case_parties.c.colleague_of, case_parties.c.person_id))
        )
        .where(case_parties.c.person_id.in_(found), case_parties.c.role == side.role)
        .where(func.lower(cases.c.fields[side.email].as_string()) == named.c.email)
    )


def _by_organisation(words: Sequence[str], side: Side) -> Select[Any]:
    of_schools = select(people.c.id).select_from(_PEOPLE_OF_SCHOOLS)
    of_schools = of_schools.where(*(has(word, commissioners.c.name) for word in words))
    providers = select(sites.c.case_id).join(cases, cases.c.id == sites.c.case_id)
    providers = providers.where(*(has(word, cases.c.title) for word in words))
    of_providers = select(case_parties.c.person_id).where(case_parties.c.case_id.in_(providers))
    there = case_parties.join(cases, cases.c.id == case_parties.c.case_id)
    named = cases.c.fields[side.acts_for].as_string()
    return (
        select(case_parties.c.case_id)
        .select_from(there)
        .where(case_parties.c.person_id.in_(union(of_schools, of_providers)), case_parties.c.role == side.role)
        .where(*(has(word, named) for word in words))
    )
