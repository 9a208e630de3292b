"""Who must not be contacted about the pupil of a case: as the case itself says, and as any other of the pupil does."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from apflow.core.definition.by_link import ByLink
from apflow.core.definition.compiled import Definition
from apflow.core.snapshot import Item, Snapshot
from apflow.store.records.kept_from import KeptFrom, kept_from, not_written_to


def kept_from_pupil(connection: Connection, definition: Definition, number: int) -> KeptFrom:
    """Who must not be contacted about a pupil, as any case of the workflow says."""
    workflow = definition.workflow
    if workflow.read_by_link is None or workflow.keeps is None or "pupil" not in workflow.keeps.as_:
        return KeptFrom()
    about = (workflow.keeps.as_["pupil"], number)
    rows = not_written_to(connection, workflow.read_by_link, workflow.workflow, about, but=None)
    return _those(definition, workflow.read_by_link, [row.data for row in rows])


def kept_from_case(connection: Connection, definition: Definition, by_link: ByLink, snapshot: Snapshot) -> KeptFrom:
    """The same for one case, which says of its own as it stands in the snapshot."""
    workflow = definition.workflow
    field = workflow.keeps.as_.get("pupil", "") if workflow.keeps else ""
    number = snapshot.fields.get(field)
    own = snapshot.items.get(by_link.of, {}).values()
    said = [item.data for item in own if item.status not in by_link.readers]
    if number is not None:
        rows = not_written_to(connection, by_link, workflow.workflow, (field, number), but=snapshot.id)
        said += [row.data for row in rows]
    return _those(definition, by_link, said)


def is_kept_from(barred: KeptFrom, definition: Definition, by_link: ByLink, item: Item) -> bool:
    """Whether somebody of the name or the address of this reader must not be contacted."""
    called = definition.collection(by_link.of).called or ""
    return barred.has(str(item.data.get(called) or ""), str(item.data.get(by_link.email) or ""))


def _those(definition: Definition, by_link: ByLink, said: list[Mapping[str, Any]]) -> KeptFrom:
    return kept_from(said, called=definition.collection(by_link.of).called or "", email=by_link.email)
