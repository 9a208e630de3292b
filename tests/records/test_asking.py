"""Whom or what an answer names: what stands in brackets tells those apart who share a name."""

import pytest

from apflow.records.asking import called, precise


@pytest.mark.parametrize("number", ["999901", "AP-2QRH-G2HC", "AP-ZJDR-CVGX"])
def test_what_is_called_by_a_name_and_a_number_is_looked_for_by_the_number_alone(number: str) -> None:
    assert precise(called("Made Up Farm", number)) == number


@pytest.mark.parametrize("name", ["Made Up Farm", "Hill School (infants)", "Hill School (North)"])
def test_a_name_is_looked_for_as_it_is_brackets_and_all(name: str) -> None:
    assert precise(name) == name
