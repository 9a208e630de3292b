"""Records that a form offers to choose from: pupils of whoever asks, and sites of providers on the list."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from apflow.store.sites import PROVIDER
from apflow.store.tables.cases import cases
from apflow.store.tables.places import commissioners, sites
from apflow.store.tables.pupils import placements, pupils


def own_pupils(connection: Connection, email: str, today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """The pupils of every commissioner with this address: on its roll, or placed by it; each with the commissioner."""
    theirs = select(placements.c.pupil_id).where(placements.c.commissioner_id == commissioners.c.id)
    query = (
        select(
            *(pupils.c[name] for name in ("id", "surname", "forename", "year", "born", "home_school_id")),
            commissioners.c.id.label("commissioner_id"),
            commissioners.c.name.label("commissioner"),
            commissioners.c.kind.label("commissioner_kind"),
        )
        .select_from(
            pupils.join(commissioners, or_(pupils.c.home_school_id == commissioners.c.id, pupils.c.id.in_(theirs)))
        )
        .where(func.lower(commissioners.c.email) == email)
        .where(or_(commissioners.c.ended_on.is_(None), commissioners.c.ended_on > today))
        .order_by(pupils.c.sought, pupils.c.id)
    )
    return connection.execute(query).all()


def known_providers(connection: Connection) -> Sequence[Row[*tuple[Any, ...]]]:
    """The open case of every provider, by name."""
    query = select(cases.c.id, cases.c.reference, cases.c.title, cases.c.state, cases.c.fields)
    query = query.where(cases.c.workflow == PROVIDER, cases.c.is_open)
    return connection.execute(query.order_by(func.lower(cases.c.title), cases.c.id)).all()


def listed_sites(connection: Connection, states: Sequence[str], today: date) -> Sequence[Row[Any]]:
    """The sites in use of providers that stand in one of these states, by the provider's name."""
    query = (
        select(sites, cases.c.title.label("provider"), cases.c.fields)
        .join(cases, cases.c.id == sites.c.case_id)
        .where(cases.c.workflow == PROVIDER, cases.c.state.in_(list(states)))
        .where(or_(sites.c.ended_on.is_(None), sites.c.ended_on > today))
        .order_by(func.lower(cases.c.title), sites.c.name, sites.c.id)
    )
    return connection.execute(query).all()
