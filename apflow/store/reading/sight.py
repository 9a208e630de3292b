"""In which ways somebody sees cases, as a condition in a query of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from apflow.store.reading.hidden import is_shown_to
from apflow.store.tables.cases import case_parties, cases


@dataclass(frozen=True, slots=True)
class Sight:
    """One way to see cases: those in these states, or in any where none is named; and on this side of them, if said."""

    states: tuple[str, ...] = ()
    side: str = ""


def is_in_sight(person: int, ways: Iterable[Sight]) -> ColumnElement[bool]:
    """Whether they see the case in any of these ways."""
    return or_(false(), *(_in_sight(person, way) for way in ways))


def _in_sight(person: int, way: Sight) -> ColumnElement[bool]:
    of_theirs = (case_parties.c.case_id == cases.c.id, case_parties.c.person_id == person)
    on_side = exists().where(*of_theirs, case_parties.c.role == way.side) if way.side else is_shown_to(person)
    return and_(on_side, cases.c.state.in_(way.states) if way.states else true())
