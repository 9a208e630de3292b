"""Until when a closed case is kept, and by which rule."""

from datetime import date

from apflow.core.days.duration import Duration
from apflow.core.definition.keeping import ClosedCases, KeptFor
from apflow.provision.retention import Above, case_kept_until, rule_for

SIX, LONG = Duration.parse("6 years"), Duration.parse("25 years")
CONCERNS = KeptFor(of="concern", keep=SIX, assumed="x")
SAFEGUARDING = KeptFor(of="concern", keep=LONG, answered={"category": "safeguarding"}, assumed="x")
DECLINED = KeptFor(of="provider", keep=SIX, states=("declined",), assumed="x")
POLICY = ClosedCases(
    decided_by=("manager",), rules={"longer": SAFEGUARDING, "concerns": CONCERNS, "declined": DECLINED}
)
CLOSED = date(2028, 2, 29)


def test_the_first_rule_that_fits_counts() -> None:
    assert rule_for(POLICY, "concern", "closed", {"category": "safeguarding"}) == SAFEGUARDING
    assert rule_for(POLICY, "concern", "closed", {"category": "quality"}) == CONCERNS
    assert rule_for(POLICY, "concern", "closed", {}) == CONCERNS
    assert rule_for(POLICY, "provider", "declined", {}) == DECLINED
    assert rule_for(POLICY, "provider", "removed", {}) is None


def test_it_is_counted_from_the_close_or_from_what_was_added_since() -> None:
    until = case_kept_until(CONCERNS, CLOSED, CLOSED, {})
    assert (until.day, until.because) == (date(2034, 2, 28), "6 years after 29 Feb 2028, when it was closed")

    until = case_kept_until(CONCERNS, CLOSED, date(2030, 5, 4), {})
    assert until.day == date(2036, 5, 4)
    assert until.because.endswith("when something was last added to it")


def test_a_day_that_it_names_counts_where_that_is_later() -> None:
    rule = KeptFor(of="placement_review", keep=SIX, counted_from="ends_on", assumed="x")

    assert case_kept_until(rule, CLOSED, CLOSED, {"ends_on": "2029-07-20"}).day == date(2035, 7, 20)
    assert case_kept_until(rule, CLOSED, CLOSED, {"ends_on": "2020-07-20"}).day == date(2034, 2, 28)
    assert case_kept_until(rule, CLOSED, CLOSED, {"ends_on": None}).day == date(2034, 2, 28)


def test_one_that_is_kept_with_what_it_belongs_to_waits_until_that_is_closed_and_counts_from_there() -> None:
    rule = KeptFor(of="visit", keep=SIX, with_parent=True, assumed="x")
    on_the_list, left = Above("AP-1", None), Above("AP-1", date(2040, 1, 31))

    assert case_kept_until(rule, CLOSED, CLOSED, {}, [on_the_list]).day == date.max
    assert case_kept_until(rule, CLOSED, CLOSED, {}, [left]).day == date(2046, 1, 31)
    assert case_kept_until(CONCERNS, CLOSED, CLOSED, {}, [on_the_list]).day == date(2034, 2, 28)
