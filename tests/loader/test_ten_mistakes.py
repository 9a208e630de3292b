"""A file with many mistakes: all are told at once, each where it is, with how to mend it."""

from dataclasses import dataclass
from pathlib import Path

from apflow.letters.notices import Notices
from apflow.loader import find_problems
from apflow.settings import shipped
from tests.loader.folder import a_folder, place_of


@dataclass(frozen=True)
class Mistake:
    """A text of the shipped workflow, what someone wrote instead, the part of it to point at, and what to say."""

    before: str
    after: str
    at: str
    code: str
    message: str


REFERENCES = (
    Mistake(
        "        label: Refer to panel\n        by: officer\n        to: panel\n",
        "        label: Refer to panel\n        by: officer\n        to: panell\n",
        "panell\n",
        "unknown-state",
        'there is no state called "panell"; did you mean "panel"?',
    ),
    Mistake(
        "        label: Lift the suspension\n        by: manager\n",
        "        label: Lift the suspension\n        by: [manager, mangler]\n",
        "mangler]",
        "unknown-role",
        'there is no role called "mangler"; did you mean "manager"?',
    ),
    Mistake(
        "requires: [nothing_is_waiting_to_be_checked, all_required_evidence_accepted, evidence_is_in_date]",
        "requires: [nothing_is_waiting_to_be_checked, all_required_evidence_acepted, evidence_is_in_date]",
        "all_required_evidence_acepted",
        "unknown-guard",
        'there is no guard called "all_required_evidence_acepted"; did you mean "all_required_evidence_accepted"?',
    ),
    Mistake(
        "        label: Allow more time\n        by: officer\n        emphasis: quiet\n",
        "        label: Allow more time\n        by: officer\n        emphasys: quiet\n",
        "emphasys: quiet",
        "unknown-key",
        '"emphasys" is not a key here; did you mean "emphasis"?',
    ),
    Mistake(
        "  visit_is_arranged:\n    when: {fact: visit_on, is_present: true}",
        "  visit_is_arranged:\n    when: {fact: visited, is_present: true}",
        "visited, is_present",
        "unknown-field",
        'there is no field called "visited"; did you mean "visited_on"?',
    ),
    Mistake(
        "    when: {fact: visit_outcome, is: satisfied}\n",
        "    when: {fact: visit_outcome, is: satisfed}\n",
        "satisfed}",
        "never-true",
        '"visit_outcome" is never "satisfed"; did you mean "satisfied"?',
    ),
    Mistake(
        "    when: {count: panel_views, where: {fact: item.status, is: given}, at_least: 3}",
        "    when: {count: panel_view, where: {fact: item.status, is: given}, at_least: 3}",
        "panel_view, where",
        "unknown-collection",
        'there is no collection called "panel_view"; did you mean "panel_views"?',
    ),
    Mistake(
        "        remind: {at: 2 working days left, who: officer, notice: work_due_soon}\n",
        "        remind: {at: 2 working days left, who: officer, notice: work_due_sooner}\n",
        "work_due_sooner}",
        "unknown-notice",
        'there is no notice called "work_due_sooner"; did you mean "work_due_soon"?',
    ),
    Mistake(
        '        assumed: "The guidance does not say how often the panel meets."\n',
        "        # somebody will know\n",
        "panel_due:\n        label",
        "unsourced",
        "say where this comes from (source: …), or own up to it (assumed: …)",
    ),
    Mistake(
        "    awaiting: panel_member\n    tasks:\n",
        "    awaiting: panel_member\n    awaiting: officer\n    tasks:\n",
        "awaiting: officer\n    tasks:\n      give_your_view",
        "duplicate-key",
        '"awaiting" is given twice; it is first given on line ',
    ),
    Mistake(
        "  declined:\n    label: {staff: Declined,",
        "  paused:\n    label: Paused\n    awaiting: officer\n  declined:\n    label: {staff: Declined,",
        "paused:\n",
        "unreachable",
        'no event leads to "paused"',
    ),
)

SHAPES = (
    Mistake(
        "        within: 20 working days\n",
        "        within: 20 days\n",
        "20 days\n",
        "wrong-value",
        '"20 days" is not a duration; write a number and one of: working days, school days, calendar days, weeks,',
    ),
    Mistake(
        "remind: {at: [15 working days left, 5 working days left]",
        "remind: {at: [15 working days left, 5 working days]",
        "5 working days]",
        "wrong-value",
        '"5 working days" is not a reminder; write for example "3 working days left"',
    ),
    Mistake(
        "        to: declined\n        emphasis: danger\n        requires: visit_is_recorded\n",
        "        to: declined\n        emphasis: dangerous\n        requires: visit_is_recorded\n",
        "dangerous",
        "wrong-value",
        "\"dangerous\" is not one of 'main', 'usual', 'quiet' or 'danger'",
    ),
    Mistake(
        "    label: {staff: Evidence, provider: Your documents}\n",
        "    label: {provider: Your documents}\n",
        "label: {provider: Your documents}\n    catalogue",
        "missing-key",
        '"staff" is missing here',
    ),
    Mistake(
        "reference: AP\n",
        "reference: ap\n",
        "ap\ncalled",
        "wrong-value",
        '"ap" cannot begin a reference; use 2 to 4 capital',
    ),
    Mistake("version: 1\n", "version: 0\n", "0\nreference", "wrong-value", "this must be 1 or more"),
    Mistake(
        "        extends: {deadline: evidence_due, by: 10 working days, at_most: 3 times,",
        "        extends: {deadline: evidence_due, by: 10 working days, at_most: many,",
        "many, assumed",
        "wrong-value",
        '"many" is not a number of times; write for example "3 times"',
    ),
    Mistake(
        "        then: {escalate: officer, notice: work_overdue}\n",
        "        then: {escalate: officer, event: lapse}\n",
        "{escalate: officer, event: lapse}",
        "wrong-value",
        "a deadline ends in either an event or an escalation: give exactly one",
    ),
    Mistake(
        "    when: {not: {fact: visit_on, is_after: today}}\n",
        "    when: {not: {fact: visit_on, is_later_than: today}}\n",
        "is_later_than",
        "unknown-key",
        '"is_later_than" is not a key here',
    ),
    Mistake(
        "    when: {fact: visit_outcome, is_present: true}\n",
        "    when: visit_outcome is present\n",
        "visit_outcome is present",
        "wrong-value",
        "a condition is one of: fact, all, any, not, every, count",
    ),
    Mistake(
        "    from: {all_except: [approved, suspended, removal_proposed, leaving]}\n",
        "    from: {all_but: [approved]}\n",
        "all_but: [approved]",
        "unknown-key",
        '"all_but" is not a key here; did you mean "about"?',
    ),
)


def mistakes_told(tmp_path: Path, mistakes: tuple[Mistake, ...]) -> None:
    folder = a_folder(tmp_path, *((mistake.before, mistake.after) for mistake in mistakes))
    file = folder / "provider.yaml"

    told = find_problems(folder, Notices(shipped("notifications")).names())

    found = {(problem.line, problem.column, problem.code): problem.message for problem in told}
    for mistake in mistakes:
        place = (*place_of(file, mistake.at), mistake.code)
        assert found.get(place, "nothing").startswith(mistake.message), (place, [str(problem) for problem in told])
    assert {problem.file for problem in told} == {str(file)}
    assert told == sorted(told)


def test_eleven_mistakes_of_meaning_are_told_at_once_each_in_its_place(tmp_path: Path) -> None:
    mistakes_told(tmp_path, REFERENCES)


def test_eleven_mistakes_of_form_are_told_at_once_each_in_its_place(tmp_path: Path) -> None:
    mistakes_told(tmp_path, SHAPES)
