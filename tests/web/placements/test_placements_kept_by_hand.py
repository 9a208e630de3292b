"""A school's own pupils: a placement kept by hand stands there beside whatever cases the pupil has."""

from collections.abc import Callable
from datetime import timedelta

from apflow.core.people.actor import Actor
from apflow.testing import MONDAY, StoppedClock
from apflow.web.site import Site
from tests.placing import REFERRAL
from tests.records.attendance import SCHOOL_MAIL, a_placed_pupil
from tests.records.council import a_placement, a_pupil, a_school
from tests.removal import remove
from tests.web.attending import reader_of, reference_of
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


def test_one_that_runs_is_listed_beside_a_draft_with_how_its_provider_stands(site: Site, client_as: ClientAs) -> None:
    case, _ = a_placed_pupil(site.handler)
    head = reader_of(site.handler, SCHOOL_MAIL)
    draft = {**REFERRAL, "pupil": 1, "site": 1}
    site.handler.open_case("placement", "refer_a_pupil", draft, actor=head, now=MONDAY)
    remove(site.handler, reference_of(site.handler, case))

    theirs = Page(client_as(head).get("/my-pupils"))

    assert "write your referral" in theirs.text.lower()
    assert "A placement at Made Up Farm, Main site, since 7 Sep 2026" in theirs.text
    assert "Not on the approved list" in theirs.text


def test_each_of_two_is_listed_and_one_to_come_with_its_first_day(
    site: Site, clock: StoppedClock, client_as: ClientAs
) -> None:
    a_placed_pupil(site.handler)
    first = (clock.at + timedelta(weeks=2)).date()
    a_placement(site.handler, 1, "3", starts_on=first.isoformat())
    head = reader_of(site.handler, SCHOOL_MAIL)

    theirs = Page(client_as(head).get("/my-pupils"))

    assert "since 7 Sep 2026" in theirs.text
    assert "from 16 Nov 2026" in theirs.text


def test_one_of_a_pupil_on_another_roll_is_listed_for_whoever_pays_for_it(site: Site, client_as: ClientAs) -> None:
    a_placed_pupil(site.handler)
    a_school(site.handler, name="Vale School", urn="999902", email="val@vale.example")
    robin = a_pupil(site.handler, forename="Robin", home_school="Vale School")
    a_placement(site.handler, robin)
    head = reader_of(site.handler, SCHOOL_MAIL)

    theirs = Page(client_as(head).get("/my-pupils"))

    assert "No placement" not in theirs.text
    assert theirs.text.count("A placement at Made Up Farm") == 2
