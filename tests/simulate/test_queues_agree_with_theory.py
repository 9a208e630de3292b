"""A simulated queue has the means that are known in closed form, for one officer and for several.

Letters come by chance (Poisson), and take as long as chance has it (exponential): with one officer M/M/1, with several
M/M/c, for which Erlang's C says how often somebody waits. Each mean is taken over independent runs, of which the first
weeks are left out, as the queue begins empty. How far it may be off is not tuned: four times the standard error that
the runs themselves show among each other, which chance passes once in some hundreds of such tests (Student's t with
nine degrees of freedom: P(|t| > 4) = 0.3%). The seeds are fixed, so it fails always or never.
"""

from collections.abc import Mapping
from math import factorial, sqrt
from statistics import fmean, stdev

import pytest

from apflow.core.simulate.findings import RoleWeek, role_years
from apflow.core.simulate.plan import Simulation
from apflow.core.simulate.running import run
from apflow.loader import Library
from tests.simulate.letters import a_year_of_letters, letters

RUNS, WARMING_UP, WEEKS = 10, 3, 15
ERRORS = 4.0
A_WEEK_IN_HOURS = 168


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return letters(tmp_path_factory.mktemp("letters"))


def officer_weeks(library: Library, simulation: Simulation) -> tuple[RoleWeek, ...]:
    ran = run(simulation, {"letter": library.current("letter")}, lambda weeks: weeks)
    return next(iter(role_years(ran))).weeks[WARMING_UP:]


def means(library: Library, *, a_week: float, minutes: float, officers: int) -> Mapping[str, tuple[float, float]]:
    """Of each measure the mean over the runs, and its standard error."""
    found: dict[str, list[float]] = {"waiting": [], "open": [], "waited": []}
    for seed in range(RUNS):
        simulation = a_year_of_letters(a_week=a_week, minutes=minutes, officers=officers, seed=seed, weeks=WEEKS)
        weeks = officer_weeks(library, simulation)
        found["waiting"].append(fmean(week.waiting for week in weeks))
        found["open"].append(fmean(week.open for week in weeks))
        found["waited"].append(fmean(week.waited_hours for week in weeks if week.waited_hours is not None))
    return {name: (fmean(each), stdev(each) / sqrt(RUNS)) for name, each in found.items()}


def erlang_c(servers: int, load: float) -> float:
    """How often whoever comes has to wait, where so many serve and so much is offered (A. K. Erlang, 1917)."""
    last = load**servers / factorial(servers) * servers / (servers - load)
    return last / (sum(load**n / factorial(n) for n in range(servers)) + last)


@pytest.mark.parametrize(("officers", "a_week", "minutes"), [(1, 84, 72), (3, 84, 288)])
def test_what_waits_and_how_long_is_as_the_theory_of_queues_says(
    library: Library, officers: int, a_week: float, minutes: float
) -> None:
    """One officer who is busy for 60% of the time, and three who are busy for 80%."""
    load = a_week * minutes / 60 / A_WEEK_IN_HOURS
    waiting = erlang_c(officers, load) * load / (officers - load)
    expected = {"waiting": waiting, "open": waiting + load, "waited": waiting / a_week * A_WEEK_IN_HOURS}

    found = means(library, a_week=a_week, minutes=minutes, officers=officers)

    for name, (mean, error) in found.items():
        assert abs(mean - expected[name]) < ERRORS * error, (name, mean, error, expected[name])
        assert error < expected[name] / 5, (name, error)  # Else it could agree with anything.


def test_with_one_officer_erlang_s_formula_is_that_of_one_queue() -> None:
    assert erlang_c(1, 0.6) == pytest.approx(0.6)
