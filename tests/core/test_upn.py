"""Unique pupil numbers: the published examples, and slips that the check letter is there to find."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apflow.core.screening.upn import ALPHABET, check_letter, is_temporary, is_upn, tidy

RESTS = st.from_regex(rf"[0-9]{{11}}[0-9{ALPHABET}]", fullmatch=True)


@pytest.mark.parametrize(
    ("number", "is_right"),
    [
        ("R201100018042", True),
        ("A801200005001", False),  # The letter is wrong.
        ("R20110001804", False),
        ("R2011000180420", False),
        ("1201100018042", False),
        ("I201100018042", False),  # I, O and S are in no UPN.
        ("R20110001804O", False),
        ("r201100018042", False),
        ("R२01100018042", False),
        ("", False),
    ],
)
def test_a_number_is_right_when_its_letter_fits(number: str, is_right: bool) -> None:
    assert is_upn(number) is is_right


def test_a_number_is_tidied_before_it_is_kept() -> None:
    assert tidy(" r2011 0001 8042 ") == "R201100018042"


def test_a_temporary_number_ends_in_a_letter() -> None:
    temporary = f"{check_letter('80120000500A')}80120000500A"

    assert is_upn(temporary)
    assert (is_temporary(temporary), is_temporary("R201100018042"), is_temporary("")) == (True, False, False)


@given(rest=RESTS, place=st.integers(0, 10), digit=st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_found(rest: str, place: int, digit: str) -> None:
    number = check_letter(rest) + rest
    slip = check_letter(rest) + rest[:place] + digit + rest[place + 1 :]

    assert is_upn(number)
    assert is_upn(slip) is (slip == number)
