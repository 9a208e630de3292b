"""The placements that are prepared at a provider: their cases are open, and none of them keeps a record yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from apflow.core.days.calendar import local_date
from apflow.core.definition import words
from apflow.core.definition.linked import KEPT_BY
from apflow.store.tables.cases import cases
from apflow.store.tables.places import commissioners, sites
from apflow.store.tables.pupils import placements


@dataclass(frozen=True, slots=True)
class Preparing:
    """A workflow whose cases keep a placement once it begins, and its fields with the numbers of these two records."""

    workflow: str
    site: str
    commissioner: str


def prepared(connection: Connection, provider: str, by: Sequence[Preparing]) -> list[Row[*tuple[Any, ...]]]:
    """The cases of these workflows that would begin at a site of the provider, in the order in which they came."""
    return [row for one in by for row in _prepared(connection, provider, one)]


def _prepared(connection: Connection, provider: str, by: Preparing) -> Sequence[Row[*tuple[Any, ...]]]:
    itself = select(cases.c.id).where(cases.c.reference == provider).scalar_subquery()
    where, whose = cases.c.fields[by.site].as_integer(), cases.c.fields[by.commissioner].as_integer()
    has_begun = select(placements.c.id).where(placements.c.case_id == cases.c.id).exists()
    query = (
        select(
            *(cases.c[name] for name in ("id", "reference", "opened_at")),
            commissioners.c.name.label("commissioner"),
            sites.c.name.label("site"),
        )
        .select_from(cases.join(sites, sites.c.id == where).outerjoin(commissioners, commissioners.c.id == whose))
        .where(cases.c.workflow == by.workflow, cases.c.is_open, sites.c.case_id == itself, ~has_begun)
        .order_by(cases.c.id)
    )
    return connection.execute(query).all()


def those_prepared(rows: Sequence[Row[Any]]) -> dict[str, dict[str, Any]]:
    """What is said of each, by its reference. No pupil is named."""
    return {row.reference: _facts(row) for row in rows}


def _facts(row: Row[Any]) -> dict[str, Any]:
    since = words.day(local_date(row.opened_at))
    said = {
        "label": f"{row.commissioner or 'Somebody'}: a placement at {row.site}, prepared since {since}",
        "commissioner": row.commissioner,
        "site": row.site,
        KEPT_BY: row.reference,
    }
    return {name: value for name, value in said.items() if value is not None}
