"""The e-mail of the day about work that is left undone: one to each who is told, if something in it is news to them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
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
from apflow.letters.digest import DIGEST, Due, Undone, shown_of, spoken_of
from apflow.records.letters import To, Writing
from apflow.rounds.attending import tell_once
from apflow.rounds.waiting import Waiting
from apflow.store import findings as kept
from apflow.store.cases.loading import load_cases
from apflow.store.parts import BETWEEN, news, said_of, standing
from apflow.store.people import people

SEEN_AT, DECIDED_AT = "/findings", "/retention"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Somebody who is told, and what they may hear of: `due` is what waits for them to decide on erasing it."""

    person: Row[Any]
    rows: Sequence[Row[Any]]
    due: Due | None

    def calls_for_it(self, news: Set[int]) -> bool:
        """Whether there is news, or something is to be decided."""
        if self.due is not None and self.due.calls_for_it:
            return True
        return any(row.id in news for row in self.rows)


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
        calling = {row.id for row in undone if _calls_for_it(handler, spec.digest, row, now)}
        waiting = Waiting.found(handler, connection, spec.digest, now)
        readers = list(_readers(handler, connection, spec.digest.to, undone, waiting))
    told = [reader for reader in readers if reader.calls_for_it(calling)]
    writing = Writing(handler.letters, handler.library.council, now)
    shown = [shown_of(_undone(handler, reader), spec.digest.shows, now) for reader in told]
    letters = [_letter(handler, writing, reader, those) for reader, those in zip(told, shown, strict=True)]
    noted = _all_but(told, [{row.id for row in reader.rows} for reader in readers if reader not in told])
    unnamed = [
        {row.id for row in reader.rows} - {one.finding for one in those}
        for reader, those in zip(told, shown, strict=True)
    ]
    named = noted & _all_but(told, unnamed)
    if waiting is not None and any(reader.due for reader in told):
        noted.add(waiting.row.id)
    yield tell_once(handler, writing, letters, lambda it: kept.note_told(it, check, noted, named, now)) and bool(
        letters
    )


def _all_but(told: Iterable[_Reader], those: Iterable[Set[int]]) -> set[int]:
    """The findings that these may hear of, without those that somebody has not heard of."""
    return {row.id for reader in told for row in reader.rows}.difference(*those)


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


def _undone(handler: Handler, reader: _Reader) -> list[Undone]:
    return [
        Undone(
            row.id,
            row.about,
            row.kind,
            _said(row),
            row.since,
            is_new=bool(news(row, row.told_at)),
            called=_called(handler, row.workflow),
            named_at=row.named_at,
        )
        for row in reader.rows
    ]


def _said(row: Row[Any]) -> str:
    """All that stands of it, with what people have not been told first."""
    new = news(row, row.told_at)
    known = [one for one in standing(row) if one not in new]
    return BETWEEN.join(said_of(those) for those in (new, known) if those)


def _called(handler: Handler, workflow: str) -> str:
    return handler.library.current(workflow).workflow.title if workflow in handler.library.sources else workflow


def _letter(handler: Handler, writing: Writing, reader: _Reader, shown: Sequence[Undone]) -> Mapping[str, Any]:
    undone = _undone(handler, reader)
    said = spoken_of(undone, shown, handler.library.calendar, writing.now, reader.due)
    to = To(reader.person.name, reader.person.email, reader.person.id, STAFF)
    return writing.write(DIGEST, to, SEEN_AT if undone else DECIDED_AT, **said)


def _calls_for_it(handler: Handler, digest: Digest, row: Row[Any], now: datetime) -> bool:
    """Whether it is news that no e-mail of its own has told, as that of urgent work does, or has stood long since."""
    is_urgent = row.kind == URGENT_UNDONE
    told = [at for at in (row.told_at, row.asked_at if is_urgent else None) if at is not None]
    if not told or news(row, max(told)):
        return True
    again_after = (digest.urgent_again_after if is_urgent else None) or digest.again_after
    return handler.library.calendar.due(morning_of(max(told)), again_after).on <= local_date(now)
