"""The open tasks of one case as JSON, as its page shows them to staff."""

from collections.abc import Iterator
from datetime import date, datetime

from pydantic import BaseModel, Field

from apflow.core.days.calendar import local_date
from apflow.store.people import people
from apflow.store.people.away import away_on
from apflow.web.case import outsiders
from apflow.web.case.opened import Opened
from apflow.web.case.shown_task import TaskShown, shown_task


class CaseTask(BaseModel):
    """One open task of a case, whoever has it."""

    id: int
    title: str
    note: str
    role: str = Field(description="Whose it is: the name of a role of the council's settings.")
    due_at: datetime | None
    held_by: str | None = Field(description="The name of who has it; null when nobody has.")
    away_until: date | None = Field(description="The last day on which who has it is away; null while they are not.")
    is_covered: bool = Field(description="Who has it is away, and you cover for them.")
    is_yours: bool = Field(description="You have taken it on.")
    can_be_claimed: bool
    can_be_completed: bool = Field(description="You finish it by saying what was done, not by an event on the case.")
    can_be_passed: bool = Field(description="You may pass it on to a colleague, or take it over from one.")


def case_tasks(opened: Opened) -> Iterator[CaseTask]:
    """Those of the case; none for an outsider, whose own are in the list of their tasks."""
    tasks = opened.snapshot.tasks if outsiders.reads_as_staff(opened) else ()
    if not tasks:
        return
    with opened.site.store.reading() as connection:
        names = people.names(connection, (task.claimed_by for task in tasks if task.claimed_by is not None))
        away = away_on(connection, local_date(opened.now))
    yield from (_out(shown_task(opened, task, names, away)) for task in tasks)


def _out(shown: TaskShown) -> CaseTask:
    task = shown.task
    return CaseTask(
        id=task.id,
        title=task.title,
        note=task.note,
        role=task.role,
        due_at=task.due_at,
        held_by=shown.holder,
        away_until=shown.away.last_on if shown.away else None,
        is_covered=shown.is_covered,
        is_yours=shown.is_mine,
        can_be_claimed=shown.is_to_hand and not shown.is_mine,
        can_be_completed=shown.is_to_finish,
        can_be_passed=shown.is_to_pass,
    )
