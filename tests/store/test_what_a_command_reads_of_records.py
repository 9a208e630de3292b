"""A command reads of the records beside its case what its own event asks, and nothing that only others ask."""

from collections.abc import Set

import pytest
from sqlalchemy import event

from apflow.core.commands import ClaimTask, Command, Fire, PassTask, Ring, SetGuardAside
from apflow.core.decide import events_it_can_come_to
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.core.snapshot import World
from apflow.handler import Handler
from apflow.loader import Library
from apflow.provision.drawn import KEPT_PLACEMENTS, SOURCES
from apflow.records.of_cases.known import FACTS, asked_of_record
from apflow.records.of_cases.offered import with_records
from apflow.store.cases.loading import load_case
from apflow.testing import MAGDA, MONDAY, OLIVE, TODAY, a_world
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer

LEADS, START = "say_who_leads_at_school", "start_placement"


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")


def read_for(handler: Handler, school: Actor, reference: str, events: Set[str] | None) -> World:
    with handler.store.reading() as connection:
        snapshot = load_case(connection, reference)
        assert snapshot is not None
        definition = handler.definition_of(connection, snapshot)
        return with_records(connection, handler.library, definition, snapshot, school, a_world(), events=events)


def test_of_an_agreed_placement_only_what_the_event_asks_is_read(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, reference, hill)

    nothing, start, anything = (read_for(handler, hill, reference, one) for one in (frozenset({LEADS}), {START}, None))

    assert (nothing.record, nothing.chosen) == ({}, {})
    assert start.record["provider_is_approved"] is True
    assert "nobody_came" not in start.record
    assert anything.record.keys() > start.record.keys()
    assert "sites_beside" in anything.chosen
    assert "sites_beside" not in start.chosen


def test_a_command_reads_no_record_that_only_other_events_ask_about(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, reference, hill)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(handler.store.engine, "before_cursor_execute", note)
    handler.fire(reference, LEADS, {"leads_at_school": "Ann Other"}, actor=hill, now=MONDAY)
    without, asked = asked, []
    handler.fire(reference, START, {}, actor=hill, now=MONDAY)

    assert not [one for one in without if "establishments" in one]
    assert [one for one in asked if "establishments" in one]


def test_what_an_event_asks_of_the_record_is_what_its_guards_read(library: Library) -> None:
    definition = library.current("placement")

    assert asked_of_record(definition, "agreed", {LEADS}) == frozenset()
    assert "provider_is_approved" in asked_of_record(definition, "agreed", {START})
    assert asked_of_record(definition, "agreed", None) > asked_of_record(definition, "agreed", {START})
    assert asked_of_record(library.current("concern"), "reported", None) == frozenset()


def test_every_fact_that_a_guard_may_ask_of_a_placement_can_be_read() -> None:
    assert FACTS.keys() == SOURCES[KEPT_PLACEMENTS].facts.keys()


@pytest.mark.parametrize(
    ("command", "comes_to"),
    [
        (Fire(LEADS, OLIVE, {}), {LEADS}),
        (Ring("look_again", THE_CLOCK), set()),
        (Ring("not_there", THE_CLOCK), set()),
        (ClaimTask(1, OLIVE), set()),
        (PassTask(1, OLIVE, MAGDA, None), set()),
        (SetGuardAside("barred_are_named", TODAY, "A reason", MAGDA), None),
    ],
)
def test_which_events_a_command_can_come_to(library: Library, command: Command, comes_to: Set[str] | None) -> None:
    assert events_it_can_come_to(library.current("placement"), "active", command) == comes_to


def test_a_deadline_that_fires_an_event_comes_to_it(library: Library) -> None:
    definition = library.current("placement")
    fires = {
        (state, name): spec.then.event
        for state, deadlines in definition.deadlines.items()
        for name, spec in deadlines.items()
        if spec.then.event
    }

    assert fires
    for (state, name), fired in fires.items():
        assert events_it_can_come_to(definition, state, Ring(name, THE_CLOCK)) == {fired}
