"""Going on to the next task of one's work once one is finished: offered, or at once for whoever wants it so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar.datastructures import MultiDict
from sqlalchemy import Row

from apflow.core.errors import NotFound
from apflow.store.cases.tasks import has_finished
from apflow.store.people.people import opens_next
from apflow.store.reading.going import about_to_go
from apflow.store.reading.work_rows import WorkRow
from apflow.web.banners import done_banner, just_done
from apflow.web.case.in_sight import in_sight
from apflow.web.case.opened import Opened, as_staff, open_case
from apflow.web.handed import handed_of
from apflow.web.lists.queue import next_task

_FROM = "gone_on_from"
_KEPT = ("done", "item", "task", "how")


@dataclass(frozen=True, slots=True)
class Finished:
    """What was done to the case before, from which this one opened by itself."""

    words: str
    reference: str
    title: str
    about_to_go: Sequence[Row[Any]]


def next_of_work(opened: Opened) -> WorkRow | None:
    """The most pressing work on another case, to go on to."""
    there, actor = len(opened.snapshot.tasks), as_staff(opened.site, opened.actor)
    with opened.site.store.reading() as connection:
        found = next_task(connection, actor, opened.now, but=opened.reference, there=there)
        return found if found and in_sight(opened.site, connection, [found], actor) else None


def goes_on(opened: Opened, params: MultiDict[str]) -> bool:
    """Whether the reader has just finished a task here, has none left here, and wants the next to open by itself."""
    case, reader, event = opened.snapshot, opened.actor.id or 0, params.get("done", "")
    if any(task.claimed_by == reader for task in case.tasks):
        return False
    ticks_off = params.get("how") == "done"
    done = just_done(opened, lambda name: name.startswith("completed ") if ticks_off else name == event)
    if done is None:
        return False
    with opened.site.store.reading() as connection:
        return opens_next(connection, reader) and has_finished(connection, case.id or 0, reader, done.at)


def address_of_next(opened: Opened, following: WorkRow, params: MultiDict[str]) -> str:
    """The next case, where what was just done here is said."""
    kept = {name: params[name] for name in _KEPT if name in params}
    return f"/cases/{following.reference}?{urlencode({_FROM: opened.reference, **kept})}"


def finished_before(opened: Opened, params: MultiDict[str]) -> Finished | None:
    """What the address says was done to another case, as the database has it."""
    reference = params.get(_FROM, "")
    if not reference or reference == opened.reference:
        return None
    try:
        other = open_case(opened.site, opened.actor, reference)
    except NotFound:
        return None
    words = done_banner(other, params)
    if words is None and params.get("how") == "done":
        with opened.site.store.reading() as connection:
            handed = handed_of(opened.site, connection, opened.actor, params)
        words = handed.words if handed else None
    return Finished(words, other.reference, other.title, going_from(other)) if words else None


def going_from(opened: Opened) -> Sequence[Row[Any]]:
    """The e-mails that the reader has just caused here, and can still take back."""
    with opened.site.store.reading() as connection:
        return about_to_go(connection, opened.snapshot, opened.actor.id or 0, opened.now)
