"""An officer puts another home school on a pupil's record: what each side then finds on its pages."""

from collections.abc import Callable
from datetime import timedelta

from apflow.core.people.actor import Actor
from apflow.rounds.signals import hear_all
from apflow.testing import MONDAY, OLIVE, StoppedClock
from apflow.web.site import Site
from tests.placing import a_running_placement, a_school_with_an_account
from tests.records.attendance import SCHOOL_MAIL, a_placed_pupil
from tests.web.attending import reader_of
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


def test_the_council_has_it_to_settle_and_the_new_school_finds_that_there_is_a_placement(
    site: Site, clock: StoppedClock, client_as: ClientAs
) -> None:
    one = a_running_placement(site)
    vale = a_school_with_an_account(site.handler, "Vale School", "999902", "val@vale-school.example")
    clock.at = MONDAY + timedelta(weeks=2)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/pupils/{one.pupil}/change")).forms[-1]

    saved = form.send(officer, home_school="Vale School")
    hear_all(site.handler, machine_now=lambda: clock.at)

    assert saved.status_code == 303
    assert "home school is another than before" in officer.get(f"/cases/{one.reference}").text
    assert "home school is another than before" in officer.get("/work").text
    assert client_as(one.school).get(f"/cases/{one.reference}").status_code == 200, "it is Hill's until that is settled"
    assert client_as(vale).get(f"/cases/{one.reference}").status_code == 404
    theirs = client_as(vale).get("/my-pupils").text
    assert "No placement" not in theirs
    assert "A placement that somebody else arranged" in theirs


def test_one_that_the_school_commissioned_and_that_has_no_case_is_said_to_be_there(
    site: Site, client_as: ClientAs
) -> None:
    a_placed_pupil(site.handler)
    hattie = reader_of(site.handler, SCHOOL_MAIL)

    theirs = Page(client_as(hattie).get("/my-pupils")).text

    assert "A placement at Made Up Farm, Main site, since 7 Sep 2026: attendance" in theirs
    assert "somebody else" not in theirs
