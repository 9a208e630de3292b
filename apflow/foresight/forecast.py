"""What the clock will do to a case if nobody acts, in words: what, when, and who is told of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec import structs
from sqlalchemy import Connection

from apflow.beyond.cases import with_linked, with_people
from apflow.beyond.reaching import records_for
from apflow.core.commands import Ring
from apflow.core.definition.compiled import Definition
from apflow.core.definition.labels import STAFF
from apflow.core.forecast import Foreseen, foresee
from apflow.core.people.actor import THE_CLOCK
from apflow.core.snapshot import Snapshot, World
from apflow.handler import Handler
from apflow.letters.contexts import Recipient
from apflow.letters.messages import case_after, goes_at, waits_for_others
from apflow.letters.recipients import recipients
from apflow.store.records.commissioned import Commissioned

AHEAD = timedelta(days=365)
MOST = 1_000  # Ten years of what comes round every week, and some more.


@dataclass(frozen=True)
class Coming:
    """One thing that comes, by the kind and name it will have in history.

    `what` it is, where it moves the case `on` to, and which cases and tasks it begins are in the reader's words. Those
    `to` whom e-mails go get them then, but for whoever gets one `later`, in working hours; those reminded `with_others`
    get it with what else they are reminded of that morning.
    """

    at: datetime
    kind: str
    name: str
    what: str
    to: tuple[Recipient, ...]
    on: str | None
    begins: tuple[str, ...]
    opens: tuple[str, ...]
    note: str
    later: Mapping[Recipient, datetime]
    with_others: frozenset[Recipient]


def coming(
    handler: Handler,
    connection: Connection,
    snapshot: Snapshot,
    now: datetime,
    *,
    audience: str = STAFF,
    ahead: timedelta = AHEAD,
    most: int = MOST,
) -> Iterator[Coming]:
    """Everything the clock would do to the case in the time `ahead`, if nobody acts, in order."""
    definition = handler.definition_of(connection, snapshot)
    people = with_people(connection, definition, handler.world(now))
    reads: dict[str, Commissioned | None] = {}

    def read(case: Snapshot) -> Commissioned | None:
        """Who commissions and what is placed, as it is today: the same however far ahead, so asked once a state."""
        if case.state not in reads:
            ring = Ring("", THE_CLOCK)
            reads[case.state] = records_for(connection, handler.library, definition, case, ring, people)
        return reads[case.state]

    def world_at(case: Snapshot, at: datetime) -> World:
        there, known = handler.world(at), read(case)
        drawn = known.drawn() if known else people.drawn
        return structs.replace(people, today=there.today, facts=there.facts, drawn=drawn)

    case = with_linked(connection, definition, snapshot)
    for foreseen in foresee(definition, case, world_at, now, now + ahead, most=most):
        yield _coming(connection, definition, foreseen, read(foreseen.before), audience)


def _coming(
    connection: Connection, definition: Definition, foreseen: Foreseen, read: Commissioned | None, audience: str
) -> Coming:
    outcome, before = foreseen.outcome, foreseen.before
    after = case_after(before, outcome)
    told = [
        (send, one)
        for send in outcome.sends
        for one in recipients(connection, definition, after, send, read, frozenset(), foreseen.at)
    ]
    gone = [(one, goes_at(definition, after, outcome, send, foreseen.at)) for send, one in told]
    label = definition.deadlines[before.state][foreseen.deadline].label
    event = definition.events[before.state].get(outcome.entry.name)
    return Coming(
        at=foreseen.at,
        kind=outcome.entry.kind,
        name=outcome.entry.name,
        what=event.label.to(audience) if outcome.entry.kind == "event" and event else label,
        to=tuple(one for _, one in told),
        on=definition.state(outcome.state).label.to(audience) if outcome.moved else None,
        begins=tuple(
            definition.workflow.children[signal.kind].label.to(audience)
            for signal in outcome.signals
            if signal.purpose == "begin"
        ),
        opens=tuple(task.title for task in outcome.opened),
        note=outcome.entry.note,
        later={one: at for one, at in gone if at > foreseen.at},
        with_others=frozenset(one for send, one in told if waits_for_others(definition, send, one)),
    )
