"""A notice that speaks of a deadline which may not be wanted is rehearsed without it as well."""

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
