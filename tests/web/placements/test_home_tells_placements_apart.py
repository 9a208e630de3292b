"""Home, of those with several placements at one provider: each says whom it is about to those who may know it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.records.reads import reads_of
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, PAT
from apflow.web.site import Site
from tests.placing import ANOTHER_PROGRAMME, a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def two(site: Site) -> tuple[Actor, dict[str, int]]:
    """A school and its two pupils, by the references of their placements: Pip's is prepared, Robin's only referred."""
    handler = site.handler
    _, place = a_listed_site(handler)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    pip, robin = (a_pupil_of(handler, "Hill School", name) for name in ("Pip", "Robin"))
    first, second = refer(handler, hill, pip, place), refer(handler, hill, robin, place)
    prepare(handler, first, hill)
    return hill, {first: pip, second: robin}


def looks_of(site: Site, pupil: int) -> list[tuple[str, str]]:
    with site.store.reading() as connection:
        return [(row.name, row.page) for row in reads_of(connection, pupil, limit=9)]


def test_a_school_reads_whom_each_is_about_and_each_look_is_noted(
    site: Site, two: tuple[Actor, dict[str, int]], client_as: ClientAs
) -> None:
    hill, pupils = two
    text = Page(client_as(hill).get("/home")).text

    (first, pip), (second, robin) = pupils.items()
    assert f"Pip Sparrow, reference {first}" in text
    assert f"Robin Sparrow, reference {second}" in text
    for pupil in (pip, robin):
        assert looks_of(site, pupil)[0] == (hill.name, "Home: placements")


def test_a_provider_reads_it_of_those_only_where_it_may_know(
    site: Site, two: tuple[Actor, dict[str, int]], client_as: ClientAs
) -> None:
    _, pupils = two
    text = Page(client_as(PAT).get("/home")).text

    (first, pip), (second, robin) = pupils.items()
    assert f"Pip Sparrow, reference {first}" in text
    assert f"Reference {second}" in text
    assert "Robin" not in text, "who is only referred is not named"
    assert looks_of(site, pip)[0] == (PAT.name, "Home: placements")
    assert (PAT.name, "Home: placements") not in looks_of(site, robin)


def test_no_email_has_it(site: Site, two: tuple[Actor, dict[str, int]], client_as: ClientAs) -> None:
    hill, _ = two
    client_as(hill).get("/home")

    with site.store.reading() as connection:
        sent = connection.execute(select(messages.c.subject, messages.c.text, messages.c.html)).all()
    assert sent
    assert not [row for row in sent if "Sparrow" in "".join(part or "" for part in row)]


def test_what_is_signed_is_not_what_comes_next(
    site: Site, two: tuple[Actor, dict[str, int]], client_as: ClientAs
) -> None:
    hill, pupils = two
    first = next(iter(pupils))
    text = Page(client_as(hill).get("/home")).text
    assert "Next: Start the placement" in text, "the plan is set out already"

    site.handler.fire(first, "set_programme", ANOTHER_PROGRAMME, actor=PAT, now=MONDAY)
    text = Page(client_as(hill).get("/home")).text
    assert "Next: Sign the service level agreement" in text
    assert "Start the placement" not in text, "before both have signed, it cannot"
