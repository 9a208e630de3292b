"""What somebody should see of an invoice before it is paid."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from apflow.provision.invoicing import Agreed, Beside, Invoice, to_look_at

ONE = Invoice(
    reference="IN-1",
    state="issued",
    number="1042",
    provider="Made Up Farm",
    commissioner="Hill School",
    first=date(2026, 11, 2),
    last=date(2026, 11, 27),
    amount=Decimal("800.00"),
    pay_by=date(2026, 12, 14),
    placement=1,
    starts=date(2026, 11, 2),
)
FITS = Agreed(Decimal("800.00"), 20, 18, 2)


def test_of_one_that_fits_there_is_nothing_to_say() -> None:
    assert to_look_at(ONE, [ONE], FITS) == []


@pytest.mark.parametrize("number", ["1042", " 1042 "])
def test_the_same_number_twice_from_one_provider(number: str) -> None:
    other = replace(ONE, reference="IN-2", number=number, placement=2)

    assert to_look_at(ONE, [other, ONE], FITS) == [f"IN-2 from Made Up Farm has the same number, {number}."]
    assert to_look_at(ONE, [replace(other, provider="Another Farm")], FITS) == []
    assert to_look_at(ONE, [replace(other, state="withdrawn")], FITS) == []


def test_the_same_days_of_a_placement_twice() -> None:
    other = replace(ONE, reference="IN-2", number="1043", first=date(2026, 11, 27), last=date(2026, 12, 18))

    assert to_look_at(ONE, [other], FITS) == ["Invoice 1043 (IN-2) is for some of the same days of this placement."]
    assert to_look_at(ONE, [replace(other, placement=2)], FITS) == []
    assert to_look_at(ONE, [replace(other, first=date(2026, 11, 28))], FITS) == []


def test_among_many_it_stands_beside_those_of_its_number_or_placement_alone() -> None:
    numbered = replace(ONE, reference="IN-2", number=" 1042", placement=2)
    placed = replace(ONE, reference="IN-3", number="1043")
    unplaced = replace(ONE, reference="IN-4", number="1044", placement=None)
    others = [
        replace(unplaced, reference="IN-5", number="1045"),
        replace(ONE, reference="IN-6", provider="A", placement=3),
    ]
    among = Beside([ONE, numbered, placed, unplaced, *others])

    assert among.those(ONE) == [ONE, numbered, placed]
    assert among.those(unplaced) == [unplaced]
    assert to_look_at(ONE, among.those(ONE), FITS) == to_look_at(ONE, [ONE, numbered, placed, unplaced, *others], FITS)


def test_days_on_which_the_pupil_was_not_placed_there() -> None:
    assert to_look_at(replace(ONE, ends=date(2026, 11, 20)), [], FITS) == [
        "It is for days after the placement's last day, 20 Nov 2026."
    ]
    assert to_look_at(replace(ONE, starts=date(2026, 11, 9)), [], FITS) == [
        "It is for days before the placement's first day, 9 Nov 2026."
    ]


def test_another_amount_than_was_agreed_to_the_penny_after_what_was_credited() -> None:
    assert to_look_at(replace(ONE, amount=Decimal("800.01")), [], FITS) == [
        "It is £0.01 more than what was agreed comes to for the school days of this time."
    ]
    assert to_look_at(replace(ONE, amount=Decimal("900.00"), credited=Decimal("100.00")), [], FITS) == []
    assert to_look_at(ONE, [], replace(FITS, cost=None)) == []


def test_sums_that_go_beyond_what_it_came_to() -> None:
    credited = replace(ONE, credited=Decimal("800.01"))
    assert "More is credited than it came to." in to_look_at(credited, [], None)
    paid = replace(ONE, credited=Decimal("100.00"), paid=Decimal("800.00"))
    assert to_look_at(paid, [], None) == ["£100.00 more was paid than is owed."]
    assert to_look_at(replace(ONE, paid=Decimal("800.00")), [], None) == []


def test_sessions_that_nobody_marked_or_came_to() -> None:
    assert to_look_at(ONE, [], replace(FITS, attended=0, absent=0)) == [
        "No session of this time is marked as attended, or as an absence."
    ]
    assert to_look_at(ONE, [], replace(FITS, attended=0, absent=20)) == [
        "Nobody was there at any session of this time that was marked."
    ]


def test_nothing_is_said_of_one_that_is_withdrawn_and_nothing_is_owed_for_it() -> None:
    gone = replace(ONE, state="withdrawn", amount=Decimal("9.00"))

    assert to_look_at(gone, [ONE], FITS) == []
    assert gone.owed == 0
