"""Away, and who covers: said on a page, found in the cover's work, and shown to whoever leads the team."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.core.people.actor import Actor
from apflow.testing import MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA, StoppedClock
from apflow.web.site import Site
from tests.away import say_away
from tests.brought import bring_to
from tests.removal import a_second_manager, propose
from tests.store.witness import case_of
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
FRIDAY = MONDAY + timedelta(days=4)
DAYS = {
    "first_on__day": "2",
    "first_on__month": "11",
    "first_on__year": "2026",
    "last_on__day": "6",
    "last_on__month": "11",
    "last_on__year": "2026",
}


def text_of(client: Client, address: str) -> str:
    return " ".join(Page(client.get(address)).text.split())


def test_somebody_says_that_they_are_away_and_their_cover_finds_their_work(site: Site, client_as: ClientAs) -> None:
    bring_to(site.handler, "checking_evidence", organisation="Mine Barn")
    officer, cover = client_as(OLIVE), client_as(OSCAR)
    assert "Mine Barn" not in text_of(cover, "/work")

    page = Page(
        officer.get(Page(officer.get(Page(officer.get("/work")).link("Say when you are away"))).link("Say when"))
    )
    assert page.heading == "When are you away, and who covers?"
    kept = page.form("Save").send(officer, "Save", covers=str(OSCAR.id), **DAYS)
    assert kept.status_code == 303

    said = text_of(officer, kept.headers["location"])
    assert "2 Nov 2026 to 6 Nov 2026 Oscar Officer covers." in said
    assert "You are away until 6 Nov 2026; Oscar Officer covers." in text_of(officer, "/work")
    theirs = text_of(cover, "/work")
    assert "You cover for Olive Officer, who is away until 6 Nov 2026" in theirs
    assert "Mine Barn" in theirs
    assert "For Olive Officer, who is away until 6 Nov 2026 Take over or pass on" in theirs
    assert "You cover for Olive Officer, who is away until 6 Nov 2026." in text_of(cover, "/away")
    assert "You cover for" not in text_of(officer, "/away")


def test_it_ends_early_when_they_are_back(site: Site, client_as: ClientAs) -> None:
    bring_to(site.handler, "checking_evidence", organisation="Mine Barn")
    say_away(site.handler, OLIVE, MONDAY, FRIDAY, OSCAR)
    officer = client_as(OLIVE)
    Page(officer.get("/away")).form("I am back").send(officer, "I am back")
    assert "You have not said that you are away." in text_of(officer, "/away")
    assert "Mine Barn" not in text_of(client_as(OSCAR), "/work")


def test_a_manager_says_it_for_somebody_who_fell_ill(site: Site, client_as: ClientAs) -> None:
    manager = client_as(MAGDA)
    chosen = Page(manager.get("/away")).form("Say when they are away")
    form = manager.get("/away/new", params={"who": str(OLIVE.id)})
    assert chosen.action == "/away/new"
    page = Page(manager.get(form.headers["location"]))
    assert "Magda Manager, who can only pass the work on to others" in page.text
    page.form("Save").send(manager, "Save", covers=str(OSCAR.id), **DAYS)
    assert "Olive Officer 2 Nov 2026 to 6 Nov 2026 Oscar Officer covers." in text_of(manager, "/away")


def test_nobody_is_chosen_before_somebody_is(site: Site, client_as: ClientAs) -> None:
    page = client_as(MAGDA).get("/away").text

    assert '<option value="">Choose one</option>' in page
    assert client_as(MAGDA).get("/away/new?who=", follow_redirects=False).headers["location"] == "/away"


def test_nobody_says_it_for_somebody_else_whose_work_they_do_not_look_after(site: Site, client_as: ClientAs) -> None:
    number = say_away(site.handler, OLIVE, MONDAY, FRIDAY, OSCAR)
    for who in (OSCAR, PETRA, PAT):
        other = client_as(who)
        assert other.get(f"/away/new/{OLIVE.id}").status_code == 404
        assert other.get(f"/away/{number}/change").status_code == 404
        assert other.post(f"/away/{number}/end").status_code == 404
        assert other.post(f"/away/new/{OLIVE.id}", data={"covers": str(OSCAR.id)}).status_code == 404
    assert client_as(PAT).get("/away").status_code == 404
    assert "Oscar Officer covers" in text_of(client_as(OLIVE), "/away")


def test_what_is_wrong_is_said_beside_what_was_typed(site: Site, client_as: ClientAs) -> None:
    say_away(site.handler, OSCAR, FRIDAY, FRIDAY)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/away/new/{OLIVE.id}")).form("Save")
    page = Page(form.send(officer, "Save", covers=str(OSCAR.id), **DAYS))
    assert list(page.errors.values()) == [
        "Oscar Officer is away on 6 Nov 2026, so cannot cover then. Choose somebody else"
    ]
    assert page.form("Save").value("last_on-day") == "6"


def test_the_cover_marks_an_alert_as_done_under_their_own_name(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    site.handler.alert(reference, "mail_failed", "pat@x.example does not exist", now=MONDAY)
    cover = client_as(OSCAR)
    assert "Mark as done" not in text_of(cover, f"/cases/{reference}")
    say_away(site.handler, OLIVE, MONDAY, FRIDAY, OSCAR)

    page = Page(cover.get(f"/cases/{reference}"))
    assert ". Away until 6 Nov 2026; you cover for them" in " ".join(page.text.split())
    page.form("Mark as done").send(cover, "Mark as done", note="Rang Pat.")
    assert not [task for task in case_of(site.store, reference).tasks if task.name == "mail_failed"]
    assert "Oscar Officer" in Page(cover.get(f"/cases/{reference}")).below("Timeline")


def test_whoever_passes_something_to_somebody_away_is_told(site: Site, client_as: ClientAs) -> None:
    bring_to(site.handler, "checking_evidence")
    say_away(site.handler, OSCAR, MONDAY, FRIDAY)
    officer = client_as(OLIVE)
    page = Page(officer.get(Page(officer.get("/work")).link("Pass to a colleague")))
    assert "Oscar Officer (away until 6 Nov 2026; nobody covers)" in page.text
    passed = page.form("Pass it on").send(officer, "Pass it on", to=str(OSCAR.id))
    said = text_of(officer, passed.headers["location"])
    assert "Oscar Officer is away until 6 Nov 2026; nobody covers." in said


def test_the_team_page_says_who_is_away_and_warns_where_nobody_covers(
    site: Site, client_as: ClientAs, clock: StoppedClock
) -> None:
    bring_to(site.handler, "checking_evidence")
    number = say_away(site.handler, OLIVE, MONDAY, FRIDAY)
    say_away(site.handler, OSCAR, FRIDAY, FRIDAY)
    manager = client_as(MAGDA)
    warning = (
        "Olive Officer is away until 6 Nov 2026, and nobody covers what they have to do as"
        " Alternative Learning Team officer."
    )
    said = text_of(manager, "/team")
    assert warning in said
    assert "Oscar Officer, 6 Nov 2026: nobody covers" in said
    assert "Oscar Officer is away" not in said, "there is nothing of theirs to cover"

    with pytest.raises(Exception, match="Oscar Officer is away"):
        say_away(site.handler, OLIVE, MONDAY, FRIDAY, OSCAR, number=number)
    say_away(site.handler, OLIVE, MONDAY, FRIDAY - timedelta(days=1), OSCAR, number=number)
    said = text_of(manager, "/team")
    assert warning not in said
    assert "Olive Officer, until 5 Nov 2026: Oscar Officer covers" in said

    clock.at = FRIDAY
    assert "Olive Officer, until" not in text_of(manager, "/team"), "it ends by itself"


def test_a_step_that_somebody_else_must_do_says_so_to_the_cover(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "approved")
    propose(site.handler, reference)
    second = a_second_manager(site.handler)
    (task,) = (task for task in case_of(site.store, reference).tasks if task.role == "manager")
    site.handler.claim(reference, task.id, actor=second, now=MONDAY)
    say_away(site.handler, second, MONDAY, FRIDAY, MAGDA)

    said = text_of(client_as(MAGDA), "/work")
    assert f"For {second.name}, who is away until 6 Nov 2026. You did the step before, so somebody else must do" in said


def test_a_program_is_told_for_whom_somebody_covers(site: Site, api_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    say_away(site.handler, OLIVE, MONDAY, FRIDAY, OSCAR)
    program = api_as(OSCAR)
    (task,) = [one for one in program.get("/api/v1/tasks").json()["items"] if one["reference"] == reference]
    assert (task["covered_for"], task["away_until"], task["is_yours"]) == ("Olive Officer", "2026-11-06", False)
    could = program.get(f"/api/v1/tasks/{task['id']}/pass").json()
    assert could["held_by"]["away_until"] == "2026-11-06"
