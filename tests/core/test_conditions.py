"""Conditions: true, false, or unknown because a value is missing; and unknown never lets anything through."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from apflow.core.conditions import Facts, Truth, falling_short, holds
from apflow.core.definition.conditions import Condition

CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
FIELDS = {"town": "Bath", "pupils": 4, "one": 1, "zero": 0, "agreed": False, "on": "2026-11-02", "empty": ""}
TRUE = {"fact": "town", "is": "Bath"}
FALSE = {"fact": "town", "is": "Wells"}
UNKNOWN = {"fact": "nowhere", "is": "Bath"}


def truth(condition: dict[str, Any], *items: dict[str, Any], **fields: Any) -> Truth:
    """The condition's truth about FIELDS, and about these items of a collection of papers."""
    return holds(CONDITION.validate_python(condition), facts(*items, **fields))


def facts(*items: dict[str, Any], **fields: Any) -> Facts:
    papers = {str(number): {"label": f"Paper {number}", **item} for number, item in enumerate(items)}
    return Facts({**FIELDS, **fields}, "2026-11-02", answers={"reply": "yes"}, collections={"papers": papers})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (TRUE, True),
        (FALSE, False),
        (UNKNOWN, None),
        ({"fact": "town", "is_not": "Wells"}, True),
        ({"fact": "nowhere", "is_not": "Wells"}, None),
        ({"fact": "town", "is_one_of": ["Bath", "Wells"]}, True),
        ({"fact": "town", "is_one_of": []}, False),
        ({"fact": "nowhere", "is_one_of": ["Bath"]}, None),
        ({"fact": "pupils", "at_least": 4}, True),
        ({"fact": "pupils", "at_least": 5}, False),
        ({"fact": "pupils", "at_most": 4}, True),
        ({"fact": "zero", "at_least": 0}, True),
        ({"fact": "nowhere", "at_most": 4}, None),
        ({"fact": "on", "is_before": "2026-11-03"}, True),
        ({"fact": "on", "is_before": "today"}, False),
        ({"fact": "on", "is_on_or_after": "today"}, True),
        ({"fact": "on", "is_after": "today"}, False),
        ({"fact": "on", "is_after": {"fact": "nowhere"}}, None),
        ({"fact": "on", "is": {"fact": "today"}}, True),
        ({"fact": "answer.reply", "is": "yes"}, True),
        ({"fact": "council.open", "is": True}, None),
        ({"fact": "item.status", "is": "accepted"}, None),
    ],
)
def test_one_fact_is_compared_and_a_missing_one_leaves_it_unknown(condition: dict[str, Any], expected: Truth) -> None:
    assert truth(condition) is expected


@pytest.mark.parametrize(
    ("fact", "present"),
    [("town", True), ("zero", True), ("agreed", True), ("empty", False), ("nowhere", False), ("none", False)],
)
def test_presence_is_never_unknown_and_zero_and_no_are_present(fact: str, present: bool) -> None:
    assert truth({"fact": fact, "is_present": True}, none=[]) is present
    assert truth({"fact": fact, "is_present": False}, none=[]) is not present


@pytest.mark.parametrize(
    "condition",
    [
        {"fact": "one", "is": True},
        {"fact": "zero", "is": False},
        {"fact": "agreed", "is": 0},
        {"fact": "one", "is_one_of": [True, "1"]},
    ],
)
def test_a_number_is_never_a_yes_or_a_no(condition: dict[str, Any]) -> None:
    assert truth(condition) is False


@pytest.mark.parametrize("condition", [{"fact": "town", "at_least": 3}, {"fact": "pupils", "is_before": "today"}])
def test_what_cannot_be_compared_is_unknown(condition: dict[str, Any]) -> None:
    assert truth(condition) is None


@pytest.mark.parametrize(
    ("parts", "all_of_them", "any_of_them"),
    [
        ([TRUE, TRUE], True, True),
        ([TRUE, FALSE], False, True),
        ([FALSE, FALSE], False, False),
        ([TRUE, UNKNOWN], None, True),
        ([FALSE, UNKNOWN], False, None),
        ([UNKNOWN, UNKNOWN], None, None),
        ([], True, False),
    ],
)
def test_all_and_any_know_what_they_can_without_the_unknown(
    parts: list[dict[str, Any]], all_of_them: Truth, any_of_them: Truth
) -> None:
    assert truth({"all": parts}) is all_of_them
    assert truth({"any": parts}) is any_of_them


@pytest.mark.parametrize(("inner", "outer"), [(TRUE, False), (FALSE, True), (UNKNOWN, None)])
def test_not_turns_true_and_false_over_and_leaves_the_unknown(inner: dict[str, Any], outer: Truth) -> None:
    assert truth({"not": inner}) is outer


EVERY_LONG_ONE_IS_SIGNED = {
    "every": "papers",
    "where": {"fact": "item.pages", "at_least": 10},
    "has": {"fact": "item.signed", "is": True},
}


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], True),
        ([{"pages": 10, "signed": True}], True),
        ([{"pages": 10, "signed": False}], False),
        ([{"pages": 9, "signed": False}], True),
        ([{"pages": 10}], None),
        ([{"signed": False}], None),  # it may be a long one, so it is not let off
        ([{"signed": True}], True),
        ([{"pages": 10}, {"pages": 10, "signed": False}], False),
    ],
)
def test_every_holds_when_no_item_meant_falls_short(items: list[dict[str, Any]], expected: Truth) -> None:
    assert truth(EVERY_LONG_ONE_IS_SIGNED, *items) is expected


def test_the_items_that_fall_short_are_named_the_unknown_among_them() -> None:
    condition = CONDITION.validate_python({"all": [EVERY_LONG_ONE_IS_SIGNED, EVERY_LONG_ONE_IS_SIGNED, TRUE]})
    items = [{"pages": 10, "signed": True}, {"pages": 10, "signed": False}, {"pages": 1}, {"pages": 12}, {}]

    assert falling_short(condition, facts(*items)) == ("Paper 1", "Paper 3", "Paper 4")


TWO_GIVEN = {"count": "papers", "where": {"fact": "item.status", "is": "given"}, "at_least": 2}


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["given", "given"], True),
        (["given", "refused", "refused"], False),
        (["given", None], None),
        (["given", "given", None], True),
        (["refused", None], False),
        ([], False),
    ],
)
def test_a_count_is_unknown_only_while_unknown_items_could_decide_it(
    statuses: list[str | None], expected: Truth
) -> None:
    assert truth(TWO_GIVEN, *({"status": status} for status in statuses)) is expected


@pytest.mark.parametrize(
    ("agencies", "expected"),
    [(["send", "police"], True), (["send", "send"], False), (["send", None], None), (["send", "send", "health"], True)],
)
def test_a_distinct_count_counts_different_values(agencies: list[str | None], expected: Truth) -> None:
    items = ({"status": "given", "agency": agency} for agency in agencies)

    assert truth({**TWO_GIVEN, "distinct": "agency"}, *items) is expected


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        ({"fact": "town"}, "give exactly one of"),
        ({"fact": "town", "is": "Bath", "is_not": "Wells"}, "give exactly one of"),
        ({"every": "papers"}, "Field required"),
        ({"sometimes": "papers"}, "a condition is one of: fact, all, any, not, every, count"),
        ("town == 'Bath'", "a condition is one of"),
    ],
)
def test_what_is_no_condition_is_refused(mistake: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        CONDITION.validate_python(mistake)


MORE_FOR_IT = {
    "majority": "papers",
    "where": {"fact": "item.view", "is": "visit"},
    "of": {"fact": "item.status", "is": "given"},
}


@pytest.mark.parametrize(
    ("views", "expected"),
    [
        ([], False),
        (["visit"], True),
        (["visit", "more"], False),
        (["visit", "visit", "more"], True),
        (["visit", "visit", None], True),
        (["visit", None], None),
        ([None], None),
        (["more", None, None], None),
        (["more", "more", None], False),
    ],
)
def test_a_majority_is_more_than_half_however_the_unknown_turn_out(views: list[str | None], expected: Truth) -> None:
    items = ({"status": "given", "view": view} for view in views)

    assert truth(MORE_FOR_IT, *items) is expected


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["given", "conflicted", "conflicted"], True),
        (["conflicted"], False),
        (["given", None], True),
        ([None], None),
    ],
)
def test_a_majority_counts_only_those_it_is_of(statuses: list[str | None], expected: Truth) -> None:
    items = ({"status": status, "view": "visit"} for status in statuses)

    assert truth(MORE_FOR_IT, *items) is expected


def test_one_against_it_who_may_not_count_leaves_a_majority_of_one_unknown() -> None:
    assert truth(MORE_FOR_IT, {"status": "given", "view": "visit"}, {"status": None, "view": "more"}) is None
