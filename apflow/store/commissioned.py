"""Who commissions, and what is placed at one provider: read for a decision, and read again before it is committed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, or_, select

from apflow.core import words
from apflow.core.definition.linked import KEPT_BY
from apflow.provision.drawn import LIVE_PLACEMENTS
from apflow.provision.registration import in_hours
from apflow.store.hot import Compiled
from apflow.store.tables.cases import cases
from apflow.store.tables.places import commissioners, sites
from apflow.store.tables.pupils import placements

# One that is to begin is live too: somebody counts on it.
_IS_LIVE: ColumnElement[bool] = or_(placements.c.ends_on.is_(None), placements.c.ends_on >= bindparam("today"))
_THERE = placements.join(sites, sites.c.id == placements.c.site_id).join(cases, cases.c.id == sites.c.case_id)
_IS_THERE = (cases.c.reference == bindparam("provider")) & _IS_LIVE
_keepers = cases.alias("keepers")
_HOW_MANY = (
    select(placements.c.commissioner_id, func.count().label("pupils_there"))
    .select_from(_THERE)
    .where(_IS_THERE)
    .group_by(placements.c.commissioner_id)
    .subquery()
)
_PUPILS_THERE = func.coalesce(_HOW_MANY.c.pupils_there, 0)
# Whoever has given up since is written to as long as a placement of theirs is live.
_EVERYBODY = Compiled(
    select(
        *(commissioners.c[name] for name in ("id", "version", "kind", "name", "contact_name", "email", "phone")),
        commissioners.c.postcode,
        _PUPILS_THERE.label("pupils_there"),
    )
    .select_from(commissioners.outerjoin(_HOW_MANY, _HOW_MANY.c.commissioner_id == commissioners.c.id))
    .where(or_(commissioners.c.ended_on.is_(None), commissioners.c.ended_on > bindparam("today"), _PUPILS_THERE > 0))
    .order_by(_PUPILS_THERE.desc(), commissioners.c.sought, commissioners.c.id)
)
_PLACED = Compiled(
    select(
        *(placements.c[name] for name in ("id", "version", "minutes", "starts_on")),
        sites.c.name.label("site"),
        *(commissioners.c[name] for name in ("contact_name", "email", "phone")),
        commissioners.c.name.label("commissioner"),
        commissioners.c.version.label("commissioner_version"),
        _keepers.c.reference.label("kept_by"),
    )
    .select_from(
        _THERE.join(commissioners, commissioners.c.id == placements.c.commissioner_id).outerjoin(
            _keepers, _keepers.c.id == placements.c.case_id
        )
    )
    .where(_IS_THERE)
    .order_by(placements.c.id)
)


@dataclass(frozen=True, slots=True)
class Commissioned:
    """Everybody who commissions, those with pupils at the provider first, and what is placed there on the day."""

    provider: str
    today: date
    everybody: Sequence[Row[Any]]
    placed: Sequence[Row[Any]]

    @property
    def with_pupils_there(self) -> list[Row[Any]]:
        return [row for row in self.everybody if row.pupils_there]

    def drawn(self) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        """What items can be drawn from."""
        return {LIVE_PLACEMENTS: {str(row.id): _facts(row) for row in self.placed}}


def commissioned(connection: Connection, provider: str, today: date) -> Commissioned:
    """As it stands now, in two statements; `provider` is the reference of its case."""
    at = {"provider": provider, "today": today}
    return Commissioned(provider, today, _EVERYBODY.all(connection, at), _PLACED.all(connection, at))


def _facts(row: Row[Any]) -> dict[str, Any]:
    hours, first = in_hours(row.minutes), words.day(row.starts_on)
    said = {
        "label": f"{row.commissioner}: {hours} a week at {row.site}, from {first}",
        "commissioner": row.commissioner,
        "contact_name": row.contact_name or row.commissioner,
        "contact_email": row.email,
        "contact_phone": row.phone,
        "site": row.site,
        "hours": hours,
        "starts_on": row.starts_on.isoformat(),
        "number": row.id,
        KEPT_BY: row.kept_by,
    }
    return {name: value for name, value in said.items() if value is not None}
