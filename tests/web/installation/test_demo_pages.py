"""What only a demo has: being anybody, a day that passes, and everybody's mail; and that nothing else has it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from apflow.clock import machine_now
from apflow.handler import Handler
from apflow.scheduler import fire_due
from apflow.store import outbox
from apflow.testing import DAN, MONDAY, OLIVE, PAT, StoppedClock, enquire
from apflow.web.identity import SESSION_COOKIE
from apflow.web.site import DemoClock, Site
from tests.brought import bring_to
from tests.placing import a_school_with_an_account
from tests.registered import a_register, found_by, reached
from tests.web.browsing import Client, a_browser_on
from tests.web.reading import Page

ClientAs = Callable[..., Client]
EIGHT_DAYS = timedelta(days=8)


@pytest.fixture
def visitor(site: Site, clock: StoppedClock) -> Iterator[Client]:
    """Someone who tries the demo; each of its days takes eight, so that something happens."""

    def step() -> None:
        fire_due(site.handler, clock.at + EIGHT_DAYS, machine_now=machine_now)
        clock.at += EIGHT_DAYS

    demo = DemoClock(days_ahead=lambda: (clock.at - MONDAY).days, step_a_day=step)
    with a_browser_on(replace(site, demo=demo)) as browser:
        yield browser


def messages(site: Site) -> list[int]:
    with site.store.reading() as connection:
        return [row.id for row in outbox.recent_messages(connection)]


@pytest.mark.parametrize("path", ["/demo", "/demo/as/1", "/demo/mailbox", "/demo/mailbox/1", "/demo/mailbox/1/html"])
def test_outside_a_demo_there_is_nothing_of_it(site: Site, client: Client, path: str) -> None:
    enquire(site.handler)

    assert client.get(path).status_code == 404


def test_outside_a_demo_nobody_signs_in_as_somebody_else(client: Client) -> None:
    assert client.post("/demo/as/1").status_code == 404
    assert client.post("/demo/day").status_code == 404


# Being someone


def test_everybody_one_can_be_is_listed_with_a_provider_for_each_state(handler: Handler, visitor: Client) -> None:
    enquire(handler, organisation="Farm One")
    enquire(handler, organisation="Farm Two")
    bring_to(handler, "panel", organisation="Farm Three")

    page = Page(visitor.get("/demo"))

    assert "Olive Officer" in page.below("Alternative Learning Team officers")
    assert "Petra Panel\nSEND service" in page.text.replace(" SEND", "\nSEND")
    assert "Farm One: new enquiry" in page.below("Providers")
    assert "Farm Three: with the panel" in page.below("Providers")
    assert "Farm Two" in page.text.partition("All the other providers")[2]


def test_schools_are_listed_by_name_and_no_case_of_another_kind_makes_somebody_a_provider(
    handler: Handler, visitor: Client
) -> None:
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    a_register(handler)
    reached(handler, found_by(handler, hill))

    page = Page(visitor.get("/demo"))

    schools = page.below("Schools and other commissioners")
    assert schools.startswith("Sally at Hill School")
    assert schools.count("Hill School") == 2, "whose account it is, and which school's"
    assert "Ona Oaks" not in page.text


def test_one_press_signs_in_as_anybody(visitor: Client) -> None:
    page = Page(visitor.get("/demo"))

    signed_in = page.form("Olive Officer").send(visitor, "Olive Officer")

    assert signed_in.headers["location"] == "/"
    assert "Olive Officer" in Page(visitor.get("/accessibility")).text


def test_a_printed_link_leads_to_one_button(visitor: Client) -> None:
    page = Page(visitor.get(f"/demo/as/{PAT.id}"))

    page.form("Continue").send(visitor, "Continue")

    assert page.heading == "Continue as Pat Provider"
    assert "Pat Provider" in Page(visitor.get("/accessibility")).text


def test_being_someone_else_is_a_new_session_and_ends_the_old(visitor: Client) -> None:
    visitor.post(f"/demo/as/{OLIVE.id}")
    before = visitor.cookies[SESSION_COOKIE]
    visitor.post(f"/demo/as/{PAT.id}")
    after = visitor.cookies[SESSION_COOKIE]

    assert before != after
    visitor.cookies.set(SESSION_COOKIE, before)
    assert visitor.get("/home").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("number", ["999", "99999999999999999999"])
def test_nobody_can_be_who_does_not_exist(visitor: Client, number: str) -> None:
    assert visitor.get(f"/demo/as/{number}").status_code == 404
    assert visitor.post(f"/demo/as/{number}").status_code == 404
    assert visitor.get(f"/demo/mailbox/{number}").status_code == 404


# A day


def test_a_day_passes_and_the_page_one_was_on_says_what_it_brought(handler: Handler, visitor: Client) -> None:
    enquire(handler)
    enquire(handler, now=MONDAY + timedelta(days=2))
    page = Page(visitor.get("/accessibility"))

    stepped = page.form("Step a day ahead").send(visitor, "Step a day ahead")

    assert stepped.headers["location"].startswith("/accessibility?stepped=")
    after = Page(visitor.get(stepped.headers["location"]))
    # The first enquiry is overdue, which the one manager is told; of the second the mailbox is reminded.
    assert "A day has passed: 1 reminder, 1 escalation and 2 emails." in after.text
    assert "It is Tuesday 10 November 2026" in after.text


def test_a_day_in_which_nothing_happens_says_so(visitor: Client) -> None:
    stepped = visitor.post("/demo/day", data={"back": "/"})

    page = Page(visitor.get(stepped.headers["location"]))

    assert "A day has passed: no reminders, no escalations and no emails." in page.text


def test_filters_survive_the_day_and_old_banners_do_not(visitor: Client) -> None:
    stepped = visitor.post("/demo/day", data={"back": "/cases?q=farm&done=submit&stepped=1-1-1"})

    assert stepped.headers["location"] == "/cases?q=farm&stepped=0-0-0"


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_a_day_leads_back_to_no_other_site(visitor: Client, back: str) -> None:
    assert visitor.post("/demo/day", data={"back": back}).headers["location"] == "/?stepped=0-0-0"


def test_another_site_cannot_make_a_day_pass(visitor: Client, clock: StoppedClock) -> None:
    assert visitor.post("/demo/day", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert clock.at == MONDAY


def test_the_address_cannot_put_words_in_the_demos_mouth(visitor: Client) -> None:
    assert "free" not in Page(visitor.get("/accessibility?stepped=free-money-now")).text


# The mailbox


def test_the_mailbox_shows_everybodys_mail_newest_first(handler: Handler, visitor: Client) -> None:
    enquire(handler)

    page = Page(visitor.get("/demo/mailbox"))

    letters = [text for text, href in page.links if href.startswith("/demo/mailbox/")]
    assert [letter.partition(":")[0] for letter in letters] == ["New enquiry to answer", "Your enquiry"]
    assert "Waiting to be sent" in page.text


def test_the_mailbox_can_show_one_persons_mail(handler: Handler, visitor: Client) -> None:
    enquire(handler)
    enquire(handler, contact_email="dan@elsewhere.example", contact_name=DAN.name, organisation="Elsewhere")

    page = Page(visitor.get("/demo/mailbox?to=dan@elsewhere.example"))

    assert "1 email to dan@elsewhere.example" in page.text
    assert "Pat Provider\n" not in page.text.partition("State")[2]


def test_the_mailbox_has_pages(handler: Handler, visitor: Client) -> None:
    for number in range(14):  # Two e-mails each.
        enquire(handler, organisation=f"Farm {number}")

    first = Page(visitor.get("/demo/mailbox"))
    second = Page(visitor.get(first.link("Older")))

    assert "28 emails, page 1 of 2" in first.text
    assert "28 emails, page 2 of 2" in second.text
    assert second.link("Newer") == "/demo/mailbox?page=1"
    for odd in ("0", "-1", "ten", "99999999999"):
        assert visitor.get(f"/demo/mailbox?page={odd}").status_code == 200


def test_an_email_is_shown_in_a_frame_that_may_run_nothing(site: Site, handler: Handler, visitor: Client) -> None:
    enquire(handler)
    number = messages(site)[-1]

    around, framed = visitor.get(f"/demo/mailbox/{number}"), visitor.get(f"/demo/mailbox/{number}/html")

    page = Page(around)
    assert page.heading.startswith("Your enquiry: we have received it")
    assert "Pat Provider <pat@made-up-farm.example>" in page.text
    assert "frame-src 'self'" in around.headers["content-security-policy"]
    policy = framed.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-top-navigation-by-user-activation" in policy
    assert "script" not in policy
    assert '<base target="_top">' in framed.text


def test_an_emails_invitation_can_be_downloaded(site: Site, handler: Handler, visitor: Client) -> None:
    bring_to(handler, "panel")
    newest, oldest = messages(site)[0], messages(site)[-1]

    invitation = visitor.get(Page(visitor.get(f"/demo/mailbox/{newest}")).link("invitation.ics"))

    assert invitation.headers["content-type"].startswith("text/calendar")
    assert invitation.headers["content-disposition"] == 'attachment; filename="invitation.ics"'
    assert "BEGIN:VEVENT" in invitation.text
    assert visitor.get(f"/demo/mailbox/{oldest}/invitation.ics").status_code == 404
