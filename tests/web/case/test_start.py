"""Beginning a case: the public's enquiry and the officer's; nothing typed is lost, and nothing is sent twice."""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from apflow.core.definition.calendars import Applications
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.people.limits import RateLimit
from apflow.store.reading.queues import CaseFilter, list_cases
from apflow.testing import ENQUIRY, MAGDA, OLIVE, PAT, PETRA, a_handler
from apflow.web.site import Site
from tests.web.browsing import Client, a_browser_on
from tests.web.conftest import a_site_with
from tests.web.enquiring import checked, how_many
from tests.web.reading import Page

ClientAs = Callable[..., Client]
RECEIVED = {"received_on__day": "2", "received_on__month": "11", "received_on__year": "2026"}


# Enquiring


def test_a_browser_can_give_the_name_of_whoever_writes_about_themselves(client: Client, client_as: ClientAs) -> None:
    theirs, for_another = client.get("/start/enquire").text, client_as(OLIVE).get("/start/log_enquiry").text

    assert re.search(r'<input [^>]*id="contact_name"[^>]* autocomplete="name"', theirs)
    assert theirs.count('autocomplete="name"') == 1
    assert 'autocomplete="name"' not in for_another


def test_the_public_sends_an_enquiry_and_is_told_its_reference_and_what_happens_next(
    site: Site, client: Client
) -> None:
    sent = checked(client).form("Send your enquiry").send(client, "Send your enquiry")

    assert sent.status_code == 303
    page = Page(client.get(sent.headers["location"]))
    with site.store.reading() as connection:
        (case,) = list_cases(connection, CaseFilter(), limit=5)
    assert page.heading == "We have received your enquiry"
    assert case.reference in page.text
    assert "pat@made-up-farm.example" in page.text
    assert "We aim to answer by Monday 9 November 2026." in page.text


def test_nothing_is_kept_until_the_answers_have_been_checked(site: Site, client: Client) -> None:
    page = checked(client)

    assert page.heading == "Check your answers before you send them"
    assert "No, and we do not need to be" in page.text
    assert how_many(site) == 0


def test_an_optional_question_left_empty_is_shown_so_that_it_can_be_filled_in(client: Client) -> None:
    page = checked(client, contact_phone="")

    assert "Phone number\nNot given" in page.text


def test_every_mistake_is_shown_at_once_and_everything_typed_is_kept(client: Client) -> None:
    form = Page(client.get("/start/enquire")).form("Continue")

    page = Page(form.send(client, "Continue", organisation="Made Up Farm", contact_email="pat", postcode="BA1"))

    assert page.status == 422
    assert {"contact_name", "contact_email", "postcode", "what_is_offered", "registration"} == set(page.errors)
    assert set(page.errors) <= page.ids, "each error leads to its question"
    again = page.form("Continue")
    assert (again.value("organisation"), again.value("contact_email")) == ("Made Up Farm", "pat")
    assert again.value("key") == form.value("key")


def test_changing_an_answer_keeps_all_the_others(client: Client) -> None:
    page = checked(client, registration="registered", urn="999913")

    changed = page.form("Send your enquiry").send(client, "Change your answer: Postcode")

    form = Page(changed).form("Continue")
    assert form.value("postcode") == "BA1 1AA"
    assert form.value("what_is_offered") == ENQUIRY["what_is_offered"]
    assert form.value("urn") == "999913"


def test_an_answer_that_another_answer_rules_out_is_not_sent(site: Site, client: Client) -> None:
    page = checked(client, urn="999913")

    assert "999913" not in page.text
    assert page.form("Send your enquiry").send(client, "Send your enquiry").status_code == 303
    assert how_many(site) == 1


def test_what_is_typed_is_shown_as_text_and_never_as_markup(client: Client) -> None:
    response = (
        Page(client.get("/start/enquire"))
        .form("Continue")
        .send(client, "Continue", **{**ENQUIRY, "organisation": '<img src="x"> & "Sons"'})
    )

    assert '<img src="x">' not in response.text
    assert '<img src="x"> & "Sons"' in Page(response).text


def test_the_publics_browser_may_keep_the_page_so_that_going_back_loses_nothing(client: Client) -> None:
    assert client.get("/start/enquire").headers["cache-control"] == "private, no-cache"


# Sending twice


def test_sending_twice_makes_one_case_and_shows_the_same_confirmation(site: Site, client: Client) -> None:
    form = checked(client).form("Send your enquiry")

    first, second = (form.send(client, "Send your enquiry") for _ in range(2))

    assert first.headers["location"] == second.headers["location"]
    assert how_many(site) == 1


def test_what_was_changed_after_sending_is_not_taken_for_the_same_and_can_be_sent_as_another(
    site: Site, client: Client
) -> None:
    form = checked(client).form("Send your enquiry")
    form.send(client, "Send your enquiry")

    again = Page(form.send(client, "Send your enquiry", organisation="Another Farm"))

    assert (again.status, again.heading) == (409, "You have sent this already")
    assert how_many(site) == 1
    another = Page(again.form("Go on with another").send(client, "Go on with another"))
    assert "Another Farm" in another.text
    assert another.form("Send your enquiry").send(client, "Send your enquiry").status_code == 303
    assert how_many(site) == 2


def test_a_confirmation_is_shown_only_to_whoever_has_the_key_of_what_was_sent(client: Client) -> None:
    assert client.get("/start/enquire/sent/not-a-key-of-anything").status_code == 404


# Logging for somebody who wrote


@pytest.mark.parametrize("person", [OLIVE, MAGDA], ids=["an officer", "a manager"])
def test_staff_log_an_enquiry_that_came_by_email_and_go_on_to_its_case(
    site: Site, client_as: ClientAs, person: object
) -> None:
    staff = client_as(person)
    form = Page(staff.get("/start/log_enquiry")).form("Log the enquiry")

    sent = form.send(staff, "Log the enquiry", **ENQUIRY, **RECEIVED)

    page = Page(staff.get(sent.headers["location"]))
    assert "The enquiry is logged, and the provider has been told" in page.text
    assert how_many(site) == 1


def test_staff_log_enquiries_while_applications_are_closed(site: Site, client_as: ClientAs) -> None:
    officer = client_as(OLIVE)
    form = Page(officer.get("/start/log_enquiry")).form("Log the enquiry")
    cookies = dict(officer.cookies)
    with a_browser_on(a_site_with(site, Applications(open=False))) as browser:
        browser.cookies.update(cookies)
        sent = form.send(browser, "Log the enquiry", **ENQUIRY, **RECEIVED)

    assert sent.status_code == 303
    assert how_many(site) == 1


def test_an_officer_is_asked_about_the_provider_and_not_about_themselves(client_as: ClientAs) -> None:
    page = Page(client_as(OLIVE).get("/start/log_enquiry"))

    assert "Full name of the person who wrote" in page.text
    assert "Your full name" not in page.text


def test_staff_who_take_the_publics_form_are_given_their_own(client_as: ClientAs) -> None:
    assert client_as(OLIVE).get("/start/enquire").headers["location"] == "/start/log_enquiry"


def test_the_officers_form_is_for_officers_and_managers(client: Client, client_as: ClientAs) -> None:
    assert client.get("/start/log_enquiry").headers["location"] == "/sign-in?next=/start/log_enquiry"
    assert client_as(PAT).get("/start/log_enquiry").status_code == 403
    assert client_as(PETRA).get("/start/log_enquiry").status_code == 403


def test_what_an_address_asks_for_is_not_lost_by_signing_in(client: Client) -> None:
    location = client.get("/start/log_enquiry?organisation=Mill+%26+Farm").headers["location"]

    assert parse_qs(urlsplit(location).query) == {"next": ["/start/log_enquiry?organisation=Mill+%26+Farm"]}


def test_what_an_address_asks_for_is_lost_whole_where_it_is_too_long_to_keep(client: Client) -> None:
    page = client.get("/sign-in", params={"next": f"/cases?words={'x' * 300}"}).text

    assert 'name="next" value="/cases"' in page


def test_there_is_no_form_for_what_begins_no_case(client: Client) -> None:
    assert client.get("/start/approve").status_code == 404


def test_an_officer_whose_session_ended_while_typing_keeps_what_was_typed(
    site: Site, client: Client, client_as: ClientAs
) -> None:
    form = Page(client_as(OLIVE).get("/start/log_enquiry")).form("Log the enquiry")

    page = Page(form.send(client, "Log the enquiry", **ENQUIRY))

    assert page.status == 401
    assert "You have been signed out. Nothing you typed is lost." in page.text
    again = page.form("Log the enquiry")
    assert again.value("what_is_offered") == ENQUIRY["what_is_offered"]
    sent = again.send(client_as(OLIVE), "Log the enquiry", **{**RECEIVED, "registration": "not_needed"})
    assert sent.status_code == 303
    assert how_many(site) == 1


# Keeping machines out


def test_whoever_fills_in_the_box_that_people_do_not_see_is_asked_to_empty_it(site: Site, client: Client) -> None:
    form = Page(client.get("/start/enquire")).form("Continue")

    page = Page(form.send(client, "Continue", **ENQUIRY, homepage="http://buy-now.example"))

    assert page.status == 422
    assert "homepage" in page.errors
    again = page.form("Continue")
    assert again.value("organisation") == "Made Up Farm"
    # A person whose browser filled it in empties it, and goes on.
    assert Page(again.send(client, "Continue", **ENQUIRY, homepage="")).heading.startswith("Check your answers")
    assert how_many(site) == 0


def test_too_many_enquiries_from_one_address_must_wait_and_lose_nothing(site: Site) -> None:
    limited = replace(site, enquiries=RateLimit(1, timedelta(hours=1)))
    with a_browser_on(limited) as browser:
        checked(browser).form("Send your enquiry").send(browser, "Send your enquiry")
        second = checked(browser, contact_email="dan@elsewhere.example", organisation="Elsewhere").form("Send")

        page = Page(second.send(browser, "Send your enquiry"))

    assert page.status == 429
    assert "send it again in 60 minutes" in page.text
    assert "Elsewhere" in page.text
    assert how_many(site) == 1


def test_the_same_enquiry_sent_again_is_no_second_one_to_wait_for(site: Site) -> None:
    with a_browser_on(replace(site, enquiries=RateLimit(1, timedelta(hours=1)))) as browser:
        form = checked(browser).form("Send your enquiry")

        assert [form.send(browser, "Send your enquiry").status_code for _ in range(3)] == [303, 303, 303]


def test_staff_are_not_held_back(site: Site, client_as: ClientAs) -> None:
    cookies = dict(client_as(OLIVE).cookies)
    with a_browser_on(replace(site, enquiries=RateLimit(1, timedelta(hours=1)))) as browser:
        browser.cookies.update(cookies)
        for number in range(3):
            form = Page(browser.get("/start/log_enquiry")).form("Log the enquiry")
            form.send(browser, "Log the enquiry", **{**ENQUIRY, "organisation": f"Farm {number}"}, **RECEIVED)

    assert how_many(site) == 3


# When things are out of order


def test_while_the_database_cannot_be_written_what_was_typed_is_kept(
    site: Site, client: Client, tmp_path: Path
) -> None:
    form = checked(client).form("Send your enquiry")
    hasty = Store(f"{site.store.url}?timeout=0.05")
    held = sqlite3.connect(tmp_path / "apflow.db", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    try:
        with a_browser_on(replace(site, store=hasty, handler=a_handler(hasty, site.library))) as browser:
            page = Page(form.send(browser, "Send your enquiry"))
    finally:
        held.close()
        hasty.close()

    assert page.status == 503
    assert page.form("Continue").value("what_is_offered") == ENQUIRY["what_is_offered"]
    assert how_many(site) == 0


def test_an_enquiry_from_a_known_address_belongs_to_the_same_person(
    site: Site, client: Client, handler: Handler, client_as: ClientAs
) -> None:
    checked(client).form("Send your enquiry").send(client, "Send your enquiry")

    with site.store.reading() as connection:
        (case,) = list_cases(connection, CaseFilter(party=PAT.id), limit=5)
    assert client_as(PAT).get("/home").headers["location"] == f"/cases/{case.reference}"
