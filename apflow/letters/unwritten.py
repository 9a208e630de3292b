"""What is kept in place of an e-mail whose template has a slip: that it could not be written, and where that is."""

from pathlib import Path
from typing import Any, NamedTuple

import structlog
from markupsafe import escape

from apflow.letters.notices import NoticeError, Notices, Rendered
from apflow.letters.ways_in import WAY_IN, in_plain_words, leads_in
from apflow.store.outbox import UNWRITTEN

_NO_SUBJECT = "An email that could not be written"

log = structlog.get_logger()


class Written(NamedTuple):
    """An e-mail in words; of one that could not be written, the `slip` it is kept as failed with."""

    rendered: Rendered
    slip: str | None = None


def written(notices: Notices, notice: str, context: dict[str, Any], about: str | None = None) -> Written:
    """The notice in words, or what stands in its place: a slip in it stops nothing that it would tell of.

    `about` is the case, for the log. What is kept and logged says nothing of what the template was filled in with.
    """
    try:
        return Written(notices.render(notice, context))
    except NoticeError as error:
        where = _where(notices, notice, error)
        log.error("message could not be written", notice=notice, case=about, where=where)
        slip = f"{UNWRITTEN}there is a slip in {where}, which has to be mended before the next is due."[:500]
        subject = notices.subject(notice, context) or _NO_SUBJECT
        return Written(Rendered(subject, f"{slip}\n", f"<p>{escape(slip)}</p>\n"), slip)


def way_in(notices: Notices, context: dict[str, Any]) -> Rendered:
    """The sign-in e-mail in the words of its template, if those have no slip and say the link and the code."""
    said = written(notices, WAY_IN, context)
    if said.slip is None and leads_in(said.rendered, context):
        return said.rendered
    if said.slip is None:
        log.error("sign-in email without its link or code", notice=WAY_IN)
    return in_plain_words(context)


def _where(notices: Notices, notice: str, error: NoticeError) -> str:
    file = Path(error.file) if error.file else notices.folder / notice
    name = file.relative_to(notices.folder).as_posix() if file.is_relative_to(notices.folder) else notice
    return f"notifications/{name}" + (f", line {error.line}" if error.line else "")
