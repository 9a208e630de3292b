"""What the checker knows to look for, one mistake at a time: none of its checks is there for nothing."""

from pathlib import Path

import pytest

from apflow.loader import find_problems
from tests.loader.small import NOTICES, a_small_folder

CONDITION = "{fact: wanted_on, is_present: true}"
LOOK_DUE = "within: 5 working days\n        remind: {at: 1 working day left, who: reader, notice: due_soon}\n"


def told(folder: Path) -> list[str]:
    return [f"{problem.code}: {problem.message}" for problem in find_problems(folder, NOTICES)]


def test_the_small_policy_itself_has_no_problem(tmp_path: Path) -> None:
    assert told(a_small_folder(tmp_path)) == []


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("called: name", "called: nam", 'unknown-field: there is no field called "nam"; did you mean "name"?'),
        ("role: reader, name", "role: readers, name", 'unknown-role: there is no role called "readers"; did you mean'),
        ("name: name,", "name: full_name,", 'unknown-field: there is no field called "full_name"'),
        (
            "email: address}",
            "email: adress}",
            'unknown-field: there is no field called "adress"; did you mean "address"?',
        ),
        ("  librarian: all", "  librarians: all", 'unknown-role: there is no role called "librarians"'),
        ("states: [waiting, lent]", "states: [waiting, lend]", 'unknown-state: there is no state called "lend"'),
        ("journey: [waiting,", "journey: [wating,", 'unknown-state: there is no state called "wating"'),
        ("options: {small: Small, large: Large}}", "options: {}}", "no-options: there is nothing to choose from"),
        ("  closed: {label", "  start: {label", 'reserved: "start" is where every case begins; use another name'),
    ],
)
def test_in_the_heading(tmp_path: Path, before: str, after: str, problem: str) -> None:
    assert has(told(a_small_folder(tmp_path, (before, after))), problem)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (
            "    catalogue: papers\n",
            "    catalogue: paper\n",
            'unknown-catalogue: there is no catalogue called "paper"',
        ),
        ("    catalogue: papers\n", "", "collection: give one of catalogue:, keyed_by: and drawn_from:"),
        ("starts: needed", "starts: wanted", 'unknown-status: there is no status called "wanted"'),
        ("seen_by: librarian\n", "seen_by: liberian\n", 'unknown-role: there is no role called "liberian"'),
        ("item: {of: papers", "item: {of: paper", 'unknown-collection: there is no collection called "paper"'),
        ("from: needed, to: seen}", "from: needed, to: sen}", 'unknown-status: there is no status called "sen"'),
        (
            "from: needed, to: seen}",
            "from: needed, to: seen, adds_to: name}",
            "unknown-field: there is no field called",
        ),
        ("from: needed, to: seen}", "from: need, to: seen}", 'unknown-status: there is no status called "need"'),
        ("clears: views", "clears: view", 'unknown-collection: there is no collection called "view"'),
        ("each: views", "each: view", 'unknown-collection: there is no collection called "view"'),
    ],
)
def test_in_collections(tmp_path: Path, before: str, after: str, problem: str) -> None:
    assert has(told(a_small_folder(tmp_path, (before, after))), problem)


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("{fact: wantd_on, is_present: true}", 'unknown-field: there is no field called "wantd_on"; did you mean'),
        ("{fact: wanted_on, at_least: 3}", 'never-true: "wanted_on" is a date, and only numbers are at least'),
        ("{fact: name, is_before: today}", 'never-true: "name" is text, and only dates are before or after'),
        ("{fact: wanted_on, is_before: soon}", 'never-true: "wanted_on" is a date, so it is never "soon"'),
        ("{fact: wanted_on, is: 2026-02-30}", 'never-true: "wanted_on" is a date, so it is never "2026-02-30"'),
        ("{fact: member, is: yes}", 'never-true: "member" is true or false, so it is never "yes"'),
        ("{fact: books, is: true}", 'never-true: "books" is a whole number, so it is never true'),
        ("{fact: size, is_one_of: [small, huge]}", 'never-true: "size" is never "huge"'),
        ("{fact: size, is_not: larg}", 'never-true: "size" is never "larg"; did you mean "large"?'),
        ("{fact: council.applications_open, is: open}", 'never-true: "council.applications_open" is true or false'),
        ("{fact: council.is_open, is: true}", 'unknown-fact: there is no fact called "council.is_open"'),
        ("{fact: weather.rain, is: true}", 'unknown-fact: there is no fact called "weather.rain"'),
        ("{fact: answer.hurry, is: true}", 'unknown-question: there is no question called "hurry"'),
        ("{fact: answer.member, is: true}", 'not-asked: "is_wanted" reads the answer to "member", which this event'),
        ("{fact: wanted_on, is_after: {fact: lent_on}}", 'unknown-field: there is no field called "lent_on"'),
        (
            "{every: paper, has: {fact: item.status, is: seen}}",
            'unknown-collection: there is no collection called "paper"',
        ),
        ("{every: papers, has: {fact: item.status, is: given}}", 'never-true: "item.status" is never "given"'),
        (
            "{count: papers, where: {fact: item.key, is: pasport}, at_least: 1}",
            'never-true: "item.key" is never "pasport"',
        ),
        ("{every: papers, has: {fact: item.section, is_not: identiti}}", 'never-true: "item.section" is never'),
        ("{every: papers, where: {fact: item.needed, is: true}, has: {fact: item.status, is: seen}}", "unknown-fact:"),
        ("{count: view, at_least: 1}", 'unknown-collection: there is no collection called "view"'),
        (
            "{count: views, distinct: agencies, at_least: 1}",
            'unknown-fact: there is no fact called "agencies"; did you',
        ),
        ("{not: {any: [{all: [{fact: nobody, is: x}]}]}}", 'unknown-field: there is no field called "nobody"'),
    ],
)
def test_in_conditions(tmp_path: Path, condition: str, problem: str) -> None:
    assert has(told(a_small_folder(tmp_path, (CONDITION, condition))), problem)


@pytest.mark.parametrize(
    "condition",
    [
        "{fact: wanted_on, is_after: today}",
        "{fact: wanted_on, is: {fact: today}}",
        "{fact: books, at_least: 3}",
        "{fact: member, is: true}",
        "{fact: size, is_one_of: [small, large]}",
        "{fact: answer.why, is_present: true}",
        "{fact: council.applications_open, is: true}",
        "{every: papers, where: {fact: item.required, is: true}, has: {fact: item.expires_on, is_on_or_after: today}}",
        "{count: views, where: {fact: item.status, is: given}, distinct: agency, at_least: 2}",
        "{not: {any: [{fact: item.expiry, is: dated}, {fact: item.status, is: none}]}}",
    ],
)
def test_a_condition_that_can_be_met_is_no_problem(tmp_path: Path, condition: str) -> None:
    found = told(a_small_folder(tmp_path, (CONDITION, condition)))

    assert not any(line.startswith(("never-true", "unknown", "not-asked")) for line in found)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (
            "asks: request",
            "asks: requests",
            'unknown-form: there is no form called "requests"; did you mean "request"?',
        ),
        ("    member:\n", "    membr:\n", 'unknown-field: there is no field called "membr"; did you mean "member"?'),
        (
            "answer.member, is: true}",
            "answer.membr, is: true}",
            'unknown-question: there is no question called "membr"',
        ),
        ("by: librarian, to: waiting", "by: librarian", "no-state: an event that starts a case says which state"),
        ("by: librarian, to: waiting", "by: reeder, to: waiting", 'unknown-role: there is no role called "reeder"'),
        ("        to: lent\n", "        to: lend\n", 'unknown-state: there is no state called "lend"'),
        ("requires: [papers_seen,", "requires: [paper_seen,", 'unknown-guard: there is no guard called "paper_seen"'),
        ("opens: tell_everyone", "opens: tell_every_one", 'unknown-alert: there is no alert called "tell_every_one"'),
        ("{reader: {notice: lent", "{readers: {notice: lent", 'unknown-role: there is no role called "readers"'),
        ("{reader: {notice: lent", "{reader: {notice: lend", 'unknown-notice: there is no notice called "lend"'),
        (
            "about: back_due",
            "about: look_due",
            'unknown-deadline: "look_due" does not run in "lent", which this leads to',
        ),
        ("about: back_due", "about: look_do", 'unknown-deadline: there is no deadline called "look_do"'),
        ("invite: {on: wanted_on", "invite: {on: wanted", 'unknown-field: there is no field called "wanted"'),
        ("from: {all_except: [lent]}, ", "", 'never-open: "correct" is possible in no state; say from which'),
        ("{all_except: [lent]}", "{all_except: [lend]}", 'unknown-state: there is no state called "lend"'),
        ("{all_except: [lent]}", "[waiting, lend]", 'unknown-state: there is no state called "lend"'),
        ("by: clock, to: closed", "by: clock, from: lent, to: closed", 'from-twice: "lapse" stands under one state'),
        (
            "by: clock, to: closed",
            "by: clock, to: closed, asks: request",
            "clock-asked: the clock can answer no questions",
        ),
        ("at_most: 2, assumed: x", "at_most: 2", "unsourced: say where this comes from (source: …)"),
        (
            "{deadline: look_due, by",
            "{deadline: look_do, by",
            'unknown-deadline: there is no deadline called "look_do"',
        ),
        ("First: {which}.", "First.", None),
        (
            CONDITION + ", reason: Say when.",
            CONDITION + ', reason: "First: {which}."',
            "no-items: {which} lists the items",
        ),
    ],
)
def test_in_events_and_guards(tmp_path: Path, before: str, after: str, problem: str | None) -> None:
    found = told(a_small_folder(tmp_path, (before, after)))

    assert found == [] if problem is None else has(found, problem)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("    awaiting: reader\n", "    awaiting: readers\n", 'unknown-role: there is no role called "readers"'),
        ("    awaiting: reader\n", "", 'no-one-awaited: "lent" does not say whose move it is'),
        (
            "  closed: {label: Closed, final: true}",
            "  closed: {label: Closed, awaiting: reader}",
            "dead-end: nobody can move",
        ),
        ("by: reader, to: closed", "by: clock, to: closed", 'dead-end: nobody can move a case out of "lent"'),
        ("by: reader, to: closed", "by: reader", 'dead-end: nobody can move a case out of "lent"'),
        (
            "    label: Lent\n",
            "    label: Lent\n    final: true\n",
            'final-but-open: "lent" is final, so nothing is due',
        ),
        ("within: 3 weeks,", "within: 3 weeks, after: see,", 'no-deadline: no deadline is sure to run in "lent"'),
        (
            "  closed: {label",
            "  lost: {label: Lost, final: true}\n  closed: {label",
            'unreachable: no event leads to "lost"',
        ),
        (
            "of: wanted_on",
            "of: wanted_by",
            'unknown-field: there is no field called "wanted_by"; did you mean "wanted_on"?',
        ),
        ("who: reader", "who: clock", 'unknown-role: there is no role called "clock"'),
        ("notice: due_soon", "notice: due_son", 'unknown-notice: there is no notice called "due_son"; did you mean'),
        ("notice: overdue", "notice: over_due", 'unknown-notice: there is no notice called "over_due"; did you mean'),
        (
            LOOK_DUE,
            "within: 5 working days\n",
            "no-warning: this waits for a warning to the reader, and there is none",
        ),
        ("event: lapse", "event: lapsing", 'unknown-event: there is no event called "lapsing"; did you mean "lapse"?'),
        ("event: lapse", "event: lend", 'not-the-clock: "lend" is not by: clock'),
        ("{escalate: librarian}", "{escalate: owner}", 'unknown-role: there is no role called "owner"'),
        ("for: librarian, deadline", "for: clerk, deadline", 'unknown-role: there is no role called "clerk"'),
        (
            "deadline: look_due, done",
            "deadline: look_do, done",
            'unknown-deadline: there is no deadline called "look_do"',
        ),
        ("done_by: lend", "done_by: lent", 'unknown-event: there is no event called "lent"; did you mean "lend"?'),
        ("Tell everyone, for: librarian", "Tell everyone, for: clerk", 'unknown-role: there is no role called "clerk"'),
        ("each: views, assumed: x", "each: views", "unsourced: say where this comes from"),
        (
            "then: {escalate: librarian}, assumed: x",
            "then: {escalate: librarian}",
            "unsourced: say where this comes from",
        ),
        ("due: 1 working day, assumed: x", "due: 1 working day", "unsourced: say where this comes from"),
        ('{which}.", assumed: x', '{which}."', "unsourced: say where this comes from"),
        ("title: Look", f"title: Look {'well ' * 50}", "wrong-value: this has "),
    ],
)
def test_in_states_deadlines_and_tasks(tmp_path: Path, before: str, after: str, problem: str) -> None:
    assert has(told(a_small_folder(tmp_path, (before, after))), problem)


@pytest.mark.parametrize(
    ("file", "before", "after", "problem"),
    [
        (
            "council.yaml",
            "mail: assigned, mailbox: library@council.example,",
            "mail: mailbox,",
            "no-mailbox: mail for",
        ),
        ("council.yaml", "until: 2027-01-04", "until: 2026-12-04", "backwards: this period ends before it starts"),
        (
            "council.yaml",
            "applications:",
            "retention: {years: 6, until_age: 25, decided_by: manger, assumed: x}\napplications:",
            'unknown-role: there is no role called "manger"',
        ),
        ("council.yaml", "mail: party, assumed: x", "mail: party", "unsourced: say where this comes from"),
        (
            "council.yaml",
            "mail: party,",
            "mail: works_with, works_with: {who: social_workers},",
            'unknown-professional: there is no professional called "social_workers"; did you mean "social_worker"?',
        ),
        (
            "council.yaml",
            "mail: party,",
            "mail: works_with, works_with: {who: health, only_of: [echp]},",
            'unknown-status: there is no status called "echp"; did you mean "ehcp"?',
        ),
        ("council.yaml", "mail: party,", "mail: works_with,", "unknown-professional: there is no professional"),
        ("council.yaml", "england-and-wales, assumed: x", "england-and-wales", "unsourced: say where this comes from"),
        ("council.yaml", "[monday, tuesday]", "[]", "wrong-value: this is empty; write one here at least"),
        (
            "council.yaml",
            "england-and-wales",
            "wales",
            "wrong-value: \"wales\" is not one of 'england-and-wales', 'scotland'",
        ),
        (
            "papers.yaml",
            "section: identity",
            "section: identify",
            'unknown-section: there is no section called "identify"',
        ),
        ("papers.yaml", "12 months, assumed: x", "12 months", "unsourced: say where this comes from"),
        ("papers.yaml", "12 months", "10 working days", 'wrong-value: a document is not good for "10 working days"'),
        (
            "papers.yaml",
            "12 months",
            "a year",
            'wrong-value: write never, on the date it states, or how long it is good: "a year" is not a duration',
        ),
    ],
)
def test_in_the_councils_settings_and_catalogues(
    tmp_path: Path, file: str, before: str, after: str, problem: str
) -> None:
    assert has(told(a_small_folder(tmp_path, (before, after), file=file)), problem)


def has(found: list[str], problem: str) -> bool:
    """Whether a problem begins like this; said in full when none does."""
    assert any(line.startswith(problem) for line in found), found
    return True


@pytest.mark.parametrize(
    ("only", "problem"),
    [
        ("{when: {fact: membr, is: true}, does: notify}", 'unknown-field: there is no field called "membr"'),
        ("{when: {fact: member, is: true}, does: opens}", 'not-done: "return" has no opens'),
        ("{when: {fact: member, is: true}, does: [notify, notify]}", 'said-twice: "notify" is in this list already'),
    ],
)
def test_in_what_an_event_does_only_where_a_condition_holds(tmp_path: Path, only: str, problem: str) -> None:
    change = ("      return: {label: Return,", f"      return: {{if_holds: {only}, label: Return,")

    assert any(line.startswith(problem) for line in told(a_small_folder(tmp_path, change)))


def test_of_records_that_are_over_it_is_said_how_long_ago(tmp_path: Path) -> None:
    left = "left: {label: Left, drawn_from: placements_ended, starts: there, statuses: {there: {label: There}}}"
    change = ("collections:\n", f"collections:\n  {left}\n")

    assert any("ended_within" in line for line in told(a_small_folder(tmp_path, change)))
