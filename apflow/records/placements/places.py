"""Placements as records: kept by hand, or by a case of theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection, Row

from apflow.beyond.taking import PLACEMENTS, against
from apflow.core.errors import Invalid
from apflow.provision.pauses import Pause, with_latest
from apflow.records import asking
from apflow.records.asking import called, day
from apflow.records.door import Differing, Kind, Place
from apflow.records.placements.form import PLACEMENT_FORM, PLACEMENT_OF_A_CASE_FORM
from apflow.records.placements.other_sites import LABELS, answers_of_others, names_in, numbers_in, others_said
from apflow.records.placements.stays import SINCE
from apflow.records.placements.weeks import keep_weeks, put_weeks_right
from apflow.records.placements.who_is_there import tell_of_beginning
from apflow.store.records.pauses import pauses_of, set_pauses
from apflow.store.records.placements import same_placement
from apflow.store.records.records import record
from apflow.store.records.sites import hold_proprietor
from apflow.store.records.sites import site as the_site
from apflow.store.tables.places import commissioners, sites
from apflow.store.tables.pupils import placements

_WEEK = 168 * 60
_NO_PAUSE: Mapping[str, date | None] = {"paused_on": None, "resumed_on": None}


def placement_values(connection: Connection, said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The columns; Invalid with everything that is wrong, and for the same placement entered again."""
    if place.id is not None and place.within["case_id"] is not None:
        raise Invalid({"provider": "A case keeps this placement, so it is changed there and not here"})
    errors: dict[str, str] = {}
    site, commissioner = _where(connection, said, place, errors), _who(connection, said, place, errors)
    minutes = in_minutes(said["hours"])
    if why := wrong_hours(said["hours"]):
        errors["hours"] = why
    if place.id is None and said.get(SINCE) not in (None, said["starts_on"]):
        errors[SINCE] = (
            f"{PLACEMENT_FORM[SINCE].label} Give the first day or leave it empty: they hold from the first day"
        )
    errors |= _against_pause(connection, said, place)
    if site is not None:
        hold_proprietor(connection, site.proprietor_id)
    return _columns(connection, said, place, site, names_in(said.get("other_sites")), commissioner, minutes, errors)


def _against_pause(connection: Connection, said: Mapping[str, Any], place: Place) -> dict[str, str]:
    """What is wrong with the pause that is said, beside the question it is wrong in."""
    paused, resumed = day(said, "paused_on"), day(said, "resumed_on")
    starts, ends = day(said, "starts_on"), day(said, "ends_on")
    if paused is None:
        return {"paused_on": "Paused since: give the first day of the pause as well"} if resumed else {}
    if resumed and resumed <= paused:
        return {"resumed_on": "Goes on since: this is not after the first day of the pause"}
    if (starts and paused < starts) or (ends and paused > ends):
        return {"paused_on": "Paused since: this is not within the placement"}
    known = pauses_of(connection, [place.id]).get(place.id, []) if place.id is not None else []
    before = with_latest(known, paused, resumed)[:-1]
    if before and before[-1].resumed_on and paused < before[-1].resumed_on:
        return {"paused_on": "Paused since: the pause before this one went on until then"}
    return {}


def _keep_beside(connection: Connection, number: int, said: Mapping[str, Any], values: Mapping[str, Any]) -> Differing:
    return {**_keep_pauses(connection, number, said), **put_weeks_right(connection, number, said, values)}


def _keep_pauses(connection: Connection, number: int, said: Mapping[str, Any]) -> Differing:
    """Write the latest pause as it is said, after those there were before; what of the latest was and is now."""
    known = pauses_of(connection, [number]).get(number, [])
    after = with_latest(known, day(said, "paused_on"), day(said, "resumed_on"))
    if after == tuple(known):
        return {}
    set_pauses(connection, number, after)
    was, now = (asdict(pauses[-1]) if pauses else _NO_PAUSE for pauses in (known, after))
    return {name: (was[name], now[name]) for name in _NO_PAUSE if was[name] != now[name]}


def values_of_a_case(connection: Connection, said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The columns as a case says them, which names its site and commissioner by their numbers."""
    errors: dict[str, str] = {}
    site, who = the_site(connection, said["site"]), record(connection, commissioners, said["commissioner"])
    if site is None or who is None:
        errors["site"] = "The site or the commissioner is no longer among our records"
    minutes = said["hours"] * 60 + said.get("minutes", 0)
    return _columns(connection, said, place, site, numbers_in(said.get("other_sites")), who, minutes, errors)


def _columns(
    connection: Connection,
    said: Mapping[str, Any],
    place: Place,
    site: Row[Any] | None,
    beside: Sequence[str | int],
    commissioner: Row[Any] | None,
    minutes: int | None,
    errors: dict[str, str],
) -> dict[str, Any]:
    """What both doors hold a placement to."""
    starts, never_began = day(said, "starts_on"), bool(said.get("never_began"))
    ends = starts if never_began else day(said, "ends_on")
    if said.get("destination") and not said.get("ends_on"):
        errors["ends_on"] = "Last day: give it as well, as you say where the pupil went"
    if starts and ends and ends < starts:
        errors["ends_on"] = "Last day: this is before the first day"
    if site and commissioner and starts:
        same = same_placement(connection, place.within["pupil_id"], site.id, commissioner.id, starts)
        if same is not None and same.id != place.id:
            errors["starts_on"] = "This pupil has a placement there for that commissioner from this day already"
    if site and starts and _is_new_there(connection, place, site.id):
        errors |= against_new(connection, place, site.reference, said, starts)
    others = others_said(connection, site, beside, said, place, errors)
    if errors or site is None or commissioner is None:
        raise Invalid(errors)
    if not never_began and (ends is None or ends >= place.today) and _is_new_there(connection, place, site.id):
        tell_of_beginning(connection, place.by.library, place.within["pupil_id"], site.id, place.by.now)
    return {
        "site_id": site.id,
        **others,
        "commissioner_id": commissioner.id,
        "minutes": minutes,
        "sessions": said.get("sessions"),
        "has_breaks": said["has_breaks"],
        "cost": said.get("cost"),
        "starts_on": starts,
        "ends_on": ends,
        "never_began": never_began,
        **{name: said.get(name) for name in ("destination", "reason", "late_because")},
        **{name: said.get(name) for name in ("considered_by", "considered_evidence")},
        "considered_on": day(said, "considered_on"),
    }


def against_new(
    connection: Connection, place: Place, reference: str, said: Mapping[str, Any], starts: date
) -> dict[str, str]:
    """What stands against a placement that is new there; of a case that keeps it, late is decided there."""
    found = against(connection, place.by.library, reference, PLACEMENTS, starts, place.today)
    reasons = " ".join(found.reasons)
    if not found.late_by:
        return {"provider": reasons} if reasons else {}
    if place.by.case is not None or (said.get("late_because") and place.by.actor.has_any(found.late_by)):
        return {}
    if place.by.actor.has_any(found.late_by):
        return {"late_because": f"Say why it is recorded only now. {reasons}"}
    who = " or ".join(place.by.council.roles[role].title for role in found.late_by)
    return {"provider": f"{reasons} One that had begun before that is recorded by somebody else: {who}."}


def _is_new_there(connection: Connection, place: Place, site_id: int) -> bool:
    """Whether this adds a placement to the provider, rather than changing the hours, say, of one that is there."""
    if place.id is None:
        return True
    here, before = the_site(connection, site_id), the_site(connection, place.within["site_id"])
    return here is None or before is None or here.case_id != before.case_id


def answers_of_placement(row: Row[Any], pauses: Sequence[Pause] = (), since: date | None = None) -> dict[str, Any]:
    """The record as its form shows it, with the latest of its pauses, and the day `since` which a week is as it is."""
    pause = asdict(pauses[-1]) if pauses else _NO_PAUSE
    return {
        **{name: one.isoformat() if one else None for name, one in pause.items()},
        "provider": called(row.provider, row.reference),
        "site": row.main_site,
        **answers_of_others(row),
        "commissioner": called(row.commissioner, row.commissioner_urn),
        "hours": f"{Decimal(row.minutes) / 60:.4g}",
        "has_breaks": row.has_breaks,
        "sessions": row.sessions,
        "cost": row.cost,
        SINCE: since.isoformat() if since else None,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
        "never_began": row.never_began or None,
        "destination": row.destination,
        "reason": row.reason,
        "late_because": row.late_because,
        "considered_by": row.considered_by,
        "considered_on": row.considered_on.isoformat() if row.considered_on else None,
        "considered_evidence": row.considered_evidence,
    }


def wrong_hours(text: str) -> str:
    """Why these are no hours of a week; empty where they are."""
    return "" if in_minutes(text) else "Hours a week: enter a number of hours up to 168, like 15 or 7.5"


def in_minutes(text: str) -> int | None:
    """The minutes in "15" or "7.5" hours; None for what is no number, nothing, or more than a week has."""
    try:
        minutes = Decimal(text.strip()) * 60
    except InvalidOperation:
        return None
    return round(minutes) if minutes.is_finite() and 1 <= minutes <= _WEEK else None


def _where(connection: Connection, said: Mapping[str, Any], place: Place, errors: dict[str, str]) -> Row[Any] | None:
    try:
        return asking.site(connection, said["provider"], said.get("site", ""), place.by.named)
    except Invalid as refusal:
        errors |= refusal.errors
        return None


def _who(connection: Connection, said: Mapping[str, Any], place: Place, errors: dict[str, str]) -> Row[Any] | None:
    try:
        return asking.commissioner(connection, "commissioner", said["commissioner"], named=place.by.named)
    except Invalid as refusal:
        errors |= refusal.errors
        return None


PLACEMENT = Kind(
    "placement",
    "Placement",
    placements,
    PLACEMENT_FORM,
    placement_values,
    {
        "site_id": "Site",
        **LABELS,
        "commissioner_id": "Commissioner",
        "minutes": "Minutes a week",
        "sessions": "Sessions a week",
        "has_breaks": "Breaks and independent study are in the hours",
        "cost": "Cost a week",
        "sessions_from": "These hours, sessions and cost from",
        "starts_on": "First day",
        "ends_on": "Last day",
        "never_began": "Never began",
        "paused_on": "Paused since",
        "resumed_on": "Goes on since",
        "destination": "Where the pupil went",
        "reason": "Why it was commissioned",
        "late_because": "Why it was recorded late",
        "considered_by": "Who considered section 19",
        "considered_on": "When section 19 was considered",
        "considered_evidence": "On what evidence, and what was decided",
    },
    others={"site_id": (sites, "name"), "commissioner_id": (commissioners, "name")},
    beside=_keep_beside,
)
PLACEMENT_OF_A_CASE = replace(PLACEMENT, form=PLACEMENT_OF_A_CASE_FORM, values=values_of_a_case, beside=keep_weeks)
