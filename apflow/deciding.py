"""What a command comes to: everything that it changes on a case, its messages rendered, and nothing written yet."""

from datetime import datetime

from msgspec import structs
from sqlalchemy import Connection

from apflow.beyond.asked_about import hiding_events, hiding_units
from apflow.beyond.cases import told_units, with_all_it_reads, with_linked, with_what_was
from apflow.beyond.elsewhere import elsewhere_for
from apflow.beyond.erased import refuse_if_erased
from apflow.beyond.handed_over import handed_units
from apflow.beyond.looked_at_first import looked_at_first, named_elsewhere
from apflow.beyond.reaching import further_up, keeping_events, records_for
from apflow.beyond.renamed import renamed_units
from apflow.beyond.signing import with_signature
from apflow.beyond.units import draft_of, parties_of, possible_ids
from apflow.clock import machine_now
from apflow.core.commands import Command, CompleteTask, MoveBack, MoveVersion, Moving, SendAgain, WithAnswers
from apflow.core.days.calendar import LONDON, local_date
from apflow.core.decide import decide, events_it_can_come_to
from apflow.core.definition.compiled import Definition
from apflow.core.outcome import Outcome
from apflow.core.snapshot import Snapshot, World
from apflow.letters.again import asked_because_of, undelivered, written_again
from apflow.letters.messages import Batch, Letters
from apflow.letters.redirected import redirected
from apflow.loader import Library
from apflow.records.attendance.whose_days import in_days_of_chosen, in_school_days
from apflow.records.of_cases.kept import hold_for_record
from apflow.records.of_cases.offered import with_records
from apflow.store.cases.loading import load_uploads
from apflow.store.cases.texts import pinned_text
from apflow.store.cases.unit import PartyDetails, Unit
from apflow.store.people.away import away_on
from apflow.store.records.commissioned import Commissioned


class Deciding:
    """One policy and its letters, as commands are decided by them."""

    def __init__(self, library: Library, letters: Letters) -> None:
        self.library = library
        self.letters = letters
        self._keeping_events = keeping_events(library)
        self._hiding_events = hiding_events(library)

    def definition_of(self, connection: Connection, snapshot: Snapshot) -> Definition:
        """The definition a case pins, counting by its own school's days; read when this process has not met it."""
        return self.in_its_days(connection, self.definition(connection, snapshot.digest), snapshot)

    def in_its_days(self, connection: Connection, definition: Definition, snapshot: Snapshot) -> Definition:
        """Some definition of the case's workflow, counting by the days of the case's own school."""
        return in_school_days(connection, self.library, definition, snapshot.fields)

    def definition(self, connection: Connection, digest: str) -> Definition:
        text = "" if self.library.knows(digest) else pinned_text(connection, digest)
        return self.library.pinned(digest, text)

    def world(self, now: datetime) -> World:
        """What decisions read beside any case, at `now`."""
        today = local_date(now)
        closed = self.library.council.applications.closed_because(today)
        reviewed = self.library.council.review_of_decisions is not None
        facts = {"applications_open": closed is None, "reviews_decisions": reviewed}
        return World(today, facts, time=f"{now.astimezone(LONDON):%H:%M}")

    def decided(
        self, connection: Connection, definition: Definition, snapshot: Snapshot, command: Command, now: datetime
    ) -> Unit:
        """Everything the command changes on the case, its messages rendered; nothing is written yet."""
        refuse_if_erased(connection, definition, snapshot, command.actor)
        command = self._in_full(connection, snapshot, command, now)
        asked = command.answers if isinstance(command, WithAnswers) else {}
        if uploads := load_uploads(connection, possible_ids(definition, snapshot, command), command.actor.id):
            snapshot = structs.replace(snapshot, uploads=uploads)
        snapshot = with_linked(connection, definition, snapshot, command)
        if isinstance(command, WithAnswers) and command.event in self._keeping_events:
            hold_for_record(connection, definition, snapshot, command.answers)
        world = with_all_it_reads(connection, definition, snapshot, command, self.world(now))
        events = events_it_can_come_to(definition, snapshot.state, command)
        world = with_records(connection, self.library, definition, snapshot, command.actor, world, asked, events)
        read = records_for(connection, self.library, definition, snapshot, command, world)
        elsewhere = elsewhere_for(connection, definition, snapshot, command, world.today)
        if drawn := {**(read.drawn() if read else {}), **elsewhere}:
            world = structs.replace(world, drawn=drawn)
        definition = in_days_of_chosen(connection, self.library, definition, command, world)
        outcome = decide(definition, snapshot, command, world, now)
        outcome = further_up(connection, snapshot, outcome, self.definition)
        outcome = looked_at_first(connection, definition, snapshot, command, outcome, now)
        outcome, signed = with_signature(self.library, definition, snapshot, outcome)
        parties = parties_of(definition, snapshot, outcome.fields)
        batch, again = self._written(connection, definition, snapshot, command, outcome, read, now)
        instead, waited = redirected(self.letters, connection, definition, snapshot, outcome, parties, now)
        return Unit(
            definition=(command.to or definition) if isinstance(command, Moving) else definition,
            snapshot=snapshot,
            outcome=outcome,
            recorded_at=machine_now(),
            letters=[*batch.messages, *instead.messages],
            links=[*batch.links, *instead.links],
            readers=batch.readers,
            signed=signed,
            parties=parties,
            draft_of=draft_of(command),
            edition=self.library.edition,
            read=read,
            told=self._told(connection, definition, snapshot, outcome, parties, now),
            again=again,
            redirected=waited,
        )

    def _written(
        self,
        connection: Connection,
        definition: Definition,
        snapshot: Snapshot,
        command: Command,
        outcome: Outcome,
        read: Commissioned | None,
        now: datetime,
    ) -> tuple[Batch, tuple[int, int] | None]:
        """The messages that go with it; of one that is written again also which that was, and its claim."""
        if not isinstance(command, SendAgain):
            return self.letters.write(connection, definition, snapshot, outcome, now, read=read), None
        failed = undelivered(connection, snapshot, command.message)
        batch = written_again(self.letters, connection, definition, snapshot, failed, command.actor, now)
        return batch, (failed.id, failed.token)

    def _in_full(self, connection: Connection, snapshot: Snapshot, command: Command, now: datetime) -> Command:
        """The command with what it leaves to be read: what was, for whom one covers, and what one does by it."""
        match command:
            case MoveVersion():
                return structs.replace(command, to=self.in_its_days(connection, command.to, snapshot))
            case MoveBack():
                return with_what_was(connection, snapshot, command, self.definition)
            case CompleteTask():
                covers = away_on(connection, local_date(now)).covered_by(command.actor.id)
                return structs.replace(command, covers=covers)
            case SendAgain():
                row = undelivered(connection, snapshot, command.message)
                return structs.replace(command, tasks=asked_because_of(snapshot, row))
        return command

    def _told(
        self,
        connection: Connection,
        definition: Definition,
        snapshot: Snapshot,
        outcome: Outcome,
        parties: tuple[PartyDetails, ...],
        now: datetime,
    ) -> tuple[Unit, ...]:
        """What is done on other cases in the same commit."""
        told = told_units(connection, snapshot, outcome, now, definition_of=self.definition_of, decided=self.decided)
        hidden = hiding_units(
            connection, definition, snapshot, outcome, now, definition_of=self.definition_of, decided=self.decided
        )
        barred = named_elsewhere(
            connection, definition, snapshot, outcome, now, definition_of=self.definition_of, decided=self.decided
        )
        named = self._named_anew(connection, definition, snapshot, outcome, parties, now)
        return (*told, *hidden, *barred, *named)

    def _named_anew(
        self,
        connection: Connection,
        definition: Definition,
        snapshot: Snapshot,
        outcome: Outcome,
        parties: tuple[PartyDetails, ...],
        now: datetime,
    ) -> tuple[Unit, ...]:
        """What names a provider, or whom we write to there, as it is from now on."""
        renamed = renamed_units(
            connection,
            self.library,
            definition,
            snapshot,
            outcome,
            now,
            definition_of=self.definition_of,
            decided=self.decided,
        )
        if not parties:
            return renamed
        handed = handed_units(
            connection,
            self.library,
            definition,
            snapshot,
            parties,
            now,
            definition_of=self.definition_of,
            decided=self.decided,
        )
        return (*renamed, *handed)
