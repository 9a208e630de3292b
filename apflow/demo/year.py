"""A year of placements, week by week: schools refer, providers mark every session, reviews are held, placements end.

It is played by commands with past dates like all of the demo, and only `make demo` has it: tests make theirs without.
"""

from datetime import date, datetime, time, timedelta

from apflow.core.days.calendar import LONDON, local_date
from apflow.demo.around import keep_those_around, pupils_there
from apflow.demo.attendance import marked_week
from apflow.demo.build import Stage, pass_time, person_at
from apflow.demo.cast import OLIVE
from apflow.demo.placed import CHECKS
from apflow.demo.year_beside import beside_the_teaching
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
    plan_of,
    pupil_of,
    referral,
    stays,
    why,
)
from apflow.demo.year_stage import Running, Year, do, state_of
from apflow.records.door import By, add
from apflow.records.importing.file import FILES, bring_in
from apflow.records.people.pupils import PUPIL
from apflow.store.records.commissioners import named_so
from apflow.store.records.sites import providers_named, sites_of

_NOBODY_LEADS = "Dotterel"  # Of this one the provider has named nobody who leads on safeguarding.
_WEEK = timedelta(days=7)
_LENGTH = 51
_ANSWERED_AFTER = timedelta(days=2)
_BETWEEN_REPORTS = timedelta(weeks=7)
_BETWEEN_REVIEWS = timedelta(weeks=6)
_FOLLOWED_UP = {"first_follow_up": timedelta(weeks=3), "last_follow_up": timedelta(weeks=10)}
_ASKED_AFTER_BREAKDOWN = {"first_after_breakdown": timedelta(days=5), "last_after_breakdown": timedelta(weeks=3)}
_OUTCOMES_BEFORE_START = {"declined", "withdrawn"}


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
        _answer(year, one, monday + _ANSWERED_AFTER)
    if last >= monday:
        pass_time(year.stage, datetime.combine(last, time(11, 30), LONDON))
        for one in year.running:
            _go_on(year, one, last)
        at = datetime.combine(last, time(15, 45), LONDON)
        pass_time(year.stage, at)
        marked_week(year.stage.site, monday, at)
    year.running = [*(one for one in year.running if not state_of(year, one).is_final), *new]


def _keep_records(year: Year) -> None:
    """The schools, sites and pupils, from the day the year begins."""
    site = year.stage.site
    by = By(year.stage.accounts[OLIVE.email], year.at(year.begins, 8), site.library, "Import of the demonstration")
    known = pupils_there(site)
    for kind, text in (("schools", SCHOOLS), ("sites", SITES)):
        report = bring_in(site.store, FILES[kind], text.encode(), by)
        if report.bad:
            raise ValueError(f"the demo's {kind}: {report.bad}")
    for number, stay in enumerate(stays()):
        year.pupils[stay.surname] = add(site.store, PUPIL, pupil_of(stay, number, local_date(year.stage.now)), by)
    keep_those_around(site, by, but=known)


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
    which = {"pupil": year.pupils[stay.surname], "site": place, **why(stay, monday)}
    case = stage.site.handler.open_case("placement", "refer_a_pupil", which, actor=actor, now=at)
    first_day = _first_day(stage, stay, monday)
    one = Running(stay, actor, case.reference, first_day, first_day + _BETWEEN_REPORTS)
    described = referral(stay)
    if stay.considered:
        described["considered_on"] = (monday - timedelta(days=4)).isoformat()
    checks = {
        **dict.fromkeys((*CHECKS, "staff_checked", "assured"), True),
        "visited": "seen",
        "seen_by": "The deputy head",
    }
    do(year, one, "describe", described, year.at(monday, 10))
    do(year, one, "confirm_checks", {**checks, "checks_confirmed_by": "The deputy head"}, year.at(monday, 10))
    do(year, one, "refer", {}, year.at(monday, 11))
    return one


def _first_day(stage: Stage, stay: Stay, monday: date) -> date:
    """The first school day from a week after the referral; of a direction, once its notice was there long enough."""
    school, notice_on = stage.site.library.calendar.school, monday + _ANSWERED_AFTER
    first_day = monday + _WEEK
    while school.why_closed(first_day) or (stay.kind == "directed" and school.days_between(notice_on, first_day) < 2):
        first_day += timedelta(days=1)
    return first_day


def _answer(year: Year, one: Running, day: date) -> None:
    """The provider offers a place, both prepare and sign, and it starts; or one of them says no."""
    stay = one.stay
    if stay.end in _OUTCOMES_BEFORE_START:
        no = {"standing_because": "There is no place before the spring."}
        if stay.end == "declined":
            do(year, one, "decline", {"declined_because": "full", **no}, year.at(day, 9), by_provider=True)
        else:
            do(
                year,
                one,
                "withdraw",
                {"standing_because": "Another way was found.", "meanwhile": "The school, with a mentor"},
                year.at(day, 9),
            )
        return
    offer = {"can_meet": True, "offered_from": one.first_day.isoformat()}
    programme, progression = PROGRAMMES[stay.provider]
    set_out = {"programme": programme, "progression": progression, "named_at_provider": "The lead tutor, 01632 960204"}
    if stay.surname != _NOBODY_LEADS:
        set_out["leads_at_provider"] = "The lead tutor, 01632 960204; when away the co-ordinator, 01632 960206"
    delivery = "small_group" if stay.provider != "Larkspur Learning" else ("one_to_one", "mixed")[stay.ago % 2]
    do(year, one, "offer", offer, year.at(day, 9), by_provider=True)
    do(year, one, "set_programme", {**set_out, "delivery": delivery}, year.at(day, 11), by_provider=True)
    thursday = day + timedelta(days=1)
    do(year, one, "set_plan", plan_of(stay, one.first_day, one.report_on), year.at(thursday, 9))
    objective = {"objective": OBJECTIVES[stay.ago % len(OBJECTIVES)], "by_when": one.last_day.isoformat()}
    measured = {"baseline": "Two sessions of five", "assessed": "By the register, and by what is finished"}
    do(year, one, "add_objective", objective | measured, year.at(thursday, 9))
    if stay.kind == "directed":
        notice = dict.fromkeys(("says_where", "says_why", "says_when"), True)
        do(year, one, "give_notice", {"notice_on": day.isoformat(), **notice}, year.at(thursday, 10))
    do(year, one, "sign", {"signed_as": "The lead tutor", "agrees": True}, year.at(thursday, 11), by_provider=True)
    do(year, one, "sign", {"signed_as": "The head", "agrees": True}, year.at(thursday, 12))
    do(year, one, "start_placement", {}, year.at(thursday, 13))


def _go_on(year: Year, one: Running, day: date) -> None:
    """What one placement brings this week: it depends on where its case stands, as for the people who play it."""
    beside_the_teaching(year, one, day)
    state = state_of(year, one).name
    if state == "induction" and day >= one.first_day:
        inducted = {"inducted_on": one.first_day.isoformat(), "given_by": "The lead tutor", "health_and_safety": True}
        do(year, one, "record_induction", {**inducted, "who_to_tell": True}, year.at(day, 12), by_provider=True)
    elif state == "active" and one.stay.end == "broken_down" and day >= one.last_day:
        _break_off(year, one, day)
    elif state == "active" and day >= one.last_day and one.stay.end != "goes_on":
        do(year, one, "call_review_now", {}, year.at(day, 12))
    elif state == "active" and day >= one.report_on:
        _report(year, one, day)
    elif state == "review":
        _review(year, one, day)
    elif state == "ending":
        _finish(year, one, day)
    elif one.ended_on and state in _FOLLOWED_UP and day >= one.ended_on + _FOLLOWED_UP[state]:
        _follow_up(year, one, day)
    elif one.ended_on and state in _ASKED_AFTER_BREAKDOWN and day >= one.ended_on + _ASKED_AFTER_BREAKDOWN[state]:
        _say_what_is_next(year, one, day, is_last=state == "last_after_breakdown")


def _report(year: Year, one: Running, day: date) -> None:
    one.report_on = day + _BETWEEN_REPORTS
    said = {"progress": PROGRESS[day.month % len(PROGRESS)], "next_report_on": one.report_on.isoformat()}
    do(year, one, "report_progress", said, year.at(day, 12), by_provider=True)


def _review(year: Year, one: Running, day: date) -> None:
    """Both sides say how it goes, and the school decides."""
    one.times_reviewed += 1
    found, says = FOUND[(one.times_reviewed + one.stay.ago) % len(FOUND)]
    view = {"who_says": "The lead tutor", "view": PROGRESS[one.times_reviewed % len(PROGRESS)]}
    do(year, one, "say", view, year.at(day, 12), by_provider=True)
    on_it = {"standing": "behind" if one.stay.end == "broken_down" else "on_track", "shown_by": view["view"]}
    do(year, one, "report_on_objective", on_it, year.at(day, 12), item="1", by_provider=True)
    one.report_on = day + _BETWEEN_REPORTS
    held = {
        "reviewed_on": day.isoformat(),
        "found": found,
        "pupil_says": says,
        "parents_say": "They agree.",
    }
    dates = {"next_report_on": one.report_on, "first_review_on": day + _BETWEEN_REVIEWS}
    again = {**held, **{name: on.isoformat() for name, on in dates.items()}}
    if day >= one.last_day and one.stay.end not in ("goes_on", "broken_down"):
        do(year, one, "decide_to_end", {**held, "until": day.isoformat()}, year.at(day, 13))
    elif one.times_reviewed == 2:
        changed = {"changes_agreed": "One more lesson at school.", "risk_assessment": "As before, without the yard."}
        do(year, one, "change_it", {**again, **changed, "afterwards": "Back from next term."}, year.at(day, 13))
    else:
        do(year, one, "continue_it", again, year.at(day, 13))


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
    do(year, one, "finish", end, year.at(day, 14))
    one.ended_on = day


def _follow_up(year: Year, one: Running, day: date) -> None:
    """How the way back goes, asked of the school after some weeks and once more later."""
    how = "partly" if one.stay.end == "other" else "well"
    said = {"went_on": how, "followed_up": "The first weeks are done as planned; the tutor still rings on Fridays."}
    do(year, one, "follow_up", said, year.at(day, 14))


def _break_off(year: Year, one: Running, day: date) -> None:
    why = "It did not hold, and more was tried than was planned."
    said = {"ends_on": day.isoformat(), "standing_because": why, "reflections": "It was too far to get there."}
    meanwhile = {"kept_for": "six_years", "meanwhile": "The school, with two lessons a day on its own site"}
    do(year, one, "break_off", said | meanwhile, year.at(day, 14))
    one.ended_on = day


def _say_what_is_next(year: Year, one: Running, day: date, *, is_last: bool) -> None:
    """What the pupil has since it broke down: some lessons at first, and the whole timetable later."""
    has_now = "school" if is_last else "partly"
    said = {"has_now": has_now, "next_steps": "The school's inclusion lead meets the family each fortnight."}
    do(year, one, "say_what_is_next", said, year.at(day, 14))
