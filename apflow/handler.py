"""The one door: every change to a case comes through here, whoever asks for it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from msgspec import Struct, structs
from sqlalchemy import Connection

from apflow.beyond.asked_about import hidden_as_well
from apflow.beyond.keys import Key, receipt_of
from apflow.beyond.reaching import wide_events
from apflow.beyond.units import unborn
from apflow.committing import Committing
from apflow.core.commands import (
    Alert,
    BringBackTask,
    ClaimTask,
    Command,
    CompleteTask,
    Drawn,
    Fire,
    MoveBack,
    MoveVersion,
    Open,
    PassTask,
    PutOffTask,
    Recount,
    ReleaseTask,
    Ring,
    SendAgain,
    SetGuardAside,
    TakeGuardBack,
    WithAnswers,
)
from apflow.core.days.duration import OF_SCHOOLS, Units
from apflow.core.definition.compiled import Definition
from apflow.core.errors import NotFound, Stale, UnknownEvent
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.core.people.permission import may_see
from apflow.core.snapshot import Snapshot
from apflow.letters.messages import Letters
from apflow.loader import Library
from apflow.store.cases.loading import hold_case, load_case
from apflow.store.cases.receipts import done_before
from apflow.store.cases.unit import Receipt, Saved, Unit
from apflow.store.driver.engine import Store


class _Request(Struct, frozen=True):
    """One command with what it takes to try it; no `reference` when it begins one, no `versions` when any will do."""

    command: Command
    reference: str | None
    load: Callable[[Connection], tuple[Definition, Snapshot]]
    now: datetime
    receipt: Receipt | None
    versions: frozenset[int] | None = None


class Handler(Committing):
    """Takes commands to `decide` and commits what it answers."""

    def __init__(self, store: Store, library: Library, letters: Letters) -> None:
        super().__init__(store, library, letters)
        self._wide_events = wide_events(library)
        self._holding_events = self._keeping_events | self._hiding_events

    def open_case(
        self,
        workflow: str,
        event: str,
        answers: Mapping[str, Any],
        *,
        actor: Actor,
        now: datetime,
        key: Key | None = None,
    ) -> Saved:
        """Begin a case by a start event; its reference and first version, or a Refusal."""
        if workflow not in self.library.sources:
            raise NotFound(f'There is no workflow called "{workflow}".')
        definition = self.library.current(workflow)
        command = Open(event, actor, answers)
        if event not in definition.workflow.start:
            raise UnknownEvent(f'A case does not begin with "{event}".')

        receipt = receipt_of(actor, key, "open", workflow, event, answers)
        return self._commit(_Request(command, None, lambda _: (definition, unborn(definition, now)), now, receipt))

    def open_within(self, connection: Connection, workflow: str, command: Open, now: datetime) -> Saved:
        """Begin a case in a transaction of the caller's, which commits it with others or not at all."""
        definition = self.library.current(workflow)
        return self._save(self.decided(connection, definition, unborn(definition, now), command, now), connection)

    def fire_within(self, connection: Connection, reference: str, command: Fire, now: datetime) -> Saved:
        """Fire an event on a case that is held till the end of the caller's transaction; NotFound without one."""
        hold_case(connection, reference)
        snapshot = load_case(connection, reference, seen=command.seen)
        if snapshot is None:
            raise NotFound
        definition = self.definition_of(connection, snapshot)
        return self._save(self.decided(connection, definition, snapshot, command, now), connection)

    def hide_within(self, connection: Connection, reference: str, people: frozenset[int], now: datetime) -> int:
        """Hide what asks somebody to see to a case from whomever that is hidden from; how many such cases those are.

        The case is held meanwhile, so that nobody hides it from others, or asks for it, in between.
        """
        units = hidden_as_well(
            connection, reference, people, now, definition_of=self.definition_of, decided=self.decided
        )
        for unit in units:
            self._save(unit, connection)
        return len(units)

    def fire(
        self,
        reference: str,
        event: str,
        answers: Mapping[str, Any],
        *,
        actor: Actor,
        now: datetime,
        item: str | None = None,
        seen: int | None = None,
        versions: frozenset[int] | None = None,
        key: Key | None = None,
    ) -> Saved:
        """Fire an event on a case; a Refusal says why not.

        `seen` is the version the actor was looking at: what changed since must not matter to them. `versions` is
        stricter: the case must be at one of them still.
        """
        command = Fire(event, actor, answers, item, seen)
        receipt = receipt_of(actor, key, "fire", reference, event, item, answers)
        return self._command(reference, command, now, receipt, versions)

    def claim(self, reference: str, task: int, *, actor: Actor, now: datetime, key: Key | None = None) -> Saved:
        """Take a task on."""
        receipt = receipt_of(actor, key, "claim", reference, task)
        return self._command(reference, ClaimTask(task, actor), now, receipt)

    def release(
        self,
        reference: str,
        task: int,
        *,
        actor: Actor,
        now: datetime,
        held_by: int | None = None,
        key: Key | None = None,
    ) -> Saved:
        """Put a task back; one that somebody else has with `held_by`."""
        receipt = receipt_of(actor, key, "release", reference, task, *([held_by] if held_by else ()))
        return self._command(reference, ReleaseTask(task, actor, held_by), now, receipt)

    def pass_on(
        self,
        reference: str,
        task: int,
        to: Actor,
        *,
        held_by: int | None,
        actor: Actor,
        now: datetime,
        key: Key | None = None,
    ) -> Saved:
        """Give a task that is with `held_by`, or with nobody, to somebody else of its role; or take it over."""
        receipt = receipt_of(actor, key, "pass", reference, task, to.id, held_by)
        return self._command(reference, PassTask(task, actor, to, held_by), now, receipt)

    def put_off(
        self, reference: str, task: int, until: date, *, actor: Actor, now: datetime, key: Key | None = None
    ) -> Saved:
        """Put a task off to the beginning of a day, taking it on if nobody has it."""
        receipt = receipt_of(actor, key, "put off", reference, task, until)
        return self._command(reference, PutOffTask(task, actor, until), now, receipt)

    def bring_back(self, reference: str, task: int, *, actor: Actor, now: datetime, key: Key | None = None) -> Saved:
        """Let a task that was put off be work of the day again."""
        receipt = receipt_of(actor, key, "bring back", reference, task)
        return self._command(reference, BringBackTask(task, actor), now, receipt)

    def complete(
        self, reference: str, task: int, note: str, *, actor: Actor, now: datetime, key: Key | None = None
    ) -> Saved:
        """Finish an alert, saying what was done about it."""
        receipt = receipt_of(actor, key, "complete", reference, task, note)
        return self._command(reference, CompleteTask(task, actor, note), now, receipt)

    def set_aside(
        self,
        reference: str,
        guard: str,
        until: date,
        reason: str,
        *,
        actor: Actor,
        now: datetime,
        versions: frozenset[int] | None = None,
        key: Key | None = None,
    ) -> Saved:
        """Let the case pass a guard to the end of the day `until`; in place of any earlier time."""
        receipt = receipt_of(actor, key, "set aside", reference, guard, until, reason)
        return self._command(reference, SetGuardAside(guard, until, reason, actor), now, receipt, versions)

    def take_back(
        self,
        reference: str,
        guard: str,
        *,
        actor: Actor,
        now: datetime,
        versions: frozenset[int] | None = None,
        key: Key | None = None,
    ) -> Saved:
        """Let a guard that was set aside count again."""
        receipt = receipt_of(actor, key, "take back", reference, guard)
        return self._command(reference, TakeGuardBack(guard, actor), now, receipt, versions)

    def ring(self, reference: str, deadline: str, *, token: int, now: datetime) -> Saved:
        """Let a due deadline act; `token` is the claim under which the caller holds it."""
        return self._command(reference, Ring(deadline, THE_CLOCK, token), now)

    def alert(
        self,
        reference: str,
        alert: str,
        note: str,
        *,
        now: datetime,
        drawn: Drawn | None = None,
        key: Key | None = None,
        by: Actor = THE_CLOCK,
    ) -> Saved:
        """Open a task as something outside the case went wrong, or somebody made it; with a key once, whoever does."""
        receipt = receipt_of(THE_CLOCK, key, "alert", reference, alert)
        return self._command(reference, Alert(alert, by, note, drawn), now, receipt)

    def send_again(self, reference: str, message: int, *, actor: Actor, now: datetime) -> Saved:
        """Have an e-mail of the case written again that did not go; once, however many ask for it."""
        return self._command(reference, SendAgain(message, actor), now)

    def recount(
        self,
        reference: str,
        note: str,
        *,
        actor: Actor,
        now: datetime,
        taken: Mapping[str, Any] | None = None,
        spans: Units = OF_SCHOOLS,
        deadlines: frozenset[str] = frozenset(),
    ) -> Saved:
        """Count anew what is counted in these spans; NotOpen where nothing would be due on another day.

        `taken` is what a record says now in fields that were taken from it, where it has been put right. `deadlines`
        are some that may be counted from another day than the case says.
        """
        return self._command(reference, Recount(actor, note, taken or {}, spans, deadlines), now)

    def move_version(self, reference: str, command: MoveVersion, *, now: datetime) -> Saved:
        """Let a case go on under another text of its workflow; a Refusal says why it cannot."""
        return self._command(reference, command, now)

    def move_back(self, reference: str, *, actor: Actor, now: datetime) -> Saved:
        """Let a case stand as before it was moved to another text; refused once anything has happened to it since."""
        return self._command(reference, MoveBack(actor), now)

    def _command(
        self,
        reference: str,
        command: Command,
        now: datetime,
        receipt: Receipt | None = None,
        versions: frozenset[int] | None = None,
    ) -> Saved:
        seen = command.seen if isinstance(command, Fire) else None

        def load(connection: Connection) -> tuple[Definition, Snapshot]:
            snapshot = load_case(connection, reference, seen=seen)
            if snapshot is None:
                raise NotFound
            return self.definition_of(connection, snapshot), snapshot

        return self._commit(_Request(command, reference, load, now, receipt, versions))

    def _commit(self, request: _Request) -> Saved:
        prepare = partial(self._prepare, request)
        if isinstance(request.command, Fire) and request.command.event in self._wide_events:
            return self.commit(request.reference, prepare, self._look_then_write)
        if isinstance(request.command, WithAnswers) and request.command.event in self._holding_events:
            return self.commit(request.reference, prepare, self._hold_and_write)
        return self.commit(request.reference, prepare)

    def _prepare(self, request: _Request, connection: Connection) -> Unit | Saved:
        definition, snapshot = request.load(connection)
        command, now, receipt = request.command, request.now, request.receipt
        if done := done_before(connection, receipt):
            if snapshot.id is not None and not may_see(definition, snapshot, command.actor):
                raise NotFound
            return Saved(done.reference, done.version)
        if request.versions is not None and snapshot.version not in request.versions:
            raise Stale if may_see(definition, snapshot, command.actor) else NotFound
        unit = self.decided(connection, definition, snapshot, command, now)
        return structs.replace(unit, receipt=receipt) if receipt else unit
