"""Undoing what was done to several tasks: what it takes to put each back, and putting it back through the one door."""

from dataclasses import dataclass
from datetime import date

from apflow.core.days.calendar import local_date
from apflow.core.errors import NotOpen
from apflow.core.firing import moves
from apflow.core.people.actor import Actor
from apflow.core.putting_off import beginning
from apflow.core.queue import is_put_off
from apflow.core.snapshot import OpenTask
from apflow.web.case.opened import Opened
from apflow.web.case.several import GONE, Wanted, What, opened_on, somebody
from apflow.web.site import Site

_WITH_NOBODY = "The case was with somebody already, and would be with nobody."
_SINCE = "It has moved on since."


@dataclass(frozen=True)
class Before:
    """How a task stood before something was done to it, as far as that is put back; or why it is not.

    `with_it` is what goes to somebody with it, of the same case.
    """

    held_by: int | None = None
    put_off_until: date | None = None
    with_it: frozenset[int] = frozenset()
    why_not: str = ""

    def as_text(self) -> str:
        """For a form to carry."""
        until = self.put_off_until.isoformat() if self.put_off_until else ""
        return f"{self.held_by or ''}/{until}/{','.join(map(str, sorted(self.with_it)))}"

    @classmethod
    def from_text(cls, text: str) -> "Before":
        """What a form carried; ValueError where no form of ours did."""
        held_by, until, with_it = text.split("/")
        numbers = frozenset(int(one) for one in with_it.split(",") if one)
        return cls(int(held_by) if held_by else None, date.fromisoformat(until) if until else None, numbers)


def before(opened: Opened, task: OpenTask, wanted: Wanted) -> Before:
    """What is to be remembered of the task while it stands as it does."""
    case, holder = opened.snapshot, task.claimed_by
    carries = moves.follows_the_case(opened.definition, task.role)
    if wanted.what is What.PASS:
        return _before_passing(opened, task, wanted.to)
    if holder is None and carries and case.assigned_to is not None:
        return Before(why_not=_WITH_NOBODY)
    until = task.put_off_until
    return Before(holder, local_date(until) if until and is_put_off(until, opened.now) else None)


def _before_passing(opened: Opened, task: OpenTask, to: Actor | None) -> Before:
    case, holder = opened.snapshot, task.claimed_by
    carries = moves.follows_the_case(opened.definition, task.role)
    if holder is None:
        with_somebody = carries and case.assigned_to not in (None, to.id if to else None)
        return Before(why_not=_WITH_NOBODY if with_somebody else "")
    if carries and case.assigned_to != holder:
        return Before(why_not="The case was not with whoever had the task.")
    if is_put_off(task.put_off_until, opened.now):
        return Before(why_not="It was put off, and has come back by this.")
    if carries and _following(opened, to.id if to else None):
        return Before(why_not="They have other work on this case, which would go with it.")
    return Before(holder, with_it=_following(opened, holder) - {task.id} if carries else frozenset())


def _following(opened: Opened, person: int | None) -> frozenset[int]:
    """What somebody has of the work that goes with the case."""
    definition = opened.definition
    return frozenset(
        one.id
        for one in opened.snapshot.tasks
        if person is not None and one.claimed_by == person and moves.follows_the_case(definition, one.role)
    )


def undo(site: Site, actor: Actor, number: int, kept: Before, wanted: Wanted) -> None:
    """Put the task back as it was before; a Refusal says why not, as when it has moved on since."""
    opened, task = opened_on(site, actor, number)
    left_with = wanted.to.id if wanted.to else actor.id
    if task is None:
        raise NotOpen(GONE)
    if task.claimed_by != left_with:
        raise NotOpen("It has changed hands since.")
    is_as_left = task.put_off_until == (beginning(wanted.until) if wanted.until else None)
    goes_back = wanted.to and kept.held_by and not _following(opened, left_with) <= {number, *kept.with_it}
    if not is_as_left or goes_back:
        raise NotOpen(_SINCE)
    handler, reference, now = site.handler, opened.reference, site.now()
    if wanted.what is What.PASS and kept.held_by is None:
        handler.release(reference, number, held_by=left_with, actor=actor, now=now)
    elif wanted.what is What.PASS:
        to = somebody(site, task.role, kept.held_by or 0)
        if to is None:
            raise NotOpen("Whoever had it before cannot do it any more.")
        handler.pass_on(reference, number, to, held_by=left_with, actor=actor, now=now)
    elif kept.held_by is None:
        handler.release(reference, number, actor=actor, now=now)
    elif kept.put_off_until is None:
        handler.bring_back(reference, number, actor=actor, now=now)
    else:
        handler.put_off(reference, number, kept.put_off_until, actor=actor, now=now)
