"""Finding a pupil's number in what people write."""

import pytest

from apflow.core.screening import numbers_in


@pytest.mark.parametrize(
    "written", ["R201100018042", "r201100018042", "R 2011 0001 8042", "R-201-1000-18042", "(R201100018042)."]
)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    assert len(numbers_in(f"We met {written} at the gate")) == 1


@pytest.mark.parametrize(
    "written",
    ["A801200005001", "XR201100018042", "R2011000180421", "01225 000000 and 01632 960000", "B123", "AP-HJBF-BBVQ", ""],
)
def test_what_only_looks_a_little_like_one_is_left(written: str) -> None:
    assert numbers_in(f"We met {written} at the gate") == []
