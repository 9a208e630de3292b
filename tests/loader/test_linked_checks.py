"""What is wrong with cases among a case's items, and with what they are told, is found before it runs."""

from pathlib import Path

import pytest

from tests.loader.snippet import problems_with

OTHERS = (
    "{label: Other loans, keyed_by: case, cases: {workflow: loan, states: waiting}, statuses: {here: {label: Here}}}"
)
BRING = """\
      bring_along:
        label: Bring another along
        by: librarian
        item: {of: others, from: none, to: here}
"""
TOLD = "      told_of: {label: Told, by: clock, form: {why: {type: text, label: Why?}, books: {optional: true}}}\n"
WHOLE = f"""\
collections:
  others: {OTHERS}
states:
  waiting:
    events:
{TOLD}{BRING}        form: {{reason: {{type: text, label: Why?}}}}
        tells: {{others: {{event: told_of, with: {{why: answer.reason}}}}}}
"""


def problems(tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    text = WHOLE
    for was, now in changes:
        assert was in text
        text = text.replace(was, now)
    return [f"{problem.code}: {problem.message}" for _, problem in problems_with(tmp_path, text, "workflow")]


def test_what_holds_together_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("workflow: loan, states", "workflow: lone, states", 'unknown-workflow: there is no workflow called "lone"'),
        ("states: waiting}, st", "states: waitin}, st", 'unknown-state: there is no state called "waitin"'),
        ("cases: {workflow: loan, states: waiting}, ", "", "collection: say which cases can be its items"),
        ("event: told_of", "event: told_off", 'unknown-event: there is no event called "told_off"'),
        ("event: told_of, with: {why: answer.reason}", "event: wait", 'not-the-clock: "wait" is not by: clock'),
        (", with: {why: answer.reason}", "", 'not-copied: "told_of" asks for "why", and it is not copied here'),
        ("{why: answer.reason}", "{why: answer.reasons}", 'unknown-field: there is no field called "answer.reasons"'),
        ("{why: answer.reason}", "{why: books}", 'other-type: "books" is of type number, and "why" there'),
        (
            "{why: answer.reason}",
            "{why: answer.reason, whi: name}",
            'not-asked-there: "told_of" does not ask for "whi"',
        ),
        ("tells: {others: {event", "tells: {others: {those: here, event", "nobody-told: the item itself is told"),
        ("tells: {others:", "tells: {other:", 'unknown-collection: there is no collection called "other"'),
        ("item: {of: others, from: none", "item: {of: others, from: here", "never-added: no event adds an item here"),
    ],
)
def test_each_slip_is_told_by_itself(tmp_path: Path, was: str, now: str, said: str) -> None:
    assert any(problem.startswith(said) for problem in problems(tmp_path, (was, now)))


PEOPLE = """\
fields: {here: {type: people, role: librarian, label: Who is here?, optional: true}}
guards:
  enough:
    when: {count: answer.here, where: {fact: item.views, is_not: given}, at_least: 3}
    reason: Too few.
    assumed: x
states: {waiting: {events: {wait: {requires: enough, form: {here: }}}}}
"""
STAFF = "roles: {librarian: {least: 4, most_conflicts: 1}}"


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("at_least: 3", "at_least: 4", "quorum: 4 are needed, and with the least staff and most conflicts there are 3"),
        ("item.views", "item.status", 'unknown-fact: there is no fact called "status"'),
        ("is_not: given", "is_not: gone", 'never-true: "item.views" is never "gone"'),
        (
            "count: answer.here",
            "count: answer.there",
            'unknown-collection: there is no collection called "answer.there"',
        ),
        ("form: {here: }", "form: {}", 'not-asked: "enough" reads the answer to "here"'),
        ("role: librarian, label: Who", "label: Who", "no-people: say whom there is to choose from"),
    ],
)
def test_people_who_are_counted_are_held_to_how_many_there_are(tmp_path: Path, was: str, now: str, said: str) -> None:
    assert problems_with(tmp_path / "right", PEOPLE, "workflow", council=STAFF) == []

    told = problems_with(tmp_path / "wrong", PEOPLE.replace(was, now), "workflow", council=STAFF)
    assert any(f"{problem.code}: {problem.message}".startswith(said) for _, problem in told)
