"""What a manager is asked again about, one of the cases that go on for months, stands once in their work."""

import pytest

from apflow.loader import Library


@pytest.mark.parametrize(
    ("workflow", "state", "first"),
    [
        ("formal_escalation", "to_arrange", "arrange_due"),
        ("formal_escalation", "arranged", "decided_due"),
        ("quality_review", "waiting_for_visit", "visit_due"),
        ("quality_review", "to_conclude", "review_due"),
        ("data_breach", "late", "late_due"),
        ("data_breach", "following", "closed_due"),
    ],
)
def test_it_is_asked_again_after_the_first_has_passed_and_by_the_same_task(
    library: Library, workflow: str, state: str, first: str
) -> None:
    deadlines = library.current(workflow).deadlines[state]
    again = deadlines["look_again"]

    assert (again.after_deadline, again.same_task_as) == (first, first)
    assert again.then.escalate == deadlines[first].then.escalate == "manager"
