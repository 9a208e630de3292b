"""Who commissions, and what is placed at one provider: read for a decision, and read again before it is committed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, or_, select

from apflow.core.definition import words
from apflow.core.definition.linked import KEPT_BY
from apflow.provision.drawn import LIVE_PLACEMENTS, PLACEMENTS_ENDED, PLACEMENTS_PREPARED, SOCIAL_WORKERS
from apflow.provision.registration import in_hours
from apflow.store.driver.hot import Compiled
from apflow.store.records.prepared import Preparing, prepared, those_prepared
from apflow.store.records.sites import SITES_OF_A_PLACEMENT
from apflow.store.records.weekly import minutes_on
from apflow.store.tables.cases import cases
from apflow.store.tables.places import commissioners, sites
from apflow.store.tables.pupils import BEGAN, placements, professionals, pupils

# One that is to begin is live too: somebody counts on it.
_IS_LIVE: ColumnElement[bool] = BEGAN & or_(placements.c.ends_on.is_(None), placements.c.ends_on >= bindparam("today"))
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
_THOSE_THERE = (
    select(
        *(placements.c[name] for name in ("id", "version", "starts_on", "ends_on")),
        minutes_on(bindparam("today")).label("minutes"),
        SITES_OF_A_PLACEMENT.label("site"),
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
    .order_by(placements.c.id)
)
_PLACED = Compiled(_THOSE_THERE.where(_IS_THERE))
_ENDED = Compiled(
    _THOSE_THERE.where(
        cases.c.reference == bindparam("provider"),
        BEGAN,
        placements.c.ends_on < bindparam("today"),
        placements.c.ends_on >= bindparam("since"),
    )
)
_WORKS_WITH = (
    (professionals.c.pupil_id == pupils.c.id)
    & (professionals.c.role == "social_worker")
    & professionals.c.ended_on.is_(None)
)
_IN_CARE = Compiled(
    select(pupils.c.id.label("pupil"), *(professionals.c[name] for name in ("id", "name", "email", "phone")))
    .select_from(_THERE.join(pupils, pupils.c.id == placements.c.pupil_id).outerjoin(professionals, _WORKS_WITH))
    .where(_IS_THERE, pupils.c.looked_after)
    .distinct()
    .order_by(pupils.c.id, professionals.c.id)
)


@dataclass(frozen=True, slots=True)
class Besides:
    """What is asked for besides: the children in care there, what these workflows prepare, what has ended since."""

    in_care: bool = False
    prepared_by: tuple[Preparing, ...] = ()
    ended_since: date | None = None


@dataclass(frozen=True, slots=True)
class Commissioned:
    """Everybody who commissions, those with pupils at the provider first, and what is placed there on the day.

    `in_care` are the children in care there, each with every social worker of theirs, or with none; `prepared` are the
    cases of placements that have not begun, `ended` are those that were over lately. Each is there only when it was
    asked for.
    """

    provider: str
    today: date
    everybody: Sequence[Row[Any]]
    placed: Sequence[Row[Any]]
    in_care: Sequence[Row[Any]] = ()
    prepared: Sequence[Row[Any]] = ()
    ended: Sequence[Row[Any]] = ()
    besides: Besides = Besides()

    @property
    def with_pupils_there(self) -> list[Row[Any]]:
        return [row for row in self.everybody if row.pupils_there]

    def drawn(self) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        """What items can be drawn from."""
        placed = {str(row.id): _facts(row) for row in self.placed}
        workers = social_workers(self.in_care) if self.besides.in_care else {}
        return {
            LIVE_PLACEMENTS: placed,
            SOCIAL_WORKERS: workers,
            PLACEMENTS_PREPARED: those_prepared(self.prepared),
            PLACEMENTS_ENDED: {str(row.id): _facts_of_ended(row) for row in self.ended},
        }


def commissioned(connection: Connection, provider: str, today: date, besides: Besides = Besides()) -> Commissioned:
    """As it stands now, in two statements, and one for whatever is asked besides; `provider` is a case's reference."""
    at = {"provider": provider, "today": today}
    in_care = _IN_CARE.all(connection, at) if besides.in_care else ()
    begun = prepared(connection, provider, besides.prepared_by)
    everybody, placed = _EVERYBODY.all(connection, at), _PLACED.all(connection, at)
    ended = _ENDED.all(connection, {**at, "since": besides.ended_since}) if besides.ended_since else ()
    return Commissioned(provider, today, everybody, placed, in_care, begun, ended, besides)


def social_workers(in_care: Sequence[Row[Any]]) -> dict[str, dict[str, Any]]:
    """Each social worker of these children once, by address or else by name; and a line for those who have none.

    No child is named. Where no child in care is on record there is a line as well, as somebody said that there are.
    """
    found: dict[str, list[Row[Any]]] = {}
    for row in in_care:
        if row.id is not None:
            found.setdefault((row.email or row.name).casefold(), []).append(row)
    workers = {str(rows[0].id): _worker(rows[0], len({row.pupil for row in rows})) for rows in found.values()}
    without = len({row.pupil for row in in_care if row.id is None})
    if without or not in_care:
        workers["0"] = _nobody(without)
    return workers


def _worker(row: Row[Any], children: int) -> dict[str, Any]:
    said = {
        "label": f"{row.name}: {_children(children)} there",
        "contact_name": row.name,
        "contact_email": row.email,
        "contact_phone": row.phone,
        "children": children,
    }
    return {name: value for name, value in said.items() if value is not None}


def _nobody(children: int) -> dict[str, Any]:
    known = f"No social worker is on record for {_children(children)} there: find out who it is"
    none = "No child in care is on record as placed there: find out who is, and who their social workers are"
    return {"label": known if children else none, "contact_name": "Nobody on record", "children": children}


def _children(count: int) -> str:
    return "1 child in care" if count == 1 else f"{count} children in care"


def _facts_of_ended(row: Row[Any]) -> dict[str, Any]:
    known = _facts(row)
    return {**known, "label": f"{known['label']} to {words.day(row.ends_on)}"}


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
