"""One open task as the page of its case shows it: who has it, and whether the reader can take it on."""

from collections.abc import Mapping
from dataclasses import dataclass

from apflow.core.days.duration import Unit
from apflow.core.firing.offers import Offer
from apflow.core.people.doers import is_for_another
from apflow.core.people.permission import named_for
from apflow.core.snapshot import OpenTask
from apflow.web.case.opened import Opened


@dataclass(frozen=True)
class TaskShown:
    """One open task, with who has it; of a letter to post, what is `finished_by` saying that it was."""

    task: OpenTask
    role: str
    holder: str | None
    is_mine: bool
    is_for_me: bool
    is_for_another: bool
    unit: Unit
    finished_by: tuple[Offer, ...] = ()

    @property
    def is_to_hand(self) -> bool:
        """Whether the reader can take it on or put it back."""
        is_free = not self.holder and not self.is_for_another
        return self.is_for_me and not self.task.each and (self.is_mine or is_free)

    @property
    def is_to_pass(self) -> bool:
        """Whether the reader can give it to a colleague, or take it over from one."""
        return self.is_for_me and not self.task.each

    @property
    def is_alert_for_me(self) -> bool:
        """Whether it is finished here, by saying what was done about it."""
        return self.task.is_alert and self.is_for_me


def shown_task(opened: Opened, task: OpenTask, names: Mapping[int, str]) -> TaskShown:
    """The task as the reader of the case finds it; `names` has those of whoever holds one."""
    actor, case = opened.actor, opened.snapshot
    return TaskShown(
        task=task,
        role=opened.site.council.roles[task.role].title,
        holder=names.get(task.claimed_by or 0),
        is_mine=task.claimed_by is not None and task.claimed_by == actor.id,
        is_for_me=task.role in actor.roles,
        is_for_another=is_for_another(opened.definition, case.state, case.doers, task.name, named_for(case, actor)),
        unit=opened.definition.unit_of(case.state, task.name),
        finished_by=_letters_posted(opened, task.name),
    )


def _letters_posted(opened: Opened, task: str) -> tuple[Offer, ...]:
    """What says that the letter was posted which the task asks for; nothing of any other task."""
    by_link = opened.definition.workflow.read_by_link
    if by_link is None or by_link.letter != task:
        return ()
    done_by = opened.definition.workflow.alerts[task].done_by
    return tuple(offer for offer in opened.offers() if offer.event in done_by and offer.is_possible)
