"""The registration light of whoever runs providers, made from the records as they are at the moment of looking."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.provision.law import Registration, Status, Wording
from apflow.provision.registration import Assessment, Institution, Learner, Light, Standing, Stay, assess, must_register
from apflow.provision.weekly import Agreed, Weekly
from apflow.records.placements.stays import PlannedStay
from apflow.store.records.establishments import count_establishments, establishment
from apflow.store.records.placements import running_between, running_on
from apflow.store.records.sites import all_sites
from apflow.store.records.weekly import agreed_of

_WORST_FIRST = (Standing.CLOSED, Standing.NOT_FOUND, Standing.NO_NUMBER)
_STATUSES = {Status.EHCP: "ehcp", Status.SEN_SUPPORT: "sen_support", Status.LOOKED_AFTER: "looked_after"}


@dataclass(frozen=True)
class Coming:
    """What a wording that is not in force yet would make of it, where that is worse."""

    wording: Wording
    light: Light
    reasons: Sequence[str]


@dataclass(frozen=True)
class Lit:
    """One proprietor with its light; `providers` are its cases by reference, `stays` the placements that run today."""

    id: int
    proprietor: str
    providers: Mapping[str, str]
    sites: Sequence[str]
    assessment: Assessment
    coming: Sequence[Coming]
    stays: Sequence[Row[Any]]


def lights(
    connection: Connection, registration: Registration, today: date, run_by: Iterable[int] | None = None
) -> list[Lit]:
    """Everyone who runs a site today, or those asked for, most pressing first; none while no law is in force."""
    wording = registration.in_force(today)
    if wording is None:
        return []
    only = None if run_by is None else list(run_by)
    by_proprietor: dict[int, list[Row[Any]]] = {}
    for site in all_sites(connection, only):
        by_proprietor.setdefault(site.proprietor_id, []).append(site)
    running = running_on(connection, today, only)
    agreed = agreed_of(connection, running)
    in_use = {number for row in running for number in (row.site_id, *(row.also_at or ()))}
    has_register = count_establishments(connection) > 0
    made = [
        _lit(connection, registration, wording, sites, running, agreed, today, has_register=has_register)
        for every in by_proprietor.values()
        if (sites := [site for site in every if _is_open(site, today) or site.id in in_use])
    ]
    return sorted(made, key=lambda lit: (-lit.assessment.light, lit.proprietor.casefold()))


def must_register_with(
    connection: Connection, registration: Registration, planned: PlannedStay, *, since: date | None = None
) -> bool | None:
    """Whether whoever runs the site would have to be registered and is not, on some day of the planned stay.

    On the first day, and on each later one on which another stay there begins, or the hours of any change; on none
    before `since`. None while that cannot be told.
    """
    if planned.site is None or planned.pupil is None or planned.agreed is None or planned.starts is None:
        return None
    proprietor = planned.site.proprietor_id
    sites = all_sites(connection, [proprietor])
    has_register = count_establishments(connection) > 0
    standings = {site.id: standing_of(connection, site.fields, has_register=has_register) for site in sites}
    counted = [site for site in sites if standings[site.id] is not Standing.REGISTERED]
    if planned.site.id not in {site.id for site in counted}:
        return False
    first = max(planned.starts, since or planned.starts)
    rows = running_between(connection, first, planned.ends, [proprietor])
    others = [row for row in rows if row.case_id is None or row.case_id != planned.case]
    agreed = agreed_of(connection, others)
    begin = {row.starts_on for row in others}
    change = {day for one in (planned.agreed, *agreed.values()) for day, _ in one.coming(first)}
    days = [day for day in sorted({first, *begin, *change}) if day >= first]
    if not any(_crosses(registration, planned, counted, others, agreed, day) for day in days):
        return False
    return None if standings[planned.site.id] is Standing.NO_EXTRACT else True


def _crosses(
    registration: Registration,
    planned: PlannedStay,
    counted: Sequence[Row[Any]],
    others: Sequence[Row[Any]],
    agreed: Mapping[int, Agreed],
    day: date,
) -> bool:
    wording = registration.in_force(day)
    assert planned.pupil is not None
    assert planned.site is not None
    assert planned.agreed is not None
    row, weekly = planned.pupil, planned.agreed.on(day)
    learner = Learner(row.id, row.born, _statuses(row))
    own = Stay(learner, weekly.minutes, planned.site.name, "", weekly.has_breaks)
    there = {site.id for site in counted}
    stays = [_stay(one, agreed[one.id].on(day)) for one in others if one.site_id in there and _runs_on(one, day)]
    weeks = tuple(site.hours for site in counted if _is_open(site, day))
    return wording is not None and must_register(wording, Institution((*stays, own), weeks), day)


def _runs_on(row: Row[Any], day: date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)


def standing_of(connection: Connection, fields: Mapping[str, Any], *, has_register: bool) -> Standing:
    """What the national register says of a provider that says of itself what these fields of its case do."""
    if fields.get("registration") != "registered":
        return Standing.NOT_REGISTERED
    if not fields.get("urn"):
        return Standing.NO_NUMBER
    if not has_register:
        return Standing.NO_EXTRACT
    found = establishment(connection, str(fields["urn"]))
    if found is None:
        return Standing.NOT_FOUND
    return Standing.REGISTERED if found.is_open else Standing.CLOSED


def _is_open(site: Row[Any], today: date) -> bool:
    return site.ended_on is None or site.ended_on > today


def _lit(
    connection: Connection,
    registration: Registration,
    wording: Wording,
    sites: Sequence[Row[Any]],
    running: Sequence[Row[Any]],
    agreed: Mapping[int, Agreed],
    today: date,
    *,
    has_register: bool,
) -> Lit:
    standings = {site.case_id: standing_of(connection, site.fields, has_register=has_register) for site in sites}
    counted = {site.id for site in sites if standings[site.case_id] is not Standing.REGISTERED}
    stays = [row for row in running if row.site_id in counted]
    institution = Institution(
        stays=tuple(_stay(row, agreed[row.id].on(today)) for row in stays),
        weeks=tuple(site.hours for site in sites if site.id in counted and _is_open(site, today)),
        standing=_together(standings.values()),
    )
    assessment = assess(wording, institution, today)
    coming = [Coming(one, *_light(assess(one, institution, today))) for one in registration.to_come(today)]
    return Lit(
        id=sites[0].proprietor_id,
        proprietor=sites[0].proprietor_name,
        providers={site.reference: site.provider for site in sites},
        sites=[site.name for site in sites],
        assessment=assessment,
        coming=[one for one in coming if one.light > assessment.light],
        stays=stays,
    )


def _light(assessment: Assessment) -> tuple[Light, list[str]]:
    return assessment.light, [reason.text for reason in assessment.reasons if reason.light is assessment.light]


def _together(standings: Iterable[Standing]) -> Standing:
    """Registered only where everything is; else the worst that is said of any part."""
    found = set(standings)
    for all_of in (Standing.REGISTERED, Standing.NO_EXTRACT):
        if found <= {all_of, Standing.REGISTERED}:
            return all_of
    return next((standing for standing in _WORST_FIRST if standing in found), Standing.NOT_REGISTERED)


def _stay(row: Row[Any], weekly: Weekly) -> Stay:
    learner = Learner(row.pupil_id, row.born, _statuses(row))
    return Stay(learner, weekly.minutes, row.main_site, row.commissioner, weekly.has_breaks)


def _statuses(row: Row[Any]) -> frozenset[Status]:
    return frozenset(status for status, column in _STATUSES.items() if getattr(row, column))
