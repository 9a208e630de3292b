"""A provider that leaves while something else is decided about it: neither undoes the other, and its day holds."""

from datetime import timedelta

import pytest

from apflow.core.errors import ApflowError
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, refer
from tests.removal import a_second_manager
from tests.store.policy.test_a_provider_leaves_the_list import (
    ATTENDS,
    LAST_DAY,
    LEAVES,
    case,
    fire,
    let_pass,
    running,
    written,
)

SUSPENDED = {
    "reasons": "The fire doors do not close.",
    "suspension_review_on": (MONDAY.date() + timedelta(days=25)).isoformat(),
}
REMOVAL = {"removal_reasons": "The actions were not done."}
ANOTHER = {"reasons": "They are done now.", "suspension_review_on": SUSPENDED["suspension_review_on"]}


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", ATTENDS)


def test_one_that_is_suspended_and_stays_after_all_is_suspended_still_and_a_manager_hears(
    store: Store, handler: Handler, hill: Actor
) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    fire(handler, provider, "suspend", MAGDA, **SUSPENDED)
    fire(handler, provider, "leave_list", PAT, **LEAVES)
    with pytest.raises(ApflowError, match="Record first that it stays"):
        fire(handler, provider, "lift_suspension", MAGDA, what_has_changed="The doors close.")
    assert case(handler, placement).fields["provider_leaves_on"] == LAST_DAY.isoformat()
    fire(handler, provider, "stay_on_list", OLIVE, how_known="They rang.")

    there = case(handler, provider)
    assert there.state == "suspended"
    assert there.fields["suspension_review_on"] == SUSPENDED["suspension_review_on"]
    assert "goes_elsewhere" not in case(handler, placement).deadlines
    assert written(store, "provider/stays_suspended_to_commissioners") == [ATTENDS]
    assert written(store, "placement/provider_stays") == [], "a school hears of it once"
    assert len(written(store, "provider/stays_suspended_staff")) > 0
    assert written(store, "provider/stays_after_all") == []
    with pytest.raises(ApflowError):
        refer(handler, hill, a_pupil_of(handler, "Hill School", "Bea", born="2012-02-02"), site)


@pytest.mark.parametrize("decided", ["stop_new_placements", "decide_on_removal"])
def test_what_an_urgent_meeting_decides_while_it_leaves_holds_on_and_it_leaves_on_its_day(
    store: Store, handler: Handler, hill: Actor, decided: str
) -> None:
    provider, site = a_listed_site(handler)
    running(handler, hill, site)
    fire(handler, provider, "leave_list", PAT, **LEAVES)
    fire(handler, provider, decided, THE_CLOCK)

    assert case(handler, provider).state == "suspended"
    assert written(store, "provider/suspended_to_commissioners") == [ATTENDS]
    let_pass(handler, LAST_DAY + timedelta(days=1))
    assert case(handler, provider).state == "left"


def test_one_whose_removal_is_refused_leaves_on_its_day_all_the_same(
    store: Store, handler: Handler, hill: Actor
) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    morgan = a_second_manager(handler)
    fire(handler, provider, "leave_list", PAT, **LEAVES)
    fire(handler, provider, "propose_removal", MAGDA, **REMOVAL)
    with pytest.raises(ApflowError, match="Record first that it stays"):
        fire(handler, provider, "keep_on_list", morgan, reasons="They are done now.")
    fire(handler, provider, "keep_suspended", morgan, **ANOTHER)
    assert written(store, "provider/suspension_lifted_to_commissioners") == []
    let_pass(handler, LAST_DAY + timedelta(days=1))

    assert case(handler, provider).state == "left"
    assert case(handler, placement).state == "urgent_review"


def test_one_that_leaves_before_its_removal_is_decided_leaves_a_manager_that_to_write_down(
    store: Store, handler: Handler, hill: Actor
) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    fire(handler, provider, "leave_list", PAT, **LEAVES)
    fire(handler, provider, "propose_removal", MAGDA, **REMOVAL)
    let_pass(handler, LAST_DAY + timedelta(days=1))

    there = case(handler, provider)
    assert there.state == "left"
    assert {"removal_not_decided", "see_what_is_open"} <= {task.name for task in there.tasks}
    assert case(handler, placement).state == "urgent_review"
    assert ATTENDS in written(store, "provider/has_left_to_commissioners")


def test_a_school_with_pupils_there_hears_when_a_removal_is_proposed(
    store: Store, handler: Handler, hill: Actor
) -> None:
    provider, site = a_listed_site(handler)
    running(handler, hill, site)
    fire(handler, provider, "propose_removal", MAGDA, **REMOVAL)
    assert written(store, "provider/suspended_to_commissioners") == [ATTENDS]
    fire(handler, provider, "take_back_proposal", MAGDA, **ANOTHER)
    fire(handler, provider, "lift_suspension", MAGDA, what_has_changed="The doors close.")
    assert written(store, "provider/suspension_lifted_to_commissioners") == [ATTENDS]


def test_one_whose_removal_is_proposed_can_say_that_it_leaves_and_those_with_pupils_there_are_told(
    store: Store, handler: Handler, hill: Actor
) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    morgan = a_second_manager(handler)
    fire(handler, provider, "propose_removal", MAGDA, **REMOVAL)
    fire(handler, provider, "leave_list", PAT, **LEAVES)

    assert case(handler, provider).state == "removal_proposed"
    assert case(handler, placement).fields["provider_leaves_on"] == LAST_DAY.isoformat()
    assert written(store, "provider/leaves_to_commissioners") == [ATTENDS]
    with pytest.raises(ApflowError, match="Record first that it stays"):
        fire(handler, provider, "keep_on_list", morgan, reasons="They are done now.")
    fire(handler, provider, "keep_suspended", morgan, **ANOTHER)
    let_pass(handler, LAST_DAY + timedelta(days=1))
    assert case(handler, provider).state == "left"


def test_a_removal_is_confirmed_though_the_provider_says_meanwhile_that_it_leaves(
    store: Store, handler: Handler, hill: Actor
) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    morgan = a_second_manager(handler)
    fire(handler, provider, "propose_removal", MAGDA, **REMOVAL)
    fire(handler, provider, "leave_list", OLIVE, **LEAVES)
    fire(handler, provider, "confirm_removal", morgan, why_confirmed="I agree.", sure=True)
    let_pass(handler, LAST_DAY + timedelta(days=1))

    assert case(handler, provider).state == "removed"
    assert case(handler, placement).state == "urgent_review"
    assert written(store, "provider/has_left_to_commissioners") == []
