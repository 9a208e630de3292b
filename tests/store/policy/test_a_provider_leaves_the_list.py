"""A provider that leaves the list by its own wish, from a day: nothing begins there, nobody is punished or dropped."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from apflow.core.errors import ApflowError
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.rounds.signals import hear_all
from apflow.scheduler import fire_due
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.messages import messages
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer

LAST_DAY = MONDAY.date() + timedelta(weeks=4)
LEAVES = {"leaves_on": LAST_DAY.isoformat(), "why_it_leaves": "The lease of the farm ends."}
CONCERN = {"what_happened": "A gate stood open.", "told_by": "school", "how_told": "By telephone."}
ATTENDS = "sally@hill-school.example"


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", ATTENDS)


def running(handler: Handler, hill: Actor, site: int) -> str:
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, reference, hill)
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    inducted = {"inducted_on": MONDAY.date().isoformat(), "given_by": "Pat", "health_and_safety": True}
    handler.fire(reference, "record_induction", {**inducted, "who_to_tell": True}, actor=PAT, now=MONDAY)
    return reference


def fire(handler: Handler, reference: str, event: str, actor: Actor, **answers: object) -> None:
    handler.fire(reference, event, answers, actor=actor, now=MONDAY)
    hear_all(handler, machine_now=lambda: MONDAY)


def case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def written(store: Store, notice: str) -> list[str]:
    query = select(messages.c.to_email).where(messages.c.notice == notice).order_by(messages.c.id)
    with store.reading() as connection:
        return list(connection.scalars(query))


def open_of(handler: Handler, workflow: str) -> list[bool]:
    with handler.store.reading() as connection:
        return list(connection.scalars(select(cases.c.is_open).where(cases.c.workflow == workflow)))


def let_pass(handler: Handler, until: date) -> None:
    now = datetime(until.year, until.month, until.day, 12, tzinfo=MONDAY.tzinfo)
    fire_due(handler, now, machine_now=lambda: now)
    hear_all(handler, machine_now=lambda: now)


def test_those_with_pupils_there_hear_it_in_words_of_its_own_and_go_on(
    store: Store, handler: Handler, hill: Actor
) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    fire(handler, provider, "leave_list", PAT, **LEAVES)

    assert case(handler, provider).state == "leaving"
    assert written(store, "provider/leaving_noted") == ["pat@made-up-farm.example"]
    assert written(store, "provider/leaves_to_commissioners") == [ATTENDS]
    assert written(store, "placement/provider_leaves") == [ATTENDS]
    assert written(store, "provider/removed_to_commissioners") == []
    there = case(handler, placement)
    assert (there.state, there.fields["provider_leaves_on"]) == ("active", LAST_DAY.isoformat())
    assert there.deadlines["goes_elsewhere"].due_at.date() >= LAST_DAY
    assert "see_where_they_go" in {task.name for task in case(handler, provider).tasks}


def test_no_placement_begins_there_any_more(store: Store, handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    prepared = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, prepared, hill)
    fire(handler, provider, "leave_list", PAT, **LEAVES)

    assert written(store, "placement/it_leaves_the_list") == [ATTENDS]
    with pytest.raises(ApflowError, match="does not take placements"):
        handler.fire(prepared, "start_placement", {}, actor=hill, now=MONDAY)
    with pytest.raises(ApflowError):
        refer(handler, hill, a_pupil_of(handler, "Hill School", "Bea", born="2012-02-02"), site)


def test_on_its_last_day_it_is_off_the_list_and_who_is_there_still_is_decided_on_at_once(
    store: Store, handler: Handler, hill: Actor
) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    fire(handler, provider, "leave_list", PAT, **LEAVES)
    let_pass(handler, LAST_DAY)
    assert case(handler, provider).state == "leaving"
    let_pass(handler, LAST_DAY + timedelta(days=1))

    assert case(handler, provider).state == "left"
    assert case(handler, placement).state == "urgent_review"
    assert ATTENDS in written(store, "provider/has_left_to_commissioners")
    assert "see_what_is_open" in {task.name for task in case(handler, provider).tasks}


def test_a_concern_and_an_action_plan_stay_open_through_it(handler: Handler) -> None:
    provider, _ = a_listed_site(handler)
    fire(handler, provider, "log_concern_here", OLIVE, **CONCERN)
    fire(handler, provider, "begin_action_plan", OLIVE, why="The fire doors.")
    fire(handler, provider, "leave_list", PAT, **LEAVES)
    let_pass(handler, LAST_DAY + timedelta(days=1))

    assert case(handler, provider).state == "left"
    assert (open_of(handler, "concern"), open_of(handler, "action_plan")) == ([True], [True])


def test_a_removal_can_be_proposed_of_one_that_is_leaving(handler: Handler) -> None:
    provider, _ = a_listed_site(handler)
    fire(handler, provider, "leave_list", PAT, **LEAVES)
    fire(handler, provider, "propose_removal", MAGDA, removal_reasons="The actions were not done.")

    assert case(handler, provider).state == "removal_proposed"
    with pytest.raises(ApflowError, match="has said that it leaves"):
        fire(handler, provider, "leave_list", PAT, **LEAVES)


def test_one_that_stays_after_all_takes_placements_and_nothing_waits_for_the_day(
    store: Store, handler: Handler, hill: Actor
) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    fire(handler, provider, "leave_list", PAT, **LEAVES)
    fire(handler, provider, "stay_on_list", OLIVE, how_known="They rang.")

    assert case(handler, provider).state == "approved"
    assert "goes_elsewhere" not in case(handler, placement).deadlines
    assert written(store, "provider/stays_to_commissioners") == [ATTENDS]
    assert written(store, "placement/provider_stays") == [], "a school hears of it once"


def test_another_day_is_told_and_counted_anew(store: Store, handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    fire(handler, provider, "leave_list", PAT, **LEAVES)
    later = LAST_DAY + timedelta(weeks=2)
    fire(handler, provider, "change_leaving_day", PAT, **LEAVES | {"leaves_on": later.isoformat()})

    assert case(handler, placement).fields["provider_leaves_on"] == later.isoformat()
    assert written(store, "provider/leaves_to_commissioners") == [ATTENDS, ATTENDS]
    let_pass(handler, LAST_DAY + timedelta(days=1))
    assert case(handler, provider).state == "leaving"
