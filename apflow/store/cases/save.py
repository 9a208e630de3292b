"""Saving an outcome: the one place where a case is written, all of it in one transaction or none.

The case's row is written first: whoever holds it holds the case until the commit, so two writers cannot deadlock.
"""

import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, update

from apflow.core import chain
from apflow.core.definition.compiled import Definition
from apflow.core.snapshot import Item
from apflow.store.cases.overrides import set_aside_values
from apflow.store.cases.receipts import keep_receipt
from apflow.store.cases.save_barred import save_barred
from apflow.store.cases.save_family import kinship, save_family
from apflow.store.cases.save_hidden import save_hidden
from apflow.store.cases.save_party import save_parties
from apflow.store.cases.save_work import check_claim, write_tasks, write_timers
from apflow.store.cases.unit import Conflict, Saved, Unit
from apflow.store.cases.writes import Writes
from apflow.store.driver.hot import Compiled, inserting
from apflow.store.driver.inserts import insert_new
from apflow.store.records.commissioned import Commissioned, commissioned
from apflow.store.records.erased_cases import is_erased
from apflow.store.tables.cases import case_items, cases, drafts
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.store.tables.people import sign_in_links
from apflow.store.tables.reader_links import reader_links, signed_documents
from apflow.store.tables.uploads import uploads

_REPIN = Compiled(update(cases).where(cases.c.id == bindparam("case_id")).values(digest=bindparam("digest")))
_UPDATE_ITEM = Compiled(
    update(case_items)
    .where(
        case_items.c.case_id == bindparam("of_case"),
        case_items.c.collection == bindparam("of_collection"),
        case_items.c.key == bindparam("of_key"),
    )
    .values({column: bindparam(column) for column in ("status", "data", "changed_at")})
)
_CLEAR_ITEMS = Compiled(
    delete(case_items).where(
        case_items.c.case_id == bindparam("case_id"), case_items.c.collection == bindparam("collection")
    )
)
_DROP_ITEM = Compiled(
    delete(case_items).where(*(case_items.c[name] == bindparam(name) for name in ("case_id", "collection", "key")))
)
_DELETE_DRAFT = Compiled(
    delete(drafts).where(
        *(drafts.c[column] == bindparam(column) for column in ("person_id", "reference", "event", "item"))
    )
)
_REFER_UPLOAD = Compiled(
    update(uploads)
    .where(uploads.c.id == bindparam("upload_id"), uploads.c.case_id.is_(None))
    .values(case_id=bindparam("case_id"))
)


def save_outcome(connection: Connection, unit: Unit) -> Saved:
    """Write everything the command changed; Conflict when the case, a claim or a file is no longer as it was."""
    version = unit.snapshot.version + 1
    entry = _history_row(unit, version)
    writes = Writes(connection, unit)
    case_id = _write_case(writes, unit, version, entry["hash"])
    check_claim(connection, unit)
    if unit.read is not None:
        _hold_to(connection, unit.read)
    row = {"case_id": case_id, **entry}
    writes.add(inserting(history, row), row)
    party_ids = save_parties(connection, case_id, unit)
    save_hidden(connection, unit, case_id)
    save_barred(connection, unit, case_id)
    _write_items(writes, unit, case_id)
    write_tasks(writes, unit, case_id)
    write_timers(writes, unit, case_id)
    _queue_messages(writes, unit, case_id, party_ids)
    _remove_draft(writes, unit)
    if unit.signed is not None:
        signed = {**unit.signed, "case_id": case_id, "version": version}
        writes.add(inserting(signed_documents, signed), signed)
    writes.done()
    if unit.was_closed and is_erased(connection, case_id):
        raise Conflict
    _refer_uploads(connection, unit, case_id)
    _keep_receipt(connection, unit, version)
    save_family(connection, unit, case_id)
    if unit.child is not None:
        save_outcome(connection, unit.child)  # After its parent, whose row everyone takes first.
    for told in unit.told:
        save_outcome(connection, told)
    return Saved(unit.snapshot.reference, version, unit.definition.name, entry["kind"], entry["name"])


def _hold_to(connection: Connection, read: Commissioned) -> None:
    """Conflict when a commissioner or a placement has come, gone or changed since: nobody is left out of it.

    The provider's row is held by now, and whoever adds a placement there takes that first.
    """
    if commissioned(connection, read.provider, read.today, read.besides) != read:
        raise Conflict


def _write_case(writes: Writes, unit: Unit, version: int, head: str) -> int:
    outcome, definition = unit.outcome, unit.definition
    state = definition.state(outcome.state)
    values = {
        "title": definition.title_of(outcome.fields)[:200],
        "state": outcome.state,
        "awaiting": state.awaiting,
        "is_open": not state.final,
        "version": version,
        "fields": dict(outcome.fields),
        "assigned_to": outcome.assigned_to,
        "entered_at": outcome.entered_at,
        "changed_at": outcome.entry.at,
        "head": head,
        "doers": {**unit.snapshot.doers, **outcome.doers},
        "overrides": set_aside_values(unit.snapshot.overrides if outcome.overrides is None else outcome.overrides),
    }
    if unit.snapshot.id is None:
        return _insert_case(writes.connection, unit, values)
    if writes.connection.dialect.name == "sqlite":
        for column in _left_as_they_are(unit):
            del values[column]
    keys = {"case_id": unit.snapshot.id, "seen_version": unit.snapshot.version}
    writes.change(_changing(tuple(values)), values | keys)
    if definition.digest != unit.snapshot.digest:  # Only now: the check of a foreign key is not for every save.
        writes.add(_REPIN, {"case_id": unit.snapshot.id, "digest": definition.digest})
    return unit.snapshot.id


def _left_as_they_are(unit: Unit) -> Iterator[str]:
    """The columns that the outcome does not change, among those with an index.

    SQLite would write that with them; PostgreSQL looks for itself, and has fewer kinds of statements to prepare.
    """
    definition, snapshot, outcome = unit.definition, unit.snapshot, unit.outcome
    if definition.digest != snapshot.digest:
        return
    called = definition.workflow.called
    if snapshot.fields.get(called) == outcome.fields.get(called):
        yield "title"
    if snapshot.assigned_to == outcome.assigned_to:
        yield "assigned_to"
    if snapshot.state == outcome.state:
        yield from ("state", "awaiting", "is_open")


@cache
def _changing(columns: tuple[str, ...]) -> Compiled:
    """A statement that changes these columns of the case's row, where it is as it was when it was read."""
    as_it_was = (cases.c.id == bindparam("case_id"), cases.c.version == bindparam("seen_version"))
    return Compiled(update(cases).where(*as_it_was).values({column: bindparam(column) for column in columns}))


def _insert_case(connection: Connection, unit: Unit, values: Mapping[str, Any]) -> int:
    born = {
        "reference": unit.snapshot.reference,
        "workflow": unit.definition.name,
        "digest": unit.definition.digest,
        "opened_at": unit.outcome.entry.at,
    }
    born |= kinship(connection, unit.snapshot.parent)
    added = insert_new(connection, cases, {**values, **born}, unique=["reference"])
    if added is None:
        raise Conflict
    return int(added.id)


def _history_row(unit: Unit, version: int) -> dict[str, Any]:
    entry = unit.outcome.entry
    payload: dict[str, Any] = {
        "answers": dict(entry.answers),
        "changed": dict(entry.changed),
        "item": list(entry.item) if entry.item else None,
        "note": entry.note,
        "notices": [{"notice": letter["notice"], "to": letter["to_name"]} for letter in unit.letters],
    }
    if entry.set_aside:  # Of most entries there is nothing to say.
        payload["set_aside"] = {
            guard: {"until": one.until.isoformat(), "by": one.by} for guard, one in entry.set_aside.items()
        }
    if entry.before:
        payload["before"] = dict(entry.before)
    if entry.emptied:
        payload["emptied"] = list(entry.emptied)
    if unit.edition is not None:
        payload["edition"] = unit.edition
    salt = secrets.token_hex(16)
    row = {
        "version": version,
        "kind": entry.kind,
        "name": entry.name,
        "actor_id": entry.actor.id,
        "actor_name": entry.actor.name[:120],
        "actor_audience": audience_of(unit.definition, entry.actor.roles),
        "from_state": entry.from_state,
        "to_state": entry.to_state,
        "at": entry.at.astimezone(UTC),
        "recorded_at": unit.recorded_at,
        "digest": unit.definition.digest,
    }
    committed = chain.commitment(chain.statement(entry.actor.name[:120], payload), salt)
    structure = chain.structure(SimpleNamespace(**row), unit.snapshot.reference)
    hashed = chain.link(unit.snapshot.head, structure, committed)
    return row | {"payload": payload, "salt": salt, "committed": committed, "hash": hashed}


def audience_of(definition: Definition, roles: frozenset[str]) -> str:
    """Whose side someone with these roles is on: the clock's, staff's or the outsider's."""
    audiences = {definition.audience(role) for role in roles if role in definition.council.roles}
    return "staff" if "staff" in audiences else next(iter(sorted(audiences)), "clock")


def _write_items(writes: Writes, unit: Unit, case_id: int) -> None:
    for collection in unit.outcome.cleared:
        writes.add(_CLEAR_ITEMS, {"case_id": case_id, "collection": collection})
    for collection, key in unit.outcome.dropped:
        writes.add(_DROP_ITEM, {"case_id": case_id, "collection": collection, "key": key})
    for item in unit.outcome.items:
        _write_item(writes, unit, item, case_id)


def _write_item(writes: Writes, unit: Unit, item: Item, case_id: int) -> None:
    values = {"status": item.status, "data": dict(item.data), "changed_at": item.changed_at}
    if item.collection in unit.outcome.cleared or unit.snapshot.item(item.collection, item.key) is None:
        key = {"case_id": case_id, "collection": item.collection, "key": item.key}
        writes.add(inserting(case_items, key | values), key | values)
    else:
        key = {"of_case": case_id, "of_collection": item.collection, "of_key": item.key}
        writes.add(_UPDATE_ITEM, key | values)


def _refer_uploads(connection: Connection, unit: Unit, case_id: int) -> None:
    for upload in unit.outcome.uploads:
        if _REFER_UPLOAD.run(connection, {"upload_id": upload, "case_id": case_id}) != 1:
            raise Conflict


def _queue_messages(writes: Writes, unit: Unit, case_id: int, party_ids: Mapping[str, int]) -> None:
    """A party new to us has no id until now; what is addressed to it is completed here."""
    letters = [
        {**letter, "case_id": case_id, "to_person": party_ids.get(letter["to_email"], letter["to_person"])}
        for letter in unit.letters
    ]
    if letters:
        writes.add(inserting(messages, letters[0]), *letters)
    links = [_link(link, party_ids) for link in unit.links]
    if links:
        writes.add(inserting(sign_in_links, links[0]), *links)
    readers = [{**link, "case_id": case_id} for link in unit.readers]
    if readers:
        writes.add(inserting(reader_links, readers[0]), *readers)


def _link(link: Mapping[str, Any], party_ids: Mapping[str, int]) -> dict[str, Any]:
    kept = {name: value for name, value in link.items() if name != "to_email"}
    return kept | {"person_id": link["person_id"] or party_ids.get(link["to_email"])}


def _keep_receipt(connection: Connection, unit: Unit, version: int) -> None:
    receipt, reference = unit.receipt, unit.snapshot.reference
    if receipt and not keep_receipt(connection, receipt, reference, version, unit.recorded_at):
        raise Conflict


def _remove_draft(writes: Writes, unit: Unit) -> None:
    if unit.draft_of is None:
        return
    person, event, item = unit.draft_of
    reference = unit.snapshot.reference
    writes.add(_DELETE_DRAFT, {"person_id": person, "reference": reference, "event": event, "item": item})
