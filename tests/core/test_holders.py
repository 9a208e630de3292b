"""Tasks that are a person's because a field of the case says so."""

import pytest
from msgspec.structs import replace

from apflow.core.commands import Alert, ClaimTask, ReleaseTask
from apflow.core.definition.compiled import Definition
from apflow.core.outcome import TaskChange
from apflow.core.people.actor import THE_CLOCK
from apflow.core.play import Play
from apflow.core.snapshot import World
from apflow.loader import Library
from apflow.testing import ENQUIRY, OLIVE, OSCAR
from tests.core.journey import PANEL, a_play, reach, reworded

CHANGES = (
    (
        "  panel_on: {type: date,",
        "  visitor: {type: person, label: Who visits?, role: officer, optional: true}\n  panel_on: {type: date,",
    ),
    (
        "record_visit: {title: Visit and record what it found,",
        "record_visit: {person: visitor, title: Visit and record what it found,",
    ),
    ("          visit_place:\n          going:", "          visitor:\n          visit_place:\n          going:"),
    ("mail_failed: {title:", "mail_failed: {person: visitor, title:"),
)


@pytest.fixture
def with_visitor(library: Library) -> Definition:
    """The shipped workflow, where the task to visit is whoever's the field says."""
    return reworded(library, *CHANGES)


class Visits(Play):
    """A play whose forms offer the two officers."""

    @property
    def world(self) -> World:
        return replace(super().world, people={"officer": {1: "Olive Officer", 2: "Oscar Officer"}})


def at_the_visit(definition: Definition, **fields: int) -> Visits:
    """A case about to be agreed by the panel, its field as given, then agreed."""
    before = reach(definition, "visit")
    play = Visits(definition, before.case, before.now, before.party)
    play.case = replace(play.case, fields={**play.case.fields, **fields})
    return play


def holder(play: Play, name: str = "record_visit") -> int | None:
    return next(task.claimed_by for task in play.case.tasks if task.name == name)


def arrange(play: Play, visitor: int | None) -> None:
    answers = play.answers("arrange_visit")
    del answers["visitor"], answers["going"]
    play.fire(OLIVE, "arrange_visit", **answers | ({"visitor": visitor} if visitor else {}))


def test_a_task_opens_with_whom_its_field_names(with_visitor: Definition) -> None:
    before = reach(with_visitor, "panel")
    play = Visits(with_visitor, before.case, before.now, before.party)
    play.case = replace(play.case, fields={**play.case.fields, "visitor": OSCAR.id})
    for member in PANEL:
        play.fire(member, "give_view", view="visit", comments="Good.")
    play.fire(OLIVE, "panel_agree", **play.answers("panel_agree"))
    assert (holder(play), holder(play, "arrange_visit")) == (OSCAR.id, OLIVE.id)


def test_while_the_field_is_empty_the_task_goes_the_usual_way(with_visitor: Definition) -> None:
    assert holder(at_the_visit(with_visitor)) == OLIVE.id


def test_the_task_follows_when_the_field_changes(with_visitor: Definition) -> None:
    play = at_the_visit(with_visitor)
    arrange(play, OSCAR.id)
    assert holder(play) == OSCAR.id
    arrange(play, OLIVE.id)
    assert holder(play) == OLIVE.id


def test_the_task_is_nobodys_once_the_field_is_empty(with_visitor: Definition) -> None:
    play = at_the_visit(with_visitor)
    arrange(play, OSCAR.id)
    arrange(play, None)
    assert holder(play) is None


def test_a_field_that_stays_as_it_is_takes_the_task_from_nobody(with_visitor: Definition) -> None:
    play = at_the_visit(with_visitor)
    arrange(play, OSCAR.id)
    task = next(task.id for task in play.case.tasks if task.name == "record_visit")
    play.do(ReleaseTask(task, OSCAR))
    play.do(ClaimTask(task, OLIVE))
    arrange(play, OSCAR.id)
    assert holder(play) == OLIVE.id


def test_the_case_stays_with_who_has_it(with_visitor: Definition) -> None:
    play = at_the_visit(with_visitor)
    arrange(play, OSCAR.id)
    assert play.case.assigned_to == OLIVE.id


def test_a_task_that_the_event_finishes_is_not_handed_on(with_visitor: Definition) -> None:
    play = at_the_visit(with_visitor)
    arrange(play, OSCAR.id)
    (arranging,) = [change for change in play.outcomes[-1].tasks if change.how == "done"]
    handed = [change for change in play.outcomes[-1].tasks if change.how == "claimed"]
    assert handed == [TaskChange(handed[0].task, "claimed", OSCAR.id)]
    assert handed[0].task != arranging.task


def test_an_alert_is_theirs_too_and_follows_even_when_the_case_moves(library: Library) -> None:
    answered = (
        "          message: {type: long text, label: Anything you want",
        "          visitor:\n          message: {type: long text, label: Anything you want",
    )
    before = a_play(reworded(library, *CHANGES, answered))
    play = Visits(before.definition, before.case, before.now, before.party)
    play.open(OLIVE, "log_enquiry", **ENQUIRY, received_on=play.world.today.isoformat())
    play.case = replace(play.case, fields={**play.case.fields, "visitor": OSCAR.id})
    play.do(Alert("mail_failed", THE_CLOCK, "The mailbox is full."))
    assert holder(play, "mail_failed") == OSCAR.id
    play.fire(OSCAR, "invite", visitor=OLIVE.id)
    assert (play.case.state, holder(play, "mail_failed")) == ("gathering_evidence", OLIVE.id)
