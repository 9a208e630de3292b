"""What the checker says of notices and alerts for those who never see the case, or whom no e-mail of it goes to."""

from pathlib import Path

import pytest

from apflow.loader import find_problems
from tests.loader.small import NOTICES, a_small_folder

LEND = "notify: {reader: {notice: lent, about: back_due, invite: {on: wanted_on, title: A book}}}"
ALERT = "tell_everyone: {title: Tell everyone, for: librarian,"
FAILED = (
    "alerts:\n",
    "alerts:\n  mail_failed: {title: An email was lost, for: porter, due: 1 working day, assumed: x}\n",
)
ROLES = (
    "  porter: {title: Porter, mail: everyone, assumed: x}\n"
    "  clerk: {title: Clerk, mail: mailbox, mailbox: clerk@council.example, assumed: x}\n"
    "  lender: {title: Lender, audience: provider, mail: party, assumed: x}\n"
    "  silent: {title: Silent, mail: nobody, assumed: x}\n"
)


def told(tmp_path: Path, *changes: tuple[str, str], seen_by: str = "") -> list[str]:
    """The problems of the small policy with more roles, of which these see a case."""
    seen = ("seen_by:\n", f"seen_by:\n{seen_by}")
    folder = a_small_folder(tmp_path, seen, *changes)
    council = folder / "council.yaml"
    council.write_text(council.read_text().replace("roles:\n", f"roles:\n{ROLES}"))
    return [f"{one.code}: {one.message}" for one in find_problems(folder, NOTICES)]


def lend_tells(role: str) -> tuple[str, str]:
    return LEND, LEND.replace("notify: {", f"notify: {{{role}: lent, ")


@pytest.mark.parametrize("role", ["porter", "clerk"])
def test_colleagues_who_never_see_the_case_are_not_told_of_it(tmp_path: Path, role: str) -> None:
    assert told(tmp_path, lend_tells(role)) == [
        f'told-unseen: "{role}" never sees a case in "lent", and would be told of it; look at seen_by:'
    ]


@pytest.mark.parametrize("seen_by", ["all", "{states: [lent]}", "{states: [waiting]}"])
def test_those_who_see_it_as_it_was_or_as_it_then_is_are_told(tmp_path: Path, seen_by: str) -> None:
    assert told(tmp_path, lend_tells("porter"), seen_by=f"  porter: {seen_by}\n") == []


def test_those_who_see_only_other_states_of_it_are_not(tmp_path: Path) -> None:
    found = told(tmp_path, lend_tells("porter"), seen_by="  porter: {states: [closed]}\n")

    assert found == ['told-unseen: "porter" never sees a case in "lent", and would be told of it; look at seen_by:']


def test_what_begins_a_case_is_told_to_those_alone_who_see_what_it_leads_to(tmp_path: Path) -> None:
    ask = ("to: waiting, asks: request}", "to: waiting, asks: request, notify: {porter: overdue}}")
    found = told(tmp_path, ask, seen_by="  porter: {states: [lent]}\n")

    assert found == ['told-unseen: "porter" never sees a case in "waiting", and would be told of it; look at seen_by:']


def test_a_party_that_the_workflow_does_not_have_is_not_written_to(tmp_path: Path) -> None:
    assert told(tmp_path, lend_tells("lender")) == [
        'written-to-nobody: nobody is "lender" on a case of this workflow, so nobody would be written to; '
        "look at party:"
    ]


@pytest.mark.parametrize(
    "change",
    [
        lend_tells("silent"),
        ("who: reader, notice: due_soon", "who: silent, notice: due_soon"),
        ("then: {escalate: librarian, notice: overdue}", "then: {escalate: silent, notice: overdue}"),
    ],
    ids=["notify", "remind", "escalate"],
)
def test_a_role_that_gets_no_mail_is_not_written_to(tmp_path: Path, change: tuple[str, str]) -> None:
    warned = ("then: {event: lapse, after_warning: 1 working day}", "then: {event: lapse}")
    found = told(tmp_path, change, warned, seen_by="  silent: all\n")

    assert found == [
        'written-to-nobody: council.yaml says that nobody gets the mail of "silent" (mail: nobody); '
        "name a role that is written to"
    ]


def test_a_role_without_mail_can_have_what_is_overdue_as_work(tmp_path: Path) -> None:
    change = ("then: {escalate: librarian, notice: overdue}", "then: {escalate: silent}")

    assert told(tmp_path, change, seen_by="  silent: all\n") == []


def test_whoever_tells_of_an_override_tells_those_who_see_the_case(tmp_path: Path) -> None:
    before = "  is_wanted: {when: {fact: wanted_on, is_present: true}, reason: Say when., assumed: x}"
    override = "override: {by: librarian, at_most: 1 week, tell: {porter: lent}, assumed: x}"
    found = told(tmp_path, (before, before.removesuffix("}") + f", {override}}}"))

    assert found == ['told-unseen: "porter" never sees a case in "waiting", and would be told of it; look at seen_by:']


@pytest.mark.parametrize(
    ("seen_by", "state"),
    [("", "lent"), ("  porter: {states: [waiting, closed]}\n", "lent")],
    ids=["never", "in other states"],
)
def test_an_alert_is_for_those_who_see_the_case_where_its_event_leads(tmp_path: Path, seen_by: str, state: str) -> None:
    found = told(tmp_path, (ALERT, ALERT.replace("librarian", "porter")), seen_by=seen_by)

    assert found == [f'task-for-nobody: "porter" never sees a case in "{state}", where this can come; look at seen_by:']


def test_an_alert_that_can_come_at_any_time_is_for_those_who_see_every_state(tmp_path: Path) -> None:
    found = told(tmp_path, FAILED, seen_by="  porter: {states: [waiting, lent]}\n")

    assert found == ['task-for-nobody: "porter" never sees a case in "closed", where this can come; look at seen_by:']
