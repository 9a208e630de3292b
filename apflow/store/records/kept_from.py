"""Those who are named on some case of a pupil as people who must not be written to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from apflow.core.definition.by_link import ByLink
from apflow.store.tables.cases import case_items, cases


def not_written_to(
    connection: Connection, by_link: ByLink, workflow: str, about: tuple[str, int], *, but: int | None
) -> Sequence[Row[tuple[dict[str, Any]]]]:
    """What is said of each on the workflow's cases `but` one; `about` is the field of the pupil, and their number."""
    field, pupil = about
    query = (
        select(case_items.c.data)
        .join(cases, cases.c.id == case_items.c.case_id)
        .where(cases.c.workflow == workflow, cases.c.fields[field].as_integer() == pupil, cases.c.id != (but or 0))
        .where(case_items.c.collection == by_link.of, case_items.c.status.not_in(by_link.readers))
    )
    return connection.execute(query.order_by(case_items.c.case_id, case_items.c.key)).all()
