"""The e-mail that lists what one person is reminded of: what its template may speak of, and its rehearsal."""

from collections.abc import Mapping, Sequence
from typing import Any

from apflow.core.definition.council import Council
from apflow.core.definition.labels import STAFF
from apflow.core.definition.reminding import SEVERAL
from apflow.core.errors import Problem
from apflow.letters.notices import NoticeError, Notices


def listed(reminders: Sequence[tuple[str, str, str]]) -> Mapping[str, Any]:
    """Each by the reference of its case, the subject that it would have had by itself, and its page if they sign in."""
    lines = [
        {"reference": reference, "said": subject.removesuffix(f" ({reference})"), "link": page}
        for reference, subject, page in reminders
    ]
    return {"reminders": lines, "count": len(lines)}


def rehearse_several(council: Council, notices: Notices) -> list[Problem]:
    """Why it could not be written, to staff or to somebody outside: it is not there, or has a slip."""
    if council.reminders is None or not council.reminders.in_one_email:
        return []
    if SEVERAL not in notices.names():
        said = f"there is no {SEVERAL}, which reminders.in_one_email in council.yaml needs"
        return [Problem(str(notices.folder / SEVERAL), 1, 1, "unknown-notice", said)]
    about: dict[str, Any] = {"name": council.council, "short_name": council.short_name, "team": council.team}
    about |= {"mailbox": council.mailbox, "telephone": council.telephone}
    for audience, page in ((STAFF, "https://x.example"), ("provider", "")):
        said_of = {"to": {"name": "Sample Person", "audience": audience}, "council": about, "link": "https://x.example"}
        try:
            notices.rehearsed(SEVERAL, {**said_of, **listed([("XX-0000-0000", "Sample", page)] * 2)})
        except NoticeError as error:
            file = error.file or str(notices.folder / SEVERAL)
            return [Problem(file, error.line or 1, 1, "notice", error.message)]
    return []
