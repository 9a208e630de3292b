"""With a provider's case go the names of its sites and of whoever ran them, unless another case names them too."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, select, update

from apflow.handler import Handler
from apflow.records.providers.lights import lights
from apflow.records.retention.closed_cases import erase_closed
from apflow.records.retention.records import erase
from apflow.rounds.signals import hear_all
from apflow.store.driver.engine import Store
from apflow.store.driver.faults import StoreUnavailable
from apflow.store.records.sites import all_sites, number_of
from apflow.store.tables.cases import cases
from apflow.store.tables.messages import messages
from apflow.store.tables.places import proprietors, red_lights, sites
from apflow.store.tables.pupils import placements
from apflow.store.tables.records import record_changes
from apflow.store.tables.work import tasks
from apflow.testing import MAGDA, MONDAY, OLIVE, enquire
from tests.records.council import a_placement, a_pupil, a_school, a_site, by

WHY = "Its time is over."
YEAR = 366
WHERE = {"name": "Old Mill", "proprietor": "Quill Family Farms", "address": "1 Invented Lane", "postcode": "ZZ1 1ZZ"}
JO = {"contact_name": "Jo Judd", "contact_email": "jo@another-farm.example", "organisation": "Another Farm"}


def closed(door: Handler, reference: str, state: str = "removed", **said: Any) -> None:
    with door.store.writing() as connection:
        row = connection.execute(select(cases).where(cases.c.reference == reference)).one()
        values = {"state": state, "is_open": False, "fields": {**row.fields, **said}}
        connection.execute(update(cases).where(cases.c.id == row.id).values(values))
        work = update(tasks).where(tasks.c.case_id == row.id, tasks.c.closed_at.is_(None))
        connection.execute(work.values(closed_at=MONDAY, closed_how="cancelled"))
        connection.execute(update(messages).values(status="sent", sent_at=MONDAY))


def provider_with_a_site(door: Handler, *, proprietor: str = WHERE["proprietor"], **answers: Any) -> str:
    """The reference of a provider with one site."""
    reference = enquire(door, **answers)
    with door.store.reading() as connection:
        number = number_of(connection, reference)
    a_site(door, number, **{**WHERE, "proprietor": proprietor})
    return reference


@pytest.fixture
def provider(door: Handler) -> str:
    """One that has left the list."""
    reference = provider_with_a_site(door)
    closed(door, reference)
    return reference


def erase_it(door: Handler, reference: str, *, years: int = 7) -> None:
    with door.store.writing() as connection:
        erase_closed(connection, reference, WHY, by(door, MAGDA, days_on=years * YEAR))


def said(store: Store) -> str:
    """All that is held of places, and in the log of what was changed about them."""
    with store.reading() as connection:
        return str([connection.execute(select(t)).all() for t in (sites, proprietors, red_lights, record_changes)])


def named(door: Handler) -> list[str]:
    with door.store.reading() as connection:
        return list(connection.execute(select(proprietors.c.name).order_by(proprietors.c.id)).scalars())


def test_its_sites_and_whoever_ran_them_are_named_nowhere_any_more(door: Handler, provider: str) -> None:
    assert "Old Mill" in said(door.store)

    erase_it(door, provider)

    for word in ("Old Mill", "Quill", "quill", "Invented Lane", "ZZ1", "09:30", "9:30"):
        assert word not in said(door.store), word
    assert named(door) == ["Erased"]
    with door.store.reading() as connection:
        (site,) = connection.execute(select(sites)).all()
    assert (site.name, site.hours, site.ended_on) == ("Erased", {}, MONDAY.date())


def test_it_is_in_no_list_of_whoever_runs_a_site(door: Handler, provider: str) -> None:
    erase_it(door, provider)

    law = door.library.registration
    assert law is not None
    with door.store.reading() as connection:
        assert lights(connection, law, date(2033, 11, 7)) == []
        assert len(all_sites(connection)) == 1


def test_whoever_runs_a_site_of_another_provider_keeps_the_name_until_that_is_erased_too(
    door: Handler, provider: str
) -> None:
    other = provider_with_a_site(door, **JO)
    closed(door, other)

    erase_it(door, provider)
    assert named(door) == ["Quill Family Farms"]
    assert said(door.store).count("Old Mill") > 0

    erase_it(door, other)
    assert named(door) == ["Erased"]
    assert "Old Mill" not in said(door.store)


def test_whom_another_case_names_in_words_keeps_the_name_until_that_is_erased_too(door: Handler, provider: str) -> None:
    answers = {"organisation": "Made Up Farm", "contact_name": "Pat", "contact_email": "pat@made-up-farm.example"}
    answers |= {"proprietor": "Quill Family Farms", "provider_case": "AP-0000-0000", "why": "Five pupils."}
    light = door.open_case("registration_light", "turned_red", answers, actor=OLIVE, now=MONDAY).reference
    closed(door, light, "need_not", provider_case="")

    erase_it(door, provider)
    assert named(door) == ["Quill Family Farms"]

    erase_it(door, light)
    assert named(door) == ["Erased"]


def test_two_who_were_erased_are_told_apart_by_their_numbers_and_a_new_one_may_have_the_name(
    door: Handler, provider: str
) -> None:
    other = provider_with_a_site(door, proprietor="Another Family", **JO)
    closed(door, other)
    erase_it(door, provider)
    erase_it(door, other)
    assert named(door) == ["Erased", "Erased"]

    provider_with_a_site(door, organisation="A New Farm")

    assert named(door) == ["Erased", "Erased", "Quill Family Farms"]


def test_what_is_counted_of_the_placements_of_erased_pupils_stays_without_the_names_of_sites(door: Handler) -> None:
    a_school(door)
    reference = provider_with_a_site(door)
    with door.store.reading() as connection:
        number = number_of(connection, reference)
    a_site(door, number, **{**WHERE, "name": "New Mill"})
    pip = a_pupil(door)
    a_placement(door, pip, site="Old Mill", ends_on="2026-11-20", destination="school")
    hear_all(door, machine_now=lambda: MONDAY)
    closed(door, reference)
    with door.store.writing() as connection:
        connection.execute(update(placements).values(also_called="New Mill"))
        erase(connection, pip, WHY, by(door, MAGDA, days_on=9 * YEAR))
        assert connection.execute(select(placements.c.also_called)).scalar_one() == "New Mill"

    erase_it(door, reference, years=9)

    with door.store.reading() as connection:
        row = connection.execute(select(placements)).one()
    assert (row.also_called, row.site_id is None, row.ends_on) == ("Erased", False, date(2026, 11, 20))
    assert "Mill" not in said(door.store)


def test_what_stops_halfway_leaves_them_as_they_were(door: Handler, provider: str) -> None:
    before = said(door.store)

    def halfway(connection: Any) -> None:
        erase_closed(connection, provider, WHY, by(door, MAGDA, days_on=7 * YEAR))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        door.store.write(halfway)

    assert said(door.store) == before


def test_a_name_is_not_erased_between_the_look_for_it_and_the_site_that_is_run_by_it(
    door: Handler, provider: str
) -> None:
    other = enquire(door, now=MONDAY, **JO)
    with door.store.reading() as connection:
        number = number_of(connection, other)
    looked = list[str]()

    def erase_meanwhile(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if looked or door.store.is_sqlite or not statement.startswith("SELECT proprietors.id"):
            return  # On SQLite nobody else writes meanwhile.
        looked.append(statement)
        with suppress(StoreUnavailable), door.store.writing() as waiting:  # It waits for the site, and gives up here.
            waiting.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
            erase_closed(waiting, provider, WHY, by(door, MAGDA, days_on=7 * YEAR))

    event.listen(door.store.engine, "after_cursor_execute", erase_meanwhile)
    try:
        a_site(door, number, **WHERE)
    finally:
        event.remove(door.store.engine, "after_cursor_execute", erase_meanwhile)

    with door.store.reading() as connection:
        run_by = [row.proprietor_name for row in all_sites(connection) if row.reference == other]
    assert run_by == ["Quill Family Farms"]
