"""A pupil in two placements: what happens at one, staff are shown that there is another; its two sides are not."""

from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, PAT, a_handler, add_people
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.records.council import a_placement

MATTER = {"in_short": "A bruise", "matter": "He says that he was hit at home."}
TODAY = MONDAY.date().isoformat()
OVER: dict[str, Any] = {
    "ends_on": TODAY,
    "standing_because": "He would not go back.",
    "reflections": "He is afraid.",
    "kept_for": "six_years",
    "meanwhile": "school",
}


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")


@pytest.fixture
def placements(handler: Handler, hill: Actor) -> tuple[str, str]:
    """Mornings at one place and afternoons at another, which is another provider's."""
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    _, farm = a_listed_site(handler)
    _, boats = a_listed_site(handler, organisation="Boat Yard", proprietor="Boat Yard Ltd")
    return begun(handler, hill, pupil, farm, "am"), begun(handler, hill, pupil, boats, "pm")


def begun(handler: Handler, school: Actor, pupil: int, site: int, half: str) -> str:
    reference = refer(handler, school, pupil, site)
    prepare(handler, reference, school, which_sessions=[f"monday {half}", f"tuesday {half}"], hours=5, starts_on=TODAY)
    handler.fire(reference, "start_placement", {}, actor=school, now=MONDAY)
    return reference


def case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def elsewhere(handler: Handler, reference: str) -> list[Any]:
    return [item.data.get("case") for item in case(handler, reference).items.get("elsewhere", {}).values()]


def written(handler: Handler, reference: str) -> dict[str, list[str]]:
    """What was written of this case, by the notice."""
    with handler.store.reading() as connection:
        query = select(messages).where(messages.c.case_id == case(handler, reference).id).order_by(messages.c.id)
        rows = connection.execute(query).all()
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.notice, []).append(f"{row.subject} {row.text} {row.html}")
    return found


@pytest.mark.parametrize(
    ("who", "event", "answers", "notice"),
    [
        (PAT, "safeguarding_matter", MATTER, "placement/read_today_staff"),
        (OLIVE, "break_off", OVER, "placement/broken_down_staff"),
    ],
    ids=["a matter", "a breakdown"],
)
def test_staff_are_told_by_its_reference_that_there_is_another_and_nobody_else_is(
    handler: Handler, placements: tuple[str, str], who: Actor, event: str, answers: dict[str, Any], notice: str
) -> None:
    farm, boats = placements
    handler.fire(farm, event, answers, actor=who, now=MONDAY)
    assert elsewhere(handler, farm) == [boats]
    mails = written(handler, farm)
    assert all(boats in mail for mail in mails.pop(notice))
    for name, those in mails.items():
        assert not any(boats in mail or "Boat Yard" in mail for mail in those), name


def test_of_a_pupil_in_one_placement_nothing_is_said_of_another(handler: Handler, hill: Actor) -> None:
    _, farm = a_listed_site(handler)
    reference = begun(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), farm, "am")
    handler.fire(reference, "safeguarding_matter", MATTER, actor=PAT, now=MONDAY)
    assert elsewhere(handler, reference) == []
    assert not any("another placement" in mail for mail in written(handler, reference)["placement/read_today_staff"])


def test_a_placement_that_no_case_keeps_is_named_as_well(handler: Handler, hill: Actor) -> None:
    _, farm = a_listed_site(handler)
    a_listed_site(handler, organisation="Boat Yard", proprietor="Boat Yard Ltd")
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    a_placement(handler, pupil, "5", provider="Boat Yard", site="Main site")
    reference = begun(handler, hill, pupil, farm, "am")
    handler.fire(reference, "safeguarding_matter", MATTER, actor=PAT, now=MONDAY)
    (mail,) = written(handler, reference)["placement/read_today_staff"]
    assert "one without a case" in mail
