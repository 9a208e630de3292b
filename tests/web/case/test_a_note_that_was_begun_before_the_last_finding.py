"""Whoever writes the note of a visit reads what was found since they began it, before it goes out without that."""

from collections.abc import Callable

import pytest

from apflow.core.people.actor import Actor
from apflow.testing import MONDAY, OLIVE, OSCAR
from apflow.web.site import Site
from tests.brought import bring_to
from tests.quality import a_visit_made, case, do
from tests.web.browsing import Client
from tests.web.reading import Page

LATER, SENT, CHANGED = (
    "Save and come back later",
    "Circulate the note of the visit",
    "This changed while you were working",
)
TORN = "The incident book has pages torn out."


@pytest.fixture
def visit(site: Site) -> str:
    """One whose checklist is gone through."""
    return a_visit_made(site.handler, bring_to(site.handler, "approved"), MONDAY)


def find(site: Site, visit: str) -> None:
    do(site.handler, visit, "find_wanting", OSCAR, now=MONDAY, item="records", found=TORN)


def test_a_finding_since_the_note_was_put_aside_is_told_as_it_is_gone_on_with(
    site: Site, client_as: Callable[[Actor], Client], visit: str
) -> None:
    officer, address = client_as(OLIVE), f"/cases/{visit}/do/circulate"
    Page(officer.get(address)).form(LATER).send(officer, LATER, note="In words of my own.")
    find(site, visit)

    page = Page(officer.get(address))

    assert CHANGED in page.text
    assert TORN in page.text
    assert page.form("Continue").value("note") == "In words of my own."


def test_a_note_that_was_left_as_it_was_drafted_has_the_finding(
    site: Site, client_as: Callable[[Actor], Client], visit: str
) -> None:
    officer, address = client_as(OLIVE), f"/cases/{visit}/do/circulate"
    Page(officer.get(address)).form(LATER).send(officer, LATER, agreed="To look again in May.")
    find(site, visit)

    page = Page(officer.get(address))

    assert CHANGED not in page.text
    assert TORN in page.form("Continue").value("note")


def test_what_a_colleague_finds_while_the_note_is_written_is_told_once_before_it_goes_out(
    site: Site, client_as: Callable[[Actor], Client], visit: str
) -> None:
    officer, address = client_as(OLIVE), f"/cases/{visit}/do/circulate"
    form = Page(officer.get(address)).form("Continue")
    find(site, visit)

    told = Page(form.send(officer, "Continue", note="In words of my own.", no_surprise="yes"))
    assert CHANGED in told.text
    assert TORN in told.text
    assert case(site.handler, visit).state == "writing_up"

    checked = Page(told.form("Continue").send(officer, "Continue"))
    checked.form(SENT).send(officer, SENT)
    assert case(site.handler, visit).state == "circulated"
