"""A case that was moved to another version, on its pages: under the names of now, and what was done told to staff."""

from collections.abc import Callable

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT, a_handler
from apflow.versions.moving import Move, moved, to_move, version_to
from apflow.web.site import Site
from tests.brought import bring_to
from tests.versions import changed
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
RENAMED = (
    ("checking_evidence", "looking_at_it"),
    ("\nparty: ", "\nmigrate: {checking_evidence: looking_at_it}\nparty: "),
    ("{staff: Checking evidence, provider", "{staff: Looking at the papers, provider"),
)


def a_moved_case(handler: Handler) -> str:
    reference = bring_to(handler, "panel")
    later = a_handler(handler.store, changed(handler.library, *RENAMED))
    move = Move(version_to(later, "provider", None), MAGDA, MONDAY)
    assert [told.how for told in moved(later, move, to_move(later, move.to))] == ["moved"]
    return reference


def test_staff_read_what_the_move_did_and_old_states_under_their_new_name(client_as: ClientAs, site: Site) -> None:
    reference = a_moved_case(site.handler)

    page = Page(client_as(OLIVE).get(f"/cases/{reference}"))

    assert "Moved to version 2" in page.text
    assert "It stays in “With the panel”." in page.text
    assert "Looking at the papers" in page.text
    assert "Checking evidence" not in page.text


def test_the_provider_sees_its_steps_and_nothing_of_the_move(client_as: ClientAs, site: Site) -> None:
    reference = a_moved_case(site.handler)

    page = Page(client_as(PAT).get(f"/cases/{reference}"))

    assert "Your documents" in page.text
    assert "ersion 2" not in page.text


def test_its_diagram_shows_the_way_it_came(client_as: ClientAs, site: Site) -> None:
    reference = a_moved_case(site.handler)

    answer = client_as(OLIVE).get(f"/cases/{reference}/diagram")

    assert answer.status_code == 200
    assert "Looking at the papers</a>" in answer.text
