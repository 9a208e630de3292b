"""Reporting a breach of personal data, from where it is noticed; who sees it then, and the list of all of them."""

from collections.abc import Callable

import pytest

from apflow.core.people.actor import Actor
from apflow.store import outbox
from apflow.testing import EMAILS, MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA, enquire
from apflow.web.site import Site
from tests.breaches import HAPPENED, a_data_protection_officer, report
from tests.placing import a_prepared_placement
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
EVERY = "/cases?kind=data_breach&closed=yes"


def read(client: Client, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Page(answer)


@pytest.mark.parametrize("who", [OLIVE, MAGDA, PETRA])
def test_anybody_of_the_staff_reports_one_under_their_own_name(site: Site, client_as: ClientAs, who: Actor) -> None:
    client = client_as(who)
    form = read(client, read(client, "/work").link("Report a data breach")).form("Report a data breach")

    assert (form.value("reporter_name"), form.value("reporter_email")) == (who.name, EMAILS[who])
    sent = form.send(
        client,
        kind="wrong_person",
        what_happened=HAPPENED,
        **{"aware_on-day": "2", "aware_on-month": "11", "aware_on-year": "2026"},
        aware_at="8:15am",
        what_data="names",
        whose="pupils",
        contained="not_yet",
    )

    page = read(client, sent.headers["location"])
    assert HAPPENED in page.text
    assert page.heading.endswith("Sent to the wrong person")


def test_an_email_is_reported_with_its_case_and_its_number(site: Site, client_as: ClientAs) -> None:
    reference, olive = enquire(site.handler), client_as(OLIVE)
    with site.store.reading() as connection:
        number = outbox.recent_messages(connection, to_email=EMAILS[PAT], limit=1, offset=0)[0].id

    form = read(olive, read(olive, f"/emails/{number}").link("Report it as a data breach")).form("Report a data breach")

    assert (form.value("about_case"), form.value("about_email")) == (reference, str(number))


def test_a_case_is_reported_with_its_reference(site: Site, client_as: ClientAs) -> None:
    reference, olive = enquire(site.handler), client_as(OLIVE)

    form = read(olive, read(olive, f"/cases/{reference}").link("Report a data breach about it"))

    assert form.form("Report a data breach").value("about_case") == reference


def test_a_provider_tells_of_one_and_reads_only_what_it_told(site: Site, client_as: ClientAs) -> None:
    pat = client_as(PAT)
    form = read(pat, "/start/tell_of_breach").form("Continue")

    assert form.value("reporter_email") == EMAILS[PAT]
    dora, reference = a_data_protection_officer(site.store), report(site.handler)
    site.handler.fire(reference, "take_on", {"first_steps": "We rang them."}, actor=dora, now=MONDAY)
    assert pat.get(f"/cases/{reference}").status_code == 404, "it is not theirs"


def test_a_time_that_is_still_to_come_is_refused_beside_the_question(client_as: ClientAs) -> None:
    olive = client_as(OLIVE)
    form = read(olive, "/start/report_breach").form("Report a data breach")

    answer = form.send(
        olive, **{"aware_on-day": "2", "aware_on-month": "11", "aware_on-year": "2026"}, aware_at="11:45pm"
    )

    assert "this is still to come today" in Page(answer).errors["aware_at"]


def test_all_of_them_stand_in_one_list_for_those_who_handle_them(site: Site, client_as: ClientAs) -> None:
    dora, reference = a_data_protection_officer(site.store), report(site.handler)
    why = {"no_breach_because": "It was a made-up report."}
    closed = report(site.handler, kind="lost")
    site.handler.fire(closed, "no_breach", why, actor=dora, now=MONDAY)

    listed, file = read(client_as(dora), EVERY), client_as(dora).get(EVERY.replace("/cases?", "/cases.csv?")).text

    assert listed.link("Sent to the wrong person") == f"/cases/{reference}"
    assert listed.link("Lost or stolen") == f"/cases/{closed}"
    assert '"Day it was noticed","People concerned","Risk to people","ICO told","ICO reference"' in _quoted(file)
    assert HAPPENED not in listed.text + file
    assert "No breach" not in read(client_as(OSCAR), EVERY).text, "an officer has no such list"


def _quoted(file: str) -> str:
    heading = file.lstrip("\ufeff").splitlines()[0]
    return ",".join(f'"{one.strip(chr(34))}"' for one in heading.split(","))


def test_what_is_held_about_a_pupil_names_a_breach_about_their_case(site: Site, client_as: ClientAs) -> None:
    between = a_prepared_placement(site)
    reference = report(site.handler, about_case=between.reference, what_happened="A letter went to the wrong farm.")

    page = read(client_as(OLIVE), f"/pupils/{between.pupil}/held")

    assert reference in page.text
    assert "wrong farm" not in page.text, "who may not see the case is told that there is one, and no more"
