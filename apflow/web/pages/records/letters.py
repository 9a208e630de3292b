"""E-mails by whom they went to, for whoever keeps the records: who got what, stopping one, saying what came back."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Row

from apflow.core.conditions import Facts
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.definition.words import moment
from apflow.core.errors import Blocked, Invalid, NotOpen
from apflow.core.firing.answers import read_answers
from apflow.letters.again import is_undelivered, written_again
from apflow.rounds.undelivered import tell_officers
from apflow.store import outbox
from apflow.store.bounces import mark_bounced_by
from apflow.store.driver.engine import Store
from apflow.store.reading.letters import Sought, count_letters, is_letter_shown, list_letters
from apflow.store.reminded import told_with
from apflow.web.asking.signed_out import signed_out_page
from apflow.web.case.in_sight import ways_to_see
from apflow.web.case.mails import how_far
from apflow.web.case.opened import as_staff, open_case
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import answers_from, questions_of, submitted_form
from apflow.web.lists.files import AskedFor, Table, searched_files_of
from apflow.web.lists.paging import Paging, page_number
from apflow.web.lists.saved import listed_as
from apflow.web.lists.searching import search_of, searched, searching_of
from apflow.web.lists.view import MOST_ROWS, View
from apflow.web.records.breaches import breaches_of
from apflow.web.records.recording import A_PAGE, MATCHES, Keeping, keeping, needed
from apflow.web.render import page

_LINK = re.compile(r"https?://\S+")
_LINK_LEFT_OUT = "[a link, which is its reader's alone]"
_WAYS_IN = "sign_in/"  # How the notices are called that hold a code, or a link, to sign in with.
_HIGHEST = 2**31 - 1
_HEADINGS = ("To", "Address", "Subject", "Case", "When", "How far")
_WHY = FieldSpec(
    type=FieldType.TEXT,
    label="Why is it stopped?",
    hint="Such as: it would go to the wrong person. Do not name a child",
    max_length=300,
)
_WHAT_CAME = FieldSpec(
    type=FieldType.TEXT,
    label="What does the answer say?",
    hint="Such as: there is no such address. Do not name a child",
    max_length=300,
)


@dataclass(frozen=True, slots=True)
class _Ending:
    """What whoever keeps the records can say of an e-mail that never reached its reader."""

    of: tuple[str, ...]
    question: FieldSpec
    done: Callable[[Store, int, str, str], bool]

    @property
    def form(self) -> dict[str, FieldSpec]:
        return {"because": self.question}


_ENDINGS = {
    "stop": _Ending(("queued",), _WHY, outbox.stop_message),
    "bounced": _Ending(("sent", "uncertain"), _WHAT_CAME, mark_bounced_by),
}


@get("/emails", include_in_schema=False)
@threaded
def listed(request: Request[Any, Any, Any]) -> Response[Any]:
    """All of them, newest first; or those that wait, or that were searched for."""
    keeper, sought = keeping(request), search_of(request, "/emails")
    wanted = in_sight_of(keeper, Sought(sought.text, request.query_params.get("waiting") == "yes"))
    number, size = (1, MATCHES) if sought.text else (page_number(request.query_params), A_PAGE)
    with keeper.site.store.reading() as connection:
        paging = Paging(number, count_letters(connection, wanted), size)
        failed = count_letters(connection, in_sight_of(keeper, Sought(only_undelivered=True)))
        rows = list_letters(connection, wanted, limit=size, offset=paging.first)
    return page(
        request,
        "records/letters.html",
        rows=[(row, how_far(row)) for row in rows],
        sought=sought,
        wanted=wanted,
        failed=failed,
        paging=paging,
        pages=paging.shown("/emails?waiting=yes&" if wanted.only_waiting else "/emails?"),
        **listed_as(request, _view(wanted, paging.total)),
    )


def _view(wanted: Sought, total: int) -> View:
    only = {"waiting": "yes"} if wanted.only_waiting else {}
    return View("/emails", total, urlencode(only), {"q": wanted.text, **only} if wanted.text else {})


def in_sight_of(keeper: Keeping, wanted: Sought) -> Sought:
    """Of the e-mails sought those of cases that the reader sees."""
    library, staff = keeper.site.library, as_staff(keeper.site, keeper.actor)
    ways = {name: ways_to_see(library.current(name), staff) for name in library.sources}
    return replace(wanted, seen_by=(staff.id or 0, ways))


def _table(asked: AskedFor) -> Table:
    """Those that are listed, and all of them; without what they say."""
    keeper = keeping(asked.request)
    wanted = in_sight_of(keeper, Sought(searched(asked.one("q")), asked.one("waiting") == "yes"))
    with keeper.site.store.reading() as connection:
        rows = list_letters(connection, wanted, limit=MOST_ROWS)
    cells = [
        (row.to_name, row.to_email, row.subject, row.reference, moment(row.sent_at or row.queued_at), how_far(row)[0])
        for row in rows
    ]
    return Table(f"emails-{keeper.by.today.isoformat()}", "Emails", _HEADINGS, cells)


@get("/emails/{number:int}", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """One of them, without the links in it, which would open somebody else's pages."""
    keeper = keeping(request)
    return _shown(request, keeper, _letter(keeper, number), done=request.query_params.get("done", ""))


@post("/emails/{number:int}/stop", include_in_schema=False)
async def stop(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Let it never go, and say why; one that has gone meanwhile is shown as it is now."""
    return await _ended(request, number, "stop")


@post("/emails/{number:int}/bounced", include_in_schema=False)
async def bounced(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Say that it came back, and what the mail server's answer was."""
    return await _ended(request, number, "bounced")


async def _ended(request: Request[Any, Any, Any], number: int, how: str) -> Response[Any]:
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    submitted, ending = await submitted_form(request), _ENDINGS[how]

    def ended() -> Response[Any]:
        keeper = keeping(request)
        letter = _letter(keeper, number)
        answers = answers_from(ending.form, submitted)
        try:
            said = read_answers(ending.form, answers, Facts(fields={}, today=""), {})
        except Invalid as refusal:
            return _shown(request, keeper, letter, errors=refusal.errors, answers=answers, status=422)
        if not ending.done(keeper.site.store, number, keeper.actor.name, said["because"]):
            return _shown(request, keeper, _letter(keeper, number), too_late=how, status=409)
        tell_officers(keeper.site.store, keeper.site.handler, keeper.site.now(), by=keeper.actor, case=letter.case_id)
        keeper.site.wake()
        return Redirect(f"/emails/{number}?done={how}", status_code=303)

    return await in_thread(ended)


@post("/emails/{number:int}/again", include_in_schema=False)
async def again(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Have one that did not go written again, as its case stands now; once, whoever else asks for it meanwhile."""
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    await submitted_form(request)

    def written() -> Response[Any]:
        keeper = keeping(request)
        letter = _letter(keeper, number)
        try:
            if not letter.reference:
                raise NotOpen("This email is of no case. What sends it sends the next by itself.")
            keeper.site.handler.send_again(letter.reference, number, actor=keeper.actor, now=keeper.site.now())
        except (Blocked, NotOpen) as refusal:
            return _shown(request, keeper, _letter(keeper, number), refused=str(refusal), status=409)
        keeper.site.wake()
        return Redirect(f"/emails/{number}?done=again", status_code=303)

    return await in_thread(written)


def _again(keeper: Keeping, letter: Row[Any]) -> tuple[str, str, str]:
    """What it would say if it were written again, to which address, and why it cannot be; or nothing of it."""
    if not is_undelivered(letter):
        return "", "", ""
    opened = open_case(keeper.site, as_staff(keeper.site, keeper.actor), letter.reference)
    case, letters = (opened.definition, opened.snapshot), keeper.site.handler.letters
    with keeper.site.store.reading() as connection:
        try:
            batch = written_again(letters, connection, *case, letter, keeper.actor, keeper.site.now())
        except (Blocked, NotOpen) as refusal:
            return "", "", str(refusal)
    return _LINK.sub(_LINK_LEFT_OUT, batch.messages[0]["text"]), batch.messages[0]["to_email"], ""


def _shown(
    request: Request[Any, Any, Any],
    keeper: Keeping,
    letter: Row[Any],
    *,
    errors: dict[str, str] | None = None,
    answers: dict[str, Any] | None = None,
    done: str = "",
    too_late: str = "",
    refused: str = "",
    status: int = 200,
) -> Response[Any]:
    words_again, to_again, why_not_again = _again(keeper, letter)
    with keeper.site.store.reading() as connection:
        breaches = breaches_of(keeper.site, connection, keeper.actor, letter.id)
        with_others = told_with(connection, letter.told_in) - 1 if letter.told_in else 0
        went_to = outbox.written_instead(connection, letter) if done == "again" else ""
    how = _ending(letter)
    form = _ENDINGS[how].form if how else {}
    return page(
        request,
        "records/letter.html",
        status=status,
        letter=letter,
        how=how_far(letter),
        words=_LINK.sub(_LINK_LEFT_OUT, letter.text) if not letter.notice.startswith(_WAYS_IN) else None,
        questions=questions_of(form, answers or {}, Facts(fields={}, today=""), errors),
        problems=list((errors or {}).items()),
        ending=how,
        with_others=with_others,
        done=done,
        too_late=too_late,
        refused=refused,
        breaches=breaches,
        words_again=words_again,
        to_again=to_again,
        went_to=went_to,
        why_not_again=why_not_again,
    )


def _ending(letter: Row[Any]) -> str | None:
    """What can be said of it: of a line of an e-mail that waits nothing, as it goes with the others."""
    if letter.status == "queued" and letter.told_in is not None:
        return None
    return next((how for how, ending in _ENDINGS.items() if letter.status in ending.of), None)


def _letter(keeper: Keeping, number: int) -> Row[Any]:
    with keeper.site.store.reading() as connection:
        is_shown = number <= _HIGHEST and is_letter_shown(connection, number, keeper.actor.id or 0)
        found = needed(outbox.message(connection, number) if is_shown else None)
    if found.reference:
        open_case(keeper.site, as_staff(keeper.site, keeper.actor), found.reference)
    return found


ROUTES = [listed, searching_of("/emails", keeping), *searched_files_of("/emails", _table), show, stop, bounced, again]
