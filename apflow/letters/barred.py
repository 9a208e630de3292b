"""Who must not be contacted about the pupil of a case: as the case itself says, and as any other of the pupil does."""

from msgspec.structs import replace
from sqlalchemy import Connection

from apflow.core.definition.compiled import Definition
from apflow.core.people.barred import KeptFrom, barred_on, kept_from
from apflow.core.snapshot import Snapshot
from apflow.store.records.kept_from import not_written_to, not_written_to_about_others
from apflow.store.records.pupils import is_any_true, pupil


def kept_from_pupil(connection: Connection, definition: Definition, number: int) -> KeptFrom:
    """Who must not be contacted about a pupil, as any case of the workflow says."""
    workflow = definition.workflow
    if workflow.read_by_link is None or workflow.keeps is None or "pupil" not in workflow.keeps.as_:
        return KeptFrom()
    rows = not_written_to(connection, workflow.read_by_link, workflow.workflow, number, but=None)
    return kept_from(definition, [row.data for row in rows])


def kept_from_case(connection: Connection, definition: Definition, snapshot: Snapshot) -> KeptFrom:
    """The same for one case, which says of its own as it stands in the snapshot."""
    found = kept_from(definition, barred_on(definition, snapshot)).with_those(
        kept_from_others(connection, definition, snapshot)
    )
    others = kept_from_about_others(connection, definition, snapshot)
    return replace(found, is_settled_first=_is_settled_first(connection, definition, snapshot), others=others)


def _is_settled_first(connection: Connection, definition: Definition, snapshot: Snapshot) -> bool:
    """Whether the pupil is one of whom it is settled who is still written to, as the record or the case itself says."""
    workflow = definition.workflow
    settled = workflow.read_by_link.settled if workflow.read_by_link else None
    if settled is None or workflow.keeps is None:
        return False
    if settled.since is not None and snapshot.fields.get(settled.since) is not None:
        return True
    number = snapshot.fields.get(workflow.keeps.as_.get("pupil", ""))
    child = pupil(connection, number) if number is not None else None
    return child is not None and is_any_true(child, settled.of)


def kept_from_about_others(connection: Connection, definition: Definition, snapshot: Snapshot) -> KeptFrom | None:
    """Who must not be contacted about any other pupil; None where nobody on the case is still to be compared."""
    by_link, number = definition.workflow.read_by_link, _pupil(definition, snapshot)
    if by_link is None or by_link.elsewhere is None or number is None:
        return None
    items = snapshot.items.get(by_link.of, {}).values()
    if all(item.status not in by_link.readers or item.data.get(by_link.elsewhere.says) for item in items):
        return None
    rows = not_written_to_about_others(connection, by_link, definition.name, number)
    return kept_from(definition, [row.data for row in rows])


def _pupil(definition: Definition, snapshot: Snapshot) -> int | None:
    keeps = definition.workflow.keeps
    return snapshot.fields.get(keeps.as_.get("pupil", "")) if keeps else None


def kept_from_others(connection: Connection, definition: Definition, snapshot: Snapshot) -> KeptFrom:
    """Those whom the other cases of its pupil name."""
    workflow, number = definition.workflow, _pupil(definition, snapshot)
    if workflow.read_by_link is None or number is None:
        return KeptFrom()
    rows = not_written_to(connection, workflow.read_by_link, workflow.workflow, number, but=snapshot.id)
    return kept_from(definition, [row.data for row in rows])
