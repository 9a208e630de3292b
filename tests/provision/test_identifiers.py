"""The numbers of settings and learners."""

import pytest

from apflow.provision.identifiers import is_ukprn, is_uln, is_urn, tidy


@pytest.mark.parametrize(
    ("number", "is_right"),
    [("109123", True), ("20012", True), ("1091234", False), ("10912", True), ("1091", False), ("10912A", False)],
)
def test_a_urn_has_five_or_six_digits(number: str, is_right: bool) -> None:
    assert is_urn(number) is is_right


@pytest.mark.parametrize(
    ("number", "is_right"), [("10013279", True), ("20013279", False), ("1001327", False), ("100132790", False)]
)
def test_a_ukprn_has_eight_digits_and_begins_with_a_1(number: str, is_right: bool) -> None:
    assert is_ukprn(number) is is_right


@pytest.mark.parametrize(
    ("number", "is_right"),
    [
        ("1234567879", False),
        ("1234567892", False),
        ("1000000000", True),  # 10 x 1 leaves 10, and 10 - 10 is 0.
        ("1000000001", False),
        ("2000000001", True),  # 10 x 2 leaves 9.
        ("1010000002", False),  # 10 + 8 leaves 7: the digit is 3.
        ("1010000003", True),
        ("0000000000", False),
        ("20000000010", False),
    ],
)
def test_the_last_digit_of_a_uln_fits_the_nine_before_it(number: str, is_right: bool) -> None:
    assert is_uln(number) is is_right


def test_a_remainder_of_0_makes_no_uln() -> None:
    found = [stem for stem in range(100000000, 100000030) if not any(is_uln(f"{stem}{digit}") for digit in range(10))]

    assert found
    assert all(sum(w * int(d) for w, d in zip(range(10, 1, -1), str(stem), strict=True)) % 11 == 0 for stem in found)


def test_spaces_that_help_to_read_a_number_are_not_kept() -> None:
    assert tidy(" 100 132 79 ") == "10013279"
