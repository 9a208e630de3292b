"""Retention: whose record's time is over and why, what holds one back, who decides, and what is left afterwards."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from apflow.core.people.actor import Actor
from apflow.records.door import add
from apflow.records.people.pupils import PROFESSIONAL
from apflow.store.reading.history import broken_chains, history_of
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.store.tables.pupils import placements, professionals, pupils
from apflow.store.tables.records import record_changes, record_reads
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT, PETRA, StoppedClock
from apflow.web.site import Site
from tests.placing import Between, a_prepared_placement
from tests.records.council import by
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
SEVEN_YEARS_ON = datetime(2033, 11, 7, 10, tzinfo=UTC)
UNTIL = {"ask_again_on-day": "1", "ask_again_on-month": "2", "ask_again_on-year": "2034"}
WHOLE_NAME = ("Sparrow", "Pip")


@pytest.fixture
def ended(site: Site) -> Between:
    """Pip's, with a social worker; it ended on 20 November 2026."""
    between = a_prepared_placement(site)
    who = {"role": "social_worker", "name": "Saffron Worker", "email": "saffron@sample.example"}
    add(site.store, PROFESSIONAL, who, by(site.handler), {"pupil_id": between.pupil})
    site.handler.fire(between.reference, "start_placement", {}, actor=between.school, now=MONDAY + timedelta(days=7))
    with site.store.writing() as connection:
        connection.execute(update(placements).values(ends_on=date(2026, 11, 20)))
        connection.execute(update(cases).where(cases.c.reference == between.reference).values(is_open=False))
    return between


@pytest.fixture
def later(ended: Between, clock: StoppedClock) -> Between:
    """The same, once its time is over."""
    clock.at = SEVEN_YEARS_ON
    return ended


def read(client: Client, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Page(answer)


def erase(client: Client, pupil: int) -> Page:
    form = read(client, f"/pupils/{pupil}/kept").form("Erase this record")
    sent = form.send(client, because="Six years are over.", sure="yes")
    assert sent.headers["location"] == "/retention?done=erased"
    return read(client, sent.headers["location"])


def test_a_record_is_listed_with_its_rule_once_its_time_is_over(
    ended: Between, client_as: ClientAs, clock: StoppedClock
) -> None:
    magda = client_as(MAGDA)
    assert "No record’s time is over." in read(magda, "/retention").text
    assert "20 Nov 2032" in read(magda, f"/pupils/{ended.pupil}/kept").text

    clock.at = SEVEN_YEARS_ON
    shown = read(magda, "/retention").below("Time is over")

    assert "Pip Sparrow" in shown
    assert "6 years after 20 Nov 2026, when the last of it ended" in shown


def test_before_its_time_and_while_a_case_is_open_nothing_can_be_erased(
    site: Site, ended: Between, client_as: ClientAs, clock: StoppedClock
) -> None:
    magda, said = client_as(MAGDA), {"because": "Now.", "sure": "yes"}
    too_early = magda.post(f"/pupils/{ended.pupil}/erase", data=said)
    assert too_early.status_code == 409
    assert "Its time is not over." in Page(too_early).text
    clock.at = SEVEN_YEARS_ON
    with site.store.writing() as connection:
        connection.execute(update(cases).where(cases.c.reference == ended.reference).values(is_open=True))

    refused = magda.post(f"/pupils/{ended.pupil}/erase", data=said)

    assert refused.status_code == 409
    assert f"Its case {ended.reference} is open." in Page(refused).text
    assert read(magda, f"/pupils/{ended.pupil}").heading == "Pip Sparrow"


def test_a_hold_keeps_it_until_it_is_let_go(later: Between, client_as: ClientAs) -> None:
    olive, magda = client_as(OLIVE), client_as(MAGDA)
    form = read(olive, f"/pupils/{later.pupil}/kept").form("Hold it back")
    assert form.send(olive).status_code == 422
    assert form.send(olive, held_because="A claim, number 17").status_code == 422
    past = {**UNTIL, "ask_again_on-year": "2026"}
    assert form.send(olive, held_because="A claim, number 17", **past).status_code == 422
    form.send(olive, held_because="A claim, number 17", **UNTIL)

    held = read(magda, f"/pupils/{later.pupil}/kept")
    assert "Olive Officer holds it back: A claim, number 17. To be asked again on 1 Feb 2034." in held.text
    assert not held.has_button("Erase this record")
    assert magda.post(f"/pupils/{later.pupil}/erase", data={"because": "Now.", "sure": "yes"}).status_code == 409

    held.form("Hold it back no longer").send(magda)
    assert read(magda, f"/pupils/{later.pupil}/kept").has_button("Erase this record")


def test_only_who_decides_erases(later: Between, client_as: ClientAs) -> None:
    shown = read(client_as(OLIVE), f"/pupils/{later.pupil}/kept")

    assert not shown.has_button("Erase this record")
    assert "That is not yours to decide" in shown.text
    sent = client_as(OLIVE).post(f"/pupils/{later.pupil}/erase", data={"because": "Now.", "sure": "yes"})
    assert sent.status_code == 404
    assert read(client_as(MAGDA), f"/pupils/{later.pupil}").heading == "Pip Sparrow"


def test_what_was_erased_is_nowhere_any_more_and_that_it_was_is_told(
    site: Site, later: Between, client_as: ClientAs
) -> None:
    magda = client_as(MAGDA)
    told = erase(magda, later.pupil).below("Erased")

    assert "by Magda Manager. Erased: Six years are over." in told
    with site.store.reading() as connection:
        row = connection.execute(select(pupils)).one()
        assert (row.surname, row.upn, row.born) == ("Erased", None, date(2012, 1, 1))
        assert connection.execute(select(professionals)).all() == []
        everywhere = [
            str([*connection.execute(select(table))]) for table in (pupils, history, messages, record_changes, cases)
        ]
    for name in (*WHOLE_NAME, "Saffron", "Goats kick.", "To read for an hour a day."):
        assert [text for text in everywhere if name in text] == [], name


def test_its_history_still_verifies_and_its_pages_open(site: Site, later: Between, client_as: ClientAs) -> None:
    magda = client_as(MAGDA)
    erase(magda, later.pupil)

    with site.store.reading() as connection:
        assert list(broken_chains(connection)) == []
        entries = history_of(connection, later.reference)
        looks = connection.execute(select(record_reads.c.page)).scalars().all()
    assert [entry.name for entry in entries][:2] == ["refer_a_pupil", "describe"]
    assert "How long the record is kept" in looks, "who looked stays"
    for address in (
        f"/cases/{later.reference}",
        f"/cases/{later.reference}/timeline",
        f"/pupils/{later.pupil}",
        f"/pupils/{later.pupil}/held",
        f"/pupils/{later.pupil}/looks",
        "/pupils",
        "/placements?all=yes",
        "/reports?first=2026-09-01&last=2026-12-31",
        "/returns/placements?first=2026-09-01&last=2026-12-31",
    ):
        read(magda, address)
    assert magda.get(f"/pupils/{later.pupil}/kept").status_code == 404


def test_an_erased_record_is_not_changed_any_more(later: Between, client_as: ClientAs) -> None:
    magda = client_as(MAGDA)
    form = read(magda, f"/pupils/{later.pupil}/change").form("Save")
    erase(magda, later.pupil)

    assert form.send(magda, surname="Sparrow").status_code == 404
    assert read(magda, f"/pupils/{later.pupil}").heading == f"Record {later.pupil} Erased"


@pytest.mark.parametrize("actor", [PETRA, PAT])
def test_to_anybody_else_there_are_no_such_pages(later: Between, client_as: ClientAs, actor: Actor) -> None:
    client = client_as(actor)
    for address in ("/retention", f"/pupils/{later.pupil}/kept"):
        assert client.get(address).status_code == 404
    for event in ("hold", "let-go", "erase"):
        said = {"because": "Now.", "held_because": "Now.", **UNTIL, "sure": "yes"}
        assert client.post(f"/pupils/{later.pupil}/{event}", data=said).status_code == 404
