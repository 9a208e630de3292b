"""Taking over what a council has had in a spreadsheet: the providers on its list, and what was checked of each.

Each row is a command to a case, decided as any other; all of a file's are written in one transaction, or none is.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection

from apflow.core.checks.findings import meant, nearest
from apflow.core.commands import Fire, Open
from apflow.core.definition.catalogue import CatalogueItem
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import Blocked, Invalid, NotAllowed, NotFound, NotOpen
from apflow.core.machine import START
from apflow.handler import Handler
from apflow.records import asking
from apflow.records.files.columns import Column, as_date
from apflow.records.importing.file import FILES, FileKind
from apflow.records.importing.rows import Rows
from apflow.store.cases.loading import load_case
from apflow.store.records.records import sought
from apflow.store.records.sites import PROVIDER, providers_named

TAKE_OVER, RECORD, EVIDENCE = "take_over", "record_as_checked", "evidence"
_SOME = 10
_BETWEEN = re.compile(r"[;,\n]")
_SEVERAL = "Several are set apart by semicolons"
PROVIDER_COLUMNS = (
    Column("organisation", "Provider", ("Provider name", "Organisation", "Name"), is_needed=True),
    Column("contact_name", "Contact", ("Contact name",), is_needed=True),
    Column("contact_email", "Email", ("Email address", "E-mail"), is_needed=True),
    Column("contact_phone", "Phone", ("Phone number", "Telephone")),
    Column("postcode", "Postcode", is_needed=True),
    Column("registration", "Registration", ("Registered",), is_needed=True, about="Registered, not needed or not sure"),
    Column("urn", "URN", about="Needed of those who are registered"),
    Column("description", "Description", ("What they offer", "About"), is_needed=True),
    Column("ages", "Ages", is_needed=True, about=_SEVERAL),
    Column("places", "Places", ("Where", "Areas"), is_needed=True, about=_SEVERAL),
    Column("subjects", "Subjects", ("Activities",), is_needed=True, about=_SEVERAL),
    Column("needs", "Needs", is_needed=True, about=_SEVERAL),
    Column("days", "Days", is_needed=True, about=_SEVERAL),
    Column("listed_since", "On the list since", ("Approved on", "Approved"), as_date, is_needed=True),
    Column("visited_on", "Last visit", ("Visited on",), as_date),
    Column("self_assessed_on", "Last self-assessment", ("Self-assessed on", "Last assessed"), as_date),
)
EVIDENCE_COLUMNS = (
    Column("provider", "Provider", ("Provider name", "Organisation"), is_needed=True, about="Its name or reference"),
    Column("document", "Document", ("Evidence", "Policy"), is_needed=True, about="As the list of documents calls it"),
    Column("dated_on", "Date on the document", ("Dated", "Reviewed on"), as_date),
    Column("expires_on", "Date it expires", ("Expires", "Expiry date", "Good until"), as_date),
    Column("check_note", "Where it is kept", ("Note", "Notes")),
)


def files_of(handler: Handler) -> Mapping[str, FileKind]:
    """Every kind of file that can be imported: those of records, and those that begin or change a case."""
    providers = FileKind(
        "Providers on the approved list as it was",
        "One row for each. Each becomes a case, and is told by email that it stays on the list. "
        "Those that are here already are left as they are.",
        PROVIDER_COLUMNS,
        partial(_provider_row, handler),
    )
    evidence = FileKind(
        "Documents that were checked before",
        "One row for each document of a provider that was taken over, with the dates by which it is kept current.",
        EVIDENCE_COLUMNS,
        partial(_evidence_row, handler),
    )
    return {"providers": providers, "evidence": evidence, **FILES}


def _provider_row(handler: Handler, connection: Connection, said: Mapping[str, str], rows: Rows) -> str:
    """Begin the case of a provider that is not here."""
    named = providers_named(connection, said["organisation"], limit=_SOME)
    if any(
        row.is_open and row.workflow == PROVIDER and sought(row.title) == sought(said["organisation"]) for row in named
    ):
        return "same"
    form = handler.library.current(PROVIDER).forms[START, TAKE_OVER]
    command = Open(TAKE_OVER, rows.by.actor, _all_chosen(form, said))
    _done("organisation", lambda: handler.open_within(connection, PROVIDER, command, rows.by.now))
    return "added"


def _evidence_row(handler: Handler, connection: Connection, said: Mapping[str, str], rows: Rows) -> str:
    """Record one document of a provider as checked before, unless that is what the case says already."""
    case = asking.provider(connection, said["provider"])
    catalogue = handler.library.current(PROVIDER).catalogue_of(EVIDENCE)
    key = _document(catalogue, said["document"])
    answers = {name: text for name, text in said.items() if name not in ("provider", "document")}
    snapshot = load_case(connection, case.reference)
    known = snapshot.item(EVIDENCE, key) if snapshot else None
    before = known.data if known else {}
    if known and known.status == "accepted" and all(before.get(name) == text for name, text in answers.items()):
        return "same"
    command = Fire(RECORD, rows.by.actor, {**_kept(before), **answers}, key)
    _done("document", lambda: handler.fire_within(connection, case.reference, command, rows.by.now))
    return "changed" if known else "added"


def _kept(before: Mapping[str, Any]) -> dict[str, Any]:
    """What was said of the document in the columns of such a file: an empty cell, or none, takes nothing away."""
    return {one.question: before[one.question] for one in EVIDENCE_COLUMNS if one.question in before}


def _done(question: str, do: Callable[[], object]) -> None:
    """Do it; a refusal that is about no one question is about this one."""
    try:
        do()
    except Blocked as refusal:
        raise Invalid({question: " ".join(refusal.reasons)}) from None
    except (NotAllowed, NotFound, NotOpen) as refusal:
        raise Invalid({question: refusal.message}) from None


def _all_chosen(form: Mapping[str, FieldSpec], said: Mapping[str, str]) -> dict[str, Any]:
    """What every cell says; Invalid with each that says nothing that could be chosen."""
    answers: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, text in said.items():
        try:
            answers[name] = _chosen(form[name], name, text)
        except Invalid as refusal:
            errors |= refusal.errors
    if errors:
        raise Invalid(errors)
    return answers


def _chosen(spec: FieldSpec, name: str, text: str) -> Any:
    """What a cell says: one or several of the options, by what they are called; anything else as it stands."""
    if spec.type is FieldType.MANY:
        return [_option(spec, name, part.strip()) for part in _BETWEEN.split(text) if part.strip()]
    return _option(spec, name, text) if spec.type is FieldType.CHOICE else text


def _option(spec: FieldSpec, name: str, text: str) -> str:
    """The option meant: by its key or label, or by what the label of one alone begins with."""
    said = sought(text)
    labels = {key: sought(label) for key, label in spec.options.items()}
    fitting = [key for key, label in labels.items() if said in (sought(key.replace("_", " ")), label)]
    fitting = fitting or [key for key, label in labels.items() if label.startswith(said)]
    if len(fitting) != 1:
        raise Invalid({name: f"“{text}” is none of: {'; '.join(spec.options.values())}"})
    return fitting[0]


def _document(catalogue: Mapping[str, CatalogueItem], text: str) -> str:
    """The key of the document meant, by its label or key."""
    said = sought(text)
    found = next((key for key, item in catalogue.items() if said in (sought(item.label), sought(key))), None)
    if found is None:
        near = nearest(text, [item.label for item in catalogue.values()])
        raise Invalid({"document": f"“{text}” is not on the list of documents{meant(near)}"})
    return found
