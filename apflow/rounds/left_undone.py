"""The e-mail of the day about work that is left undone: one to each who is told, if something in it is news to them."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.days.calendar import LONDON, local_date
from apflow.core.deadlines.deadlines import morning_of
from apflow.core.definition.labels import STAFF
from apflow.core.definition.nightly import Digest
from apflow.core.people.permission import may_see
from apflow.core.standing import UNDONE, URGENT_UNDONE
from apflow.handler import Handler
from apflow.letters.digest import DIGEST, Due, Undone, spoken_of
from apflow.records.letters import To, Writing
from apflow.rounds.attending import tell_once
from apflow.rounds.waiting import Waiting
from apflow.store import findings as kept
from apflow.store.cases.loading import load_cases
from apflow.store.people import people

SEEN_AT, DECIDED_AT = "/findings", "/retention"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Somebody who is told, and what they may hear of: `due` is what waits for them to decide on erasing it."""

    person: Row[Any]
    rows: Sequence[Row[Any]]
    due: Due | None

    def calls_for_it(self, news: Set[int]) -> bool:
        """Whether there is news that has no e-mail of its own, as what is urgent has once it is somebody's work."""
        if self.due is not None and self.due.calls_for_it:
            return True
        return any(row.id in news and (row.kind != URGENT_UNDONE or row.task_case is None) for row in self.rows)


def telling(handler: Handler, now: datetime) -> Iterator[bool]:
    """Write to whoever is told, once this day has been looked at and its hour has come; whether anything was new.

    The note that it was done commits with the messages, so of any number of processes one does it, once. Nobody is
    told on a day on which the council is closed; the next e-mail has what was found meanwhile.
    """
    spec = handler.library.council.nightly_check
    if spec is None or spec.digest is None or DIGEST not in handler.letters.notices.names():
        return
    today = local_date(now)
    if now.astimezone(LONDON).time() < spec.digest.at or not handler.library.calendar.is_working(today):
        return
    with handler.store.reading() as connection:
        check = kept.whole_and_untold(connection, today)
        if check is None:
            return
        undone = kept.left_undone(connection, UNDONE, but=kept.WORKFLOW)
        new = {row.id for row in undone if _is_new(row)}
        news = new | {row.id for row in undone if _is_told_again(handler, spec.digest, row, now)}
        waiting = Waiting.found(handler, connection, spec.digest, now)
        readers = list(_readers(handler, connection, spec.digest.to, undone, waiting))
    told = [reader for reader in readers if reader.calls_for_it(news)]
    writing = Writing(handler.letters, handler.library.council, now)
    letters = [_letter(handler, writing, spec.digest, reader, new) for reader in told]
    of_all = {row.id for reader in told for row in reader.rows}
    of_all -= {row.id for reader in readers if reader not in told for row in reader.rows}
    noted = [row for row in undone if row.id in of_all]
    if waiting is not None and any(reader.due for reader in told):
        noted.append(waiting.row)
    yield tell_once(handler, writing, letters, lambda it: kept.note_told(it, check, noted, now)) and bool(letters)


def _readers(
    handler: Handler, connection: Connection, role: str, undone: Sequence[Row[Any]], waiting: Waiting | None
) -> Iterator[_Reader]:
    """Those of the role, each with what they may hear of: what is left undone on cases that they see. And those who
    decide on erasures, with what waits for them."""
    cases = load_cases(connection, [row.about for row in undone])
    definitions = {reference: handler.definition(connection, case.digest) for reference, case in cases.items()}
    of_role = {person.id: person for person in people.with_role(connection, role)}
    deciding = waiting.people(connection) if waiting is not None else {}
    for number, person in {**of_role, **deciding}.items():
        actor = people.actor_of(person)
        seen = {reference for reference, case in cases.items() if may_see(definitions[reference], case, actor)}
        rows = [row for row in undone if row.about in seen] if number in of_role else []
        yield _Reader(person, rows, waiting.due_for(connection, actor) if waiting is not None else None)


def _letter(handler: Handler, writing: Writing, digest: Digest, reader: _Reader, new: Set[int]) -> Mapping[str, Any]:
    undone = [Undone(row.about, row.kind, row.said, row.since, row.id in new) for row in reader.rows]
    said = spoken_of(undone, digest.shows, handler.library.calendar, writing.now, reader.due)
    to = To(reader.person.name, reader.person.email, reader.person.id, STAFF)
    return writing.write(DIGEST, to, SEEN_AT if undone else DECIDED_AT, **said)


def _is_new(row: Row[Any]) -> bool:
    """Whether nobody has been told, or more is left undone than they were told of."""
    return row.told_at is None or not set(row.said.split(kept.BETWEEN)) <= set(row.told_said.split(kept.BETWEEN))


def _is_told_again(handler: Handler, digest: Digest, row: Row[Any], now: datetime) -> bool:
    """Whether it stands long after people were told of it."""
    calendar = handler.library.calendar
    return row.told_at is not None and calendar.due(morning_of(row.told_at), digest.again_after).on <= local_date(now)
