"""What the e-mail of the day says of what waits for a decision on erasing it, and when that is news."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import Connection, Row

from apflow.core.days.calendar import local_date
from apflow.core.days.duration import Duration
from apflow.core.deadlines.deadlines import morning_of
from apflow.core.definition.nightly import Digest, DueUnderRetention
from apflow.core.people.actor import Actor
from apflow.core.standing import RETENTION_DUE
from apflow.handler import Handler
from apflow.letters.digest import Due
from apflow.records.retention.to_decide import ToDecide, all_to_decide, deciding_roles, to_decide_for
from apflow.store import findings as kept
from apflow.store.people import people


@dataclass(frozen=True, slots=True)
class Waiting:
    """All that waits, and the finding that says so, with when people were last told of it."""

    handler: Handler
    row: Row[Any]
    every: ToDecide
    spec: DueUnderRetention
    now: datetime

    @classmethod
    def found(cls, handler: Handler, connection: Connection, digest: Digest, now: datetime) -> Self | None:
        """None where the policy tells nobody, or the last check found nothing that waits."""
        rows = kept.left_undone(connection, [RETENTION_DUE], but=kept.WORKFLOW) if digest.retention else []
        if digest.retention is None or not rows:
            return None
        every = all_to_decide(connection, handler.library, now)
        return cls(handler, rows[0], every, digest.retention, now)

    def people(self, connection: Connection) -> Mapping[int, Row[Any]]:
        """Those who decide, by their numbers."""
        roles = deciding_roles(self.handler.library)
        return {one.id: one for role in roles for one in people.with_role(connection, role)}

    def due_for(self, connection: Connection, person: Actor) -> Due | None:
        """What the e-mail says of it to one of them; None where nothing waits for them."""
        theirs = to_decide_for(connection, self.handler.library, self.every, person, self.now)
        told_on = local_date(self.row.told_at) if self.row.told_at else None
        new = sum(told_on is None or day > told_on for day in theirs.days)
        if not theirs.days:
            return None
        is_time = self._is_over(self.spec.at_most_every) if new else self._is_over(self.spec.again_after)
        return Due(len(theirs.records), len(theirs.cases), new, calls_for_it=is_time)

    def _is_over(self, span: Duration) -> bool:
        told_at, calendar = self.row.told_at, self.handler.library.calendar
        return told_at is None or calendar.due(morning_of(told_at), span).on <= local_date(self.now)
