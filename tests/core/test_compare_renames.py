"""What has another name is told once, as that: not as one thing gone, one come, and all that speaks of it changed."""

import re

import pytest

from apflow.core.compare import Policy, compare
from apflow.loader import library_of
from tests.core.test_compare import a_policy, said, small
from tests.loader import family
from tests.loader.small import CATALOGUE, COUNCIL, WORKFLOW

MOVED = "migrate: {lent: borrowed}\n"


def renamed(was: str, now: str, *changes: tuple[str, str], also: str = "") -> list[str]:
    """What is said when a name is another throughout the small policy, where further lines may change as well."""
    council, catalogue, workflow = (
        re.sub(rf"\b{was}\b", now, text, flags=re.ASCII) for text in (COUNCIL, CATALOGUE, WORKFLOW)
    )
    for before, after in changes:
        assert workflow.count(before) == 1
        workflow = workflow.replace(before, after)
    texts = {"council.yaml": council, "papers.yaml": catalogue, "loan.yaml": workflow + also}
    return list(compare(small(), a_policy(library_of(texts))))


def test_a_state_that_is_called_otherwise_and_moves_its_cases_is_told_in_one_sentence() -> None:
    told = renamed(
        "lent", "borrowed", ("label: Lent", "label: Borrowed"), ("notice: borrowed", "notice: lent"), also=MOVED
    )

    assert told == ["The state “Lent” is now called “Borrowed”; cases in it move there."]


def test_what_else_changes_in_a_renamed_state_follows_and_is_neither_removed_nor_added() -> None:
    told = renamed(
        "lent",
        "borrowed",
        ("label: Lent", "label: {staff: Borrowed, provider: Yours for now}"),
        ("within: 3 weeks", "within: 2 weeks"),
        ("notice: borrowed", "notice: lent"),
        also=MOVED,
    )

    assert told == [
        "The state “Lent” is now called “Borrowed”; cases in it move there.",
        "The state “Borrowed” is now “Yours for now” to the provider, was “Lent”.",
        "Borrowed: “Due back” is now within 2 weeks, was 3.",
    ]


def test_a_state_of_the_same_label_is_the_same_one_though_more_changes_and_no_move_is_said() -> None:
    told = renamed("lent", "borrowed", ("within: 3 weeks", "within: 2 weeks"), ("notice: borrowed", "notice: lent"))

    assert told == [
        "The state “Lent” is now named “borrowed” behind the scenes, was “lent”; it is not said where cases in it go.",
        "Lent: “Due back” is now within 2 weeks, was 3.",
    ]


def test_a_state_that_keeps_its_label_is_renamed_behind_the_scenes() -> None:
    only = renamed("lent", "borrowed", ("notice: borrowed", "notice: lent"), also=MOVED)
    more = renamed(
        "lent", "borrowed", ("within: 3 weeks", "within: 2 weeks"), ("notice: borrowed", "notice: lent"), also=MOVED
    )

    assert only == [
        "The state “Lent” is now named “borrowed” behind the scenes, was “lent”; cases in it move there; "
        "for people nothing changes."
    ]
    assert more == [
        "The state “Lent” is now named “borrowed” behind the scenes, was “lent”; cases in it move there.",
        "Lent: “Due back” is now within 2 weeks, was 3.",
    ]


def test_a_state_under_another_name_of_which_no_move_is_said_leaves_its_cases_behind() -> None:
    (told,) = renamed("lent", "borrowed", ("notice: borrowed", "notice: lent"))

    assert told == (
        "The state “Lent” is now named “borrowed” behind the scenes, was “lent”; it is not said where cases in it go; "
        "for people nothing changes."
    )


def test_a_state_whose_cases_move_to_one_that_was_there_before_is_taken_away() -> None:
    gone = """  lent:
    label: Lent
    awaiting: reader
    tasks:
      bring: {title: Bring the book back, for: reader, assumed: x}
    deadlines:
      back_due: {label: Due back, within: 3 weeks, then: {escalate: librarian}, assumed: x}
    events:
      return: {label: Return, by: reader, to: closed}
"""
    merged, forgotten = said((gone, ""), ("alerts:\n", "migrate: {lent: closed}\nalerts:\n")), said((gone, ""))

    start = "The state “Lent” is taken away, with 1 deadline, 1 task and 1 thing that can be done there; "
    assert merged[0] == f"{start}cases in it move to “Closed”."
    assert forgotten[0] == f"{start}it is not said where cases in it go."
    assert not [sentence for sentence in merged if "version" in sentence]


def test_two_states_that_become_one_are_both_taken_away() -> None:
    both = re.sub(r"\b(waiting|lent)\b", "open", WORKFLOW).replace("notice: open", "notice: lent")
    first, second = both.index("  open:\n    label: Waiting"), both.index("  open:\n    label: Lent")
    workflow = both[:first] + both[second:] + "migrate: {waiting: open, lent: open}\n"
    texts = {"council.yaml": COUNCIL, "papers.yaml": CATALOGUE, "loan.yaml": workflow}

    told = compare(small(), a_policy(library_of(texts)))

    of_states = [sentence for sentence in told if " state " in sentence]
    assert [sentence.rpartition("; ")[2] for sentence in of_states[:2]] == ["cases in it move to “Lent”."] * 2
    assert of_states[2] == "A state is added: “Lent”, where the reader is awaited."


def test_where_cases_of_an_earlier_version_go_is_told_when_it_changes() -> None:
    def going(to: str) -> Policy:
        return small(("alerts:\n", f"migrate: {{on_loan: {to}}}\nalerts:\n"))

    assert compare(small(), going("lent")) == ("Cases still in “on loan”, of an earlier version, move to “Lent”.",)
    assert compare(going("lent"), going("closed")) == (
        "Cases still in “on loan”, of an earlier version, now move to “Closed”, not to “Lent”.",
    )


def test_what_an_earlier_version_s_cases_were_moved_to_may_itself_be_renamed() -> None:
    old = small(("alerts:\n", "migrate: {on_loan: lent}\nalerts:\n"))
    workflow = re.sub(r"\blent\b", "borrowed", WORKFLOW).replace("notice: borrowed", "notice: lent")
    workflow = workflow.replace("label: Lent", "label: Borrowed") + "migrate: {lent: borrowed, on_loan: borrowed}\n"
    texts = {"council.yaml": COUNCIL, "papers.yaml": CATALOGUE, "loan.yaml": workflow}

    assert compare(old, a_policy(library_of(texts))) == (
        "The state “Lent” is now called “Borrowed”; cases in it move there.",
    )


@pytest.mark.parametrize(
    ("was", "now", "subject"),
    [
        ("closed", "shut", "The state “Closed”"),
        ("wait", "hold_on", "Waiting: “Wait”"),
        ("lapse", "run_out", "Waiting: “Lapse”"),
        ("look_due", "search_due", "Waiting: The deadline “Someone should look”"),
        ("seen", "looked_at", "“Papers”: “Seen”"),
        ("is_wanted", "is_needed", "The condition “Say when.”"),
        ("views", "opinions", "What cases have as “Views”"),
        ("tell_everyone", "tell_all", "The alert “Tell everyone”"),
        ("request", "asking", "The shared form that asks"),
        ("why", "because", "Waiting: “Lend”: “Why?”"),
        ("small", "little", "“How large?”: the choice “Small”"),
        ("identity", "who", "Papers: the section “Who you are”"),
    ],
)
def test_what_is_all_the_same_under_another_name_is_all_that_is_told(was: str, now: str, subject: str) -> None:
    (sentence,) = renamed(was, now)

    assert sentence.startswith(subject)
    assert sentence.endswith(f"is now named “{now}” behind the scenes, was “{was}”; for people nothing changes.")


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (
            "passport",
            "pass",
            "Papers: “Passport” is now named “pass” behind the scenes, was “passport”; "
            "it is asked for anew, and what cases have under the old name is no longer shown.",
        ),
        (
            "size",
            "extent",
            "What cases keep as “How large?” is now named “extent” behind the scenes, was “size”; "
            "a case that is moved does not take along what it says.",
        ),
        (
            "reader",
            "borrower",
            "The role “Reader” is now named “borrower” behind the scenes, was “reader”; "
            "whoever has it is no longer in it, until it is given to them anew.",
        ),
    ],
)
def test_another_name_under_which_something_is_kept_is_told_with_what_people_will_notice(
    was: str, now: str, told: str
) -> None:
    (sentence,) = renamed(was, now)

    assert sentence.endswith(told)


def test_another_name_of_an_agency_is_told_with_what_becomes_of_those_who_are_of_it() -> None:
    def with_agency(name: str) -> Policy:
        council = f"{COUNCIL}agencies: {{{name}: Health}}\n"
        return a_policy(library_of({"council.yaml": council, "papers.yaml": CATALOGUE, "loan.yaml": WORKFLOW}))

    assert compare(with_agency("nhs"), with_agency("health")) == (
        "The agency “Health” is now named “health” behind the scenes, was “nhs”; "
        "whoever is of it must be put in it anew.",
    )


@pytest.mark.parametrize(
    ("was", "now"), [("wanted_on", "needed_on"), ("views", "opinions"), ("lapse", "run_out"), ("closed", "shut")]
)
def test_a_document_made_of_a_case_follows_what_it_shows_to_its_new_name(was: str, now: str) -> None:
    document = """documents:
  receipt:
    title: Receipt
    read_by: librarian
    while_in: closed
    words: {wanted_on: Lent until}
    sections: [{heading: When, shows: wanted_on, items: views, events: lapse}]
"""
    before = small(("alerts:\n", f"{document}alerts:\n"))
    workflow = re.sub(rf"\b{was}\b", now, WORKFLOW.replace("alerts:\n", f"{document}alerts:\n"))
    texts = {"council.yaml": re.sub(rf"\b{was}\b", now, COUNCIL), "papers.yaml": CATALOGUE, "loan.yaml": workflow}

    assert len(compare(before, a_policy(library_of(texts)))) == 1


def test_a_catalogue_and_the_set_of_items_from_it_may_be_renamed_together() -> None:
    told = renamed("papers", "documents")

    assert [sentence.partition(" is now named ")[0] for sentence in told] == [
        "What cases have as “Papers”",
        "The catalogue “Papers”",
    ]


def test_two_at_once_that_speak_of_each_other_are_both_renamed() -> None:
    workflow = re.sub(r"\blook_due\b", "search_due", re.sub(r"\blapse\b", "run_out", WORKFLOW))
    texts = {"council.yaml": COUNCIL, "papers.yaml": CATALOGUE, "loan.yaml": workflow}

    told = compare(small(), a_policy(library_of(texts)))

    assert [sentence.partition(" is now named ")[0] for sentence in told] == [
        "Waiting: The deadline “Someone should look”",
        "Waiting: “Lapse”",
    ]


def test_somebody_else_who_sees_the_same_is_no_renaming() -> None:
    told = said(("librarian: all\n", "clerk: all\n"))

    assert told == ["Cases can no longer be seen by the librarian.", "Cases can now be seen by the clerk: all."]


def test_asking_for_another_of_the_case_s_own_fields_is_no_renaming() -> None:
    told = said(("    member:\n", "    books:\n"))

    assert told == [
        "The shared form “request” no longer asks “Are you a member?”.",
        "The shared form “request” now also asks “How many?”.",
    ]


def test_a_kind_of_child_case_and_the_event_its_end_fires_may_be_renamed() -> None:
    files = {"council.yaml": family.COUNCIL, "plan.yaml": family.PLAN}
    old = a_policy(library_of({**files, "provider.yaml": family.PROVIDER}))
    text = re.sub(r"\blift\b", "raise_it", family.PROVIDER)

    told = compare(old, a_policy(library_of({**files, "provider.yaml": text})))

    assert told == (
        "The list: On an action plan: “The plan was met” is now named “raise_it” behind the scenes, was “lift”; "
        "for people nothing changes.",
    )
