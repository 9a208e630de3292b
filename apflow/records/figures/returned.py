"""The facts of placements that returns are made from, by the names that `returns.yaml` calls them by."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.definition.fields import FieldSpec
from apflow.loader import Library
from apflow.provision.ages import compulsory_school_age, school_year
from apflow.provision.pauses import Pause
from apflow.provision.provided import Days
from apflow.provision.returns import Facts, kept_by
from apflow.provision.weekly import Weekly
from apflow.records.attendance.school_years import days_by_school
from apflow.records.figures.provision import considered, days_of_rows, outcome_of
from apflow.store.records.attendance import plan_of, plans_of
from apflow.store.records.pauses import pauses_of
from apflow.store.records.provided import items_of, ran_between, ukprns
from apflow.store.records.sites import PROVIDER
from apflow.store.records.weekly import agreed_of

_HOURS = Decimal("0.01")


def facts_between(connection: Connection, library: Library, first: date, last: date) -> list[Facts]:
    """What is known of each placement that ran on any of the days, by pupil; what is not recorded is None."""
    rows = ran_between(connection, first, last)
    numbers, plans = ukprns(connection), plans_of(connection, [row.id for row in rows])
    parents = _parents(connection, library, rows)
    begun = min((row.starts_on for row in rows), default=last)
    begun = min(begun, last)
    days = days_of_rows(days_by_school(connection, library, begun), rows, begun, last)
    pauses, agreed = pauses_of(connection, [row.id for row in rows]), agreed_of(connection, rows)
    found: list[Facts] = []
    for row in rows:
        plan = plan_of(plans.get(row.id, ()), last)
        more = {"site.setting": plan.setting if plan else None, "placement.outcome": outcome_of(library, row) or None}
        urn = row.provider_fields.get("urn")
        by, on, evidence = considered(library, row)
        more |= {"placement.considered_by": by, "placement.considered_on": on}
        more |= {"placement.considered_evidence": evidence}
        if library.returns is not None and library.returns.report.reason is not None:
            asked = library.returns.report.reason
            more["placement.reason"] = row.reason if row.case_fields is None else asked.of(row.case_fields)
        more |= {"provider.ukprn": numbers.get(urn), "pupil.sen": _sen(row)}
        more |= parents.get(row.keeper_id, {})
        more |= _time(row, days[row.home_school_id], pauses.get(row.id, ()), last)
        weekly = agreed[row.id].on(min(row.ends_on or last, last))
        found.append({**_recorded(row, last), **_a_week(weekly), **_of_cases(library, row), **more})
    return found


def asked_of_cases(library: Library) -> Mapping[str, FieldSpec]:
    """The questions of a placement's case, by the name that a fact has."""
    workflow = kept_by({name: source.workflow for name, source in library.sources.items()})
    return {f"case.{name}": spec for name, spec in workflow.fields.items()} if workflow else {}


def _parents(connection: Connection, library: Library, rows: Sequence[Row[Any]]) -> dict[int, dict[str, str]]:
    """The names and addresses of parents and carers, where the placement's case has them, by the case's number."""
    workflow = kept_by({name: source.workflow for name, source in library.sources.items()})
    if workflow is None or workflow.read_by_link is None:
        return {}
    read = workflow.read_by_link
    called = {"pupil.parents": workflow.collections[read.of].called, "pupil.parents_addresses": read.address}
    items = items_of(connection, [row.keeper_id for row in rows if row.keeper_id], read.of)
    return {
        case: {
            fact: "; ".join(said)
            for fact, name in called.items()
            if (said := [" ".join(str(data[name]).split()) for data in every if name and data.get(name)])
        }
        for case, every in items.items()
    }


def _recorded(row: Row[Any], last: date) -> dict[str, Any]:
    return {
        "pupil": row.pupil_id,
        "placement": row.id,
        "pupil.upn": row.upn,
        "pupil.surname": row.surname,
        "pupil.forename": row.forename,
        "pupil.middle_names": row.middle_names,
        "pupil.uln": row.uln,
        "pupil.sex": row.sex,
        "pupil.postcode": row.home_postcode,
        "pupil.born": row.born,
        "pupil.year": school_year(row.born, row.years_out, last),
        "pupil.looked_after": _yes(row.looked_after),
        "pupil.compulsory_age": _yes(compulsory_school_age(row.born).has(last)),
        "placement.starts_on": row.starts_on,
        "placement.ends_on": row.ends_on,
        "site.name": row.site,
        "site.address": row.address,
        "site.postcode": row.postcode,
        "school.name": row.school,
        "school.urn": row.school_urn,
        "commissioner.name": row.commissioner,
        "commissioner.kind": row.kind,
        "commissioner.urn": row.payer_urn,
        "provider.name": row.provider,
    }


def _a_week(weekly: Weekly) -> dict[str, Any]:
    return {
        "placement.hours": (Decimal(weekly.minutes) / 60).quantize(_HOURS),
        "placement.sessions": weekly.sessions,
        "placement.cost": Decimal(weekly.cost) if weekly.cost else None,
    }


def _of_cases(library: Library, row: Row[Any]) -> dict[str, Any]:
    """What was answered in the provider's case, and in the one that keeps the placement."""
    provider = library.current(PROVIDER).workflow.fields
    own = library.current(row.workflow).workflow.fields if row.workflow else {}
    said = {"provider": (provider, row.provider_fields), "case": (own, row.case_fields or {})}
    return {
        f"{of}.{name}": _answer(fields.get(name), value)
        for of, (fields, answers) in said.items()
        for name, value in answers.items()
    }


def _answer(spec: FieldSpec | None, value: Any) -> Any:
    if isinstance(value, bool):
        return _yes(value)
    if spec is not None and spec.type == "date":
        return date.fromisoformat(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _time(row: Row[Any], days: Days, pauses: Sequence[Pause], last: date) -> dict[str, Any]:
    spans = days.without(row.starts_on, min(row.ends_on or last, last), pauses)
    return {"placement.school_days": sum(after - first for first, after in spans)}


def _sen(row: Row[Any]) -> str:
    if row.ehcp:
        return "ehcp"
    return "sen_support" if row.sen_support else "none"


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
