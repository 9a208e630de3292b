"""What cases of a pupil say of those who must not be written to about them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from apflow.core.definition.by_link import ByLink
from apflow.store.tables.cases import barred_cases, case_items, cases


def not_written_to(
    connection: Connection, by_link: ByLink, workflow: str, pupil: int, *, but: int | None
) -> Sequence[Row[tuple[dict[str, Any]]]]:
    """What is said of each on the workflow's cases of the pupil `but` one, found by the pupil and not among all."""
    named_on = (
        select(barred_cases.c.case_id)
        .join(cases, cases.c.id == barred_cases.c.case_id)
        .where(barred_cases.c.pupil_id == pupil, barred_cases.c.case_id != (but or 0), cases.c.workflow == workflow)
    )
    those = connection.execute(named_on).scalars().all()
    if not those:
        return ()
    query = select(case_items.c.data).where(
        case_items.c.case_id.in_(those),
        case_items.c.collection == by_link.of,
        case_items.c.status.not_in(by_link.readers),
    )
    return connection.execute(query.order_by(case_items.c.case_id, case_items.c.key)).all()
