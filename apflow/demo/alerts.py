"""What officers do about alerts: all there are on a case at once, and those on placements as the days pass."""

from datetime import datetime, timedelta

from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.cases.loading import load_case
from apflow.store.tables.cases import cases
from apflow.store.tables.work import tasks
from apflow.web.site import Site

_IN_GOOD_TIME = timedelta(hours=12)
SEEN_TO = {
    "others_are_told": "Rang those who work with the pupil: each knows of it",
    "no_place": "The pupil is taught at their school meanwhile, which sees to it with us",
    "barred_elsewhere": "Looked through the pupil's other placements: they stand on none of them",
    "mail_failed": "Rang them instead, and told them what it says",
}
_DUE = (
    select(cases.c.reference, cases.c.changed_at, tasks.c.id, tasks.c.name, tasks.c.due_at)
    .join(cases, cases.c.id == tasks.c.case_id)
    .where(cases.c.workflow == "placement", tasks.c.closed_at.is_(None), tasks.c.is_alert, tasks.c.role == "officer")
    .order_by(tasks.c.due_at)
)


def finish_alerts(site: Site, reference: str, note: str, actor: Actor, at: datetime) -> None:
    """Say of every alert of the case that is open what was done about it."""
    with site.store.reading() as connection:
        case = load_case(connection, reference)
    for task in case.tasks if case else ():
        if task.is_alert:
            site.handler.complete(reference, task.id, note, actor=actor, now=at)


def see_to_placements(site: Site, officer: Actor, until: datetime) -> None:
    """Finish what placements asked of officers, on the day it was due; overdue deadlines show that nobody has."""
    due = _DUE.where(tasks.c.name.in_(SEEN_TO), tasks.c.due_at < until + _IN_GOOD_TIME, cases.c.changed_at <= until)
    with site.store.reading() as connection:
        found = connection.execute(due).all()
    for row in found:
        at = min(until, max(row.changed_at, row.due_at - _IN_GOOD_TIME))
        site.handler.complete(row.reference, row.id, SEEN_TO[row.name], actor=officer, now=at)
