"""Child cases, purely: what a case says to its relatives, what it makes of what they say, and what it may ask."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from apflow.core.commands import ChildBegun, ChildEnded, ChildNotBegun, Command, Fire, Open, Told
from apflow.core.decide import decide
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked
from apflow.core.outcome import Outcome, Signal
from apflow.core.people.actor import THE_CLOCK
from apflow.core.play import unborn
from apflow.core.snapshot import Child, Parent, Snapshot
from apflow.loader import Library
from apflow.testing import MONDAY, OLIVE, a_case, a_world, library_from
from tests.loader.family import a_family_folder
from tests.loader.folder import rewrite

FARM = {"organisation": "Made Up Farm", "contact_name": "Pat", "contact_email": "pat@made-up-farm.example"}
LATER = MONDAY + timedelta(days=3)


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_from(a_family_folder(tmp_path_factory.mktemp("family")))


@pytest.fixture
def provider(family: Library) -> Definition:
    return family.current("provider")


@pytest.fixture
def plan(family: Library) -> Definition:
    return family.current("plan")


def done(definition: Definition, case: Snapshot, command: Command) -> Outcome:
    return decide(definition, case, command, a_world(), LATER)


def fired(definition: Definition, case: Snapshot, event: str, **answers: Any) -> Outcome:
    return done(definition, case, Fire(event, OLIVE, answers))


def a_provider(definition: Definition, state: str, *children: Child) -> Snapshot:
    return a_case(definition, state=state, fields=FARM, children=children)


def a_plan(definition: Definition, state: str = "open") -> Snapshot:
    return a_case(definition, state=state, fields={"name": "Made Up Farm"}, parent=Parent("PR-1", "action_plan"))


OPEN, MET = Child("action_plan", "AC-1", "open", True, 1), Child("action_plan", "AC-2", "met", False, 2)


def test_an_event_begins_a_child_with_the_fields_it_leaves_behind(provider: Definition) -> None:
    outcome = fired(provider, a_provider(provider, "listed"), "plan", concern="No first aider.")
    copied = {"name": "Made Up Farm", "email": FARM["contact_email"], "contact": "Pat", "why": "No first aider."}
    assert outcome.signals == (Signal("begin", "action_plan", "begin", "plan", copied),)


def test_a_field_that_is_empty_is_not_copied(provider: Definition) -> None:
    nameless = replace(a_provider(provider, "listed"), fields={"organisation": "Made Up Farm"})
    (signal,) = fired(provider, nameless, "plan", concern="No first aider.").signals
    assert signal.answers == {"name": "Made Up Farm", "why": "No first aider."}


def test_a_child_takes_what_was_copied_as_the_answers_of_its_start(plan: Definition) -> None:
    copied = {"name": "Made Up Farm", "email": "pat@made-up-farm.example", "contact": "Pat"}
    outcome = done(plan, unborn(plan, MONDAY), Open("begin", THE_CLOCK, copied))
    assert (outcome.state, outcome.fields) == ("open", copied)


def test_an_event_signals_every_open_child_of_a_kind(provider: Definition) -> None:
    outcome = fired(provider, a_provider(provider, "on_plan", OPEN), "call_off")
    assert outcome.signals == (Signal("tell", "action_plan", "stop"),)


def test_an_event_signals_what_it_was_answered_and_what_the_case_says_and_leaves_out_what_is_missing(
    tmp_path: Path,
) -> None:
    told = "{event: stop, with: {why: answer.concern, name: organisation, contact: contact_name}}"
    asks = f"to: listed, form: {{concern: }}, signals: {{action_plan: {told}}}"
    folder = a_family_folder(tmp_path, ("to: listed, signals: {action_plan: stop}", asks))
    stops = "stop: {label: Stop, by: [clock, officer], to: stopped"
    rewrite(folder / "plan.yaml", (stops, f"{stops}, form: {{why: , name: , contact: {{optional: true}}}}"))
    provider = library_from(folder).current("provider")

    nameless = replace(a_provider(provider, "on_plan", OPEN), fields={"organisation": "Made Up Farm"})
    outcome = fired(provider, nameless, "call_off", concern="No first aider.")
    (signal,) = outcome.signals
    assert (signal.event, signal.answers) == ("stop", {"why": "No first aider.", "name": "Made Up Farm"})


def test_a_child_that_ends_says_so_to_its_parent(plan: Definition) -> None:
    assert fired(plan, a_plan(plan), "meet").signals == (Signal("ended", "action_plan", "met"),)


def test_a_child_that_goes_on_says_nothing(plan: Definition) -> None:
    assert fired(plan, a_plan(plan), "hold").signals == ()


def test_a_case_without_a_parent_says_nothing_when_it_ends(plan: Definition) -> None:
    assert fired(plan, replace(a_plan(plan), parent=None), "meet").signals == ()


def test_the_end_of_a_child_fires_the_event_its_parent_has_for_it(provider: Definition) -> None:
    ended = ChildEnded("action_plan", "AC-1", "met", "Met", THE_CLOCK)
    outcome = done(provider, a_provider(provider, "on_plan", OPEN), ended)
    assert (outcome.state, outcome.entry.kind, outcome.entry.name) == ("listed", "event", "lift")
    assert (outcome.entry.actor, outcome.entry.note) == (THE_CLOCK, "AC-1 has ended: Met.")


def test_an_end_the_parent_has_no_event_for_is_only_recorded(provider: Definition) -> None:
    ended = ChildEnded("action_plan", "AC-1", "stopped", "Called off", THE_CLOCK)
    outcome = done(provider, a_provider(provider, "on_plan", OPEN), ended)
    assert not outcome.moved
    assert (outcome.opened, outcome.tasks, outcome.stopped) == ((), (), ())
    assert (outcome.entry.kind, outcome.entry.name) == ("child", "ended action_plan")
    assert outcome.entry.note == "AC-1 has ended: Called off."


def test_what_the_parent_refuses_becomes_a_task_with_the_reason(provider: Definition) -> None:
    ended = ChildEnded("action_plan", "AC-1", "met", "Met", THE_CLOCK)
    outcome = done(provider, a_provider(provider, "listed", OPEN), ended)
    (task,) = outcome.opened
    assert not outcome.moved
    assert (task.name, task.role, task.is_alert) == ("signal_refused", "officer", True)
    assert task.note == 'AC-1 has ended: Met. "The plan was met" cannot be done while the case is listed.'
    assert (outcome.entry.kind, outcome.entry.note) == ("alert", task.note)


def test_a_parent_that_has_ended_meanwhile_records_the_end_and_leaves_nobody_a_task(provider: Definition) -> None:
    ended = ChildEnded("action_plan", "AC-1", "failed", "Not met", THE_CLOCK)
    outcome = done(provider, a_provider(provider, "removed", OPEN), ended)
    assert (outcome.state, outcome.opened) == ("removed", ())
    assert (outcome.entry.name, outcome.entry.note) == ("ended action_plan", "AC-1 has ended: Not met.")


def test_a_child_does_what_its_parent_tells_it_and_ends(plan: Definition) -> None:
    outcome = done(plan, a_plan(plan), Told("stop", "PR-1", THE_CLOCK))
    assert outcome.state == "stopped"
    assert outcome.entry.note == "PR-1 asked for this."
    assert outcome.signals == (Signal("ended", "action_plan", "stopped"),)


def test_a_child_that_cannot_do_what_it_is_told_has_a_task(plan: Definition) -> None:
    (task,) = done(plan, a_plan(plan, "held"), Told("stop", "PR-1", THE_CLOCK)).opened
    assert task.note == 'PR-1 asked for this. "Stop" cannot be done while the case is on hold.'


def test_a_case_older_than_its_relatives_has_a_task_all_the_same(tmp_path: Path) -> None:
    text, _, _ = (a_family_folder(tmp_path) / "plan.yaml").read_text(encoding="utf-8").partition("alerts:")
    older = library_from(tmp_path / "family").pinned("older", text)
    (task,) = done(older, a_plan(older, "held"), Told("stop", "PR-1", THE_CLOCK)).opened
    assert (task.name, task.role) == ("signal_refused", "officer")


def test_a_parent_notes_that_its_child_has_begun(provider: Definition) -> None:
    outcome = done(provider, a_provider(provider, "on_plan"), ChildBegun("action_plan", "AC-1", THE_CLOCK))
    assert (outcome.entry.kind, outcome.entry.name) == ("child", "begun action_plan")
    assert (outcome.entry.note, outcome.moved, outcome.signals) == ("AC-1", False, ())


def test_a_child_that_could_not_begin_is_a_task_on_its_parent(provider: Definition) -> None:
    refused = ChildNotBegun("action_plan", "Enter an answer: contact", THE_CLOCK)
    (task,) = done(provider, a_provider(provider, "on_plan"), refused).opened
    assert task.note == '"Action plan" could not be begun. Enter an answer: contact'


def test_what_was_said_counts_from_then_but_never_before_what_has_happened_since(provider: Definition) -> None:
    ended = ChildEnded("action_plan", "AC-1", "met", "Met", THE_CLOCK)
    unchanged = a_provider(provider, "on_plan", OPEN)
    changed = replace(unchanged, changed_at=LATER + timedelta(days=1))
    assert done(provider, unchanged, ended).entry.at == LATER
    assert done(provider, changed, ended).entry.at == LATER + timedelta(days=1)


@pytest.mark.parametrize("children", [(), (MET,)])
def test_a_guard_lets_through_a_case_without_open_children(provider: Definition, children: tuple[Child, ...]) -> None:
    assert fired(provider, a_provider(provider, "listed", *children), "close").state == "removed"


@pytest.mark.parametrize("child", [OPEN, Child("action_plan", "", "", is_open=True)])
def test_a_guard_counts_a_child_that_is_open_or_has_been_asked_for(provider: Definition, child: Child) -> None:
    with pytest.raises(Blocked, match="still open"):
        fired(provider, a_provider(provider, "listed", MET, child), "close")


@pytest.mark.parametrize(
    ("children", "reason"),
    [((), "No plan yet"), ((MET, OPEN), "was not met"), ((MET, Child("action_plan", "", "", True)), "No plan yet")],
)
def test_a_guard_reads_where_the_newest_child_stands(
    provider: Definition, children: tuple[Child, ...], reason: str
) -> None:
    with pytest.raises(Blocked, match=reason):
        fired(provider, a_provider(provider, "listed", *children), "praise")


def test_a_guard_passes_once_the_newest_child_stands_where_it_should(provider: Definition) -> None:
    assert fired(provider, a_provider(provider, "listed", OPEN, MET), "praise").entry.name == "praise"


def test_an_event_begins_a_child_with_what_was_answered_to_it(tmp_path: Path) -> None:
    asked = ("form: {concern: }", "form: {what: {type: long text, label: What is wrong?}}")
    definition = library_from(a_family_folder(tmp_path, asked, ("why: concern", "why: answer.what"))).current(
        "provider"
    )
    outcome = fired(definition, a_provider(definition, "listed"), "plan", what="No first aider.")
    assert outcome.signals[0].answers["why"] == "No first aider."
    assert "what" not in outcome.fields


def test_an_answer_that_the_event_does_not_ask_for_cannot_be_copied(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r'there is no field called "answer\.what"'):
        library_from(a_family_folder(tmp_path, ("why: concern", "why: answer.what")))
