"""How what was decided is committed: tried, and where the case has moved on meanwhile decided again.

On PostgreSQL snapshot, decide and render come first; then one short write that compares and swaps. Whoever loses the
swap decides again, at last with the case held, so that everyone gets their turn. SQLite has one writer at a time, who
holds every case from the first, and so decides but once. A constraint that fails is a mistake of ours and
passes through: each race that can be expected is a Conflict.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from time import perf_counter

from sqlalchemy import Connection

from apflow.beyond.handed_over import left_behind
from apflow.beyond.looked_at_first import passes_somebody_over
from apflow.beyond.taken import names_who_has_gone
from apflow.core.commands import HandOver
from apflow.core.errors import ApflowError
from apflow.core.firing.handing_over import contact_fields
from apflow.deciding import Deciding
from apflow.letters.messages import Letters
from apflow.loader import Library
from apflow.records.letters import Writing
from apflow.records.of_cases.kept import keep_record
from apflow.records.of_cases.pauses import keep_pause
from apflow.records.people.inherited import tell_new_contacts
from apflow.store.cases.loading import hold_case, load_case
from apflow.store.cases.save import save_outcome
from apflow.store.cases.texts import keep_text
from apflow.store.cases.unit import Conflict, Saved, Unit
from apflow.store.cases.writes import is_one_statement
from apflow.store.driver.engine import Store
from apflow.store.driver.faults import Clash, doubts
from apflow.store.outbox import supersede
from apflow.store.redirecting import redirect
from apflow.watching.telling import Done, tell, tell_refused

Prepare = Callable[[Connection], Unit | Saved]
Attempt = Callable[[str | None, Prepare], Saved]


class TooBusy(ApflowError):
    """Too many people are changing this case at the same moment. Nothing was changed; try again."""


class Committing(Deciding):
    """Decides by one policy, and commits to one database."""

    def __init__(self, store: Store, library: Library, letters: Letters) -> None:
        super().__init__(library, letters)
        self.store = store

    def commit(self, reference: str | None, prepare: Prepare, first: Attempt | None = None) -> Saved:
        """Decide by `prepare` and save; when the case has moved on meanwhile, look again and decide again.

        `first` is how that is tried first, where it is not the usual way of the database.
        """
        begun = perf_counter()
        try:
            saved = self._decide_and_save(reference, prepare, first or self._usual)
        except ApflowError as refusal:
            tell_refused(reference, refusal, perf_counter() - begun)
            raise
        if saved.kind:
            done = Done(saved.reference, saved.workflow, saved.kind, saved.event, saved.version, perf_counter() - begun)
            tell(done)
        return saved

    def hand_over_within(
        self, connection: Connection, references: Iterable[str], command: HandOver, now: datetime
    ) -> Sequence[str]:
        """Hand cases over in a transaction of the caller's; the references of those that can name somebody so.

        Each is held from before it is looked at, so that nobody acts on it in between.
        """
        handed = []
        for reference in references:
            hold_case(connection, reference)
            case = load_case(connection, reference)
            definition = self.definition_of(connection, case) if case is not None else None
            if case is None or definition is None or contact_fields(definition, command.role) is None:
                continue
            unit = self.decided(connection, definition, case, command, max(now, case.changed_at or now))
            self._save(unit, connection)
            handed.append(reference)
        return handed

    @property
    def _usual(self) -> Attempt:
        return self._hold_and_write if self.store.is_sqlite else self._look_then_write

    def _decide_and_save(self, reference: str | None, prepare: Prepare, first: Attempt) -> Saved:
        for attempt in (first,) * 3 + (self._hold_and_write,) * 3:
            try:
                return attempt(reference, prepare)
            except (Conflict, Clash):
                continue
        raise TooBusy

    def _look_then_write(self, _reference: str | None, prepare: Prepare) -> Saved:
        """The usual way where many write at once: nobody waits while this decides and renders."""
        with self.store.looking() as connection:
            unit = prepare(connection)
            if isinstance(unit, Saved):
                return unit
            if is_one_statement(connection, unit):
                with doubts():
                    return self._save(unit, connection)
        return self.store.write(partial(self._save, unit))

    def _hold_and_write(self, reference: str | None, prepare: Prepare) -> Saved:
        """The way for whoever keeps losing, and where one writes at a time: nobody else changes the case meanwhile."""

        def work(connection: Connection) -> Saved:
            if reference is not None:
                hold_case(connection, reference)
            unit = prepare(connection)
            return unit if isinstance(unit, Saved) else self._save(unit, connection)

        return self.store.write(work)

    def _save(self, unit: Unit, connection: Connection) -> Saved:
        for born in (unit, unit.child):
            if born is not None and (born.snapshot.id is None or born.snapshot.digest != born.definition.digest):
                keep_text(connection, self.library.sources[born.definition.name], born.outcome.entry.at)
        if unit.again is not None and not supersede(connection, *unit.again, unit.outcome.entry.actor.name):
            raise Conflict
        if names_who_has_gone(connection, self.library, unit):
            raise Conflict  # Somebody else is written to there since this was decided.
        for one in (one for kept in (unit, *unit.told) for one in kept.redirected):
            redirect(connection, one.message, one.token, is_written=one.is_written)
        saved = save_outcome(connection, unit)
        if unit.outcome.keeps:
            keep_record(connection, self.library, unit)
        for kept in (unit, *unit.told):
            if kept.pauses is not None:
                keep_pause(connection, kept, is_paused=kept.pauses)
            if kept.parties:
                writing = Writing(self.letters, self.library.council, kept.outcome.entry.at)
                tell_new_contacts(connection, writing, kept)
        if unit.parties and left_behind(connection, self.library, unit):
            raise Conflict  # A case came in the same moment that names whoever was written to before.
        written = (one for one in (unit, unit.child, *unit.told) if one is not None)
        if any(passes_somebody_over(connection, one, self.definition_of) for one in written):
            raise Conflict  # Another case named them in the same moment.
        return saved
