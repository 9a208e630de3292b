"""What stands beside each case where several are listed, read for all of them at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection

from apflow.core.definition.compiled import Definition
from apflow.core.people.actor import Actor
from apflow.store.reading.queues import CaseRowView, fields_of
from apflow.store.reading.work_rows import WorkRow

Said = TypeVar("Said")
Saying = Callable[[Definition, Mapping[str, Any], Actor], Said]


def beside_each(
    connection: Connection,
    definitions: Mapping[str, Definition],
    rows: Sequence[WorkRow | CaseRowView],
    actor: Actor,
    *,
    of: Callable[[Definition], object],
    say: Saying[Said],
) -> dict[str, Said]:
    """What to say of each case by its reference, of workflows that have anything `of` the kind; none that is empty."""
    meant = {row.reference: definitions[row.digest] for row in rows if of(definitions[row.digest])}
    known = fields_of(connection, meant) if meant else {}
    every = {reference: say(definition, known[reference], actor) for reference, definition in meant.items()}
    return {reference: said for reference, said in every.items() if said}
