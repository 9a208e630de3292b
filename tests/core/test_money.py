"""Sums of money: read, shown and compared to the penny."""

import pytest

from apflow.core import money
from apflow.core.conditions import Facts, holds
from apflow.core.definition.conditions import Compare


@pytest.mark.parametrize(
    ("kept", "shown"),
    [("1234.50", "£1,234.50"), ("0.00", "£0.00"), ("999999999.99", "£999,999,999.99"), ("lots", "lots")],
)
def test_a_sum_is_shown_with_its_pence(kept: str, shown: str) -> None:
    assert money.in_words(kept) == shown


@pytest.mark.parametrize(
    ("comparison", "truth"),
    [
        ({"at_least": 1000}, True),
        ({"at_least": 1001}, False),
        ({"at_most": 1000}, False),
        ({"at_most": 1001}, True),
    ],
)
def test_a_sum_is_compared_in_pounds_with_its_pence(comparison: dict[str, int], truth: bool) -> None:
    condition = Compare.model_validate({"fact": "budget", **comparison})

    assert holds(condition, Facts({"budget": "1000.50"}, "2026-11-02")) is truth
    assert holds(condition, Facts({"budget": "lots"}, "2026-11-02")) is None
