"""The privacy page says what the law asks to be told, in the council's own words, and nothing that is not so."""

from tests.web.browsing import Client
from tests.web.reading import Page


def test_whoever_is_written_about_or_writes_finds_what_it_is_for_who_reads_it_and_to_whom_they_can_complain(
    client: Client,
) -> None:
    page = Page(client.get("/privacy"))

    for heading in (
        "If your child has a placement, or you have one",
        "If you tell us of a concern",
        "Who else is told",
    ):
        assert page.below(heading)
    assert "data.protection@council.example" in page.text
    assert "article 6(1)(e)" in page.text
    assert "Virtual School" in page.text
    assert page.link("How to complain to the Information Commissioner's Office").startswith("https://ico.org.uk/")
    assert "is kept for 6 years after the last placement" in page.text
    assert "Do not put any child’s name or details into this service" not in page.text, "forms ask for them"


def test_it_is_no_paper_of_the_approved_list(client: Client) -> None:
    assert "Privacy notice" not in Page(client.get("/approved-list")).text
