"""The demo's placements as cases: one in each of several states, told by the school and the provider themselves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row

from apflow.core.people.actor import Actor
from apflow.store.cases.loading import load_case
from apflow.store.people import people
from apflow.store.records.pupils import list_pupils
from apflow.store.records.sites import providers_named, sites_of
from apflow.web.site import Site

SCHOOL, PROVIDER = "school", "provider"
CHECKS = (
    "registration",
    "policies",
    "insurance",
    "assessment",
    "curriculum",
    "safeguarding",
    "attendance",
    "references",
)


@dataclass(frozen=True, slots=True)
class Move:
    """Something that the school or the provider does so many working days before today."""

    back: int
    event: str
    who: str
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed:
    """One pupil's placement: at whose site, for whom, and what has happened."""

    pupil: str
    school: str
    email: str
    provider: str
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One move of one placement, to be made in the order of the days."""

    placed: Placed
    move: Move


def turns() -> list[Turn]:
    """Every move there is, the earliest first."""
    found = [Turn(placed, move) for placed in _placements() for move in placed.moves]
    return sorted(found, key=lambda turn: -turn.move.back)


def take(
    site: Site, turn: Turn, cases: dict[str, str], now: datetime, day: Callable[[int], date], school: Actor
) -> None:
    """Make one move; `cases` keeps under which reference each pupil's placement runs."""
    placed, move = turn.placed, turn.move
    answers = {name: _dated(said, day) for name, said in move.answers.items()}
    if move.event == "refer_a_pupil":
        answers |= _which(site, placed)
        cases[placed.pupil] = site.handler.open_case("placement", move.event, answers, actor=school, now=now).reference
        return
    reference = cases[placed.pupil]
    if move.event == "call_review_now" and not _runs(site, reference):
        return  # At the end of a half-term it has been called already, by itself.
    if move.event == "set_plan":
        answers |= _where_else(site, placed)
    actor = school if move.who == SCHOOL else party_of(site, reference)
    site.handler.fire(reference, move.event, answers, actor=actor, now=now)


def _which(site: Site, placed: Placed) -> dict[str, int]:
    with site.store.reading() as connection:
        (pupil,) = list_pupils(connection, placed.pupil, limit=1)
    return {"pupil": pupil.id, "site": _places(site, placed)[0].id}


def _where_else(site: Site, placed: Placed) -> dict[str, Any]:
    """The provider's other sites, and the days there, where it has more than one."""
    _, *others = _places(site, placed)
    if not others:
        return {}
    return {"other_sites": [one.id for one in others], "site_days": f"Fridays: {others[0].name.lower()}"}


def _places(site: Site, placed: Placed) -> Sequence[Row[Any]]:
    with site.store.reading() as connection:
        (case,) = providers_named(connection, placed.provider, limit=1)
        return sites_of(connection, case.id)


def party_of(site: Site, reference: str) -> Actor:
    """Who acts for the provider in a placement's case."""
    with site.store.reading() as connection:
        case = load_case(connection, reference)
        assert case is not None
        row = people.person(connection, case.party_roles["provider"])
    assert row is not None
    return people.actor_of(row)


def _runs(site: Site, reference: str) -> bool:
    with site.store.reading() as connection:
        case = load_case(connection, reference)
    return case is not None and case.state == "active"


def _dated(said: Any, day: Callable[[int], date]) -> Any:
    """A date for so many working days from today."""
    return day(said.days).isoformat() if isinstance(said, timedelta) else said


def _on(working_days: int) -> timedelta:
    return timedelta(days=working_days)


def _referral(back: int, **more: Any) -> tuple[Move, ...]:
    needs = {
        "needs": "Small groups, plain instructions, and time to settle. Reads well; avoids maths.",
        "why_it_suits": "It works by hand, in a group of four, with staff who know how to calm things down.",
    }
    checks = {
        **dict.fromkeys((*CHECKS, "staff_checked", "assured"), True),
        "visited": "seen",
        "seen_by": "The deputy head, in September",
    }
    return (
        Move(back, "refer_a_pupil", SCHOOL, {"kind": "alongside", **more}),
        Move(back, "describe", SCHOOL, needs),
        Move(back, "confirm_checks", SCHOOL, {**checks, "checks_confirmed_by": "The deputy head"}),
        Move(back, "refer", SCHOOL),
    )


def _offered(back: int) -> tuple[Move, ...]:
    programme = {
        "programme": "Two afternoons a week: a project of the pupil's own, with maths where it is needed.",
        "progression": "Back to a full timetable; the project counts towards a level 1 award.",
        "delivery": "small_group",
        "named_at_provider": "The head of the project, 01632 960202",
        "leads_at_provider": "The head of the project, 01632 960202; when away the lead tutor, 01632 960205",
    }
    return (
        *_referral(back),
        Move(back - 2, "offer", PROVIDER, {"can_meet": True, "offered_from": _on(5 - back)}),
        Move(back - 2, "set_programme", PROVIDER, programme),
    )


def _running(back: int) -> tuple[Move, ...]:
    plan = {
        "starts_on": _on(5 - back),
        "until": _on(55 - back),
        "hours": 6,
        "has_breaks": True,
        "which_sessions": ["wednesday pm", "friday pm"],
        "setting": "provider",
        "is_supervised": True,
        "authorised": "The head of the project",
        "cost": "160.00",
        "is_full_time": True,
        "plan": "To come on four days of five, and to finish one project by the end of term. Now: two days of five.",
        "linked_plans": ["unlinked"],
        "english_and_maths": "At school, on the other days",
        "risk_assessment": "Tools are counted in and out. Somebody is always in the room.",
        "attendance_plan": "The provider rings the office by 9:45am; the office rings home.",
        "named_at_school": "The head of year, 01632 960201",
        "leads_at_school": "The deputy head, 01632 960208; when away the head of year, 01632 960201",
        "afterwards": "One more day at school each half-term.",
        "first_review_on": _on(15 - back),
        "next_report_on": _on(20 - back),
        "reports_every": "half_term",
    }
    objective = {
        "objective": "To come on four days of five",
        "by_when": _on(55 - back),
        "baseline": "Two days of five",
        "assessed": "By the register",
    }
    inducted = {"inducted_on": _on(5 - back), "given_by": "The head of the project", "health_and_safety": True}
    signed = {"signed_as": "The head", "agrees": True}
    return (
        *_offered(back),
        Move(back - 3, "set_plan", SCHOOL, plan),
        Move(back - 3, "add_objective", SCHOOL, objective),
        Move(back - 3, "sign", PROVIDER, signed),
        Move(back - 3, "sign", SCHOOL, signed),
        Move(back - 3, "start_placement", SCHOOL),
        Move(back - 5, "record_induction", PROVIDER, {**inducted, "who_to_tell": True}),
    )


def _ended(back: int) -> tuple[Move, ...]:
    found = {
        "reviewed_on": _on(20 - back),
        "found": "The pupil comes every day now.",
        "pupil_says": "I want to be with my friends again.",
        "parents_say": "They agree.",
        "until": _on(24 - back),
    }
    end = {
        "ends_on": _on(24 - back),
        "destination": "school",
        "destination_detail": "The home school, full-time",
        "outcome_progress": "From two days of five to five; the project is finished.",
        "reflections": "I made something that works.",
        "kept_for": "six_years",
    }
    return (
        *_running(back),
        Move(back - 18, "call_review_now", SCHOOL),
        Move(back - 20, "decide_to_end", SCHOOL, found),
        Move(back - 24, "finish", SCHOOL, end),
    )


def _placements() -> list[Placed]:
    millstone = ("Millstone Community School", "office@millstone.example")
    northfield = ("Northfield Academy", "office@northfield.example")
    otterbourne = ("Otterbourne School", "office@otterbourne.example")
    return [
        Placed("thistle wren", *millstone, "Amber Lane Studio", _referral(2)[:2]),
        Placed(
            "acorn digby",
            *millstone,
            "Amber Lane Studio",
            (*_referral(3), Move(1, "ask", PROVIDER, {"question": "Which lessons does the pupil miss most?"})),
        ),
        Placed("fennel jory", *otterbourne, "Zephyr Sailing", _offered(6)),
        Placed("bramley olly", *northfield, "Zephyr Sailing", _running(12)),
        Placed(
            "puffin bo",
            *otterbourne,
            "Amber Lane Studio",
            (*_running(15), Move(3, "call_review_now", SCHOOL)),
        ),
        Placed("bracken tam", *millstone, "Amber Lane Studio", _ended(32)),
    ]
