"""Where a pupil is: the cases of the providers, and those that keep the placements."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from apflow.store.tables.cases import cases
from apflow.store.tables.places import sites
from apflow.store.tables.pupils import BEGAN, placements, pupils


def cases_around(connection: Connection, pupil: int, today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Of each placement of the pupil that runs or is to begin: its provider's case, and its own if it has one."""
    live = placements.join(sites, sites.c.id == placements.c.site_id)
    query = (
        select(cases.c.id, cases.c.workflow, cases.c.parent_id)
        .select_from(live.join(cases, or_(cases.c.id == sites.c.case_id, cases.c.id == placements.c.case_id)))
        .where(placements.c.pupil_id == pupil, BEGAN)
        .where(or_(placements.c.ends_on.is_(None), placements.c.ends_on >= today))
        .distinct()
        .order_by(cases.c.id)
    )
    return connection.execute(query).all()


def case_of_site(connection: Connection, site: int) -> Row[*tuple[Any, ...]]:
    """The case of the provider at whose site a placement is."""
    query = select(cases.c.id, cases.c.workflow, cases.c.parent_id).join(sites, sites.c.case_id == cases.c.id)
    return connection.execute(query.where(sites.c.id == site)).one()


def is_in_care(connection: Connection, pupil: int) -> bool:
    return bool(connection.execute(select(pupils.c.looked_after).where(pupils.c.id == pupil)).scalar_one())
