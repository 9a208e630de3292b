"""Documents made of a case as PDF, and letters to print for those who have no e-mail."""

import json
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath

from apflow.beyond.signing import said_in_agreement
from apflow.core.days.calendar import local_date
from apflow.core.definition import words
from apflow.core.definition.labels import STAFF
from apflow.core.definition.made import MadeDocument
from apflow.core.errors import NotFound
from apflow.core.people.permission import may_see_collection
from apflow.documents import pdf
from apflow.letters.messages import FOR_READERS
from apflow.store.people.reader_links import signed_of
from apflow.web.case.by_link import by_post_of, new_code, reading_as, spec_of
from apflow.web.case.made import Said, document_named, said_in
from apflow.web.case.opened import Opened, open_case
from apflow.web.case.pupil import note_pupil, pupil_of
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.pages.case.staff import note_look


@get("/cases/{reference:str}/documents/{name:str}", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], reference: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """The document, as far as whoever opens it may read the case; one that was signed, as it was signed last."""
    opened = open_case(request.app.state.site, require(request).actor, reference)
    made = document_named(opened, name)
    _note(opened, made.title)
    said = _agreement(opened, name) if _is_signed_by_somebody(opened, name) else said_in(opened, made)
    return as_file(pdf("made", said, made_at=opened.now), f"{name}-{opened.reference}")


@post("/cases/{reference:str}/letters/{key:str}", include_in_schema=False)
@threaded
def letter(request: Request[Any, Any, Any], reference: FromPath[str], key: FromPath[str]) -> Response[bytes]:
    """A letter to print and post, with all that its reader may read, and a new code to read it on the web."""
    opened = open_case(request.app.state.site, require(request).actor, reference)
    spec = spec_of(opened)
    if key not in dict(by_post_of(opened)) or not may_see_collection(opened.definition, spec.of, opened.actor):
        raise NotFound
    _note(opened, "a letter to a parent or carer")
    made = opened.definition.workflow.documents[spec.document]
    body = pdf("letter", _letter(opened, key, made), made_at=opened.now)
    return as_file(body, f"letter-{opened.reference}")


def as_file(body: bytes, name: str) -> Response[bytes]:
    """A PDF to keep, which no browser runs anything of and nobody on the way stores."""
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}.pdf",
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "no-store",
    }
    return Response(body, media_type="application/pdf", headers=headers)


def _note(opened: Opened, what: str) -> None:
    """Write down who looks at which pupil; of a case about none, which of the staff saw it as it stands."""
    note_pupil(opened, what)
    if pupil_of(opened) is None and opened.audience == STAFF:
        note_look(opened)


def _is_signed_by_somebody(opened: Opened, name: str) -> bool:
    """Whether it is one of those documents that some event signs."""
    return any(spec.signs == name for events in opened.definition.events.values() for spec in events.values())


def _agreement(opened: Opened, name: str) -> Said:
    """What was signed last, with who has signed just that; before anybody has, what there is to sign now."""
    with opened.site.store.reading() as connection:
        rows = signed_of(connection, opened.snapshot.id or 0, name)
    shown = {"which": opened.reference, "made_on": words.day(local_date(opened.now))}
    if not rows:
        said = said_in_agreement(opened.site.library, opened.definition, opened.reference, name, opened.snapshot.fields)
        return said | shown | {"marking": "Not signed yet.", "signed": []}
    digest = rows[0].sha256
    signed = [f"{row.signed_by}, {words.moment(row.signed_at)}" for row in reversed(rows) if row.sha256 == digest]
    said = dict(json.loads(rows[0].said))
    return said | shown | {"marking": "As signed.", "signed": signed, "sha256": digest}


def _letter(opened: Opened, key: str, made: MadeDocument) -> Said:
    """The letter, its parts as its reader would see them and not as whoever prints it does."""
    site, spec = opened.site, spec_of(opened)
    actor = reading_as(site, spec, opened.reference, key)
    item, council = opened.snapshot.items[spec.of][key].data, site.council
    name, address = dict(by_post_of(opened))[key], str(item.get(spec.address or "") or "")
    return said_in(open_case(site, actor, opened.reference), made) | {
        "to": [name, *address.splitlines()],
        "name": name,
        "page": f"{site.settings.base_url}{FOR_READERS}",
        "code": new_code(opened, key),
        "lasts": str(spec.code_lasts),
        "contact": ", ".join(part for part in (council.mailbox, council.telephone) if part),
        "team": council.team,
    }


ROUTES = [show, letter]
