"""On a safeguarding matter each side, and the council, reads whom to ring at the other, and who stands in for them."""

from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, PAT
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer

AT_SCHOOL = "Dee Deputy, 01632 960150; when away Hal Head, 01632 960151"
AT_PROVIDER = "Lea Lead, 01632 960160; when away Tim Tutor, 01632 960161"
MATTER: dict[str, Any] = {"in_short": "A bruise", "matter": "A bruise was seen."}


@pytest.fixture
def placed(handler: Handler) -> tuple[Handler, Actor, str]:
    """A placement that has begun, at whose school somebody is named who leads."""
    _, site = a_listed_site(handler)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, reference, hill, leads_at_school=AT_SCHOOL)
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    return handler, hill, reference


def sent(handler: Handler, notice: str) -> list[Any]:
    with handler.store.reading() as connection:
        query = select(messages).where(messages.c.notice == f"placement/{notice}").order_by(messages.c.id)
        return list(connection.execute(query))


def test_the_email_of_a_safeguarding_matter_says_whom_to_ring_on_either_side(
    placed: tuple[Handler, Actor, str],
) -> None:
    handler, _, reference = placed
    handler.fire(reference, "say_who_leads_at_provider", {"leads_at_provider": AT_PROVIDER}, actor=PAT, now=MONDAY)
    handler.fire(reference, "safeguarding_matter", MATTER, actor=PAT, now=MONDAY)
    letters = [*sent(handler, "read_today"), *sent(handler, "read_today_staff")]
    assert len(letters) >= 3
    for letter in letters:
        for text in (letter.text, letter.html):
            assert AT_SCHOOL in text
            assert AT_PROVIDER in text
            assert "bruise" not in text


def test_the_other_side_is_told_when_whoever_leads_is_somebody_else_and_only_then(
    placed: tuple[Handler, Actor, str],
) -> None:
    handler, hill, reference = placed
    for leads, told in ((AT_SCHOOL, 0), ("Una Under, 01632 960152", 1), ("Una Under, 01632 960152", 1)):
        handler.fire(reference, "say_who_leads_at_school", {"leads_at_school": leads}, actor=hill, now=MONDAY)
        letters = sent(handler, "leads_changed")
        assert len(letters) == told
        assert not [one for one in letters if "Una" in one.text], "the page says who"
