"""One open task as the page of its case shows it: who has it, and whether the reader can take it on."""

from collections.abc import Mapping
from dataclasses import dataclass

from apflow.core.days.duration import Unit
from apflow.core.facts import items_of, keys_of
from apflow.core.firing.offers import Offer
from apflow.core.people.doers import is_for_another, is_theirs_alone
from apflow.core.people.permission import may_see_collection, named_for, passes_on
from apflow.core.putting_off import why_not
from apflow.core.queue import is_put_off
from apflow.core.snapshot import OpenTask
from apflow.store.people.away import Absence, Away
from apflow.web.away import covered_words
from apflow.web.case.opened import Opened


@dataclass(frozen=True)
class TaskShown:
    """One open task, with who has it, the item it is `about`, and what finishes it where it is no note of one's own.

    Whoever `holder` is may be `away`; then it `is_covered` by the reader, or by others.
    """

    task: OpenTask
    role: str
    holder: str | None
    is_mine: bool
    is_for_me: bool
    is_for_another: bool
    passes_on: bool
    is_theirs_alone: bool
    unit: Unit
    is_put_off: bool
    can_be_put_off: bool
    about: str = ""
    finished_by: tuple[Offer, ...] = ()
    away: Absence | None = None
    covered_words: str = ""
    is_covered: bool = False

    @property
    def is_to_finish(self) -> bool:
        """Whether the reader may say here what was done about it, as it is theirs, nobody's, or theirs to cover."""
        return self.is_alert_for_me and (self.is_mine or self.is_covered or not self.holder)

    @property
    def is_to_hand(self) -> bool:
        """Whether the reader can take it on or put it back."""
        is_free = not self.holder and not self.is_for_another
        return self.is_for_me and self.is_to_pass and (self.is_mine or is_free)

    @property
    def is_to_put_off(self) -> bool:
        """Whether the reader can put it off, or put it off further."""
        is_free = not self.holder and not self.is_for_another
        return self.is_for_me and self.can_be_put_off and (self.is_mine or is_free)

    @property
    def is_to_bring_back(self) -> bool:
        """Whether the reader can end that it is put off."""
        return self.is_put_off and (self.is_mine or self.is_to_pass)

    @property
    def is_to_pass(self) -> bool:
        """Whether the reader can give it to a colleague, or take it over from one."""
        return self.passes_on and not self.task.each and not self.is_theirs_alone

    @property
    def is_alert_for_me(self) -> bool:
        """Whether it is finished here, by saying what was done about it."""
        return self.task.is_alert and self.is_for_me


def shown_task(opened: Opened, task: OpenTask, names: Mapping[int, str], away: Away) -> TaskShown:
    """The task as the reader of the case finds it; `names` has those of whoever holds one, of whom some are `away`."""
    actor, case = opened.actor, opened.snapshot
    item = _item_of(opened, task)
    covering = away.covers_in(task.claimed_by, task.role, opened.site.council)
    return TaskShown(
        task=task,
        role=opened.site.council.roles[task.role].title,
        holder=names.get(task.claimed_by or 0),
        is_mine=task.claimed_by is not None and task.claimed_by == actor.id,
        is_for_me=task.role in actor.roles,
        is_for_another=is_for_another(opened.definition, case.state, case.doers, task.name, named_for(case, actor)),
        passes_on=passes_on(opened.site.council, actor, task.role),
        is_theirs_alone=is_theirs_alone(opened.definition, case, task),
        unit=opened.definition.unit_of(case.state, task.name),
        is_put_off=is_put_off(task.put_off_until, opened.now),
        can_be_put_off=why_not(opened.definition, task, opened.now) is None,
        about=str(items_of(opened.definition, case, item[0])[item[1]]["label"]) if item else "",
        finished_by=_done_about(opened, task.name, item) if item else _letters_posted(opened, task.name),
        away=away.of(task.claimed_by),
        covered_words=covered_words([one.name for one in covering]),
        is_covered=any(one.id == actor.id for one in covering),
    )


def _item_of(opened: Opened, task: OpenTask) -> tuple[str, str] | None:
    """The item that the task is about, where the reader sees such."""
    collections = opened.definition.alerts_of_items.get(task.name, ())
    about = ((name, task.item) for name in collections if may_see_collection(opened.definition, name, opened.actor))
    there = ((name, key) for name, key in about if key in keys_of(opened.definition, opened.snapshot, name))
    return next(((name, str(key)) for name, key in there), None)


def _done_about(opened: Opened, task: str, item: tuple[str, str]) -> tuple[Offer, ...]:
    done_by = opened.definition.workflow.alerts[task].done_by
    return tuple(offer for offer in opened.item_offers(item) if offer.event in done_by and offer.is_possible)


def _letters_posted(opened: Opened, task: str) -> tuple[Offer, ...]:
    """What says that the letter was posted which the task asks for; nothing of any other task."""
    by_link = opened.definition.workflow.read_by_link
    if by_link is None or by_link.letter != task:
        return ()
    done_by = opened.definition.workflow.alerts[task].done_by
    return tuple(offer for offer in opened.offers() if offer.event in done_by and offer.is_possible)
