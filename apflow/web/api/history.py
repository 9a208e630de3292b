"""The history of a case, as far as the person who asks is told of it."""

from datetime import datetime
from typing import Any

from litestar import Request, get
from pydantic import BaseModel, Field

from apflow.core.snapshot import Upload
from apflow.store.reading.files import files_of
from apflow.store.reading.history import history_of
from apflow.web.api.asking import BY_A_PROGRAM, Cursor, Limit, Reference, actor_of, site_of
from apflow.web.api.problems import documented
from apflow.web.case import outsiders
from apflow.web.case.opened import open_case
from apflow.web.case.pupil import note_pupil
from apflow.web.case.timeline import Line, Told


class SaidOut(BaseModel):
    """One answer in words."""

    label: str
    text: str
    file: str | None = Field(description="The id of the file, when the answer is one.")


class LineOut(BaseModel):
    """One thing that happened."""

    version: int
    at: datetime
    who: str
    what: str
    moved_to: str | None = Field(description="The state the case moved to, in words; null when it stayed.")
    said: list[SaidOut]
    note: str


class HistoryPage(BaseModel):
    """Some of a case's history, oldest first, and where the next begins."""

    items: list[LineOut]
    next: str | None = Field(description="The `cursor` of the next page; null on the last.")


@get("/cases/{reference:str}/history", sync_to_thread=True, responses=documented(400, 401, 404, 503))
def read_history(
    request: Request[Any, Any, Any], reference: Reference, cursor: Cursor = None, limit: Limit = 50
) -> HistoryPage:
    """What has happened to a case, oldest first. A page may hold fewer than `limit`: some are not yours to read."""
    site = site_of(request)
    opened = open_case(site, actor_of(request), reference)
    note_pupil(opened, f"its timeline, {BY_A_PROGRAM}")
    with site.store.reading() as connection:
        entries = history_of(connection, opened.reference, after=int(cursor or 0), limit=limit + 1)
        files = files_of(connection, opened.snapshot.id or 0)
    told = Told(opened.definition, opened.actor, outsiders.audience_of(opened), files, names=opened.names_in(entries))
    shown = [
        told.line(outsiders.as_told(opened, entry)) for entry in entries[:limit] if outsiders.is_told(opened, entry)
    ]
    following = str(entries[limit - 1].version) if len(entries) > limit else None
    return HistoryPage(items=[_line(line) for line in shown], next=following)


def _line(line: Line) -> LineOut:
    return LineOut(
        version=line.version,
        at=line.at,
        who=line.who,
        what=line.title,
        moved_to=line.moved_to,
        said=[SaidOut(label=said.label, text=said.words, file=_id(said.file)) for said in line.said],
        note=line.note,
    )


def _id(file: Upload | None) -> str | None:
    return file.id if file else None


ROUTES = [read_history]
