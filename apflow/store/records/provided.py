"""Placements as reports and returns read them: with their pupil, site, provider, school, commissioner and case."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select, true

from apflow.store.tables.cases import case_items, cases
from apflow.store.tables.places import commissioners, establishments, sites
from apflow.store.tables.pupils import BEGAN, placements, pupils

_HOME = commissioners.alias("home")
_PROVIDER = cases.alias("provider")
_KEEPER = cases.alias("keeper")
_PLACEMENTS: Select[Any] = (
    select(
        *(placements.c[name] for name in ("id", "pupil_id", "starts_on", "ends_on")),
        *(placements.c[name] for name in ("minutes", "sessions", "has_breaks", "cost")),
        placements.c.destination,
        placements.c.reason,
        *(placements.c[name] for name in ("considered_by", "considered_on", "considered_evidence")),
        *(pupils.c[name] for name in ("upn", "surname", "forename", "born", "years_out", "home_school_id")),
        *(pupils.c[name] for name in ("uln", "middle_names", "sex")),
        pupils.c.postcode.label("home_postcode"),
        *(pupils.c[name] for name in ("ehcp", "sen_support", "looked_after", "plan")),
        *(sites.c.name.label("site"), sites.c.address, sites.c.postcode),
        *(_PROVIDER.c.title.label("provider"), _PROVIDER.c.fields.label("provider_fields")),
        *(_HOME.c.name.label("school"), _HOME.c.urn.label("school_urn")),
        *(commissioners.c.name.label("commissioner"), commissioners.c.kind, commissioners.c.urn.label("payer_urn")),
        *(
            _KEEPER.c.id.label("keeper_id"),
            _KEEPER.c.reference,
            _KEEPER.c.state,
            _KEEPER.c.workflow,
            _KEEPER.c.fields.label("case_fields"),
        ),
    )
    .join(pupils, pupils.c.id == placements.c.pupil_id)
    .join(sites, sites.c.id == placements.c.site_id)
    .join(_PROVIDER, _PROVIDER.c.id == sites.c.case_id)
    .join(commissioners, commissioners.c.id == placements.c.commissioner_id)
    .outerjoin(_HOME, _HOME.c.id == pupils.c.home_school_id)
    .outerjoin(_KEEPER, _KEEPER.c.id == placements.c.case_id)
    .order_by(pupils.c.sought, placements.c.id)
)


def ran_between(
    connection: Connection, first: date, last: date, only: Iterable[int] | None = None
) -> Sequence[Row[Any]]:
    """The placements that ran on any of these days, by pupil; or of `only` these, those that did."""
    which = placements.c.id.in_(sorted(set(only))) if only is not None else true()
    still = or_(placements.c.ends_on.is_(None), placements.c.ends_on >= first)
    return connection.execute(_PLACEMENTS.where(placements.c.starts_on <= last, still, BEGAN, which)).all()


def ukprns(connection: Connection) -> dict[str, str]:
    """The number of each establishment in the register of learning providers, where it has one, by its URN."""
    query = select(establishments.c.urn, establishments.c.ukprn).where(establishments.c.ukprn.is_not(None))
    return {row.urn: row.ukprn for row in connection.execute(query)}


def items_of(connection: Connection, numbers: Iterable[int], collection: str) -> dict[int, list[dict[str, Any]]]:
    """What the items of a collection say, by the number of their case."""
    wanted = case_items.c.case_id.in_(sorted(set(numbers))) & (case_items.c.collection == collection)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(select(case_items).where(wanted).order_by(case_items.c.key)):
        found.setdefault(row.case_id, []).append(row.data)
    return found
