"""Importing a spreadsheet: what it may hold, a look at what would come of it, and the import, whole or not at all."""

import secrets
from dataclasses import replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Row

from apflow.clock import machine_now
from apflow.core.errors import NotFound
from apflow.records.door import By
from apflow.records.files.sheets import UnreadableFile
from apflow.records.importing.file import FileKind, Report, bring_in, counted, look
from apflow.store.driver.faults import StoreUnavailable
from apflow.store.records.imports import finish_file, imported, stage_file, staged_file
from apflow.taking_over import TAKE_OVER, files_of
from apflow.uploads.names import clean_name
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import form_of
from apflow.web.records.recording import Keeping, keeping
from apflow.web.render import page

SIZE_LIMIT = 30_000_000
_BODY_LIMIT = SIZE_LIMIT + 1_000_000
_LAST = 10
_BAD_SHOWN = 100


@get("/import", include_in_schema=False)
@threaded
def ask(request: Request[Any, Any, Any]) -> Response[Any]:
    """What can be imported, the form, and what was imported last."""
    return _ask(request, keeping(request))


@post("/import", include_in_schema=False, request_max_body_size=_BODY_LIMIT)
async def send(request: Request[Any, Any, Any]) -> Response[Any]:
    """Take the file, and on to a look at what would come of it."""
    keeper = await in_thread(keeping, request)
    form = await form_of(request)
    kind, file = str(form.get("kind", "")), form.get("file")
    content = await file.read() if isinstance(file, UploadFile) else b""
    errors = {}
    if kind not in files_of(keeper.site.handler):
        errors["kind"] = "Choose what is in the file"
    if not content:
        errors["file"] = "Choose a file that is not empty"
    elif len(content) > SIZE_LIMIT:
        errors["file"] = "The file must be 30 MB or smaller. Send it in parts, or the national register in its ZIP"
    if errors or not isinstance(file, UploadFile):
        return await in_thread(_ask, request, keeper, errors, kind)
    name = clean_name(file.filename)
    return await in_thread(_stage, request, keeper, kind, name, content)


@get("/import/{file_id:str}", include_in_schema=False)
@threaded
def preview(request: Request[Any, Any, Any], file_id: FromPath[str]) -> Response[Any]:
    """What would come of the file, every row that is wrong explained; once imported, what did."""
    keeper = keeping(request)
    return _shown(request, keeper, _file(keeper, file_id))


@post("/import/{file_id:str}", include_in_schema=False)
@threaded
def confirm(request: Request[Any, Any, Any], file_id: FromPath[str]) -> Response[Any]:
    """Import it; sent a second time there is nothing left to do."""
    keeper = keeping(request)
    file = _file(keeper, file_id)
    if file.done_at is None:
        report = bring_in(keeper.site.store, _kind(keeper, file), file.content, _by(keeper, file))
        if report.bad:
            return _report(request, keeper, file, report, status=409)
        with keeper.site.store.writing() as connection:
            finish_file(connection, file_id, report.counts, machine_now())
        keeper.look_for_red()
        if file.kind == "years":
            keeper.recount()
        if file.kind == "placements":
            keeper.recount_pupils()
        if file.kind == "sites":
            keeper.recount_site()
        keeper.site.wake()
    return Redirect(f"/import/{file_id}", status_code=303)


def _ask(
    request: Request[Any, Any, Any], keeper: Keeping, errors: dict[str, str] | None = None, kind: str = ""
) -> Response[Any]:
    with keeper.site.store.reading() as connection:
        last = imported(connection, limit=_LAST)
    return page(
        request,
        "records/import.html",
        status=422 if errors else 200,
        files=files_of(keeper.site.handler),
        kind=kind,
        take_over=TAKE_OVER,
        errors=errors or {},
        last=[(one, counted(one.counts)) for one in last],
    )


def _stage(request: Request[Any, Any, Any], keeper: Keeping, kind: str, name: str, content: bytes) -> Response[Any]:
    file_id = secrets.token_urlsafe(24)
    values = {"id": file_id, "kind": kind, "name": name, "content": content, "person_id": keeper.actor.id}
    try:
        with keeper.site.store.writing() as connection:
            stage_file(connection, values, machine_now())
    except StoreUnavailable as fault:
        return _ask(request, keeper, {"file": f"{fault.message} Try again in a minute"}, kind)
    return Redirect(f"/import/{file_id}", status_code=303)


def _file(keeper: Keeping, file_id: str) -> Row[Any]:
    with keeper.site.store.reading() as connection:
        file = staged_file(connection, file_id, keeper.actor.id or 0)
    if file is None or file.kind not in files_of(keeper.site.handler):
        raise NotFound
    return file


def _kind(keeper: Keeping, file: Row[Any]) -> FileKind:
    return files_of(keeper.site.handler)[file.kind]


def _by(keeper: Keeping, file: Row[Any]) -> By:
    return replace(keeper.by, through=f"Import of {file.name}")


def _shown(request: Request[Any, Any, Any], keeper: Keeping, file: Row[Any]) -> Response[Any]:
    if file.done_at is not None:
        counts = counted(file.counts)
        return page(request, "records/imported.html", file=file, kind=_kind(keeper, file), counts=counts)
    try:
        report = look(keeper.site.store, _kind(keeper, file), file.content, _by(keeper, file))
    except UnreadableFile as refusal:
        return page(request, "records/unreadable.html", status=422, file=file, reason=refusal.message)
    return _report(request, keeper, file, report)


def _report(
    request: Request[Any, Any, Any], keeper: Keeping, file: Row[Any], report: Report, status: int = 200
) -> Response[Any]:
    return page(
        request,
        "records/preview.html",
        status=status,
        file=file,
        kind=_kind(keeper, file),
        report=report,
        counts=counted(report.counts),
        bad=report.bad[:_BAD_SHOWN],
    )


ROUTES = [ask, send, preview, confirm]
