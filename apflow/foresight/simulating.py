"""Running a simulation under the live policy, perhaps as measured from the cases there have been; in words."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection

from apflow.core.definition.compiled import Definition
from apflow.core.definition.labels import STAFF
from apflow.core.simulate.findings import RoleYear
from apflow.core.simulate.lengths import SECONDS, said
from apflow.core.simulate.measured import Measured, Move, measured
from apflow.core.simulate.plan import Simulation
from apflow.core.simulate.running import Ran
from apflow.loader import Library
from apflow.store.reading.past import everybody, moves_of

BACK = timedelta(days=365)


def as_measured(simulation: Simulation, connection: Connection, now: datetime) -> Measured:
    """The simulation with the last year's arrivals, delays and choices in place of those declared."""
    known, moves = everybody(connection), []
    for workflow in sorted({*simulation.arrivals, *simulation.responses}):
        entered: dict[int, datetime] = {}
        for row in moves_of(connection, workflow):
            actor = known.by_id.get(row.actor_id) if row.actor_id is not None else None
            roles = actor.roles if actor else frozenset[str]()
            after = row.at - entered.get(row.case_id, row.at)
            moves.append(Move(workflow, row.name, row.from_state, roles, row.at, after))
            entered[row.case_id] = row.at
    since = max(now - BACK, min((move.at for move in moves), default=now))
    return measured(simulation, moves, since, now)


def in_sum(ran: Ran, years: list[RoleYear], library: Library) -> Iterator[str]:
    """The whole of it in a few lines."""
    arrived = sum(ran.arrived.values())
    yield f"{arrived:,} cases in {ran.simulation.weeks} weeks, {ran.steps:,} steps, {sum(ran.mails):,} e-mails."
    for workflow, number in ran.arrived.items():
        definition = library.current(workflow)
        stands = [(count, state) for (of, state), count in ran.stands.items() if of == workflow]
        told = (f"{count:,} {definition.state(state).label.to(STAFF)}" for count, state in sorted(stands, reverse=True))
        yield f"{definition.workflow.title}: {number:,} arrived; at the end {', '.join(told)}."
    yield from ("", "Deadlines that passed, how often:")
    late = sorted(ran.breached.items(), key=lambda one: -one[1])
    yield from (
        f"  {count:>7,}  {label_of(library.current(workflow), name)} ({workflow})" for (workflow, name), count in late
    )
    if not late:
        yield "  none"
    yield from ("", "People:")
    for year in years:
        title = library.council.roles[year.role].title
        yield (
            f"  {title}: {year.people} there, busy for {year.busy:.0%} of their {year.hours_a_week:.0f} hours a week; "
            f"{year.needed} needed in the four hardest weeks. {_waits(year)}"
        )
    if ran.refused:
        yield from ("", "Could not be done, so the simulation file and the policy do not agree there:")
        yield from (
            f"  {count:>7,}  {event} ({workflow}): {why}" for (workflow, event, why), count in ran.refused.items()
        )


def _waits(year: RoleYear) -> str:
    waits = [week.waited_hours for week in year.weeks if week.waited_hours is not None]
    return (
        f"A piece of work waits {said(sum(waits) / len(waits) * SECONDS['hour'])} on average."
        if waits
        else "No work came."
    )


def label_of(definition: Definition, deadline: str) -> str:
    """What staff call a deadline of the workflow."""
    found = (specs[deadline] for specs in definition.deadlines.values() if deadline in specs)
    spec = next(found, None)
    return spec.label if spec else deadline
