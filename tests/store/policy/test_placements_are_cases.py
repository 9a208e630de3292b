"""A placement is a case from its referral on, and keeps its dated record in the same commits."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from apflow.core.errors import Blocked, Invalid, NotAllowed, NotFound
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.door import change
from apflow.records.placements.places import PLACEMENT, answers_of_placement
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.records.attendance import Attending, placed
from apflow.store.records.commissioned import commissioned
from apflow.store.records.placements import placement, placements_of, running_on
from apflow.store.records.provided import ran_between
from apflow.store.tables.messages import messages
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT, TODAY, a_handler
from tests.placing import (
    ANOTHER_PROGRAMME,
    a_listed_site,
    a_pupil_of,
    a_school_with_an_account,
    changed,
    prepare,
    refer,
)
from tests.records.attendance import mark, said
from tests.records.council import by
from tests.removal import SUSPENDED
from tests.saying import said_in
from tests.store.witness import SECONDS, at_once

NEVER = {"never_began": True, "standing_because": "Another way was found.", "meanwhile": "The school"}


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")


def started(handler: Handler, school: Actor, **planned: Any) -> tuple[str, str]:
    """The reference of a placement that both sides have signed and the school has started, and of its provider."""
    provider, site = a_listed_site(handler)
    reference = refer(handler, school, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, reference, school, **planned)
    handler.fire(reference, "start_placement", {}, actor=school, now=MONDAY)
    return reference, provider


def records(store: Store, pupil: int) -> list[Any]:
    with store.reading() as connection:
        return list(placements_of(connection, pupil))


def test_the_case_knows_its_pupil_and_provider_from_their_records(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    reference = refer(handler, hill, pupil, site)

    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    assert case.fields["commissioner"] == "Hill School"
    assert case.fields["organisation"] == "Made Up Farm"
    assert case.party_roles == {"commissioner": hill.id, "provider": PAT.id}


def test_a_school_refers_only_pupils_of_its_own(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    a_school_with_an_account(handler, "Vale Academy", "999902", "val@vale.example")
    other = a_pupil_of(handler, "Vale Academy", "Wren")

    with pytest.raises(Invalid) as refusal:
        refer(handler, hill, other, site)
    assert refusal.value.errors == {"pupil": "Which pupil is it?: choose one of those offered"}


def test_each_side_does_its_own_part_and_nobody_else_any(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    vale = a_school_with_an_account(handler, "Vale Academy", "999902", "val@vale.example")
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)

    with pytest.raises(NotFound):
        handler.fire(reference, "withdraw", {"standing_because": "No."}, actor=vale, now=MONDAY)
    with pytest.raises(NotAllowed):
        handler.fire(reference, "offer", {}, actor=hill, now=MONDAY)
    both = Actor(hill.id, hill.name, frozenset({"commissioner", "provider"}))
    with pytest.raises(NotAllowed):
        handler.fire(reference, "offer", {}, actor=both, now=MONDAY)


def test_starting_it_writes_the_record_and_ending_it_ends_the_record(
    store: Store, handler: Handler, hill: Actor
) -> None:
    _, site = a_listed_site(handler)
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    reference = refer(handler, hill, pupil, site)
    prepare(handler, reference, hill, cost="160.50")
    assert records(store, pupil) == []

    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    (row,) = records(store, pupil)
    assert (row.commissioner, row.provider, row.minutes, row.ends_on) == ("Hill School", "Made Up Farm", 900, None)
    assert row.cost == "160.50"

    last = MONDAY.date() + timedelta(days=30)
    said = {
        "ends_on": last.isoformat(),
        "standing_because": "It did not suit.",
        "reflections": "I liked the goats.",
        "kept_for": "six_years",
        "meanwhile": "The school.",
    }
    with pytest.raises(Invalid) as refused:
        handler.fire(reference, "break_off", said, actor=hill, now=MONDAY)
    assert list(refused.value.errors) == ["ends_on"], "until then it goes on, and a removal must still reach it"
    handler.fire(reference, "break_off", said, actor=hill, now=MONDAY + timedelta(days=30))
    assert [row.ends_on for row in records(store, pupil)] == [last]


def test_the_record_of_a_case_is_not_changed_by_hand(store: Store, handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    reference = refer(handler, hill, pupil, site)
    prepare(handler, reference, hill)
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    with store.reading() as connection:
        row = placement(connection, records(store, pupil)[0].id)
    assert row is not None

    with pytest.raises(Invalid, match="A case keeps this placement"):
        change(store, PLACEMENT, row.id, row.version, {**answers_of_placement(row), "hours": "30"}, by(handler))


def test_nobody_starts_at_a_provider_that_was_suspended_meanwhile(store: Store, handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    reference = refer(handler, hill, pupil, site)
    prepare(handler, reference, hill)
    handler.fire(provider, "suspend", SUSPENDED, actor=MAGDA, now=MONDAY)

    with pytest.raises(Blocked, match="The provider does not take placements today"):
        handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    assert records(store, pupil) == []


def test_nobody_may_set_the_registration_threshold_aside(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip", true_of=["ehcp"]), site)
    prepare(handler, reference, hill, hours=19)

    with pytest.raises(Blocked, match="would have to be registered as a school"):
        handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    with pytest.raises(NotAllowed):
        handler.set_aside(reference, "need_not_register", MONDAY.date(), "We must.", actor=hill, now=MONDAY)


def test_more_hours_do_not_cross_the_threshold_either(store: Store, handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    pupil = a_pupil_of(handler, "Hill School", "Pip", true_of=["looked_after"])
    reference = refer(handler, hill, pupil, site)
    prepare(handler, reference, hill)
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    inducted = {"inducted_on": "2026-11-02", "given_by": "Pat", "health_and_safety": True, "who_to_tell": True}
    handler.fire(reference, "record_induction", inducted, actor=PAT, now=MONDAY)

    with pytest.raises(Blocked, match="would have to be registered"):
        handler.fire(reference, "change_hours", changed(hours=20), actor=hill, now=MONDAY)
    handler.fire(reference, "change_hours", changed(hours=18), actor=hill, now=MONDAY)
    assert [row.minutes for row in records(store, pupil)] == [18 * 60]


def test_two_schools_that_start_at_the_same_moment_do_not_cross_the_threshold_together(
    store: Store, handler: Handler, hill: Actor
) -> None:
    _, site = a_listed_site(handler)
    vale = a_school_with_an_account(handler, "Vale Academy", "999902", "val@vale.example")
    schools = [hill, vale, hill, hill, vale]
    names = {hill: "Hill School", vale: "Vale Academy"}
    references = []
    for number, school in enumerate(schools):
        pupil = a_pupil_of(handler, names[school], f"Pip{number}", surname=f"Sparrow{number}")
        reference = refer(handler, school, pupil, site)
        prepare(handler, reference, school, hours=20)
        references.append((reference, school))
    for reference, school in references[2:]:
        handler.fire(reference, "start_placement", {}, actor=school, now=MONDAY)

    results = at_once(
        *(
            lambda one=one, school=school: handler.fire(one, "start_placement", {}, actor=school, now=MONDAY)
            for one, school in references[:2]
        ),
    )
    assert sorted(type(result).__name__ for result in results) == ["Blocked", "Saved"]


@pytest.mark.postgres
def test_the_second_of_two_schools_waits_for_the_first_and_then_sees_what_it_did(on_postgresql: Store) -> None:
    handler = a_handler(on_postgresql)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    _, site = a_listed_site(handler)
    started = []
    for number in range(5):
        pupil = a_pupil_of(handler, "Hill School", f"Pip{number}", surname=f"Sparrow{number}")
        started.append(refer(handler, hill, pupil, site))
        prepare(handler, started[-1], hill, hours=20)
    for reference in started[:3]:
        handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)

    with pytest.raises(Blocked, match="would have to be registered"):
        start_both(handler, hill, started[3], started[4], held="FROM proprietors")


@pytest.mark.postgres
def test_a_pupil_is_not_planned_at_two_providers_for_one_session_by_two_who_start_at_once(on_postgresql: Store) -> None:
    handler = a_handler(on_postgresql)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    pupil, (_, farm) = a_pupil_of(handler, "Hill School", "Pip"), a_listed_site(handler)
    _, barn = a_listed_site(handler, organisation="Made Up Barn", proprietor="Made Up Barn Ltd")
    prepared = []
    for site in (farm, barn):
        prepared.append(refer(handler, hill, pupil, site))
        prepare(handler, prepared[-1], hill, hours=6)

    with pytest.raises(Blocked, match="Another placement has Monday morning for this pupil already"):
        start_both(handler, hill, *prepared, held="FROM pupils")


def start_both(handler: Handler, school: Actor, one: str, other: str, *, held: str) -> None:
    """Start two placements, the second once the first is decided; it waits for the row that the first holds."""
    has_read, waits, first = threading.Event(), threading.Event(), threading.get_ident()

    def second_asks(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if held in statement and "FOR" in statement.split() and threading.get_ident() != first:
            waits.set()

    def first_commits(_connection: Any) -> None:
        if threading.get_ident() == first:
            has_read.set()
            assert waits.wait(SECONDS), f"the second never asked to hold what is {held}"

    event.listen(handler.store.engine, "before_cursor_execute", second_asks)
    event.listen(handler.store.engine, "commit", first_commits)

    def second() -> Any:
        has_read.wait(SECONDS)
        return handler.fire(other, "start_placement", {}, actor=school, now=MONDAY)

    with ThreadPoolExecutor(1) as thread:
        later = thread.submit(second)
        handler.fire(one, "start_placement", {}, actor=school, now=MONDAY)
        later.result(SECONDS)


def test_parents_have_two_school_days_of_notice_of_a_direction(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site, kind="directed")
    prepare(handler, reference, hill, starts_on=(MONDAY.date() + timedelta(days=2)).isoformat())

    with pytest.raises(Blocked, match="Record first when the parents got the written notice"):
        handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    notice = {"notice_on": "2026-11-02", "says_where": True, "says_why": True, "says_when": True}
    later = MONDAY + timedelta(hours=1)
    handler.fire(reference, "give_notice", notice, actor=hill, now=later)
    handler.fire(reference, "start_placement", {}, actor=hill, now=later)


def test_a_school_may_start_while_it_is_being_signed_and_the_council_is_told(
    store: Store, handler: Handler, hill: Actor
) -> None:
    _, site = a_listed_site(handler)
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    reference = refer(handler, hill, pupil, site)
    prepare(handler, reference, hill)
    handler.fire(reference, "set_programme", ANOTHER_PROGRAMME, actor=PAT, now=MONDAY)
    with pytest.raises(Blocked, match="not signed by both sides"):
        handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)

    until = MONDAY.date() + timedelta(days=7)
    handler.set_aside(reference, "agreement_is_signed", until, "The head signs on Friday.", actor=hill, now=MONDAY)
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)

    assert len(records(store, pupil)) == 1
    with store.reading() as connection:
        sent = connection.execute(select(messages.c.notice, messages.c.to_email)).all()
    assert ("placement/guard_set_aside", "EOTAS@bathnes.gov.uk") in [tuple(one) for one in sent]


def test_no_email_says_anything_of_the_pupil(store: Store, handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, reference, hill, plan="Sparrow, Pip reads; born 4 May 2012.")
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    matter = {"in_short": "Pip was hurt", "matter": "Pip Sparrow was hurt."}
    handler.fire(reference, "safeguarding_matter", matter, actor=PAT, now=MONDAY)

    with store.reading() as connection:
        sent = connection.execute(select(messages).where(messages.c.notice.like("placement/%"))).all()
    assert len(sent) > 8
    for one in sent:
        for word in ("Pip", "Sparrow", "2012", "hurt"):
            assert word not in said_in(one.subject, one.text, one.html), one.notice


def test_an_officer_changes_who_acts_for_the_commissioner(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    said = {"your_name": "Simon School", "your_email": "simon@hill-school.example"}
    handler.fire(reference, "commissioner_changes", said, actor=OLIVE, now=MONDAY)

    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    assert case.party_roles["commissioner"] != hill.id
    assert case.party_roles["provider"] == PAT.id


def test_one_that_never_began_is_kept_and_counts_on_no_day(handler: Handler, hill: Actor) -> None:
    reference, site = started(handler, hill)
    (kept,) = records(handler.store, 1)

    handler.fire(reference, "call_off", NEVER, actor=hill, now=MONDAY)

    with handler.store.reading() as connection:
        row = placement(connection, kept.id)
        assert row is not None
        assert (row.never_began, row.starts_on, row.ends_on) == (True, kept.starts_on, kept.starts_on)
        first, last = kept.starts_on - timedelta(days=30), kept.starts_on + timedelta(days=30)
        assert ran_between(connection, first, last) == []
        assert running_on(connection, kept.starts_on) == []
        assert placed(connection, Attending(first, last)) == []
        assert commissioned(connection, site, MONDAY.date()).placed == []
        case = load_case(connection, reference)
    assert case is not None
    assert case.state == "never_began"


def test_one_that_somebody_came_to_did_begin(handler: Handler, hill: Actor) -> None:
    reference, _ = started(handler, hill, starts_on=TODAY.isoformat())
    (kept,) = records(handler.store, 1)
    with handler.store.reading() as connection:
        (row,) = placed(connection, Attending(TODAY, TODAY))
    mark(handler, row.case_id, said(kept.id, "absent"))
    mark(handler, row.case_id, said(kept.id, "late", seen=1, key="after all"), minutes_on=1)

    with pytest.raises(Blocked) as refusal:
        handler.fire(reference, "call_off", NEVER, actor=hill, now=MONDAY)
    assert refusal.value.reasons[0].startswith("It has begun")

    mark(handler, row.case_id, said(kept.id, "absent", seen=2, key="a slip"), minutes_on=2)
    handler.fire(reference, "call_off", NEVER, actor=hill, now=MONDAY)


def test_one_that_was_inducted_did_begin(handler: Handler, hill: Actor) -> None:
    reference, _ = started(handler, hill, starts_on=TODAY.isoformat())
    inducted = {"inducted_on": TODAY.isoformat(), "given_by": "Pat", "health_and_safety": True, "who_to_tell": True}
    handler.fire(reference, "record_induction", inducted, actor=PAT, now=MONDAY)
    paused = {"standing_because": "A strike.", "meanwhile": "The school"}
    handler.fire(reference, "pause", paused, actor=hill, now=MONDAY)

    with pytest.raises(Blocked):
        handler.fire(reference, "call_off", NEVER, actor=hill, now=MONDAY)


def test_one_that_was_inducted_before_its_first_day_can_be_called_off_until_that_day_comes(
    handler: Handler, hill: Actor
) -> None:
    """As in July for September, where the family moves away in August."""
    reference, _ = started(handler, hill)
    inducted = {"inducted_on": TODAY.isoformat(), "given_by": "Pat", "health_and_safety": True, "who_to_tell": True}
    handler.fire(reference, "record_induction", inducted, actor=PAT, now=MONDAY)
    with pytest.raises(Blocked, match="the first day has come"):
        handler.fire(reference, "call_off", NEVER, actor=hill, now=MONDAY + timedelta(days=7))
    handler.fire(reference, "call_off", NEVER, actor=hill, now=MONDAY + timedelta(days=6))
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    assert case.state == "never_began"
