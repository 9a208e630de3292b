"""The demo's professionals: who works with each pupil of whom that is expected; one address nobody has checked."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from apflow.records.door import By, add
from apflow.records.people.pupils import PROFESSIONAL
from apflow.store.tables.pupils import pupils
from apflow.web.site import Site

_WORKERS = ("Saffron Southstoke", "Wilf Withywood")
_CASEWORKERS = ("Cass Compton", "Corin Corston")
_UNCHECKED = "Vireo"


def keep_those_around(site: Site, by: By, *, but: Iterable[int]) -> None:
    """Put them on the records of all pupils there are `but` some, who have had them."""
    with site.store.reading() as connection:
        rows = connection.execute(select(pupils).where(pupils.c.id.not_in(sorted(but))).order_by(pupils.c.id)).all()
    for row in rows:
        asked: list[tuple[str, str, str]] = []
        if row.looked_after or row.plan:
            asked.append(("social_worker", _WORKERS[row.id % 2], "01632 960041"))
        if row.ehcp:
            asked.append(("sen_caseworker", _CASEWORKERS[row.id % 2], "01632 960042"))
        for role, name, phone in asked:
            who: dict[str, Any] = {"role": role, "name": name, "phone": phone}
            who["email"] = f"{name.partition(' ')[0].lower()}@council.example"
            if row.surname != _UNCHECKED:
                who["email_checked_on"] = by.today.isoformat()
            add(site.store, PROFESSIONAL, who, by, {"pupil_id": row.id})


def pupils_there(site: Site) -> set[int]:
    """The numbers of all pupils on record."""
    with site.store.reading() as connection:
        return set(connection.execute(select(pupils.c.id)).scalars())
