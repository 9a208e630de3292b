"""What a decision reads and does beyond its own case: the people to choose from, and the cases that are items of it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import structs
from sqlalchemy import Connection

from apflow.beyond.units import is_screened
from apflow.core.commands import Command, Fire, MoveBack, WithAnswers
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked, NotFound, NotOpen, Refusal
from apflow.core.outcome import Outcome, Tell
from apflow.core.people.actor import Actor
from apflow.core.people.permission import reads_pupils
from apflow.core.screening.screening import words_in
from apflow.core.snapshot import Snapshot, World
from apflow.store.cases.loading import load_case
from apflow.store.cases.unit import Unit
from apflow.store.people.people import agencies_of, holding
from apflow.store.reading.history import newest_of
from apflow.store.reading.linked import linked_cases
from apflow.store.records.pupils import named_in_words

DefinitionOf = Callable[[Connection, Snapshot], Definition]
Decided = Callable[[Connection, Definition, Snapshot, Command, datetime], Unit]


def with_people(connection: Connection, definition: Definition, world: World) -> World:
    """The world with those whom forms offer to choose from, and those who each do a part of some work."""
    if not definition.chosen_roles:
        return world
    people = holding(connection, definition.chosen_roles)
    agencies = agencies_of(connection, people) if definition.asks_for_people else {}
    return structs.replace(world, people=people, agencies=agencies)


def with_all_it_reads(
    connection: Connection, definition: Definition, snapshot: Snapshot, command: Command, world: World
) -> World:
    """The world with whom the command may choose from, and whose names no answer to it may have in it."""
    beside = with_people(connection, definition, world)
    if not isinstance(command, WithAnswers) or not is_screened(definition, snapshot, command):
        return beside
    return with_pupils_to_screen(connection, definition, snapshot, command.actor, command.answers, beside)


def with_pupils_to_screen(
    connection: Connection,
    definition: Definition,
    snapshot: Snapshot,
    actor: Actor,
    answers: Mapping[str, Any],
    world: World,
) -> World:
    """The world with those of whose names one begins with a word of these answers, so that it may be in them."""
    everybody = reads_pupils(definition.council, actor)
    kept = definition.workflow.keeps
    about = snapshot.fields.get(kept.as_.get("pupil", "")) if kept else None
    words = frozenset(word for answer in answers.values() if isinstance(answer, str) for word in words_in(answer))
    named = named_in_words(connection, snapshot.id, words, everybody=everybody, about=about)
    return structs.replace(world, pupils=named)


def with_linked(
    connection: Connection, definition: Definition, snapshot: Snapshot, command: Command | None = None
) -> Snapshot:
    """The case with those that are items of it, and with the one that the command would add."""
    if not definition.of_cases:
        return snapshot
    references = {key for collection in definition.of_cases for key in snapshot.items.get(collection, {})}
    if isinstance(command, Fire) and command.item is not None:
        references.add(command.item)
    return structs.replace(snapshot, linked=linked_cases(connection, sorted(references)))


def with_what_was(
    connection: Connection, snapshot: Snapshot, command: MoveBack, definition: Callable[[Connection, str], Definition]
) -> MoveBack:
    """The command with how the case stood before it was moved; NotOpen where that was not the last thing to happen."""
    (last,) = newest_of(connection, snapshot.reference, limit=1)
    before = last.payload.get("before") if last.kind == "version" else None
    if not before:
        raise NotOpen("A case goes back only until something else happens to it.")
    return structs.replace(command, to=definition(connection, before["digest"]), before=before)


def told_units(
    connection: Connection,
    snapshot: Snapshot,
    outcome: Outcome,
    now: datetime,
    *,
    definition_of: DefinitionOf,
    decided: Decided,
) -> tuple[Unit, ...]:
    """What each case that is told makes of it; Blocked, in that case's own words, when one of them refuses."""

    def told(tell: Tell) -> Unit:
        case = load_case(connection, tell.reference)
        if case is None or case.workflow != tell.workflow:
            raise NotFound(f'There is no item called "{tell.reference}".')
        definition = definition_of(connection, case)
        command = Fire(tell.event, outcome.entry.actor, tell.answers, told_by=snapshot.reference)
        try:
            return decided(connection, definition, case, command, max(now, case.changed_at or now))
        except Refusal as refusal:
            raise Blocked([f"{definition.title_of(case.fields)}: {refusal.message}"]) from refusal

    return tuple(told(tell) for tell in outcome.tells)
