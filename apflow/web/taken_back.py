"""What is true of a case once somebody has taken back e-mails that they had caused: what stands, who reads it, what is
to be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar.datastructures import MultiDict
from sqlalchemy import Row

from apflow.core.people.permission import may_see
from apflow.core.snapshot import OpenTask
from apflow.core.work import MAIL_FAILED, MAIL_STOPPED, NOT_REACHED
from apflow.store.people.people import actor_of, person
from apflow.store.reading.going import taken_back_by
from apflow.web.case.opened import Opened, audience_of

_ALERTS = (MAIL_STOPPED, MAIL_FAILED, NOT_REACHED)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What is said of them: with nothing stopped the words alone.

    `readers` are those of whom it was kept back who have a page of the case, each with what that says of where it
    stands. `task` is what an officer has to do for it now.
    """

    words: str
    has_stopped: bool
    stands: str
    readers: tuple[tuple[str, str], ...]
    task: OpenTask | None

    @property
    def anchor(self) -> str:
        """Where on the page of the case the task stands."""
        return (
            "unreached" if self.task and self.task.name == NOT_REACHED else f"task-{self.task.id if self.task else 0}"
        )


def taken_back_of(opened: Opened, params: MultiDict[str]) -> TakenBack | None:
    """The same of what the address names, as the database has it; None when it names none."""
    words = _words(params)
    if words is None:
        return None
    stopped = _stopped(opened, int(params["taken_back"]))
    if len(stopped) < int(params["taken_back"]):
        return None
    alerts = [task for task in opened.snapshot.tasks if task.is_alert and task.name in _ALERTS]
    return TakenBack(
        words,
        bool(stopped),
        opened.definition.state(opened.snapshot.state).label.staff,
        _readers(opened, stopped),
        max(alerts, key=lambda task: task.id, default=None) if stopped else None,
    )


def _words(params: MultiDict[str]) -> str | None:
    """How many of the e-mails that somebody took back still could be."""
    stopped, of = params.get("taken_back", ""), params.get("of", "")
    if not (_is_count(stopped) and _is_count(of)):
        return None
    if of == "0":
        return "No email was chosen, so those that wait go"
    if stopped == "0":
        return "The email had gone already" if of == "1" else "They had gone already"
    if stopped == of:
        return "The email does not go" if of == "1" else f"{of} emails do not go"
    return f"{stopped} of {of} emails {'does' if stopped == '1' else 'do'} not go: the others had gone already"


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 5


def _stopped(opened: Opened, count: int) -> Sequence[Row[Any]]:
    with opened.site.store.reading() as connection:
        return taken_back_by(connection, opened.snapshot, opened.actor.name, count)


def _readers(opened: Opened, stopped: Sequence[Row[Any]]) -> tuple[tuple[str, str], ...]:
    label = opened.definition.state(opened.snapshot.state).label
    with opened.site.store.reading() as connection:
        rows = [person(connection, row.to_person) for row in stopped if row.to_person is not None]
    people = {row.id: actor_of(row) for row in rows if row is not None and row.is_active}
    return tuple(
        (one.name, label.to(audience_of(opened.site, one)))
        for one in people.values()
        if may_see(opened.definition, opened.snapshot, one)
    )
