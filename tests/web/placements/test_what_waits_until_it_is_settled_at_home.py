"""Of a pupil who is looked after, what waits until it is settled at home is said, asked for and told as it is."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Blocked, NotAllowed
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.door import By, change
from apflow.records.people.pupils import PUPIL, answers_of
from apflow.sending.mailer import sending
from apflow.sending.transports import MailboxTransport
from apflow.store.driver.engine import Store
from apflow.store.records.pupils import pupil
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE
from apflow.web.site import Site
from tests.brought import again
from tests.placing import (
    Between,
    a_listed_site,
    a_pupil_of,
    a_running_placement,
    a_school_with_an_account,
    prepare,
    refer,
)
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
ANN: dict[str, Any] = {
    "parent_name": "Ann Sparrow",
    "relation": "Mother",
    "responsible": True,
    "is_safe": True,
    "parent_email": "ann@home.example",
}
BEA: dict[str, Any] = {**ANN, "parent_name": "Bea Finch", "parent_email": "bea@home.example"}
ORDER: dict[str, Any] = {"not_because": "A court order"}
TODAY = MONDAY.date().isoformat()
HELD = "You cannot read this page at present"
ASKED = "home_to_settle"
TAKES_BACK = "not_looked_after"
MISTAKE = {"taken_back_because": "The school: it was meant for another child"}
_LINK = re.compile(r"https?://[^/]+(/for-parents/\S+)")


def tasks_of(placed: Between) -> list[str]:
    """Those about what is settled at home, an email that did not go for want of that too."""
    names = (ASKED, "looked_after", "in_care")
    return [task.name for task in placed.case().tasks if task.name in names or "still written to" in (task.note or "")]


def notices_to(store: Store, email: str) -> list[str]:
    with store.reading() as connection:
        query = select(messages.c.notice).where(messages.c.to_email == email).order_by(messages.c.id)
        return list(connection.execute(query).scalars())


def link_of(store: Store, email: str = "ann@home.example") -> str:
    with store.reading() as connection:
        query = select(messages.c.text).where(messages.c.to_email == email).order_by(messages.c.id.desc())
        found = _LINK.search(connection.execute(query).scalars().first() or "")
    assert found is not None
    return found[1]


def what_failed_is_told(site: Site) -> None:
    list(sending(site.store, MailboxTransport(), site.handler, lambda: MONDAY, lambda: MONDAY))


def _in_care_before(handler: Handler) -> tuple[str, Actor, int]:
    _, place = a_listed_site(handler)
    school = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    number = a_pupil_of(handler, "Hill School", "Pip", true_of=["looked_after"])
    reference = refer(handler, school, number, place)
    prepare(handler, reference, school)
    return reference, school, number


@pytest.fixture
def in_care(site: Site) -> Between:
    """Pip, who was looked after before anybody referred them, as the record says."""
    return Between(site, *again(site.handler, _in_care_before))


@pytest.fixture
def placed(site: Site) -> Between:
    """Pip, who is not looked after."""
    return a_running_placement(site)


def test_whoever_names_somebody_at_home_reads_before_and_after_that_nothing_goes_to_them_yet(
    in_care: Between, client_as: ClientAs
) -> None:
    officer = client_as(OLIVE)
    address = f"/cases/{in_care.reference}/do/write_by_email"
    form = Page(officer.get(address)).form("Preview the email")
    typed = {**ANN, "responsible": "yes", "is_safe": "yes"}
    preview = Page(form.send(officer, "Preview the email", **typed)).text
    assert "No email goes" in preview
    assert "This email does not go. The pupil is looked after, and nobody has said yet" in preview

    sent = form.send(officer, "Write to a parent or carer by email", **typed)
    page = Page(officer.get(sent.headers["location"])).text
    assert "It is recorded, but nothing goes to them yet" in page
    assert "They have a link of their own from now on" not in page


def test_it_is_asked_for_once_also_of_a_pupil_who_was_looked_after_before_and_goes_when_it_is_said_of_all(
    in_care: Between, site: Site, store: Store
) -> None:
    in_care.fire(in_care.school, "write_by_email", **ANN)
    in_care.fire(in_care.school, "write_by_email", **BEA)
    in_care.fire(in_care.school, "start_placement")
    what_failed_is_told(site)
    assert tasks_of(in_care) == [ASKED], "and no email that could not be delivered"

    in_care.fire(in_care.school, "settled_by_email", "1", settled_with="Saffron Worker, today")
    assert tasks_of(in_care) == [ASKED]
    in_care.fire(OLIVE, "stop_contact", "2", **ORDER)
    assert ASKED not in tasks_of(in_care)
    assert notices_to(store, "ann@home.example") == ["placement/parent_link"]
    assert notices_to(store, "bea@home.example") == []

    in_care.fire(in_care.school, "now_by_email", "1", **ANN)
    assert tasks_of(in_care) == [ASKED], "another address is settled anew"


def test_what_does_not_go_asks_again_once_somebody_put_the_task_aside(in_care: Between, site: Site) -> None:
    in_care.fire(in_care.school, "write_by_email", **ANN)
    what_failed_is_told(site)
    (task,) = [task for task in in_care.case().tasks if task.name == ASKED]
    site.handler.complete(in_care.reference, task.id, "Rang them instead", actor=OLIVE, now=MONDAY)
    in_care.fire(in_care.school, "start_placement")
    what_failed_is_told(site)
    assert tasks_of(in_care) == [ASKED]


def test_no_new_link_is_promised_to_somebody_of_whom_it_is_not_settled(in_care: Between) -> None:
    in_care.fire(in_care.school, "write_by_email", **ANN)
    with pytest.raises(Blocked, match="nobody has said yet that this person is still written to"):
        in_care.fire(in_care.school, "send_link_again", "1")
    in_care.fire(in_care.school, "settled_by_email", "1", settled_with="Saffron Worker, today")
    in_care.fire(in_care.school, "send_link_again", "1")


def test_of_a_pupil_who_is_not_looked_after_nothing_is_asked_and_nothing_to_settle_is_offered(
    placed: Between, client_as: ClientAs
) -> None:
    placed.fire(placed.school, "write_by_email", **ANN)
    assert tasks_of(placed) == []
    page = client_as(OLIVE).get(f"/cases/{placed.reference}").text
    assert "still written to" not in page
    with pytest.raises(Blocked, match="there is nothing to settle"):
        placed.fire(placed.school, "settled_by_email", "1", settled_with="Nobody")


def test_whoever_is_held_back_reads_whom_to_ask_and_not_that_it_is_over_whatever_the_reason(
    placed: Between, store: Store, client: Client
) -> None:
    placed.fire(placed.school, "write_by_email", **ANN)
    placed.fire(placed.school, "write_by_email", **BEA)
    ann, bea = link_of(store), link_of(store, "bea@home.example")
    placed.fire(placed.school, "stop_contact", "2", **ORDER)
    placed.fire(OLIVE, "becomes_looked_after", looked_after_since=TODAY)
    waits, barred = client.get(ann), client.get(bea)
    assert (waits.status_code, barred.status_code) == (410, 410)
    assert Page(waits).text == Page(barred).text, "so that it says nothing of why"
    assert HELD in waits.text
    assert "speak with the school, or with the social worker if the child has one" in waits.text
    assert "ended some time ago" not in waits.text


def test_that_a_pupil_is_looked_after_is_checked_before_and_not_offered_again(
    placed: Between, client_as: ClientAs
) -> None:
    school, address = client_as(placed.school), f"/cases/{placed.reference}"
    assert "/do/becomes_looked_after" in school.get(address).text
    asked = Page(school.get(f"{address}/do/becomes_looked_after"))
    assert "Since which day is the pupil looked after by a council?" in asked.text
    assert "first day of an exclusion" not in asked.text, "which is asked of a referral"
    form = asked.form("Continue")
    day = {"looked_after_since-day": "2", "looked_after_since-month": "11", "looked_after_since-year": "2026"}
    check = Page(form.send(school, "Continue", **day))
    assert "nothing goes to anybody at home" in check.text
    assert "looked_after_since" not in placed.case().fields

    placed.fire(placed.school, "becomes_looked_after", looked_after_since=TODAY)
    assert "/do/becomes_looked_after" not in school.get(address).text
    with pytest.raises(Blocked, match="recorded already"):
        placed.fire(placed.school, "becomes_looked_after", looked_after_since=TODAY)


def test_where_the_record_says_that_a_pupil_is_looked_after_it_is_not_offered_to_record_it(
    in_care: Between, client_as: ClientAs
) -> None:
    assert "/do/becomes_looked_after" not in client_as(in_care.school).get(f"/cases/{in_care.reference}").text


def test_an_officer_takes_back_what_was_recorded_of_the_wrong_pupil_and_those_at_home_read_again(
    placed: Between, store: Store, client: Client
) -> None:
    placed.fire(placed.school, "write_by_email", **ANN)
    link = link_of(store)
    placed.fire(placed.school, "becomes_looked_after", looked_after_since=TODAY)
    assert tasks_of(placed) == ["looked_after", ASKED]
    assert HELD in client.get(link).text
    with pytest.raises(NotAllowed):
        placed.fire(placed.school, TAKES_BACK, **MISTAKE)

    placed.fire(OLIVE, TAKES_BACK, **MISTAKE)
    assert tasks_of(placed) == []
    assert "looked_after_since" not in placed.case().fields
    assert "placement/not_looked_after" in notices_to(store, "sally@hill-school.example")
    client.post(link)
    assert "Made Up Farm" in client.get("/for-parents/page").text
    placed.fire(placed.school, "becomes_looked_after", looked_after_since=TODAY)


def test_it_is_not_taken_back_while_the_pupil_s_record_says_so(placed: Between, site: Site) -> None:
    placed.fire(placed.school, "becomes_looked_after", looked_after_since=TODAY)
    with site.store.reading() as connection:
        row = pupil(connection, placed.pupil)
    assert row is not None
    said = {**answers_of(row, MONDAY.date()), "true_of": ["looked_after"]}
    change(site.store, PUPIL, placed.pupil, row.version, said, By(OLIVE, MONDAY, site.handler.library))
    with pytest.raises(Blocked, match="The pupil's record says that they are looked after"):
        placed.fire(OLIVE, TAKES_BACK, **MISTAKE)
