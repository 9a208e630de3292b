"""Schools and other commissioners: finding one by what people write, and listing them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from apflow.store.records.records import like, sought
from apflow.store.tables.places import commissioners


def named_so(connection: Connection, text: str, *, limit: int, kind: str = "") -> Sequence[Row[Any]]:
    """Who is meant by this text: the one with the URN, else those of the name, else those with it in theirs."""
    by_urn = connection.execute(select(commissioners).where(commissioners.c.urn == text.strip())).all()
    if by_urn:
        return by_urn
    query = select(commissioners).order_by(commissioners.c.sought, commissioners.c.id).limit(limit)
    if kind:
        query = query.where(commissioners.c.kind == kind)
    exactly = connection.execute(query.where(commissioners.c.sought == sought(text))).all()
    return exactly or connection.execute(query.where(_has(text))).all()


def of_name(connection: Connection, kind: str, name: str) -> Sequence[Row[Any]]:
    """Those of one kind that have this very name."""
    query = select(commissioners).where(commissioners.c.kind == kind, commissioners.c.sought == sought(name))
    return connection.execute(query.order_by(commissioners.c.id)).all()


def count_commissioners(connection: Connection, text: str, kind: str) -> int:
    query = select(func.count()).select_from(commissioners).where(*_wanted(text, kind))
    return int(connection.execute(query).scalar_one())


def list_commissioners(
    connection: Connection, text: str, kind: str, *, limit: int, offset: int = 0
) -> Sequence[Row[Any]]:
    """Those whose name or URN has the text in it, of one kind or all, by name."""
    query = select(commissioners).where(*_wanted(text, kind)).order_by(commissioners.c.sought, commissioners.c.id)
    return connection.execute(query.limit(limit).offset(offset)).all()


def _wanted(text: str, kind: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if text:
        conditions.append(or_(_has(text), commissioners.c.urn == text))
    if kind:
        conditions.append(commissioners.c.kind == kind)
    return conditions


def _has(text: str) -> ColumnElement[bool]:
    return commissioners.c.sought.like(like(text), escape="\\")
