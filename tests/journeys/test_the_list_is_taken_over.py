"""What a council has comes from its spreadsheets: looked at first, explained row by row, whole or not at all."""

from collections.abc import Callable

import pytest

from apflow.testing import EMAILS, OLIVE
from tests.journeys.live import Live
from tests.journeys.people import File, Person, text_of
from tests.journeys.steps import subjects
from tests.records.test_taking_over import HEADINGS, KITE

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
KIT = ("Kit Sample", "kit@sample.example")
LIST = "Providers on the approved list as it was"
PAPERS = "Provider,Document,Date it expires\nKite Barn,Public liability insurance,{}\n"


def test_the_list_is_taken_over(live: Live, arrive: Arrive) -> None:
    olive, anyone, kit = arrive(OLIVE.name, EMAILS[OLIVE]), arrive("Anyone", "anyone@elsewhere.example"), arrive(*KIT)
    olive.signs_in()

    a_row_is_wrong_and_nothing_is_imported(olive, anyone)
    it_is_mended_and_imported(olive, anyone)
    the_provider_is_told_that_it_stays_on_the_list(kit)
    the_same_file_again_changes_nothing_and_writes_to_nobody(olive, kit)
    what_was_checked_before_keeps_itself_current(olive)


def sends(olive: Person, kind: str, content: str, name: str) -> None:
    olive.opens("/import")
    olive.chooses(kind)
    file: File = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    olive.page.get_by_label("File", exact=True).set_input_files(file)
    olive.presses("Look at it")


def a_row_is_wrong_and_nothing_is_imported(olive: Person, anyone: Person) -> None:
    wrong = KITE.replace("Kite Barn", "Other Barn").replace("Bath,", "Atlantis,")
    sends(olive, LIST, HEADINGS + KITE + wrong, "list.csv")
    olive.sees("1 of 2 rows is wrong", "“Atlantis” is none of")
    assert not olive.can("Import")
    anyone.opens("/approved-list")
    anyone.sees_no("Kite Barn")


def it_is_mended_and_imported(olive: Person, anyone: Person) -> None:
    sends(olive, LIST, HEADINGS + KITE, "list.csv")
    olive.sees("1 row: 1 new")
    olive.presses("Import")
    olive.is_at("Imported")
    anyone.opens("/approved-list")
    anyone.sees("Kite Barn", "Taking placements")


def the_provider_is_told_that_it_stays_on_the_list(kit: Person) -> None:
    letter = kit.reads("approved list")
    assert "Kite Barn" in text_of(letter)


def the_same_file_again_changes_nothing_and_writes_to_nobody(olive: Person, kit: Person) -> None:
    before = subjects(kit.mail())
    sends(olive, LIST, HEADINGS + KITE, "list.csv")
    olive.sees("Everything in the file is here already")
    assert subjects(kit.mail()) == before


def what_was_checked_before_keeps_itself_current(olive: Person) -> None:
    sends(olive, "Documents that were checked before", PAPERS.format("03/03/2027"), "papers.csv")
    olive.presses("Import")
    olive.is_at("Imported")
    olive.opens("/cases?q=Kite")
    olive.follows("Kite Barn")
    olive.sees("A document should be renewed", "Wednesday 3 March 2027")
