"""A file of a case: only ever as an attachment, and only for those who may see what it belongs to."""

from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from litestar.response import Stream

from apflow.core.definition.labels import STAFF
from apflow.core.errors import NotFound
from apflow.core.people.permission import may_see_collection, readable
from apflow.core.snapshot import Upload
from apflow.store.reading.files import files_of
from apflow.store.reading.history import HistoryView, history_of
from apflow.web.case.opened import Opened

_CHUNK = 64 * 1024


def sent(opened: Opened, upload: str) -> Stream:
    """The file, if the reader of the case may have it; NotFound otherwise."""
    file = _file(opened, upload)
    bytes_of_it = opened.site.uploads.open_file(file.id)
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "content-length": str(file.size),
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Stream(_chunks(bytes_of_it), media_type=file.media_type, headers=headers)


def _file(opened: Opened, upload: str) -> Upload:
    """The file, if it came with something on this case that the actor may see; else it might as well not exist."""
    with opened.site.store.reading() as connection:
        file = files_of(connection, opened.snapshot.id or 0).get(upload)
        entries = history_of(connection, opened.reference) if file else []
    came_with = next((entry for entry in entries if _brought(entry, upload)), None)
    if file is None or came_with is None or not _may_see(opened, came_with, upload):
        raise NotFound
    return file


def _brought(entry: HistoryView, upload: str) -> bool:
    return upload in (entry.payload.get("answers") or {}).values()


def _answers(entry: HistoryView, upload: str) -> set[str]:
    """The questions to which the file was the answer."""
    return {name for name, value in (entry.payload.get("answers") or {}).items() if value == upload}


def _may_see(opened: Opened, entry: HistoryView, upload: str) -> bool:
    item, asked = entry.payload.get("item"), opened.definition.forms.get((entry.from_state, entry.name), {})
    if _answers(entry, upload) & (asked.keys() - readable(opened.definition, asked, opened.actor).keys()):
        return False
    if not item:
        return opened.audience == STAFF or entry.actor_id == opened.actor.id
    return may_see_collection(opened.definition, item[0], opened.actor)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
