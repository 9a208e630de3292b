"""Nobody is newly placed at a provider that cannot take placements; one that was there before is only entered late."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Invalid, NotAllowed
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.door import By, add, change
from apflow.records.importing.file import FILES, bring_in
from apflow.records.placements.places import PLACEMENT, answers_of_placement
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.records.placements import placement
from apflow.store.records.provided import ran_between
from apflow.store.records.pupils import list_pupils
from apflow.store.records.records import changes_of
from apflow.store.tables.messages import messages
from apflow.testing import MAGDA, MONDAY, OLIVE, a_document, a_handler, add_people, enquire, shipped_library
from tests.brought import bring_to
from tests.records.council import a_placement, a_pupil, a_school, a_site, by
from tests.removal import SUSPENDED, a_second_manager, propose, remove

LIBRARY = shipped_library()
TODAY = MONDAY.date().isoformat()
REASONS = {"reasons": "We look into it."}


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    handler = a_handler(store, LIBRARY)
    a_school(handler)
    return handler


def on_the_list(handler: Handler) -> str:
    return with_a_site(handler, bring_to(handler, "approved"))


def with_a_site(handler: Handler, reference: str) -> str:
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    assert case.id is not None
    a_site(handler, case.id)
    return reference


def place(handler: Handler, now: datetime = MONDAY, actor: Actor = OLIVE, **more: Any) -> int:
    """Place PIP there from the day it is, or another."""
    with handler.store.reading() as connection:
        known = list_pupils(connection, "sparrow", limit=1)
    pupil = known[0].id if known else a_pupil(handler)
    said = {
        "provider": "Made Up Farm",
        "commissioner": "Hill School",
        "hours": "15",
        "has_breaks": True,
        "starts_on": now.date().isoformat(),
        **more,
    }
    return add(handler.store, PLACEMENT, said, By(actor, now, handler.library), {"pupil_id": pupil})


def refused(handler: Handler, now: datetime = MONDAY, **more: Any) -> str:
    with pytest.raises(Invalid) as refusal:
        place(handler, now, **more)
    return refusal.value.errors["provider"]


def test_one_that_is_not_approved_yet_takes_none(handler: Handler) -> None:
    with_a_site(handler, enquire(handler))

    assert refused(handler) == (
        "Made Up Farm is “New enquiry”: a new placement can be made only where that is “Approved”."
    )


def test_one_that_is_suspended_takes_none_and_says_so(handler: Handler) -> None:
    reference = on_the_list(handler)
    handler.fire(reference, "suspend", SUSPENDED, actor=MAGDA, now=MONDAY)

    assert "“Suspended: no new placements”" in refused(handler)


def test_one_whose_removal_is_proposed_takes_none_unless_it_is_refused(handler: Handler) -> None:
    reference = on_the_list(handler)
    propose(handler, reference)
    assert "“Removal proposed: no new placements”" in refused(handler)

    handler.fire(reference, "keep_on_list", REASONS, actor=a_second_manager(handler), now=MONDAY)

    assert place(handler)


def test_one_that_was_removed_takes_none(handler: Handler) -> None:
    remove(handler, on_the_list(handler))

    assert "“Removed from the list”" in refused(handler)


def test_one_whose_required_paper_has_lapsed_takes_none_and_says_which(handler: Handler) -> None:
    on_the_list(handler)

    said = refused(handler, MONDAY + timedelta(days=500))

    assert said.startswith("These have run out or are missing, so no new placement can be made there: ")
    assert "Public liability insurance" in said


def test_one_whose_required_paper_was_sent_back_takes_none_until_a_new_one_is_there(handler: Handler) -> None:
    reference, paper = on_the_list(handler), "public_liability"
    handler.fire(reference, "send_back", {"reason": "It is torn."}, actor=OLIVE, now=MONDAY, item=paper)
    assert "Public liability insurance" in refused(handler)

    new = a_document(handler, OLIVE, paper)
    handler.fire(reference, "supply", new, actor=OLIVE, now=MONDAY, item=paper)

    assert place(handler)


def test_a_manager_may_let_one_be_made_while_a_paper_is_renewed_and_the_officer_is_told(handler: Handler) -> None:
    reference, later = on_the_list(handler), MONDAY + timedelta(days=500)
    guard, until = "papers_allow_placements", later.date() + timedelta(days=7)
    with pytest.raises(NotAllowed):
        handler.set_aside(reference, guard, until, "The insurer has confirmed cover.", actor=OLIVE, now=later)
    handler.set_aside(reference, guard, until, "The insurer has confirmed cover.", actor=MAGDA, now=later)

    assert place(handler, later)
    with handler.store.reading() as connection:
        assert (
            connection.execute(select(messages.c.notice).order_by(messages.c.id.desc())).scalars().first()
            == "provider/guard_set_aside"
        )
    assert "have run out" in refused(handler, later + timedelta(days=8), commissioner="Hill School")


def test_one_that_began_before_is_entered_late_by_a_manager_who_says_why(handler: Handler) -> None:
    reference, later = on_the_list(handler), MONDAY + timedelta(days=10)
    handler.fire(reference, "suspend", SUSPENDED, actor=MAGDA, now=later)

    assert "Suspended" in refused(handler, later)
    assert "recorded by somebody else: Alternative Learning Team manager" in refused(handler, later, starts_on=TODAY)
    with pytest.raises(Invalid, match="only now"):
        place(handler, later, MAGDA, starts_on=TODAY)
    number = place(handler, later, MAGDA, starts_on=TODAY, late_because="The school told us today.")
    with handler.store.reading() as connection:
        logged = changes_of(connection, PLACEMENT.name, number, limit=1)
    assert logged[0].fields["late_because"] == [None, "The school told us today."]


def test_one_from_before_the_papers_ran_out_is_entered_late_by_a_manager_only(handler: Handler) -> None:
    on_the_list(handler)
    later = MONDAY + timedelta(days=500)

    assert "somebody else" in refused(handler, later, starts_on=TODAY)
    assert place(handler, later, MAGDA, starts_on=TODAY, late_because="The school told us today.")


def test_no_reason_makes_a_placement_old_that_begins_now(handler: Handler) -> None:
    reference = on_the_list(handler)
    handler.fire(reference, "suspend", SUSPENDED, actor=MAGDA, now=MONDAY)

    with pytest.raises(Invalid) as refusal:
        place(handler, MONDAY, MAGDA, late_because="It is urgent.")

    assert "“Suspended: no new placements”" in refusal.value.errors["provider"]


def test_one_from_before_this_system_is_entered_by_a_manager_only_where_the_provider_has_been_suspended(
    handler: Handler,
) -> None:
    reference, before = on_the_list(handler), "2025-09-03"
    handler.fire(reference, "suspend", SUSPENDED, actor=MAGDA, now=MONDAY)

    assert "somebody else" in refused(handler, starts_on=before)
    assert place(handler, MONDAY, MAGDA, starts_on=before, late_because="It was in the old spreadsheet only.")


def test_one_from_before_this_system_is_entered_by_anyone_while_the_provider_is_on_the_list(handler: Handler) -> None:
    on_the_list(handler)

    assert place(handler, MONDAY + timedelta(days=500), starts_on="2025-09-03")


def test_what_is_there_can_be_changed_and_ended(handler: Handler) -> None:
    reference = on_the_list(handler)
    number = a_placement(handler, a_pupil(handler))
    handler.fire(reference, "suspend", SUSPENDED, actor=MAGDA, now=MONDAY)
    with handler.store.reading() as connection:
        row = placement(connection, number)
    assert row is not None

    said = {
        "provider": "Made Up Farm",
        "commissioner": "Hill School",
        "hours": "15",
        "has_breaks": True,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": TODAY,
    }

    assert change(handler.store, PLACEMENT, number, row.version, said, by(handler))


def test_a_file_that_places_somebody_there_is_not_imported(handler: Handler) -> None:
    reference = on_the_list(handler)
    handler.fire(reference, "suspend", SUSPENDED, actor=MAGDA, now=MONDAY)
    file = (
        "Surname,First name,Date of birth,Provider,Commissioner,Hours a week,First day\n"
        f"Sparrow,Pip,2012-05-04,Made Up Farm,Hill School,10,{TODAY}\n"
    )

    report = bring_in(handler.store, FILES["placements"], file.encode(), by(handler))

    assert ["Suspended: no new placements" in bad.message for bad in report.bad] == [True]


def test_one_by_hand_that_never_began_ends_on_its_first_day_and_counts_nowhere(handler: Handler) -> None:
    on_the_list(handler)
    number = place(handler, never_began=True, ends_on="2027-01-29")

    with handler.store.reading() as connection:
        row = placement(connection, number)
        assert row is not None
        assert row.ends_on == row.starts_on
        assert ran_between(connection, row.starts_on, row.starts_on) == []
    assert answers_of_placement(row)["never_began"] is True


@pytest.mark.parametrize(("cell", "began"), [("yes", False), ("no", True), ("", True)])
def test_a_spreadsheet_says_that_one_never_began(handler: Handler, cell: str, began: bool) -> None:
    on_the_list(handler)
    headings = "Surname,First name,Date of birth,Home school,Provider,Hours a week,First day,Never began"
    row = f"Sparrow,Pip,04/05/2012,Hill School,Made Up Farm,15,02/11/2026,{cell}"

    report = bring_in(handler.store, FILES["placements"], f"{headings}\n{row}\n".encode(), by(handler))

    assert not report.bad
    with handler.store.reading() as connection:
        assert bool(ran_between(connection, MONDAY.date(), MONDAY.date())) is began
