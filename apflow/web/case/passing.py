"""One open task, and who could have it in place of whoever has it now."""

from collections.abc import Mapping
from dataclasses import dataclass

from apflow.core.days.calendar import local_date
from apflow.core.errors import NotAllowed, NotFound
from apflow.core.people.actor import Actor
from apflow.core.people.doers import is_theirs_alone
from apflow.core.people.permission import may_see, passes_on
from apflow.core.snapshot import OpenTask
from apflow.store.people import people
from apflow.store.people.away import Away, away_on
from apflow.store.reading.queues import task_reference
from apflow.web.case.opened import Opened
from apflow.web.site import Site

_LARGEST = 2**31 - 1  # PostgreSQL fails on a number that no task can have.


@dataclass(frozen=True)
class Passing:
    """One open task, everybody who holds its role, by id, and who of them is away today."""

    opened: Opened
    task: OpenTask
    able: Mapping[int, Actor]
    away: Away

    @property
    def holder(self) -> Actor | None:
        return self.able.get(self.task.claimed_by or 0)

    @property
    def others(self) -> Mapping[int, Actor]:
        """Those who have it not."""
        return {id: one for id, one in self.able.items() if id != self.task.claimed_by}


def case_of_task(site: Site, task: int) -> str:
    """The reference of the case that a task is on; NotFound where there is no such task."""
    with site.store.reading() as connection:
        reference = task_reference(connection, task) if task <= _LARGEST else None
    if reference is None:
        raise NotFound
    return reference


def passing_in(opened: Opened, number: int) -> Passing | None:
    """The task of this number, for somebody who may pass it on; None where it is done already."""
    task = next((one for one in opened.snapshot.tasks if one.id == number), None)
    if task is None:
        return None
    if task.each or not passes_on(opened.site.council, opened.actor, task.role):
        raise NotAllowed
    if is_theirs_alone(opened.definition, opened.snapshot, task):
        raise NotAllowed
    with opened.site.store.reading() as connection:
        away = away_on(connection, local_date(opened.now))
        everybody = [people.actor_of(row) for row in people.with_role(connection, task.role)]
    able = [one for one in everybody if may_see(opened.definition, opened.snapshot, one)]
    return Passing(opened, task, {one.id: one for one in able if one.id is not None}, away)
