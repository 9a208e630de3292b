"""What a case's page says will happen if nobody acts: all of it to staff, to a provider what becomes of their own."""

from collections.abc import Callable

from apflow.testing import MONDAY, OLIVE, PAT, enquire
from apflow.web.site import Site
from tests.brought import bring_to
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[..., Client]
FOREWARNED = "What happens if nobody acts"


def ahead(client: Client, reference: str) -> str:
    """The words of that part of the page, or nothing where there is none."""
    _, _, after = Page(client.get(f"/cases/{reference}")).text.partition(FOREWARNED)
    return after


def test_staff_read_each_reminder_and_move_with_its_day_and_who_is_written_to(site: Site, client_as: ClientAs) -> None:
    said = ahead(client_as(OLIVE), bring_to(site.handler, "gathering_evidence"))

    assert "Reminder: documents should be sent.\nEmail to Pat Provider" in said
    assert "Lapse. It goes on to “Lapsed”.\nEmail to Pat Provider" in said


def test_a_provider_reads_in_plain_words_what_becomes_of_their_application(site: Site, client_as: ClientAs) -> None:
    said = ahead(client_as(PAT), bring_to(site.handler, "gathering_evidence"))

    assert "We remind you by email: documents should be sent." in said
    assert "and we tell you" in said
    assert "Olive" not in said


def test_a_provider_is_not_told_who_in_the_council_is_reminded_of_what(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)

    assert ahead(client_as(OLIVE), reference)
    assert ahead(client_as(PAT), reference) == ""


def test_of_a_case_that_has_ended_nothing_is_said(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    site.handler.fire(reference, "withdraw", {"sure": True}, actor=PAT, now=MONDAY)

    assert ahead(client_as(OLIVE), reference) == ""


def test_of_two_outsiders_each_reads_only_of_the_emails_that_are_their_own(site: Site, client_as: ClientAs) -> None:
    handler = site.handler
    _, number = a_listed_site(handler)
    school = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill.example")
    reference = refer(handler, school, a_pupil_of(handler, "Hill School", "Wren"), number)

    assert "We remind you by email: the referral should be answered." in ahead(client_as(PAT), reference)
    assert "We remind you by email: the referral should be answered." not in ahead(client_as(school), reference)
