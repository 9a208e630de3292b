"""Other cases of a workflow that may be about the same organisation: one name, or one answer that says who it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from apflow.store.tables.cases import cases


def cases_alike(
    connection: Connection, reference: str, workflow: str, title: str, answers: Mapping[str, str], *, limit: int
) -> Sequence[Row[Any]]:
    """Those with this title, or with one of these answers, however they are spaced; the last changed first."""
    same = [_tidied(cases.c.title) == tidied(title)]
    same += [_tidied(cases.c.fields[name].as_string()) == tidied(answer) for name, answer in answers.items()]
    query = select(cases.c.reference).where(cases.c.workflow == workflow, cases.c.reference != reference, or_(*same))
    return connection.execute(query.order_by(cases.c.changed_at.desc(), cases.c.id.desc()).limit(limit)).all()


def tidied(text: str) -> str:
    return text.replace(" ", "").lower()


def _tidied(column: ColumnElement[Any]) -> ColumnElement[str]:
    return func.lower(func.replace(column, " ", ""))
