"""A year of placements, week by week: schools refer, providers mark every session, reviews are held, placements end.

It is played by commands with past dates like all of the demo, and only `make demo` has it: tests make theirs without.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from apflow.core.actor import Actor
from apflow.core.calendar import LONDON, local_date
from apflow.demo.attendance import marked_week, plan_of_sessions
from apflow.demo.build import Stage, pass_time, person_at
from apflow.demo.cast import OLIVE
from apflow.demo.placed import CHECKS, party_of
from apflow.demo.records import upn_of
from apflow.demo.year_cast import (
    DETAILS,
    FOUND,
    OBJECTIVES,
    PROGRAMMES,
    PROGRESS,
    REFLECTIONS,
    SCHOOLS,
    SITES,
    Stay,
    referral,
    stays,
)
from apflow.records.attendance_plans import ATTENDANCE_PLAN
from apflow.records.door import By, add
from apflow.records.importing import FILES, bring_in
from apflow.records.pupils import PUPIL
from apflow.store.cases import load_case
from apflow.store.commissioners import named_so
from apflow.store.placements import kept_by
from apflow.store.sites import providers_named, sites_of

_WEEK = timedelta(days=7)
_LENGTH = 51
_BETWEEN_REPORTS = timedelta(weeks=7)
_FOLLOWED_UP_AFTER = {"first_follow_up": timedelta(weeks=4), "last_follow_up": timedelta(weeks=12)}
_HOURS_A_SESSION = 2.5
_FIRST_NUMBER = 500  # Of invented UPNs: those below are the demo's other pupils.
_OUTCOMES_BEFORE_START = {"declined", "withdrawn"}


@dataclass
class Running:
    """One of the placements as far as it has come: its case, and by which day the next things are to happen."""

    stay: Stay
    school: Actor
    reference: str
    first_day: date
    report_on: date
    times_reviewed: int = 0

    @property
    def last_day(self) -> date:
        return self.first_day + self.stay.weeks * _WEEK


@dataclass
class Year:
    """The year on its stage, from the Monday it begins."""

    stage: Stage
    begins: date
    running: list[Running]
    pupils: dict[str, int]
    told: int = 0

    def at(self, day: date, hour: int) -> datetime:
        """A moment in that hour, each command of a week a little after the one before."""
        self.told += 1
        return datetime.combine(day, time(hour), LONDON) + timedelta(seconds=15 * self.told)


def play_a_year(stage: Stage) -> None:
    """Add the year to a demo that has everything else, up to the day before its last."""
    today = local_date(stage.now)
    begins = today - timedelta(days=today.weekday()) - _LENGTH * _WEEK
    year = Year(stage, begins, [], {})
    _keep_records(year)
    for monday in (begins + n * _WEEK for n in range(_LENGTH + 1)):
        _play_week(year, monday, min(monday + timedelta(days=4), today - timedelta(days=1)))


def _play_week(year: Year, monday: date, last: date) -> None:
    """One week up to its `last` day: who is referred, what runs, and every session marked."""
    year.told = 0
    weeks_ago = _LENGTH - (monday - year.begins) // _WEEK
    beginning = [stay for stay in stays() if stay.ago == weeks_ago]
    new = [_refer(year, stay, monday) for stay in beginning]
    for one in new:
        _answer(year, one, monday + timedelta(days=2))
    if last >= monday:
        pass_time(year.stage, datetime.combine(last, time(11, 30), LONDON))
        for one in year.running:
            _go_on(year, one, last)
        at = datetime.combine(last, time(15, 45), LONDON)
        pass_time(year.stage, at)
        marked_week(year.stage.site, monday, at)
    year.running = [*(one for one in year.running if not _state(year, one).is_final), *new]


def _keep_records(year: Year) -> None:
    """The schools, sites and pupils, from the day the year begins."""
    site = year.stage.site
    by = By(year.stage.accounts[OLIVE.email], year.at(year.begins, 8), site.library, "Import of the demonstration")
    for kind, text in (("schools", SCHOOLS), ("sites", SITES)):
        report = bring_in(site.store, FILES[kind], text.encode(), by)
        if report.bad:
            raise ValueError(f"the demo's {kind}: {report.bad}")
    for number, stay in enumerate(stays()):
        year.pupils[stay.surname] = add(site.store, PUPIL, _pupil(stay, number, local_date(year.stage.now)), by)


def _pupil(stay: Stay, number: int, today: date) -> dict[str, Any]:
    names = {"sen": "sen_support", "lac": "looked_after"}
    born = today.replace(year=today.year - stay.age, day=1) - timedelta(days=40)
    return {
        "surname": stay.surname,
        "forename": stay.forename,
        "born": born.isoformat(),
        "upn": upn_of(_FIRST_NUMBER + number),
        "home_school": stay.school,
        "true_of": [names.get(one, one) for one in stay.true_of],
    }


def _refer(year: Year, stay: Stay, monday: date) -> Running:
    """Begin a case, fill it in and send it; the first school day is a week later at the soonest."""
    stage = year.stage
    with stage.site.store.reading() as connection:
        (school,) = named_so(connection, stay.school, limit=1)
        (provider,) = providers_named(connection, stay.provider, limit=1)
        place = sites_of(connection, provider.id)[0].id
    at = year.at(monday, 9)
    actor = person_at(stage, school.contact_name, school.email, at)
    pass_time(stage, at)
    which = {"pupil": year.pupils[stay.surname], "site": place, **_why(stay, monday)}
    case = stage.site.handler.open_case("placement", "refer_a_pupil", which, actor=actor, now=at)
    first_day = monday + _WEEK
    while stage.site.library.calendar.school.why_closed(first_day):
        first_day += timedelta(days=1)
    one = Running(stay, actor, case.reference, first_day, first_day + _BETWEEN_REPORTS)
    described = referral(stay)
    if stay.considered:
        described["considered_on"] = (monday - timedelta(days=4)).isoformat()
    checks = {**dict.fromkeys((*CHECKS, "assured"), True), "visited": "seen", "seen_by": "The deputy head"}
    _do(year, one, "describe", described, year.at(monday, 10))
    _do(year, one, "confirm_checks", {**checks, "checks_confirmed_by": "The deputy head"}, year.at(monday, 10))
    _do(year, one, "refer", {}, year.at(monday, 11))
    return one


def _why(stay: Stay, monday: date) -> dict[str, str]:
    """The kind, with the day that its law counts from."""
    day = (monday - timedelta(days=3)).isoformat()
    more = {"health": {"missed_from": day}, "excluded": {"permanently_excluded_on": day}}
    return {"kind": stay.kind, **more.get(stay.kind, {})}


def _answer(year: Year, one: Running, day: date) -> None:
    """The provider offers a place, both prepare and sign, and it starts; or one of them says no."""
    stay = one.stay
    if stay.end in _OUTCOMES_BEFORE_START:
        no = {"standing_because": "There is no place before the spring."}
        if stay.end == "declined":
            _do(year, one, "decline", {"declined_because": "full", **no}, year.at(day, 9), by_provider=True)
        else:
            _do(year, one, "withdraw", {"standing_because": "Another way was found."}, year.at(day, 9))
        return
    offer = {"can_meet": True, "offered_from": one.first_day.isoformat()}
    programme, progression = PROGRAMMES[stay.provider]
    set_out = {"programme": programme, "progression": progression, "named_at_provider": "The lead tutor"}
    delivery = "small_group" if stay.provider != "Larkspur Learning" else ("one_to_one", "mixed")[stay.ago % 2]
    _do(year, one, "offer", offer, year.at(day, 9), by_provider=True)
    _do(year, one, "set_programme", {**set_out, "delivery": delivery}, year.at(day, 11), by_provider=True)
    thursday = day + timedelta(days=1)
    _do(year, one, "set_plan", _plan(one), year.at(thursday, 9))
    objective = {"objective": OBJECTIVES[stay.ago % len(OBJECTIVES)], "by_when": one.last_day.isoformat()}
    measured = {"baseline": "Two sessions of five", "assessed": "By the register, and by what is finished"}
    _do(year, one, "add_objective", objective | measured, year.at(thursday, 9))
    if stay.kind == "directed":
        notice = dict.fromkeys(("says_where", "says_why", "says_when"), True)
        _do(year, one, "give_notice", {"notice_on": day.isoformat(), **notice}, year.at(thursday, 10))
    _do(year, one, "sign", {"signed_as": "The lead tutor", "agrees": True}, year.at(thursday, 11), by_provider=True)
    _do(year, one, "sign", {"signed_as": "The head", "agrees": True}, year.at(thursday, 12))
    _start(year, one, year.at(thursday, 13))


def _start(year: Year, one: Running, at: datetime) -> None:
    """Start it, with the plan of its sessions beside the record that the case keeps."""
    _do(year, one, "start_placement", {}, at)
    stage = year.stage
    with stage.site.store.reading() as connection:
        case = load_case(connection, one.reference)
        assert case is not None
        kept = kept_by(connection, case.id or 0)
    assert kept is not None
    by = By(stage.accounts[OLIVE.email], at, stage.site.library)
    add(stage.site.store, ATTENDANCE_PLAN, plan_of_sessions(one.stay, one.first_day), by, {"placement_id": kept.id})


def _plan(one: Running) -> dict[str, Any]:
    stay, first = one.stay, one.first_day
    is_whole = stay.kind in ("whole", "excluded")
    part_time = {
        "why_part_time": "One lesson more at school each half-term, until the timetable is full in the summer."
    }
    return {
        "starts_on": first.isoformat(),
        "until": one.last_day.isoformat(),
        "hours": int(stay.sessions * _HOURS_A_SESSION),
        "has_breaks": True,
        "sessions": stay.sessions,
        **({"cost": stay.cost} if stay.cost else {}),
        "is_full_time": is_whole,
        **({} if is_whole else part_time),
        "plan": "To come to four sessions of five, and to finish one project each half-term. Now: two of five.",
        "linked_plans": [plan for plan in ("ehcp", "cin") if plan in stay.true_of] or ["unlinked"],
        "english_and_maths": "At school, and in what is made",
        "risk_assessment": "Leaves a room when it is loud: a door to the yard, and one adult who follows.",
        "attendance_plan": "The provider marks every session by 10am; the office rings home at once.",
        "named_at_school": "The head of year",
        "afterwards": "Back to the timetable step by step, or to college, from the day that is planned.",
        "first_review_on": (first + timedelta(weeks=6)).isoformat(),
        "next_report_on": one.report_on.isoformat(),
        "reports_every": "half_term",
    }


def _go_on(year: Year, one: Running, day: date) -> None:
    """What one placement brings this week: it depends on where its case stands, as for the people who play it."""
    state = _state(year, one).name
    if state == "induction" and day >= one.first_day:
        inducted = {"inducted_on": one.first_day.isoformat(), "given_by": "The lead tutor", "health_and_safety": True}
        _do(year, one, "record_induction", {**inducted, "who_to_tell": True}, year.at(day, 12), by_provider=True)
    elif state == "active" and one.stay.end == "broken_down" and day >= one.last_day:
        _break_off(year, one, day)
    elif state == "active" and day >= one.last_day and one.stay.end != "goes_on":
        _do(year, one, "call_review_now", {}, year.at(day, 12))
    elif state == "active" and day >= one.report_on:
        _report(year, one, day)
    elif state == "review":
        _review(year, one, day)
    elif state == "ending":
        _finish(year, one, day)
    elif state in _FOLLOWED_UP_AFTER and day >= one.last_day + _FOLLOWED_UP_AFTER[state]:
        _follow_up(year, one, day)


def _report(year: Year, one: Running, day: date) -> None:
    one.report_on = day + _BETWEEN_REPORTS
    said = {"progress": PROGRESS[day.month % len(PROGRESS)], "next_report_on": one.report_on.isoformat()}
    _do(year, one, "report_progress", said, year.at(day, 12), by_provider=True)


def _review(year: Year, one: Running, day: date) -> None:
    """Both sides say how it goes, and the school decides."""
    one.times_reviewed += 1
    found, says = FOUND[(one.times_reviewed + one.stay.ago) % len(FOUND)]
    view = {"who_says": "The lead tutor", "view": PROGRESS[one.times_reviewed % len(PROGRESS)]}
    _do(year, one, "say", view, year.at(day, 12), by_provider=True)
    on_it = {"standing": "behind" if one.stay.end == "broken_down" else "on_track", "shown_by": view["view"]}
    _do(year, one, "report_on_objective", on_it, year.at(day, 12), item="1", by_provider=True)
    one.report_on = day + _BETWEEN_REPORTS
    held = {
        "reviewed_on": day.isoformat(),
        "found": found,
        "pupil_says": says,
        "parents_say": "They agree.",
        "next_report_on": one.report_on.isoformat(),
    }
    if day >= one.last_day and one.stay.end not in ("goes_on", "broken_down"):
        _do(year, one, "decide_to_end", held, year.at(day, 13))
    elif one.times_reviewed == 2:
        changed = {"changes_agreed": "One more lesson at school.", "risk_assessment": "As before, without the yard."}
        _do(year, one, "change_it", {**held, **changed, "afterwards": "Back from next term."}, year.at(day, 13))
    else:
        _do(year, one, "continue_it", held, year.at(day, 13))


def _finish(year: Year, one: Running, day: date) -> None:
    stay = one.stay
    end = {
        "ends_on": day.isoformat(),
        "destination": stay.end,
        "destination_detail": DETAILS[stay.end],
        "outcome_progress": "From two sessions of five to four; two projects are finished.",
        "reflections": REFLECTIONS[stay.ago % len(REFLECTIONS)],
        "kept_for": "until_25" if {"ehcp", "lac"} & set(stay.true_of) else "six_years",
    }
    _do(year, one, "finish", end, year.at(day, 14))


def _follow_up(year: Year, one: Running, day: date) -> None:
    went = {"went_on": "well", "followed_up": "Every lesson but one, and somebody to go to when it is loud."}
    _do(year, one, "follow_up", went, year.at(day, 15))


def _break_off(year: Year, one: Running, day: date) -> None:
    why = "It did not hold, and more was tried than was planned."
    said = {"ends_on": day.isoformat(), "standing_because": why, "reflections": "It was too far to get there."}
    meanwhile = {"kept_for": "six_years", "meanwhile": "The school, with two lessons a day on its own site"}
    _do(year, one, "break_off", said | meanwhile, year.at(day, 14))


def _do(
    year: Year,
    one: Running,
    event: str,
    answers: dict[str, Any],
    at: datetime,
    *,
    item: str | None = None,
    by_provider: bool = False,
) -> None:
    """One command, once everything due before it has happened."""
    stage = year.stage
    pass_time(stage, at)
    actor = party_of(stage.site, one.reference) if by_provider else one.school
    stage.site.handler.fire(one.reference, event, answers, actor=actor, now=at, item=item)


@dataclass(frozen=True, slots=True)
class _Stands:
    name: str
    is_final: bool


def _state(year: Year, one: Running) -> _Stands:
    with year.stage.site.store.reading() as connection:
        case = load_case(connection, one.reference)
    assert case is not None
    states = year.stage.site.library.current("placement").workflow.states
    return _Stands(case.state, states[case.state].final)
