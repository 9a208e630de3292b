"""The pages people see, one module a noun. Every route of the site is listed here."""

from typing import Any

from apflow.web.pages import (
    about,
    agenda,
    approved_list,
    attendance,
    attendance_plans,
    attendance_school,
    away,
    case,
    cases,
    closed_cases,
    colleagues,
    demo,
    event_form,
    evidence,
    files,
    findings,
    health,
    held,
    home,
    imports,
    invoices,
    letters,
    made,
    metrics,
    my_lists,
    overrides,
    parents,
    passing,
    placed_pupil,
    placements,
    policy,
    pupils,
    putting_off,
    registration,
    reported,
    reports,
    retention,
    returns,
    school_years,
    schools,
    several,
    sign_in,
    start,
    tasks,
    team,
    timeline,
    told,
    unsending,
    visits,
    work,
    workflows,
)
from apflow.web.site import Site


def routes(site: Site) -> list[Any]:
    """Every page; those of the demo only in a demo."""
    everywhere = [about, approved_list, health, metrics, sign_in, start, home]
    of_cases = [work, team, away, my_lists, cases, case, agenda, event_form, overrides, evidence, files]
    of_cases += [passing, putting_off, several, tasks, unsending, reported, timeline, told, visits]
    of_cases += [workflows, policy, placed_pupil, made, parents]
    of_records = [
        pupils,
        held,
        retention,
        closed_cases,
        placements,
        attendance,
        attendance_plans,
        attendance_school,
        schools,
        school_years,
        colleagues,
        registration,
        imports,
        reports,
        returns,
        invoices,
        letters,
        findings,
    ]
    pages = [*everywhere, *of_cases, *of_records, *([demo] if site.demo else [])]
    return [route for page in pages for route in page.ROUTES]
