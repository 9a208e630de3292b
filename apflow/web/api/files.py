"""Taking files in, so that an answer can refer to one, and giving them out again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.openapi.spec import OpenAPIResponse, Operation, RequestBody
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.openapi.spec.media_type import OpenAPIMediaType
from litestar.openapi.spec.schema import Schema
from litestar.params import PathParameter, QueryParameter
from litestar.response import Stream
from pydantic import BaseModel, Field

from apflow.clock import machine_now
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import Invalid
from apflow.store import beside
from apflow.uploads import SIZE_LIMIT, FileTooLarge, Staged, Uploads
from apflow.uploads.contents import KINDS
from apflow.web.api.asking import BY_A_PROGRAM, Reference, actor_of, site_of
from apflow.web.api.problems import WrongContentType, documented
from apflow.web.asking.submission import read_submission
from apflow.web.case.downloads import sent
from apflow.web.case.opened import open_case
from apflow.web.case.pupil import note_pupil
from apflow.web.concurrency import in_thread
from apflow.web.site import Site

_FORM: Mapping[str, FieldSpec] = {"file": FieldSpec(type=FieldType.FILE, label="File")}
_AROUND_A_FILE = 100_000  # What a multipart form adds to it.
_BYTES = "application/octet-stream"

FileName = Annotated[
    str | None,
    QueryParameter(name="name", max_length=400, description="What the file is called, when it is sent by itself."),
]

UploadId = Annotated[
    str, PathParameter(max_length=60, pattern=r"^[A-Za-z0-9_-]+$", description="The file's id, as an answer gives it.")
]


class FileOut(BaseModel):
    """A file that has been taken in. It is kept for a day, and for good once an answer refers to it."""

    id: str = Field(description="What an answer to a question for a file gives.")
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass
class Sending(Operation):
    """Says in the OpenAPI description that a file comes as a form's part or by itself."""

    def __post_init__(self) -> None:
        file = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        form = Schema(type=OpenAPIType.OBJECT, properties={"file": file}, required=["file"])
        content = {"multipart/form-data": OpenAPIMediaType(schema=form), _BYTES: OpenAPIMediaType(schema=file)}
        self.request_body = RequestBody(content=content, required=True)


@post(
    "/files",
    request_max_body_size=SIZE_LIMIT + _AROUND_A_FILE,
    operation_class=Sending,
    responses=documented(400, 401, 413, 415, 422, 503),
)
async def send_file(request: Request[Any, Any, Any], name: FileName = None) -> Response[FileOut]:
    """Send a PDF, Word (DOCX), JPEG or PNG file of up to 20 MB: as a form's part `file`, or by itself with `name`."""
    site, person = site_of(request), actor_of(request).id
    try:
        staged = await _stage(request, site.uploads, name)
    except RequestEntityTooLarge:
        raise FileTooLarge from None
    await in_thread(_record, site, staged, person)
    out = FileOut(id=staged.id, name=staged.name, media_type=staged.media_type, size=staged.size, sha256=staged.sha256)
    return Response(out)


@dataclass
class Receiving(Operation):
    """Says in the OpenAPI description that the answer is a file."""

    def __post_init__(self) -> None:
        file = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        content = {kind.media_type: OpenAPIMediaType(schema=file) for kind in KINDS}
        self.responses = {**(self.responses or {}), "200": OpenAPIResponse(description="The file.", content=content)}


@get(
    "/cases/{reference:str}/files/{upload:str}",
    operation_class=Receiving,
    sync_to_thread=True,
    responses=documented(400, 401, 404, 503),
)
def receive_file(request: Request[Any, Any, Any], reference: Reference, upload: UploadId) -> Stream:
    """A file that is an answer on a case, by the id that its answer and the history give, under its own name."""
    opened = open_case(site_of(request), actor_of(request), reference)
    note_pupil(opened, f"a file, {BY_A_PROGRAM}")
    return sent(opened, upload)


async def _stage(request: Request[Any, Any, Any], uploads: Uploads, name: str | None) -> Staged:
    content_type, _ = request.content_type
    match content_type:
        case "multipart/form-data":
            return await _form_part(request, uploads)
        case "application/octet-stream" if name:
            return await _bytes(request, uploads, name)
        case "application/octet-stream":
            raise Invalid({"name": "Say what the file is called, as ?name=policy.pdf"})
        case _:
            raise WrongContentType(f"Send the file as multipart/form-data, or by itself as {_BYTES}.")


async def _form_part(request: Request[Any, Any, Any], uploads: Uploads) -> Staged:
    submission = await read_submission(request, _FORM, uploads)
    if refusal := submission.refused.get("file"):
        raise refusal
    if "file" not in submission.files:
        raise Invalid({"file": "Send the file in a part called file, with its file name."})
    return submission.files["file"]


async def _bytes(request: Request[Any, Any, Any], uploads: Uploads, name: str) -> Staged:
    staging = await in_thread(uploads.staging)
    try:
        async for chunk in request.stream():
            await in_thread(staging.write, chunk)
        return await in_thread(staging.finish, name)
    finally:
        await in_thread(staging.close)


def _record(site: Site, staged: Staged, person: int | None) -> None:
    with site.store.writing() as connection:
        beside.stage_upload(connection, staged.row(staged_by=person, staged_at=machine_now()))


ROUTES = [send_file, receive_file]
