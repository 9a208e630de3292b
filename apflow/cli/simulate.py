"""`apflow simulate`: thousands of made-up cases through a year, and what that takes."""

import gc
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from apflow.cli.replay import Refused

if TYPE_CHECKING:
    from apflow.core.simulate.findings import RoleYear
    from apflow.core.simulate.plan import Simulation
    from apflow.core.simulate.running import Ran
    from apflow.loader import Library

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
_HEADINGS = (
    "week",
    "role",
    "waiting on average",
    "waiting at most",
    "hours waited",
    "hours of work",
    "people",
    "e-mails",
)


@click.command(short_help="Play a made-up year: who waits, what is late, how many people it takes.")
@click.argument("file", required=False, type=_FILE)
@click.option("--measured", "is_measured", is_flag=True, help="With the last year's arrivals, delays and choices.")
@click.option("--people", multiple=True, metavar="ROLE=COUNT", help="With so many people of a role; may be repeated.")
@click.option("--times", type=click.FloatRange(0.001, 10_000), default=1.0, help="With so many times the arrivals.")
@click.option("--seed", type=int, help="Another year of the same kind; the same seed is the same year.")
@click.option("--csv", "as_csv", is_flag=True, help="Every week of every role as CSV, for a spreadsheet.")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@click.option("--chart", type=_OUT, metavar="FILE", help="Write a picture (SVG) of what waits to this file.")
def simulate(
    file: Path | None,
    is_measured: bool,
    people: tuple[str, ...],
    times: float,
    seed: int | None,
    as_csv: bool,
    as_json: bool,
    chart: Path | None,
) -> None:
    """Play the year that FILE describes, or the one that comes with apflow, under the policy in the folders.

    Every step is decided as a real one would be; nothing is written. Exits with 0, or with 2 if it is refused.
    """
    from apflow.core.errors import ApflowError
    from apflow.core.simulate.findings import role_years
    from apflow.core.simulate.running import run

    try:
        library = _library()
        simulation = _simulation(library, file, people, times, seed)
        if is_measured:
            simulation = _measured(simulation)
    except ApflowError as refusal:
        raise Refused(refusal.message) from refusal
    workflows = {name: library.current(name) for name in simulation.arrivals}
    gc.disable()  # Every case is of use to the end, so there is nothing to sweep.
    ran = run(simulation, workflows, _with_progress)
    gc.enable()
    years = list(role_years(ran))
    if chart is not None:
        _draw(chart, simulation.title, years, library)
    if as_csv:
        _csv(ran, years)
    elif as_json:
        click.echo(json.dumps(_as_json(ran, years), indent=2))
    else:
        click.echo("\n".join(_table(ran, years, library)))


def _library() -> "Library":
    from apflow.loader import load_library
    from apflow.settings import Settings

    return load_library(Settings().workflows)


def _simulation(
    library: "Library", file: Path | None, people: tuple[str, ...], times: float, seed: int | None
) -> "Simulation":
    from apflow.loader.simulations import read_simulation
    from apflow.settings import shipped

    simulation = read_simulation(file or shipped("workflows") / "simulations" / "year.yaml", library)
    staff = dict(simulation.people)
    for role, count in map(_count, people):
        if role not in staff:
            raise click.BadParameter(f'The file says nothing of "{role}"; it has {", ".join(staff)}.')
        staff[role] = staff[role].model_copy(update={"count": count})
    arrivals = {
        name: one.model_copy(update={"a_week": one.a_week * times}) for name, one in simulation.arrivals.items()
    }
    changed = {"people": staff, "arrivals": arrivals, "seed": simulation.seed if seed is None else seed}
    return simulation.model_copy(update=changed)


def _count(said: str) -> tuple[str, int]:
    role, _, count = said.partition("=")
    if not count.isdecimal() or not 1 <= int(count) <= 10_000:
        raise click.BadParameter(f'"{said}" is not a role and how many of it there are; write officer=4.')
    return role, int(count)


def _measured(simulation: "Simulation") -> "Simulation":
    from apflow.foresight.simulating import as_measured
    from apflow.wiring import read_installation

    site = read_installation()
    with site.store.reading() as connection:
        found = as_measured(simulation, connection, site.now())
    for sentence in found.kept:
        click.echo(sentence, err=True)
    return found.simulation


def _with_progress(weeks: Iterable[int]) -> Iterator[int]:
    with click.progressbar(list(weeks), label="Playing the weeks", file=sys.stderr) as bar:
        yield from bar


def _draw(chart: Path, title: str, years: "list[RoleYear]", library: "Library") -> None:
    from apflow.core.simulate.chart import chart as drawn

    titles = {name: role.title for name, role in library.council.roles.items()}
    try:
        chart.write_text(drawn(title, years, titles), encoding="utf-8")
    except OSError as refusal:
        raise Refused(f"{chart} cannot be written: {refusal.strerror}.") from refusal
    click.echo(f"{chart} is written.", err=True)


def _table(ran: "Ran", years: "list[RoleYear]", library: "Library") -> Iterator[str]:
    from apflow.foresight.simulating import in_sum

    yield from in_sum(ran, years, library)
    yield from ("", "Work that waited, on average over the week and at most at once:")
    width = max(len(year.role) for year in years) + 2
    yield "  week  " + "".join(f"{year.role:>{max(width, 14)}}" for year in years) + "       e-mails"
    for week, mails in enumerate(ran.mails):
        waited = (f"{year.weeks[week].waiting:.1f} / {year.weeks[week].most_waiting}" for year in years)
        yield f"  {week + 1:>4}  " + "".join(f"{one:>{max(width, 14)}}" for one in waited) + f"  {mails:>12,}"


def _csv(ran: "Ran", years: "list[RoleYear]") -> None:
    from apflow.web.lists.spreadsheet import csv_of

    rows = (
        [
            *(str(week.week), year.role, f"{week.waiting:.2f}", str(week.most_waiting)),
            "" if week.waited_hours is None else f"{week.waited_hours:.2f}",
            *(f"{week.work_hours:.2f}", str(year.people), str(ran.mails[week.week - 1])),
        ]
        for year in years
        for week in year.weeks
    )
    click.echo(csv_of(_HEADINGS, rows), nl=False)


def _as_json(ran: "Ran", years: "list[RoleYear]") -> dict[str, Any]:
    from msgspec import to_builtins

    return {
        "simulation": ran.simulation.simulation,
        "seed": ran.simulation.seed,
        "arrived": dict(ran.arrived),
        "stands": [{"workflow": of, "state": state, "cases": n} for (of, state), n in ran.stands.items()],
        "overdue": [{"workflow": of, "deadline": name, "times": n} for (of, name), n in ran.breached.items()],
        "refused": [{"workflow": of, "event": e, "why": why, "times": n} for (of, e, why), n in ran.refused.items()],
        "emails_by_week": list(ran.mails),
        "roles": to_builtins(years),
    }
