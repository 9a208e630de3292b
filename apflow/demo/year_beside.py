"""What goes on beside the teaching in the year of placements: parents written to, invoices, pauses, longer hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from apflow.core.days.calendar import local_date
from apflow.core.snapshot import Snapshot
from apflow.demo.build import pass_time
from apflow.demo.placed import party_of
from apflow.demo.year_cast import plan_of
from apflow.demo.year_stage import Running, Year, do, state_of
from apflow.store.cases.loading import load_case

_WEEK = timedelta(weeks=1)
_WEEKS_INVOICED = 4
_RUNS = {"induction", "active", "review"}


@dataclass(frozen=True, slots=True)
class _AtHome:
    """Somebody at home, from so many weeks after the first day: by which event they are named, and what is said."""

    event: str
    said: Mapping[str, Any]
    week: int = 0


def _who(name: str, relation: str, *, responsible: bool = True) -> dict[str, Any]:
    return {"parent_name": name, "relation": relation, "responsible": responsible}


def _email(address: str) -> dict[str, Any]:
    return {"parent_email": f"{address}@family.example", "is_safe": True}


def _post(street: str) -> dict[str, Any]:
    return {"parent_address": f"{street}\nBath\nBA2 9ZZ", "is_safe": True}


_ORDER = {"not_because": "A court order: the school has it", "known_emails": "ivo.inglesham@elsewhere.example"}
_NOT_HIM = {"apart_from": "Ivo Inglesham"}

# By the pupil's surname.
_AT_HOME: Mapping[str, tuple[_AtHome, ...]] = {
    "Egret": (_AtHome("write_by_email", _who("Nora Nettlebed", "Mother") | _email("nora.nettlebed")),),
    "Fulmar": (
        _AtHome("write_by_post", _who("Una Underwood", "Foster carer", responsible=False) | _post("4 Invented Hill")),
    ),
    "Hoopoe": (
        _AtHome("do_not_contact", _who("Ivo Inglesham", "Father") | _ORDER),
        _AtHome("write_by_email", _who("Ines Inglesham", "Mother") | _email("ines.inglesham") | _NOT_HIM),
    ),
    "Lapwing": (_AtHome("write_by_post", _who("Greta Greenaway", "Grandmother") | _post("9 Invented Row")),),
    "Redwing": (
        _AtHome("write_by_email", _who("Cleo Clavering", "Foster carer", responsible=False) | _email("cleo.clavering")),
    ),
    "Turnstone": (_AtHome("write_by_email", _who("Theo Thornbury", "Father") | _email("theo.thornbury")),),
    "Wryneck": (_AtHome("write_by_post", _who("Wanda Wraxall", "Mother") | _post("11 Invented Row"), week=9),),
}


@dataclass(frozen=True, slots=True)
class _Invoice:
    """One that is sent so many weeks after the first day, and what is done to it so many weeks after that."""

    week: int
    then: Mapping[int, str]


# By the pupil's surname; one that nothing more is done to stays open, and is late in the end.
_INVOICES: Mapping[str, tuple[_Invoice, ...]] = {
    "Egret": (_Invoice(5, {1: "settle"}),),
    "Quail": (_Invoice(8, {3: "settle"}),),
    "Hoopoe": (_Invoice(4, {2: "settle"}),),
    "Dunnock": (_Invoice(5, {1: "query", 2: "answer", 3: "settle"}), _Invoice(9, {1: "query"})),
    "Turnstone": (_Invoice(5, {1: "settle"}),),
    "Lapwing": (_Invoice(7, {}),),
    "Wryneck": (_Invoice(8, {}),),
}
_PAUSED_OVER_A_HOLIDAY, _PAUSED_NOW = "Quail", "Dotterel"
_LONGER, _LONGER_IN_WEEK = "Avocet", 9
_OF_A_WEEK = (
    *("which_sessions", "has_breaks", "is_full_time"),
    *("why_part_time", "part_time_agreed", "part_time_until"),
)


def beside_the_teaching(year: Year, one: Running, day: date) -> None:
    """What one placement brings this week beside what its state asks for."""
    if day < one.first_day:
        return
    week = (_monday(day) - _monday(one.first_day)) // _WEEK
    _post_letters(year, one, day)
    for somebody in _AT_HOME.get(one.stay.surname, ()):
        if week == somebody.week:
            do(year, one, somebody.event, dict(somebody.said), year.at(day, 12))
    for place, invoice in enumerate(_INVOICES.get(one.stay.surname, ())):
        _invoice(year, one, invoice, place, week - invoice.week, day)
    if week == _LONGER_IN_WEEK and one.stay.surname == _LONGER:
        do(year, one, "change_hours", _longer(one, day), year.at(day, 12))
    _pause_or_resume(year, one, day)


def _longer(one: Running, day: date) -> dict[str, Any]:
    """An hour more at each session, from the week after the next on."""
    plan = plan_of(one.stay, one.first_day, one.report_on)
    more = {"hours": plan["hours"] + one.stay.sessions, "cost": f"{Decimal(one.stay.cost) + 60:.2f}"}
    return {**{name: plan[name] for name in _OF_A_WEEK}, **more, "sessions_from": _in_weeks(_monday(day), 2)}


def _post_letters(year: Year, one: Running, day: date) -> None:
    """Those that wait since an earlier week are posted."""
    if any(task.name == "letter_to_post" for task in _case(year, one.reference).tasks):
        do(year, one, "letter_posted", {"posted_on": day.isoformat()}, year.at(day, 12))


def _invoice(year: Year, one: Running, invoice: _Invoice, place: int, weeks: int, day: date) -> None:
    """What comes of the invoice so many weeks after it was sent; `place` is which of the placement's it is."""
    amount = _WEEKS_INVOICED * Decimal(one.stay.cost)
    if weeks == 0:
        do(year, one, "send_invoice", _issued(one, place, amount, day), year.at(day, 12), by_provider=True)
    event = invoice.then.get(weeks)
    if event is None:
        return
    at = year.at(day, 13)
    pass_time(year.stage, at)
    children = [child.reference for child in _case(year, one.reference).children if child.kind == "invoice"]
    reference, less = children[place], amount - Decimal(one.stay.cost) / 2
    said = {
        "settle": {"paid_on": day.isoformat(), "paid": f"{less if 'answer' in invoice.then.values() else amount:.2f}"},
        "query": {"queried_because": "Two of the sessions on it were in the holiday."},
        "answer": {"answered": "They were; they are off it now.", "amount": f"{less:.2f}", "pay_by": _in_weeks(day, 2)},
    }
    actor = party_of(year.stage.site, reference) if event == "answer" else one.school
    year.stage.site.handler.fire(reference, event, said[event], actor=actor, now=at)


def _issued(one: Running, place: int, amount: Decimal, day: date) -> dict[str, Any]:
    return {
        "invoice_number": f"{one.stay.provider[:3].upper()}-{one.stay.ago}{place + 1:02}",
        "period_from": (day - _WEEKS_INVOICED * _WEEK).isoformat(),
        "period_until": day.isoformat(),
        "amount": f"{amount:.2f}",
        "pay_by": _in_weeks(day, 2),
    }


def _pause_or_resume(year: Year, one: Running, day: date) -> None:
    """One is paused in its last week but for a holiday and goes on after it; one is paused at the end of the year."""
    state = state_of(year, one).name
    if state == "suspended" and one.stay.surname == _PAUSED_OVER_A_HOLIDAY:
        was_inducted = _case(year, one.reference).fields.get("inducted_on")
        event = "resume" if was_inducted else "begin_after_pause"
        do(year, one, event, {"is_safe": True}, year.at(day, 12))
    elif state in _RUNS and not one.was_paused and _is_to_pause(year, one, day):
        one.was_paused = True
        said = {"standing_because": "The way there is looked at again.", "meanwhile": "The school, on its own site"}
        do(year, one, "pause", said, year.at(day, 12))


def _is_to_pause(year: Year, one: Running, day: date) -> bool:
    if one.stay.surname == _PAUSED_NOW:
        return day + _WEEK > local_date(year.stage.now)
    is_closed = year.stage.site.library.calendar.school.why_closed
    monday = _monday(day) + _WEEK
    return one.stay.surname == _PAUSED_OVER_A_HOLIDAY and all(is_closed(monday + timedelta(days=n)) for n in range(5))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _in_weeks(day: date, weeks: int) -> str:
    return (day + weeks * _WEEK).isoformat()


def _case(year: Year, reference: str) -> Snapshot:
    with year.stage.site.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    return case
