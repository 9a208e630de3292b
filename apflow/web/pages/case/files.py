"""Downloading a file of a case."""

from typing import Any

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Stream

from apflow.web.case.downloads import sent
from apflow.web.case.opened import open_case
from apflow.web.case.pupil import note_pupil
from apflow.web.concurrency import threaded
from apflow.web.identity import require


@get("/cases/{reference:str}/files/{upload:str}", include_in_schema=False)
@threaded
def download(request: Request[Any, Any, Any], reference: FromPath[str], upload: FromPath[str]) -> Stream:
    """The file's bytes under its own name."""
    opened = open_case(request.app.state.site, require(request).actor, reference)
    note_pupil(opened, "a file")
    return sent(opened, upload)


ROUTES = [download]
