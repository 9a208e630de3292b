"""The e-mail with which somebody signs in: in the council's words, or in plain ones of ours where those lead nowhere.

Without it nobody gets in, not even whoever would mend its template.
"""

from collections.abc import Mapping
from typing import Any

from markupsafe import escape

from apflow.core.definition.council import Council
from apflow.core.definition.labels import OUTSIDER, STAFF
from apflow.core.errors import Problem
from apflow.letters.notices import NoticeError, Notices, Rendered

WAY_IN = "sign_in/link"
_PLAIN = """\
Dear {name}

Someone asked to sign in to {council} alternative provision with this email address. If it was you, open this link and \
choose Continue:

{link}

Or type this code on the page where you asked: {code}

Both stop working {minutes} minutes after you asked. Do not pass them on. If it was not you, you do not need to do \
anything.
"""


def leads_in(said: Rendered, context: Mapping[str, Any]) -> bool:
    """Whether whoever reads either part of it finds the link and the code there."""
    return all(context[name] in part for part in (said.text, said.html) for name in ("link", "code"))


def in_plain_words(context: Mapping[str, Any]) -> Rendered:
    """The e-mail in words of ours, where those of the council lead nowhere."""
    council = context["council"]["short_name"]
    filled = {name: context[name] for name in ("link", "code", "minutes")}
    text = _PLAIN.format(name=context["to"]["name"], council=council, **filled)
    paragraphs = "".join(f"<p>{escape(one)}</p>\n" for one in text.strip().split("\n\n"))
    return Rendered(f"Your link to sign in to {council} alternative provision", text, paragraphs)


def rehearse_way_in(council: Council, notices: Notices) -> list[Problem]:
    """Why nobody could sign in by it: it has a slip, or does not say the link and the code."""
    if WAY_IN not in notices.names():
        return []
    about: dict[str, Any] = {"name": council.council, "short_name": council.short_name, "team": council.team}
    about |= {"mailbox": council.mailbox, "telephone": council.telephone}
    given = {"link": "https://x.example/continue/a-link-in", "code": "246810", "council": about}
    for audience in (STAFF, OUTSIDER):
        for minutes in (1, 15):
            context = {**given, "to": {"name": "Sample Person", "audience": audience}, "minutes": minutes}
            try:
                said = notices.rehearsed(WAY_IN, context)
            except NoticeError as error:
                file = error.file or str(notices.folder / WAY_IN)
                return [Problem(file, error.line or 1, 1, "notice", error.message)]
            if not leads_in(said, context):
                message = "this must say {{ link }} and {{ code }}, in .txt and .html alike: nobody could sign in by it"
                return [Problem(str(notices.folder / f"{WAY_IN}.txt"), 1, 1, "notice", message)]
    return []
