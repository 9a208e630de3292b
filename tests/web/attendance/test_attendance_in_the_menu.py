"""The menu leads a provider to attendance once a pupil is, or was, placed there; an applicant has nothing to mark."""

from collections.abc import Callable

from apflow.core.people.actor import Actor
from apflow.testing import MAGDA, PAT, enquire
from apflow.web.site import Site
from tests.records.attendance import a_placed_pupil
from tests.web.attending import reader_of
from tests.web.browsing import Client

ClientAs = Callable[[Actor], Client]
ENTRY = 'href="/attendance"'


def test_an_applicant_has_no_entry_for_attendance(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)

    assert ENTRY not in client_as(PAT).get(f"/cases/{reference}").text


def test_a_provider_with_a_pupil_has_one(site: Site, client_as: ClientAs) -> None:
    a_placed_pupil(site.handler)

    assert ENTRY in client_as(PAT).get("/home", follow_redirects=True).text


def test_so_have_a_school_and_the_staff_before_there_is_any_pupil(site: Site, client_as: ClientAs) -> None:
    school = reader_of(site.handler, "hattie@hill-school.example")

    assert ENTRY in client_as(school).get("/home", follow_redirects=True).text
    assert ENTRY in client_as(MAGDA).get("/work").text
