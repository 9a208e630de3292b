"""Sites of providers as records."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.errors import Invalid
from apflow.provision.opening import WEEKDAYS, read_hours
from apflow.records.asking import day, question
from apflow.records.door import Kind, Place
from apflow.records.placements.told import tell_of_site
from apflow.store.records.sites import proprietor_named, sites_of
from apflow.store.tables.places import proprietors, sites

_HOURS_HINT = "For example, 9:30am to 2:30pm. Leave empty when closed"
SITE_FORM = {
    "name": question("text", "Name of the site", max_length=120, hint="For example, Main site"),
    "proprietor": question(
        "text",
        "Who runs it",
        max_length=200,
        hint="The proprietor: the company, charity or person. Pupils at all sites of one proprietor are added up",
    ),
    "address": question("text", "Address", optional=True, max_length=300),
    "postcode": question("postcode", "Postcode", optional=True),
    **{
        name: question("text", f"Open on {name.title()}", optional=True, max_length=40, hint=_HOURS_HINT)
        for name in WEEKDAYS
    },
    "ended_on": question("date", "Given up since", optional=True),
}


def wrong_opening(said: Mapping[str, Any]) -> dict[str, str]:
    """Why what is said of a day is not when a site opens and closes, by the day."""
    return {
        name: f"Open on {name.title()}: write when it opens and closes, like 9:30am to 2:30pm"
        for name in WEEKDAYS
        if name in said and read_hours(said[name]) is None
    }


def site_values(connection: Connection, said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The columns; a provider has no two sites of one name."""
    hours = {name: read_hours(said[name]) for name in WEEKDAYS if name in said}
    errors = wrong_opening(said)
    others = [row for row in sites_of(connection, place.within["case_id"]) if row.id != place.id]
    if any(row.name.casefold() == said["name"].casefold() for row in others):
        errors["name"] = f"This provider has a site called {said['name']} already"
    if errors:
        raise Invalid(errors)
    if place.id is not None and _is_elsewhere(said, place):
        tell_of_site(connection, place.by.library, place.within["case_id"], place.id, place.by.now)
    return {
        **{name: said.get(name) for name in ("name", "address", "postcode")},
        "proprietor_id": proprietor_named(connection, said["proprietor"]),
        "hours": {name: list(read) for name, read in hours.items() if read},
        "ended_on": day(said, "ended_on"),
    }


def _is_elsewhere(said: Mapping[str, Any], place: Place) -> bool:
    """Whether it is given up, or its address is another; one that is written down for the first time is no other."""
    was, given_up_on = place.within, day(said, "ended_on")
    before = [was[name] for name in ("address", "postcode")]
    has_moved = any(before) and before != [said.get(name) for name in ("address", "postcode")]
    return has_moved or given_up_on not in (None, was["ended_on"])


def answers_of_site(row: Row[Any]) -> dict[str, Any]:
    """The record as its form shows it."""
    return {
        **{name: getattr(row, name) for name in ("name", "address", "postcode")},
        "proprietor": row.proprietor_name,
        **{name: " to ".join(hours) for name, hours in row.hours.items()},
        "ended_on": row.ended_on.isoformat() if row.ended_on else None,
    }


SITE = Kind(
    "site",
    "Site",
    sites,
    SITE_FORM,
    site_values,
    {
        "name": "Name of the site",
        "proprietor_id": "Who runs it",
        "address": "Address",
        "postcode": "Postcode",
        "hours": "Open",
        "ended_on": "Given up since",
    },
    others={"proprietor_id": (proprietors, "name")},
)
