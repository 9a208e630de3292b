"""Those who are named on some case of a pupil as people who must not be written to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from apflow.core.definition.by_link import ByLink
from apflow.store.tables.cases import case_items, cases


def not_written_to(
    connection: Connection, by_link: ByLink, workflow: str, about: tuple[str, int], *, but: int | None
) -> Sequence[Row[tuple[dict[str, Any]]]]:
    """What is said of each on the workflow's cases `but` one; `about` is the field of the pupil, and their number."""
    field, pupil = about
    query = (
        select(case_items.c.data)
        .join(cases, cases.c.id == case_items.c.case_id)
        .where(cases.c.workflow == workflow, cases.c.fields[field].as_integer() == pupil, cases.c.id != (but or 0))
        .where(_stand_otherwise(by_link.of, by_link.readers))
    )
    return connection.execute(query.order_by(case_items.c.case_id, case_items.c.key)).all()


def _stand_otherwise(collection: str, statuses: Sequence[str]) -> ColumnElement[bool]:
    """True of the few items that stand in none of these ways, so that an index finds them without the many."""
    status, ordered = case_items.c.status, sorted(statuses)
    gaps = [status < ordered[0], *(and_(status > low, status < high) for low, high in pairwise(ordered))]
    found = [and_(case_items.c.collection == collection, gap) for gap in (*gaps, status > ordered[-1])]
    return and_(or_(*found), status.not_in(statuses))


@dataclass(frozen=True, slots=True)
class KeptFrom:
    """The names and addresses of those who must not be written to; whoever has one of either must not be."""

    names: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()

    def has(self, name: str, email: str) -> bool:
        """Whether it is one of them, by name or by address."""
        return in_one_way(name) in self.names or (bool(email) and email.casefold() in self.emails)


def in_one_way(name: str) -> str:
    """A name as it is compared: in small letters, with single spaces."""
    return " ".join(name.casefold().split())


def kept_from(said: Iterable[Mapping[str, Any]], *, called: str, email: str) -> KeptFrom:
    """Those of whom this is said, by the questions that their names and addresses are answers to."""
    every = list(said)
    return KeptFrom(
        frozenset(in_one_way(str(one[called])) for one in every if one.get(called)),
        frozenset(str(one[email]).casefold() for one in every if one.get(email)),
    )
