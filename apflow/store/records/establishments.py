"""The national register of establishments as it was imported last."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from apflow.store.tables.places import establishments

_CHANGING = [column.name for column in establishments.columns if column.name != "urn"]


def establishment(connection: Connection, urn: str) -> Row[Any] | None:
    """The line of the register with this number, or None."""
    return connection.execute(select(establishments).where(establishments.c.urn == urn)).one_or_none()


def hold_establishment(connection: Connection, urn: str) -> None:
    """Keep others from taking it as a provider until this transaction ends; SQLite has but one writer."""
    if connection.dialect.name != "sqlite":
        connection.execute(select(establishments.c.urn).where(establishments.c.urn == urn).with_for_update())


def count_establishments(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(establishments)).scalar_one())


def all_establishments(connection: Connection) -> Mapping[str, Row[Any]]:
    """The whole register by number."""
    return {row.urn: row for row in connection.execute(select(establishments))}


def save_establishments(
    connection: Connection,
    added: Sequence[Mapping[str, Any]],
    changed: Sequence[Mapping[str, Any]],
    gone: Iterable[str],
) -> None:
    """Make the register what a newer extract says."""
    if added:
        connection.execute(insert(establishments), list(added))
    if changed:
        new = update(establishments).where(establishments.c.urn == bindparam("of_urn"))
        values = [{**{name: row[name] for name in _CHANGING}, "of_urn": row["urn"]} for row in changed]
        connection.execute(new.values({name: bindparam(name) for name in _CHANGING}), values)
    numbers = list(gone)
    if numbers:
        connection.execute(
            delete(establishments).where(establishments.c.urn == bindparam("of_urn")),
            [{"of_urn": urn} for urn in numbers],
        )
