"""Reading what a form sent. A file goes to disk as it comes; one that is refused spoils nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from litestar import Request
from litestar.exceptions import ClientException
from litestar.status_codes import HTTP_413_REQUEST_ENTITY_TOO_LARGE
from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser

from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.uploads import FileRefused, FileTooLarge, Staged, Staging, Uploads
from apflow.web.concurrency import in_thread
from apflow.web.forms import Submitted

TEXT_LIMIT = 2_000_000
# A file over its own limit is read to the end and thrown away, so that what was typed beside it is kept. Up to here.
BODY_LIMIT = 250_000_000
_PARTS_LIMIT = 200


class TooLarge(ClientException):
    """More was sent than any form of ours asks for."""

    status_code = HTTP_413_REQUEST_ENTITY_TOO_LARGE


@dataclass(frozen=True, slots=True)
class Submission:
    """What was typed, the files that came in by question, and why the others were refused."""

    values: Submitted
    files: Mapping[str, Staged] = field(default_factory=dict)
    refused: Mapping[str, FileRefused] = field(default_factory=dict)


async def read_submission(
    request: Request[Any, Any, Any], form: Mapping[str, FieldSpec], uploads: Uploads
) -> Submission:
    """Everything a form sent; only files that the form asks for are kept."""
    content_type, options = request.content_type
    if content_type != "multipart/form-data":
        return Submission(_plain(await _whole(request)))
    asked = frozenset(name for name, spec in form.items() if spec.type is FieldType.FILE)
    taking = _Taking(options.get("boundary", ""), asked, uploads)
    try:
        async for chunk in request.stream():
            await in_thread(taking.take, chunk)
    finally:
        await in_thread(taking.close)
    return taking.submission()


async def _whole(request: Request[Any, Any, Any]) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > TEXT_LIMIT:
            raise TooLarge
    return bytes(body)


def _plain(body: bytes) -> Submitted:
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=_PARTS_LIMIT)
    except ValueError:
        raise ClientException("The form could not be read.") from None


class _Taking:
    """A multipart form on its way in."""

    def __init__(self, boundary: str, asked: Iterable[str], uploads: Uploads) -> None:
        self._asked, self._uploads = frozenset(asked), uploads
        self._values: defaultdict[str, list[str]] = defaultdict(list)
        self._files: dict[str, Staged] = {}
        self._refused: dict[str, FileRefused] = {}
        self._typed = 0
        self._part: MultipartSegment | None = None
        self._text = bytearray()
        self._open = ExitStack()
        self._staging: Staging | None = None
        self._parser = _parser(boundary)

    def take(self, chunk: bytes) -> None:
        """The next piece of the body; the empty piece ends it."""
        if self._parser.closed:
            return
        try:
            for event in self._parser.parse(chunk):
                self._next(event)
        except ParserLimitReached:
            raise TooLarge from None
        except (MultipartError, UnicodeDecodeError):
            raise ClientException("The form could not be read. Try to send it again.") from None

    def close(self) -> None:
        """Leave nothing half done on disk."""
        self._open.close()

    def submission(self) -> Submission:
        return Submission(dict(self._values), self._files, self._refused)

    def _next(self, event: MultipartSegment | bytes | None) -> None:
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            self._end()
        elif self._staging is not None:
            self._write(self._staging, event)
        elif self._part is not None and self._part.filename is None:
            self._type(event)

    def _begin(self, part: MultipartSegment) -> None:
        self._part, self._text = part, bytearray()
        if part.filename and part.name in self._asked:
            self._staging = self._open.enter_context(self._uploads.staging())

    def _write(self, staging: Staging, chunk: bytes) -> None:
        try:
            staging.write(chunk)
        except FileTooLarge as refusal:
            self._refuse(refusal)

    def _type(self, chunk: bytes) -> None:
        self._typed += len(chunk)
        if self._typed > TEXT_LIMIT:
            raise TooLarge
        self._text += chunk

    def _end(self) -> None:
        part = self._part
        if part is not None and self._staging is not None:
            self._finish(self._staging, part)
        elif part is not None and part.filename is None:
            self._values[part.name].append(self._text.decode())

    def _finish(self, staging: Staging, part: MultipartSegment) -> None:
        try:
            self._files[part.name] = staging.finish(part.filename or "")
        except FileRefused as refusal:
            self._refuse(refusal)
        self._forget()

    def _refuse(self, refusal: FileRefused) -> None:
        if self._part is not None:
            self._refused[self._part.name] = refusal
        self._forget()

    def _forget(self) -> None:
        self._open.close()
        self._staging = None


def _parser(boundary: str) -> PushMultipartParser:
    try:
        return PushMultipartParser(boundary, max_segment_count=_PARTS_LIMIT)
    except MultipartError:
        raise ClientException("The form could not be read. Try to send it again.") from None
