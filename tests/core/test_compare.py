"""A change of policy as sentences: every difference has one, and a manager can read them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from apflow.core.compare import Policy, compare, unified
from apflow.core.days.duration import Duration
from apflow.core.definition.workflow import Workflow
from apflow.loader import Library, library_of
from tests.core.every_leaf import altered
from tests.loader.small import CATALOGUE, COUNCIL, WORKFLOW


def a_policy(library: Library, **notices: str) -> Policy:
    workflows = {name: source.workflow for name, source in library.sources.items()}
    return Policy(
        library.council, workflows, library.catalogues, {f"loan/{name}": text for name, text in notices.items()}
    )


def small(*changes: tuple[str, str], council: str = COUNCIL, catalogue: str = CATALOGUE) -> Policy:
    """The small policy, with some of the lines of its workflow written differently."""
    text = WORKFLOW
    for before, after in changes:
        assert text.count(before) == 1
        text = text.replace(before, after)
    return a_policy(library_of({"council.yaml": council, "loan.yaml": text, "papers.yaml": catalogue}))


def said(*changes: tuple[str, str]) -> list[str]:
    return list(compare(small(), small(*changes)))


def provider_with(library: Library, change: Callable[[Workflow], Workflow]) -> list[str]:
    policy = a_policy(library)
    changed = {**policy.workflows, "provider": change(policy.workflows["provider"])}
    return list(compare(policy, replace(policy, workflows=changed)))


def test_every_leaf_of_the_council_and_the_catalogues_has_a_sentence_when_it_changes(library: Library) -> None:
    policy = a_policy(library)
    silent = [
        where for where, council in altered(policy.council) if not compare(policy, replace(policy, council=council))
    ]
    for name, catalogue in policy.catalogues.items():
        for where, changed in altered(catalogue):
            # Its name is the one under which it is kept.
            if where != ".catalogue" and not compare(
                policy, replace(policy, catalogues={**policy.catalogues, name: changed})
            ):
                silent.append(where)

    assert silent == []


def test_every_leaf_of_a_workflow_that_uses_the_whole_language_has_a_sentence() -> None:
    policy = small()
    changes = altered(policy.workflows["loan"])

    assert [where for where, loan in changes if not compare(policy, replace(policy, workflows={"loan": loan}))] == []


def test_what_does_not_differ_has_no_sentence(library: Library) -> None:
    policy = a_policy(library, lent="Here it is.")
    copied = {name: workflow.model_copy(deep=True) for name, workflow in policy.workflows.items()}

    assert compare(policy, replace(policy, workflows=copied)) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("called: name\n", "called: name   # what it is for\n"),
        ("by: librarian, to: waiting, asks: request", "to: waiting, asks: [request], by: [librarian]"),
        ("within: 3 weeks", 'within: "3 weeks"'),
    ],
)
def test_layout_and_comments_are_no_change(before: str, after: str) -> None:
    assert said((before, after)) == []


def test_a_shorter_deadline_says_what_it_was(library: Library) -> None:
    def shorter(workflow: Workflow) -> Workflow:
        panel = workflow.states["panel"]
        due = panel.deadlines["panel_due"].model_copy(update={"within": Duration.parse("10 working days")})
        changed = panel.model_copy(update={"deadlines": {**panel.deadlines, "panel_due": due}})
        return workflow.model_copy(update={"states": {**workflow.states, "panel": changed}})

    (sentence,) = provider_with(library, shorter)
    assert sentence.endswith("With the panel: “The panel should decide” is now within 10 working days, was 20.")


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (
            "[1 working day left, 3 working days left]",
            "a second reminder is added, 3 working days before, to the reader",
        ),
        ("2 working days left", "the first reminder, to the reader, is now 2 working days before, was 1"),
    ],
)
def test_reminders_are_counted_in_words(at: str, sentence: str) -> None:
    assert said(("at: 1 working day left", f"at: {at}")) == [f"Waiting: “Someone should look”: {sentence}."]


def test_a_reminder_that_goes_is_missed() -> None:
    (sentence,) = said(("        remind: {at: 1 working day left, who: reader, notice: due_soon}\n", ""))

    assert sentence.endswith("the reader is no longer reminded 1 working day before; no reminder is left.")


def test_people_are_named_by_their_role_and_events_by_their_label() -> None:
    assert said(("return: {label: Return, by: reader,", "return: {label: Return, by: [reader, librarian],")) == [
        "Lent: “Return” may now also be done by the librarian."
    ]


def test_a_condition_is_told_by_its_reason() -> None:
    assert said(("requires: [papers_seen, is_wanted]", "requires: [papers_seen]")) == [
        "Waiting: “Lend” is no longer refused with “Say when”."
    ]


def test_where_an_event_leads_says_where_it_led() -> None:
    assert said(("label: Return, by: reader, to: closed", "label: Return, by: reader, to: waiting")) == [
        "Lent: “Return” now leads to “Waiting”, led to “Closed” before."
    ]


def test_moving_a_question_is_a_change_and_moving_a_role_is_not() -> None:
    moved = said(("    name:\n    address:\n", "    address:\n    name:\n"))

    assert moved == ["The shared form “request” asks its questions in another order."]
    assert (
        said(
            (
                "librarian: all\n  reader: {own: true, states: [waiting, lent]}",
                "reader: {own: true, states: [lent, waiting]}\n  librarian: all",
            )
        )
        == []
    )


def test_a_new_state_is_told_with_all_that_is_in_it() -> None:
    late = """  late:
    label: Late
    awaiting: reader
    deadlines: {soon: {label: Bring it, within: 2 weeks, then: {escalate: librarian}, assumed: x}}
    events: {bring: {label: Bring it back, by: reader, to: closed}}
  closed: {label: Closed"""
    told = said(("  closed: {label: Closed", late))

    assert told[:3] == [
        "A state is added: “Late”, where the reader is awaited.",
        "Late: A deadline is added: “Bring it” within 2 weeks, without a reminder; "
        "when it passes, the librarian is told to act.",
        "Late: The reader can now “Bring it back”, which leads to “Closed”.",
    ]


def test_the_first_policy_is_summed_up() -> None:
    told = compare(None, small())

    assert (
        told[0] == "A workflow is added: “Lending books”, version 1, with 3 states, 8 events, 3 deadlines and 2 guards."
    )


def test_a_reworded_email_is_named_with_whom_it_goes_to() -> None:
    before = replace(small(), notices={"loan/lent.txt": "Here.", "loan/lent.subject.txt": "A book", "layout.txt": "x"})
    reworded = replace(before, notices={**before.notices, "loan/lent.txt": "Here it is."})
    respaced = replace(before, notices={**before.notices, "loan/lent.subject.txt": "A  book"})
    gone = replace(before, notices={"layout.txt": "y"})

    assert compare(before, reworded) == ("The e-mail “lent” to the reader is reworded.",)
    assert compare(before, respaced) == ("The e-mail “lent” to the reader is laid out differently; its words stay.",)
    assert compare(before, gone) == (
        "What every e-mail is laid out in (“layout”) is changed.",
        "The e-mail “lent” to the reader is taken away.",
    )
    assert "-Here.\n+Here it is.\n" in unified(before.notices, reworded.notices)


def test_what_matters_to_cases_comes_before_what_matters_to_readers() -> None:
    told = said(("label: How many?", "label: How many books?"), ("within: 3 weeks", "within: 2 weeks"))

    assert ["within 2 weeks" in sentence for sentence in told] == [True, False]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("team: The library", "team: The books", "The team is now called “The books”, was “The library”."),
        ("[monday, tuesday]", "[monday]", "The working days are now Monday; they were Monday and Tuesday."),
        (
            "until: 2027-01-04",
            "until: 2027-01-05",
            "A time is added in which applications are closed: 18 Dec 2026 to 5 Jan 2027 (Stock-taking).",
        ),
        (
            "calendar: {",
            "calendar: {closed: [{on: 2026-12-24, because: Office closed}], ",
            "A day is added on which the council is closed: Thursday 24 December 2026 (Office closed).",
        ),
        (
            "calendar: {",
            "calendar: {closed: [{on: 2026-12-24, until: 2026-12-31, because: Office closed}], ",
            "Days are added on which the council is closed: 24 Dec 2026 to 31 Dec 2026 (Office closed).",
        ),
    ],
)
def test_the_council_s_settings_are_told(before: str, after: str, sentence: str) -> None:
    assert sentence in compare(small(), small(council=COUNCIL.replace(before, after)))


KEPT = "closed_cases: {decided_by: librarian, rules: {lent: {of: loan, keep: 6 years, assumed: x}}}\napplications:"


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("closed_cases:", "", "How long closed cases are kept is now said."),
        (
            "keep: 6 years",
            "keep: 2 years, states: closed",
            "By the rule “lent” closed cases are now kept so: loan, 2 years, ended as closed; before: loan, 6 years.",
        ),
        (
            "{lent:",
            "{short: {of: loan, keep: 1 year, answered: {size: small}, with_parent: true, assumed: x}, lent:",
            "Closed cases are now kept by the rule “short”: loan, 1 year, size small, "
            "counted from when what it belongs to is closed.",
        ),
        ("assumed: x}}}", "assumed: y}}}", "Why closed cases are kept by the rule “lent” is said otherwise."),
        (
            "decided_by: librarian",
            "decided_by: reader",
            "The erasure of a closed case is now decided by the reader; before, by the librarian.",
        ),
    ],
)
def test_how_long_closed_cases_are_kept_is_told(before: str, after: str, sentence: str) -> None:
    was = COUNCIL.replace("applications:", KEPT)
    old, new = (COUNCIL, was) if not after else (was, was.replace(before, after))
    assert sentence in list(compare(small(council=old), small(council=new)))


WAYS_IN = (
    "signing_in: {links_last: 14 calendar days, asked_for_minutes: 15, signed_in_hours: 12, idle_hours: 2, "
    "reading_hours: 2, assumed: x}\nmeetings: {minutes: 120, assumed: x}\n"
)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            "14 calendar days",
            "3 weeks",
            "The link in an e-mail to somebody outside now lasts 3 weeks, lasted 14 calendar days.",
        ),
        ("minutes: 15", "minutes: 30", "What somebody asks for to sign in now lasts 30 minutes, lasted 15."),
        ("signed_in_hours: 12", "signed_in_hours: 8", "Whoever signs in stays so for at most 8 hours, was 12."),
        ("minutes: 120", "minutes: 90", "A meeting now stands in calendars for 90 minutes, was 120."),
        ("idle_hours: 2", "idle_hours: 1", "Whoever opens no page for 1 hour has to sign in anew, was 2."),
        (
            "reading_hours: 2",
            "reading_hours: 1",
            "Whoever reads a case without an account opens the link again after 1 hour, was 2.",
        ),
    ],
)
def test_how_long_ways_in_and_meetings_last_is_told_also_of_a_council_that_did_not_say(
    before: str, after: str, sentence: str
) -> None:
    changed = small(council=COUNCIL + WAYS_IN.replace(before, after))

    assert compare(small(council=COUNCIL + WAYS_IN), changed) == (sentence,)
    assert sentence in compare(small(), changed)


def test_a_paper_that_is_no_longer_required_is_told() -> None:
    changed = small(catalogue=CATALOGUE.replace("required: true", "required: false"))

    assert compare(small(), changed) == ("Papers: “Passport” is now not required, was required.",)


def test_true_is_not_one() -> None:
    assert said(("is: true}}\ncollections", "is: 1}}\ncollections")) == [
        "“Number of your card” is now asked only if the answer to “Are you a member?” is 1, "
        "was only if the answer to “Are you a member?” is yes."
    ]
