"""A notice that speaks of a deadline which may not be wanted is rehearsed without it as well."""

import pytest

from apflow.core.checks.emptied import answered_after, answered_before
from apflow.core.checks.sure import sure_of
from apflow.core.definition.compiled import Definition
from apflow.letters.made_up import contexts
from apflow.testing import shipped_library
from tests.versions import SENDING, shipped_with

UNLESS = (SENDING, f"{SENDING}\n        unless: {{fact: website, is_present: true}}")


def of_the_documents(definition: Definition) -> dict[str, set[bool]]:
    """By notice that speaks of when the documents are due, whether it is rehearsed with that, and whether without."""
    found: dict[str, set[bool]] = {}
    for send, context in contexts(definition):
        label = (context["deadline"] or {}).get("label")
        found.setdefault(send.notice, set()).add(label == "Documents should be sent")
    return {notice: ways for notice, ways in found.items() if True in ways}


def test_it_is_found_when_one_would_fail_as_its_deadline_does_not_run() -> None:
    always = of_the_documents(shipped_library().current("provider"))
    at_times = of_the_documents(shipped_with(UNLESS).current("provider"))

    assert always["invited_to_apply"] == {True}
    assert at_times["invited_to_apply"] == {True, False}
    assert at_times["evidence_reminder"] == {True}, "it is this that reminds"


@pytest.mark.parametrize(
    ("counted", "ways"),
    [
        ("of: entry_logo_until", {True, False}),  # Nobody has answered it by then.
        ("of: entry_logo_until\n        or_entering: true", {True}),
        ("after: submit", {True, False}),  # Which has not happened yet.
        ("after: invite", {True}),  # It is this that leads there.
    ],
)
def test_it_is_found_when_what_it_is_counted_from_need_not_be_known(counted: str, ways: set[bool]) -> None:
    day = "  panel_on: {type: date,"
    asked = (day, f"  entry_logo_until: {{type: date, label: Until when?, optional: true}}\n{day}")

    counted_so = of_the_documents(shipped_with((SENDING, f"{SENDING}\n        {counted}"), asked).current("provider"))

    assert counted_so["invited_to_apply"] == ways
    assert counted_so["evidence_reminder"] == {True}, "it is this that reminds"


def test_what_is_counted_from_an_answer_is_sure_once_that_is_given() -> None:
    definition = shipped_library().current("provider")
    known = answered_before(definition)["panel"]
    moved = answered_after(definition, known, "panel", "move_panel")

    assert "contact_email" in known
    assert "panel_on" not in known, "an application can wait for a meeting, and has no date then"
    assert "views_due" not in sure_of(definition, "panel", known, "give_view")
    assert "views_due" in sure_of(definition, "panel", moved, "move_panel")
