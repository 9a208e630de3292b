"""A made-up year: the same for the same seed, with all that real decisions do, and what it comes to."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from apflow.core.days.calendar import LONDON
from apflow.core.definition.compiled import Definition
from apflow.core.errors import DefinitionError
from apflow.core.simulate.chart import chart
from apflow.core.simulate.findings import needed, role_years
from apflow.core.simulate.measured import Move, measured
from apflow.core.simulate.plan import Choice, Response, Simulation, Spread
from apflow.core.simulate.running import Ran, run
from apflow.core.simulate.worktime import WorkTime
from apflow.loader import Library
from apflow.loader.simulations import read_simulation
from apflow.settings import shipped
from tests.loader.folder import rewrite
from tests.simulate.letters import a_year_of_letters, letters

YEAR = shipped("workflows") / "simulations" / "year.yaml"
HOUR = 3600.0


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    return letters(tmp_path_factory.mktemp("letters")).current("letter")


def played(definition: Definition, simulation: Simulation) -> Ran:
    return run(simulation, {"letter": definition}, lambda weeks: weeks)


def test_the_same_seed_is_the_same_year_and_another_seed_another(letter: Definition) -> None:
    one, same, other = (
        played(letter, a_year_of_letters(a_week=30, minutes=200, weeks=8, seed=seed)) for seed in (1, 1, 2)
    )

    assert list(role_years(one)) == list(role_years(same))
    assert (one.stands, one.mails, one.breached) == (same.stands, same.mails, same.breached)
    assert list(role_years(one)) != list(role_years(other))


def test_what_nobody_answers_is_late_and_written_of_by_the_rules_of_the_workflow(letter: Definition) -> None:
    idle = a_year_of_letters(a_week=20, minutes=10, weeks=10)
    nothing = Response(after=Spread(always="1 day"), choices=(Choice(share=1),))
    idle = idle.model_copy(update={"responses": {"letter": {"to_answer": {"officer": nothing}}}})

    ran = played(letter, idle)

    late = ran.breached["letter", "answer_by"]
    arrived = ran.arrived["letter"]
    assert arrived - 40 < late < arrived
    assert sum(ran.mails) == arrived + late  # One that it came, and one that it is late.
    assert ran.stands == {("letter", "to_answer"): arrived}


def test_what_cannot_be_done_is_counted_with_the_reason_and_stops_nothing(letter: Definition) -> None:
    wrong = a_year_of_letters(a_week=5, minutes=10, weeks=4)
    officer = wrong.responses["letter"]["to_answer"]["officer"]
    twice = officer.model_copy(update={"choices": (Choice(share=1, does=["answer", "look_up"]),)})
    wrong = wrong.model_copy(update={"responses": {"letter": {"to_answer": {"officer": twice}}}})

    ran = played(letter, wrong)

    ((workflow, event, why),) = ran.refused
    assert (workflow, event, why) == (
        "letter",
        "look_up",
        '"Look something up" cannot be done while the case is answered.',
    )
    assert ran.stands["letter", "answered"] == ran.refused[workflow, event, why]


def test_alerts_are_work_for_whoever_has_them(letter: Definition) -> None:
    slow = a_year_of_letters(a_week=10, minutes=6000, weeks=8)
    with_alerts = {**slow.people, "manager": slow.people["manager"].model_copy(update={"alerts": Spread(always=HOUR)})}

    manager = list(role_years(played(letter, slow.model_copy(update={"people": with_alerts}))))[1]

    assert manager.work_hours == played(letter, slow).breached["letter", "answer_by"] > 20


def test_more_people_let_less_wait(letter: Definition) -> None:
    one, two = (
        next(iter(role_years(played(letter, a_year_of_letters(a_week=84, minutes=100, officers=count, weeks=12)))))
        for count in (1, 2)
    )

    assert sum(week.waiting for week in two.weeks) < sum(week.waiting for week in one.weeks) / 4
    assert two.work_hours == one.work_hours  # The same letters, whoever answers them.


def test_people_needed_follow_from_the_four_hardest_weeks() -> None:
    """Four weeks of 60 hours: at most 85% of 30 hours each is 25.5, so two are too few."""
    assert needed([10, 60, 60, 60, 60, 10], hours=30, busy_at_most=85) == 3
    assert needed([0, 120, 0, 0, 0, 0], hours=30, busy_at_most=100) == 1
    assert needed([0, 0, 0, 0], hours=30, busy_at_most=85) == 1


def test_work_stands_still_outside_the_hours(library: Library) -> None:
    """From Friday 23 December 2026's eve: closed on the 25th, the weekend and the bank holiday on Monday the 28th."""
    begins = datetime.combine(datetime(2026, 12, 24, tzinfo=LONDON), time(0), LONDON).astimezone(UTC)
    clock = WorkTime((time(9), time(17)), library.calendar, begins, 14 * 24 * HOUR)

    assert clock.begun(3 * HOUR) == 9 * HOUR
    assert clock.after(16 * HOUR, 2 * HOUR) == (5 * 24 + 10) * HOUR  # An hour on the 24th, and one on the 29th.
    assert clock.worked((5 * 24 + 10) * HOUR) == 9 * HOUR
    assert clock.after(20 * HOUR, HOUR) == (5 * 24 + 10) * HOUR


def test_the_picture_has_its_title_and_its_numbers_in_words(letter: Definition) -> None:
    years = list(role_years(played(letter, a_year_of_letters(a_week=80, minutes=100, weeks=12))))

    svg = ElementTree.fromstring(chart("Letters & more", years, {"officer": "Officer <one>"}))

    name = "{http://www.w3.org/2000/svg}"
    title, desc = svg.find(f"{name}title"), svg.find(f"{name}desc")
    assert title is not None
    assert desc is not None
    assert svg.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == "Letters & more: work that waits, by role and week"
    assert str(desc.text).startswith("Officer <one>: on average ")
    assert "1 person is there, busy for" in str(desc.text)
    bars = [one for one in svg.iter(f"{name}rect") if one.get("fill") == "#1d70b8"]
    assert len(bars) == sum(week.waiting > 0 for year in years for week in year.weeks)


def test_measured_delays_choices_and_arrivals_take_the_place_of_declared_ones() -> None:
    declared = a_year_of_letters(a_week=7, minutes=60)
    two = Response(
        after=Spread(mean="1 day"),
        choices=(Choice(share=1, does="answer"), Choice(share=1, does="look_up"), Choice(share=1)),
    )
    declared = declared.model_copy(update={"responses": {"letter": {"to_answer": {"officer": two}}}})
    since = datetime(2026, 1, 5, tzinfo=UTC)

    def move(event: str, days: int, *roles: str, state: str = "to_answer") -> Move:
        return Move("letter", event, state, frozenset(roles), since + timedelta(days=days), timedelta(days=days))

    moves = [move("answer", day, "officer") for day in range(1, 7)] + [move("close", 8), move("answer", 99, "officer")]
    moves += [move("write", 1, state="start")] * 4
    found = measured(declared, moves, since, since + timedelta(weeks=2))

    response = found.simulation.responses["letter"]["to_answer"]["officer"]
    assert response.after == Spread(measured=tuple(86400.0 * day for day in range(1, 7)))
    assert [(choice.share, len(choice.does)) for choice in response.choices] == [(6, 1), (1, 0)]
    assert found.simulation.arrivals["letter"].a_week == 2
    assert found.kept == ()
    assert len(measured(declared, moves[:4], since, since + timedelta(weeks=2)).kept) == 2


def test_the_year_that_is_shipped_goes_by_the_shipped_policy(library: Library) -> None:
    """Nothing in it is refused, so the file and the workflows agree."""
    simulation = read_simulation(YEAR, library).model_copy(update={"weeks": 30})

    ran = run(simulation, {name: library.current(name) for name in simulation.arrivals}, lambda weeks: weeks)

    assert ran.refused == {}
    assert set(ran.arrived) == {"provider", "placement", "concern"}
    assert ran.stands["provider", "approved"] > 5


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("  concern: {event: log_concern", "  concrn: {event: log_concern"), 'there is no workflow called "concrn"'),
        (("does: invite}", "does: invte}"), 'there is no event called "invte"'),
        (("{event: enquire, a_week: 2}", "{event: ask, a_week: 2}"), 'no case of "provider" begins with "ask"'),
        (("takes: {mean: 40 minutes}", "takes: {mean: 40 mins}"), '"40 mins" is not a length of time'),
        (("takes: {mean: 40 minutes}", "takes: {mean: 1 hour, always: 1 hour}"), "say how long it takes in one way"),
        (("    enquiry:\n", "    enquiries:\n"), 'there is no state called "enquiries"'),
        (('hours: ["09:00", "11:00"]', 'hours: ["11:00", "09:00"]'), "the hours end before they begin"),
        (("  panel_member: {count: 5,", "  planner: {count: 5,"), 'there is no role called "planner"'),
        (("begins: 2026-09-07", "begins: soon"), '"soon" is not a date'),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_place(
    library: Library, tmp_path: Path, change: tuple[str, str], problem: str
) -> None:
    file = tmp_path / "year.yaml"
    file.write_text(YEAR.read_text(encoding="utf-8"), encoding="utf-8")
    rewrite(file, change)

    with pytest.raises(DefinitionError) as refused:
        read_simulation(file, library)

    assert problem in refused.value.message
    assert refused.value.message.startswith(f"{file}:")
