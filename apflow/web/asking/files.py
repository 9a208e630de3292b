"""The files of a form: what came with it now or before, and what the case has already."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from apflow.clock import machine_now
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.people.permission import readable
from apflow.core.snapshot import ItemKey, Upload
from apflow.store import beside
from apflow.store.cases.receipts import find_receipt
from apflow.store.cases.unit import Receipt
from apflow.store.reading.files import files_named, sent_before
from apflow.uploads import Staged
from apflow.web.case.opened import Opened
from apflow.web.forms import Submitted, one

KEPT = "-kept"
OUT = "-out"


def asked_files(form: Mapping[str, FieldSpec]) -> list[str]:
    """The questions that a file answers."""
    return [name for name, spec in form.items() if spec.type is FieldType.FILE]


def held(opened: Opened, spec: EventSpec, item: ItemKey | None, form: Mapping[str, FieldSpec]) -> Mapping[str, Upload]:
    """The files that stay unless the form says otherwise, by question, of those that its reader may read."""
    case_id = opened.snapshot.id
    if case_id is None or (spec.item is not None and spec.item.afresh):
        return {}
    about = opened.snapshot.item(*item) if item else None
    said = {**opened.snapshot.fields, **(about.data if about else {})}
    names = asked_files(readable(opened.definition, form, opened.actor))
    ids = {name: str(said[name]) for name in names if said.get(name)}
    if not ids:
        return {}
    with opened.site.store.reading() as connection:
        found = files_named(connection, case_id, ids.values())
    return {name: found[id] for name, id in ids.items() if id in found}


def kept_before(form: Mapping[str, FieldSpec], values: Submitted) -> dict[str, str]:
    """The ids of the files that came with the form before, by question."""
    kept = {name: one(values, f"{name}{KEPT}") for name in asked_files(form)}
    return {name: upload for name, upload in kept.items() if upload}


def taken_out(held: Mapping[str, Upload], values: Submitted) -> dict[str, None]:
    """The questions whose file is to be taken out."""
    return dict.fromkeys(name for name in held if one(values, f"{name}{OUT}"))


def record(opened: Opened, key: str, staged: Staged) -> str:
    """The id of the file. What a double click sends twice is one file: else the second request would be another."""
    person = opened.actor.id
    with opened.site.store.writing() as connection:
        again = _sent_before(connection, opened, key, staged) if person is not None else None
        if again is None:
            beside.stage_upload(connection, staged.row(staged_by=person, staged_at=machine_now()))
            return staged.id
    opened.site.uploads.delete(staged.id)
    return again


def receipt(connection: Connection, opened: Opened, key: str) -> Any:
    """What remains of the very form, by its key, once it has been sent and done."""
    return find_receipt(connection, Receipt(str(opened.actor.id), key, ""))


def _sent_before(connection: Connection, opened: Opened, key: str, staged: Staged) -> str | None:
    person = opened.actor.id
    assert person is not None
    used_on = opened.snapshot.id if receipt(connection, opened, key) else None
    return sent_before(connection, staged_by=person, sha256=staged.sha256, name=staged.name, used_on=used_on)
