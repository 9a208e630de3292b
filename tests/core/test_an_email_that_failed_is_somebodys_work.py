"""An e-mail that did not arrive is somebody's work, also where the workflow says of none whose."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from apflow.core.commands import Alert
from apflow.core.definition.compiled import Definition
from apflow.core.people.actor import THE_CLOCK
from apflow.core.play import Play
from apflow.loader import Library
from tests.core.journey import reach

OF_MAIL = ("mail_failed", "mail_uncertain", "mail_stopped", "not_reached")


def without(library: Library, names: Collection[str]) -> Definition:
    """The approved list without these alerts; what names them elsewhere is of no account here."""
    definition = library.current("provider")
    alerts = {name: spec for name, spec in definition.workflow.alerts.items() if name not in names}
    return replace(definition, workflow=definition.workflow.model_copy(update={"alerts": alerts}))


def told(play: Play, alert: str) -> tuple[str, str, str]:
    """What has to be done of it, by whom, and what is said of it."""
    play.do(Alert(alert, THE_CLOCK, "No such mailbox."))
    (task,) = play.outcomes[-1].opened
    return task.title, task.role, task.note


@pytest.mark.parametrize(
    ("alert", "title"),
    [
        ("mail_failed", "An email could not be delivered"),
        ("mail_uncertain", "An email may not have arrived"),
        ("not_reached", "Tell somebody otherwise whom an email did not reach"),
    ],
)
def test_a_workflow_without_an_alert_for_it_has_a_task_for_staff_who_see_the_case(
    library: Library, alert: str, title: str
) -> None:
    play = reach(without(library, OF_MAIL), "enquiry")

    assert told(play, alert) == (title, "officer", "No such mailbox.")


@pytest.mark.parametrize("alert", ["mail_uncertain", "mail_stopped"])
def test_one_that_has_the_alert_for_those_that_failed_uses_that(library: Library, alert: str) -> None:
    play = reach(without(library, ("mail_uncertain", "mail_stopped")), "enquiry")

    assert told(play, alert)[:2] == ("An email could not be delivered", "officer")


def test_every_shipped_workflow_says_itself_whose_work_it_is(library: Library) -> None:
    lacking = [name for name in library.sources if not {*OF_MAIL[:3]} <= {*library.current(name).workflow.alerts}]

    assert lacking == []
