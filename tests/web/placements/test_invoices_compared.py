"""An invoice beside what was agreed and attended, from its coming to its payment, credit and total."""

import csv
import io
from collections.abc import Callable

import pytest
from sqlalchemy import select

from apflow.core.errors import Invalid
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.store.tables.cases import cases
from apflow.testing import MONDAY, OLIVE, PAT, PETRA
from apflow.web.site import Site
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
TIME = "first=2026-09-01&last=2026-12-31"


@pytest.fixture
def school(site: Site) -> Actor:
    return a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")


@pytest.fixture
def placement(site: Site, school: Actor) -> str:
    """One at £200 a week, which began on Monday 2 November."""
    _, place = a_listed_site(site.handler)
    reference = refer(site.handler, school, a_pupil_of(site.handler, "Hill School", "Pip"), place)
    prepare(site.handler, reference, school, starts_on=MONDAY.date().isoformat(), cost="200")
    site.handler.fire(reference, "start_placement", {}, actor=school, now=MONDAY)
    return reference


def sent(site: Site, placement: str, **said: str) -> str:
    """The reference of an invoice for four school weeks, or as is said."""
    invoice = {"period_from": "2026-11-02", "period_until": "2026-11-27", "pay_by": "2026-12-14"}
    invoice |= {"invoice_number": "1042", "amount": "800"}
    site.handler.fire(placement, "send_invoice", invoice | said, actor=PAT, now=MONDAY)
    hear_all(site.handler, machine_now=lambda: MONDAY)
    with site.store.reading() as connection:
        query = select(cases.c.reference).where(cases.c.workflow == "invoice").order_by(cases.c.id.desc())
        return str(connection.execute(query).scalars().first())


def fire(site: Site, reference: str, event: str, actor: Actor, **said: str) -> None:
    site.handler.fire(reference, event, said, actor=actor, now=MONDAY)


def the_case(site: Site, reference: str) -> Snapshot:
    with site.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def totals(client: Client) -> list[list[str]]:
    _, *rows = csv.reader(io.StringIO(client.get(f"/invoices/totals.csv?{TIME}").content.decode("utf-8-sig")))
    return rows


def test_each_side_and_the_council_see_what_was_agreed(
    site: Site, placement: str, school: Actor, client_as: ClientAs
) -> None:
    reference = sent(site, placement, amount="800.50")

    for reader in (school, PAT, OLIVE):
        below = Page(client_as(reader).get(f"/cases/{reference}")).below("Compared with the placement")
        shown = " ".join(below.split())
        assert "Agreed for this time £800.00" in shown
        assert "School days in this time 20" in shown
        assert "It is £0.50 more than what was agreed comes to" in shown
        assert "No session of this time is marked as attended, or as an absence." in shown


def test_a_duplicate_is_seen_by_whoever_pays_and_by_the_council(
    site: Site, placement: str, school: Actor, client_as: ClientAs
) -> None:
    first = sent(site, placement)
    second = sent(site, placement, period_from="2026-11-30", period_until="2026-12-11")

    for reader in (school, OLIVE):
        assert f"{first} from Made Up Farm has the same number, 1042." in Page(
            client_as(reader).get(f"/cases/{second}")
        ).below("Compared with the placement")


def test_an_earlier_invoice_between_the_same_two_is_listed_once(
    site: Site, placement: str, client_as: ClientAs
) -> None:
    first, second = sent(site, placement), sent(site, placement, invoice_number="1043")

    earlier = Page(client_as(OLIVE).get(f"/cases/{second}")).below("Earlier, with the same people")
    assert earlier.count(f"{first}: invoice") == 1


def test_a_look_at_it_is_one_at_the_pupils_attendance(site: Site, placement: str, client_as: ClientAs) -> None:
    reference, olive = sent(site, placement), client_as(OLIVE)
    olive.get(f"/cases/{reference}")
    olive.get(f"/invoices?{TIME}")

    told = Page(olive.get("/pupils/1/looks")).text
    assert f"Invoice {reference}" in told
    assert "List of invoices" in told


def test_another_sum_than_the_amount_is_recorded_with_its_reason(site: Site, placement: str, school: Actor) -> None:
    reference = sent(site, placement)
    paid = {"paid_on": "2026-11-02", "paid": "750"}

    with pytest.raises(Invalid) as refused:
        fire(site, reference, "settle", school, **paid)
    assert list(refused.value.errors) == ["paid_otherwise"]
    fire(site, reference, "settle", school, **paid, paid_otherwise="Two sessions were in the holiday.")

    assert the_case(site, reference).state == "paid"


def test_a_payment_that_did_not_come_or_was_recorded_by_mistake_is_taken_back(
    site: Site, placement: str, school: Actor, client_as: ClientAs
) -> None:
    reference, olive = sent(site, placement), client_as(OLIVE)
    paid = {"paid_on": "2026-11-02", "paid": "800"}

    fire(site, reference, "settle", school, **paid)
    assert totals(olive)[-1][-2:] == ["800.00", "0.00"]
    fire(site, reference, "has_not_come", PAT, not_come="Nothing has come.")
    assert the_case(site, reference).state == "issued"
    assert totals(olive)[-1][-2:] == ["0", "800.00"]
    fire(site, reference, "settle", school, **paid)
    fire(site, reference, "not_paid", school, not_paid_because="It was another invoice.")
    assert the_case(site, reference).state == "issued"
    fire(site, reference, "settle", school, **paid)
    fire(site, reference, "has_come", PAT)
    assert the_case(site, reference).state == "settled"


def test_a_credit_comes_off_what_is_owed(site: Site, placement: str, school: Actor, client_as: ClientAs) -> None:
    reference = sent(site, placement, amount="900")
    fire(site, reference, "credit", PAT, credited="100", credited_because="Half-term was on it.")

    page = Page(client_as(OLIVE).get(f"/invoices?{TIME}")).text
    assert "£800.00 after £100.00 credit" in " ".join(page.split())
    assert "more than what was agreed" not in page


def test_the_file_has_numbers_as_numbers_and_no_formula(site: Site, placement: str, client_as: ClientAs) -> None:
    sent(site, placement, invoice_number="=1+1", amount="760")

    text = client_as(OLIVE).get(f"/invoices.csv?{TIME}").content.decode("utf-8-sig")
    headings, row = csv.reader(io.StringIO(text))
    told = dict(zip(headings, row, strict=True))

    assert told["Number"] == "'=1+1"
    assert (told["Owed in pounds"], told["Agreed in pounds"]) == ("760.00", "800.00")
    assert told["Owed less agreed in pounds"] == "-40.00"


def test_totals_are_by_commissioner_and_leave_out_what_was_withdrawn(
    site: Site, placement: str, client_as: ClientAs
) -> None:
    sent(site, placement)
    fire(site, sent(site, placement, invoice_number="1043"), "withdraw", PAT, withdrawn_because="Sent twice.")

    assert totals(client_as(OLIVE)) == [
        ["Hill School", "Made Up Farm", "2", "1", "800.00", "0", "800.00"],
        ["Hill School", "All providers", "2", "1", "800.00", "0", "800.00"],
        ["All commissioners", "All providers", "2", "1", "800.00", "0", "800.00"],
    ]


@pytest.mark.parametrize("actor", [PETRA, PAT])
def test_to_anybody_else_there_are_no_such_pages(site: Site, placement: str, client_as: ClientAs, actor: Actor) -> None:
    sent(site, placement)
    for address in ("/invoices", "/invoices.csv", "/invoices.xlsx", "/invoices/totals.csv", "/invoices/totals.xlsx"):
        assert client_as(actor).get(address).status_code == 404
